/*
 * addr_kind.c - who can be reached by an address
 *
 * After the special-purpose registries of RFC 6890.
 */
#include "base/addr.h"

#include <string.h>
#include <sys/socket.h>

struct range {
	uint8_t prefix[12];
	uint8_t bits;
	const char *kind;
};

static const char any[] = "any address of this host";
static const char loopback[] = "loopback: this host only";
static const char private[] = "private network";
static const char link_local[] = "link-local: this link only";
static const char multicast[] = "multicast";
static const char documentation[] = "for documentation only";

static const struct range ipv4[] = {
	{ { 0, 0, 0, 0 }, 32, any },
	{ { 127 }, 8, loopback },
	{ { 10 }, 8, private },
	{ { 172, 16 }, 12, private },
	{ { 192, 168 }, 16, private },
	{ { 100, 64 }, 10, "behind a provider's NAT" },
	{ { 169, 254 }, 16, link_local },
	{ { 192, 0, 2 }, 24, documentation },
	{ { 198, 51, 100 }, 24, documentation },
	{ { 203, 0, 113 }, 24, documentation },
	{ { 198, 18 }, 15, "for benchmarks" },
	{ { 224 }, 4, multicast },
	{ { 240 }, 4, "reserved" },
};

static const struct range ipv6[] = {
	{ { 0xfc }, 7, private },
	{ { 0xfe, 0x80 }, 10, link_local },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, documentation },
	{ { 0x3f, 0xff }, 20, documentation },
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, "IPv4 behind a translator (NAT64)" },
	{ { 0x20, 0x02 }, 16, "IPv4 tunnel (6to4)" },
	{ { 0xff }, 8, multicast },
};

static bool within(const uint8_t *b, const struct range *r)
{
	unsigned whole = r->bits / 8, rest = r->bits % 8;

	if (memcmp(b, r->prefix, whole) != 0)
		return false;
	return !rest || !((b[whole] ^ r->prefix[whole]) >> (8 - rest));
}

static const char *find(const uint8_t *b, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (within(b, &r[i]))
			return r[i].kind;
	return "global";
}

bool addr_is_mapped(int family, const struct addr *a)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	return family == AF_INET6 && !memcmp(a->b, prefix, sizeof(prefix));
}

static const char *kind_of_ipv4(const uint8_t *b)
{
	return find(b, ipv4, sizeof(ipv4) / sizeof(ipv4[0]));
}

const char *addr_kind(int family, const struct addr *a)
{
	static const struct addr one = { { [15] = 1 } };

	if (family == AF_INET)
		return kind_of_ipv4(a->b);
	if (addr_is_mapped(family, a))
		return kind_of_ipv4(a->b + 12);
	if (addr_is_any(a))
		return any;
	if (addr_equal(a, &one))
		return loopback;
	return find(a->b, ipv6, sizeof(ipv6) / sizeof(ipv6[0]));
}

bool addr_is_loopback(int family, const struct addr *a)
{
	return addr_kind(family, a) == loopback;
}
