/*
 * owner.h - processes, and which of them hold a socket
 *
 * A process is a pid with its start time, so that a reused pid is another
 * process.  A socket can have many owners (fork, SCM_RIGHTS): it refers to an
 * owner set, a sorted list of processes kept once however many sockets share
 * it.  Sets and processes are counted; a set's number stays valid as long as
 * somebody holds a reference.
 */
#ifndef MODEL_OWNER_H
#define MODEL_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* owner sets that are no list of processes */
enum {
	OWNER_PENDING	= 0,	/* not looked for yet: "…" */
	OWNER_NONE	= 1,	/* looked, nobody holds it: "-" */
	OWNER_HIDDEN	= 2,	/* looked, not permitted to see all: "?" */
	OWNER_FIRST	= 3,	/* the first real set */
};

struct process {
	int32_t pid;
	uint64_t start;		/* /proc/PID/stat field 22: clock ticks since
				   boot */
	struct safe name;	/* comm */
	struct safe service;	/* unit or container; empty: none, unknown */
	struct safe command;	/* its whole line; empty: none, unknown */
	unsigned told;		/* enum need: NEED_SERVICE, NEED_COMMAND: which
				   of both somebody has looked for */
	uint32_t refs;
};

struct owners;

struct owners *owners_new(void);
void owners_free(struct owners *o);

/*
 * The set that has all of `set` and the process too.  Takes over the caller's
 * reference to set, gives one to the result.  The name is copied, and
 * renews the name of a process already known (exec, prctl).
 */
uint32_t owners_with(struct owners *o, uint32_t set, int32_t pid,
		     uint64_t start, const char *comm, size_t comm_len);

/* The three special numbers need no references and ignore these. */
void owners_ref(struct owners *o, uint32_t set);
void owners_unref(struct owners *o, uint32_t set);

/* How many processes; 0 for the special ones. */
size_t owners_count(const struct owners *o, uint32_t set);
/* The i-th, ordered by pid; NULL past the end. */
const struct process *owners_get(const struct owners *o, uint32_t set,
				 size_t i);

/*
 * What is known of a process beside its name is read later, and only when
 * somebody looks at it.  each() is told of every process; it must change
 * nothing.
 */
void owners_each_process(const struct owners *o,
			 void (*each)(void *arg, const struct process *p),
			 void *arg);
/* The process if it is still there; NULL if not. */
struct process *owners_process(const struct owners *o, int32_t pid,
			       uint64_t start);

/* All sets have lower numbers. */
uint32_t owners_end(const struct owners *o);
/* As long as it is the same each set has the same processes by the same names. */
uint64_t owners_version(const struct owners *o);
/* How many sets and processes there are: what a test of counting, and a
 * person who wonders about memory, wants to know. */
size_t owners_sets(const struct owners *o);
size_t owners_processes(const struct owners *o);

#endif
