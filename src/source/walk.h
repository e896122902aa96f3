/*
 * walk.h - who holds which socket: one walk over /proc/PID/fd, in steps
 *
 * The walk reports each (socket inode, process) pair for which wanted() does
 * not say no, rarely more than once.  A process's name and start time are read after
 * its descriptors, through the same open /proc/PID, so that a pid reused in
 * between gives no pair.  Processes that die on the way are skipped quietly.
 */
#ifndef SOURCE_WALK_H
#define SOURCE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct walk;

struct walk_sink {
	bool (*wanted)(void *arg, uint64_t inode);
	/* comm: any bytes, as the kernel gave it; owners_with() makes it
	 * safe */
	void (*found)(void *arg, uint64_t inode, int32_t pid, uint64_t start,
		      const char *comm, size_t comm_len);
	void *arg;
};

struct walk_report {
	uint32_t processes;	/* visited */
	uint32_t hidden;	/* whose fd/ was refused (EACCES, EPERM);
				   kernel threads and zombies have none */
	bool hidepid;		/* procfs hides other users' processes, nobody
				   knows how many */
	int error;		/* errno: the procfs could not be read, or
				   EMFILE and the like on the way; 0 none */
};

struct walk *walk_new(const struct clock *clock, const char *procfs);
void walk_free(struct walk *w);
/* Starts over: all processes, or where pids is not NULL these n.  pids is the
 * caller's, and stays as it is until the walk is over. */
void walk_begin(struct walk *w, const int32_t *pids, size_t n);
/* Works about budget_ns; true while there is more. */
bool walk_step(struct walk *w, const struct walk_sink *sink,
	       int64_t budget_ns);
const struct walk_report *walk_report(const struct walk *w);

/*
 * The pure parser: text of /proc/PID/stat to comm (pointer into text) and
 * start time.  The last ')' ends the comm.  0 or -1.
 */
int walk_parse_stat(const char *text, size_t len, const char **comm,
		    size_t *comm_len, uint64_t *start);

#endif
