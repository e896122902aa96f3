/*
 * test_edges.c - rates of steps and distributions of dwell times
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/edges.h"

#define S	NS_PER_SEC
#define START	(1000 * S)

enum {
	NONE = STATE_NONE, ESTAB = STATE_ESTABLISHED, SYN_R = STATE_SYN_RECV,
	SYN_S = STATE_SYN_SENT, FIN_1 = STATE_FIN_WAIT1,
	FIN_2 = STATE_FIN_WAIT2, CLOSE_W = STATE_CLOSE_WAIT,
	T_WAIT = STATE_TIME_WAIT, LAST_A = STATE_LAST_ACK,
};

static struct edges *e;

static int setup(void **state)
{
	(void)state;
	e = edges_new();
	edges_start(e, START);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	edges_free(e);
	return 0;
}

static struct change step(unsigned from, unsigned to, int64_t at)
{
	struct change c = {
		.kind = !from ? CHANGE_OPENED : !to ? CHANGE_CLOSED :
			CHANGE_STATE,
		.from = from, .to = to, .after = at, .at = at,
		.certainty = CERTAIN_EXACT, .origin = ORIGIN_TRACE,
		.dwell = TIME_UNKNOWN,
	};

	return c;
}

static void add(unsigned from, unsigned to, int64_t at)
{
	const struct change c = step(from, to, at);

	edges_add(e, &c);
}

/* of 100, so that they can be compared */
static int rate100(unsigned from, unsigned to, int seconds, int64_t now)
{
	double r = edges_rate(e, from, to, seconds, now);

	return r < 0 ? -1 : (int)(r * 100 + 0.5);
}

static int sum100(enum edges_sum what, int seconds, int64_t now)
{
	double r = edges_sum_rate(e, what, seconds, now);

	return r < 0 ? -1 : (int)(r * 100 + 0.5);
}

/* ---- rates ---- */

/* 10 a second, and as many again in each tenth second: in second i */
static void add_second(int64_t i)
{
	for (int64_t at = START + i * S; at < START + (i + 1) * S; at += S / 10) {
		add(ESTAB, CLOSE_W, at);
		if (i % 10 == 0)
			add(ESTAB, FIN_1, at);
	}
}

static void test_rates(void **state)
{
	int64_t now = START;

	(void)state;
	for (int i = 0; i < 70; i++) {
		add_second(i);
		now = START + (i + 1) * S;
		assert_int_equal(rate100(ESTAB, CLOSE_W, 1, now), 1000);
		assert_int_equal(rate100(ESTAB, FIN_1, 1, now),
				 i % 10 ? 0 : 1000);
		assert_int_equal(rate100(ESTAB, FIN_1, 10, now),
				 i < 9 ? -1 : 100);
		assert_int_equal(rate100(ESTAB, FIN_1, 60, now + S / 2),
				 i < 59 ? -1 : 100);
		assert_int_equal(rate100(CLOSE_W, ESTAB, 1, now), 0);
	}
	assert_int_equal(edges_total(e, ESTAB, CLOSE_W), 700);
	assert_int_equal(edges_total(e, ESTAB, FIN_1), 70);
	assert_int_equal(edges_total(e, CLOSE_W, ESTAB), 0);
	/* then nothing more */
	assert_int_equal(rate100(ESTAB, CLOSE_W, 1, now + S), 0);
	assert_int_equal(rate100(ESTAB, CLOSE_W, 10, now + 5 * S), 500);
	assert_int_equal(rate100(ESTAB, CLOSE_W, 60, now + 30 * S), 500);
	assert_int_equal(rate100(ESTAB, CLOSE_W, 60, now + 60 * S), 0);
	assert_int_equal(rate100(ESTAB, CLOSE_W, 60, now + 9999 * S), 0);
}

/* The second under way is not whole; nor is the one we started in. */
static void test_whole_seconds(void **state)
{
	(void)state;
	edges_free(e);
	e = edges_new();
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START), -1);
	edges_start(e, START + S / 2);
	edges_start(e, START + 40 * S);		/* too late */
	add(ESTAB, FIN_1, START + S / 2 + 1);
	add(ESTAB, FIN_1, START + S);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + S), -1);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + 2 * S - 1), -1);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + 2 * S), 100);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + 3 * S - 1), 100);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + 3 * S), 0);
	assert_int_equal(rate100(ESTAB, FIN_1, 10, START + 11 * S - 1), -1);
	assert_int_equal(rate100(ESTAB, FIN_1, 10, START + 11 * S), 10);
	assert_int_equal(rate100(ESTAB, FIN_1, 60, START + 61 * S - 1), -1);
	assert_int_equal(rate100(ESTAB, FIN_1, 60, START + 61 * S), 2);
	/* only what is kept can be asked for */
	assert_int_equal(rate100(ESTAB, FIN_1, 61, START + 99 * S), -1);
	assert_int_equal(rate100(ESTAB, FIN_1, 0, START + 99 * S), -1);
}

/* A change that comes late is counted when it happened, if that is not too
 * long ago. */
static void test_late(void **state)
{
	(void)state;
	add(ESTAB, FIN_1, START + 100 * S);
	add(ESTAB, FIN_1, START + 70 * S);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + 101 * S), 100);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + 71 * S), 100);
	assert_int_equal(rate100(ESTAB, FIN_1, 10, START + 101 * S), 10);
	/* its place is taken by the 100th */
	add(ESTAB, FIN_1, START + 36 * S);
	assert_int_equal(rate100(ESTAB, FIN_1, 1, START + 101 * S), 100);
	assert_int_equal(edges_total(e, ESTAB, FIN_1), 3);
	add(ESTAB, FIN_1, -5 * S);
	assert_int_equal(edges_total(e, ESTAB, FIN_1), 4);
}

/* A pass each 5 s tells of 500 changes: 100 a second, at every moment. */
static void test_between_passes(void **state)
{
	struct change c = step(ESTAB, CLOSE_W, 0);

	(void)state;
	c.certainty = CERTAIN_BETWEEN;
	for (int pass = 1; pass <= 20; pass++) {
		int64_t now = START + S / 3 + pass * 5 * S;

		c.after = now - 5 * S;
		c.at = now;
		for (int i = 0; i < 500; i++)
			edges_add(e, &c);
		if (pass < 14)
			continue;
		assert_in_range(rate100(ESTAB, CLOSE_W, 1, now), 9800, 10200);
		assert_in_range(rate100(ESTAB, CLOSE_W, 10, now), 9950, 10050);
		assert_in_range(rate100(ESTAB, CLOSE_W, 60, now), 9990, 10010);
	}
	/* nobody knows since when; a year */
	c.after = TIME_UNKNOWN;
	edges_add(e, &c);
	c.after = c.at - 86400 * 365 * S;
	edges_add(e, &c);
	assert_int_equal(edges_total(e, ESTAB, CLOSE_W), 20 * 500 + 2);
}

/* Numbers without a name are one state, which is not "no socket". */
static void test_unknown_states(void **state)
{
	(void)state;
	add(14, ESTAB, START);
	add(200, ESTAB, START);
	add(NONE, ESTAB, START);
	assert_int_equal(edges_total(e, 99, ESTAB), 2);
	assert_int_equal(edges_total(e, EDGES_OTHER, ESTAB), 2);
	assert_int_equal(edges_total(e, NONE, ESTAB), 1);
	assert_int_equal(rate100(14, ESTAB, 1, START + S), 200);
	assert_int_equal(edges_dwell_count(e, 77), 0);
}

/* ---- sums ---- */

static void test_sums(void **state)
{
	const int64_t now = START + S;
	struct change in = step(NONE, SYN_R, START);

	(void)state;
	in.direction = DIR_IN;
	add(NONE, SYN_S, START);			/* opened */
	add(STATE_BOUND, SYN_S, START);			/* opened */
	edges_add(e, &in);				/* and accepted */
	add(NONE, STATE_LISTEN, START);
	add(NONE, STATE_BOUND, START);
	add(STATE_BOUND, STATE_LISTEN, START);
	add(SYN_S, ESTAB, START);
	add(STATE_LISTEN, NONE, START);
	add(STATE_CLOSE, NONE, START);
	add(T_WAIT, NONE, START);			/* closed */
	add(LAST_A, NONE, START);			/* closed */
	add(FIN_2, NONE, START);			/* closed */
	add(ESTAB, STATE_CLOSE, START);			/* reset */
	add(SYN_S, NONE, START);			/* reset */
	add(SYN_R, NONE, START);			/* reset */
	add(FIN_1, NONE, START);			/* reset */
	add(CLOSE_W, NONE, START);			/* reset */
	assert_int_equal(sum100(EDGES_OPENED, 1, now), 300);
	assert_int_equal(sum100(EDGES_ACCEPTED, 1, now), 100);
	assert_int_equal(sum100(EDGES_CLOSED, 1, now), 800);
	assert_int_equal(sum100(EDGES_RESET, 1, now), 500);
	assert_int_equal(sum100(EDGES_RESET, 10, START + 10 * S), 50);
	assert_int_equal(sum100(EDGES_RESET, 10, START + 9 * S), -1);
}

/* Between two passes a connection may have ended as it should. */
static void test_reset_unknown(void **state)
{
	struct change c = step(ESTAB, NONE, START);

	(void)state;
	c.certainty = CERTAIN_BETWEEN;
	c.origin = ORIGIN_DESTROY;
	edges_add(e, &c);
	assert_int_equal(sum100(EDGES_CLOSED, 1, START + S), 100);
	assert_int_equal(sum100(EDGES_RESET, 1, START + S), -1);
	/* from now on it would be told */
	add(SYN_S, ESTAB, START);
	assert_int_equal(sum100(EDGES_RESET, 1, START + S), 0);
	c.origin = ORIGIN_TRACE;
	c.certainty = CERTAIN_INFERRED;
	edges_add(e, &c);
	assert_int_equal(sum100(EDGES_RESET, 1, START + S), 0);
}

static void test_sum_names(void **state)
{
	(void)state;
	for (int i = 0; i < EDGES_SUM_COUNT; i++)
		assert_true(edges_sum_name[i] && *edges_sum_name[i]);
}

/* ---- dwell times ---- */

static void add_dwell(unsigned from, int64_t ns, unsigned certainty,
		      unsigned dwell_certainty)
{
	struct change c = step(from, from == ESTAB ? CLOSE_W : NONE, START);

	c.dwell = ns;
	c.certainty = certainty;
	c.dwell_certainty = dwell_certainty;
	edges_add(e, &c);
}

static uint64_t seed = 88172645463325252;

static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Times of every size, against the sorted ones. */
static void check_quantiles(unsigned state, size_t n, unsigned most_bits)
{
	static const double shares[] = { 0, 0.01, 0.25, 0.5, 0.9, 0.99, 1 };
	int64_t *ns = malloc(n * sizeof(*ns));

	for (size_t i = 0; i < n; i++) {
		unsigned bits = 1 + random_number() % most_bits;

		ns[i] = random_number() >> (64 - bits);
		add_dwell(state, ns[i], i & 1, CERTAIN_EXACT + (i >> 1 & 1));
	}
	qsort(ns, n, sizeof(*ns), compare);
	assert_int_equal(edges_dwell_count(e, state), n);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		/* the smallest of which that share is not more */
		size_t rank = (size_t)(shares[i] * (double)n);
		int64_t exact, got = edges_dwell(e, state, shares[i]);

		if ((double)rank < shares[i] * (double)n || !rank)
			rank++;
		exact = ns[rank - 1];
		assert_true(llabs(got - exact) <= exact / 16);
	}
	free(ns);
}

static void test_quantiles(void **state)
{
	(void)state;
	check_quantiles(ESTAB, 10000, 63);
	check_quantiles(T_WAIT, 10000, 20);
	check_quantiles(FIN_1, 1, 40);
	check_quantiles(FIN_2, 2, 40);
	check_quantiles(CLOSE_W, 99, 5);
}

/* One in the middle of its bucket, others far away: half a bucket off at most.
 * Alone it is told as it was. */
static void test_buckets(void **state)
{
	static const int64_t odd[] = { 0, 1, 15, 16, 17, 31, 32, 33, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		int64_t ns = i < 9 ? odd[i] :
			(int64_t)(random_number() >> (1 + i % 63));

		edges_free(e);
		e = edges_new();
		add_dwell(ESTAB, ns, CERTAIN_EXACT, CERTAIN_EXACT);
		assert_true(edges_dwell(e, ESTAB, 0) == ns);
		assert_true(edges_dwell(e, ESTAB, 1) == ns);
		add_dwell(ESTAB, 0, CERTAIN_EXACT, CERTAIN_EXACT);
		add_dwell(ESTAB, INT64_MAX, CERTAIN_EXACT, CERTAIN_EXACT);
		assert_true(llabs(edges_dwell(e, ESTAB, 0.5) - ns) <= ns / 32);
		assert_true(edges_dwell(e, ESTAB, 0) == 0);
		assert_true(edges_dwell(e, ESTAB, 1) >= INT64_MAX / 32 * 31);
	}
}

static void test_dwell_unknown(void **state)
{
	(void)state;
	add_dwell(ESTAB, TIME_UNKNOWN, CERTAIN_EXACT, CERTAIN_EXACT);
	add_dwell(ESTAB, 5, CERTAIN_INFERRED, CERTAIN_EXACT);
	add_dwell(ESTAB, 5, CERTAIN_INFERRED, CERTAIN_BETWEEN);
	add_dwell(ESTAB, 5, CERTAIN_EXACT, CERTAIN_INFERRED);
	add_dwell(ESTAB, 5, CERTAIN_EXACT, CERTAIN_AT_LEAST);
	add_dwell(ESTAB, 5, CERTAIN_BETWEEN, CERTAIN_AT_LEAST);
	add_dwell(ESTAB, 5, CERTAIN_BETWEEN, CERTAIN_AT_MOST);
	assert_int_equal(edges_dwell_count(e, ESTAB), 0);
	assert_true(edges_dwell(e, ESTAB, 0.5) == TIME_UNKNOWN);
	/* but they are steps */
	assert_int_equal(edges_total(e, ESTAB, CLOSE_W), 7);
	add_dwell(NONE, 5, CERTAIN_EXACT, CERTAIN_EXACT);
	assert_int_equal(edges_dwell_count(e, NONE), 0);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_rates),
		TEST(test_whole_seconds),
		TEST(test_late),
		TEST(test_between_passes),
		TEST(test_unknown_states),
		TEST(test_sums),
		TEST(test_reset_unknown),
		TEST(test_sum_names),
		TEST(test_quantiles),
		TEST(test_buckets),
		TEST(test_dwell_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
