/* Which source is read, and why, as DESIGN.md says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chooser.h"
#include "model/need.h"
#include "model/socket.h"

static struct chooser_input input(unsigned needs, uint64_t sockets)
{
	return (struct chooser_input){
		.needs = needs, .interval = NS_PER_SEC,
		.now = 100 * NS_PER_SEC, .sockets = sockets,
	};
}

static void picks(const struct chooser *c, const struct chooser_input *in,
		  enum source_choice wanted, const char *because)
{
	char why[80];

	assert_int_equal(chooser_pick(c, in, why), wanted);
	assert_non_null(strstr(why, because));
	if (!*because)
		assert_string_equal(why, "");
}

static void text_is_the_default(void **state)
{
	struct chooser_input in = input(NEED_OWNER | NEED_LIMIT, 20);
	struct chooser c;

	(void)state;
	chooser_init(&c, CHOOSE_AUTO, false);
	picks(&c, &in, CHOOSE_PROC, "");
	in.sockets = U64_UNKNOWN;
	picks(&c, &in, CHOOSE_PROC, "");
}

static void what_is_shown_decides(void **state)
{
	static const unsigned needs[] = {
		NEED_COOKIE, NEED_BOUND, NEED_IFINDEX, NEED_INFO, NEED_MEM,
		NEED_CONG,
	};
	struct chooser c;

	(void)state;
	chooser_init(&c, CHOOSE_AUTO, false);
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		struct chooser_input in = input(needs[i], 20);

		picks(&c, &in, CHOOSE_NETLINK, "wanted");
	}
}

static void large_or_slow_tables(void **state)
{
	struct chooser_input in = input(0, 200000);
	struct chooser c;

	(void)state;
	chooser_init(&c, CHOOSE_AUTO, false);
	picks(&c, &in, CHOOSE_NETLINK, "large");
	in.sockets = 20;
	/* more than 2 % of the interval, three times in a row */
	for (int i = 0; i < 5; i++) {
		picks(&c, &in, CHOOSE_PROC, "");
		chooser_cost(&c, CHOOSE_PROC,
			     (i == 1 ? 19 : 21) * NS_PER_MS, NS_PER_SEC,
			     in.now);
	}
	picks(&c, &in, CHOOSE_NETLINK, "slow");
	in.now += 61 * NS_PER_SEC;
	picks(&c, &in, CHOOSE_PROC, "");
}

static void failures_rest(void **state)
{
	struct chooser_input in = input(0, 20);
	struct chooser c;

	(void)state;
	chooser_init(&c, CHOOSE_AUTO, false);
	chooser_failed(&c, CHOOSE_PROC, "No such file", in.now);
	assert_true(chooser_has_other(&c, CHOOSE_PROC, in.now));
	picks(&c, &in, CHOOSE_NETLINK, "proc: No such file");
	chooser_failed(&c, CHOOSE_NETLINK, "refused", in.now);
	assert_false(chooser_has_other(&c, CHOOSE_PROC, in.now));
	in.now += 31 * NS_PER_SEC;
	picks(&c, &in, CHOOSE_PROC, "");
}

static void forced_is_forced(void **state)
{
	struct chooser_input in = input(NEED_COOKIE, 200000);
	struct chooser c;

	(void)state;
	chooser_init(&c, CHOOSE_PROC, false);
	picks(&c, &in, CHOOSE_PROC, "asked for");
	chooser_failed(&c, CHOOSE_PROC, "No such file", in.now);
	picks(&c, &in, CHOOSE_PROC, "asked for");
	assert_false(chooser_has_other(&c, CHOOSE_PROC, in.now));
}

static void foreign_procfs_has_no_kernel(void **state)
{
	struct chooser_input in = input(NEED_COOKIE, 200000);
	struct chooser c;

	(void)state;
	chooser_init(&c, CHOOSE_AUTO, true);
	picks(&c, &in, CHOOSE_PROC, "");
	assert_false(chooser_has_other(&c, CHOOSE_PROC, in.now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_the_default),
		cmocka_unit_test(what_is_shown_decides),
		cmocka_unit_test(large_or_slow_tables),
		cmocka_unit_test(failures_rest),
		cmocka_unit_test(forced_is_forced),
		cmocka_unit_test(foreign_procfs_has_no_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
