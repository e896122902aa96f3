/*
 * test_rhythm.c - how often the whole table is read
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/need.h"
#include "rhythm.h"

#define BEGUN	(1000 * NS_PER_SEC)

static struct rhythm after(int64_t worked, bool traced)
{
	struct rhythm r = { .interval = NS_PER_SEC, .budget = 0.1 };

	rhythm_pass(&r, BEGUN, worked, traced);
	return r;
}

static int64_t wait_ms(const struct rhythm *r, unsigned needs)
{
	return (rhythm_due(r, needs) - BEGUN) / NS_PER_MS;
}

static void small_tables_come_each_interval(void **state)
{
	const struct rhythm r = after(5 * NS_PER_MS, false);
	const struct rhythm traced = after(5 * NS_PER_MS, true);

	(void)state;
	assert_int_equal(wait_ms(&r, NEED_HOST), 1000);
	/* their kernel's hash is walked for nothing: half as often */
	assert_int_equal(wait_ms(&traced, NEED_HOST), 2000);
}

static void large_ones_as_the_budget_has_it(void **state)
{
	struct rhythm r = after(1300 * NS_PER_MS, false);

	(void)state;
	assert_int_equal(wait_ms(&r, NEED_HOST), 13000);
	r.budget = 1;
	assert_int_equal(wait_ms(&r, NEED_HOST), 1300);
}

static void events_make_them_rare(void **state)
{
	struct rhythm r = after(1300 * NS_PER_MS, true);

	(void)state;
	assert_int_equal(wait_ms(&r, NEED_HOST | NEED_OWNER), 520000);
	/* what only a pass brings is the order of the rows */
	assert_int_equal(wait_ms(&r, NEED_FRESH), 13000);
	assert_int_equal(wait_ms(&r, NEED_INFO), 13000);
	rhythm_lost(&r);
	assert_int_equal(wait_ms(&r, NEED_HOST), 13000);
}

static void count(struct monitor *m, uint64_t inuse)
{
	m->counters.now.at += NS_PER_SEC;
	m->counters.now.value[HOST_TCP_INUSE] = inuse;
	m->counters.now.value[HOST_TCP6_INUSE] = 0;
	m->counters.now.value[HOST_TCP_TW] = 0;
}

static void a_drift_brings_one_early(void **state)
{
	struct monitor *m = monitor_new(&clock_system, 10);
	struct rhythm r = after(1300 * NS_PER_MS, true);

	(void)state;
	m->counters.now.at = BEGUN;
	assert_false(rhythm_drifts(&r, m));	/* nothing is known */
	count(m, 20);
	assert_false(rhythm_drifts(&r, m));	/* as it was after the pass */
	for (int i = 0; i < 20; i++) {
		count(m, i % 5 ? 60 : 22);	/* for a moment */
		assert_false(rhythm_drifts(&r, m));
	}
	count(m, 20);
	assert_false(rhythm_drifts(&r, m));
	for (int i = 0; i < 6; i++) {
		count(m, 60);
		assert_int_equal(rhythm_drifts(&r, m), i == 5);
	}
	assert_int_equal(wait_ms(&r, NEED_HOST), 13000);
	monitor_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_tables_come_each_interval),
		cmocka_unit_test(large_ones_as_the_budget_has_it),
		cmocka_unit_test(events_make_them_rare),
		cmocka_unit_test(a_drift_brings_one_early),
	};

	return cmocka_run_group_tests_name("rhythm", tests, NULL, NULL);
}
