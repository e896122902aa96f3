#include "sampler.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "finder.h"
#include "pass.h"
#include "watcher.h"

struct sampler {
	struct monitor *monitor;
	struct pass pass;
	struct finder *finder;
	struct watcher *watcher;	/* NULL: no events */
	bool watched;			/* it was tried */
	bool first;			/* the first passes are under way */
	enum events_choice events;
	double budget;			/* of one core, for passes */

	/* with a loop */
	struct loop *loop;
	struct loop_timer *timer, *finder_timer;
	struct loop_work *pass_work, *finder_work;
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
		.catch_up = catch_up, .arg = s,
	};

	s->monitor = m;
	s->events = o->events;
	s->budget = o->budget > 0 ? o->budget : BUDGET_DEFAULT;
	m->status.interval = o->interval;
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

bool sampler_partial(const struct sampler *s)
{
	const struct status *st = &s->monitor->status;

	return st->partial[0] || st->bad_rows || st->stale ||
	       (s->pass.needs & NEED_OWNER && st->hidden_sockets);
}

/* ---- with a loop --------------------------------------------------------- */

static void next_pass_at(struct sampler *s)
{
	int64_t due = s->pass.begun + s->pass.options.interval;
	int64_t rested = s->pass.begun + s->pass.worked / s->budget;

	loop_timer_set(s->timer, due > rested ? due : rested);
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

/* Lost events are mended by a pass: now, or right after this one. */
static void read_what_was_lost(struct sampler *s)
{
	if (s->pass.phase == PHASE_IDLE && s->watcher &&
	    watcher_lost(s->watcher))
		loop_timer_set(s->timer, now(s));
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
	/* what is traced is known by its cookie */
	if (s->monitor->status.events_exact)
		s->pass.needs |= NEED_COOKIE;
	loop_fd(s->loop, watcher_fd(s->watcher), POLLIN, on_events, s);
}

static bool pass_one_step(void *arg)
{
	struct sampler *s = arg;

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
	next_pass_at(s);
	read_what_was_lost(s);
	plan_walk(s);
	s->settled(s->arg, NEWS_PASS);
	if (!s->watched)
		watch(s);	/* that was the only one of the first passes */
	return false;
}

static void on_timer(void *arg)
{
	struct sampler *s = arg;

	if (s->pass.phase != PHASE_IDLE && pass_fd(&s->pass) >= 0)
		loop_fd(s->loop, pass_fd(&s->pass), 0, NULL, NULL);
	loop_work_start(s->pass_work);
}

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

void sampler_start(struct sampler *s, struct loop *loop,
		   void (*settled)(void *arg, enum sampler_news n), void *arg)
{
	s->loop = loop;
	s->settled = settled;
	s->arg = arg;
	s->timer = loop_timer(loop, on_timer, s);
	s->finder_timer = loop_timer(loop, on_walk_due, s);
	s->pass_work = loop_work(loop, pass_one_step, s);
	s->finder_work = loop_work(loop, walk_one_step, s);
	loop_work_start(s->pass_work);
}

void sampler_stop(struct sampler *s)
{
	if (s->watcher)
		loop_fd(s->loop, watcher_fd(s->watcher), 0, NULL, NULL);
	s->loop = NULL;
}

void sampler_want(struct sampler *s, unsigned needs)
{
	unsigned more = needs & ~s->pass.needs;

	if (s->monitor->status.events_exact)
		needs |= NEED_COOKIE;
	s->pass.needs = needs;
	s->monitor->status.owners_wanted = needs & NEED_OWNER;
	/* what is newly looked at should not have to wait for the interval */
	if (s->loop && more && s->pass.phase == PHASE_IDLE)
		loop_timer_set(s->timer, now(s));
}

void sampler_interval(struct sampler *s, int64_t interval_ns)
{
	s->pass.options.interval = interval_ns;
	s->monitor->status.interval = interval_ns;
	if (s->loop && s->pass.phase == PHASE_IDLE)
		next_pass_at(s);
}
