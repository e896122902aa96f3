#include "sampler_state.h"

#include <poll.h>
#include <stdlib.h>

#include "base/loop.h"
#include "base/mem.h"
#include "model/table.h"

/* of a burst of events that is taken in at once */
#define DRAIN_NS	(100 * NS_PER_MS)

void sampler_drain(struct sampler *s)
{
	if (!s->watcher)
		return;
	watcher_drain(s->watcher, DRAIN_NS);
	passes_mend(s);
}

bool sampler_catch_up(void *arg, int64_t until)
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
		.once = o->once, .catch_up = sampler_catch_up, .arg = s,
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
	watcher_free(s->opening);
	watcher_free(s->watcher);
	pass_free(&s->pass);
	free(s);
}

/* ---- without a loop ------------------------------------------------------ */

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
	owners_find(s);
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

/* ---- with a loop --------------------------------------------------------- */

void sampler_start(struct sampler *s, struct loop *loop,
		   void (*settled)(void *arg, enum sampler_news n), void *arg)
{
	s->loop = loop;
	s->settled = settled;
	s->arg = arg;
	passes_start(s);
	rounds_start(s);
	owners_start(s);
}

void sampler_stop(struct sampler *s)
{
	const struct watcher *w = s->opening ? s->opening : s->watcher;

	if (w)
		loop_fd(s->loop, watcher_fd(w), 0, NULL, NULL);
	s->loop = NULL;
}

void sampler_want(struct sampler *s, unsigned needs, unsigned shown)
{
	unsigned old = s->pass.needs, old_shown = s->pass.shown;
	unsigned new = shown & ~(old | old_shown);
	bool asks = s->look && s->pass.current &&
		    s->pass.current == s->pass.netlink;
	/* for what few rows show the kernel is asked for each of them */
	unsigned more = (needs & ~old) |
			(asks ? new & ~(NEEDS_DIAG | NEED_FRESH) : new);

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
		passes_hurry(s);
	else if (!s->first)
		passes_plan(s);
	if (!more && new && !rounds_looking(s)) {
		look_forget(s->look);
		rounds_look(s, MOVED);
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
	passes_plan(s);
	rounds_plan(s);
}
