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
	unsigned block = 31 - (unsigned)__builtin_clz((i >> p->block_log) + 1);

	return &p->block[block][i - (((1u << block) - 1) << p->block_log)];
}

static inline uint64_t pivot_mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

/* ---- pivot.c ---- */

/* The number of the group with that key. */
uint32_t pivot_number(struct pivot *p, const struct group_key *k);

/* ---- pivot_owner.c ---- */

void pivot_free_owners(struct pivot *p);
struct known_set *pivot_learn_set(struct pivot *p, uint32_t set);
/* Sets that are none of the group's first 64. */
void pivot_note_more(struct pivot *p, uint32_t number, uint32_t first,
		     uint64_t bits);

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

/* The group is named by that owner of one of its sockets, if no other says
 * more. */
static inline void pivot_name(struct pivot *p, struct group *g, uint32_t owner,
			      bool last)
{
	if (owner >= OWNER_FIRST)
		pivot_know_set(p, owner);
	if (pivot_rank(p, owner, last) >= pivot_rank(p, g->owner, g->owner_last))
		return;
	g->owner = owner;
	g->owner_last = last & 1;
}

/* Before its first live socket is counted: those that are gone say nothing. */
static inline void pivot_first_name(struct group *g)
{
	if (g->total)
		return;
	g->owner = OWNER_NONE;
	g->owner_last = false;
}

/* They hold sockets of the group of that number: bits of the 64 sets from
 * 64 * first on. */
static inline void pivot_note(struct pivot *p, struct group *g, uint32_t number,
			      uint32_t first, uint64_t bits)
{
	if (!g->sets)
		g->first_set = first & ((1 << 26) - 1);
	if (g->first_set == first)
		g->sets |= bits;
	else
		pivot_note_more(p, number, first, bits);
}

/* ---- pivot_port.c ---- */

/* Fewer sockets are not worth that memory. */
enum { PORTS_WORTH = 1 << 16 };

/* Nothing, but where groups are remote ports. */
void pivot_port_begin(struct pivot *p);
void pivot_port_end(struct pivot *p);

/* Counts a socket that says no more than that; false: it is still to add. */
static inline bool pivot_port_add(struct pivot *p, const struct sock *s)
{
	struct port_count *n = &p->ports->count[s->row.id.remote_port];
	uint32_t first = s->owner / 64;

	if (s->row.state != STATE_ESTABLISHED || s->row.recv_q || !s->live ||
	    s->mark == MARK_NEW || s->owner < OWNER_FIRST || s->owner_last ||
	    (n->first_set != first && n->open))
		return false;
	pivot_know_set(p, s->owner);
	n->first_set = first;
	n->sets |= UINT64_C(1) << s->owner % 64;
	n->open++;
	return true;
}

#endif
