#include "model/table.h"

#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/table_state.h"

struct table *table_new(const struct clock *clock, struct owners *owners,
			void (*changed)(void *arg, const struct change *c),
			void *arg)
{
	struct table *t = mem_zalloc(sizeof(*t));

	t->clock = clock;
	t->owners = owners;
	t->changed = changed;
	t->arg = arg;
	slots_init(&t->slots);
	t->newest = SLOT_NONE;
	t->listeners = mem_zalloc((UINT16_MAX + 1) * sizeof(*t->listeners));
	t->listened = mem_zalloc(LISTENED * sizeof(*t->listened));
	/* the kernel's default of ip_local_port_range */
	table_ephemeral_ports(t, 32768, 60999);
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; owners_sets(t->owners) && i < t->slots.used; i++)
		owners_unref(t->owners, slots_at(&t->slots, i)->owner);
	slots_free(&t->slots);
	free(t->listeners);
	free(t->listened);
	free(t->opened.slot);
	free(t->ownerless.slot);
	free(t->touched.slot);
	free(t->absent.slot);
	free(t->verdict);
	free(t->gone.slot);
	free(t->marked.slot);
	table_due_free(t);
	free(t->unborn.slot);
	free(t->nameless.event);
	for (size_t i = 0; i < t->deferred.count; i++)
		free(t->deferred.row[i].row.detail);
	free(t->deferred.row);
	free(t);
}

struct table *table_copy(const struct table *t)
{
	struct table *copy = mem_zalloc(sizeof(*copy));

	copy->clock = t->clock;
	copy->owners = t->owners;
	copy->last_serial = t->last_serial;
	copy->counts = t->counts;
	copy->published = t->published;
	copy->pass = t->pass;
	copy->settled = t->settled;
	copy->complete = t->complete;
	copy->listened = mem_zalloc(LISTENED * sizeof(*copy->listened));
	copy->listeners = mem_array(NULL, UINT16_MAX + 1,
				    sizeof(*copy->listeners));
	memcpy(copy->listeners, t->listeners,
	       (UINT16_MAX + 1) * sizeof(*copy->listeners));
	copy->touched_many = true;
	copy->slots = slots_copy(&t->slots);
	for (uint32_t i = 0; i < copy->slots.used; i++)
		owners_ref(copy->owners, slots_at(&copy->slots, i)->owner);
	return copy;
}

void table_ephemeral_ports(struct table *t, uint16_t first, uint16_t last)
{
	t->ephemeral_first = first;
	t->ephemeral_last = last;
}

/* Asked for what is new or changed only; one told as seen before it was read
 * would be told wrong. */
int64_t table_now(struct table *t)
{
	if (t->until_tick)
		t->until_tick--;
	else
		t->tick = clock_mono(t->clock);
	return t->tick;
}

void table_now_is_old(struct table *t)
{
	t->until_tick = 0;
}

void table_now_stays(struct table *t)
{
	t->tick = clock_mono(t->clock);
	t->until_tick = UINT_MAX;
}

void table_expect(struct table *t, uint64_t sockets)
{
	slots_expect(&t->slots, sockets < UINT32_MAX ? (uint32_t)sockets :
						       UINT32_MAX);
}

void slot_list_add(struct slot_list *l, uint32_t slot)
{
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? 2 * l->capacity : 64;
		l->slot = mem_array(l->slot, l->capacity, sizeof(*l->slot));
	}
	l->slot[l->count++] = slot;
}

struct sock *table_find(const struct table *t, const struct sock_id *id,
			uint64_t cookie)
{
	uint32_t i = slots_first(&t->slots, id);

	while (i != SLOT_NONE && cookie && table_at(t, i)->row.cookie != cookie)
		i = slots_next(&t->slots, i, id);
	return i == SLOT_NONE ? NULL : table_at(t, i);
}

void table_count(struct table *t, const struct sock *s, int by)
{
	t->counts.state[state_slot(s->row.state)] += by;
	t->counts.total += by;
	if (s->row.state != STATE_LISTEN)
		return;
	t->listeners[s->row.id.local_port] += by;
	t->listeners_changed++;
}

bool table_port_listened(const struct table *t, uint32_t netns, uint16_t port)
{
	(void)netns;		/* one namespace is watched */
	return t->listeners[port] != 0;
}

const struct sock *table_listener_of(const struct table *t,
				     const struct sock_id *id)
{
	static const struct addr any;
	struct sock_id l = { .local_port = id->local_port,
			     .protocol = id->protocol, .netns = id->netns };

	uint32_t slot;

	if (!t->listeners[id->local_port])
		return NULL;
	l.family = id->family;
	l.local = id->local;
	slot = slots_first(&t->slots, &l);
	if (slot == SLOT_NONE) {
		l.local = any;
		slot = slots_first(&t->slots, &l);
	}
	return slot == SLOT_NONE ? NULL : table_at(t, slot);
}

uint32_t table_listener_owner(const struct table *t, const struct sock *s)
{
	const struct sock *l = s->direction == DIR_IN ?
		table_listener_of(t, &s->row.id) : NULL;

	return l ? l->owner : OWNER_PENDING;
}

void table_borrow_owner(const struct table *t, struct sock *s)
{
	const struct sock *l;

	if (s->owner >= OWNER_FIRST || s->direction != DIR_IN)
		return;
	l = table_listener_of(t, &s->row.id);
	if (!l || l->owner < OWNER_FIRST)
		return;
	owners_ref(t->owners, l->owner);
	s->owner = l->owner;
	s->owner_last = true;
}

static bool is_listened(const struct table *t, const struct sock_id *id)
{
	const struct sock_id end = {
		.local = id->local, .local_port = id->local_port,
		.family = id->family, .protocol = id->protocol,
		.netns = id->netns,
	};
	struct listened *l;

	if (!t->listeners[id->local_port])
		return false;
	l = &t->listened[(id->local.b[3] ^ id->local.b[15] ^ id->local_port) %
			 LISTENED];
	if (l->as_of != t->listeners_changed || !sock_id_equal(&l->id, &end)) {
		l->id = end;
		l->as_of = t->listeners_changed;
		l->yes = table_listener_of(t, id) != NULL;
	}
	return l->yes;
}

void table_find_direction(const struct table *t, struct sock *s)
{
	const struct sock_id *id = &s->row.id;

	if (s->direction != DIR_UNKNOWN || !state_connects(s->row.state))
		return;
	if (s->row.state == STATE_SYN_SENT)
		s->direction = DIR_OUT;
	else if (s->row.state == STATE_SYN_RECV || is_listened(t, id))
		s->direction = DIR_IN;
	else if (id->local_port >= t->ephemeral_first &&
		 id->local_port <= t->ephemeral_last)
		s->direction = DIR_OUT;
}

void table_mark(struct table *t, uint32_t slot, enum mark mark)
{
	struct sock *s = table_at(t, slot);

	if (s->live && s->mark == MARK_NONE)
		slot_list_add(&t->marked, slot);
	s->mark = mark;
	s->mark_round = t->round;
}

void table_mark_changed(struct table *t, uint32_t slot)
{
	const struct sock *s = table_at(t, slot);

	if (s->mark != MARK_NEW || table_mark_age(t, s))
		table_mark(t, slot, MARK_CHANGED);
}

void table_close(struct table *t, uint32_t slot)
{
	table_close_at(t, slot, table_last_seen(t, table_at(t, slot)),
		       table_now(t), CERTAIN_BETWEEN);
}

void table_close_at(struct table *t, uint32_t slot, int64_t after, int64_t at,
		    enum certainty certainty)
{
	struct sock *s = table_at(t, slot);

	tell_closed(t, slot, after, at, certainty);
	table_count(t, s, -1);
	if (!s->hashed)
		table_born(t, slot);
	slots_set_live(&t->slots, slot, false);
	table_mark(t, slot, MARK_GONE);
	table_touch(t, slot);
	slot_list_add(&t->gone, slot);
}

uint32_t table_passes(const struct table *t)
{
	return t->settled;
}

const struct table_counts *table_counts(const struct table *t)
{
	return &t->published;
}

const struct table_counts *table_counts_now(const struct table *t)
{
	return &t->counts;
}

size_t table_unconfirmed(const struct table *t)
{
	return t->unconfirmed;
}

size_t table_repeated(const struct table *t)
{
	return t->repeated;
}

uint64_t table_impossible(const struct table *t)
{
	return t->impossible;
}

uint32_t table_slots(const struct table *t)
{
	return t->slots.used;
}

struct sock *table_slot(const struct table *t, uint32_t slot)
{
	struct sock *s = slot < t->slots.used ? table_at(t, slot) : NULL;

	return s && s->serial ? s : NULL;
}

/* Is it known, without reading it, that the slot has no newer socket? Its
 * serial is in the other cache line. */
static bool surely_until(const struct table *t, uint32_t slot, uint64_t serial)
{
	return serial == t->last_serial && slot < t->slots.used &&
	       slots_live(&t->slots, slot);
}

struct sock *table_slot_until(const struct table *t, uint32_t slot,
			      uint64_t serial)
{
	struct sock *s;

	if (surely_until(t, slot, serial))
		return table_at(t, slot);
	s = table_slot(t, slot);
	return s && s->serial <= serial ? s : NULL;
}

void table_prefetch(const struct table *t, const uint32_t *slots, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slots[i] >= t->slots.used)
			continue;
		__builtin_prefetch(table_at(t, slots[i]));
		__builtin_prefetch(&table_at(t, slots[i])->first_seen);
	}
}

void table_fetch(const struct table *t, const uint32_t *slots, size_t n,
		 uint64_t serial, struct sock **socks)
{
	for (size_t i = 0; i < n; i++)
		socks[i] = table_slot_until(t, slots[i], serial);
}

const struct sock *table_run(const struct table *t, uint32_t slot, uint32_t *n)
{
	uint32_t end = slot / SLOT_CHUNK * SLOT_CHUNK + SLOT_CHUNK;

	if (slot >= t->slots.used)
		return NULL;
	*n = (end < t->slots.used ? end : t->slots.used) - slot;
	return table_at(t, slot);
}

uint64_t table_live(const struct table *t, uint32_t slot)
{
	return slot < t->slots.used ? t->slots.live[slot / 64] : 0;
}

struct sock *table_ref(const struct table *t, struct sock_ref who)
{
	struct sock *s = table_slot(t, who.slot);

	return s && s->serial == who.serial ? s : NULL;
}

uint64_t table_newest(const struct table *t)
{
	return t->last_serial;
}

uint32_t table_slot_of(const struct table *t, const struct sock *s)
{
	uint32_t i = slots_first(&t->slots, &s->row.id);

	while (i != SLOT_NONE && table_at(t, i) != s)
		i = slots_next(&t->slots, i, &s->row.id);
	return i;
}

void table_set_owner(struct table *t, struct sock *s, uint32_t set)
{
	owners_unref(t->owners, s->owner);
	s->owner = set;
	s->owner_last = false;
	if (!t->touched_many)
		table_touch(t, table_slot_of(t, s));
}
