/* What is told of the states is whole, short, and true of this kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/state.h"
#include "view/explain.h"
#include "view/ladder.h"

enum { WIDTH = 78, INDENT = 16, LINES = 5 };

/* How many lines it takes when wrapped at blanks; each must fit. */
static int lines_of(const char *s, int width)
{
	int lines = 1, used = 0;

	while (*s) {
		int n = (int)strcspn(s, " ");

		assert_true(n <= width);
		if (used && used + 1 + n > width) {
			lines++;
			used = 0;
		}
		used += n + (used > 0);
		s += n + (s[n] == ' ');
	}
	return lines;
}

/* Shown as it is in every locale, and no word is there twice in a row. */
static void assert_text(const char *s)
{
	const char *p;

	assert_non_null(s);
	assert_true(*s);
	for (p = s; *p; p++)
		assert_true(*p >= ' ' && *p <= '~');
	assert_null(strstr(s, "  "));
}

static void assert_sysctl(const struct explain_sysctl *s)
{
	char path[256] = "/proc/sys/", *p = path + strlen(path);

	assert_text(s->text);
	assert_non_null(sysctl_name[s->id]);
	assert_true(lines_of(s->text, WIDTH - INDENT) <= 3);
	strcpy(p, sysctl_name[s->id]);
	for (; *p; p++)
		*p = *p == '.' ? '/' : *p;
	if (access(path, R_OK))
		fail_msg("no %s", path);
}

static void test_every_state_is_whole(void **state)
{
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < state_order_count; i++) {
		const struct explain *e = explain_state(state_order[i]);

		assert_non_null(e);
		for (k = 0; k < EXPLAIN_PARTS; k++) {
			assert_non_null(explain_title[k]);
			assert_true(strlen(explain_title[k]) < INDENT);
			assert_text(e->part[k]);
			assert_true(lines_of(e->part[k], WIDTH - INDENT) <=
				    LINES);
		}
		assert_true(e->sysctl[0].id);
		for (k = 0; k < EXPLAIN_SYSCTLS && e->sysctl[k].id; k++)
			assert_sysctl(&e->sysctl[k]);
		assert_true(e->ladder < LADDER_COUNT);
	}
	assert_null(explain_state(STATE_NONE));
	assert_null(explain_state(STATE_NEW_SYN_RECV));
	assert_null(explain_state(200));
}

/* The two errors that are made most often. */
static void test_fin_timeout(void **state)
{
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < state_order_count; i++) {
		const struct explain *e = explain_state(state_order[i]);

		for (k = 0; k < EXPLAIN_SYSCTLS && e->sysctl[k].id; k++)
			if (e->sysctl[k].id == SYSCTL_FIN_TIMEOUT)
				assert_int_equal(e->sysctl[k].matters,
						 state_order[i] ==
						 STATE_FIN_WAIT2);
	}
	assert_non_null(strstr(explain_state(STATE_TIME_WAIT)->
			       part[EXPLAIN_LASTS], "60 s, fixed"));
}

/* The state it is said to show best is in it. */
static void test_ladder_of_state(void **state)
{
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < state_order_count; i++) {
		unsigned s = state_order[i];
		const struct ladder *l = &ladders[explain_state(s)->ladder];
		bool found = s == STATE_BOUND;	/* is in none */

		for (k = 0; k < ladder_steps(l); k++)
			found |= l->step[k].here == s;
		assert_true(found);
	}
}

static void assert_step(uint8_t *now, uint8_t next)
{
	if (!next)
		return;
	/* the child of a listener; and a SYN that answers nothing */
	if (!(*now == STATE_LISTEN && next == STATE_SYN_RECV) &&
	    !state_reachable(*now, next))
		fail_msg("%s > %s", state_info(*now)->name,
			 state_info(next)->name);
	*now = next;
}

static void test_ladders(void **state)
{
	int i, k;

	(void)state;
	for (i = 0; i < LADDER_COUNT; i++) {
		const struct ladder *l = &ladders[i];
		uint8_t here = l->step[0].here, there = l->step[0].there;

		assert_text(l->title);
		assert_text(l->note);
		assert_true(lines_of(l->title, 50) == 1);
		assert_true(here && there);
		assert_true(ladder_steps(l) >= 4);
		for (k = 1; k < ladder_steps(l); k++) {
			const struct ladder_step *s = &l->step[k];

			assert_int_equal(s->way == WAY_NONE, !s->packet);
			assert_step(&here, s->here);
			assert_step(&there, s->there);
		}
		/* it ends where both ends are at rest */
		assert_true(here == there);
		assert_true(here == STATE_ESTABLISHED || here == STATE_CLOSE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state_is_whole),
		cmocka_unit_test(test_fin_timeout),
		cmocka_unit_test(test_ladder_of_state),
		cmocka_unit_test(test_ladders),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
