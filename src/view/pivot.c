#include "view/pivot.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/pivot_part.h"

enum { SLOTS_MIN = 64, FEW_LOG = 6 };

void pivot_begin(struct pivot *p, enum group_id id, struct owners *owners,
		 uint32_t sockets, uint32_t expected)
{
	*p = (struct pivot){
		.group = (uint8_t)id, .owners = owners, .slots = SLOTS_MIN,
		.block_log = FEW_LOG,
	};
	if (sockets >= PORTS_WORTH)
		pivot_port_begin(p);
	if (p->ports)
		return;
	while (p->slots < 2 * (size_t)expected)
		p->slots *= 2;
	p->slot = mem_lines(p->slots, sizeof(*p->slot));
	memset(p->slot, 0, p->slots * sizeof(*p->slot));
}

void pivot_free(struct pivot *p)
{
	pivot_free_owners(p);
	pivot_port_end(p);
	for (int i = 0; i < PIVOT_BLOCKS; i++)
		free(p->block[i]);
	free(p->slot);
	*p = (struct pivot){ .group = GROUP_NONE };
}

const struct group *pivot_get(const struct pivot *p, size_t i)
{
	return i < p->count ? pivot_group(p, (uint32_t)i) : NULL;
}

/* ---- finding ---- */

static inline uint32_t hash_of(const struct group_key *k)
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

static inline uint32_t *number_of_port(const struct pivot *p,
				       const struct group_key *k)
{
	return &p->ports->number[k->word[0] >> 1 & (PORTS - 1)];
}

long pivot_find(const struct pivot *p, const struct group_key *k)
{
	size_t i;

	if (!p->count)
		return -1;
	if (p->ports)
		return (long)*number_of_port(p, k) - 1;
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

_Static_assert(offsetof(struct group, count[STATE_ESTABLISHED + 1]) <= 64,
	       "what one open connection changes");
_Static_assert(sizeof(struct group) % 64 == 0, "each begins as the first one");

static void add_group(struct pivot *p, const struct group_key *k)
{
	uint32_t i = p->count++;
	uint32_t first = 1u << p->block_log, nth = (i >> p->block_log) + 1;

	/* the first of a block: blocks are of 1, 2, 4, ... times as many */
	if (i % first == 0 && !(nth & (nth - 1)) && !(p->ports && !i))
		p->block[__builtin_ctz(nth)] =
			mem_lines(i + first, sizeof(struct group));
	*pivot_group(p, i) = (struct group){
		.key = *k, .waiting = U32_UNKNOWN, .limit = U32_UNKNOWN,
		.recv_q = U32_UNKNOWN, .owner = OWNER_NONE,
	};
}

static uint32_t number_of(struct pivot *p, const struct group_key *k,
			  uint32_t hash)
{
	size_t i;

	if (2 * ((size_t)p->count + 1) > p->slots)
		grow_slots(p);
	i = place_of_key(p, k, hash);
	if (!p->slot[i]) {
		add_group(p, k);
		p->slot[i] = (uint64_t)hash << 32 | p->count;
	}
	return (uint32_t)p->slot[i] - 1;
}

uint32_t pivot_number(struct pivot *p, const struct group_key *k)
{
	uint32_t *number;

	if (!p->ports)
		return number_of(p, k, hash_of(k));
	number = number_of_port(p, k);
	if (!*number) {
		add_group(p, k);
		*number = p->count;
	}
	return *number - 1;
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
	uint32_t number;		/* of the group, or of the one it may
					   be; U32_UNKNOWN */
	bool sure;
};

/* All sockets of its owner set are in one group. */
static bool has_set(const struct pivot *p, const struct sock *s)
{
	return groups[p->group].by_owner && s->owner >= OWNER_FIRST;
}

static void find_hash(struct pivot *p, struct column_context *c,
		      const struct sock *s, struct coming *to)
{
	uint32_t known = has_set(p, s) ? pivot_know_set(p, s->owner)->group : 0;

	to->sure = known;
	to->number = known - 1;
	if (known)
		return;
	group_key_of(c, p->group, s, &to->key);
	if (p->ports) {
		__builtin_prefetch(number_of_port(p, &to->key));
		return;
	}
	to->hash = hash_of(&to->key);
	__builtin_prefetch(&p->slot[to->hash & (p->slots - 1)]);
}

/* That whose key has the same hash: nearly always the right one. */
static uint32_t likely_number(const struct pivot *p, const struct coming *to)
{
	size_t i = to->hash & (p->slots - 1);

	if (p->ports)
		return *number_of_port(p, &to->key) - 1;
	while (p->slot[i] && p->slot[i] >> 32 != to->hash)
		i = (i + 1) & (p->slots - 1);
	return (uint32_t)p->slot[i] - 1;
}

static void fetch_group(const struct pivot *p, struct coming *to)
{
	if (to->sure)
		return;
	to->number = likely_number(p, to);
	if (to->number != U32_UNKNOWN)
		__builtin_prefetch(pivot_group(p, to->number), 1);
}

static void find_group(struct pivot *p, const struct sock *s,
		       struct coming *to)
{
	if (to->sure)
		return;
	if (to->number == U32_UNKNOWN ||
	    !group_key_equal(&pivot_group(p, to->number)->key, &to->key))
		to->number = pivot_number(p, &to->key);
	/* one that is gone is not one of its owners */
	if (has_set(p, s) && s->live)
		pivot_know_set(p, s->owner)->group =
			(to->number + 1) & ((1u << 31) - 1);
}

/* Those that are gone name a group only as long as it has no others. */
static void add_gone(struct pivot *p, struct group *g, const struct sock *s)
{
	if (!g->total)
		pivot_name(p, g, s->owner, s->owner_last);
}

static void add_owner(struct pivot *p, struct group *g,
		      const struct coming *to, const struct sock *s)
{
	pivot_first_name(g);
	/* it is one of its owners, and as good a name as it can be */
	if (to->sure && (s->owner_last || p->known[s->owner].today))
		return;
	pivot_name(p, g, s->owner, s->owner_last);
	if (s->owner < OWNER_FIRST)
		return;
	pivot_note(p, g, to->number, s->owner / 64,
		   UINT64_C(1) << s->owner % 64);
	p->known[s->owner].today |= !s->owner_last;
}

static void add(struct pivot *p, const struct coming *to, const struct sock *s)
{
	struct group *g = pivot_group(p, to->number);

	if (!s->live) {
		add_gone(p, g, s);
		return;
	}
	add_owner(p, g, to, s);
	g->count[state_slot(s->row.state)]++;
	g->total++;
	g->fresh += s->mark == MARK_NEW;
	p->total++;
	add_queue(g, &s->row);
}

/*
 * Each step takes what the one before asked memory for.  One socket after the
 * other would have to wait three times.
 */
static void add_to_groups(struct pivot *p, struct column_context *c,
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
		add(p, &to[i], socks[i]);
}

static void add_to_ports(struct pivot *p, struct column_context *c,
			 const struct sock *const *socks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&p->ports->count[socks[i]->row.id.remote_port],
				   1);
	for (size_t i = 0; i < n; i++) {
		if (pivot_port_add(p, socks[i]))
			continue;
		p->rest[p->rest_count++] = socks[i];
		if (p->rest_count == PIVOT_BATCH)
			pivot_added(p, c);
	}
}

void pivot_add(struct pivot *p, struct column_context *c,
	       const struct sock *const *socks, size_t n)
{
	(p->ports ? add_to_ports : add_to_groups)(p, c, socks, n);
}

void pivot_added(struct pivot *p, struct column_context *c)
{
	add_to_groups(p, c, p->rest, p->rest_count);
	p->rest_count = 0;
}

void pivot_came(struct pivot *p, const struct group_key *k,
		const struct sock *s)
{
	struct group *g = pivot_group(p, pivot_number(p, k));

	add_gone(p, g, s);
	g->came++;
}

void pivot_left(struct pivot *p, const struct group_key *k,
		const struct sock *s)
{
	struct group *g = pivot_group(p, pivot_number(p, k));

	add_gone(p, g, s);
	g->left++;
}
