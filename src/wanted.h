/*
 * wanted.h - the sockets whose owners are looked for, by inode
 *
 * The finder (finder.c) fills it, asks it for each descriptor that some
 * process has, and keeps in it whom it found.  Inodes are handed out in a
 * row, and a process has its sockets in about the order it made them: so the
 * inode itself is the hash, and what is asked for next lies next to it.
 */
#ifndef WANTED_H
#define WANTED_H

#include <stdbool.h>
#include <stdint.h>

struct wanted {
	uint64_t inode;
	uint32_t slot;		/* of the table */
	uint32_t set;		/* owners found so far, with a reference */
	uint32_t next;		/* of the same bucket; NO_WANTED */
};

#define NO_WANTED	UINT32_MAX

struct wants {
	struct wanted *item;
	uint32_t count, capacity;
	uint32_t *bucket;
	uint32_t buckets;	/* a power of two */
};

/* Empties it, for about so many to come. */
void wants_begin(struct wants *w, uint32_t expected);
void wants_free(struct wants *w);
void wants_add(struct wants *w, uint64_t inode, uint32_t slot, uint32_t set);

/* false: it has none with that inode; true: it may. */
static inline bool wants_may_have(const struct wants *w, uint64_t inode)
{
	return w->bucket[inode & (w->buckets - 1)] != NO_WANTED;
}

/* The first one with that inode, and the next; NULL at the end.  Several
 * sockets can have one inode (MPTCP). */
struct wanted *wants_first(const struct wants *w, uint64_t inode);
struct wanted *wants_next(const struct wants *w, const struct wanted *after);

#endif
