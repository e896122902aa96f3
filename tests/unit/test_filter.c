/*
 * What a person types to find a socket, and what else might be typed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scene.h"
#include "view/filter.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	scene_all(&scene);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_free(&scene);
	return 0;
}

/* how many of the scene's live sockets it matches */
static int count(const char *text, bool names)
{
	struct column_context c = {
		.monitor = scene.monitor,
		.now = clock_mono(&scene.clock.clock),
		.names = names,
	};
	const struct table *t = scene.monitor->table;
	struct filter_error err;
	struct filter *f = filter_parse(text, &err);
	int n = 0;

	assert_non_null(f);
	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		n += s && s->live && filter_match(f, &c, s);
	}
	filter_free(f);
	return n;
}

static void fails(const char *text, size_t offset, const char *message)
{
	struct filter_error err;

	assert_null(filter_parse(text, &err));
	assert_int_equal(err.offset, offset);
	assert_string_equal(err.message, message);
}

static void nothing_matches_all(void **state)
{
	int all = (int)table_counts(scene.monitor->table)->total;

	(void)state;
	assert_int_equal(count("", false), all);
	assert_int_equal(count(" \t\n ", false), all);
}

static void ports(void **state)
{
	(void)state;
	assert_int_equal(count(":443", false), 8);
	assert_int_equal(count("443", false), 8);
	assert_int_equal(count("00443", false), 8);
	assert_int_equal(count("*:443", false), 8);
	assert_int_equal(count(":5432", false), 1);
	assert_int_equal(count(":65535", false), 1);
	assert_int_equal(count(":44", false), 0);
	assert_int_equal(count("443 33002", false), 1);
	assert_int_equal(count("443 8080", false), 0);
}

static void services(void **state)
{
	(void)state;
	if (service_port("https", 5) != 443)
		return;		/* no services(5) here */
	assert_int_equal(count(":https", false), 8);
	assert_int_equal(count(":HTTPS", false), 8);
	assert_int_equal(service_port("http", 3), -1);
	/* with names that is also what is printed */
	assert_int_equal(count("0.0.0.0:https", true), 1);
	assert_int_equal(count("0.0.0.0:https", false), 0);
}

static void words(void **state)
{
	(void)state;
	assert_int_equal(count("listen", false), 4);
	assert_int_equal(count("LISTEN", false), 4);
	assert_int_equal(count("close_w", false), 2);
	assert_int_equal(count("unknown(14)", false), 1);
	assert_int_equal(count("198.51.100.7:", false), 2);
	assert_int_equal(count("10.0.0.5:443 estab", false), 1);
	assert_int_equal(count("::ffff:", false), 1);
	assert_int_equal(count("[::]", false), 1);
	assert_int_equal(count("%lo", false), 1);
	assert_int_equal(count("nginx", false), 4);
	assert_int_equal(count("[1236]", false), 1);	/* not the first one */
	assert_int_equal(count("accept", false), 1);
}

/* as ss(8), netstat(8) and the RFC spell them */
static void states(void **state)
{
	(void)state;
	assert_int_equal(count("close-wait", false), 2);
	assert_int_equal(count("closewait", false), 2);
	assert_int_equal(count("CLOSE_WAIT", false), 2);
	assert_int_equal(count("syn-recv", false), 1);
	assert_int_equal(count("fin-wait-2", false), 1);
	assert_int_equal(count("FIN_WAIT2", false), 1);
	assert_int_equal(count("time-wait", false), 1);
	assert_int_equal(count("estab :443", false), 3);
	/* whole names only; parts of them are text */
	assert_int_equal(count("close", false), 1);
	assert_int_equal(count("wait", false), 5);
	assert_int_equal(count("estab listen", false), 0);
}

/* What later versions understand is not a text to look for. */
static void later_language(void **state)
{
	(void)state;
	fails("!443", 0, "'!' is not understood yet");
	fails("a =443", 2, "'=' is not understood yet");
	fails("<", 0, "'<' is not understood yet");
	fails("> 3", 0, "'>' is not understood yet");
	fails("(443)", 0, "'(' is not understood yet");
	fails(")", 0, "')' is not understood yet");
	fails("443 && 80", 4, "'&' is not understood yet");
	fails("443 | 80", 4, "'|' is not understood yet");
	fails("443 OR 80", 4, "\"or\" is not understood yet");
	fails("state close-wait", 0, "\"state\" is not understood yet");
	assert_int_equal(count("order", false), 0);
}

static void words_of_users(void **state)
{
	(void)state;
	assert_int_equal(count("日本", false), 1);
	assert_int_equal(count("no such text", false), 0);
	assert_int_equal(count("24242", false), 0);	/* a port */
	assert_int_equal(count("root", false) > 0, true);
}

/* Words do not reach from one cell into the next. */
static void words_end_with_their_cell(void **state)
{
	(void)state;
	assert_int_equal(count("listen0.0.0.0", false), 0);
	assert_int_equal(count("*nginx", false), 0);
}

static void bad_ports(void **state)
{
	(void)state;
	fails(":70000", 1, "port numbers end at 65535");
	fails("  65536", 2, "port numbers end at 65535");
	fails("nginx :99999999999999999999999", 7,
	      "port numbers end at 65535");
	fails(":0", 1, "port numbers begin at 1");
	fails(":", 1, "a port or a service belongs behind ':'");
	fails("*:", 2, "a port or a service belongs behind ':'");
	fails("a : b", 3, "a port or a service belongs behind ':'");
	fails(":-1", 1, "no service is called \"-1\"");
	fails(":0x50", 1, "no service is called \"0x50\"");
	fails(":no-such-service", 1,
	      "no service is called \"no-such-service\"");
	fails("443 :\033[31m", 5, "no service is called \"\\x1b[31m\"");
}

/* Whatever is typed is an error or works, in bounded time and stack. */
static void long_text(void **state)
{
	static const char *const parts[] = {
		"a ", "(", "not ", ":443 ", "9", ":", "\xff", "日",
	};
	size_t size = 1000000;
	char *text = mem_alloc(size + 1);

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t len = strlen(parts[i]);
		struct filter_error err;

		for (size_t at = 0; at < size; at++)
			text[at] = parts[i][at % len];
		text[size] = '\0';
		assert_null(filter_parse(text, &err));
		assert_int_equal(err.offset, 4096);
		assert_string_equal(err.message,
				    "a filter ends after 4096 bytes");
	}
	memset(text, 'x', size);
	text[4096] = '\0';
	assert_int_equal(count(text, false), 0);
	for (int i = 0; i < 4096; i += 2)
		memcpy(text + i, "e ", 2);
	assert_true(count(text, false) > 0);
	free(text);
}

static void random_text(void **state)
{
	static const char some[] =
		":0123456789 abc[]%.-\\\"\n\t\033\x7f\x80\xff(";

	(void)state;
	srand(2);
	for (int round = 0; round < 20000; round++) {
		struct filter_error err = { .offset = 99 };
		struct filter *f;
		char text[20];
		int len = rand() % (int)sizeof(text);

		for (int i = 0; i < len; i++)
			text[i] = some[(size_t)rand() % (sizeof(some) - 1)];
		text[len] = '\0';
		f = filter_parse(text, &err);
		if (!f) {
			assert_true(err.offset <= (size_t)len);
			assert_true(err.message[0]);
			for (const char *p = err.message; *p; p++)
				assert_in_range((unsigned char)*p, ' ', '~');
		}
		filter_free(f);
	}
}

static void needs(void **state)
{
	struct filter_error err;
	struct filter *f = filter_parse(":443", &err);

	(void)state;
	assert_int_equal(filter_needs(f), 0);
	filter_free(f);
	f = filter_parse("close-wait", &err);
	assert_int_equal(filter_needs(f), 0);
	filter_free(f);
	f = filter_parse("nginx", &err);
	assert_int_equal(filter_needs(f), NEED_OWNER);
	filter_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_matches_all),
		cmocka_unit_test(ports),
		cmocka_unit_test(services),
		cmocka_unit_test(words),
		cmocka_unit_test(states),
		cmocka_unit_test(later_language),
		cmocka_unit_test(words_of_users),
		cmocka_unit_test(words_end_with_their_cell),
		cmocka_unit_test(bad_ports),
		cmocka_unit_test(long_text),
		cmocka_unit_test(random_text),
		cmocka_unit_test(needs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
