/*
 * taskfile.h - who holds which socket: told by the kernel, in steps
 *
 * A BPF program looks at all descriptors of all processes (the iterator
 * task_file, Linux 5.11 and later) and tells those that are IPv4 and IPv6
 * sockets of one network namespace.  It tells what a walk tells (walk.h), to
 * the same sink and for a tenth of the cost: 0.5 us a descriptor.  Needs
 * CAP_BPF and CAP_PERFMON.  As it asks nobody, nothing is hidden from it but
 * processes outside of our pid namespace.
 *
 *	t = taskfile_new(clock, netns, why, sizeof(why));  NULL: why says
 *	if (!taskfile_begin(t, NULL, 0))
 *		while (taskfile_step(t, &sink, budget))
 *			;
 *	taskfile_report(t)
 *	taskfile_free(t);
 */
#ifndef SOURCE_TASKFILE_H
#define SOURCE_TASKFILE_H

#include "source/walk.h"

struct taskfile;

/*
 * Loads the program, which takes some 20 ms.  netns: inode of the network
 * namespace.  NULL with one line in why[n] for people.
 */
struct taskfile *taskfile_new(const struct clock *clock, uint32_t netns,
			      char *why, size_t n);
void taskfile_free(struct taskfile *t);
/*
 * Starts over: all processes, or where pids is not NULL these n (before Linux
 * 6.1 all even so).  pids is the caller's, and stays as it is until the run is
 * over.  0; -1: errno.
 */
int taskfile_begin(struct taskfile *t, const int32_t *pids, size_t n);
/* Works about budget_ns; true while there is more. */
bool taskfile_step(struct taskfile *t, const struct walk_sink *sink,
		   int64_t budget_ns);
/* hidden and hidepid are never set. */
const struct walk_report *taskfile_report(const struct taskfile *t);

#endif
