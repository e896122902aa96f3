#include "model/slots.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_BUCKETS = 1024 };

void slots_init(struct slots *m)
{
	memset(m, 0, sizeof(*m));
	m->free = SLOT_NONE;
	m->buckets = FIRST_BUCKETS;
	m->bucket = mem_array(NULL, m->buckets, sizeof(*m->bucket));
	memset(m->bucket, 0xff, m->buckets * sizeof(*m->bucket));
}

static uint32_t chunks(const struct slots *m)
{
	return (m->used + SLOT_CHUNK - 1) / SLOT_CHUNK;
}

void slots_free(struct slots *m)
{
	for (uint32_t i = 0; i < m->used; i++) {
		free(slots_at(m, i)->row.detail);
		free(slots_at(m, i)->timeline);
	}
	for (uint32_t i = 0; i < chunks(m); i++)
		free(m->chunk[i]);
	free(m->chunk);
	free(m->bucket);
}

size_t slots_memory(const struct slots *m)
{
	return (size_t)chunks(m) * SLOT_CHUNK * sizeof(struct sock) +
	       (size_t)m->buckets * sizeof(*m->bucket);
}

struct sock *slots_take(struct slots *m, uint32_t *slot)
{
	struct sock *s;

	if (m->free != SLOT_NONE) {
		*slot = m->free;
		s = slots_at(m, *slot);
		m->free = s->next;
		memset(s, 0, sizeof(*s));
		return s;
	}
	if (m->used % SLOT_CHUNK == 0) {
		m->chunk = mem_array(m->chunk, chunks(m) + 1,
				     sizeof(*m->chunk));
		m->chunk[chunks(m)] = mem_zalloc(SLOT_CHUNK *
						 sizeof(struct sock));
	}
	*slot = m->used++;
	return slots_at(m, *slot);
}

void slots_give(struct slots *m, uint32_t slot)
{
	struct sock *s = slots_at(m, slot);

	free(s->row.detail);
	free(s->timeline);
	memset(s, 0, sizeof(*s));
	s->next = m->free;
	m->free = slot;
}

static uint32_t *chain(const struct slots *m, const struct sock_id *id)
{
	return &m->bucket[sock_id_hash(id) & (m->buckets - 1)];
}

static void link_slot(struct slots *m, uint32_t slot)
{
	struct sock *s = slots_at(m, slot);
	uint32_t *head = chain(m, &s->row.id);

	s->next = *head;
	*head = slot;
}

/* Doubling keeps chains at one on average; it costs a pass over the table
 * each time the table has doubled. */
static void grow(struct slots *m)
{
	m->buckets *= 2;
	m->bucket = mem_array(m->bucket, m->buckets, sizeof(*m->bucket));
	memset(m->bucket, 0xff, m->buckets * sizeof(*m->bucket));
	for (uint32_t i = 0; i < m->used; i++)
		if (slots_at(m, i)->hashed)
			link_slot(m, i);
}

void slots_hash(struct slots *m, uint32_t slot)
{
	slots_at(m, slot)->hashed = true;
	if (++m->hashed > m->buckets)
		grow(m);
	else
		link_slot(m, slot);
}

void slots_unhash(struct slots *m, uint32_t slot)
{
	struct sock *s = slots_at(m, slot);
	uint32_t *at = chain(m, &s->row.id);

	if (!s->hashed)
		return;
	while (*at != slot)
		at = &slots_at(m, *at)->next;
	*at = s->next;
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

uint32_t slots_first(const struct slots *m, const struct sock_id *id)
{
	return match_from(m, *chain(m, id), id, true);
}

uint32_t slots_next(const struct slots *m, uint32_t slot,
		    const struct sock_id *id)
{
	return match_from(m, slots_at(m, slot)->next, id, true);
}

uint32_t slots_ghost(const struct slots *m, const struct sock_id *id,
		     uint64_t cookie)
{
	uint32_t i = match_from(m, *chain(m, id), id, false);

	while (i != SLOT_NONE && slots_at(m, i)->row.cookie &&
	       slots_at(m, i)->row.cookie != cookie)
		i = match_from(m, slots_at(m, i)->next, id, false);
	return i;
}
