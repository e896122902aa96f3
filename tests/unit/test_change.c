/*
 * The log of changes, the history of counts, the counters of the host.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/change.h"
#include "model/history.h"
#include "model/host.h"

static void log_keeps_the_newest(void **state)
{
	static const size_t limits[] = { 1, 2, 255, 256, 257, 1000 };

	(void)state;
	for (size_t l = 0; l < sizeof(limits) / sizeof(*limits); l++) {
		struct owners *o = owners_new();
		struct change_log *log = change_log_new(o, limits[l]);
		size_t limit = limits[l];

		assert_null(change_log_get(log, 0));
		for (uint64_t i = 1; i <= 2500; i++) {
			struct change c = { .serial = i };
			size_t count = i < limit ? i : limit;

			change_log_add(log, &c);
			assert_int_equal(change_log_count(log), count);
			assert_int_equal(change_log_total(log), i);
			assert_int_equal(change_log_get(log, 0)->serial, i);
			assert_int_equal(change_log_get(log, count / 2)->serial,
					 i - count / 2);
			assert_int_equal(change_log_get(log, count - 1)->serial,
					 i - count + 1);
			assert_null(change_log_get(log, count));
		}
		change_log_free(log);
		owners_free(o);
	}
}

static void log_of_nothing(void **state)
{
	struct owners *o = owners_new();
	struct change_log *log = change_log_new(o, 0);

	(void)state;
	change_log_add(log, &(struct change){ 0 });
	assert_int_equal(change_log_count(log), 0);
	assert_int_equal(change_log_total(log), 1);
	assert_null(change_log_get(log, 0));
	change_log_free(log);
	change_log_free(NULL);
	owners_free(o);
}

/* A change holds its owners until it leaves the log. */
static void log_counts_owners(void **state)
{
	struct owners *o = owners_new();
	struct change_log *log = change_log_new(o, 10);
	struct change c = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		c.owner = owners_with(o, OWNER_NONE, i, 1, "x", 1);
		change_log_add(log, &c);
		owners_unref(o, c.owner);
	}
	assert_int_equal(owners_sets(o), 10);
	assert_int_equal(owners_get(o, change_log_get(log, 9)->owner, 0)->pid,
			 90);
	/* the oldest added again, by its place in the log, as the only one
	 * that holds the set */
	change_log_add(log, change_log_get(log, 9));
	assert_int_equal(owners_get(o, change_log_get(log, 0)->owner, 0)->pid,
			 90);
	change_log_free(log);
	assert_int_equal(owners_sets(o), 0);
	owners_free(o);
}

static void names_are_there(void **state)
{
	(void)state;
	for (int i = 0; i < CHANGE_KIND_COUNT; i++)
		assert_non_null(change_kind_name[i]);
	for (int i = 0; i < CERTAINTY_COUNT; i++)
		assert_non_null(certainty_name[i]);
	for (int i = 0; i < ORIGIN_COUNT; i++)
		assert_non_null(origin_name[i]);
}

static void history_is_a_ring(void **state)
{
	static struct history h;
	struct table_counts c = { 0 };

	(void)state;
	for (unsigned i = 1; i <= 3 * HISTORY_LEN + 5; i++) {
		c.state[STATE_LISTEN] = i;
		c.state[STATE_OTHER] = 7;
		history_add(&h, i, &c);
		assert_int_equal(h.count, i < HISTORY_LEN ? i : HISTORY_LEN);
		for (unsigned back = 0; back < h.count; back++)
			assert_int_equal(history_state(&h, back, STATE_LISTEN),
					 i - back);
	}
	assert_int_equal(history_state(&h, 0, 200), 7);
}

static int trend_of(uint32_t (*count)(int i), int samples)
{
	static struct history h;
	struct table_counts c = { 0 };

	memset(&h, 0, sizeof(h));
	for (int i = 0; i < samples; i++) {
		c.state[STATE_CLOSE_WAIT] = count(i);
		history_add(&h, i, &c);
	}
	return history_trend(&h, STATE_CLOSE_WAIT);
}

static uint32_t flat(int i) { return 0 * i; }
static uint32_t up(int i) { return 100 + i; }
static uint32_t down(int i) { return 1000 - i; }
static uint32_t slow_leak(int i) { return i / 5; }
static uint32_t noisy_leak(int i) { return 10 * i + i * 7919 % 13; }
static uint32_t jump(int i) { return i < 20 ? 0 : 500; }
static uint32_t spike(int i) { return i == 25 ? 500 : 3; }
static uint32_t noise(int i) { return 1900 + i * 7919 % 13; }
static uint32_t saw(int i) { return i % 7; }

static void trends(void **state)
{
	(void)state;
	assert_int_equal(trend_of(flat, 40), 0);
	assert_int_equal(trend_of(up, 40), 1);
	assert_int_equal(trend_of(up, 8), 1);
	assert_int_equal(trend_of(up, 7), 0);
	assert_int_equal(trend_of(up, 0), 0);
	assert_int_equal(trend_of(down, 40), -1);
	assert_int_equal(trend_of(slow_leak, 60), 1);
	assert_int_equal(trend_of(noisy_leak, 60), 1);
	for (int n = 8; n < 60; n++) {
		assert_int_equal(trend_of(jump, n), 0);
		assert_int_equal(trend_of(spike, n), 0);
	}
	assert_int_equal(trend_of(noise, 60), 0);
	assert_int_equal(trend_of(saw, 60), 0);
}

static void host_table_is_whole(void **state)
{
	(void)state;
	for (int i = 0; i < HOST_VALUE_COUNT; i++) {
		const struct host_info *a = &host_values[i];

		assert_non_null(a->name);
		assert_non_null(a->group);
		assert_non_null(a->field);
		assert_true(strlen(a->help) > 10);
		/* "path below sys/", field is a word's number; or a list of
		 * ports, which is counted */
		if (a->file == HOST_SYSCTL) {
			assert_int_equal(strncmp(a->group, "net/", 4), 0);
			assert_true((a->field[0] >= '0' && a->field[0] <= '9') ||
				    !strcmp(a->field, "ports"));
			assert_false(a->counter);
		}
		for (int k = 0; k < i; k++) {
			const struct host_info *b = &host_values[k];

			assert_string_not_equal(a->name, b->name);
			assert_false(strcmp(a->group, b->group) == 0 &&
				     strcmp(a->field, b->field) == 0);
		}
	}
}

static void sample(struct host *h, int64_t at, uint64_t value)
{
	struct host_sample s = { .at = at };

	for (int i = 0; i < HOST_VALUE_COUNT; i++)
		s.value[i] = value;
	host_update(h, &s);
}

static void host_rates(void **state)
{
	const enum host_value v = HOST_OUT_SEGS;
	uint64_t delta = 77;
	struct host h;

	(void)state;
	host_init(&h);
	assert_true(host_value(&h, v) == U64_UNKNOWN);
	assert_true(host_rate(&h, v) < 0);
	sample(&h, 5 * NS_PER_SEC, 100);
	assert_int_equal(host_value(&h, v), 100);
	assert_true(host_rate(&h, v) < 0);
	assert_false(host_delta(&h, v, &delta));
	sample(&h, 7 * NS_PER_SEC, 150);
	assert_true(host_rate(&h, v) == 25);
	assert_true(host_delta(&h, v, &delta));
	assert_int_equal(delta, 50);
	/* a gauge has no rate */
	assert_true(host_rate(&h, HOST_TCP_TW) < 0);
	/* nothing happened is zero, not unknown */
	sample(&h, 8 * NS_PER_SEC, 150);
	assert_true(host_rate(&h, v) == 0);
	/* it fell, no time went by, it is gone, it is back */
	sample(&h, 9 * NS_PER_SEC, 10);
	assert_true(host_rate(&h, v) < 0);
	sample(&h, 9 * NS_PER_SEC, 20);
	assert_true(host_rate(&h, v) < 0);
	assert_false(host_delta(&h, v, &delta));
	sample(&h, 10 * NS_PER_SEC, U64_UNKNOWN);
	assert_true(host_rate(&h, v) < 0);
	sample(&h, 11 * NS_PER_SEC, 20);
	assert_true(host_rate(&h, v) < 0);
	sample(&h, 12 * NS_PER_SEC, UINT64_C(1) << 62);
	assert_true(host_rate(&h, v) > 1e18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_keeps_the_newest),
		cmocka_unit_test(log_of_nothing),
		cmocka_unit_test(log_counts_owners),
		cmocka_unit_test(names_are_there),
		cmocka_unit_test(history_is_a_ring),
		cmocka_unit_test(trends),
		cmocka_unit_test(host_table_is_whole),
		cmocka_unit_test(host_rates),
	};

	return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
