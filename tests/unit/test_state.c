/*
 * The TCP states: names in every spelling, and the ways between them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "model/state.h"

static void check_spelling(const char *s, int want)
{
	char other[64];

	assert_int_equal(state_parse(s, strlen(s)), want);
	for (size_t i = 0; i <= strlen(s); i++)
		other[i] = isupper(s[i]) ? tolower(s[i]) : toupper(s[i]);
	assert_int_equal(state_parse(other, strlen(s)), want);
}

static void spellings(void **state)
{
	static const struct { const char *text; int state; } table[] = {
		/* ss(8) */
		{ "ESTAB", STATE_ESTABLISHED },
		{ "SYN-SENT", STATE_SYN_SENT },
		{ "SYN-RECV", STATE_SYN_RECV },
		{ "FIN-WAIT-1", STATE_FIN_WAIT1 },
		{ "FIN-WAIT-2", STATE_FIN_WAIT2 },
		{ "TIME-WAIT", STATE_TIME_WAIT },
		{ "UNCONN", STATE_CLOSE },
		{ "CLOSE-WAIT", STATE_CLOSE_WAIT },
		{ "LAST-ACK", STATE_LAST_ACK },
		{ "CLOSING", STATE_CLOSING },
		{ "established", STATE_ESTABLISHED },
		{ "closed", STATE_CLOSE },
		{ "unconnected", STATE_CLOSE },
		{ "listening", STATE_LISTEN },
		{ "listen", STATE_LISTEN },
		{ "bound-inactive", STATE_BOUND },
		/* netstat(8) */
		{ "ESTABLISHED", STATE_ESTABLISHED },
		{ "SYN_SENT", STATE_SYN_SENT },
		{ "SYN_RECV", STATE_SYN_RECV },
		{ "FIN_WAIT1", STATE_FIN_WAIT1 },
		{ "FIN_WAIT2", STATE_FIN_WAIT2 },
		{ "TIME_WAIT", STATE_TIME_WAIT },
		{ "CLOSE", STATE_CLOSE },
		{ "CLOSE_WAIT", STATE_CLOSE_WAIT },
		{ "LAST_ACK", STATE_LAST_ACK },
		{ "LISTEN", STATE_LISTEN },
		/* RFC 9293, and other systems */
		{ "SYN-RECEIVED", STATE_SYN_RECV },
		{ "SYN_RCVD", STATE_SYN_RECV },
		{ "FIN_WAIT_1", STATE_FIN_WAIT1 },
		{ "CLOSED", STATE_CLOSE },
		/* without anything in between */
		{ "FinWait2", STATE_FIN_WAIT2 },
		{ "timewait", STATE_TIME_WAIT },
		{ "BOUND", STATE_BOUND },
		/* none */
		{ "", -1 },
		{ "-", -1 },
		{ "_-_", -1 },
		{ "FIN", -1 },
		{ "FIN_WAIT", -1 },
		{ "FIN_WAIT3", -1 },
		{ "ESTABLISHEDX", -1 },
		{ "ESTABLISHE", -1 },
		{ "unknown(14)", -1 },
		{ ",", -1 },
		{ "closed,unconn", -1 },
		{ "LIST EN", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		check_spelling(table[i].text, table[i].state);
	/* the length counts, not the NUL */
	assert_int_equal(state_parse("ESTABlished", 5), STATE_ESTABLISHED);
	assert_int_equal(state_parse("CLOSE\0", 6), -1);
	assert_int_equal(state_parse("CLOSEST", 5), STATE_CLOSE);
}

/* name, brief, meaning present; no key and no spelling means two states */
static void table_is_whole(void **state)
{
	char keys[128] = { 0 };
	size_t named = 0;

	(void)state;
	for (unsigned s = 0; s < 300; s++) {
		const struct state_info *i = state_info(s);
		const char *p;

		if (!i)
			continue;
		named++;
		assert_true(s < STATE_COUNT);
		assert_true(strlen(i->name) < STATE_TEXT_MAX);
		assert_true(strlen(i->brief) <= 7);
		assert_true(strlen(i->meaning) > 10);
		check_spelling(i->name, s);
		check_spelling(i->brief, s);
		for (p = i->alias; p && *p; p += strcspn(p, ","), p += !!*p)
			assert_int_equal(state_parse(p, strcspn(p, ",")), s);
		if (i->key)
			assert_int_equal(keys[(int)i->key]++, 0);
	}
	assert_int_equal(named, 12);
	for (char c = '0'; c <= '9'; c++)
		assert_int_equal(keys[(int)c], 1);
	assert_null(state_info(STATE_NONE));
	assert_null(state_info(STATE_NEW_SYN_RECV));
}

static void order_has_each_once(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < state_order_count; i++) {
		assert_non_null(state_info(state_order[i]));
		assert_false(seen & STATE_BIT(state_order[i]));
		seen |= STATE_BIT(state_order[i]);
	}
	assert_int_equal(seen | STATE_BIT(STATE_OTHER), STATES_ALL);
}

static void texts(void **state)
{
	char t[STATE_TEXT_MAX];

	(void)state;
	assert_string_equal(state_text(t, STATE_CLOSE_WAIT), "CLOSE_WAIT");
	assert_string_equal(state_text(t, 14), "unknown(14)");
	assert_string_equal(state_text(t, 0), "unknown(0)");
	assert_string_equal(state_text(t, 255), "unknown(255)");
	assert_int_equal(state_slot(STATE_BOUND), STATE_BOUND);
	assert_int_equal(state_slot(200), STATE_OTHER);
}

/* what the tracepoint reports, and simultaneous open and close */
static void steps_of_linux(void **state)
{
	static const uint8_t way[][8] = {
		{ STATE_CLOSE, STATE_SYN_SENT, STATE_ESTABLISHED,
		  STATE_FIN_WAIT1, STATE_FIN_WAIT2, STATE_TIME_WAIT },
		{ STATE_NONE, STATE_SYN_RECV, STATE_ESTABLISHED,
		  STATE_CLOSE_WAIT, STATE_LAST_ACK, STATE_CLOSE, STATE_NONE },
		{ STATE_CLOSE, STATE_LISTEN, STATE_CLOSE },
		{ STATE_SYN_SENT, STATE_SYN_RECV, STATE_FIN_WAIT1,
		  STATE_CLOSING, STATE_CLOSE },
		{ STATE_FIN_WAIT2, STATE_CLOSE },
		{ STATE_FIN_WAIT1, STATE_CLOSING, STATE_TIME_WAIT },
		{ STATE_CLOSE, STATE_BOUND, STATE_SYN_SENT, STATE_CLOSE },
		{ STATE_BOUND, STATE_LISTEN, STATE_BOUND },
		{ STATE_SYN_RECV, STATE_CLOSE_WAIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(way) / sizeof(*way); i++)
		for (int k = 0; k < 7 && (way[i][k + 1] || k == 0); k++)
			assert_true(state_step_allowed(way[i][k],
						       way[i][k + 1]));
	assert_false(state_step_allowed(STATE_LISTEN, STATE_SYN_RECV));
	assert_false(state_step_allowed(STATE_FIN_WAIT1, STATE_TIME_WAIT));
	assert_false(state_step_allowed(STATE_CLOSE_WAIT, STATE_TIME_WAIT));
	assert_false(state_step_allowed(STATE_ESTABLISHED, STATE_ESTABLISHED));
	/* what we do not know may be anything */
	assert_true(state_step_allowed(STATE_TIME_WAIT, 14));
	assert_true(state_reachable(200, STATE_LISTEN));
}

/* without cookies this tells a new socket from an old one */
static void reused_endpoints_are_noticed(void **state)
{
	static const uint8_t late[] = {
		STATE_TIME_WAIT, STATE_LAST_ACK, STATE_FIN_WAIT1,
		STATE_FIN_WAIT2, STATE_CLOSING, STATE_CLOSE_WAIT,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(late); i++) {
		assert_false(state_reachable(late[i], STATE_ESTABLISHED));
		assert_false(state_reachable(late[i], STATE_SYN_SENT));
		assert_false(state_reachable(late[i], STATE_SYN_RECV));
	}
	assert_false(state_reachable(STATE_ESTABLISHED, STATE_SYN_RECV));
	assert_false(state_reachable(STATE_LISTEN, STATE_ESTABLISHED));
	assert_true(state_reachable(STATE_SYN_SENT, STATE_TIME_WAIT));
	assert_true(state_reachable(STATE_BOUND, STATE_CLOSE_WAIT));
}

static void check_via(unsigned from, unsigned to, const uint8_t *want,
		      size_t count)
{
	uint8_t via[STATE_COUNT];

	assert_int_equal(state_must_pass(from, to, via), count);
	assert_memory_equal(via, want, count);
}

#define VIA(from, to, ...) do { \
	const uint8_t want_[] = { __VA_ARGS__ }; \
	check_via(STATE_##from, STATE_##to, want_, sizeof(want_)); \
} while (0)

static void what_must_have_been(void **state)
{
	(void)state;
	VIA(ESTABLISHED, TIME_WAIT, STATE_FIN_WAIT1);
	VIA(ESTABLISHED, FIN_WAIT2, STATE_FIN_WAIT1);
	VIA(ESTABLISHED, LAST_ACK, STATE_CLOSE_WAIT);
	VIA(SYN_RECV, LAST_ACK, STATE_ESTABLISHED, STATE_CLOSE_WAIT);
	VIA(SYN_RECV, CLOSE_WAIT, STATE_ESTABLISHED);
	VIA(SYN_SENT, LAST_ACK, STATE_ESTABLISHED, STATE_CLOSE_WAIT);
	VIA(BOUND, LAST_ACK, STATE_SYN_SENT, STATE_ESTABLISHED,
	    STATE_CLOSE_WAIT);
	/* a simultaneous open can be closed before it was established */
	VIA(SYN_SENT, TIME_WAIT, STATE_FIN_WAIT1);
	check_via(STATE_ESTABLISHED, STATE_CLOSE, NULL, 0);
	check_via(STATE_FIN_WAIT1, STATE_TIME_WAIT, NULL, 0);
	check_via(STATE_ESTABLISHED, STATE_CLOSE_WAIT, NULL, 0);
	check_via(STATE_TIME_WAIT, STATE_ESTABLISHED, NULL, 0);
	check_via(STATE_NONE, STATE_TIME_WAIT, NULL, 0);
	check_via(STATE_ESTABLISHED, STATE_NONE, NULL, 0);
	check_via(STATE_ESTABLISHED, 14, NULL, 0);
}

/* Does a plain walk find a way that does not set foot in `over`? */
static bool way_around(unsigned at, unsigned to, unsigned over, unsigned seen)
{
	for (unsigned s = 1; s < STATE_COUNT; s++) {
		if (!state_info(s) || s == over || seen & STATE_BIT(s) ||
		    !state_step_allowed(at, s))
			continue;
		/* the step that proves nothing */
		if (at == STATE_SYN_RECV && s == STATE_CLOSE_WAIT)
			continue;
		if (s == to)
			return true;
		if (s != STATE_CLOSE && s != STATE_BOUND &&
		    way_around(s, to, over, seen | STATE_BIT(s)))
			return true;
	}
	return false;
}

/* each pair of states against a plain walk */
static void must_pass_is_true(void **state)
{
	(void)state;
	for (unsigned from = 1; from < STATE_COUNT; from++)
		for (unsigned to = 1; to < STATE_COUNT; to++) {
			uint8_t via[STATE_COUNT];
			unsigned told = 0;
			size_t n;

			if (!state_info(from) || !state_info(to))
				continue;
			assert_int_equal(state_reachable(from, to),
					 way_around(from, to, 0, 0));
			n = state_must_pass(from, to, via);
			for (size_t i = 0; i < n; i++) {
				told |= STATE_BIT(via[i]);
				assert_true(state_reachable(from, via[i]));
				assert_true(state_reachable(via[i], to));
				if (i)
					assert_true(state_reachable(via[i - 1],
								    via[i]));
			}
			if (!state_reachable(from, to)) {
				assert_int_equal(n, 0);
				continue;
			}
			for (unsigned s = 1; s < STATE_COUNT; s++)
				if (state_info(s) && s != from && s != to)
					assert_int_equal(
						!!(told & STATE_BIT(s)),
						!way_around(from, to, s, 0));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings),
		cmocka_unit_test(table_is_whole),
		cmocka_unit_test(order_has_each_once),
		cmocka_unit_test(texts),
		cmocka_unit_test(steps_of_linux),
		cmocka_unit_test(reused_endpoints_are_noticed),
		cmocka_unit_test(what_must_have_been),
		cmocka_unit_test(must_pass_is_true),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
