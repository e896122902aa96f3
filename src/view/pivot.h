/*
 * pivot.h - how many sockets of each group stand in each state
 *
 * One row a group (group.h).  A pivot is made anew for each update: every
 * socket of the view is added, then the changes of the last seconds.
 *
 *	pivot_begin(&p, GROUP_PORT, owners, 0);
 *	for some sockets of the view, and others
 *		pivot_add(&p, &c, socks, n);
 *	pivot_came(&p, &key, s), pivot_left(&p, &key, s);	for changes
 *	g = pivot_get(&p, pivot_find(&p, &key));
 *	pivot_free(&p);
 *
 * Groups are found by a hash of their key and lie in blocks that never move: to
 * add a socket allocates nothing, but for each block's first group.  A pivot
 * holds a reference to an owner set for each group, and to those it counts.
 *
 *	pivot.c		groups, and what is counted
 *	pivot_owner.c	who holds their sockets
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
	uint32_t newest_owner;		/* set of processes looked at last;
					   U32_UNKNOWN none */
	uint32_t sets;			/* where several hold it: the last of its
					   pivot.sets, number + 1 */
	uint32_t processes;		/* U32_UNKNOWN: nobody asked */
	bool owner_last;		/* all are last known owners */
	bool listens;			/* has a listener */
};

/* Of 64 owner sets, which hold sockets of a group. */
struct some_sets {
	uint32_t group, first;		/* its number; of the sets / 64 */
	uint32_t before;		/* others of that group, number + 1 */
	uint64_t bits;
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
	uint32_t *by_set;		/* number + 1 of the group that an owner
					   set is in; NULL: it may be several */
	uint32_t by_sets;
	bool some_last;			/* some owners are last known ones */
	struct some_sets *sets;
	uint32_t set_count, set_capacity;
	uint32_t *set_slot;		/* number + 1; 0 free */
	size_t set_slots;		/* a power of 2, or 0 */
	uint64_t *kept;			/* bits: sets with a reference of ours */
	uint32_t kept_words;
	int seconds;			/* rates are of; 0: they are unknown */
	bool at_least;			/* only passes tell some changes */
};

/* There will be about that many groups (0: nobody knows): so many are found
 * without moving those found before. */
void pivot_begin(struct pivot *p, enum group_id id, struct owners *owners,
		 uint32_t expected);
void pivot_free(struct pivot *p);
/* n <= PIVOT_BATCH sockets that are listed: gone ones make a group, but count
 * nothing. */
enum { PIVOT_BATCH = 16 };
void pivot_add(struct pivot *p, struct column_context *c,
	       const struct sock *const *socks, size_t n);
/* A change made it one of the view's sockets in that group; or it was one. */
void pivot_came(struct pivot *p, const struct group_key *k,
		const struct sock *s);
void pivot_left(struct pivot *p, const struct group_key *k,
		const struct sock *s);
/* NULL past the end */
const struct group *pivot_get(const struct pivot *p, size_t i);
/* Its number; -1 there is none. */
long pivot_find(const struct pivot *p, const struct group_key *k);
/* Different processes that hold its sockets; as it is asked for. */
uint32_t pivot_processes(const struct pivot *p, const struct group *g);
/* Not known, as it is not known either who they are. */
bool group_processes_known(const struct group *g);
/* A listener's queue that is full: the kernel then drops. */
bool group_queue_full(const struct group *g);

/* The name of a group as files have it: with all signs, wherever it is shown.
 * Appends. */
void group_label(struct column_context *c, enum group_id id,
		 const struct group *g, struct buf *out);

/* pivot_owner.c, for pivot.c: a live socket of the group, or one that is gone */
void pivot_add_owner(struct pivot *p, struct group *g, const struct sock *s);
void pivot_add_gone_owner(struct pivot *p, struct group *g,
			  const struct sock *s);
/* Those that are gone name a group only as long as it has no others. */
void pivot_forget_owner(struct pivot *p, struct group *g);
void pivot_free_owners(struct pivot *p);
/* Its number stays that set's for as long as the pivot is there. */
void pivot_keep_set(struct pivot *p, uint32_t set);
/* From memory, for one that will be added. */
static inline void pivot_fetch_owner(const struct pivot *p,
				     const struct group *g)
{
	if (g->sets)
		__builtin_prefetch(&p->sets[g->sets - 1]);
}
struct group *pivot_group(const struct pivot *p, size_t i);

static inline uint64_t pivot_mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

static inline struct group_owner group_owner(const struct group *g)
{
	return (struct group_owner){ .set = g->owner, .last = g->owner_last };
}

#endif
