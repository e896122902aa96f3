/*
 * Addresses: the same text as inet_ntop(3), whatever the bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

static void check(int family, const struct addr *a)
{
	char ours[ADDR_TEXT_MAX], libc[INET6_ADDRSTRLEN];
	struct addr back;
	size_t len = addr_print(ours, family, a);

	assert_non_null(inet_ntop(family, a->b, libc, sizeof(libc)));
	assert_string_equal(ours, libc);
	assert_int_equal(len, strlen(ours));
	assert_int_equal(addr_parse(ours, &back), family);
	assert_true(addr_equal(a, &back));
}

static void random_ipv4(void **state)
{
	(void)state;
	srandom(1);
	for (int i = 0; i < 100000; i++) {
		struct addr a = { 0 };

		for (int k = 0; k < 4; k++)
			a.b[k] = random() >> 8;
		check(AF_INET, &a);
	}
	for (int i = 0; i < 256; i++)
		check(AF_INET, &(struct addr){ { i, 255 - i, i / 2, i } });
}

/* Each word is mostly zero or small: runs of zeros everywhere. */
static void random_ipv6(void **state)
{
	static const unsigned mask[] = { 0, 0, 0, 0xf, 0xff, 0xfff, 0xffff };

	(void)state;
	srandom(2);
	for (int i = 0; i < 100000; i++) {
		struct addr a;

		for (int k = 0; k < 8; k++) {
			unsigned word = random() & mask[random() % 7];

			a.b[2 * k] = word >> 8;
			a.b[2 * k + 1] = word;
		}
		check(AF_INET6, &a);
	}
}

/* Every pattern of zero and other words, with each word that decides. */
static void all_zero_runs(void **state)
{
	static const unsigned other[] = { 1, 0xffff, 0x1234 };

	(void)state;
	for (unsigned bits = 0; bits < 256; bits++)
		for (int o = 0; o < 3; o++) {
			struct addr a = { 0 };

			for (int k = 0; k < 8; k++)
				if (bits & 1u << k) {
					a.b[2 * k] = other[o] >> 8;
					a.b[2 * k + 1] = other[o];
				}
			check(AF_INET6, &a);
		}
}

static void special_forms(void **state)
{
	static const char *const text[] = {
		"::", "::1", "1::", "::ffff:127.0.0.1", "::ffff:0.0.0.0",
		"::fffe:7f00:1", "fe80::1", "2001:db8::1:0:0:1",
		"2001:db8:0:1:1:1:1:1", "0:0:1::", "1:0:0:2::", "ff02::1:2",
		"64:ff9b::7f00:1", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
		"0.0.0.0", "255.255.255.255", "10.0.0.5", "100.20.3.0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		char out[ADDR_TEXT_MAX];
		struct addr a;
		int family = addr_parse(text[i], &a);

		assert_int_equal(family,
				 strchr(text[i], ':') ? AF_INET6 : AF_INET);
		addr_print(out, family, &a);
		assert_string_equal(out, text[i]);
	}
}

static const char *with_port(const char *text, const char *device,
			     uint16_t port)
{
	static char out[ADDR_TEXT_MAX + 24];
	struct addr a;
	int family = addr_parse(text, &a);
	size_t len = addr_print_port(out, family, &a, device, port);

	assert_int_equal(len, strlen(out));
	return out;
}

static void ports(void **state)
{
	/* the longest of everything, and a device name that is too long */
	const char *v6 = "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff";
	char device[200];

	(void)state;
	assert_string_equal(with_port("10.0.0.5", NULL, 443), "10.0.0.5:443");
	assert_string_equal(with_port("0.0.0.0", "", 0), "0.0.0.0:*");
	assert_string_equal(with_port("10.0.0.5", "eth0", 65535),
			    "10.0.0.5%eth0:65535");
	assert_string_equal(with_port("::1", NULL, 7), "[::1]:7");
	assert_string_equal(with_port("fe80::1", "eth0", 10000),
			    "[fe80::1]%eth0:10000");
	memset(device, 'd', sizeof(device) - 1);
	device[sizeof(device) - 1] = '\0';
	assert_int_equal(strlen(with_port(v6, device, 65535)),
			 strlen(v6) + 2 + 1 + 32 + 6);
	/* cut before a character, not inside it */
	memcpy(device + 31, "\xc3\xa9", 2);
	assert_int_equal(strlen(with_port(v6, device, 65535)),
			 strlen(v6) + 2 + 1 + 31 + 6);
}

static void kinds(void **state)
{
	struct addr a, b;

	(void)state;
	assert_true(addr_is_any(&(struct addr){ 0 }));
	assert_int_equal(addr_parse("::1", &a), AF_INET6);
	assert_false(addr_is_any(&a));
	assert_false(addr_is_link_local(AF_INET6, &a));
	addr_parse("febf::1", &a);
	assert_true(addr_is_link_local(AF_INET6, &a));
	addr_parse("fec0::1", &b);
	assert_false(addr_is_link_local(AF_INET6, &b));
	addr_parse("169.254.1.1", &a);
	assert_true(addr_is_link_local(AF_INET, &a));
	addr_parse("127.0.0.1", &a);
	assert_false(addr_is_link_local(AF_INET, &a));
	addr_parse("::ffff:127.0.0.1", &b);
	assert_false(addr_equal(&a, &b));
}

/* what is no address leaves a as it was */
static void no_address(void **state)
{
	static const char *const text[] = {
		"", " ", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.4 ", ":",
		":::", "1::2::3", "12345::", "::1%lo", "[::1]", "host", "0x1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		struct addr a = { { 9 } };

		assert_int_equal(addr_parse(text[i], &a), 0);
		assert_int_equal(a.b[0], 9);
	}
}

static void check_kind(const char *text, const char *want)
{
	struct addr a;
	int family = addr_parse(text, &a);

	assert_string_equal(addr_kind(family, &a), want);
	assert_int_equal(addr_is_loopback(family, &a),
			 !strncmp(want, "loopback", 8));
}

static void who_is_reached(void **state)
{
	static const char loopback[] = "loopback: this host only";
	static const char link_local[] = "link-local: this link only";

	(void)state;
	check_kind("127.0.0.1", loopback);
	check_kind("127.255.255.255", loopback);
	check_kind("128.0.0.1", "global");
	check_kind("::1", loopback);
	check_kind("::ffff:127.0.0.1", loopback);
	check_kind("::2", "global");
	check_kind("0.0.0.0", "any address of this host");
	check_kind("::", "any address of this host");
	check_kind("10.255.0.1", "private network");
	check_kind("172.15.255.255", "global");
	check_kind("172.16.0.0", "private network");
	check_kind("172.31.255.255", "private network");
	check_kind("172.32.0.0", "global");
	check_kind("192.168.1.1", "private network");
	check_kind("::ffff:192.168.1.1", "private network");
	check_kind("fd00::1", "private network");
	check_kind("100.127.0.1", "behind a provider's NAT");
	check_kind("169.254.1.1", link_local);
	check_kind("fe80::1", link_local);
	check_kind("febf::1", link_local);
	check_kind("fec0::1", "global");
	check_kind("203.0.113.9", "for documentation only");
	check_kind("2001:db8::1", "for documentation only");
	check_kind("64:ff9b::a00:1", "IPv4 behind a translator (NAT64)");
	check_kind("64:ff9b:1::1", "global");
	check_kind("2606:4700::1", "global");
	check_kind("ff02::1", "multicast");
	check_kind("224.0.0.1", "multicast");
	check_kind("255.255.255.255", "reserved");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_ipv4),
		cmocka_unit_test(random_ipv6),
		cmocka_unit_test(all_zero_runs),
		cmocka_unit_test(special_forms),
		cmocka_unit_test(ports),
		cmocka_unit_test(kinds),
		cmocka_unit_test(no_address),
		cmocka_unit_test(who_is_reached),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
