/*
 * procinfo.h - what /proc tells of one process
 *
 * Its service or container by /proc/PID/cgroup, its command line.  Both are
 * read through one descriptor of /proc/PID, after its start time was compared:
 * so they are of that process, and not of one that got its number later.
 */
#ifndef SOURCE_PROCINFO_H
#define SOURCE_PROCINFO_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { COMMAND_MAX = 4096 };	/* bytes of a command line that are read */

struct procinfo {
	struct buf service;	/* any bytes; empty: none that is known */
	struct buf command;	/* any bytes, a blank between two arguments;
				   empty: it has none */
};

/*
 * needs: NEED_SERVICE, NEED_COMMAND.  procfs: a descriptor of it.  Both texts
 * begin anew; they are the caller's, who ends them with buf_free().  0; -1: that
 * process is no more, or may not be looked at.
 */
int procinfo_read(struct procinfo *i, int procfs, int32_t pid, uint64_t start,
		  unsigned needs);

#endif
