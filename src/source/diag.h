/*
 * diag.h - sock_diag as bytes: requests built, answers taken apart
 *
 * Pure functions over memory, without a socket: the dump source, the exact
 * look-up, destroy events and saved dumps all read their messages here.
 * Nothing is allocated and nothing is read past the given length.
 *
 *	struct diag_reader r;
 *	struct diag_message m;
 *
 *	diag_reader_init(&r, buf, len, seq, seq, portid);
 *	while ((kind = diag_next(&r, &m)) != DIAG_END)
 *		...
 *
 * The bytes must be aligned to 4, as recvmsg(2) into any array is.
 */
#ifndef SOURCE_DIAG_H
#define SOURCE_DIAG_H

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/detail.h"
#include "model/socket.h"

/* one request: netlink header and inet_diag_req_v2 */
enum { DIAG_REQUEST_SIZE = NLMSG_LENGTH(sizeof(struct inet_diag_req_v2)) };
/* the same with the older inet_diag_req, which is longer */
enum { DIAG_REQUEST_BOTH = NLMSG_LENGTH(sizeof(struct inet_diag_req)) };

/*
 * "All sockets of this family in one of these states."  states: STATE_BIT()s,
 * the kernel numbers them alike; needs: NEED_INFO, NEED_MEM, NEED_CONG.
 * dst has DIAG_REQUEST_SIZE bytes; returns that.
 */
size_t diag_request_dump(void *dst, uint32_t seq, uint8_t family,
			 uint8_t protocol, uint32_t states, unsigned needs);
/*
 * The same of TCP over both families, as it was asked before there was
 * inet_diag_req_v2, and as ss(8) asks: the kernel walks over its hash tables
 * once instead of twice.  dst has DIAG_REQUEST_BOTH bytes; returns that.
 */
size_t diag_request_both(void *dst, uint32_t seq, uint32_t states,
			 unsigned needs);
/* Appends a program to a request that was just made; dst has room for
 * diag_bytecode_size(len) more.  Returns the request's new length. */
size_t diag_request_bytecode(void *dst, const void *code, size_t len);
static inline size_t diag_bytecode_size(size_t len)
{
	return NLMSG_ALIGN(sizeof(struct nlattr) + len);
}
/* "This one socket"; cookie 0: whichever has these endpoints. */
size_t diag_request_one(void *dst, uint32_t seq, const struct sock_id *id,
			uint64_t cookie, unsigned needs);
/* "Close this one socket", and say what came of it: a DIAG_ERROR, 0 done. */
size_t diag_request_abort(void *dst, uint32_t seq, const struct sock_id *id,
			  uint64_t cookie);

enum diag_kind {
	DIAG_END,	/* no more bytes */
	DIAG_ROW,	/* row is filled */
	DIAG_DONE,	/* the dump is over; error: 0 or why it is not whole */
	DIAG_ERROR,	/* error: the errno the kernel answered, 0 an ack */
	DIAG_FOREIGN,	/* sequence or port id of somebody else */
	DIAG_BAD,	/* malformed: skipped */
	DIAG_CUT,	/* a length that cannot be: nothing after it is read */
};

struct diag_message {
	enum diag_kind kind;
	uint32_t seq;
	bool interrupted;	/* NLM_F_DUMP_INTR */
	int error;		/* errno, positive */
	unsigned ignored;	/* malformed attributes of this row */
	struct row row;		/* detail: &detail, or NULL if none was given */
	struct sock_detail detail;
};

struct diag_reader {
	/* the caller's, after init */
	uint8_t protocol;	/* of answers that do not say; IPPROTO_TCP */
	bool bound;		/* BOUND was asked for and CLOSE was not */
	bool want_detail;	/* look at the attributes */
	/* the reader's */
	const struct nlmsghdr *at;
	size_t left;
	uint32_t seq_first, seq_last, portid;
};

/*
 * Takes answers to the requests seq_first … seq_last (they may wrap) sent
 * from port id portid.  Multicast has 0 for all three.
 */
void diag_reader_init(struct diag_reader *r, const void *buf, size_t len,
		      uint32_t seq_first, uint32_t seq_last, uint32_t portid);
/* The next message; DIAG_END after DIAG_CUT. */
enum diag_kind diag_next(struct diag_reader *r, struct diag_message *m);

/* The errnos of a kernel that has no (inet|tcp)_diag. */
bool diag_is_missing(int error);

#endif
