#include "view/pivot.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK = 256, SLOTS_MIN = 64 };		/* groups */

void pivot_begin(struct pivot *p, enum group_id id, struct owners *owners,
		 uint32_t expected)
{
	*p = (struct pivot){
		.group = (uint8_t)id, .owners = owners, .slots = SLOTS_MIN,
	};
	while (p->slots < 2 * (size_t)expected)
		p->slots *= 2;
	p->slot = mem_zalloc(p->slots * sizeof(*p->slot));
	if (!groups[id].by_owner)
		return;
	p->by_sets = owners_end(owners);
	p->by_set = mem_zalloc(p->by_sets * sizeof(*p->by_set));
}

void pivot_free(struct pivot *p)
{
	pivot_free_owners(p);
	for (size_t i = 0; i < p->blocks; i++)
		free(p->block[i]);
	free(p->block);
	free(p->slot);
	free(p->by_set);
	*p = (struct pivot){ .group = GROUP_NONE };
}

struct group *pivot_group(const struct pivot *p, size_t i)
{
	return &p->block[i / BLOCK][i % BLOCK];
}

const struct group *pivot_get(const struct pivot *p, size_t i)
{
	return i < p->count ? pivot_group(p, i) : NULL;
}

/* ---- finding ---- */

static uint32_t hash_of(const struct group_key *k)
{
	uint64_t h = pivot_mix(k->word[0] +
			       k->word[1] * UINT64_C(0x9e3779b97f4a7c15));

	/* most kinds have no more than two words */
	return (uint32_t)(k->word[2] ? pivot_mix(h + k->word[2]) : h);
}

/* The slot that has it, or a free one. */
static size_t place_of_key(const struct pivot *p, const struct group_key *k,
			   uint32_t hash)
{
	size_t i = hash & (p->slots - 1);

	for (; p->slot[i]; i = (i + 1) & (p->slots - 1)) {
		const struct group *g = pivot_group(p, (uint32_t)p->slot[i] - 1);

		if (p->slot[i] >> 32 == hash && group_key_equal(&g->key, k))
			break;
	}
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
	g = pivot_group(p, p->count);
	*g = (struct group){
		.key = *k, .number = p->count++,
		.waiting = U32_UNKNOWN, .limit = U32_UNKNOWN,
		.recv_q = U32_UNKNOWN, .owner = OWNER_NONE,
		.newest_owner = U32_UNKNOWN, .processes = U32_UNKNOWN,
	};
	return g;
}

static struct group *group_of(struct pivot *p, const struct group_key *k,
			      uint32_t hash)
{
	struct group *g;
	size_t i;

	if (2 * ((size_t)p->count + 1) > p->slots)
		grow_slots(p);
	i = place_of_key(p, k, hash);
	if (p->slot[i])
		return pivot_group(p, (uint32_t)p->slot[i] - 1);
	g = add_group(p, k);
	p->slot[i] = (uint64_t)hash << 32 | p->count;
	return g;
}

/* ---- names ---- */

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

/* a socket on its way into its group */
struct coming {
	struct group_key key;
	uint32_t hash;
	struct group *group;		/* NULL: it is to be looked for */
};

/* All sockets of its owner set are in one group. */
static bool has_set(const struct pivot *p, const struct sock *s)
{
	return s->owner >= OWNER_FIRST && s->owner < p->by_sets;
}

static void find_hash(const struct pivot *p, struct column_context *c,
		      const struct sock *s, struct coming *to)
{
	uint32_t known = has_set(p, s) ? p->by_set[s->owner] : 0;

	to->group = known ? pivot_group(p, known - 1) : NULL;
	if (to->group)
		return;
	group_key_of(c, p->group, s, &to->key);
	to->hash = hash_of(&to->key);
	__builtin_prefetch(&p->slot[to->hash & (p->slots - 1)]);
}

static void fetch_group(const struct pivot *p, const struct coming *to)
{
	uint32_t number;
	const char *g;

	if (to->group)
		return;
	number = (uint32_t)p->slot[to->hash & (p->slots - 1)];
	if (!number)
		return;
	g = (const char *)pivot_group(p, number - 1);
	for (size_t at = 0; at < sizeof(struct group); at += 64)
		__builtin_prefetch(g + at);
}

static void find_group(struct pivot *p, const struct sock *s,
		       struct coming *to)
{
	if (to->group)
		return;
	to->group = group_of(p, &to->key, to->hash);
	if (has_set(p, s)) {
		p->by_set[s->owner] = to->group->number + 1;
		pivot_keep_set(p, s->owner);
	}
	pivot_fetch_owner(p, to->group);
}

static void add(struct pivot *p, struct group *g, const struct sock *s)
{
	if (!s->live) {
		pivot_add_gone_owner(p, g, s);
		return;
	}
	if (!g->total)
		pivot_forget_owner(p, g);
	pivot_add_owner(p, g, s);
	g->count[state_slot(s->row.state)]++;
	g->total++;
	g->fresh += s->mark == MARK_NEW;
	p->total++;
	add_queue(g, &s->row);
}

/*
 * Each step takes what the one before asked memory for.  One socket after the
 * other would have to wait four times.
 */
void pivot_add(struct pivot *p, struct column_context *c,
	       const struct sock *const *socks, size_t n)
{
	struct coming to[PIVOT_BATCH];

	for (size_t i = 0; i < n; i++)
		find_hash(p, c, socks[i], &to[i]);
	for (size_t i = 0; i < n; i++)
		fetch_group(p, &to[i]);
	for (size_t i = 0; i < n; i++)
		find_group(p, socks[i], &to[i]);
	for (size_t i = 0; i < n; i++)
		add(p, to[i].group, socks[i]);
}

void pivot_came(struct pivot *p, const struct group_key *k,
		const struct sock *s)
{
	struct group *g = group_of(p, k, hash_of(k));

	pivot_add_gone_owner(p, g, s);
	g->came++;
}

void pivot_left(struct pivot *p, const struct group_key *k,
		const struct sock *s)
{
	struct group *g = group_of(p, k, hash_of(k));

	pivot_add_gone_owner(p, g, s);
	g->left++;
}
