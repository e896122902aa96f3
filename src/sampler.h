/*
 * sampler.h - keeps the monitor true: passes, look-ups, owners, counters
 *
 * Chooses the source (DESIGN.md, "Which source"), reads passes into the
 * table, confirms absences, fetches backlog limits, walks for owners and
 * reads the host's counters, all in steps of about a millisecond.  With a loop
 * each interval is a round: a pass when one is due (rhythm.h), and in any case
 * a look (look.h) at what no event tells and at what is on the screen.
 *
 * With a loop:
 *	s = sampler_new(monitor, &options);
 *	sampler_want(s, needs, shown);
 *	sampler_start(s, loop, on_pass, arg);	first pass at once, then each
 *						interval
 * Without (batch, tests):
 *	sampler_pass(s);			one whole pass, blocking
 */
#ifndef SAMPLER_H
#define SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "chooser.h"
#include "model/monitor.h"
#include "model/need.h"
#include "pass.h"
#include "watcher.h"

struct sampler_options {
	const char *procfs;		/* "/proc"; another one has no
					   sock_diag: tests */
	enum source_choice source;
	int64_t interval;		/* ns */
	double budget;			/* of one core that passes may take;
					   0: BUDGET_DEFAULT */
	bool ipv4, ipv6;
	bool once;			/* one pass, which somebody waits for */
	enum events_choice events;	/* watched by sampler_start() */
	/* Fills in the rows on the screen, up to max; NULL: there is none. */
	size_t (*shown)(void *arg, struct sock_ref *rows, size_t max);
	void *arg;
};

#define BUDGET_DEFAULT	0.1

enum sampler_news {
	NEWS_FIRST,		/* something to draw; the first passes go on */
	NEWS_PASS,		/* a round: the table is that of now */
	NEWS_LOOK,		/* a round without a pass that nothing made up
				   for: what is shown is new, the table not */
	NEWS_MOVED,		/* rows that came on the screen were asked */
	NEWS_OWNERS,
	NEWS_EVENTS,
};

struct sampler;

struct sampler *sampler_new(struct monitor *m,
			    const struct sampler_options *o);
void sampler_free(struct sampler *s);
/* Takes in what events there are now; also the loop does so by itself. */
void sampler_drain(struct sampler *s);
/* enum need bits, of all rows and of those on the screen; from the next pass
 * on */
void sampler_want(struct sampler *s, unsigned needs, unsigned shown);
/* From the next pass on the source may leave out what is in no such state, or
 * what the program does not let through: the table is not that of the host
 * then.  The program has to live as long. */
void sampler_only(struct sampler *s, const struct pass_only *only);
/* Other rows may be on the screen now: asks for those the last look had not,
 * where passes alone do not tell enough of them. */
void sampler_moved(struct sampler *s);
void sampler_interval(struct sampler *s, int64_t interval_ns);
/* settled is called after each pass, after owners were found, and after
 * events were taken in. */
void sampler_start(struct sampler *s, struct loop *loop,
		   void (*settled)(void *arg, enum sampler_news n), void *arg);
/* Before the loop is freed. */
void sampler_stop(struct sampler *s);
/* One pass now, to its end, owners included when wanted. 0; -1: nothing could
 * be read (status.partial says why). */
int sampler_pass(struct sampler *s);
/* When the next one should be, mono ns: the interval later, or what the budget
 * says. */
int64_t sampler_due(const struct sampler *s);
/* Anything of the last pass unread or not permitted? For the exit status. */
bool sampler_partial(const struct sampler *s);

#endif
