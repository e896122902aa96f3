/*
 * pidfd.h - a signal to one process, and to no other that has its pid by now
 *
 * The process is held by a pidfd first; only then is it looked at whether it
 * is the one that was meant: a pid that was reused before has another start
 * time, one that is reused after is not reached by the pidfd.
 */
#ifndef SOURCE_PIDFD_H
#define SOURCE_PIDFD_H

#include <stdint.h>

/*
 * start: ticks since boot, as in struct process.  procfs: where both came from,
 * "/proc".  0; or -1 with errno, and nothing was sent:
 *	ESRCH	the process is no more
 *	ESTALE	its pid is another process's now
 *	EPERM	another user's: needs CAP_KILL
 *	EXDEV	procfs tells of other processes than this kernel call reaches:
 *		it is another pid namespace's
 *	ENOSYS	no pidfds before Linux 5.3
 *	others	procfs could not be read
 */
int pidfd_signal(const char *procfs, int32_t pid, uint64_t start, int sig);

#endif
