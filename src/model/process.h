/*
 * process.h - the processes that owner sets refer to (owner.c only)
 *
 * Each is kept once, by pid and start time, for as long as it is counted.
 */
#ifndef MODEL_PROCESS_H
#define MODEL_PROCESS_H

#include "model/owner.h"

enum { RAW_NAME_MAX = 64 };	/* the longest comm: a kernel thread's */

struct holder {
	struct process process;	/* first: what owners_get() gives */
	struct holder *next;	/* in its hash chain */
	uint64_t hash;
	size_t raw_len;		/* the name as the kernel gave it: cheaper to
				   compare than to make safe again */
	char raw[RAW_NAME_MAX];
};

struct holders {
	struct holder **bucket;
	size_t buckets;		/* a power of 2 */
	size_t count;
	uint64_t named;		/* names given, ever */
};

void holders_init(struct holders *all);
void holders_free(struct holders *all);
/* The process, made if need be; the name is copied.  A new one has no
 * reference yet, and is the caller's to count. */
struct holder *holder_get(struct holders *all, int32_t pid, uint64_t start,
			  const char *comm, size_t comm_len);
/* NULL: it is not known. */
struct holder *holder_find(const struct holders *all, int32_t pid,
			   uint64_t start);
/* Takes back one reference. */
void holder_unref(struct holders *all, struct holder *h);

#endif
