/*
 * socket.h - one TCP endpoint of this host
 *
 * struct row is what a source reads, struct sock is what the table keeps of
 * it.  What the kernel did not give is unknown, never zero: each field says
 * how unknown looks.
 *
 * A host can have a million of them, and a pass writes to each one: struct
 * sock is two cache lines, the first of which says which socket it is, and
 * nearly all that a million are looked through for.  What few sockets have
 * hangs on its timeline.
 */
#ifndef MODEL_SOCKET_H
#define MODEL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "base/clock.h"
#include "model/state.h"

#define U32_UNKNOWN	UINT32_MAX
#define U64_UNKNOWN	UINT64_MAX

/* which socket it is; with the cookie, DESIGN.md's identity */
struct sock_id {
	struct addr local, remote;
	uint16_t local_port, remote_port;	/* host order; 0 none */
	uint32_t ifindex;	/* device it is bound to; 0 none, or unknown
				   from proc */
	uint16_t netns;		/* its network namespace: 0 ours, the only one
				   so far */
	uint8_t family;		/* AF_INET, AF_INET6 */
	uint8_t protocol;	/* IPPROTO_TCP */
};

enum sock_timer {		/* idiag_timer, tr of /proc/net/tcp */
	TIMER_NONE	= 0,
	TIMER_RETRANS	= 1,
	TIMER_KEEPALIVE	= 2,
	TIMER_TIME_WAIT	= 3,
	TIMER_PERSIST	= 4,
	TIMER_UNKNOWN	= 255,	/* others are kept as they are */
};

struct sock_detail;		/* model/detail.h: tcp_info, memory, … */
struct timeline;

/* one row of a pass */
struct row {
	struct sock_id id;
	uint32_t uid;		/* U32_UNKNOWN for mini-sockets */
	uint64_t cookie;	/* 0 unknown */
	uint64_t inode;		/* 0: the kernel has none (TIME_WAIT, orphan,
				   SYN_RECV, not yet accepted) */
	uint32_t recv_q;	/* bytes; LISTEN: connections waiting */
	uint32_t send_q;	/* bytes; LISTEN: backlog limit; U32_UNKNOWN */
	uint32_t expires_ms;	/* of the timer; U32_UNKNOWN */
	uint8_t state;
	uint8_t timer;		/* enum sock_timer */
	uint8_t retrans;	/* retransmissions or probes in a row */
	struct sock_detail *detail;	/* NULL unless asked for; the sink
				   takes it over and free(3)s it */
};

/* how sure a time or a change is */
enum certainty {
	CERTAIN_EXACT,		/* the kernel's own time stamp or timer */
	CERTAIN_BETWEEN,	/* between two passes */
	CERTAIN_INFERRED,	/* must have been, was not seen */
	CERTAIN_AT_LEAST,	/* of a state's start: before we looked */
	CERTAIN_AT_MOST,	/* of a dwell time: opened after the last pass */
	CERTAINTY_COUNT,
};

/* who opened the connection */
enum direction {
	DIR_UNKNOWN,
	DIR_IN,			/* a listener of ours had its port */
	DIR_OUT,		/* we connected */
};

/* what the list marks */
enum mark {
	MARK_NONE,
	MARK_NEW,
	MARK_CHANGED,
	MARK_GONE,
};

/*
 * What a socket keeps of its newest row: all but the detail.  What most orders
 * and filters ask for is in the first 64 bytes, one cache line.
 */
struct sock_row {
	struct sock_id id;
	uint32_t uid;
	uint64_t cookie;
	uint32_t recv_q;
	uint8_t state;
	uint8_t timer;
	uint8_t retrans;
	uint64_t inode;
	uint32_t send_q;
	uint32_t expires_ms;
};

/* one live (or just gone: mark MARK_GONE) socket of the table */
struct sock {
	struct sock_row row;
	uint32_t seen_pass;	/* number of the last pass that had it */
	uint32_t owner;		/* owner set, model/owner.h; also kept after
				   the kernel forgot it: see owner_last */
	int64_t first_seen;	/* mono ns */
	int64_t since;		/* mono ns: in this state since */
	uint64_t serial : 44;	/* never used twice in a run: enough for five
				   years of 100,000 connections a second */
	uint64_t misses : 3;	/* passes in a row without it */
	uint64_t mark_round : 3;	/* low bits of the round that set mark */
	uint64_t mark : 2;	/* enum mark */
	uint64_t direction : 2;
	uint64_t since_certainty : 3;
	uint64_t walked : 1;	/* a walk did not find its owner, though it was
				   there */
	uint64_t owner_last : 1;	/* owner is the last known, not today's */
	uint64_t live : 1;	/* 0: gone, or a free slot */
	uint64_t untold : 1;	/* the table's: its opening is still to tell */
	uint64_t hashed : 1;	/* the table's: found by its endpoints */
	uint64_t inode_unknown : 1;	/* no pass has shown it: inode 0 says
					   nothing */
	uint64_t filed : 1;	/* the table's: it will be asked for */
	struct timeline *timeline;	/* model/timeline.h; NULL: no change
				   was seen yet, no detail asked for */
	uint32_t next;		/* table's: hash chain or free list */
	uint32_t after;		/* table's: the slot that followed in the
				   newest pass, if nothing changed since */
};

_Static_assert(sizeof(struct sock) <= 128, "two cache lines a socket");
_Static_assert(offsetof(struct sock, row.inode) == 64, "the first of them");

/* What a column needed and the source gave; NULL nothing. */
const struct sock_detail *sock_detail(const struct sock *s);

/* The same endpoints, family, protocol and namespace (ifindex aside: proc
 * does not know it).  Inline, as each row of a pass asks. */
static inline bool sock_id_equal(const struct sock_id *a,
				 const struct sock_id *b)
{
	return !memcmp(a, b, offsetof(struct sock_id, ifindex)) &&
	       a->netns == b->netns && a->family == b->family &&
	       a->protocol == b->protocol;
}

uint32_t sock_id_hash(const struct sock_id *id);

/* Full, connected and without inode: it waits in its listener's accept
 * queue. */
bool sock_in_accept_queue(const struct sock *s);

#endif
