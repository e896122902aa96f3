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
#include "view/pivot_part.h"

/* ---- known sets ---- */

void pivot_free_owners(struct pivot *p)
{
	for (uint32_t set = 0; set < p->known_count; set++)
		if (p->known[set].pid != U32_UNKNOWN)
			owners_unref(p->owners, set);
	free(p->known);
	free(p->sets);
	free(p->set_slot);
}

static void know_more(struct pivot *p)
{
	uint32_t old = p->known_count;

	/* there may be more, of sockets that came since */
	p->known_count = owners_end(p->owners);
	p->known = mem_array(p->known, p->known_count, sizeof(*p->known));
	for (uint32_t set = old; set < p->known_count; set++)
		p->known[set] = (struct known_set){ .pid = U32_UNKNOWN };
}

struct known_set *pivot_learn_set(struct pivot *p, uint32_t set)
{
	if (set >= p->known_count)
		know_more(p);
	p->known[set].pid = (uint32_t)owners_get(p->owners, set, 0)->pid;
	owners_ref(p->owners, set);
	return &p->known[set];
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
	uint32_t i = g->more_sets;

	for (int tries = 2; i && tries--; i = p->sets[i - 1].before)
		if (p->sets[i - 1].first == first)
			return &p->sets[i - 1];
	return NULL;
}

static struct some_sets *more_sets(struct pivot *p, uint32_t number,
				   uint32_t first)
{
	struct group *g = pivot_group(p, number);
	struct some_sets *last = last_sets(p, g, first);
	size_t i;

	if (last)
		return last;
	if (2 * ((size_t)p->set_count + 1) > p->set_slots)
		more_slots(p);
	i = slot_for(p, number, first);
	if (p->set_slot[i])
		return &p->sets[p->set_slot[i] - 1];
	if (p->set_count == p->set_capacity) {
		p->set_capacity += p->set_capacity + 64;
		p->sets = mem_array(p->sets, p->set_capacity,
				    sizeof(*p->sets));
	}
	p->sets[p->set_count] = (struct some_sets){
		.group = number, .first = first, .before = g->more_sets,
	};
	g->more_sets = p->set_slot[i] = ++p->set_count;
	return &p->sets[p->set_count - 1];
}

void pivot_note_more(struct pivot *p, uint32_t number, uint32_t first,
		     uint64_t bits)
{
	more_sets(p, number, first)->bits |= bits;
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

static void find_of_bits(struct found *f, const struct owners *o,
			 uint32_t first, uint64_t bits)
{
	for (; bits; bits &= bits - 1)
		find_processes(f, o, 64 * first +
			       (uint32_t)__builtin_ctzll(bits));
}

uint32_t pivot_processes(const struct pivot *p, const struct group *g)
{
	struct found f = { 0 };

	/* those that are gone are not noted */
	if (!g->sets)
		find_processes(&f, p->owners, g->owner);
	find_of_bits(&f, p->owners, g->first_set, g->sets);
	for (uint32_t i = g->more_sets; i; i = p->sets[i - 1].before)
		find_of_bits(&f, p->owners, p->sets[i - 1].first,
			     p->sets[i - 1].bits);
	return count_different(&f);
}
