/*
 * touched.c - which sockets came, went or changed, for who keeps up with them
 *
 * Where events keep the table true, little of it changes in a second: whoever
 * shows it need not look at all of it.  A pass may change anything.
 */
#include "model/table_state.h"

/* nobody may be clearing it; and more is soon as dear as looking at all */
enum { TOUCHED_MAX = 16384 };

void table_touch_more(struct table *t, uint32_t slot)
{
	if (t->touched.count < TOUCHED_MAX)
		slot_list_add(&t->touched, slot);
	else
		t->touched_many = true;
}

bool table_touched(const struct table *t, const uint32_t **slots, size_t *n)
{
	*slots = t->touched.slot;
	*n = t->touched.count;
	return !t->touched_many;
}

void table_touch_all(struct table *t)
{
	t->touched_many = true;
}

void table_touched_clear(struct table *t)
{
	t->touched.count = 0;
	t->touched_many = t->passing;
}
