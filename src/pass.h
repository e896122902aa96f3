/*
 * pass.h - one pass over a source, from the choice of the source to the
 * settled table
 *
 * The phases: the host's counters are read and a source is chosen (chooser.h),
 * it gives its rows to the table, the table catches up with the events of that
 * time, the listeners' backlog limits are fetched
 * where the source has none, absent sockets are confirmed (confirm.h), the
 * table is settled and the monitor's status and rates are set.
 *
 *	pass_init(&pass, monitor, &options);
 *	pass.needs = NEED_LIMIT;
 *	while ((r = pass_step(&pass)) == SOURCE_MORE || r == SOURCE_WAIT)
 *		;			after SOURCE_WAIT poll pass_fd()
 *	pass_free(&pass);
 */
#ifndef PASS_H
#define PASS_H

#include <stdbool.h>
#include <stdint.h>

#include "chooser.h"
#include "model/monitor.h"
#include "source/source.h"

enum { PASS_ROWS = 32 };

/* a step takes about so long */
#define STEP_NS		NS_PER_MS

struct pass_options {
	const char *procfs;
	enum source_choice source;
	int64_t interval;		/* ns; may be changed between passes */
	bool ipv4, ipv6;
	bool apart;			/* a key must not wait for the kernel:
					   long dumps by a thread */
	bool once;			/* one pass, which somebody waits for */
	/* Works on for a step; true when the table knows what events told up
	 * to that time (mono ns).  NULL: there are none. */
	bool (*catch_up)(void *arg, int64_t until);
	void *arg;
};

enum phase {
	PHASE_IDLE,
	PHASE_READ,		/* the source gives rows */
	PHASE_CATCH_UP,		/* with the events up to its last row */
	PHASE_LIMITS,		/* the LISTEN-only dump */
	PHASE_CONFIRM,		/* look-ups of absent sockets */
	PHASE_SETTLE,		/* with the events up to the last of these */
};

struct pass {
	struct monitor *monitor;
	struct pass_options options;
	unsigned needs;			/* enum need: of all rows */
	unsigned shown;			/* and of those on the screen, which
					   are looked up: it need only be
					   possible */
	struct pass_only {
		unsigned states;	/* STATE_BIT()s */
		const void *bytecode;	/* as in source_want; NULL none */
		size_t bytecode_len;
	} only;				/* what is to be read: pass_init()
					   sets all; source_want, where more
					   may come */

	struct chooser chooser;
	struct source *proc, *netlink;	/* NULL until first used */
	bool apart;			/* netlink is asked by a thread */
	struct source *halves;		/* the same as netlink, but quicker */
	struct source *current;		/* one of them */
	struct confirm *confirm;	/* NULL: not to be had */
	bool confirm_tried;

	/* rows of the first pass, until there are some */
	struct row row[PASS_ROWS];
	size_t rows;

	enum phase phase;
	int64_t begun, worked;		/* mono ns; ns of CPU time so far */
	int64_t apart_before;		/* clock_apart() then */
	int64_t read_at;		/* mono ns: the last row, or look-up */
	bool complete;
	size_t looked_up;		/* absent sockets asked for so far */
};

void pass_init(struct pass *p, struct monitor *m, const struct pass_options *o);
void pass_free(struct pass *p);
/* Reads the host's counters; each pass begins with that. */
void pass_read_host(struct pass *p);
/* Only the kernel's own procfs goes with the kernel's sock_diag. */
bool pass_own_procfs(const struct pass *p);
/* One step of about STEP_NS; begins a new pass when none is under way.
 * SOURCE_DONE or SOURCE_FAILED when it is over. */
enum source_result pass_step(struct pass *p);
/* what to poll after SOURCE_WAIT; -1 none */
int pass_fd(const struct pass *p);

#endif
