/*
 * pivot_part.h - the inside of a pivot, for its own files
 *
 * What is done for each of a million sockets is here, to be done without a
 * call.
 */
#ifndef VIEW_PIVOT_PART_H
#define VIEW_PIVOT_PART_H

#include "view/pivot.h"

static inline struct group *pivot_group(const struct pivot *p, uint32_t i)
{
	unsigned block = 31 - (unsigned)__builtin_clz(i / PIVOT_BLOCK + 1);

	return &p->block[block][i - PIVOT_BLOCK * ((1u << block) - 1)];
}

static inline uint64_t pivot_mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

/* ---- pivot_owner.c ---- */

void pivot_free_owners(struct pivot *p);
struct known_set *pivot_learn_set(struct pivot *p, uint32_t set);
/* A set that is none of the group's first 64. */
void pivot_note_set(struct pivot *p, uint32_t number, uint32_t set);

/* What is known of a real owner set, which stays that number's for as long as
 * the pivot is there; valid until the next call. */
static inline struct known_set *pivot_know_set(struct pivot *p, uint32_t set)
{
	if (set < p->known_count && p->known[set].pid != U32_UNKNOWN)
		return &p->known[set];
	return pivot_learn_set(p, set);
}

/* What says more about who holds a group's sockets is less.  The set is known,
 * if it is a real one. */
static inline uint64_t pivot_rank(const struct pivot *p, uint32_t set, bool last)
{
	if (set >= OWNER_FIRST)
		return p->known[set].pid | (uint64_t)last << 32;
	return (set == OWNER_HIDDEN ? UINT64_C(2) :
		set == OWNER_PENDING ? UINT64_C(3) : UINT64_C(4)) << 32;
}

/* The group is named by its owner, if no other says more. */
static inline void pivot_name(struct pivot *p, struct group *g,
			      const struct sock *s)
{
	if (s->owner >= OWNER_FIRST)
		pivot_know_set(p, s->owner);
	if (pivot_rank(p, s->owner, s->owner_last) >=
	    pivot_rank(p, g->owner, g->owner_last))
		return;
	g->owner = s->owner;
	g->owner_last = s->owner_last;
}

/* It is one of those that hold sockets of the group of that number. */
static inline void pivot_note(struct pivot *p, struct group *g,
			      uint32_t number, uint32_t set)
{
	if (!g->sets)
		g->first_set = set / 64;
	if (g->first_set == set / 64)
		g->sets |= UINT64_C(1) << set % 64;
	else
		pivot_note_set(p, number, set);
}

#endif
