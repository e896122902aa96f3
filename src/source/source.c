/*
 * source.c - where rows come from
 */
#include "source/source.h"

#include <string.h>

#include "base/clock.h"

int source_begin(struct source *s, const struct source_want *w)
{
	memset(&s->report, 0, sizeof(s->report));
	s->asked = clock_mono(s->clock);
	return s->ops->begin(s, w);
}

enum source_result source_step(struct source *s,
			       const struct source_sink *sink,
			       int64_t budget_ns)
{
	return s->ops->step(s, sink, budget_ns);
}

int source_fd(const struct source *s)
{
	return s->ops->fd ? s->ops->fd(s) : -1;
}

void source_free(struct source *s)
{
	if (s)
		s->ops->free(s);
}
