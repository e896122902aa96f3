/*
 * event.h - what the kernel told us between passes
 *
 * EVENT_STATE comes from the state tracepoint: one step of one socket with the
 * kernel's own time.  EVENT_DESTROY comes from the destroy multicast: a full
 * socket is no more (its TIME_WAIT may just have begun); the time is when we
 * read it.  What an event does not know is unknown as in struct row.
 *
 * Every full socket is destroyed: a listener, and one that never had a port
 * (local_port 0), too.  tcp_disconnect() forgets the other end and the counts:
 * of a connection that its own program reset (SO_LINGER 0), or whose connect
 * failed, remote_port is 0, local as well unless it was bound, and the counts
 * are unknown.  Only the cookie still says which it was.
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

/* how far a destroyed socket ever came */
enum event_reached {
	REACHED_UNKNOWN,
	REACHED_NOTHING,	/* never asked to connect; or it listened */
	REACHED_SYN_SENT,	/* asked in vain */
	REACHED_ESTABLISHED,
};

struct event {
	/* id and cookie; no uid, inode, queues or timer. DESTROY: state is
	 * CLOSE.  At CLOSE > SYN_SENT local_port, and so the local address,
	 * may be 0. */
	struct row row;
	uint8_t kind;
	uint8_t from, to;	/* STATE: enum tcp_state */
	/* STATE to CLOSE: the mini-socket that lives on with the same cookie,
	 * STATE_TIME_WAIT or (of an orphan) STATE_FIN_WAIT2; STATE_CLOSE none.
	 * Wrong only if the kernel had no room for it, or an orphan waits for
	 * no FIN (TCP_LINGER2).  DESTROY: STATE_NONE, not known */
	uint8_t left;
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
	/* DESTROY, from its tcp_info: U64_UNKNOWN, U32_UNKNOWN. Of the stream,
	 * each byte once; received is one too high if the other end's FIN came
	 * before we closed: detail_bytes_sent(), detail_bytes_received(). */
	uint64_t bytes_sent, bytes_received;
	uint32_t rtt_us;	/* 0: none was ever measured, or < 1 us */
	uint8_t reached;	/* DESTROY: enum event_reached */
};

#endif
