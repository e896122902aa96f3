/*
 * pivot.h - how many sockets of each group stand in each state
 *
 * One row a group (group.h).  A pivot is made anew for each update: every
 * socket of the view is added, then the changes of the last seconds.
 *
 *	pivot_begin(&p, GROUP_PORT, owners, 0);
 *	for each socket of the view
 *		pivot_add(&p, &c, s);
 *	pivot_came(&p, &key, s), pivot_left(&p, &key, s);	for changes
 *	g = pivot_get(&p, pivot_find(&p, &key));
 *	pivot_free(&p);
 *
 * Groups are found by a hash of their key and lie in blocks that never move: to
 * add a socket allocates nothing, but for each block's first group.  A pivot
 * holds a reference to an owner set for each group.
 */
#ifndef VIEW_PIVOT_H
#define VIEW_PIVOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/group.h"

struct group {
	struct group_key key;
	uint32_t number;
	uint32_t count[STATE_COUNT];	/* live sockets; [STATE_OTHER] too */
	uint32_t total;			/* their sum */
	uint32_t fresh;			/* of these marked as new */
	uint32_t came, left;		/* changes of pivot.seconds */
	uint32_t waiting, limit;	/* of the listener with the fullest
					   queue; U32_UNKNOWN */
	uint32_t recv_q;		/* bytes, the most that one other socket
					   has; U32_UNKNOWN */
	uint32_t owner;			/* set with the first process; a
					   reference */
	uint32_t newest_owner;		/* set looked at last */
	uint32_t processes;		/* different ones that hold sockets */
	bool owner_last;		/* all are last known owners */
	bool several;			/* owner sets */
	bool listens;			/* has a listener */
};

struct pairs {
	uint64_t *slot;			/* 0 free */
	size_t count, size;		/* size: a power of 2, or 0 */
};

struct pivot {
	uint8_t group;			/* enum group_id; GROUP_NONE: empty */
	struct owners *owners;
	struct group **block;
	uint32_t count;			/* groups */
	uint64_t total;			/* sockets */
	size_t blocks;
	uint64_t *slot;			/* hash << 32 | number + 1; 0 free */
	size_t slots;			/* a power of 2 */
	struct pairs holders;		/* group and process, where several */
	int seconds;			/* rates are of; 0: they are unknown */
	bool at_least;			/* only passes tell some changes */
};

/* There will be about that many groups (0: nobody knows): so many are found
 * without moving those found before. */
void pivot_begin(struct pivot *p, enum group_id id, struct owners *owners,
		 uint32_t expected);
void pivot_free(struct pivot *p);
/* A socket that is listed: gone ones make a group, but count nothing. */
void pivot_add(struct pivot *p, struct column_context *c,
	       const struct sock *s);
/* A change made it one of the view's sockets in that group; or it was one. */
void pivot_came(struct pivot *p, const struct group_key *k,
		const struct sock *s);
void pivot_left(struct pivot *p, const struct group_key *k,
		const struct sock *s);
/* NULL past the end */
const struct group *pivot_get(const struct pivot *p, size_t i);
/* Its number; -1 there is none. */
long pivot_find(const struct pivot *p, const struct group_key *k);
/* Not known, as it is not known either who they are. */
bool group_processes_known(const struct group *g);
/* A listener's queue that is full: the kernel then drops. */
bool group_queue_full(const struct group *g);

/* The name of a group as files have it: with all signs, wherever it is shown.
 * Appends. */
void group_label(struct column_context *c, enum group_id id,
		 const struct group *g, struct buf *out);

static inline struct group_owner group_owner(const struct group *g)
{
	return (struct group_owner){ .set = g->owner, .last = g->owner_last };
}

#endif
