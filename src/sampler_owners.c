/* sampler_owners.c - when owners are looked for */
#include "sampler_state.h"

#include "base/loop.h"

void owners_plan(struct sampler *s)
{
	int64_t due = s->pass.needs & NEED_OWNER ? finder_due(s->finder)
					    : FINDER_NOT_DUE;

	loop_timer_set(s->finder_timer,
		       due == FINDER_NOT_DUE ? TIME_UNKNOWN : due);
}

static bool walk_one_step(void *arg)
{
	struct sampler *s = arg;

	if (finder_step(s->finder, STEP_NS))
		return true;
	owners_plan(s);
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

void owners_start(struct sampler *s)
{
	s->finder_timer = loop_timer(s->loop, on_walk_due, s);
	s->finder_work = loop_work(s->loop, walk_one_step, s);
}

static void walk_to_the_end(struct sampler *s)
{
	finder_begin(s->finder);
	while (finder_step(s->finder, NS_PER_SEC))
		;
}

void owners_find(struct sampler *s)
{
	int64_t due = finder_due(s->finder);

	if (!(s->pass.needs & NEED_OWNER) || due == FINDER_NOT_DUE ||
	    due > sampler_now(s))
		return;
	walk_to_the_end(s);
	if (finder_again(s->finder))
		walk_to_the_end(s);
}
