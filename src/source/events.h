/*
 * events.h - where events come from, behind one small interface
 *
 *	e = events_destroy(clock, why, sizeof(why));	NULL: why says
 *	poll events_fd(e) for POLLIN
 *	events_drain(e, &sink, 4096);
 *	events_lost(e)					so far
 *	events_free(e);
 *
 * destroy: the TCP groups of sock_diag's destroy multicast; any user may.
 * trace: a BPF program on sock:inet_sock_set_state; needs CAP_BPF and
 * CAP_PERFMON, and a build with libbpf.
 */
#ifndef SOURCE_EVENTS_H
#define SOURCE_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/change.h"
#include "model/event.h"

struct events;

struct events_sink {
	/* The event is the sink's to copy. In the order of time; trace: for
	 * each socket, else one CPU's may come some 20 us late. */
	void (*event)(void *arg, const struct event *e);
	void *arg;
};

struct events_ops {
	const char *name;		/* "destroy", "trace" */
	enum origin origin;
	int (*fd)(const struct events *e);
	size_t (*drain)(struct events *e, const struct events_sink *sink,
			size_t max);
	uint64_t (*lost)(const struct events *e);
	void (*free)(struct events *e);
};

struct events {			/* first member of each one's own struct */
	const struct events_ops *ops;
	const struct clock *clock;
	size_t buffer;		/* bytes that wait for us at most; 0 unknown */
	uint64_t bad;		/* dropped: malformed, or not the kernel's */
	int64_t told;		/* mono ns: whatever the kernel told up to then
				   was given */
};

/* NULL with one line in why[n] for people. */
struct events *events_destroy(const struct clock *clock, char *why, size_t n);
/* The same on a socket made by the caller, which it takes over: for tests. */
struct nlsock;
struct events *events_destroy_on(const struct clock *clock,
				 const struct nlsock *nl);
/* netns: inode of the only network namespace to report (ours). */
struct events *events_trace(const struct clock *clock, uint32_t netns,
			    char *why, size_t n);

static inline int events_fd(const struct events *e)
{
	return e->ops->fd(e);
}

/*
 * Reads what is there, about max events at most; returns how many.  Never
 * blocks.  What is left is readable still, so a poll goes on at once.
 */
static inline size_t events_drain(struct events *e,
				  const struct events_sink *sink, size_t max)
{
	return e->ops->drain(e, sink, max);
}

/* Events known to be lost since the start.  trace: until now, and the kernel is
 * asked, twice.  destroy: as of the newest drain, as many as the kernel dropped,
 * and those that could not be read; before Linux 4.12, which does not say how
 * many, each ENOBUFS counts one. */
static inline uint64_t events_lost(const struct events *e)
{
	return e->ops->lost(e);
}

static inline void events_free(struct events *e)
{
	if (e)
		e->ops->free(e);
}

#endif
