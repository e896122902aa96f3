/*
 * taskfile_record.h - what the BPF program tells us of who holds a socket
 *
 * Shared by src/source/taskfile.bpf.c, which writes, and taskfile.c, which
 * reads.  What one read(2) brings is a row of words: a socket is the inode of
 * its descriptor; 0, which is none's, begins the process that holds all that
 * follow.  Each read begins with a process.
 */
#ifndef SOURCE_TASKFILE_RECORD_H
#define SOURCE_TASKFILE_RECORD_H

#include <stdint.h>

struct taskfile_process {
	uint64_t zero;
	uint64_t start;		/* CLOCK_BOOTTIME ns */
	uint32_t pid;		/* thread group, in our pid namespace */
	uint32_t reserved;
	char comm[16];
};

/* What the program is told before it is loaded. */
struct taskfile_config {
	uint32_t netns;		/* inode of the one whose sockets are wanted */
};

/* One step's; we zero it before each read, but for the time. */
struct taskfile_step {
	uint64_t until;		/* CLOCK_BOOTTIME ns: stop soon after */
	uint64_t start;		/* of the process begun last */
	uint32_t pid;		/* of the same, in the root namespace; 0 none */
	uint32_t seen;		/* descriptors */
};

#endif
