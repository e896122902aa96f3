#include "base/addr.h"

#include <arpa/inet.h>
#include <string.h>

/*
 * A million rows are formatted at a time: digits are made by hand here,
 * inet_ntop(3) and snprintf(3) take ten times as long.
 */

bool addr_is_any(const struct addr *a)
{
	static const struct addr any;

	return addr_equal(a, &any);
}

bool addr_is_link_local(int family, const struct addr *a)
{
	if (family == AF_INET)
		return a->b[0] == 169 && a->b[1] == 254;
	return a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/* The three digits of a byte and how many of them count; made before main(), as
 * any thread may ask. */
static struct byte_text {
	char digit[3];
	uint8_t len;
} byte_texts[256];

__attribute__((constructor)) static void make_byte_texts(void)
{
	for (int v = 0; v < 256; v++) {
		struct byte_text *t = &byte_texts[v];

		t->len = (uint8_t)(1 + (v >= 10) + (v >= 100));
		for (int i = t->len, rest = v; i-- > 0; rest /= 10)
			t->digit[i] = (char)('0' + rest % 10);
	}
}

/* These write without a NUL and return where they stopped; beyond that as much
 * as ADDR_TEXT_MAX leaves. */
static char *put_byte(char *p, const struct byte_text *t)
{
	memcpy(p, t->digit, sizeof(t->digit));
	return p + t->len;
}

static char *put_ipv4(char *p, const uint8_t *b)
{
	p = put_byte(p, &byte_texts[b[0]]);
	*p++ = '.';
	p = put_byte(p, &byte_texts[b[1]]);
	*p++ = '.';
	p = put_byte(p, &byte_texts[b[2]]);
	*p++ = '.';
	return put_byte(p, &byte_texts[b[3]]);
}

static char *put_hex(char *p, unsigned word)
{
	static const char digit[] = "0123456789abcdef";

	if (word >= 0x1000)
		*p++ = digit[word >> 12];
	if (word >= 0x100)
		*p++ = digit[word >> 8 & 15];
	if (word >= 0x10)
		*p++ = digit[word >> 4 & 15];
	*p++ = digit[word & 15];
	return p;
}

static char *put_port(char *p, unsigned port)
{
	char digits[5], *d = digits + sizeof(digits);

	do
		*--d = '0' + port % 10;
	while (port /= 10);
	memcpy(p, d, digits + sizeof(digits) - d);
	return p + (digits + sizeof(digits) - d);
}

/* The first of the longest runs of zero words; returns its length, 0 if
 * none has two (RFC 5952, 4.2). */
static int zero_run(const unsigned *word, int *start)
{
	int best = 1, run = 0;

	for (int i = 0; i < 8; i++) {
		run = word[i] ? 0 : run + 1;
		if (run > best) {
			best = run;
			*start = i + 1 - run;
		}
	}
	return best > 1 ? best : 0;
}

static char *put_ipv6(char *p, const uint8_t *b)
{
	unsigned word[8];
	int start = -1, len;

	for (int i = 0; i < 8; i++)
		word[i] = b[2 * i] << 8 | b[2 * i + 1];
	len = zero_run(word, &start);
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			*p++ = ':';
			if (i + len == 8)
				*p++ = ':';
			i += len - 1;
			continue;
		}
		if (i)
			*p++ = ':';
		/* ::ffff:a.b.c.d, and ::a.b.c.d as inet_ntop(3) has it */
		if (i == 6 && start == 0 &&
		    (len == 6 || (len == 5 && word[5] == 0xffff)))
			return put_ipv4(p, b + 12);
		p = put_hex(p, word[i]);
	}
	return p;
}

static char *put_addr(char *p, int family, const struct addr *a)
{
	return family == AF_INET ? put_ipv4(p, a->b) : put_ipv6(p, a->b);
}

size_t addr_print(char *dst, int family, const struct addr *a)
{
	char *p = put_addr(dst, family, a);

	*p = '\0';
	return p - dst;
}

size_t addr_width(int family, const struct addr *a)
{
	const struct byte_text *t = byte_texts;
	const uint8_t *b = a->b;
	char text[ADDR_TEXT_MAX];

	if (family != AF_INET)
		return addr_print(text, family, a);
	return 3u + t[b[0]].len + t[b[1]].len + t[b[2]].len + t[b[3]].len;
}

/*
 * Interface names have at most 15 bytes, but an escaped one (struct safe)
 * can be longer; what is kept leaves room for the rest in dst.
 */
enum { IFNAME_MAX = 32 };

size_t addr_print_port(char *dst, int family, const struct addr *a,
		       const char *ifname, uint16_t port)
{
	char *p = dst;

	if (family != AF_INET)
		*p++ = '[';
	p = put_addr(p, family, a);
	if (family != AF_INET)
		*p++ = ']';
	if (ifname && *ifname) {
		size_t n = strnlen(ifname, IFNAME_MAX + 1);

		if (n > IFNAME_MAX)	/* never half a character */
			for (n = IFNAME_MAX; n && (ifname[n] & 0xc0) == 0x80;)
				n--;
		*p++ = '%';
		p = mempcpy(p, ifname, n);
	}
	*p++ = ':';
	if (port)
		p = put_port(p, port);
	else
		*p++ = '*';
	*p = '\0';
	return p - dst;
}

int addr_parse(const char *s, struct addr *a)
{
	struct addr got = { 0 };
	int family = strchr(s, ':') ? AF_INET6 : AF_INET;

	if (inet_pton(family, s, got.b) != 1)
		return 0;
	*a = got;
	return family;
}
