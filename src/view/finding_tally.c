/* finding_tally.c - counts by what sockets have in common */
#include "view/finding_part.h"

#include <math.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"

/* While a kind was too much not longer ago than that, its tally is kept. */
#define KEEP_NS	(15 * NS_PER_SEC)

/* keys of fewer sockets than that are of no interest ever */
static const uint32_t least_floor[FINDING_COUNT] = {
	[FINDING_CLOSE_WAIT] = 1, [FINDING_ACCEPT_QUEUE] = 1,
	[FINDING_DEAD_UPSTREAM] = 1, [FINDING_SYN_FLOOD] = 1,
	[FINDING_PORTS] = 64, [FINDING_FIN_WAIT2] = 1,
	[FINDING_PEER_NOT_READING] = 1, [FINDING_NOT_READING] = 1,
	[FINDING_RETRANSMITTING] = 1, [FINDING_TIME_WAIT] = 250,
	[FINDING_ORPHANS] = 1, [FINDING_MEMORY] = 1,
};

/* Linear counting: of n addresses thrown at DISTINCT bits some miss none. */
enum { DISTINCT = 8192 };
struct distinct {
	uint64_t bit[DISTINCT / 64];
};

void tallies_init(struct tallies *t)
{
	*t = (struct tallies){ 0 };
	if (getrandom(&t->secret, sizeof(t->secret), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(t->secret))
		t->secret = (uint64_t)(uintptr_t)t;
	t->secret |= 1;
	t->sketch = mem_zalloc(SKETCH * sizeof(*t->sketch));
	t->sketch_before = mem_zalloc(SKETCH * sizeof(*t->sketch));
	t->index = mem_zalloc(INDEX * sizeof(*t->index));
	for (int k = 0; k < FINDING_COUNT; k++)
		t->floor[k] = least_floor[k];
}

static void forget(struct tally *t, struct owners *o)
{
	owners_unref(o, t->key.owner);
	owners_unref(o, t->owner.set);
	free(t->distinct);
}

void tallies_free(struct tallies *t, struct owners *o)
{
	for (uint32_t i = 0; i < t->count; i++)
		forget(&t->list[i], o);
	free(t->list);
	free(t->index);
	free(t->sketch);
	free(t->sketch_before);
}

/* ---- keys ---- */

static uint64_t mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash(uint64_t secret, const void *bytes, size_t len)
{
	uint64_t word[6] = { 0 }, h = secret;

	memcpy(word, bytes, len < sizeof(word) ? len : sizeof(word));
	for (int i = 0; i < 6; i += 2)
		h = mix(h ^ word[i] ^ UINT64_C(0xa0761d6478bd642f),
			secret ^ word[i + 1] ^
			UINT64_C(0xe7037ed1a0b428db));
	return h;
}

static struct tally *find(const struct tallies *t, const struct tally_key *k,
			  uint64_t h, uint32_t *place)
{
	uint32_t i = h % INDEX;

	for (; t->index[i]; i = (i + 1) % INDEX) {
		struct tally *one = &t->list[t->index[i] - 1];

		if (!memcmp(&one->key, k, sizeof(*k)))
			return one;
	}
	*place = i;
	return NULL;
}

static struct tally *add(struct tallies *t, const struct tally_key *k,
			 uint32_t place)
{
	struct tally *one;

	if (t->count == TALLIES_MAX) {
		t->refused++;
		return NULL;
	}
	if (t->count == t->capacity) {
		t->capacity = 2 * t->capacity + 16;
		t->list = mem_array(t->list, t->capacity, sizeof(*t->list));
	}
	one = &t->list[t->count++];
	*one = (struct tally){
		.key = *k, .id = ++t->newest, .oldest = TIME_UNKNOWN,
		.hot_since = TIME_UNKNOWN, .hot_at = TIME_UNKNOWN,
		.record_at = TIME_UNKNOWN,
	};
	t->index[place] = (uint16_t)t->count;
	t->of[k->kind]++;
	return one;
}

struct tally *tally_for(struct tallies *t, const struct tally_key *k)
{
	uint64_t h = hash(t->secret, k, sizeof(*k));
	uint32_t in_sketch = h >> 32 & (SKETCH - 1), place = 0;
	struct tally *one;

	t->sketch[in_sketch]++;
	one = find(t, k, h, &place);
	if (one)
		return one->kept ? NULL : one;
	if (t->sketch_before[in_sketch] < t->floor[k->kind]) {
		t->below += t->floor[k->kind] > least_floor[k->kind];
		return NULL;
	}
	return add(t, k, place);
}

struct tally *tally_known(const struct tallies *t, const struct tally_key *k)
{
	uint32_t place = 0;
	struct tally *one;

	if (!t->of[k->kind])
		return NULL;
	one = find(t, k, hash(t->secret, k, sizeof(*k)), &place);
	return one && !one->kept ? one : NULL;
}

struct tally *tally_only(struct tallies *t, enum finding_id kind)
{
	const struct tally_key k = tally_key(kind);
	uint32_t place = 0;
	struct tally *one = find(t, &k, hash(t->secret, &k, sizeof(k)), &place);

	return one ? one : add(t, &k, place);
}

/* ---- one scan ---- */

void tallies_begin(struct tallies *t, bool fresh)
{
	uint32_t *old = t->sketch_before;

	t->sketch_before = t->sketch;
	t->sketch = old;
	memset(t->sketch, 0, SKETCH * sizeof(*t->sketch));
	t->refused = t->below = 0;
	for (uint32_t i = 0; i < t->count; i++) {
		struct tally *one = &t->list[i];

		one->kept = !fresh && tally_of_queues(one->key.kind);
		if (one->kept)
			continue;
		one->before = one->count;
		one->count = one->all = one->extra = one->most = 0;
		one->bytes = 0;
		one->oldest = TIME_UNKNOWN;
		one->owner.vote = one->place.vote = (struct vote){ 0 };
		one->owner.known = 0;
		if (one->distinct)
			memset(one->distinct, 0, sizeof(*one->distinct));
	}
}

/* Number i keeps its place in the list, or gets that of the last. */
static void index_again(struct tallies *t)
{
	memset(t->index, 0, INDEX * sizeof(*t->index));
	memset(t->of, 0, sizeof(t->of));
	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t place = 0;

		find(t, &t->list[i].key,
		     hash(t->secret, &t->list[i].key,
			  sizeof(t->list[i].key)), &place);
		t->index[place] = (uint16_t)(i + 1);
		t->of[t->list[i].key.kind]++;
	}
}

static bool same_end(const struct tally_end *a, const struct tally_end *b)
{
	return a->port == b->port && a->family == b->family &&
	       a->remote == b->remote && addr_equal(&a->addr, &b->addr);
}

/* Without a majority the old winner stays.  A new one was not counted yet. */
static void settle_votes(struct tally *one, struct owners *o)
{
	uint32_t old = one->owner.set;

	if (one->owner.vote.votes && one->owner.candidate != old) {
		one->owner.set = one->owner.candidate;
		one->owner.vote.count = 0;
		owners_ref(o, one->owner.set);
		owners_unref(o, old);
	}
	if (one->place.vote.votes &&
	    !same_end(&one->place.end, &one->place.candidate)) {
		one->place.end = one->place.candidate;
		one->place.vote.count = 0;
	}
}

/* Where room is short, what is below the floor makes place. */
static bool lasting(const struct tallies *t, const struct tally *one,
		    int64_t now)
{
	uint32_t n = one->count > one->all ? one->count : one->all;

	if (n && (!t->refused || n >= t->floor[one->key.kind]))
		return true;
	return one->hot_at != TIME_UNKNOWN && now - one->hot_at < KEEP_NS &&
	       (!t->refused || one->severity > SEVERITY_NOTE);
}

/* Keys that fill the room are let in only if there is more behind them. */
static void set_floors(struct tallies *t)
{
	for (int k = 0; k < FINDING_COUNT; k++) {
		if (t->refused && t->of[k] > TALLIES_MAX / 4)
			t->floor[k] *= 2;
		else if (t->floor[k] > least_floor[k] &&
			 t->count < TALLIES_MAX / 4)
			t->floor[k] /= 2;
	}
}

void tallies_end(struct tallies *t, struct owners *o, int64_t now)
{
	uint32_t kept = 0;

	set_floors(t);
	for (uint32_t i = 0; i < t->count; i++) {
		struct tally *one = &t->list[i];

		if (!lasting(t, one, now)) {
			forget(one, o);
			continue;
		}
		if (!one->kept)
			settle_votes(one, o);
		if (one->count > one->record) {
			one->record = one->count;
			one->record_at = now;
		}
		t->list[kept++] = *one;
	}
	if (kept != t->count) {
		t->count = kept;
		index_again(t);
	}
}

/* ---- one socket ---- */

void tally_add(struct tally *t, const struct table *table,
	       const struct sock *s, int64_t since)
{
	t->count++;
	if (since == TIME_UNKNOWN ||
	    (t->oldest != TIME_UNKNOWN && since >= t->oldest))
		return;
	t->oldest = since;
	t->sample.slot = table_slot_of(table, s);
	t->sample.serial = s->serial;
}

void tally_owner(struct tally *t, uint32_t set, bool last)
{
	struct vote *v = &t->owner.vote;

	if (set < OWNER_FIRST)
		return;
	t->owner.known++;
	if (!v->votes)
		t->owner.candidate = set;
	if (t->owner.candidate == set)
		v->votes++;
	else
		v->votes--;
	if (t->owner.set == set) {
		v->count++;
		t->owner.last = last;
	}
}

void tally_place(struct tally *t, const struct tally_end *e)
{
	struct vote *v = &t->place.vote;

	if (!v->votes)
		t->place.candidate = *e;
	if (same_end(&t->place.candidate, e))
		v->votes++;
	else
		v->votes--;
	v->count += same_end(&t->place.end, e);
}

void tally_distinct(struct tally *t, const struct addr *a)
{
	/* the same estimate each time: no secret */
	uint64_t h = hash(1, a, sizeof(*a)) % DISTINCT;

	if (!t->distinct)
		t->distinct = mem_zalloc(sizeof(*t->distinct));
	t->distinct->bit[h / 64] |= UINT64_C(1) << h % 64;
}

uint32_t tally_distinct_count(const struct tally *t)
{
	int set = 0;

	if (!t->distinct)
		return 0;
	for (int i = 0; i < DISTINCT / 64; i++)
		set += __builtin_popcountll(t->distinct->bit[i]);
	if (set == DISTINCT)
		set--;
	return (uint32_t)(0.5 - DISTINCT *
			  log1p(-(double)set / DISTINCT));
}
