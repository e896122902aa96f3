/*
 * change.h - what happened to sockets, and the log of it
 *
 * The table reports each change once; the log keeps the newest ones (default
 * 100,000) in a ring that grows up to its limit.
 */
#ifndef MODEL_CHANGE_H
#define MODEL_CHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "model/owner.h"
#include "model/socket.h"

enum change_kind {
	CHANGE_OPENED,
	CHANGE_STATE,
	CHANGE_CLOSED,
	CHANGE_KIND_COUNT,
};

/* "opened", "state", "closed" */
extern const char *const change_kind_name[CHANGE_KIND_COUNT];
/* "exact", "between", "inferred", "at-least" */
extern const char *const certainty_name[CERTAINTY_COUNT];

/* who told us */
enum origin {
	ORIGIN_PROC,
	ORIGIN_NETLINK,
	ORIGIN_DESTROY,
	ORIGIN_TRACE,
	ORIGIN_COUNT,
};
extern const char *const origin_name[ORIGIN_COUNT];

struct change {
	struct sock_id id;
	uint64_t cookie;	/* 0 unknown */
	uint64_t serial;	/* of the sock */
	uint32_t slot;		/* of the sock in the table, while it lives */
	uint32_t owner;		/* owner set as known then */
	/* It happened in (after, at]; exact: after == at. */
	int64_t after, at;	/* mono ns */
	int64_t wall;		/* wall clock ns of `at` */
	int64_t dwell;		/* ns in the state it left; TIME_UNKNOWN */
	uint8_t kind;
	uint8_t from, to;	/* STATE_NONE for opened's from, closed's to */
	uint8_t certainty;
	uint8_t dwell_certainty;	/* CERTAIN_AT_LEAST: "≥ dwell";
					   CERTAIN_AT_MOST: "≤ dwell" */
	uint8_t origin;
	uint8_t direction;
	bool owner_last;
	/* of the whole connection, when it was destroyed: U64_UNKNOWN, and
	 * U32_UNKNOWN or 0 (never measured) */
	uint64_t bytes_sent, bytes_received;
	uint32_t rtt_us;
	uint32_t uid;		/* of the socket then; U32_UNKNOWN */
};

struct change_log;

struct change_log *change_log_new(struct owners *owners, size_t limit);
void change_log_free(struct change_log *log);
/* Copies c; holds a reference to its owner set while it is in the log. */
void change_log_add(struct change_log *log, const struct change *c);
/* how many are there, and how many ever were */
size_t change_log_count(const struct change_log *log);
uint64_t change_log_total(const struct change_log *log);
/* i = 0 the newest; NULL past the end; valid until the next add */
const struct change *change_log_get(const struct change_log *log, size_t i);

#endif
