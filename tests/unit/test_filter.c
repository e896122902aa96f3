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
	assert_int_equal(count("0.0.0.0:https", true), 1);
	assert_int_equal(count("0.0.0.0:https", false), 1);
	/* with names that is what is printed, else it is not */
	assert_true(count("http", true) >= 8);
	assert_int_equal(count("http", false), 0);
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

/* sets of states, one after the other, as ss(8) puts them together */
static void state_sets(void **state)
{
	int all = (int)table_counts(scene.monitor->table)->total;
	int listen = count("listen", false), estab = count("estab", false);
	int other = count("state closed", false) + count("bound", false);

	(void)state;
	assert_int_equal(count("state all", false), all);
	assert_int_equal(count("STATE Listening", false), listen);
	assert_int_equal(count("state listening state established", false),
			 listen + estab);
	assert_int_equal(count("exclude listening", false), all - listen);
	assert_int_equal(count("state all exclude listening excl established",
			       false), all - listen - estab);
	assert_int_equal(count("state connected", false), all - listen - other);
	assert_int_equal(count("state synchronized", false),
			 all - listen - other - count("syn-sent", false));
	assert_int_equal(count("state bucket", false),
			 count("syn-rcv or time-wait", false));
	assert_int_equal(count("state big", false),
			 all - count("state bucket", false));
	/* apart, they are conditions like others */
	assert_int_equal(count("state listening and state established", false),
			 0);
	assert_int_equal(count("(state listening) or state established",
			       false), listen + estab);
	assert_int_equal(count("state = listening", false), listen);
	assert_int_equal(count("state != listening", false), all - listen);
	assert_int_equal(count("state ~ ^LIST", false), listen);
	assert_int_equal(count("state !~ ^LIST", false), all - listen);
}

static void operators(void **state)
{
	static const char *const same[][2] = {
		{ "sport = :443", "sport :443" },
		{ "sport = :443", "sport == 443" },
		{ "sport = :443", "sport eq :443" },
		{ "sport = :443", "sport=443" },
		{ "sport = :443", "local_port = 443" },
		{ "sport != :443", "sport ne 443" },
		{ "sport != :443", "sport neq 443" },
		{ "sport != :443", "! sport = 443" },
		{ "sport != :443", "not sport = 443" },
		{ "sport != :443", "!sport=443" },
		{ "sport > 1023", "sport ge :1024" },
		{ "sport > 1023", "sport geq 1024" },
		{ "sport > 1023", "sport gt :1023" },
		{ "sport > 1023", "not sport le 1023" },
		{ "sport > 1023", "not sport leq 1023" },
		{ "sport > 1023", "!(sport<1024)" },
		{ "sport > 1023", "not(sport lt 1024)" },
		{ "sport > 1023", "sport = 1024-65535" },
		{ "sport = 400-500", "sport >= 400 sport <= 500" },
		{ "443", "sport = 443 or dport = 443" },
		{ "443", "sport = 443 | dport = 443" },
		{ "443", "sport=443||dport=443" },
		{ "443 estab", "443 and estab" },
		{ "443 estab", "443 & estab" },
		{ "443 estab", "443&&estab" },
		{ "443 AND estab", "443 and estab" },
		/* "and" binds more than "or" */
		{ "estab or listen 443", "estab or (listen and 443)" },
		{ "listen and 443 or estab", "estab or (listen and 443)" },
		{ "not listen 443", "(not listen) and 443" },
		{ "not not listen", "listen" },
		{ "((((listen))))", "listen" },
		{ "not (listen or estab)", "not listen and not estab" },
		{ "not (listen and 443)", "not listen or not 443" },
		{ "not (a1 or not (listen and not 443))",
		  "not a1 listen not 443" },
		/* as a shell has them */
		{ "'( sport = :443 or dport = :443 )'", "443" },
		{ "state established '( dport = :443 or sport = :443 )' "
		  "src 10.0.0.0/8", "estab 443 src 10.0.0.0/8" },
		{ "\\( sport = :443 or dport = :443 \\)", "443" },
		{ "\"sport = :443\" or dport = :443", "443" },
		{ "sport = *", "" },
		{ "src *:443", "sport = 443" },
		{ "src :443", "sport = 443" },
		{ "src *", "" },
		{ "dst *:*", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		int n = count(same[i][1], false);

		if (count(same[i][0], false) != n)
			fail_msg("%s: %d, %s: %d", same[i][0],
				 count(same[i][0], false), same[i][1], n);
	}
	assert_true(count("sport > 1023", false) > 0);
	assert_true(count("estab or listen 443", false) !=
		    count("(estab or listen) 443", false));
}

static void ends(void **state)
{
	int all = (int)table_counts(scene.monitor->table)->total;

	(void)state;
	assert_int_equal(count("10.0.0.5:443", false), 5);
	assert_int_equal(count("10.0.0.5:443 sport = 443", false), 5);
	assert_int_equal(count("src 10.0.0.5:443", false), 5);
	assert_int_equal(count("dst 10.0.0.5:443", false), 0);
	assert_int_equal(count("src 10.0.0.5 sport = 443", false), 5);
	assert_int_equal(count("src 10/8", false),
			 count("src 10.0.0.0/255.0.0.0", false));
	assert_int_equal(count("src 10.0.0.0/8:443", false), 5);
	assert_int_equal(count("src 0.0.0.0/0", false) +
			 count("src ::/0", false),
			 all + count("src ::ffff:0:0/96", false));
	assert_int_equal(count("src != 10.0.0.5", false),
			 all - count("src 10.0.0.5", false));
	/* a whole address is not the beginning of another one */
	assert_int_equal(count("10.0.0.50", false), 0);
	assert_int_equal(count("198.51.100.7", false), 2);
	assert_int_equal(count("remote = 198.51.100.7", false), 2);
	assert_int_equal(count("peer ~ ^198[.]51[.]100[.]7:", false), 2);
	assert_int_equal(count("inet6:*", false), 0);	/* no field: text */
	assert_int_equal(count("src inet6:*", false) +
			 count("src inet:*", false), all);
	assert_int_equal(count("sport = inet6:443 or 443", false),
			 count("443 src inet6:*", false));
	/* the other end of a listener is no address to be looked for */
	assert_int_equal(count("0.0.0.0", false), count("src 0.0.0.0", false));
	/* an IPv4 rule finds IPv4 in IPv6's dress, not the other way round */
	assert_int_equal(count("src ::ffff:0.0.0.0/96", false),
			 count("::ffff:", false));
}

static void columns_as_fields(void **state)
{
	int all = (int)table_counts(scene.monitor->table)->total;

	(void)state;
	assert_int_equal(count("process = nginx", false), 4);
	assert_int_equal(count("process = ngin", false), 0);
	assert_int_equal(count("process ~ ^ng", false), 4);
	assert_int_equal(count("process ~ ^(java|nginx)$", false),
			 count("process = nginx or process = java", false));
	assert_int_equal(count("(process ~ ^(java|nginx)$)", false),
			 count("process = nginx or process = java", false));
	assert_int_equal(count("process ~ 'a b'", false), 0);
	assert_int_equal(count("pid = 1236", false), 1);
	assert_int_equal(count("pid=1236 or pid != 1236", false),
			 count("pid > 0", false));
	assert_int_equal(count("recv-q > 100", false),
			 count("recvq ge 101", false));
	assert_true(count("recv_q > 0", false) > 0);
	assert_int_equal(count("recv_q < 1k or recv_q >= 1000", false), all);
	assert_int_equal(count("recv_q = 1Ki", false),
			 count("recv_q = 1024", false));
	assert_int_equal(count("uid = 0", false), count("user = root", false));
	assert_int_equal(count("user = 0", false), count("user ~ ^root$",
							 false));
	assert_int_equal(count("sport = 52120", false), 1);
	assert_int_equal(count("age = 15s sport = 52120", false), 1);
	assert_int_equal(count("age > 14s sport = 52120", false), 1);
	assert_int_equal(count("age > 0.25m sport = 52120", false), 0);
	assert_int_equal(count("age < 1m1s sport = 52120", false), 1);
	assert_int_equal(count("direction = in or direction = out", false),
			 count("direction ~ .", false));
	assert_int_equal(count("sport = 443 and inode > 0", false),
			 count("sport = 443 and not inode = 0", false) -
			 count("sport = 443 and not inode > 0", false));
}

/* What is not known is neither equal nor unequal to anything. */
static void unknown_values(void **state)
{
	int all = (int)table_counts(scene.monitor->table)->total;

	(void)state;
	assert_int_equal(count("rtt < 1d or rtt >= 1d", false), 0);
	assert_int_equal(count("rtt = 1ms or rtt != 1ms", false), 0);
	assert_int_equal(count("not rtt < 1d", false), all);
	/* hidden, and not looked for yet */
	assert_int_equal(count("process = x or process != x", false), all - 2);
	/* seen from the start: at least so old, maybe older */
	assert_int_equal(count("sport = 443 listen age > 1s", false), 1);
	assert_int_equal(count("sport = 443 listen age < 1d", false), 0);
	assert_int_equal(count("sport = 443 listen age = 2s", false), 0);
}

/* text that looks like something else */
static void quoted(void **state)
{
	(void)state;
	assert_int_equal(count("'listen'", false), 4);
	assert_int_equal(count("\"close\"", false),
			 count("'close'", false));
	assert_true(count("'close'", false) > count("close", false));
	assert_int_equal(count("'443'", false), 8);
	assert_int_equal(count("'and'", false), 0);
	assert_int_equal(count("'10.0.0.5'", false),
			 count("src 10.0.0.5 or dst 10.0.0.5", false));
}

static void errors(void **state)
{
	(void)state;
	fails("a =443", 0, "no field is called so (tulpen --columns help "
	      "lists them)");
	fails("<", 0, "what is to be compared belongs before this");
	fails("> 3", 0, "what is to be compared belongs before this");
	fails("443 > 3", 0, "no field is called so (tulpen --columns help "
	      "lists them)");
	fails("(443", 0, "this is never closed");
	fails("443 or ((a b)", 7, "this is never closed");
	fails("443)", 3, "nothing is open that this could close");
	fails(")", 0, "a condition is missing here");
	fails("()", 1, "a condition is missing here");
	fails("443 &&", 6, "a condition is missing here");
	fails("443 | | 80", 6, "a condition is missing here");
	fails("or 80", 0, "a condition is missing here");
	fails("not", 3, "a condition is missing here");
	fails("state", 5, "the name of a state is missing here");
	fails("state nice", 6, "a state is wanted, as listening, or all, "
	      "connected, synchronized, bucket, big");
	fails("state > listen", 6, "only = != ~ !~ can be said of this");
	fails("src", 3, "an address is missing here");
	fails("src nowhere.invalid", 4, "an address is wanted here; names of "
	      "hosts only on the command line");
	fails("src 10.0.0.0/33", 4, "an IPv4 prefix has at most 32 bits, one "
	      "of IPv6 128");
	fails("src inet6:10.0.0.1", 4, "this address is of the other family");
	fails("src [::1", 4, "this is no address");
	fails("src > 10.0.0.0/8", 4, "only = != ~ !~ can be said of this");
	fails("src unix:/tmp/x", 4, "only inet: and inet6: are shown here");
	fails("src 10.0.0.1:70000", 13, "port numbers end at 65535");
	fails("sport = ", 8, "a port is missing here");
	fails("sport = 10.0.0.1:80", 8,
	      "no service is called \"10.0.0.1:80\"");
	fails("sport > 80-90", 8, "one port is wanted here");
	fails("sport = 90-80", 8, "a range of ports goes up, to 65535");
	fails("dev no-such-device", 4, "there is no such device here");
	fails("src fe80::1%nodev", 4, "there is no such device here");
	fails("fwmark x", 7, "a mark is a number, or two as in 0x01/0x03");
	fails("cgroup /no/such/group", 7, "there is no such control group "
	      "here (a path below the mount of cgroup2)");
	fails("rtt", 3, "= != < > <= >= or ~ belongs behind rtt (text to look "
	      "for: in quotes)");
	fails("rtt > ", 6, "a value is missing here");
	fails("rtt > 50", 8, "a unit is wanted here: us ms s m h d");
	fails("rtt > 50x", 8, "a unit is wanted here: us ms s m h d");
	fails("rtt > fast", 6, "a number is wanted here");
	fails("recv_q > 5q", 10, "units are k M G T, Ki Mi Gi");
	fails("recv_q > 5e300", 9, "this is too large");
	fails("cookie = x", 9, "a cookie is a hexadecimal number");
	fails("user = no-such-user", 7, "no user is called so");
	fails("process < a", 10, "text is compared with = != ~ !~ only");
	fails("process ~ (", 10, "not an extended regular expression: "
	      "Unmatched ( or \\(");
	fails("process ~ a{9}{99}", 10, "a pattern repeats at most 256 times");
	fails("process ~ (a)\\1", 10, "back references are not for patterns "
	      "here");
	fails("443 'a", 4, "this quote is never closed");
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
	fails(":", 1, "a port or a service is missing here");
	fails("*:", 2, "a port or a service is missing here");
	fails("a : b", 3, "a port or a service is missing here");
	fails(":-1", 1, "no service is called \"-1\"");
	fails(":0x50q", 1, "no service is called \"0x50q\"");
	assert_int_equal(count(":0x1bb", false), 8);
	assert_int_equal(count("sport = 0", false), 0);
	fails(":no-such-service", 1,
	      "no service is called \"no-such-service\"");
	fails("443 :\033[31m", 5, "no service is called \"\\x1b[31m\"");
}

/* A megabyte of anything is an error or works, in bounded time and stack; a
 * tenth of it under valgrind, where it took three minutes. */
static void long_text(void **state)
{
	static const char *const parts[] = {
		"a ", "(", "not ", ":443 ", "9", ":", "\xff", "日", "! ", "'",
		"( not ", "443 or ", "(443 ", "(443)", "state all ", "a(",
		"sport = :1 and (", "[", "\\", "process ~ (", "/", "%", "1-",
		"src 1.2.3.4 or ", "process ~ a or ",
	};
	size_t size = getenv("UNDER_VALGRIND") ? 100000 : 1000000;
	char *text = mem_alloc(size + 1);

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t len = strlen(parts[i]);
		struct filter_error err = { 0 };
		struct filter *f;

		for (size_t at = 0; at < size; at++)
			text[at] = parts[i][at % len];
		text[size] = '\0';
		f = filter_parse(text, &err);
		assert_true(f || (err.offset <= size && err.message[0]));
		filter_free(f);
	}
	/* as deep as it goes, and right */
	memset(text, '(', size);
	memcpy(text + size / 2, "443", 3);
	memset(text + size / 2 + 3, ')', size / 2 - 3);
	fails(text, 2, "this is never closed");
	assert_int_equal(count(text + 3, false), 8);
	for (size_t at = 0; at + 4 < size; at += 4)
		memcpy(text + at, "not ", 4);
	memcpy(text + size - 4, "443", 4);
	assert_int_equal(count(text, false), count("not 443", false));
	free(text);
}

/* Each takes 50 times as long under valgrind, where what a text does to memory
 * shows at once. */
static int random_texts(void)
{
	return getenv("UNDER_VALGRIND") ? 1000 : 100000;
}

static void random_text(void **state)
{
	static const char some[] =
		":0123456789 abc[]%.-\\\"\n\t\033\x7f\x80\xff()=!<>~&|/'*";

	(void)state;
	srand(2);
	for (int round = random_texts(); round > 0; round--) {
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
	f = filter_parse("rtt > 1ms or dev 1", &err);
	assert_int_equal(filter_needs(f), NEED_INFO | NEED_IFINDEX);
	filter_free(f);
	f = filter_parse("state bound fwmark 1", &err);
	assert_int_equal(filter_needs(f), NEED_BOUND | NEED_MARK);
	filter_free(f);
	f = filter_parse("process ~ ^a", &err);
	assert_int_equal(filter_needs(f), NEED_OWNER);
	filter_free(f);
}

/* Random words of the language: what is an error is told with a place. */
static void random_words(void **state)
{
	static const char *const words[] = {
		"(", ")", "not", "and", "or", "!", "state", "exclude", "listen",
		"all", "src", "dst", "sport", "dport", "=", "!=", ">", "<=",
		":443", "443", "10.0.0.0/8", "[::1]:1", "fe80::1%lo", "dev",
		"lo", "1", "rtt", "5ms", "process", "~", "^ngi", "nginx",
		"autobound", "'", "\"", "inet6:*", "*", "recv_q", "|", "0",
	};
	int good = 0;

	(void)state;
	srand(3);
	for (int round = random_texts(); round > 0; round--) {
		struct filter_error err = { .offset = 99999 };
		struct filter *f;
		struct buf text = { 0 };

		for (int i = rand() % 9; i >= 0; i--) {
			buf_puts(&text, words[(size_t)rand() %
				 (sizeof(words) / sizeof(*words))]);
			if (rand() % 8)
				buf_char(&text, ' ');
		}
		f = filter_parse(text.data, &err);
		if (f)
			good++;
		else
			assert_true(err.offset <= text.len && err.message[0]);
		filter_free(f);
		if (f && round % 10 == 0)
			count(text.data, false);
		buf_free(&text);
	}
	assert_true(good > random_texts() / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_matches_all),
		cmocka_unit_test(ports),
		cmocka_unit_test(services),
		cmocka_unit_test(words),
		cmocka_unit_test(states),
		cmocka_unit_test(state_sets),
		cmocka_unit_test(operators),
		cmocka_unit_test(ends),
		cmocka_unit_test(columns_as_fields),
		cmocka_unit_test(unknown_values),
		cmocka_unit_test(quoted),
		cmocka_unit_test(errors),
		cmocka_unit_test(words_of_users),
		cmocka_unit_test(words_end_with_their_cell),
		cmocka_unit_test(bad_ports),
		cmocka_unit_test(long_text),
		cmocka_unit_test(random_text),
		cmocka_unit_test(random_words),
		cmocka_unit_test(needs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
