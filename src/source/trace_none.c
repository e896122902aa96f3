/*
 * trace_none.c - in place of trace.c where it cannot be built
 */
#include <stdio.h>

#include "source/trace.h"

struct events *trace_with(const struct clock *clock,
			  const struct trace_options *options,
			  char *why, size_t n)
{
	(void)clock;
	(void)options;
	snprintf(why, n, "this build has no libbpf");
	return NULL;
}

uint64_t trace_again(const struct events *e)
{
	(void)e;
	return 0;
}

struct events *events_trace(const struct clock *clock, uint32_t netns,
			    char *why, size_t n)
{
	(void)netns;
	return trace_with(clock, NULL, why, n);
}
