/*
 * addr.h - IP addresses as the kernel compares them, and as people read them
 *
 * An address is 16 bytes in network order; an IPv4 one uses the first four
 * and the rest are zero.  The family is kept beside it, once for both ends
 * of a socket: ::ffff:127.0.0.1 on an IPv6 socket is not 127.0.0.1.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr {
	uint8_t b[16];
};

enum {
	ADDR_TEXT_MAX = 64,	/* longest text incl. brackets, %scope and NUL */
};

/* AF_INET, or AF_INET6 and so on */
bool addr_is_any(const struct addr *a);
bool addr_is_link_local(int family, const struct addr *a);
bool addr_is_loopback(int family, const struct addr *a);
/* IPv4 on an IPv6 socket: ::ffff:10.0.0.5 */
bool addr_is_mapped(int family, const struct addr *a);
/* "private network", "loopback: this host only", "global" */
const char *addr_kind(int family, const struct addr *a);
bool addr_equal(const struct addr *a, const struct addr *b);

/*
 * Writes the address as RFC 5952 says (mapped ones as ::ffff:a.b.c.d),
 * without brackets, to dst[ADDR_TEXT_MAX]; returns the length.
 */
size_t addr_print(char *dst, int family, const struct addr *a);

/* How long that text is, NUL aside; for IPv4 it is not printed to know it. */
size_t addr_width(int family, const struct addr *a);

/*
 * "10.0.0.5:443", "[::1]:443", "[fe80::1]%eth0:443" as ss(8) prints it, but
 * "*" for the port 0.  ifname NULL or "" for none.  dst[ADDR_TEXT_MAX + 24].
 */
size_t addr_print_port(char *dst, int family, const struct addr *a,
		       const char *ifname, uint16_t port);

/* Text to address; returns AF_INET, AF_INET6, or 0 if it is neither. */
int addr_parse(const char *s, struct addr *a);

#endif
