#include "model/owner.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/process.h"

/*
 * A set is found by its members.  Its hash is the sum of theirs, so that the
 * one of "this set and one more" is known before that set is built.
 */
struct set {
	struct holder **member;	/* by pid, then start; NULL: free number */
	uint32_t count;
	uint32_t refs;
	uint32_t next;		/* in its hash chain, or of the free numbers */
	uint64_t hash;
};

enum { NO_SET = 0 };		/* ends a chain: special sets are in none */

struct owners {
	struct holders holders;
	struct set *sets;	/* by number; the special ones stay empty */
	uint32_t cap, used, live, free;
	uint64_t made;		/* so many sets, ever */
	uint32_t *bucket;
	size_t buckets;		/* a power of 2 */
	/* the newest answer: a walk adds one process to thousands of sockets,
	 * one after the other; result NO_SET: none */
	struct {
		uint32_t set, result;
		const struct holder *holder;
	} last;
};

enum { FIRST_CAP = 64 };

struct owners *owners_new(void)
{
	struct owners *o = mem_zalloc(sizeof(*o));

	holders_init(&o->holders);
	o->cap = o->buckets = FIRST_CAP;
	o->sets = mem_zalloc(o->cap * sizeof(*o->sets));
	o->bucket = mem_zalloc(o->buckets * sizeof(*o->bucket));
	o->used = OWNER_FIRST;
	return o;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	for (uint32_t i = OWNER_FIRST; i < o->used; i++)
		free(o->sets[i].member);
	holders_free(&o->holders);
	free(o->sets);
	free(o->bucket);
	free(o);
}

static uint32_t *chain_of(const struct owners *o, uint64_t hash)
{
	return &o->bucket[hash & (o->buckets - 1)];
}

static void chain_add(struct owners *o, uint32_t set)
{
	uint32_t *chain = chain_of(o, o->sets[set].hash);

	o->sets[set].next = *chain;
	*chain = set;
}

static void rehash(struct owners *o)
{
	o->buckets *= 2;
	free(o->bucket);
	o->bucket = mem_zalloc(o->buckets * sizeof(*o->bucket));
	for (uint32_t i = OWNER_FIRST; i < o->used; i++)
		if (o->sets[i].member)
			chain_add(o, i);
}

static uint32_t new_number(struct owners *o)
{
	uint32_t set = o->free;

	if (set) {
		o->free = o->sets[set].next;
		return set;
	}
	if (o->used == o->cap) {
		o->cap *= 2;
		o->sets = mem_array(o->sets, o->cap, sizeof(*o->sets));
	}
	return o->used++;
}

static int holder_compare(const struct holder *a, const struct holder *b)
{
	const struct process *p = &a->process, *q = &b->process;

	if (p->pid != q->pid)
		return p->pid < q->pid ? -1 : 1;
	return (p->start > q->start) - (p->start < q->start);
}

/* The first place in s whose holder is not before h. */
static uint32_t place_of(const struct set *s, const struct holder *h)
{
	uint32_t low = 0, high = s->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (holder_compare(s->member[mid], h) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Is s the same as base with h put in at `place`? */
static bool is_with(const struct set *s, const struct set *base,
		    uint32_t place, const struct holder *h)
{
	size_t each = sizeof(*s->member);

	return s->count == base->count + 1 && s->member[place] == h &&
	       (!base->count ||
		(memcmp(s->member, base->member, place * each) == 0 &&
		 memcmp(s->member + place + 1, base->member + place,
			(base->count - place) * each) == 0));
}

/* The set "base and h", with one reference more; h is not in base. */
static uint32_t intern(struct owners *o, uint32_t base, uint32_t place,
		       struct holder *h)
{
	uint64_t hash = o->sets[base].hash + h->hash;
	struct set s = { .count = o->sets[base].count + 1, .refs = 1,
			 .hash = hash };
	uint32_t set;

	for (set = *chain_of(o, hash); set; set = o->sets[set].next)
		if (o->sets[set].hash == hash &&
		    is_with(&o->sets[set], &o->sets[base], place, h)) {
			o->sets[set].refs++;
			return set;
		}

	s.member = mem_array(NULL, s.count, sizeof(*s.member));
	for (uint32_t i = 0; i < s.count; i++) {
		s.member[i] = i == place ? h :
			      o->sets[base].member[i - (i > place)];
		s.member[i]->process.refs++;
	}
	if (o->live >= o->buckets)
		rehash(o);
	set = new_number(o);
	o->sets[set] = s;
	chain_add(o, set);
	o->live++;
	o->made++;
	return set;
}

uint32_t owners_with(struct owners *o, uint32_t set, int32_t pid,
		     uint64_t start, const char *comm, size_t comm_len)
{
	struct holder *h = holder_get(&o->holders, pid, start, comm, comm_len);
	uint32_t base = set < OWNER_FIRST ? OWNER_PENDING : set;
	uint32_t result;

	if (o->last.result && o->last.set == base && o->last.holder == h) {
		result = o->last.result;
		owners_ref(o, result);
	} else {
		uint32_t place = place_of(&o->sets[base], h);

		if (place < o->sets[base].count &&
		    o->sets[base].member[place] == h)
			return set;
		result = intern(o, base, place, h);
	}
	/* this may free set, and with it the answer to be remembered */
	o->last.result = NO_SET;
	owners_unref(o, set);
	if (base < OWNER_FIRST || o->sets[base].member) {
		o->last.set = base;
		o->last.holder = h;
		o->last.result = result;
	}
	return result;
}

void owners_ref(struct owners *o, uint32_t set)
{
	if (set >= OWNER_FIRST)
		o->sets[set].refs++;
}

void owners_unref(struct owners *o, uint32_t set)
{
	struct set *s = &o->sets[set];
	uint32_t *p;

	if (set < OWNER_FIRST || --s->refs)
		return;
	if (o->last.set == set || o->last.result == set)
		o->last.result = NO_SET;
	for (p = chain_of(o, s->hash); *p != set;)
		p = &o->sets[*p].next;
	*p = s->next;
	for (uint32_t i = 0; i < s->count; i++)
		holder_unref(&o->holders, s->member[i]);
	free(s->member);
	*s = (struct set){ .next = o->free };
	o->free = set;
	o->live--;
}

size_t owners_count(const struct owners *o, uint32_t set)
{
	return o->sets[set].count;
}

const struct process *owners_get(const struct owners *o, uint32_t set,
				 size_t i)
{
	const struct set *s = &o->sets[set];

	return i < s->count ? &s->member[i]->process : NULL;
}

void owners_each_process(const struct owners *o,
			 void (*each)(void *arg, const struct process *p),
			 void *arg)
{
	for (size_t i = 0; i < o->holders.buckets; i++)
		for (struct holder *h = o->holders.bucket[i]; h; h = h->next)
			each(arg, &h->process);
}

struct process *owners_process(const struct owners *o, int32_t pid,
			       uint64_t start)
{
	struct holder *h = holder_find(&o->holders, pid, start);

	return h ? &h->process : NULL;
}

uint32_t owners_end(const struct owners *o)
{
	return o->used;
}

uint64_t owners_version(const struct owners *o)
{
	return o->made + o->holders.named;
}

size_t owners_sets(const struct owners *o)
{
	return o->live;
}

size_t owners_processes(const struct owners *o)
{
	return o->holders.count;
}
