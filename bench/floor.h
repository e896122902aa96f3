/*
 * floor.h - what reading the table costs whoever does nothing else
 *
 * Whatever fails ends the program with one line on stderr.
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stdint.h>

struct floor {
	int64_t wall, cpu;	/* ns */
	uint64_t reads, bytes;
};

/*
 * The states tulpen asks for: all from ESTABLISHED to NEW_SYN_RECV and BOUND,
 * but not CLOSE, which would be taken for BOUND (source/netlink.c).
 */
#define FLOOR_STATES	(0x3ffeu & ~(1u << 7))

/*
 * Asks sock_diag for both families, as cheaply as it can be asked, and receives
 * all of it: 32 KiB a time, as source/nlsock.h does, and more than the kernel
 * ever gives at once.
 */
void floor_dump(struct floor *f, uint32_t states, uint8_t extensions);

#endif
