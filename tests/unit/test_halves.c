/*
 * test_halves.c - a pass of two halves, with both sources played by the test
 *
 * Whether the kernel's halves are halves is seen in test_source_live.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rows.h"
#include "source/halves.h"

struct half {
	struct source source;
	struct source_want want;	/* it was asked for */
	bool refuses;			/* to begin */
	int rows;			/* one a step */
	int waits;			/* before the first */
	enum source_result result;
	bool begun;
};

static struct half near, far;
static struct source *source;
static struct rows rows;

static int half_begin(struct source *s, const struct source_want *w)
{
	struct half *h = (struct half *)s;

	h->want = *w;
	h->begun = true;
	errno = EPERM;
	return h->refuses ? -1 : 0;
}

static enum source_result half_step(struct source *s,
				    const struct source_sink *sink,
				    int64_t budget_ns)
{
	struct half *h = (struct half *)s;
	const struct row row = { .id.local_port = h == &near ? 1 : 2 };

	(void)budget_ns;
	if (h->waits) {
		h->waits--;
		return SOURCE_WAIT;
	}
	if (h->rows) {
		h->rows--;
		s->report.rows++;
		sink->row(sink->arg, &row);
		return SOURCE_MORE;
	}
	if (h->result == SOURCE_FAILED) {
		s->report.error = EIO;
		s->report.partial = true;
		snprintf(s->report.reason, sizeof(s->report.reason), "broken");
	}
	return h->result;
}

static void half_free(struct source *s)
{
	(void)s;
}

static const struct source_ops half_ops = {
	.name = "half", .begin = half_begin, .step = half_step,
	.free = half_free,
};

static int setup(void **state)
{
	(void)state;
	near = far = (struct half){
		.source = { .ops = &half_ops, .clock = &clock_system },
		.result = SOURCE_DONE,
	};
	source = halves_on(&near.source, &far.source, 40000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	source_free(source);
	rows_free(&rows);
	return 0;
}

static unsigned rows_of(const struct half *h)
{
	unsigned n = 0;

	for (size_t i = 0; i < rows.count; i++)
		n += rows.row[i].id.local_port == (h == &near ? 1 : 2);
	return n;
}

static void test_both(void **state)
{
	(void)state;
	near.rows = 5;
	far.rows = 9;
	far.waits = 2;
	assert_int_equal(rows_pass(source, &rows, 0, 0), SOURCE_DONE);
	assert_int_equal(rows_of(&near), 5);
	assert_int_equal(rows_of(&far), 9);
	assert_false(source_report(source)->partial);
	assert_non_null(near.want.bytecode);
	assert_non_null(far.want.bytecode);
	assert_int_equal(near.want.bytecode_len, far.want.bytecode_len);
	assert_memory_not_equal(near.want.bytecode, far.want.bytecode,
				far.want.bytecode_len);
	/* BOUND is asked for once */
	assert_int_equal(far.want.states, STATES_ALL);
	assert_int_equal(near.want.states,
			 STATES_ALL & ~STATE_BIT(STATE_BOUND));
}

/* Half of the sockets are not all. */
static void test_one_fails(void **state)
{
	struct half *const both[] = { &near, &far };

	(void)state;
	for (int i = 0; i < 2; i++) {
		near.rows = far.rows = 3;
		near.result = far.result = SOURCE_DONE;
		both[i]->result = SOURCE_FAILED;
		both[i]->rows = 0;
		assert_int_equal(rows_pass(source, &rows, 0, 0), SOURCE_DONE);
		assert_int_equal(rows.count, 3);
		assert_true(source_report(source)->partial);
		assert_int_equal(source_report(source)->error, EIO);
		assert_string_equal(source_report(source)->reason, "broken");
	}
}

static void test_both_fail(void **state)
{
	(void)state;
	near.result = far.result = SOURCE_FAILED;
	assert_int_equal(rows_pass(source, &rows, 0, 0), SOURCE_FAILED);
	assert_int_equal(source_report(source)->error, EIO);
}

static void all_is_nears(void)
{
	assert_int_equal(rows_of(&near), 4);
	assert_int_equal(rows_of(&far), 0);
	assert_int_equal(near.want.states, STATES_ALL);
	assert_false(source_report(source)->partial);
}

static void test_no_thread(void **state)
{
	(void)state;
	near.rows = far.rows = 4;
	far.refuses = true;
	assert_int_equal(rows_pass(source, &rows, 0, 0), SOURCE_DONE);
	all_is_nears();
	assert_null(near.want.bytecode);
}

/* There is one program in a request, and it is the caller's. */
static void test_filtered(void **state)
{
	const struct source_want want = {
		.states = STATES_ALL, .ipv4 = true, .ipv6 = true,
		.bytecode = "program", .bytecode_len = 8,
	};
	const struct source_sink sink = { rows_add, &rows };

	(void)state;
	near.rows = far.rows = 4;
	assert_int_equal(source_begin(source, &want), 0);
	while (source_step(source, &sink, 0) == SOURCE_MORE)
		;
	all_is_nears();
	assert_false(far.begun);
	assert_string_equal(near.want.bytecode, "program");
}

static void test_nothing_begins(void **state)
{
	(void)state;
	near.refuses = true;
	assert_int_equal(rows_pass(source, &rows, 0, 0), SOURCE_FAILED);
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_both),
		TEST(test_one_fails),
		TEST(test_both_fail),
		TEST(test_no_thread),
		TEST(test_filtered),
		TEST(test_nothing_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
