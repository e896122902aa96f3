/* test_deed.c - what is asked for, counted, and what becomes of it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "model/deed.h"

static struct deed d;

static int make(void **state)
{
	(void)state;
	deed_begin(&d, DEED_CLOSE);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	deed_free(&d);
	return 0;
}

static void add(unsigned state, uint32_t owner)
{
	struct sock s = { .row.state = (uint8_t)state, .owner = owner };

	s.serial = d.count + 1;
	deed_add(&d, &s, (uint32_t)d.count);
}

static void test_sum(void **state)
{
	struct deed_sum sum;

	(void)state;
	for (int i = 0; i < 100; i++)
		add(STATE_ESTABLISHED, OWNER_FIRST + i % 2);
	for (int i = 0; i < 30; i++)
		add(STATE_CLOSE_WAIT, OWNER_FIRST + 7);
	for (int i = 0; i < 20; i++)
		add(STATE_TIME_WAIT, OWNER_NONE);
	for (uint32_t i = 0; i < 5; i++)
		add(STATE_LISTEN, OWNER_FIRST + 20 + i);
	add(77, OWNER_NONE);
	deed_sum(&d, &sum);
	assert_int_equal(d.count, 156);
	assert_int_equal(sum.state[STATE_ESTABLISHED], 100);
	assert_int_equal(sum.state[STATE_LISTEN], 5);
	assert_int_equal(sum.state[STATE_OTHER], 1);
	assert_int_equal(sum.owner[0].count, 50);
	assert_int_equal(sum.owner[1].count, 50);
	assert_int_equal(sum.owner[2].count, 30);
	assert_int_equal(sum.owner[2].set, OWNER_FIRST + 7);
	assert_int_equal(sum.others, 26);
}

static void test_nothing(void **state)
{
	struct deed_sum sum;

	(void)state;
	deed_sum(&d, &sum);
	assert_int_equal(sum.owner[0].count, 0);
	assert_int_equal(sum.others, 0);
}

static void test_fates(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		add(STATE_ESTABLISHED, OWNER_NONE);
	deed_fate(&d, &d.target[0], FATE_DONE, 0);
	deed_fate(&d, &d.target[1], FATE_REFUSED, EPERM);
	deed_fate(&d, &d.target[2], FATE_REFUSED, EINVAL);
	assert_int_equal(d.of[FATE_DONE], 1);
	assert_int_equal(d.of[FATE_REFUSED], 2);
	assert_int_equal(d.of[FATE_OPEN], 1);
	/* the first reason stands for all */
	assert_int_equal(d.error, EPERM);
	deed_stop(&d);
	assert_int_equal(d.phase, DEED_ASKED);
	deed_go(&d);
	deed_stop(&d);
	assert_int_equal(d.phase, DEED_DONE);
	assert_true(d.stopped);
}

/* What has the endpoints by now, and cannot be the socket that was seen. */
static void test_same(void **state)
{
	struct deed_target t = { .state = STATE_ESTABLISHED, .inode = 5 };
	struct row row = { .state = STATE_ESTABLISHED, .inode = 5,
			   .cookie = 9 };

	(void)state;
	assert_true(deed_same(&t, &row));
	row.state = STATE_CLOSE_WAIT;
	assert_true(deed_same(&t, &row));
	/* an orphan by now */
	row.inode = 0;
	row.state = STATE_TIME_WAIT;
	assert_true(deed_same(&t, &row));
	row.state = STATE_SYN_SENT;
	assert_false(deed_same(&t, &row));
	row.state = STATE_ESTABLISHED;
	row.inode = 6;
	assert_false(deed_same(&t, &row));
	row.inode = 5;
	t.cookie = 8;
	assert_false(deed_same(&t, &row));
	t = (struct deed_target){ .state = STATE_TIME_WAIT };
	assert_false(deed_same(&t, &row));
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, make, unmake)
	const struct CMUnitTest tests[] = {
		TEST(test_sum),
		TEST(test_nothing),
		TEST(test_fates),
		TEST(test_same),
	};

	return cmocka_run_group_tests_name("deed", tests, NULL, NULL);
}
