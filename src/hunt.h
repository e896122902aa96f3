/*
 * hunt.h - one run over descriptors, by the cheaper way
 *
 * Either the kernel tells who holds which socket (source/taskfile.h), or the
 * links of /proc/PID/fd are read (source/walk.h).  The former has to be
 * permitted, and loading it takes as long as reading some thousand links: it
 * is loaded when walking has taken that long, or is about to.  A thread does
 * that, as keys would wait for it; the run does.
 *
 *	hunt_add(h, pid);		for a run over some processes only
 *	hunt_begin(h, true, wanted);
 *	while (hunt_step(h, &sink, budget))
 *		;
 *	hunt_report(h)
 */
#ifndef HUNT_H
#define HUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/monitor.h"
#include "source/walk.h"

struct hunt;

/* Says in the monitor's status why the kernel does not tell. */
struct hunt *hunt_new(struct monitor *m, const char *procfs);
void hunt_free(struct hunt *h);
/* One more process for the next run; added twice it is visited once. */
void hunt_add(struct hunt *h, int32_t pid);
/* near: among those added only.  They are forgotten after the run.  wanted:
 * how many sockets at least will be met. */
void hunt_begin(struct hunt *h, bool near, uint32_t wanted);
/* Works or waits about budget_ns; true while there is more. */
bool hunt_step(struct hunt *h, const struct walk_sink *sink,
	       int64_t budget_ns);
/* Is it the kernel that tells, in this run? */
bool hunt_quick(const struct hunt *h);
const struct walk_report *hunt_report(const struct hunt *h);

#endif
