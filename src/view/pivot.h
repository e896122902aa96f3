/*
 * pivot.h - how many sockets of each group stand in each state
 *
 * One row a group (group.h).  A pivot is made anew for each update: every
 * socket of the view is added, then the changes of the last seconds.
 *
 *	pivot_begin(&p, GROUP_PORT, owners, 1000000, 0);
 *	for some sockets of the view, and others
 *		pivot_add(&p, &c, socks, n);
 *	pivot_added(&p, &c);
 *	while (pivot_step(&p, n))
 *		;
 *	pivot_came(&p, &key, s), pivot_left(&p, &key, s);	for changes
 *	g = pivot_get(&p, pivot_find(&p, &key));
 *	pivot_free(&p);
 *
 * Groups are found by a hash of their key and lie in blocks that never move: to
 * add a socket allocates nothing, but for each block's first group.  A pivot
 * holds a reference to each owner set that its sockets have.
 *
 *	pivot.c		groups, and what is counted
 *	pivot_port.c	the same for very many open connections
 *	pivot_owner.c	who holds their sockets
 *	pivot_part.h	what is between these
 */
#ifndef VIEW_PIVOT_H
#define VIEW_PIVOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/group.h"

/* Of 64 owner sets: those that hold sockets of a group. */
struct some_sets {
	uint64_t bits;
	uint32_t first;			/* of the 64, / 64 */
	uint32_t group;			/* its number */
	uint32_t before;		/* others of that group, number + 1 */
};

/* One open connection more changes the first 64 bytes, and no others: groups of
 * a million sockets are not in the processor's cache. */
struct group {
	struct group_key key;
	uint32_t total;			/* live sockets */
	uint32_t fresh;			/* of these marked as new */
	uint64_t sets;			/* bits: of 64 owner sets, those that
					   hold them */
	uint32_t first_set : 26;	/* of the 64, / 64 */
	uint32_t owner_last : 1;	/* all are last known owners */
	uint32_t listens : 1;		/* has a listener */
	uint32_t owner;			/* set with the first process */
	uint32_t more_sets;		/* where there are other 64: the last of
					   its pivot.sets, number + 1 */
	uint32_t recv_q;		/* bytes, the most that one other socket
					   has; U32_UNKNOWN */
	uint32_t count[STATE_COUNT];	/* live sockets; [STATE_OTHER] too */
	uint32_t waiting, limit;	/* of the listener with the fullest
					   queue; U32_UNKNOWN */
	uint32_t came, left;		/* changes of pivot.seconds */
};

enum { PORTS = 1 << 16, PORTS_LOG = 14 };

/* Of very many sockets by remote port. */
struct ports {
	struct port_count {
		uint32_t open;
		uint32_t first_set;	/* as struct group's */
		uint64_t sets;
	} count[PORTS];			/* of those that are in no group yet */
	uint32_t number[PORTS];		/* of the group, + 1; 0: none */
	struct group group[1 << PORTS_LOG];	/* the first ones */
};

/* What is remembered of an owner set while its sockets are added. */
struct known_set {
	uint32_t pid;			/* of its first process; U32_UNKNOWN: no
					   socket had it */
	uint32_t group : 31;		/* number + 1 of the only group it is in;
					   0: there may be several */
	uint32_t today : 1;		/* it was noted there for a socket that
					   has it today, not last */
};

enum { PIVOT_BATCH = 16 };

enum { PIVOT_BLOCKS = 26 };

struct pivot {
	uint8_t group;			/* enum group_id; GROUP_NONE: empty */
	struct owners *owners;
	struct group *block[PIVOT_BLOCKS];
	uint8_t block_log;		/* the first has 1 << that many groups,
					   and each one more twice as many */
	uint32_t count;			/* groups */
	uint64_t total;			/* sockets */
	uint64_t *slot;			/* hash << 32 | number + 1; 0 free */
	size_t slots;			/* a power of 2 */
	struct known_set *known;	/* with a reference, where the pid is
					   known */
	uint32_t known_count;
	struct some_sets *sets;
	uint32_t set_count, set_capacity;
	uint32_t *set_slot;		/* number + 1; 0 free */
	size_t set_slots;		/* a power of 2, or 0 */
	const struct sock *rest[PIVOT_BATCH];	/* that are still to add */
	uint32_t rest_count;
	struct ports *ports;		/* NULL: all have to be added so, and
					   groups are found by their hash */
	uint32_t port_at;		/* the next to be a group */
	int seconds;			/* rates are of; 0: they are unknown */
	bool at_least;			/* only passes tell some changes */
};

/* There will be about that many sockets, and groups (0: nobody knows): so many
 * are found without moving those found before. */
void pivot_begin(struct pivot *p, enum group_id id, struct owners *owners,
		 uint32_t sockets, uint32_t expected);
void pivot_free(struct pivot *p);
/* n <= PIVOT_BATCH sockets that are listed: gone ones make a group, but count
 * nothing.  Until pivot_added() some may be remembered by where they are. */
void pivot_add(struct pivot *p, struct column_context *c,
	       const struct sock *const *socks, size_t n);
void pivot_added(struct pivot *p, struct column_context *c);
/* All were added: makes groups of what is in none yet, in steps.  True: there is
 * more. */
bool pivot_step(struct pivot *p, uint32_t n);
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

static inline struct group_owner group_owner(const struct group *g)
{
	return (struct group_owner){ .set = g->owner, .last = g->owner_last };
}

#endif
