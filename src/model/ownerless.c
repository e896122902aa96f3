/*
 * ownerless.c - sockets whose owner nobody has looked for yet
 *
 * So that who looks for owners does not have to look at all sockets first.
 * Nobody may be looking at all: the list is bounded.
 */
#include "model/table_state.h"

enum { LISTED_MAX = 16384 };

void table_ownerless_add(struct table *t, uint32_t slot)
{
	if (t->ownerless_many)
		return;
	if (t->ownerless.count < LISTED_MAX)
		slot_list_add(&t->ownerless, slot);
	else
		t->ownerless_many = true;
}

bool table_ownerless(const struct table *t, const uint32_t **slots, size_t *n)
{
	*slots = t->ownerless.slot;
	*n = t->ownerless.count;
	return !t->ownerless_many;
}

void table_ownerless_clear(struct table *t)
{
	t->ownerless.count = 0;
	t->ownerless_many = false;
}
