/*
 * source.h - where rows come from
 *
 * A source reads passes in steps: begin, then step until it says it is done
 * or failed; rows go to the sink as they are read.  A source reads one thing
 * (text under /proc/net, a sock_diag dump) and knows neither table nor
 * screen.
 *
 *	src = source_proc("/proc");
 *	source_begin(src, &want);
 *	while ((r = source_step(src, &sink, budget)) == SOURCE_MORE)
 *		;
 *	report = source_report(src);		errors, bad rows
 *	source_free(src);
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/change.h"
#include "model/need.h"
#include "model/socket.h"

/* what a pass has to read */
struct source_want {
	unsigned needs;		/* enum need bits */
	unsigned states;	/* STATE_BIT()s; sources that cannot filter
				   may give more */
	/* a program for INET_DIAG_REQ_BYTECODE that keeps what is wanted, the
	 * caller's; NULL none.  It only saves: a kernel that refuses it, and
	 * other sources, give everything. */
	const void *bytecode;
	size_t bytecode_len;
	bool ipv4, ipv6;
};

struct source_sink {
	/* The row is the sink's to copy; its detail the sink's to keep. */
	void (*row)(void *arg, const struct row *row);
	void *arg;
};

enum source_result {
	SOURCE_MORE,		/* call again */
	SOURCE_WAIT,		/* call again when source_fd() is readable,
				   and each second at least: a source gives up
				   a kernel that falls silent */
	SOURCE_DONE,		/* the pass is over; see report.partial */
	SOURCE_FAILED,		/* nothing could be read; see report.error */
};

struct source_report {
	uint64_t rows;		/* given to the sink */
	uint64_t bad;		/* malformed rows, messages and attributes
				   skipped */
	bool partial;		/* not all was read: absences mean nothing */
	int error;		/* errno of the last failure; 0 none, or one
				   without a number */
	char reason[160];	/* one line for a person; "" all well */
	bool unfiltered;	/* the kernel refused want.bytecode, and was
				   asked without: note says why */
	char note[160];		/* worth telling once: "no IPv6"; "" none */
};

struct source;

struct source_ops {
	const char *name;
	enum origin origin;
	int (*begin)(struct source *s, const struct source_want *w);
	enum source_result (*step)(struct source *s,
				   const struct source_sink *sink,
				   int64_t budget_ns);
	int (*fd)(const struct source *s);
	void (*free)(struct source *s);
};

struct source {			/* first member of each source's own struct */
	const struct source_ops *ops;
	const struct clock *clock;
	/* The kernel wrote the rows of the next step then or later, mono ns:
	 * what they say of timers was true at some time since. */
	int64_t asked;
	struct source_report report;
};

/* Text under DIR/net; never fails here, only when it is begun. */
struct source *source_proc(const struct clock *clock, const char *procfs);
/* sock_diag over libmnl.  NULL with errno when no socket can be had. */
struct source *source_netlink(const struct clock *clock);
/* The same; what may take the kernel long is done by a thread of its own
 * (source/relay.h), whose work clock_apart() has. */
struct source *source_netlink_apart(const struct clock *clock);
/*
 * The same; two sources read one half each, one of them through a thread: sooner
 * done, but with more work.  The halves are parted at that port, the middle of
 * those that connect(2) chooses from.
 */
struct source *source_netlink_halves(const struct clock *clock, uint16_t port);
/* A thread pays from so many sockets on: 2 ms of the kernel's time. */
enum { SOURCE_APART = 20000 };

/* 0, or -1 with errno and the report filled: nothing can be read. An
 * unfinished pass is given up. */
int source_begin(struct source *s, const struct source_want *w);
/* Works for about budget_ns, at least one chunk. */
enum source_result source_step(struct source *s,
			       const struct source_sink *sink,
			       int64_t budget_ns);
/* A descriptor to poll after SOURCE_WAIT, the same for the source's whole life;
 * -1 none. */
int source_fd(const struct source *s);
static inline const struct source_report *source_report(const struct source *s)
{
	return &s->report;
}
void source_free(struct source *s);

#endif
