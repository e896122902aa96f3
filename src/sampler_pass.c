/*
 * sampler_pass.c - passes, one after another
 *
 * The first ones at once, then by the rhythm; and the events, because what
 * they tell makes passes rare, and what they lost makes one due.
 */
#include "sampler_state.h"

#include <poll.h>

#include "base/loop.h"
#include "model/table.h"

#define FIRST_PASS_COST	(50 * NS_PER_MS)

/* How long a source may say nothing before it is asked again (and notices
 * that it waited too long). */
#define SILENCE_NS	(100 * NS_PER_MS)

/* Should another first pass follow at once? */
static bool first_passes(struct sampler *s)
{
	const struct table *t = s->monitor->table;
	uint32_t n = table_passes(t);

	return s->pass.worked < FIRST_PASS_COST && n < FIRST_PASSES_MAX &&
	       (n < FIRST_PASSES || table_uneven(t));
}

void passes_plan(struct sampler *s)
{
	struct status *st = &s->monitor->status;
	int64_t due = rhythm_due(&s->rhythm, s->pass.needs);

	st->pass_every = due - s->rhythm.begun;
	st->maintained = s->rhythm.maintained;
	loop_timer_set(s->timer, due);
}

void passes_hurry(struct sampler *s)
{
	loop_timer_set(s->timer, sampler_now(s));
}

static void on_readable(void *arg, int fd, short revents)
{
	struct sampler *s = arg;

	(void)revents;
	loop_fd(s->loop, fd, 0, NULL, NULL);
	loop_work_start(s->pass_work);
}

void passes_mend(struct sampler *s)
{
	s->mended = sampler_now(s);
	if (!s->watcher || !watcher_lost(s->watcher))
		return;
	s->watched_at = s->mended;
	rhythm_lost(&s->rhythm);
	if (s->pass.phase == PHASE_IDLE)
		passes_plan(s);
}

/*
 * Each event is a wakeup, and waking costs more than taking it in: poll(2) was
 * a fifth of all work at 100 connections a second (bench/profile/idle.txt).  So
 * after a drain comes a rest that nobody can see, as a frame for events comes no
 * sooner than that, and during which the ring does not fill.  A burst has none.
 */
#define EVENTS_REST_NS	(40 * NS_PER_MS)
/* what was lost is asked for no more often than a person would notice */
#define MEND_NS		(250 * NS_PER_MS)

static void on_events(void *arg, int fd, short revents)
{
	struct sampler *s = arg;
	int64_t begun = sampler_now(s);

	(void)revents;
	watcher_drain(s->watcher, STEP_NS);
	if (s->monitor->status.events_exact &&
	    sampler_now(s) - begun < STEP_NS) {
		loop_fd(s->loop, fd, 0, NULL, NULL);
		loop_timer_set(s->events_timer, begun + EVENTS_REST_NS);
	}
	if (begun - s->mended >= MEND_NS)
		passes_mend(s);
	s->settled(s->arg, NEWS_EVENTS);
}

static void on_rested(void *arg)
{
	struct sampler *s = arg;

	loop_fd(s->loop, watcher_fd(s->watcher), POLLIN, on_events, s);
}

/*
 * The events are open.  Not while a pass is under way, which would show some
 * sockets as they were before; the next one is at once, as events keep true
 * what a pass read while they were told.
 */
static void watch(struct sampler *s)
{
	struct watcher *w = s->opening;

	s->opening = NULL;
	if (!watcher_open(w)) {
		watcher_free(w);
		return;
	}
	s->watcher = w;
	loop_fd(s->loop, watcher_fd(w), POLLIN, on_events, s);
	if (!s->monitor->status.events_exact)
		return;
	/* what is traced is known by its cookie */
	s->pass.needs |= NEED_COOKIE;
	s->watched_at = sampler_now(s);
	passes_hurry(s);
}

static void watch_if_open(struct sampler *s)
{
	if (s->opening && s->opened && s->pass.phase == PHASE_IDLE)
		watch(s);
}

static void on_open(void *arg, int fd, short revents)
{
	struct sampler *s = arg;

	(void)revents;
	loop_fd(s->loop, fd, 0, NULL, NULL);
	s->opened = true;
	watch_if_open(s);
}

static void open_events(struct sampler *s)
{
	if (pass_own_procfs(&s->pass))
		s->opening = watcher_new(s->monitor, s->events);
	if (s->opening)
		loop_fd(s->loop, watcher_fd(s->opening), POLLIN, on_open, s);
}

/* Was every change told since that pass began, and are all known by their
 * cookies? */
static bool maintained(const struct sampler *s)
{
	return s->watched_at != TIME_UNKNOWN &&
	       s->pass.begun > s->watched_at && s->pass.complete &&
	       s->pass.current == s->pass.netlink;
}

static void pass_is_over(struct sampler *s, bool done)
{
	passes_mend(s);		/* what was lost until now counts */
	rhythm_pass(&s->rhythm, s->pass.begun, s->pass.worked,
		    done && maintained(s));
	passes_plan(s);
	rounds_plan(s);
	rounds_look(s, AFTER_PASS);
	watch_if_open(s);
}

static bool pass_one_step(void *arg)
{
	struct sampler *s = arg;
	bool done = false;

	switch (pass_step(&s->pass)) {
	case SOURCE_MORE:
		return true;
	case SOURCE_WAIT:
		loop_fd(s->loop, pass_fd(&s->pass), POLLIN, on_readable, s);
		loop_timer_set(s->timer, sampler_now(s) + SILENCE_NS);
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
		watch_if_open(s);
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

void passes_start(struct sampler *s)
{
	s->timer = loop_timer(s->loop, on_timer, s);
	s->events_timer = loop_timer(s->loop, on_rested, s);
	s->pass_work = loop_work(s->loop, pass_one_step, s);
	s->pass.options.apart = true;
	open_events(s);
	loop_work_start(s->pass_work);
}
