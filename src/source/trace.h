/*
 * trace.h - inside of the state trace, for its tests only
 */
#ifndef SOURCE_TRACE_H
#define SOURCE_TRACE_H

#include <stddef.h>

#include "source/events.h"

/*
 * bytes[len]: a struct trace_record as the BPF program wrote it; hz: clock
 * ticks a second, sysconf(_SC_CLK_TCK).  0, or -1 if it is none.  There in
 * every build.
 */
int trace_event(const void *bytes, size_t len, uint32_t hz, struct event *e);

struct trace_options {
	uint32_t netns;		/* to be watched */
	uint32_t ring_size;	/* bytes, a power of two; 0 the usual */
	bool raw;		/* do without typed arguments */
};

/* events_trace() with all that can be chosen. */
struct events *trace_with(const struct clock *clock,
			  const struct trace_options *options,
			  char *why, size_t n);
/* Changes that the second program reported: see trace.bpf.c. */
uint64_t trace_again(const struct events *e);

#endif
