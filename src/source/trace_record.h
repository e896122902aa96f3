/*
 * trace_record.h - what the BPF program tells us of one change of state
 *
 * Shared by src/source/trace.bpf.c, which writes records into a ring, and
 * trace.c, which reads them.  Addresses and ports are in network order, as
 * the kernel has them; all else is in the host's.  What the kernel does not
 * tell is 0.
 */
#ifndef SOURCE_TRACE_RECORD_H
#define SOURCE_TRACE_RECORD_H

#include <stdint.h>

struct trace_record {
	uint64_t time;		/* CLOCK_BOOTTIME, ns */
	uint64_t cookie;
	uint64_t start;		/* of the process, CLOCK_BOOTTIME ns */
	uint32_t local[4];	/* AF_INET: the first */
	uint32_t remote[4];
	uint32_t ifindex;
	uint32_t netns;		/* inode */
	uint32_t pid;		/* thread group */
	uint16_t local_port;
	uint16_t remote_port;
	uint8_t family;
	uint8_t from, to;	/* as the kernel numbers them */
	uint8_t left;		/* as event.h has it */
	char comm[16];
	uint8_t reserved[4];
};

/*
 * Bytes of the ring, a power of two, unless a test chooses another size.  A
 * record takes 8 more of them.  At 150,000 changes a second and on a busy
 * machine there may be a second in which nobody reads; this is enough for 2 s.
 */
#define TRACE_RING_SIZE	(32u << 20)
_Static_assert(TRACE_RING_SIZE / (sizeof(struct trace_record) + 8) >=
	       2 * 150000, "the ring is large enough");

/* What the program is told before it is loaded. */
struct trace_config {
	uint64_t pidns_dev;	/* of our pid namespace; 0 the root one */
	uint64_t pidns_ino;
	uint32_t netns;		/* inode of the only one to report */
};

/* Changes that the first program reported and the second one has still to pass
 * over: on one CPU one, and one for each interrupt that came between. */
#define TRACE_TOLD	4

/* Kept for each CPU by the programs. */
struct trace_counts {
	uint64_t full;		/* no room in the ring */
	uint64_t again;		/* records by the second program: see there */
	struct {
		uint64_t sk;	/* address in the kernel; 0 none */
		uint32_t from, to;
	} told[TRACE_TOLD];
	uint32_t next;
	uint32_t reserved;
};

#endif
