/*
 * Which columns fit into a line.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/text.h"
#include "view/fit.h"

static const uint8_t usual[] = {
	COL_STATE, COL_AGE, COL_RECV_Q, COL_SEND_Q, COL_LOCAL, COL_REMOTE,
	COL_OWNER,
};
enum { USUAL = sizeof(usual) };

static int place(const struct fit *f, int id)
{
	for (int i = 0; i < f->count; i++)
		if (f->id[i] == id)
			return i;
	return -1;
}

static void check_promises(const struct fit *f, const uint8_t *ids, int count,
			   int width, int gap)
{
	int total = 0, at = 0;

	assert_in_range(f->count, 1, count);
	for (int i = 0; i < f->count; i++) {
		assert_true(f->width[i] > 0);
		total += f->width[i] + (i ? gap : 0);
		/* the order asked for */
		while (at < count && ids[at] != f->id[i])
			at++;
		assert_true(at++ < count);
	}
	assert_int_equal(total, f->total);
	assert_true(f->total <= width);
}

/* the columns that leave are those least worth keeping */
static void check_leaving(const struct fit *f, const uint8_t *ids, int count)
{
	int least = 256;

	for (int i = 0; i < f->count; i++)
		if (columns[f->id[i]].keep < least)
			least = columns[f->id[i]].keep;
	for (int i = 0; i < count; i++)
		if (place(f, ids[i]) < 0)
			assert_true(columns[ids[i]].keep <= least);
}

static int shuffled(uint8_t *ids)
{
	int count = 1 + rand() % COLUMN_COUNT;

	for (int i = 0; i < COLUMN_COUNT; i++)
		ids[i] = (uint8_t)i;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		int j = rand() % COLUMN_COUNT;
		uint8_t id = ids[i];

		ids[i] = ids[j];
		ids[j] = id;
	}
	return count;
}

static void promises(void **state)
{
	uint16_t content[COLUMN_COUNT];
	uint8_t ids[COLUMN_COUNT];
	struct fit f, again;

	(void)state;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		int count = shuffled(ids), gap = rand() % 3;
		int width = 1 + rand() % 400;

		for (int i = 0; i < COLUMN_COUNT; i++)
			content[i] = rand() % 4 ? (uint16_t)(rand() % 70) :
				     rand() % 2 ? 0 : UINT16_MAX;
		fit_columns(&f, ids, content, count, width, gap);
		check_promises(&f, ids, count, width, gap);
		check_leaving(&f, ids, count);
		fit_columns(&again, ids, content, count, width, gap);
		assert_memory_equal(&f, &again, sizeof(f));
	}
}

static void nothing_to_fit(void **state)
{
	struct fit f;

	(void)state;
	fit_columns(&f, usual, NULL, 0, 80, 1);
	assert_int_equal(f.count, 0);
	fit_columns(&f, usual, NULL, USUAL, 0, 1);
	assert_int_equal(f.count, 0);
	fit_columns(&f, usual, NULL, USUAL, -5, 1);
	assert_int_equal(f.count, 0);
	fit_columns(&f, usual, NULL, USUAL, 1, 1);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.id[0], COL_STATE);
	assert_int_equal(f.width[0], 1);
}

/* A wider line never loses a column that a narrower one had. */
static void wider_is_more(void **state)
{
	struct fit f;
	int before = 0;

	(void)state;
	for (int width = 1; width < 200; width++) {
		fit_columns(&f, usual, NULL, USUAL, width, 1);
		assert_true(f.count >= before);
		before = f.count;
	}
	assert_int_equal(before, USUAL);
}

static void addresses_grow_first(void **state)
{
	const uint16_t content[USUAL] = { 11, 6, 7, 7, 46, 46, 40 };
	int local = -1, owner = -1;
	struct fit f;

	(void)state;
	for (int width = 90; width < 220; width++) {
		int l, o;

		fit_columns(&f, usual, content, USUAL, width, 2);
		assert_int_equal(f.count, USUAL);
		l = f.width[4];
		o = f.width[6];
		assert_in_range(l - f.width[5], 0, 1);
		/* the process is wider than usual only once both addresses
		 * have all they want */
		if (o > columns[COL_OWNER].norm)
			assert_int_equal(f.width[5], 46);
		/* and addresses only once it is as wide as usual */
		if (l > columns[COL_LOCAL].norm)
			assert_true(o >= columns[COL_OWNER].norm);
		assert_true(l >= local && o >= owner);
		local = l;
		owner = o;
	}
	assert_int_equal(local, 46);
	assert_int_equal(owner, 40);
}

/* A number is whole before anything else grows. */
static void numbers_come_first(void **state)
{
	const uint16_t content[USUAL] = { 11, 8, 12, 10, 46, 46, 40 };
	struct fit f;

	(void)state;
	for (int width = 90; width < 120; width++) {
		fit_columns(&f, usual, content, USUAL, width, 1);
		if (f.width[4] > columns[COL_LOCAL].min) {
			assert_int_equal(f.width[1], 8);
			assert_int_equal(f.width[2], 12);
			assert_int_equal(f.width[3], 10);
		}
	}
}

/* What is in it counts: no wider than that, no narrower than the title. */
static void as_wide_as_content(void **state)
{
	const uint16_t content[USUAL] = { 6, 4, 1, 1, 10, 1, 3 };
	struct fit f;

	(void)state;
	fit_columns(&f, usual, content, USUAL, 200, 1);
	assert_int_equal(f.count, USUAL);
	assert_int_equal(f.width[0], 6);
	assert_int_equal(f.width[2], 6);	/* RECV-Q */
	assert_int_equal(f.width[4], 10);
	assert_int_equal(f.width[5], 6);	/* REMOTE */
	assert_int_equal(f.width[6], 7);	/* PROCESS */
}

/* a column that leaves first takes the middle out of the order, not the end */
static void small_queue_leaves_first(void **state)
{
	struct fit f;
	int width = 200;

	(void)state;
	do
		fit_columns(&f, usual, NULL, USUAL, --width, 1);
	while (f.count == USUAL);
	assert_int_equal(place(&f, COL_SEND_Q), -1);
	assert_int_equal(place(&f, COL_RECV_Q), 2);
	assert_int_equal(place(&f, COL_OWNER), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promises),
		cmocka_unit_test(nothing_to_fit),
		cmocka_unit_test(wider_is_more),
		cmocka_unit_test(addresses_grow_first),
		cmocka_unit_test(numbers_come_first),
		cmocka_unit_test(as_wide_as_content),
		cmocka_unit_test(small_queue_leaves_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
