/*
 * Owner sets: kept once, counted, and right whatever the order of things.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/owner.h"

static uint32_t add(struct owners *o, uint32_t set, int pid, const char *name)
{
	return owners_with(o, set, pid, 1000 + pid, name, strlen(name));
}

static void assert_empty(const struct owners *o)
{
	assert_int_equal(owners_sets(o), 0);
	assert_int_equal(owners_processes(o), 0);
}

static void special_sets(void **state)
{
	struct owners *o = owners_new();

	(void)state;
	for (uint32_t set = 0; set < OWNER_FIRST; set++) {
		owners_ref(o, set);
		owners_unref(o, set);
		owners_unref(o, set);
		assert_int_equal(owners_count(o, set), 0);
		assert_null(owners_get(o, set, 0));
	}
	owners_free(o);
	owners_free(NULL);
}

static void sets_are_kept_once(void **state)
{
	struct owners *o = owners_new();
	uint32_t a, b, ab, ba, again;

	(void)state;
	a = add(o, OWNER_PENDING, 7, "a");
	assert_true(a >= OWNER_FIRST);
	assert_int_equal(add(o, OWNER_NONE, 7, "a"), a);
	assert_int_equal(add(o, OWNER_HIDDEN, 7, "a"), a);
	assert_int_equal(add(o, a, 7, "a"), a);		/* it has it already */
	b = add(o, OWNER_PENDING, 3, "b");
	owners_ref(o, a);
	ab = add(o, a, 3, "b");
	ba = add(o, b, 7, "a");
	assert_int_equal(ab, ba);
	assert_int_equal(owners_count(o, ab), 2);
	assert_int_equal(owners_get(o, ab, 0)->pid, 3);
	assert_int_equal(owners_get(o, ab, 1)->pid, 7);
	assert_null(owners_get(o, ab, 2));
	assert_int_equal(owners_get(o, a, 0)->refs, 2);	/* sets */
	again = add(o, ab, 5, "c");
	assert_int_equal(owners_get(o, again, 1)->pid, 5);
	owners_unref(o, again);
	owners_unref(o, ba);
	/* four answers "a", one more taken, one given to ab */
	owners_unref(o, a);
	owners_unref(o, a);
	assert_int_equal(owners_sets(o), 1);
	owners_unref(o, a);
	assert_empty(o);
	owners_free(o);
}

/* a pid with another start time is another process */
static void reused_pid(void **state)
{
	struct owners *o = owners_new();
	uint32_t old, new;

	(void)state;
	old = owners_with(o, OWNER_PENDING, 9, 100, "old", 3);
	new = owners_with(o, OWNER_PENDING, 9, 200, "new", 3);
	assert_int_not_equal(old, new);
	assert_string_equal(safe_str(owners_get(o, old, 0)->name), "old");
	assert_string_equal(safe_str(owners_get(o, new, 0)->name), "new");
	owners_unref(o, old);
	owners_unref(o, new);
	assert_empty(o);
	owners_free(o);
}

/* … whatever place in the hash its start time leads to */
static void many_start_times(void **state)
{
	struct owners *o = owners_new();
	uint32_t set = OWNER_PENDING;

	(void)state;
	for (uint64_t start = 1000; start; start--)
		set = owners_with(o, set, 9, start, "x", 1);
	assert_int_equal(owners_count(o, set), 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(owners_get(o, set, i)->start, i + 1);
	owners_unref(o, set);
	assert_empty(o);
	owners_free(o);
}

/* The newest answer is remembered, but not longer than it lives. */
static void answers_die(void **state)
{
	struct owners *o = owners_new();
	uint32_t keep, one, two;

	(void)state;
	/* the process lives on in another set */
	keep = add(o, add(o, OWNER_NONE, 1, "a"), 2, "b");
	one = add(o, OWNER_NONE, 1, "a");
	owners_unref(o, one);
	two = add(o, OWNER_NONE, 2, "b");	/* takes over its number */
	assert_int_equal(two, one);
	one = add(o, OWNER_NONE, 1, "a");
	assert_int_equal(owners_get(o, one, 0)->pid, 1);
	owners_unref(o, one);
	/* at once, without anything in between */
	one = add(o, OWNER_NONE, 1, "a");
	owners_unref(o, one);
	one = add(o, OWNER_NONE, 1, "a");
	assert_int_equal(owners_count(o, one), 1);
	owners_unref(o, one);
	owners_unref(o, two);
	owners_unref(o, keep);
	assert_empty(o);
	owners_free(o);
}

static void names(void **state)
{
	char long_name[300];
	struct owners *o = owners_new();
	const struct process *p;
	uint32_t set;

	(void)state;
	set = owners_with(o, OWNER_PENDING, 1, 1, "a) b\x1b[", 6);
	p = owners_get(o, set, 0);
	assert_string_equal(safe_str(p->name), "a) b\\x1b[");
	set = owners_with(o, set, 1, 1, "exec", 4);	/* renews the name */
	assert_string_equal(safe_str(p->name), "exec");
	set = owners_with(o, set, 1, 1, "", 0);
	assert_string_equal(safe_str(p->name), "");
	memset(long_name, 'n', sizeof(long_name));
	set = owners_with(o, set, 1, 1, long_name, sizeof(long_name));
	assert_int_equal(strlen(safe_str(p->name)), 64 + 3);
	set = owners_with(o, set, 1, 1, long_name, 64);
	assert_int_equal(strlen(safe_str(p->name)), 64);
	owners_unref(o, set);
	assert_empty(o);
	owners_free(o);
}

/* what a walk does: one process after the other, thousands of sockets */
static void many_sockets_share(void **state)
{
	enum { SOCKETS = 200000, WORKERS = 4 };
	uint32_t *set = calloc(SOCKETS, sizeof(*set));
	struct owners *o = owners_new();

	(void)state;
	for (int w = 0; w < WORKERS; w++)
		for (int i = 0; i < SOCKETS; i++)
			set[i] = add(o, set[i], 100 - w, "worker");
	assert_int_equal(owners_sets(o), 1);
	assert_int_equal(owners_count(o, set[0]), WORKERS);
	assert_int_equal(owners_get(o, set[0], 0)->pid, 100 - WORKERS + 1);
	for (int i = 0; i < SOCKETS; i++) {
		assert_int_equal(set[i], set[0]);
		owners_unref(o, set[i]);
	}
	assert_empty(o);
	owners_free(o);
	free(set);
}

/* a server that forked and forked */
static void a_thousand_owners(void **state)
{
	struct owners *o = owners_new();
	uint32_t set = OWNER_PENDING;

	(void)state;
	for (int pid = 1000; pid; pid--)
		set = add(o, set, pid * 7 % 1009, "fork");
	assert_int_equal(owners_count(o, set), 1000);
	assert_int_equal(owners_sets(o), 1);
	for (int i = 1; i < 1000; i++)
		assert_true(owners_get(o, set, i - 1)->pid <
			    owners_get(o, set, i)->pid);
	owners_free(o);			/* what is still held goes as well */
}

/*
 * Random operations against a plain model: each holder has its set as bits of
 * 16 processes; equal bits must be the same number, and nothing may be left.
 */
static void random_operations(void **state)
{
	enum { HOLDERS = 200, ROUNDS = 100000 };
	static uint32_t set[HOLDERS];
	static unsigned bits[HOLDERS];
	static uint32_t number[1 << 16];
	struct owners *o = owners_new();
	size_t distinct = 0;

	(void)state;
	srandom(5);
	for (int r = 0; r < ROUNDS; r++) {
		int i = random() % HOLDERS, k = random() % HOLDERS;
		int pid = random() % 16;

		switch (random() % 5) {
		case 0:
			owners_unref(o, set[i]);
			set[i] = bits[i] = 0;
			break;
		case 1:
			owners_ref(o, set[k]);
			owners_unref(o, set[i]);
			set[i] = set[k];
			bits[i] = bits[k];
			break;
		default:
			set[i] = add(o, set[i], pid, "p");
			bits[i] |= 1u << pid;
		}
		if (bits[i])
			assert_int_equal(owners_count(o, set[i]),
					 __builtin_popcount(bits[i]));
		for (size_t n = 0; n < owners_count(o, set[i]); n++) {
			int got = owners_get(o, set[i], n)->pid;

			assert_true(bits[i] & 1u << got);
			assert_true(!n ||
				    owners_get(o, set[i], n - 1)->pid < got);
		}
	}
	for (int i = 0; i < HOLDERS; i++) {
		if (!bits[i])
			continue;
		distinct += !number[bits[i]];
		if (number[bits[i]])
			assert_int_equal(number[bits[i]], set[i]);
		number[bits[i]] = set[i];
	}
	assert_int_equal(owners_sets(o), distinct);
	for (int i = 0; i < HOLDERS; i++)
		owners_unref(o, set[i]);
	assert_empty(o);
	owners_free(o);
}

/* many different sets and processes: the hashes grow, numbers are reused */
static void many_sets(void **state)
{
	enum { COUNT = 5000 };
	static uint32_t set[COUNT];
	struct owners *o = owners_new();
	uint32_t highest = 0;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < COUNT; i++) {
			set[i] = add(o, OWNER_NONE, i + 1, "one");
			set[i] = add(o, set[i], COUNT + i, "two");
			if (round == 0 && set[i] > highest)
				highest = set[i];
			assert_true(set[i] <= highest);
		}
		assert_int_equal(owners_sets(o), COUNT);
		for (int i = 0; i < COUNT; i++)
			assert_int_equal(owners_get(o, set[i], 0)->pid, i + 1);
		for (int i = 0; i < COUNT; i++)
			owners_unref(o, set[i]);
		assert_empty(o);
	}
	owners_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(special_sets),
		cmocka_unit_test(sets_are_kept_once),
		cmocka_unit_test(reused_pid),
		cmocka_unit_test(many_start_times),
		cmocka_unit_test(answers_die),
		cmocka_unit_test(names),
		cmocka_unit_test(many_sockets_share),
		cmocka_unit_test(a_thousand_owners),
		cmocka_unit_test(random_operations),
		cmocka_unit_test(many_sets),
	};

	return cmocka_run_group_tests_name("owner", tests, NULL, NULL);
}
