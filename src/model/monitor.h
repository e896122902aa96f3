/*
 * monitor.h - all that is known, as the front ends read it
 *
 * The sampler (src/sampler.h) writes it, screens and printers only read.
 */
#ifndef MODEL_MONITOR_H
#define MODEL_MONITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/change.h"
#include "model/edges.h"
#include "model/history.h"
#include "model/host.h"
#include "model/owner.h"
#include "model/rates.h"
#include "model/sysctl.h"
#include "model/table.h"

/* what the header has to be honest about */
struct status {
	const char *source;	/* "proc", "netlink"; "" before the first pass */
	char why[80];		/* why this one: "asked for", "tables are
				   large", "cookie wanted", … ; "" the default */
	char partial[200];	/* what the newest pass could not read; "" all */
	uint64_t rows;		/* of the newest pass */
	uint64_t bad_rows;	/* of the newest pass: malformed, skipped */
	uint64_t bad_total;
	int64_t pass_at;	/* mono ns of which the table is: the newest
				   pass ended, or events were taken in;
				   TIME_UNKNOWN */
	int64_t pass_wall;	/* wall ns of the same */
	int64_t pass_cost;	/* ns of CPU time it took */
	int64_t interval;	/* ns asked for */
	int64_t pass_every;	/* ns from the newest pass to the next: the
				   interval, or more for a large table */
	bool maintained;	/* between passes events keep it true */
	bool stale;		/* the newest pass failed, or showed only a
				   part: rows are old */
	uint32_t old_rows;	/* how many, after one that showed a part */
	uint32_t fresh_pass;	/* sock.seen_pass of those that are not;
				   0 all are old */
	int64_t whole_wall;	/* wall ns the newest whole pass ended;
				   TIME_UNKNOWN */
	bool reading;		/* the first pass is under way */
	bool saved;		/* of a file: it is never read again, and whose
				   its sockets are nobody here knows */
	/* events between passes */
	const char *events;	/* "trace", "destroy"; "" none are watched */
	bool events_exact;	/* every state change is told, with its time */
	char events_why[120];	/* why not more than that; "" all there is */
	uint64_t events_seen, events_lost;
	/* owners */
	bool owners_wanted;
	bool owners_done;	/* all processes were looked at once */
	char owners_why[120];	/* why the kernel does not tell them, so that
				   it takes longer; "" it does, or was not
				   asked */
	uint32_t hidden_sockets;	/* whose owner we may not see */
	uint32_t hidden_processes;	/* whose descriptors we may not read */
	const char *hidden_remedy;	/* what would show them */
	/* notes made once: "no IPv6", "UDP is not read yet"; "" none */
	char note[160];
	bool unfiltered;	/* the kernel refused to leave sockets out of
				   the newest pass: note says why */
};

struct monitor {
	const struct clock *clock;
	char host[64];		/* safe text */
	struct owners *owners;
	struct table *table;
	struct change_log *log;
	struct history history;
	struct edges *edges;
	struct host counters;
	struct rates rates;
	struct status status;
	struct sysctls sysctls;	/* as read when last asked for */
};

/* Owns all it points to but the clock.  log_limit: changes kept. */
struct monitor *monitor_new(const struct clock *clock, size_t log_limit);
void monitor_free(struct monitor *m);
/* Called for each change after it was logged; NULL for none. */
void monitor_on_change(struct monitor *m,
		       void (*changed)(void *arg, const struct change *c),
		       void *arg);
/* After a settled pass: history, rates, which rows are old if it was not whole
 * (status.partial). */
void monitor_pass_done(struct monitor *m, bool whole);
/* After a round without a pass.  counted: events keep the table true, so it
 * is that of now; else only the host's counters are. */
void monitor_round_done(struct monitor *m, bool counted);
/* Did the newest pass fail to show this live socket? */
bool monitor_row_is_old(const struct monitor *m, const struct sock *s);

#endif
