/*
 * proctext.h - one line of /proc/net/tcp or tcp6 to a row
 *
 * A pure function over memory, the same on every machine: the byte order of
 * the host that wrote the text is an argument, for it prints addresses as
 * 32-bit words of its own order.
 */
#ifndef SOURCE_PROCTEXT_H
#define SOURCE_PROCTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/socket.h"

struct proctext {
	uint8_t family;		/* AF_INET: tcp, AF_INET6: tcp6 */
	bool big_endian;	/* the host that wrote it */
	uint32_t hz;		/* its clock ticks per second (USER_HZ) */
};

static inline bool proctext_host_is_big_endian(void)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
}

/*
 * line[len] without its newline; any bytes.  0, or -1 if it is no row: a
 * header, cut, or malformed.
 *
 * Known shapes: 17 fields, or 12 for the mini-sockets TIME_WAIT, SYN_RECV
 * and orphaned FIN_WAIT2.  More fields than 17 are accepted: kernels add.
 */
int proctext_row(const struct proctext *t, const char *line, size_t len,
		 struct row *row);

#endif
