/*
 * event.h - what the kernel told us between passes
 *
 * EVENT_STATE comes from the state tracepoint: one step of one socket with the
 * kernel's own time.  EVENT_DESTROY comes from the destroy multicast: a full
 * socket is no more (its TIME_WAIT may just have begun); the time is when we
 * read it.  What an event does not know is unknown as in struct row.
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/socket.h"

enum event_kind {
	EVENT_STATE,
	EVENT_DESTROY,
};

struct event {
	/* id, cookie and (DESTROY) uid; no inode, queues or timer.  At
	 * CLOSE > SYN_SENT local_port, and so the local address, may be 0. */
	struct row row;
	uint8_t kind;
	uint8_t from, to;	/* STATE: enum tcp_state */
	/*
	 * It happened in (after, at], mono ns (CLOCK_BOOTTIME).  STATE: after
	 * equals at.  DESTROY: after is when the socket was last empty.
	 */
	int64_t after, at;
	/* STATE: who did it; only where the current task means something
	 * (connect, listen, close from a process). pid 0: not known */
	int32_t pid;		/* thread group, in the root pid namespace */
	uint64_t start;		/* clock ticks since boot, /proc/PID/stat 22 */
	char comm[16];		/* any bytes, NUL padded */
	/* DESTROY, from its tcp_info: U64_UNKNOWN, U32_UNKNOWN */
	uint64_t bytes_sent, bytes_received;
	uint32_t rtt_us;	/* 0: no round trip was ever measured */
};

#endif
