/*
 * test_proctext.c - one line of /proc/net/tcp to a row
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "source/proctext.h"

static const struct proctext le = { .family = AF_INET, .hz = 100 };
static const struct proctext le6 = { .family = AF_INET6, .hz = 100 };

/* what fields 2 to 10 say, the rest is as on most lines */
#define FULL(fields)	"   0: " fields " 1 00000000831acea6 20 4 30 10 -1"
#define MINI(fields)	"   0: " fields " 3 00000000831acea6"
#define ENDS		"0100007F:1F90 0200000A:9EA2 "
#define ZEROS		"00000000:00000000 00:00000000 00000000     0        0 "

/* In a block of its own size, so that a read past the end is noticed. */
static int parse_n(const struct proctext *t, const char *line, size_t len,
		   struct row *row)
{
	char *copy = malloc(len ? len : 1);
	int r;

	memcpy(copy, line, len);
	r = proctext_row(t, copy, len, row);
	free(copy);
	return r;
}

static int parse(const char *line, struct row *row)
{
	return parse_n(&le, line, strlen(line), row);
}

static void test_full(void **state)
{
	struct row r;
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_int_equal(parse(FULL(ENDS "01 0000000A:0000000B 01:00000014 "
				    "00000003  1000        0 12410"), &r), 0);
	addr_print(text, AF_INET, &r.id.local);
	assert_string_equal(text, "127.0.0.1");
	addr_print(text, AF_INET, &r.id.remote);
	assert_string_equal(text, "10.0.0.2");
	assert_int_equal(r.id.local_port, 8080);
	assert_int_equal(r.id.remote_port, 40610);
	assert_int_equal(r.id.protocol, IPPROTO_TCP);
	assert_int_equal(r.state, STATE_ESTABLISHED);
	assert_int_equal(r.send_q, 10);
	assert_int_equal(r.recv_q, 11);
	assert_int_equal(r.timer, TIMER_RETRANS);
	assert_int_equal(r.expires_ms, 200);
	assert_int_equal(r.retrans, 3);
	assert_int_equal(r.uid, 1000);
	assert_int_equal(r.inode, 12410);
	assert_int_equal(r.cookie, 0);
	assert_null(r.detail);
}

static void test_ipv6(void **state)
{
	static const char line[] =
		FULL("0000000000000000FFFF00000100007F:1F91 "
		     "B80D01200000000000000000010000FE:E57C 01 " ZEROS "7");
	struct row r;
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_int_equal(parse_n(&le6, line, strlen(line), &r), 0);
	addr_print(text, AF_INET6, &r.id.local);
	assert_string_equal(text, "::ffff:127.0.0.1");
	addr_print(text, AF_INET6, &r.id.remote);
	assert_string_equal(text, "2001:db8::fe00:1");
	assert_int_equal(r.id.family, AF_INET6);
	/* a line of the other family is none */
	assert_int_equal(parse(line, &r), -1);
}

/* A mini-socket's uid 0 is not root's. */
static void test_mini(void **state)
{
	struct row r;

	(void)state;
	assert_int_equal(parse(MINI(ENDS "06 00000000:00000000 03:00001770 "
				    "00000000     0        0 0"), &r), 0);
	assert_int_equal(r.state, STATE_TIME_WAIT);
	assert_int_equal(r.timer, TIMER_TIME_WAIT);
	assert_int_equal(r.expires_ms, 60000);
	assert_int_equal(r.uid, U32_UNKNOWN);
	assert_int_equal(r.inode, 0);
	assert_int_equal(parse(MINI(ENDS "03 " ZEROS "0"), &r), 0);
	assert_int_equal(r.uid, U32_UNKNOWN);
	/* an orphaned FIN_WAIT2, padded as the kernel does */
	assert_int_equal(parse(MINI(ENDS "05 00000000:00000000 03:0000176E "
				    "00000000     0        0 0")
			       "                          ", &r), 0);
	assert_int_equal(r.state, STATE_FIN_WAIT2);
	assert_int_equal(r.uid, U32_UNKNOWN);
	/* NEW_SYN_RECV, should a kernel print it */
	assert_int_equal(parse(MINI(ENDS "0C " ZEROS "0"), &r), 0);
	assert_int_equal(r.state, STATE_SYN_RECV);
}

/* Full, but nobody holds it: uid 0 may be root or nobody. */
static void test_ownerless(void **state)
{
	struct row r;

	(void)state;
	assert_int_equal(parse(FULL(ENDS "04 " ZEROS "0"), &r), 0);
	assert_int_equal(r.uid, U32_UNKNOWN);
	assert_int_equal(parse(FULL(ENDS "04 00000000:00000000 00:00000000 "
				    "00000000  1000        0 0"), &r), 0);
	assert_int_equal(r.uid, 1000);
	assert_int_equal(parse(FULL(ENDS "04 " ZEROS "9"), &r), 0);
	assert_int_equal(r.uid, 0);
}

static void test_listener(void **state)
{
	struct row r;

	(void)state;
	assert_int_equal(parse(FULL("0100007F:1F90 00000000:0000 0A "
				    "00000000:00000003 00:00000000 00000000 "
				    "    0        0 12410"), &r), 0);
	assert_int_equal(r.recv_q, 3);
	assert_int_equal(r.send_q, U32_UNKNOWN);
	assert_int_equal(r.expires_ms, U32_UNKNOWN);
}

/* probes are counted in the column "timeout" */
static void test_probes(void **state)
{
	struct row r;

	(void)state;
	assert_int_equal(parse(FULL(ENDS "01 00000000:00000000 02:000AFC74 "
				    "00000000     0        5 7"), &r), 0);
	assert_int_equal(r.retrans, 5);
	assert_int_equal(r.expires_ms, 7199880);
	assert_int_equal(parse(FULL(ENDS "01 00000001:00000000 04:0000000D "
				    "00000000     0        999 7"), &r), 0);
	assert_int_equal(r.retrans, 255);
}

static void test_large(void **state)
{
	struct row r;

	(void)state;
	assert_int_equal(parse("123456: " ENDS "01 FFFFFFFF:FFFFFFFE "
			       "00:00000000 00000000 4294967294        0 "
			       "18446744073709551614 1 00000000831acea6 "
			       "20 4 30 10 -1", &r), 0);
	assert_true(r.inode == UINT64_MAX - 1);
	assert_int_equal(r.uid, 4294967294u);
	assert_int_equal(r.send_q, UINT32_MAX);
	assert_int_equal(r.recv_q, UINT32_MAX - 1);
	/* one more does not fit */
	assert_int_equal(parse(FULL(ENDS "01 " ZEROS "18446744073709551616"),
			       &r), -1);
	assert_int_equal(parse(FULL(ENDS "01 00000000:00000000 00:00000000 "
				    "00000000 4294967296        0 1"), &r), -1);
}

static void test_unknown_numbers(void **state)
{
	struct row r;

	(void)state;
	assert_int_equal(parse(FULL(ENDS "0E 00000000:00000000 09:00000001 "
				    "00000000     0        0 7"), &r), 0);
	assert_int_equal(r.state, 14);
	assert_int_equal(r.timer, 9);
	assert_int_equal(r.expires_ms, 10);
	assert_int_equal(parse(MINI(ENDS "FF " ZEROS "7"), &r), 0);
	assert_int_equal(r.state, 255);
	/* a timer far away is unknown, not wrapped */
	assert_int_equal(parse(FULL(ENDS "01 00000000:00000000 01:"
				    "FFFFFFFFFFFFFFFF 00000000 0 0 7"), &r), 0);
	assert_int_equal(r.expires_ms, U32_UNKNOWN);
}

static void test_shapes(void **state)
{
	struct row r;

	(void)state;
	/* kernels add fields */
	assert_int_equal(parse(FULL(ENDS "01 " ZEROS "7") " 1 2 new", &r), 0);
	/* pointers hidden, or of a 32-bit kernel */
	assert_int_equal(parse("0: " ENDS "06 " ZEROS "0 3 (null)", &r), 0);
	assert_int_equal(parse("0: " ENDS "06 " ZEROS "0 3 c1234567", &r), 0);
	/* a full socket has 17 */
	assert_int_equal(parse(MINI(ENDS "01 " ZEROS "7"), &r), -1);
	assert_int_equal(parse("0: " ENDS "06 " ZEROS "0 3 c123456", &r), -1);
	assert_int_equal(parse("  sl  local_address rem_address   st", &r), -1);
	assert_int_equal(parse("", &r), -1);
	assert_int_equal(parse("    ", &r), -1);
	assert_int_equal(parse_n(&le, FULL(ENDS "01 " ZEROS "7") " \0",
				 sizeof(FULL(ENDS "01 " ZEROS "7") " \0") - 1,
				 &r), -1);
	assert_int_equal(parse(FULL(ENDS "01 " ZEROS "7") " \x1b", &r), -1);
	assert_int_equal(parse(FULL("0100007F:1F90 0100007G:9EA2 01 " ZEROS
				    "7"), &r), -1);
	assert_int_equal(parse(FULL("0100007F 1F90 0100007F:9EA2 01 " ZEROS
				    "7"), &r), -1);
	assert_int_equal(parse(FULL(ENDS "01 " ZEROS "-7"), &r), -1);
}

/* Cut anywhere, a line is bad, or all that we read of it is whole. */
static void cut_everywhere(const struct proctext *t, const char *line,
			   size_t len)
{
	struct row whole, cut;
	size_t last = len, n;

	assert_int_equal(parse_n(t, line, len, &whole), 0);
	while (line[last - 1] == ' ')
		last--;
	/* in the last number, in the padding: nothing is missing */
	while (line[last - 1] != ' ')
		last--;
	for (n = 0; n < len; n++) {
		if (parse_n(t, line, n, &cut) < 0)
			continue;
		assert_true(rows_same(&whole, &cut));
		assert_true(n > last);
	}
}

static void cut_file(const char *name, const struct proctext *t)
{
	struct buf b = fixture(name);
	char *line = strchr(b.data, '\n') + 1, *nl;

	for (; (nl = strchr(line, '\n')); line = nl + 1)
		cut_everywhere(t, line, nl - line);
	buf_free(&b);
}

static void test_cut(void **state)
{
	(void)state;
	cut_file("proc-le/net/tcp", &le);
	cut_file("proc-le/net/tcp6", &le6);
}

/* The same host in both byte orders. */
static void both_orders(const char *file, uint8_t family)
{
	const struct proctext little = { .family = family, .hz = 100 };
	const struct proctext big = {
		.family = family, .hz = 100, .big_endian = true,
	};
	char name[64];
	struct buf a, b;
	char *p, *q, *p_end, *q_end;
	struct row r, s;

	snprintf(name, sizeof(name), "proc-le/net/%s", file);
	a = fixture(name);
	snprintf(name, sizeof(name), "proc-be/net/%s", file);
	b = fixture(name);
	p = strchr(a.data, '\n') + 1;
	q = strchr(b.data, '\n') + 1;
	while ((p_end = strchr(p, '\n')) && (q_end = strchr(q, '\n'))) {
		assert_int_equal(parse_n(&little, p, p_end - p, &r), 0);
		assert_int_equal(parse_n(&big, q, q_end - q, &s), 0);
		assert_true(rows_same(&r, &s));
		p = p_end + 1;
		q = q_end + 1;
	}
	assert_int_equal(*p, '\0');
	assert_int_equal(*q, '\0');
	buf_free(&a);
	buf_free(&b);
}

static void test_byte_order(void **state)
{
	static const struct proctext big = {
		.family = AF_INET, .hz = 100, .big_endian = true,
	};
	static const char line[] = FULL("7F000001:1F90 0A000002:9EA2 01 " ZEROS
					"7");
	struct row r;
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_int_equal(parse_n(&big, line, strlen(line), &r), 0);
	addr_print(text, AF_INET, &r.id.local);
	assert_string_equal(text, "127.0.0.1");
	addr_print(text, AF_INET, &r.id.remote);
	assert_string_equal(text, "10.0.0.2");
	assert_int_equal(r.id.local_port, 8080);
	both_orders("tcp", AF_INET);
	both_orders("tcp6", AF_INET6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_mini),
		cmocka_unit_test(test_ownerless),
		cmocka_unit_test(test_listener),
		cmocka_unit_test(test_probes),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_unknown_numbers),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_byte_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
