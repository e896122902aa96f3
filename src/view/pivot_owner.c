/*
 * pivot_owner.c - who holds a group's sockets
 *
 * A group is named by one process, and is held by so many others.  Which owner
 * sets its sockets have is noted for each socket, in bits: a million sockets in
 * a thousand groups of hundred processes are a thousand notes or two.  How many
 * processes these are is found out for the groups that somebody looks at.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/pivot.h"

void pivot_free_owners(struct pivot *p)
{
	const struct group *g;

	for (size_t i = 0; (g = pivot_get(p, i)); i++)
		owners_unref(p->owners, g->owner);
	for (uint32_t set = 0; set < 64 * p->kept_words; set++)
		if (p->kept[set / 64] >> set % 64 & 1)
			owners_unref(p->owners, set);
	free(p->kept);
	free(p->sets);
	free(p->set_slot);
}

/* ---- sets ---- */

static size_t slot_for(const struct pivot *p, uint32_t group, uint32_t first)
{
	size_t i = pivot_mix((uint64_t)group << 32 | first) &
		   (p->set_slots - 1);

	for (; p->set_slot[i]; i = (i + 1) & (p->set_slots - 1)) {
		const struct some_sets *s = &p->sets[p->set_slot[i] - 1];

		if (s->group == group && s->first == first)
			break;
	}
	return i;
}

static void more_slots(struct pivot *p)
{
	free(p->set_slot);
	p->set_slots = p->set_slots ? 4 * p->set_slots : 256;
	p->set_slot = mem_zalloc(p->set_slots * sizeof(*p->set_slot));
	for (uint32_t i = 0; i < p->set_count; i++)
		p->set_slot[slot_for(p, p->sets[i].group, p->sets[i].first)] =
			i + 1;
}

/* Among the last two that the group got; NULL: it is none of them. */
static struct some_sets *last_sets(const struct pivot *p, const struct group *g,
				   uint32_t first)
{
	uint32_t i = g->sets;

	for (int tries = 2; i && tries--; i = p->sets[i - 1].before)
		if (p->sets[i - 1].first == first)
			return &p->sets[i - 1];
	return NULL;
}

static struct some_sets *sets_of(struct pivot *p, struct group *g,
				 uint32_t first)
{
	struct some_sets *last = last_sets(p, g, first);
	size_t i;

	if (last)
		return last;
	if (2 * ((size_t)p->set_count + 1) > p->set_slots)
		more_slots(p);
	i = slot_for(p, g->number, first);
	if (p->set_slot[i])
		return &p->sets[p->set_slot[i] - 1];
	if (p->set_count == p->set_capacity) {
		p->set_capacity += p->set_capacity + 64;
		p->sets = mem_array(p->sets, p->set_capacity,
				    sizeof(*p->sets));
	}
	p->sets[p->set_count] = (struct some_sets){
		.group = g->number, .first = first, .before = g->sets,
	};
	g->sets = p->set_slot[i] = ++p->set_count;
	return &p->sets[p->set_count - 1];
}

void pivot_keep_set(struct pivot *p, uint32_t set)
{
	uint32_t words = p->kept_words;

	if (set / 64 >= words) {
		p->kept_words = set / 64 + words + 4;
		p->kept = mem_array(p->kept, p->kept_words, sizeof(*p->kept));
		memset(p->kept + words, 0,
		       (p->kept_words - words) * sizeof(*p->kept));
	}
	if (p->kept[set / 64] >> set % 64 & 1)
		return;
	p->kept[set / 64] |= UINT64_C(1) << set % 64;
	owners_ref(p->owners, set);
}

/* False: it was there. */
static bool add_set(struct pivot *p, struct group *g, uint32_t set)
{
	struct some_sets *s = sets_of(p, g, set / 64);
	uint64_t bit = UINT64_C(1) << set % 64;

	if (s->bits & bit)
		return false;
	s->bits |= bit;
	pivot_keep_set(p, set);
	return true;
}

/* False: it was there. */
static bool note_set(struct pivot *p, struct group *g, uint32_t set)
{
	bool added = true;

	if (set == g->newest_owner)
		return false;
	/* as long as there is one it is the group's owner */
	if (g->newest_owner != U32_UNKNOWN) {
		if (!g->sets)
			add_set(p, g, g->newest_owner);
		added = add_set(p, g, set);
	}
	g->newest_owner = set;
	return added;
}

/* ---- the one that names it ---- */

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

static void set_owner(struct pivot *p, struct group *g, uint32_t set, bool last)
{
	owners_ref(p->owners, set);
	owners_unref(p->owners, g->owner);
	g->owner = set;
	g->owner_last = last;
}

void pivot_add_owner(struct pivot *p, struct group *g, const struct sock *s)
{
	p->some_last |= s->owner_last;
	/* one that did not name it will not do so now */
	if (s->owner >= OWNER_FIRST && !note_set(p, g, s->owner) &&
	    !p->some_last)
		return;
	if (s->owner == g->owner && s->owner_last == g->owner_last)
		return;
	if (names_better(p, g, s))
		set_owner(p, g, s->owner, s->owner_last);
}

void pivot_add_gone_owner(struct pivot *p, struct group *g,
			  const struct sock *s)
{
	if (!g->total && names_better(p, g, s))
		set_owner(p, g, s->owner, s->owner_last);
}

void pivot_forget_owner(struct pivot *p, struct group *g)
{
	set_owner(p, g, OWNER_NONE, false);
}

/* ---- how many ---- */

static int by_address(const void *a, const void *b)
{
	const struct process *const *x = a, *const *y = b;

	return (*x > *y) - (*x < *y);
}

struct found {
	const struct process **process;
	size_t count, capacity;
};

static void find_processes(struct found *f, const struct owners *o,
			   uint32_t set)
{
	const struct process *p;

	for (size_t i = 0; (p = owners_get(o, set, i)); i++) {
		if (f->count == f->capacity) {
			f->capacity += f->capacity + 64;
			f->process = mem_array(f->process, f->capacity,
					       sizeof(*f->process));
		}
		f->process[f->count++] = p;
	}
}

static uint32_t count_different(struct found *f)
{
	uint32_t n = 0;

	if (f->count)
		qsort(f->process, f->count, sizeof(*f->process), by_address);
	for (size_t i = 0; i < f->count; i++)
		n += !i || f->process[i] != f->process[i - 1];
	free(f->process);
	return n;
}

uint32_t pivot_processes(const struct pivot *p, const struct group *group)
{
	struct group *g = pivot_group(p, group->number);
	struct found f = { 0 };

	if (g->processes != U32_UNKNOWN)
		return g->processes;
	if (!g->sets)
		find_processes(&f, p->owners, g->owner);
	for (uint32_t i = g->sets; i; i = p->sets[i - 1].before) {
		const struct some_sets *s = &p->sets[i - 1];

		for (uint64_t bits = s->bits; bits; bits &= bits - 1)
			find_processes(&f, p->owners, 64 * s->first +
				       (uint32_t)__builtin_ctzll(bits));
	}
	g->processes = count_different(&f);
	return g->processes;
}
