/*
 * slots.h - where the table keeps its sockets
 *
 * Sockets live in chunks and never move, so a slot number or a pointer stays
 * good until the slot is freed.  They are found by their endpoints through a
 * hash of chains; several can have the same ones.  The head of a chain has some
 * bits that tell whether what is looked for can be in it: reading a socket that
 * is another one after all is what a look-up cost most.  One that is gone (not
 * live) stays a ghost in its chain until it is unhashed, so that a late event
 * finds it.
 */
#ifndef MODEL_SLOTS_H
#define MODEL_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/socket.h"

#define SLOT_NONE	UINT32_MAX

enum { SLOT_CHUNK = 16384 };	/* 2 MiB, as a huge page is */

struct slots {
	struct sock **chunk;
	uint32_t used;		/* slots ever given out: 0 … used - 1 */
	uint32_t free;		/* list through sock.next */
	uint32_t *bucket;	/* tag bits and a slot */
	uint32_t buckets;	/* a power of two */
	uint32_t hashed;
	/*
	 * A bit a slot: is there a live one, and has the pass shown it?  So a
	 * pass over a million finds what was absent without reading them.
	 */
	uint64_t *live, *seen;
};

void slots_init(struct slots *m);
void slots_free(struct slots *m);
/* All that is in them, and in the same slots. */
struct slots slots_copy(const struct slots *from);

static inline struct sock *slots_at(const struct slots *m, uint32_t slot)
{
	return &m->chunk[slot / SLOT_CHUNK][slot % SLOT_CHUNK];
}

/* A zeroed socket with its slot number; not yet hashed. */
struct sock *slots_take(struct slots *m, uint32_t *slot);
void slots_give(struct slots *m, uint32_t slot);

/* Sets sock.live. */
void slots_set_live(struct slots *m, uint32_t slot, bool live);
/* The same, without reading it. */
static inline bool slots_live(const struct slots *m, uint32_t slot)
{
	return m->live[slot / 64] >> slot % 64 & 1;
}

void slots_see_none(struct slots *m);
static inline void slots_see(struct slots *m, uint32_t slot)
{
	m->seen[slot / 64] |= UINT64_C(1) << slot % 64;
}
/* The first from `from` on that is live and not seen; SLOT_NONE at the end. */
uint32_t slots_unseen(const struct slots *m, uint32_t from);

/* hash: sock_id_hash() of its endpoints */
void slots_hash(struct slots *m, uint32_t slot, uint32_t hash);
/* Room for so many, at once: doubling it again and again is dear. */
void slots_expect(struct slots *m, uint32_t sockets);
/* Is there none, live or not, whose endpoints have that hash?  Nearly always
 * so when there is none with such endpoints; it reads no socket. */
bool slots_none(const struct slots *m, uint32_t hash);
/* It will be asked for that hash soon. */
static inline void slots_soon(const struct slots *m, uint32_t hash)
{
	__builtin_prefetch(&m->bucket[hash & (m->buckets - 1)], 1);
}
/* Does nothing for one that is not hashed. */
void slots_unhash(struct slots *m, uint32_t slot);
/* The first live one with these endpoints, and the next; SLOT_NONE at the
 * end. */
uint32_t slots_first(const struct slots *m, const struct sock_id *id);
uint32_t slots_next(const struct slots *m, uint32_t slot,
		    const struct sock_id *id);
/* A ghost with these endpoints and this cookie, or without one. */
uint32_t slots_ghost(const struct slots *m, const struct sock_id *id,
		     uint64_t cookie);

#endif
