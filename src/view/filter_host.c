/*
 * filter_host.c - addresses, prefixes and ports, as ss(8) takes them
 *
 *	[inet:|inet6:]ADDRESS[/BITS][:PORT]
 *
 * ADDRESS is IPv4, perhaps with its last numbers left out (193.233.7/24);
 * IPv6, in brackets if a port comes behind, perhaps with a device (fe80::1%eth0);
 * the name of a host; or "*" or nothing for any.  PORT is a number, a range, a
 * service's name or "*".
 */
#include <ctype.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "view/filter_parse.h"
#include "view/hosts.h"

struct net {
	struct addr addr;
	uint8_t family, bits;
};

/* what stands for one end */
struct end {
	struct net net;		/* family 0: any address */
	uint32_t device;	/* 0 any */
	bool has_port;
	uint16_t low, high;
};

enum { PORT_MAX = 65535, ADDR_BITS = 128 };

static uint32_t side_test(struct parser *p, enum host_side side,
			  enum test_op local, struct test t)
{
	uint32_t a, b;

	t.op = (uint8_t)(side == SIDE_REMOTE ? local + 1 : local);
	a = code_test(p->filter, &t);
	if (side != SIDE_EITHER)
		return a;
	t.op = (uint8_t)(local + 1);
	b = code_test(p->filter, &t);
	return code_join(p->filter, NODE_OR, a, b);
}

static uint32_t port_node(struct parser *p, enum host_side side,
			  uint16_t low, uint16_t high)
{
	const struct test t = { .port = { low, high } };

	return side_test(p, side, TEST_LOCAL_PORT, t);
}

static uint32_t net_node(struct parser *p, enum host_side side,
			 const struct net *n)
{
	const struct test t = {
		.net = { .addr = n->addr, .family = n->family,
			 .bits = n->bits },
	};

	return side_test(p, side, TEST_LOCAL_NET, t);
}

/* All that is said of one end must hold at the same end. */
static uint32_t one_end(struct parser *p, enum host_side side,
			const struct end *h)
{
	const struct test device = { .op = TEST_DEVICE, .device = h->device };
	uint32_t node = NODE_NONE, more;

	if (h->has_port)
		node = port_node(p, side, h->low, h->high);
	if (h->net.family) {
		more = net_node(p, side, &h->net);
		node = node == NODE_NONE ? more :
		       code_join(p->filter, NODE_AND, node, more);
	}
	if (h->device) {
		p->filter->needs |= NEED_IFINDEX;
		more = code_test(p->filter, &device);
		node = node == NODE_NONE ? more :
		       code_join(p->filter, NODE_AND, node, more);
	}
	return node == NODE_NONE ? code_true(p->filter) : node;
}

static uint32_t host_node(struct parser *p, enum host_side side,
			  const struct end *h)
{
	uint32_t local;

	if (side != SIDE_EITHER)
		return one_end(p, side, h);
	local = one_end(p, SIDE_LOCAL, h);
	/* "no address" is what the other end of every listener has */
	if (h->net.bits && addr_is_any(&h->net.addr))
		return local;
	return code_join(p->filter, NODE_OR, local,
			 one_end(p, SIDE_REMOTE, h));
}

/* ---- ports ---------------------------------------------------------------- */

/* All digits of *s; above PORT_MAX stays so however many there are. */
static bool read_number(const char **s, unsigned *n)
{
	const char *p = *s;

	for (*n = 0; isdigit((unsigned char)*p); p++)
		if (*n <= PORT_MAX)
			*n = *n * 10 + (unsigned)(*p - '0');
	if (p == *s)
		return false;
	*s = p;
	return true;
}

/* a number, a range or a service; not why it is none */
static bool port_of(const char *s, struct end *h)
{
	const char *end = s;
	unsigned low, high;
	int port;

	h->has_port = strcmp(s, "*") != 0;
	if (!h->has_port)
		return true;
	if (s[0] == '0' && (s[1] | 0x20) == 'x') {
		low = high = (unsigned)strtoul(s, (char **)&end, 16);
	} else if (read_number(&end, &low)) {
		high = low;
		if (*end == '-' && isdigit((unsigned char)end[1])) {
			end++;
			read_number(&end, &high);
		}
	} else {
		low = high = PORT_MAX + 1;
	}
	if (*end || end == s) {
		port = service_port(s, strlen(s));
		if (port < 0)
			return false;
		low = high = (unsigned)port;
	}
	h->low = (uint16_t)low;
	h->high = (uint16_t)high;
	return low <= high && high <= PORT_MAX;
}

static bool digits_only(const char *s)
{
	return !s[strspn(s, "0123456789-")];
}

static bool fail_port(struct parser *p, size_t offset, const char *s)
{
	struct safe name;

	offset = parse_word_at(p, offset);
	if (!*s)
		return parse_fail(p, p->quoted ? offset : p->at,
				  "a port or a service is missing here");
	if (digits_only(s) && *s != '-')
		return parse_fail(p, offset, strchr(s, '-') ?
				  "a range of ports goes up, to %d" :
				  "port numbers end at %d", PORT_MAX);
	name = safe_text(s, strlen(s), 24);
	parse_fail(p, offset, "no service is called \"%s\"", safe_str(name));
	safe_free(&name);
	return false;
}

/* "inet:" and "inet6:"; their length */
static size_t family_prefix(struct parser *p, const char *s)
{
	if (!strncasecmp(s, "inet:", 5)) {
		p->family = AF_INET;
		return 5;
	}
	if (!strncasecmp(s, "inet6:", 6)) {
		p->family = AF_INET6;
		return 6;
	}
	return 0;
}

uint32_t host_port(struct parser *p, enum host_side side, enum compare cmp)
{
	const char *s = buf_str(&p->word);
	size_t skip = family_prefix(p, s);
	struct end h;
	uint32_t node;

	if (s[skip] == '*' && s[skip + 1] == ':')
		skip++;
	skip += s[skip] == ':';
	if (!port_of(s + skip, &h)) {
		fail_port(p, skip, s + skip);
		return NODE_NONE;
	}
	if (!h.has_port && (cmp == CMP_EQ || cmp == CMP_NE)) {
		node = code_true(p->filter);
		return cmp == CMP_NE ? code_not(p->filter, node) : node;
	}
	if (cmp > CMP_NE && (!h.has_port || h.low != h.high)) {
		parse_fail(p, parse_word_at(p, skip), "one port is wanted "
			   "here");
		return NODE_NONE;
	}
	switch (cmp) {
	case CMP_GE:
	case CMP_LT:
		node = port_node(p, side, h.low, PORT_MAX);
		break;
	case CMP_LE:
	case CMP_GT:
		node = port_node(p, side, 0, h.low);
		break;
	default:
		node = port_node(p, side, h.low, h.high);
		break;
	}
	return cmp == CMP_NE || cmp == CMP_LT || cmp == CMP_GT ?
		code_not(p->filter, node) : node;
}

/* ---- addresses ---------------------------------------------------------------- */

/* "193.233.7": what is left out is 0 */
static bool short_ipv4(const char *s, struct addr *a)
{
	struct addr got = { 0 };
	unsigned n;

	for (int i = 0; i < 4; i++) {
		if (!read_number(&s, &n) || n > 255)
			return false;
		got.b[i] = (uint8_t)n;
		if (!*s) {
			*a = got;
			return true;
		}
		if (*s++ != '.')
			return false;
	}
	return false;
}

/* "24", or "255.255.255.0" */
static bool read_bits(const char *s, struct net *n)
{
	unsigned most = n->family == AF_INET ? 32 : ADDR_BITS, bits;
	const char *end = s;
	struct addr mask;

	if (read_number(&end, &bits) && !*end) {
		n->bits = (uint8_t)bits;
		return bits <= most;
	}
	if (n->family != AF_INET || addr_parse(s, &mask) != AF_INET)
		return false;
	for (bits = 0; bits < 32 && mask.b[bits / 8] >> (7 - bits % 8) & 1;)
		bits++;
	n->bits = (uint8_t)bits;
	for (; bits < 32; bits++)
		if (mask.b[bits / 8] >> (7 - bits % 8) & 1)
			return false;
	return true;
}

/* An address with its prefix; s is cut where they meet. */
static bool net_of(char *s, struct net *n, bool short_too)
{
	char *slash = strchr(s, '/');

	if (slash)
		*slash++ = '\0';
	n->family = (uint8_t)addr_parse(s, &n->addr);
	if (!n->family && (slash || short_too) && short_ipv4(s, &n->addr))
		n->family = AF_INET;
	if (!n->family)
		return false;
	n->bits = n->family == AF_INET ? 32 : ADDR_BITS;
	return !slash || read_bits(slash, n);
}

/* the parts of a HOST, cut from a copy */
struct parts {
	char *addr, *device, *port;	/* NULL: not there */
};

/* The device stands in the brackets, or behind them. */
static bool cut_brackets(char *s, struct parts *cut)
{
	char *end = strchr(s, ']'), *slash;

	if (!end)
		return false;
	*end++ = '\0';
	cut->addr = s + 1;
	cut->device = strchr(cut->addr, '%');
	if (!cut->device && *end == '%')
		cut->device = end;
	/* [fe80::]/10:443, as some write it */
	slash = *end == '/' ? end : NULL;
	end = strchr(end, ':') ? strchr(end, ':') : end + strlen(end);
	if (*end)
		cut->port = end + 1;
	*end = '\0';
	if (slash)
		memmove(cut->addr + strlen(cut->addr), slash,
			strlen(slash) + 1);
	return true;
}

/* Colons are part of an IPv6 address unless it is in brackets. */
static bool cut_host(char *s, struct parts *cut)
{
	char *slash = strchr(s, '/'), *colon;

	*cut = (struct parts){ .addr = s };
	if (*s == '[') {
		if (!cut_brackets(s, cut))
			return false;
	} else {
		colon = strrchr(slash ? slash : s, ':');
		cut->device = strchr(s, '%');
		if (colon && (slash || strchr(s, ':') == colon)) {
			*colon = '\0';
			cut->port = colon + 1;
		}
	}
	if (!cut->device)
		return true;
	*cut->device++ = '\0';
	return *cut->device != '\0';
}

static bool device_of(const char *name, uint32_t *device)
{
	char *end;

	*device = if_nametoindex(name);
	if (!*device && isdigit((unsigned char)*name)) {
		*device = (uint32_t)strtoul(name, &end, 10);
		if (*end)
			*device = 0;
	}
	return *device != 0;
}

static uint32_t fail_host(struct parser *p, const char *why)
{
	parse_fail(p, p->from, "%s", why);
	return NODE_NONE;
}

/* Each of the addresses that a name has; family 0: of both. */
static uint32_t name_node(struct parser *p, enum host_side side,
			  struct end *h, const char *name, uint8_t family)
{
	const struct host_addr *list;
	size_t n = hosts_find(name, p->resolve, &list);
	uint32_t node = NODE_NONE, more;

	for (size_t i = 0; i < n; i++) {
		if (family && list[i].family != family)
			continue;
		h->net.addr = list[i].addr;
		h->net.family = list[i].family;
		h->net.bits = h->net.family == AF_INET ? 32 : ADDR_BITS;
		more = host_node(p, side, h);
		node = node == NODE_NONE ? more :
		       code_join(p->filter, NODE_OR, node, more);
	}
	if (node != NODE_NONE)
		return node;
	return fail_host(p, p->resolve ? "neither an address nor the name of "
			 "a host" : "an address is wanted here; names of hosts "
			 "only on the command line");
}

uint32_t host_parse(struct parser *p, enum host_side side)
{
	static const char *const others[] = {
		"unix:", "link:", "netlink:", "vsock:", "tipc:", "xdp:",
	};
	size_t skip = family_prefix(p, buf_str(&p->word));
	uint8_t family = skip ? p->family : 0;
	char *s = mem_strdup(buf_str(&p->word) + skip);
	struct end h = { 0 };
	struct parts cut;
	uint32_t node = NODE_NONE;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strncasecmp(s, others[i], strlen(others[i])))
			fail_host(p, "only inet: and inet6: are shown here");
	if (p->failed)
		goto out;
	if (!cut_host(s, &cut))
		fail_host(p, "this is no address");
	else if (cut.port && !port_of(cut.port, &h))
		fail_port(p, skip + (size_t)(cut.port - s), cut.port);
	else if (cut.device && !device_of(cut.device, &h.device))
		fail_host(p, "there is no such device here");
	else if (!*cut.addr || !strcmp(cut.addr, "*"))
		node = host_node(p, side, &h);
	else if (net_of(cut.addr, &h.net, true) &&
		 (!family || h.net.family == family))
		node = host_node(p, side, &h);
	else if (h.net.family && family && h.net.family != family)
		fail_host(p, "this address is of the other family");
	else if (h.net.family)
		fail_host(p, "an IPv4 prefix has at most 32 bits, one of IPv6 "
			  "128");
	else
		node = name_node(p, side, &h, cut.addr, family);
out:
	free(s);
	return node;
}

uint32_t host_bare(struct parser *p)
{
	char *s = mem_strdup(buf_str(&p->word));
	struct end h = { 0 };
	struct parts cut;
	uint32_t node = NODE_NONE;

	if (cut_host(s, &cut) && net_of(cut.addr, &h.net, false) &&
	    (!cut.port || (*cut.port && port_of(cut.port, &h))) &&
	    (!cut.device || device_of(cut.device, &h.device)))
		node = host_node(p, SIDE_EITHER, &h);
	free(s);
	return node;
}
