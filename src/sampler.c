#include "sampler.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "finder.h"
#include "look.h"
#include "pass.h"
#include "rhythm.h"
#include "watcher.h"

struct sampler {
	struct monitor *monitor;
	struct pass pass;
	struct finder *finder;
	struct watcher *watcher;	/* NULL: no events */
	bool watched;			/* it was tried */
	bool first;			/* the first passes are under way */
	enum events_choice events;
	struct rhythm rhythm;

	/* with a loop */
	struct loop *loop;
	struct loop_timer *timer;	/* the next pass, or more of this */
	struct loop_timer *round_timer;
	struct loop_timer *finder_timer;
	struct loop_work *pass_work, *look_work, *finder_work;
	struct look *look;		/* NULL: not this kernel's sockets */
	enum look_kind {
		AFTER_PASS,
		BETWEEN_PASSES,
		MOVED,			/* other rows are on the screen */
	} kind;				/* of the look under way */
	int64_t watched_at;		/* mono ns; TIME_UNKNOWN: not all
					   changes are told */
	size_t (*shown)(void *arg, struct sock_ref *rows, size_t max);
	void *shown_arg;
	void (*settled)(void *arg, enum sampler_news n);
	void *arg;
};

static int64_t now(const struct sampler *s)
{
	return clock_mono(s->monitor->clock);
}

/* of a burst of events that is taken in at once */
#define DRAIN_NS	(100 * NS_PER_MS)

void sampler_drain(struct sampler *s)
{
	if (s->watcher)
		watcher_drain(s->watcher, DRAIN_NS);
}

static bool catch_up(void *arg, int64_t until)
{
	struct sampler *s = arg;

	if (!s->watcher)
		return true;
	watcher_drain(s->watcher, STEP_NS);
	return watcher_told(s->watcher) >= until;
}

struct sampler *sampler_new(struct monitor *m,
			    const struct sampler_options *o)
{
	struct sampler *s = mem_zalloc(sizeof(*s));
	const struct pass_options po = {
		.procfs = o->procfs, .source = o->source,
		.interval = o->interval, .ipv4 = o->ipv4, .ipv6 = o->ipv6,
		.once = o->once, .catch_up = catch_up, .arg = s,
	};

	s->monitor = m;
	s->events = o->events;
	s->rhythm.budget = o->budget > 0 ? o->budget : BUDGET_DEFAULT;
	s->rhythm.interval = m->status.interval = o->interval;
	s->watched_at = TIME_UNKNOWN;
	s->shown = o->shown;
	s->shown_arg = o->arg;
	pass_init(&s->pass, m, &po);
	s->finder = finder_new(m, o->procfs);
	s->first = true;
	table_baseline(m->table, true);
	return s;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	finder_free(s->finder);
	look_free(s->look);
	watcher_free(s->watcher);
	pass_free(&s->pass);
	free(s);
}

static bool walk_due_by(const struct sampler *s, int64_t when)
{
	int64_t due = finder_due(s->finder);

	return due != FINDER_NOT_DUE && due <= when;
}

/* ---- without a loop ---------------------------------------------------- */

/*
 * A table that moves while it is read gives some rows twice and skips others
 * (KERNEL.md).  The first passes follow one another at once, and are taken
 * together as what was there before, until one was even: so a socket that the
 * first one skipped is not called opened.  Where a pass takes long the kernel's
 * hash is large, and skips hardly any.
 */
enum { FIRST_PASSES = 2, FIRST_PASSES_MAX = 4 };
#define FIRST_PASS_COST	(50 * NS_PER_MS)

/* Should another first pass follow at once? */
static bool first_passes(struct sampler *s)
{
	const struct table *t = s->monitor->table;
	uint32_t n = table_passes(t);

	return s->pass.worked < FIRST_PASS_COST && n < FIRST_PASSES_MAX &&
	       (n < FIRST_PASSES || table_uneven(t));
}

static int one_pass(struct sampler *s)
{
	enum source_result r;

	while ((r = pass_step(&s->pass)) == SOURCE_MORE || r == SOURCE_WAIT) {
		struct pollfd p = { .fd = pass_fd(&s->pass), .events = POLLIN };

		if (r == SOURCE_WAIT && p.fd >= 0)
			poll(&p, 1, 100);
	}
	rhythm_pass(&s->rhythm, s->pass.begun, s->pass.worked, false);
	return r == SOURCE_FAILED ? -1 : 0;
}

static void walk_to_the_end(struct sampler *s)
{
	finder_begin(s->finder);
	while (finder_step(s->finder, NS_PER_SEC))
		;
}

int sampler_pass(struct sampler *s)
{
	struct table *t = s->monitor->table;
	bool first = table_passes(t) == 0;

	if (one_pass(s))
		return -1;
	while (first && table_uneven(t) && table_passes(t) < FIRST_PASSES_MAX)
		if (one_pass(s))
			return -1;
	table_baseline(t, false);
	if (s->pass.needs & NEED_OWNER && walk_due_by(s, now(s))) {
		walk_to_the_end(s);
		if (finder_again(s->finder))
			walk_to_the_end(s);
	}
	return 0;
}

int64_t sampler_due(const struct sampler *s)
{
	return rhythm_due(&s->rhythm, s->pass.needs);
}

bool sampler_partial(const struct sampler *s)
{
	const struct status *st = &s->monitor->status;

	return st->partial[0] || st->bad_rows || st->stale ||
	       (s->pass.needs & NEED_OWNER && st->hidden_sockets);
}

/* ---- with a loop: passes ------------------------------------------------- */

static void next_pass(struct sampler *s)
{
	struct status *st = &s->monitor->status;
	int64_t due = rhythm_due(&s->rhythm, s->pass.needs);

	st->pass_every = due - s->rhythm.begun;
	st->maintained = s->rhythm.maintained;
	loop_timer_set(s->timer, due);
}

static void plan_walk(struct sampler *s)
{
	int64_t due = s->pass.needs & NEED_OWNER ? finder_due(s->finder)
					    : FINDER_NOT_DUE;

	loop_timer_set(s->finder_timer,
		       due == FINDER_NOT_DUE ? TIME_UNKNOWN : due);
}

static void on_readable(void *arg, int fd, short revents)
{
	struct sampler *s = arg;

	(void)revents;
	loop_fd(s->loop, fd, 0, NULL, NULL);
	loop_work_start(s->pass_work);
}

/* How long a source may say nothing before it is asked again (and notices
 * that it waited too long). */
#define SILENCE_NS	(100 * NS_PER_MS)

/* Lost events are mended by a pass: as soon as the budget has it. */
static void read_what_was_lost(struct sampler *s)
{
	if (!s->watcher || !watcher_lost(s->watcher))
		return;
	s->watched_at = now(s);
	rhythm_lost(&s->rhythm);
	if (s->pass.phase == PHASE_IDLE)
		next_pass(s);
}

static void on_events(void *arg, int fd, short revents)
{
	struct sampler *s = arg;

	(void)fd;
	(void)revents;
	watcher_drain(s->watcher, STEP_NS);
	read_what_was_lost(s);
	s->settled(s->arg, NEWS_EVENTS);
}

static void watch(struct sampler *s)
{
	s->watched = true;
	if (pass_own_procfs(&s->pass))
		s->watcher = watcher_new(s->monitor, s->events);
	if (!s->watcher)
		return;
	if (s->monitor->status.events_exact) {
		/* what is traced is known by its cookie */
		s->pass.needs |= NEED_COOKIE;
		s->watched_at = now(s);
	}
	loop_fd(s->loop, watcher_fd(s->watcher), POLLIN, on_events, s);
}

/* Was every change told since that pass began, and are all known by their
 * cookies? */
static bool maintained(const struct sampler *s)
{
	return s->watched_at != TIME_UNKNOWN &&
	       s->pass.begun > s->watched_at && s->pass.complete &&
	       s->pass.current == s->pass.netlink;
}

static void begin_look(struct sampler *s, enum look_kind kind);

/* The round of this pass is one; a long one had some of its own. */
static int64_t next_round(const struct sampler *s)
{
	int64_t interval = s->rhythm.interval;
	int64_t due = s->pass.begun + interval;

	return due > now(s) ? due : now(s) + interval;
}

static void pass_is_over(struct sampler *s, bool done)
{
	if (s->watcher)		/* what it lost until now counts */
		read_what_was_lost(s);
	rhythm_pass(&s->rhythm, s->pass.begun, s->pass.worked,
		    done && maintained(s));
	next_pass(s);
	loop_timer_set(s->round_timer, next_round(s));
	begin_look(s, AFTER_PASS);
	if (s->watched)
		return;
	watch(s);		/* that was the only one of the first passes */
	/* events keep true what a pass read while they were told */
	if (s->watched_at != TIME_UNKNOWN)
		loop_timer_set(s->timer, now(s));
}

static bool pass_one_step(void *arg)
{
	struct sampler *s = arg;
	bool done = false;

	/* Loading the trace takes longer than a pass: a frame comes first, and
	 * the second of the first passes sees what happened meanwhile. */
	if (!s->watched && s->pass.phase == PHASE_IDLE &&
	    table_passes(s->monitor->table))
		watch(s);
	switch (pass_step(&s->pass)) {
	case SOURCE_MORE:
		return true;
	case SOURCE_WAIT:
		loop_fd(s->loop, pass_fd(&s->pass), POLLIN, on_readable, s);
		loop_timer_set(s->timer, now(s) + SILENCE_NS);
		return false;
	case SOURCE_DONE:
		s->first = s->first && first_passes(s);
		done = true;
		break;
	case SOURCE_FAILED:
		s->first = false;
		break;
	}
	table_baseline(s->monitor->table, s->first);
	if (s->first) {
		s->settled(s->arg, NEWS_FIRST);
		return true;
	}
	pass_is_over(s, done);
	return false;
}

static void on_timer(void *arg)
{
	struct sampler *s = arg;

	if (s->pass.phase != PHASE_IDLE && pass_fd(&s->pass) >= 0)
		loop_fd(s->loop, pass_fd(&s->pass), 0, NULL, NULL);
	loop_work_start(s->pass_work);
}

/* ---- with a loop: looks ---------------------------------------------------- */

/* What a pass has just read needs no look, but for details of what is shown. */
static struct look_plan plan_look(const struct sampler *s, enum look_kind kind)
{
	unsigned all = s->pass.needs, both = all | s->pass.shown;
	bool details = s->pass.shown & ~all & NEEDS_DETAIL;

	return (struct look_plan){
		.listeners = details ||
			(kind == BETWEEN_PASSES && both & NEED_LIMIT),
		.requests = kind == BETWEEN_PASSES && s->rhythm.maintained,
		.due = kind == BETWEEN_PASSES,
		.shown = kind != AFTER_PASS || details,
		.only_new = kind == MOVED,
		.needs = kind == AFTER_PASS ? both & ~all : both,
		.budget = rhythm_small_share(&s->rhythm),
	};
}

static void end_round(struct sampler *s)
{
	struct monitor *m = s->monitor;
	bool counted = s->rhythm.maintained;

	table_round(m->table, counted);
	monitor_round_done(m, counted);
	if (!s->pass.options.ipv4 || !s->pass.options.ipv6)
		m->rates.closed = -1;	/* as after a pass */
	if (counted)
		plan_walk(s);
	s->settled(s->arg, counted ? NEWS_PASS : NEWS_LOOK);
}

static void end_look(struct sampler *s)
{
	switch (s->kind) {
	case AFTER_PASS:
		plan_walk(s);
		s->settled(s->arg, NEWS_PASS);
		break;
	case BETWEEN_PASSES:
		end_round(s);
		break;
	case MOVED:
		if (look_found(s->look))
			s->settled(s->arg, NEWS_MOVED);
		break;
	}
}

static bool look_one_step(void *arg)
{
	struct sampler *s = arg;

	if (look_step(s->look))
		return true;
	end_look(s);
	return false;
}

static void begin_look(struct sampler *s, enum look_kind kind)
{
	const struct look_plan plan = plan_look(s, kind);

	s->kind = kind;
	if (!s->look) {
		end_look(s);
		return;
	}
	look_begin(s->look, &plan);
	loop_work_start(s->look_work);
}

static bool looking(const struct sampler *s)
{
	return s->look && look_running(s->look);
}

static void on_round(void *arg)
{
	struct sampler *s = arg;
	int64_t interval = s->rhythm.interval;

	loop_timer_set(s->round_timer, now(s) + interval);
	if (s->first || (looking(s) && s->kind != MOVED))
		return;
	/* the pass that is due now, or nearly, is this round's */
	if (s->pass.phase == PHASE_IDLE &&
	    rhythm_due(&s->rhythm, s->pass.needs) <= now(s) + interval / 4)
		return;
	pass_read_host(&s->pass);
	sampler_drain(s);
	if (s->pass.options.ipv4 && s->pass.options.ipv6 &&
	    s->pass.phase == PHASE_IDLE &&
	    rhythm_drifts(&s->rhythm, s->monitor))
		next_pass(s);
	begin_look(s, BETWEEN_PASSES);
}

void sampler_moved(struct sampler *s)
{
	bool details = s->pass.shown & ~s->pass.needs & NEEDS_DETAIL;
	bool often = s->monitor->status.pass_every <= s->rhythm.interval;

	if (!s->look || s->first || looking(s) || (often && !details) ||
	    !look_missed(s->look))
		return;
	begin_look(s, MOVED);
}

/* ---- with a loop: owners --------------------------------------------------- */

static bool walk_one_step(void *arg)
{
	struct sampler *s = arg;

	if (finder_step(s->finder, STEP_NS))
		return true;
	plan_walk(s);
	s->settled(s->arg, NEWS_OWNERS);
	return false;
}

static void on_walk_due(void *arg)
{
	struct sampler *s = arg;

	if (finder_running(s->finder))
		return;
	finder_begin(s->finder);
	loop_work_start(s->finder_work);
}

/* ---- with a loop: beginning and end ------------------------------------------ */

/* Somebody waits at a screen: nothing may take long. */
static void open_look(struct sampler *s)
{
	const struct look_options o = {
		.ipv4 = s->pass.options.ipv4, .ipv6 = s->pass.options.ipv6,
		.catch_up = catch_up, .catch_up_arg = s,
		.shown = s->shown, .shown_arg = s->shown_arg,
	};

	if (!pass_own_procfs(&s->pass))
		return;
	s->look = look_new(s->monitor, &o);
	table_between(s->monitor->table, true);
}

void sampler_start(struct sampler *s, struct loop *loop,
		   void (*settled)(void *arg, enum sampler_news n), void *arg)
{
	s->loop = loop;
	s->settled = settled;
	s->arg = arg;
	s->timer = loop_timer(loop, on_timer, s);
	s->round_timer = loop_timer(loop, on_round, s);
	s->finder_timer = loop_timer(loop, on_walk_due, s);
	s->pass_work = loop_work(loop, pass_one_step, s);
	s->look_work = loop_work(loop, look_one_step, s);
	s->finder_work = loop_work(loop, walk_one_step, s);
	s->pass.options.apart = true;
	open_look(s);
	loop_work_start(s->pass_work);
}

void sampler_stop(struct sampler *s)
{
	if (s->watcher)
		loop_fd(s->loop, watcher_fd(s->watcher), 0, NULL, NULL);
	s->loop = NULL;
}

void sampler_want(struct sampler *s, unsigned needs, unsigned shown)
{
	unsigned old = s->pass.needs, old_shown = s->pass.shown;
	unsigned new = shown & ~(old | old_shown);
	bool asks = s->look && s->pass.current &&
		    s->pass.current == s->pass.netlink;
	/* of rows that are known by their cookies details can be asked for */
	unsigned more = (needs & ~old) | (asks ? new & ~NEEDS_DIAG : new);

	if (s->monitor->status.events_exact)
		needs |= NEED_COOKIE;
	s->pass.needs = needs;
	s->pass.shown = shown;
	finder_want(s->finder, needs | shown);
	s->monitor->status.owners_wanted = needs & NEED_OWNER;
	if (old & ~needs & NEEDS_DETAIL)
		table_drop_details(s->monitor->table);
	/* what is newly looked at should not have to wait for the interval */
	if (!s->loop || s->pass.phase != PHASE_IDLE)
		return;
	if (more)
		loop_timer_set(s->timer, now(s));
	else if (!s->first)
		next_pass(s);
	if (!more && new && !looking(s)) {
		look_forget(s->look);
		begin_look(s, MOVED);
	}
}

void sampler_only(struct sampler *s, const struct pass_only *only)
{
	s->pass.only = *only;
}

void sampler_interval(struct sampler *s, int64_t interval_ns)
{
	s->pass.options.interval = interval_ns;
	s->rhythm.interval = interval_ns;
	s->monitor->status.interval = interval_ns;
	if (!s->loop || s->pass.phase != PHASE_IDLE)
		return;
	next_pass(s);
	loop_timer_set(s->round_timer, next_round(s));
}
