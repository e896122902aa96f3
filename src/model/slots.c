#include "model/slots.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/timeline.h"

enum {
	FIRST_BUCKETS	= 1024,
	CHUNK_WORDS	= SLOT_CHUNK / 64,	/* of live and seen */
	CACHE_LINE	= 64,
	SLOT_BITS	= 26,	/* of a bucket: 67 million sockets, 8.6 GB */
	TAG_BITS	= 32 - SLOT_BITS,
};

#define EMPTY	((UINT32_C(1) << SLOT_BITS) - 1)	/* no slot, no tag */

static void empty_buckets(struct slots *m)
{
	for (uint32_t i = 0; i < m->buckets; i++)
		m->bucket[i] = EMPTY;
}

void slots_init(struct slots *m)
{
	memset(m, 0, sizeof(*m));
	m->free = SLOT_NONE;
	m->buckets = FIRST_BUCKETS;
	m->bucket = mem_array(NULL, m->buckets, sizeof(*m->bucket));
	empty_buckets(m);
}

static uint32_t chunks(const struct slots *m)
{
	return (m->used + SLOT_CHUNK - 1) / SLOT_CHUNK;
}

void slots_free(struct slots *m)
{
	for (uint32_t i = 0; i < m->used; i++)
		timeline_free(slots_at(m, i)->timeline);
	for (uint32_t i = 0; i < chunks(m); i++)
		free(m->chunk[i]);
	free(m->chunk);
	free(m->bucket);
	free(m->live);
	free(m->seen);
}

static void *copy_of(const void *from, size_t size)
{
	void *to = mem_alloc(size);

	return size ? memcpy(to, from, size) : to;
}

struct slots slots_copy(const struct slots *from)
{
	size_t bits = (size_t)chunks(from) * CHUNK_WORDS * sizeof(*from->live);
	struct slots to = *from;

	to.bucket = copy_of(from->bucket, to.buckets * sizeof(*to.bucket));
	to.live = copy_of(from->live, bits);
	to.seen = copy_of(from->seen, bits);
	to.chunk = mem_array(NULL, chunks(from), sizeof(*to.chunk));
	for (uint32_t i = 0; i < chunks(from); i++)
		to.chunk[i] = copy_of(from->chunk[i],
				      SLOT_CHUNK * sizeof(struct sock));
	for (uint32_t i = 0; i < to.used; i++)
		slots_at(&to, i)->timeline =
			timeline_copy(slots_at(from, i)->timeline);
	return to;
}

static uint64_t *more_bits(uint64_t *bits, uint32_t chunk)
{
	bits = mem_array(bits, ((size_t)chunk + 1) * CHUNK_WORDS,
			 sizeof(*bits));
	memset(bits + (size_t)chunk * CHUNK_WORDS, 0,
	       CHUNK_WORDS * sizeof(*bits));
	return bits;
}

/*
 * Memory that nobody has touched yet is not resident: a chunk is large, and
 * what is taken of it is zeroed then.  Where there are many it is one page each,
 * if the kernel has one of that size: sockets in any other order than that of
 * memory are read in half the time then.  What is kept for a moment's use is
 * not taken: it is larger, and would be missed.
 */
static struct sock *new_chunk(bool many)
{
	struct sock *chunk;

	if (many)
		return mem_lines(SLOT_CHUNK, sizeof(*chunk));
	chunk = aligned_alloc(CACHE_LINE, SLOT_CHUNK * sizeof(*chunk));
	if (!chunk)
		mem_exhausted();
	return chunk;
}

static void add_chunk(struct slots *m)
{
	uint32_t n = chunks(m);
	struct sock *chunk = new_chunk(m->buckets > SLOT_CHUNK);

	m->chunk = mem_array(m->chunk, n + 1, sizeof(*m->chunk));
	m->chunk[n] = chunk;
	m->live = more_bits(m->live, n);
	m->seen = more_bits(m->seen, n);
}

struct sock *slots_take(struct slots *m, uint32_t *slot)
{
	struct sock *s;

	if (m->free != SLOT_NONE) {
		*slot = m->free;
		s = slots_at(m, *slot);
		m->free = s->next;
	} else {
		if (m->used % SLOT_CHUNK == 0)
			add_chunk(m);
		if (m->used == EMPTY)
			mem_exhausted();
		*slot = m->used++;
		s = slots_at(m, *slot);
	}
	memset(s, 0, sizeof(*s));
	s->next = s->after = SLOT_NONE;
	return s;
}

void slots_give(struct slots *m, uint32_t slot)
{
	struct sock *s = slots_at(m, slot);

	timeline_free(s->timeline);
	memset(s, 0, sizeof(*s));
	s->after = SLOT_NONE;
	s->next = m->free;
	m->free = slot;
}

void slots_set_live(struct slots *m, uint32_t slot, bool live)
{
	const uint64_t bit = UINT64_C(1) << slot % 64;

	slots_at(m, slot)->live = live;
	if (live)
		m->live[slot / 64] |= bit;
	else
		m->live[slot / 64] &= ~bit;
}

void slots_see_none(struct slots *m)
{
	if (m->used)
		memset(m->seen, 0, (m->used + 63) / 64 * sizeof(*m->seen));
}

uint32_t slots_unseen(const struct slots *m, uint32_t from)
{
	uint64_t mask = ~UINT64_C(0) << from % 64;

	for (uint32_t w = from / 64; w < (m->used + 63) / 64; w++) {
		uint64_t unseen = m->live[w] & ~m->seen[w] & mask;

		if (unseen)
			return w * 64 + (uint32_t)__builtin_ctzll(unseen);
		mask = ~UINT64_C(0);
	}
	return SLOT_NONE;
}

static uint32_t *chain(const struct slots *m, uint32_t hash)
{
	return &m->bucket[hash & (m->buckets - 1)];
}

static uint32_t head_slot(uint32_t head)
{
	return (head & EMPTY) == EMPTY ? SLOT_NONE : head & EMPTY;
}

/* One of the bits above the slot, by bits of the hash that chose no bucket as
 * long as these are few. */
static uint32_t tag(uint32_t hash)
{
	return UINT32_C(1) << (SLOT_BITS + (hash >> 24) % TAG_BITS);
}

static void link_slot(struct slots *m, uint32_t slot, uint32_t hash)
{
	struct sock *s = slots_at(m, slot);
	uint32_t *head = chain(m, hash);

	s->next = head_slot(*head);
	*head = (*head & ~EMPTY) | tag(hash) | slot;
}

/* Doubling keeps chains at one on average; it costs a pass over the table
 * each time the table has doubled. */
static void grow(struct slots *m, uint32_t buckets)
{
	m->buckets = buckets;
	m->bucket = mem_array(m->bucket, m->buckets, sizeof(*m->bucket));
	empty_buckets(m);
	for (uint32_t i = 0; i < m->used; i++)
		if (slots_at(m, i)->hashed)
			link_slot(m, i, sock_id_hash(&slots_at(m, i)->row.id));
}

void slots_expect(struct slots *m, uint32_t sockets)
{
	uint32_t buckets = m->buckets;

	while (buckets < sockets && buckets < EMPTY)
		buckets *= 2;
	if (buckets > m->buckets)
		grow(m, buckets);
}

void slots_hash(struct slots *m, uint32_t slot, uint32_t hash)
{
	slots_at(m, slot)->hashed = true;
	if (++m->hashed > m->buckets)
		grow(m, 2 * m->buckets);
	else
		link_slot(m, slot, hash);
}

bool slots_none(const struct slots *m, uint32_t hash)
{
	return !(*chain(m, hash) & tag(hash));
}

void slots_unhash(struct slots *m, uint32_t slot)
{
	struct sock *s = slots_at(m, slot);
	uint32_t *head, before;

	if (!s->hashed)
		return;
	head = chain(m, sock_id_hash(&s->row.id));
	before = head_slot(*head);
	if (before == slot) {
		/* the tags of a chain that goes on stay: too many do no harm */
		*head = s->next == SLOT_NONE ? EMPTY
					     : (*head & ~EMPTY) | s->next;
	} else {
		while (slots_at(m, before)->next != slot)
			before = slots_at(m, before)->next;
		slots_at(m, before)->next = s->next;
	}
	s->next = SLOT_NONE;
	s->hashed = false;
	m->hashed--;
}

static uint32_t match_from(const struct slots *m, uint32_t slot,
			   const struct sock_id *id, bool live)
{
	while (slot != SLOT_NONE) {
		const struct sock *s = slots_at(m, slot);

		if (s->live == live && sock_id_equal(&s->row.id, id))
			break;
		slot = s->next;
	}
	return slot;
}

static uint32_t first(const struct slots *m, const struct sock_id *id,
		      bool live)
{
	uint32_t hash = sock_id_hash(id), head = *chain(m, hash);

	if (!(head & tag(hash)))
		return SLOT_NONE;
	return match_from(m, head_slot(head), id, live);
}

uint32_t slots_first(const struct slots *m, const struct sock_id *id)
{
	return first(m, id, true);
}

uint32_t slots_next(const struct slots *m, uint32_t slot,
		    const struct sock_id *id)
{
	return match_from(m, slots_at(m, slot)->next, id, true);
}

uint32_t slots_ghost(const struct slots *m, const struct sock_id *id,
		     uint64_t cookie)
{
	uint32_t i = first(m, id, false);

	while (i != SLOT_NONE && slots_at(m, i)->row.cookie &&
	       slots_at(m, i)->row.cookie != cookie)
		i = match_from(m, slots_at(m, i)->next, id, false);
	return i;
}
