/*
 * world.h - a table with a clock that stands still and a list of what it told
 *
 * For cmocka_unit_test_setup_teardown(); teardown fails if the table told a
 * change that cannot be, or left an owner set behind.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/table.h"

enum { MAX_CHANGES = 64 };

struct world {
	struct clock_fake clock;
	struct owners *owners;
	struct table *table;
	struct change change[MAX_CHANGES];
	size_t changes;
};

static void world_remember(void *arg, const struct change *c)
{
	struct world *w = arg;

	assert_true(w->changes < MAX_CHANGES);
	w->change[w->changes++] = *c;
}

static int world_setup(void **state)
{
	static struct world w;

	memset(&w, 0, sizeof(w));
	clock_fake_init(&w.clock, 1000 * NS_PER_SEC, 5000 * NS_PER_SEC);
	w.owners = owners_new();
	w.table = table_new(&w.clock.clock, w.owners, world_remember, &w);
	*state = &w;
	return 0;
}

static int world_teardown(void **state)
{
	struct world *w = *state;

	assert_int_equal(table_impossible(w->table), 0);
	table_free(w->table);
	assert_int_equal(owners_sets(w->owners), 0);
	owners_free(w->owners);
	return 0;
}

#endif
