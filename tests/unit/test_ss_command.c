/*
 * test_ss_command.c - what is shown as a command of ss(8)
 *
 * That ss takes it and shows the same is in tests/live/ss-command.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "view/ss_command.h"

static struct view v;
static struct column_context c;

static int make(void **state)
{
	(void)state;
	view_init(&v);
	c = (struct column_context){ 0 };
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	view_free(&v);
	return 0;
}

static void filter(const char *text)
{
	struct filter_error e;

	filter_free(v.filter);
	v.filter = filter_parse(text, &e);
	if (!v.filter)
		fail_msg("%s: %s", text, e.message);
}

static void gives(bool exact, const char *command)
{
	struct buf b = { 0 };
	bool was = ss_command(&b, &v, &c, 0);

	assert_string_equal(buf_str(&b), command);
	assert_int_equal(was, exact);
	buf_free(&b);
}

static void test_all(void **state)
{
	struct buf b = { 0 };

	(void)state;
	gives(true, "ss -tan");
	c.names = true;
	assert_true(ss_command(&b, &v, &c, NEED_OWNER | NEED_INFO));
	assert_string_equal(buf_str(&b), "ss -tapi");
	buf_free(&b);
}

static void test_view(void **state)
{
	(void)state;
	v.listeners_only = true;
	gives(true, "ss -tan state listening");
	v.listeners_only = false;
	v.states &= STATE_BIT(STATE_TIME_WAIT) | STATE_BIT(STATE_CLOSE_WAIT) |
		    STATE_BIT(STATE_BOUND);
	gives(true, "ss -tan state time-wait state close-wait");
	v.ipv4 = false;
	v.states = STATES_ALL;
	gives(true, "ss -tan -6");
	v.ipv4 = true;
	v.within[v.within_count++] = (struct restriction){
		.group = GROUP_PORT, .key.word = { 443 << 1 },
	};
	gives(true, "ss -tan '( sport = :443 )'");
	filter("dst 10.0.0.0/8");
	gives(true, "ss -tan '( sport = :443 ) and ( dst 10.0.0.0/8 )'");
	filter("");
	v.within[v.within_count++] = (struct restriction){
		.group = GROUP_STATE, .key.word = { 0, STATE_TIME_WAIT },
	};
	gives(true, "ss -tan state time-wait '( sport = :443 )'");
	v.within[v.within_count++] = (struct restriction){
		.group = GROUP_USER, .key.word = { 33 },
	};
	gives(false, "ss -tan state time-wait '( sport = :443 )'");
}

static void test_filters(void **state)
{
	static const struct {
		const char *filter, *command;
	} cases[] = {
		{ "state established", "ss -tan state established" },
		{ "sport = :22", "ss -tan '( sport = :22 )'" },
		{ "sport != :22", "ss -tan '( ! sport = :22 )'" },
		{ ":22", "ss -tan '( sport = :22 or ( dport = :22 ) )'" },
		{ "sport >= :1024 and sport < :2048",
		  "ss -tan '( sport >= :1024 and ( ! sport >= :2048 ) )'" },
		{ "sport 8000-8099",
		  "ss -tan '( ( sport >= :8000 and sport <= :8099 ) )'" },
		{ "src ::1", "ss -tan '( src [::1] )'" },
		{ "dst fe80::/10", "ss -tan '( dst [fe80::/10] )'" },
		{ "state listening or dport = :443",
		  "ss -tan state established state time-wait state syn-sent "
		  "state syn-recv state closing state fin-wait-1 "
		  "state fin-wait-2 state close-wait state last-ack "
		  "state closed '( dport = :443 )'; ss -tan state listening" },
		{ "time-wait and not src 127.0.0.1",
		  "ss -tan state time-wait '( ! src 127.0.0.1 )'" },
		{ "state established state bound", "ss -tan state established" },
		{ "fwmark = 0x01/0x03", "ss -tan '( fwmark = 0x1/0x3 )'" },
		{ "autobound", "ss -tan '( autobound )'" },
		/* both ways lead to the same */
		{ "dport = :1 or not dport = :1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = { 0 };
		bool exact;

		filter(cases[i].filter);
		exact = ss_command(&b, &v, &c, 0);
		if (!exact)
			fail_msg("%s: not exact: %s", cases[i].filter,
				 buf_str(&b));
		if (cases[i].command && strcmp(buf_str(&b), cases[i].command))
			fail_msg("%s: %s", cases[i].filter, buf_str(&b));
		buf_free(&b);
	}
}

/* More is shown then, never less. */
static void test_no_words(void **state)
{
	(void)state;
	filter("rtt > 50ms");
	gives(false, "ss -tan");
	filter("state established and process ~ java and dport = :443");
	gives(false, "ss -tan state established '( dport = :443 )'");
	filter("not (rtt > 50ms and dport = :443)");
	gives(false, "ss -tan");
	/* it is not asked of what is shown */
	filter("state listening and (sport = :22 or not state listening "
	       "and rtt > 5ms)");
	gives(true, "ss -tan state listening '( sport = :22 )'");
}

static void test_too_much(void **state)
{
	struct buf text = { 0 }, b = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_printf(&text, "%ssport = :%d", i ? " or " : "", i + 1);
	filter(text.data);
	assert_false(ss_command(&b, &v, &c, 0));
	assert_int_equal(b.len, 0);
	buf_free(&text);
	buf_free(&b);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, make, unmake)
	const struct CMUnitTest tests[] = {
		TEST(test_all),
		TEST(test_view),
		TEST(test_filters),
		TEST(test_no_words),
		TEST(test_too_much),
	};

	return cmocka_run_group_tests_name("ss command", tests, NULL, NULL);
}
