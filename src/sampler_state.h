/*
 * sampler_state.h - what the files of the sampler share
 *
 * Three things go on beside one another, each in steps of the loop:
 *
 *	sampler_pass.c		passes, and the events that make some of them
 *				needless: when the next one begins
 *	sampler_round.c		the look that each interval has, whatever
 *				passes do
 *	sampler_owners.c	the search for owners
 *
 * A pass ends with a look, a look with what it settled, and that may make a
 * search due.  sampler.c puts them together and takes what is asked of them.
 */
#ifndef SAMPLER_STATE_H
#define SAMPLER_STATE_H

#include "finder.h"
#include "look.h"
#include "rhythm.h"
#include "sampler.h"

enum look_kind {
	AFTER_PASS,
	BETWEEN_PASSES,
	MOVED,				/* other rows are on the screen */
};

struct sampler {
	struct monitor *monitor;
	struct pass pass;
	struct finder *finder;
	struct watcher *opening;	/* NULL: it was tried */
	bool opened;			/* and waits for the end of a pass */
	struct watcher *watcher;	/* NULL: no events */
	bool first;			/* the first passes are under way */
	enum events_choice events;
	struct rhythm rhythm;

	/* with a loop */
	struct loop *loop;
	struct loop_timer *timer;	/* the next pass, or more of this */
	struct loop_timer *events_timer;	/* listened for again */
	struct loop_timer *round_timer;
	struct loop_timer *finder_timer;
	struct loop_work *pass_work, *look_work, *finder_work;
	struct look *look;		/* NULL: not this kernel's sockets */
	enum look_kind kind;		/* of the look under way */
	int64_t watched_at;		/* mono ns; TIME_UNKNOWN: not all
					   changes are told */
	int64_t mended;			/* mono ns: passes_mend() */
	size_t (*shown)(void *arg, struct sock_ref *rows, size_t max);
	void *shown_arg;
	void (*settled)(void *arg, enum sampler_news n);
	void *arg;
};

static inline int64_t sampler_now(const struct sampler *s)
{
	return clock_mono(s->monitor->clock);
}

/* Takes in events for a step; true when all up to then (mono ns) are. */
bool sampler_catch_up(void *sampler, int64_t until);

/* ---- passes -------------------------------------------------------------- */

/*
 * A table that moves while it is read gives some rows twice and skips others
 * (KERNEL.md).  The first passes follow one another at once, and are taken
 * together as what was there before, until one was even: so a socket that the
 * first one skipped is not called opened.  Where a pass takes long the kernel's
 * hash is large, and skips hardly any.
 */
enum { FIRST_PASSES = 2, FIRST_PASSES_MAX = 4 };

void passes_start(struct sampler *s);
/* Sets the timer by the rhythm, as it is now.  No pass is under way. */
void passes_plan(struct sampler *s);
/* The next one begins at once. */
void passes_hurry(struct sampler *s);
/* Asks whether events were lost: a pass mends that, as soon as the budget has
 * it. */
void passes_mend(struct sampler *s);

/* ---- rounds -------------------------------------------------------------- */

void rounds_start(struct sampler *s);
/* The round of the newest pass is one; when the next one is. */
void rounds_plan(struct sampler *s);
/* Settled at its end, which is at once where there is nothing to look with. */
void rounds_look(struct sampler *s, enum look_kind kind);
bool rounds_looking(const struct sampler *s);

/* ---- owners -------------------------------------------------------------- */

void owners_start(struct sampler *s);
/* Sets the timer for the next search. */
void owners_plan(struct sampler *s);
/* All of them, without a loop, if they are due. */
void owners_find(struct sampler *s);

#endif
