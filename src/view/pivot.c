#include "view/pivot.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK = 256, SLOTS_MIN = 64 };		/* groups */

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

void pivot_begin(struct pivot *p, enum group_id id, struct owners *owners,
		 uint32_t expected)
{
	*p = (struct pivot){
		.group = (uint8_t)id, .owners = owners, .slots = SLOTS_MIN,
	};
	while (p->slots < 2 * (size_t)expected)
		p->slots *= 2;
	p->slot = mem_zalloc(p->slots * sizeof(*p->slot));
}

void pivot_free(struct pivot *p)
{
	for (uint32_t i = 0; i < p->count; i++)
		owners_unref(p->owners, p->block[i / BLOCK][i % BLOCK].owner);
	for (size_t i = 0; i < p->blocks; i++)
		free(p->block[i]);
	free(p->block);
	free(p->slot);
	free(p->holders.slot);
	*p = (struct pivot){ .group = GROUP_NONE };
}

static struct group *get(const struct pivot *p, size_t i)
{
	return &p->block[i / BLOCK][i % BLOCK];
}

const struct group *pivot_get(const struct pivot *p, size_t i)
{
	return i < p->count ? get(p, i) : NULL;
}

/* ---- finding ---- */

static uint32_t hash_of(const struct group_key *k)
{
	uint64_t h = 0;

	for (int i = 0; i < GROUP_KEY_WORDS; i++)
		h = mix(h + k->word[i] + 1);
	return (uint32_t)h;
}

/* The slot that has it, or a free one. */
static size_t place_of_key(const struct pivot *p, const struct group_key *k,
			   uint32_t hash)
{
	size_t i = hash & (p->slots - 1);

	for (; p->slot[i]; i = (i + 1) & (p->slots - 1))
		if (p->slot[i] >> 32 == hash &&
		    group_key_equal(&get(p, (uint32_t)p->slot[i] - 1)->key, k))
			break;
	return i;
}

long pivot_find(const struct pivot *p, const struct group_key *k)
{
	size_t i;

	if (!p->count)
		return -1;
	i = place_of_key(p, k, hash_of(k));
	return p->slot[i] ? (long)(uint32_t)p->slot[i] - 1 : -1;
}

/* The keys are not needed for that: their hashes stand in the slots. */
static void grow_slots(struct pivot *p)
{
	size_t old = p->slots, size = 2 * old;
	uint64_t *slot = mem_zalloc(size * sizeof(*slot));

	for (size_t k = 0; k < old; k++) {
		size_t i = p->slot[k] >> 32 & (size - 1);

		if (!p->slot[k])
			continue;
		while (slot[i])
			i = (i + 1) & (size - 1);
		slot[i] = p->slot[k];
	}
	free(p->slot);
	p->slot = slot;
	p->slots = size;
}

static struct group *add_group(struct pivot *p, const struct group_key *k)
{
	struct group *g;

	if (p->count == p->blocks * BLOCK) {
		/* a power of 2, so that it seldom moves */
		if (!(p->blocks & (p->blocks - 1)))
			p->block = mem_array(p->block, 2 * p->blocks + 1,
					     sizeof(*p->block));
		p->block[p->blocks++] = mem_array(NULL, BLOCK, sizeof(*g));
	}
	g = get(p, p->count);
	*g = (struct group){
		.key = *k, .number = p->count++,
		.waiting = U32_UNKNOWN, .limit = U32_UNKNOWN,
		.recv_q = U32_UNKNOWN, .owner = OWNER_NONE,
		.newest_owner = U32_UNKNOWN,
	};
	return g;
}

static struct group *group_of(struct pivot *p, const struct group_key *k)
{
	uint32_t hash = hash_of(k);
	struct group *g;
	size_t i;

	if (2 * ((size_t)p->count + 1) > p->slots)
		grow_slots(p);
	i = place_of_key(p, k, hash);
	if (p->slot[i])
		return get(p, (uint32_t)p->slot[i] - 1);
	g = add_group(p, k);
	p->slot[i] = (uint64_t)hash << 32 | p->count;
	return g;
}

/* ---- owners ---- */

/* False: it was there. */
static bool pairs_add(struct pairs *p, uint64_t pair)
{
	size_t i;

	if (2 * (p->count + 1) > p->size) {
		struct pairs more = { .size = p->size ? 2 * p->size : 64 };

		more.slot = mem_zalloc(more.size * sizeof(*more.slot));
		for (i = 0; i < p->size; i++)
			if (p->slot[i])
				pairs_add(&more, p->slot[i]);
		free(p->slot);
		*p = more;
	}
	for (i = mix(pair) & (p->size - 1); p->slot[i];
	     i = (i + 1) & (p->size - 1))
		if (p->slot[i] == pair)
			return false;
	p->slot[i] = pair;
	p->count++;
	return true;
}

/* A number of a set or of a process, with its group's. */
static uint64_t pair_of(const struct group *g, uint32_t number, bool process)
{
	return ((uint64_t)g->number << 1 | process) << 32 |
	       (number + UINT32_C(1));
}

static void add_processes(struct pivot *p, struct group *g, uint32_t set)
{
	const struct process *one;

	if (!pairs_add(&p->holders, pair_of(g, set, false)))
		return;
	for (size_t i = 0; (one = owners_get(p->owners, set, i)); i++)
		g->processes += pairs_add(&p->holders,
					  pair_of(g, (uint32_t)one->pid,
						  true));
}

/* What says more about who holds the group's sockets. */
static int weight(uint32_t set, bool last)
{
	if (set >= OWNER_FIRST)
		return last ? 4 : 5;
	return set == OWNER_HIDDEN ? 3 : set == OWNER_PENDING ? 2 : 1;
}

static bool names_better(const struct pivot *p, const struct group *g,
			 const struct sock *s)
{
	int now = weight(g->owner, g->owner_last);
	int then = weight(s->owner, s->owner_last);

	if (now != then || then < 4)
		return then > now;
	return owners_get(p->owners, s->owner, 0)->pid <
	       owners_get(p->owners, g->owner, 0)->pid;
}

static void count_processes(struct pivot *p, struct group *g, uint32_t set)
{
	if (set < OWNER_FIRST || set == g->newest_owner)
		return;
	/* the first set: all of its processes are different */
	if (g->newest_owner == U32_UNKNOWN) {
		g->processes = (uint32_t)owners_count(p->owners, set);
	} else {
		if (!g->several) {
			g->processes = 0;
			add_processes(p, g, g->newest_owner);
		}
		g->several = true;
		add_processes(p, g, set);
	}
	g->newest_owner = set;
}

static void set_owner(struct pivot *p, struct group *g, const struct sock *s)
{
	owners_ref(p->owners, s->owner);
	owners_unref(p->owners, g->owner);
	g->owner = s->owner;
	g->owner_last = s->owner_last;
}

static void add_owner(struct pivot *p, struct group *g, const struct sock *s)
{
	count_processes(p, g, s->owner);
	if (s->owner == g->owner && s->owner_last == g->owner_last)
		return;
	if (names_better(p, g, s))
		set_owner(p, g, s);
}

/* Sockets that are gone name a group only as long as it has no others. */
static void add_gone_owner(struct pivot *p, struct group *g,
			   const struct sock *s)
{
	if (g->total || !names_better(p, g, s))
		return;
	set_owner(p, g, s);
	g->processes = (uint32_t)owners_count(p->owners, s->owner);
}

static void forget_owner(struct pivot *p, struct group *g)
{
	owners_unref(p->owners, g->owner);
	g->owner = OWNER_NONE;
	g->owner_last = false;
	g->processes = 0;
}

bool group_processes_known(const struct group *g)
{
	return g->owner != OWNER_PENDING && g->owner != OWNER_HIDDEN;
}

void group_label(struct column_context *c, enum group_id id,
		 const struct group *g, struct buf *out)
{
	const struct group_owner owner = group_owner(g);
	bool ascii = c->ascii;

	c->ascii = false;
	group_text(c, id, &g->key, &owner, out);
	c->ascii = ascii;
}

/* ---- queues ---- */

bool group_queue_full(const struct group *g)
{
	return g->waiting != U32_UNKNOWN && g->limit != U32_UNKNOWN &&
	       g->waiting && g->waiting >= g->limit;
}

/* Is the first queue fuller? An unknown limit is a large one. */
static bool fuller(uint32_t waiting, uint32_t limit, const struct group *g)
{
	if (g->waiting == U32_UNKNOWN || waiting == U32_UNKNOWN)
		return g->waiting == U32_UNKNOWN;
	if (!waiting && !g->waiting)
		return limit < g->limit;
	return (uint64_t)waiting * g->limit > (uint64_t)g->waiting * limit;
}

static void add_queue(struct group *g, const struct sock_row *r)
{
	if (r->state == STATE_LISTEN) {
		if (!g->listens || fuller(r->recv_q, r->send_q, g)) {
			g->waiting = r->recv_q;
			g->limit = r->send_q;
		}
		g->listens = true;
	} else if (r->recv_q != U32_UNKNOWN &&
		   (g->recv_q == U32_UNKNOWN || r->recv_q > g->recv_q)) {
		g->recv_q = r->recv_q;
	}
}

/* ---- adding ---- */

void pivot_add(struct pivot *p, struct column_context *c, const struct sock *s)
{
	struct group_key k;
	struct group *g;

	group_key_of(c, p->group, s, &k);
	g = group_of(p, &k);
	if (!s->live) {
		add_gone_owner(p, g, s);
		return;
	}
	if (!g->total)
		forget_owner(p, g);
	add_owner(p, g, s);
	g->count[state_slot(s->row.state)]++;
	g->total++;
	g->fresh += s->mark == MARK_NEW;
	p->total++;
	add_queue(g, &s->row);
}

void pivot_came(struct pivot *p, const struct group_key *k,
		const struct sock *s)
{
	struct group *g = group_of(p, k);

	add_gone_owner(p, g, s);
	g->came++;
}

void pivot_left(struct pivot *p, const struct group_key *k,
		const struct sock *s)
{
	struct group *g = group_of(p, k);

	add_gone_owner(p, g, s);
	g->left++;
}
