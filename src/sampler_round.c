/*
 * sampler_round.c - each interval a round, whatever passes do
 *
 * It is a look, after a pass or instead of one.  A look at rows that just came
 * on the screen is none.
 */
#include "sampler_state.h"

#include "base/loop.h"
#include "model/table.h"

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
		owners_plan(s);
	s->settled(s->arg, counted ? NEWS_PASS : NEWS_LOOK);
}

static void end_look(struct sampler *s)
{
	switch (s->kind) {
	case AFTER_PASS:
		owners_plan(s);
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

void rounds_look(struct sampler *s, enum look_kind kind)
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

bool rounds_looking(const struct sampler *s)
{
	return s->look && look_running(s->look);
}

static void on_round(void *arg)
{
	struct sampler *s = arg;
	int64_t interval = s->rhythm.interval, now = sampler_now(s);

	loop_timer_set(s->round_timer, now + interval);
	if (s->first || (rounds_looking(s) && s->kind != MOVED))
		return;
	/* the pass that is due now, or nearly, is this round's */
	if (s->pass.phase == PHASE_IDLE &&
	    rhythm_due(&s->rhythm, s->pass.needs) <= now + interval / 4)
		return;
	pass_read_host(&s->pass);
	sampler_drain(s);
	if (s->pass.options.ipv4 && s->pass.options.ipv6 &&
	    s->pass.phase == PHASE_IDLE &&
	    rhythm_drifts(&s->rhythm, s->monitor))
		passes_plan(s);
	rounds_look(s, BETWEEN_PASSES);
}

void sampler_moved(struct sampler *s)
{
	bool details = s->pass.shown & ~s->pass.needs & NEEDS_DETAIL;
	bool often = s->monitor->status.pass_every <= s->rhythm.interval;

	if (!s->look || s->first || rounds_looking(s) || (often && !details) ||
	    !look_missed(s->look))
		return;
	rounds_look(s, MOVED);
}

void rounds_plan(struct sampler *s)
{
	int64_t interval = s->rhythm.interval;
	int64_t due = s->pass.begun + interval, now = sampler_now(s);

	/* a long pass had some rounds of its own */
	loop_timer_set(s->round_timer, due > now ? due : now + interval);
}

/* Somebody waits at a screen: nothing may take long. */
static void open_look(struct sampler *s)
{
	const struct look_options o = {
		.ipv4 = s->pass.options.ipv4, .ipv6 = s->pass.options.ipv6,
		.catch_up = sampler_catch_up, .catch_up_arg = s,
		.shown = s->shown, .shown_arg = s->shown_arg,
	};

	if (!pass_own_procfs(&s->pass))
		return;
	s->look = look_new(s->monitor, &o);
	table_between(s->monitor->table, true);
}

void rounds_start(struct sampler *s)
{
	s->round_timer = loop_timer(s->loop, on_round, s);
	s->look_work = loop_work(s->loop, look_one_step, s);
	open_look(s);
}
