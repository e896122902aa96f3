/*
 * column.h - everything that can be said of a socket, declared once
 *
 * A column is one entry of columns[]: name, title, help, alignment, widths,
 * what data it needs, and a getter.  The screen, text, CSV, JSON, --columns
 * help, --sort help, the sort menu, the filter and the manual page all come
 * from it.  Values carry their kind, so that printing, sorting and JSON are
 * generic.
 */
#ifndef VIEW_COLUMN_H
#define VIEW_COLUMN_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/monitor.h"
#include "model/need.h"
#include "model/socket.h"
#include "view/names.h"

enum column_id {
	COL_PROTO, COL_STATE, COL_AGE, COL_RECV_Q, COL_SEND_Q,
	COL_LOCAL, COL_LOCAL_PORT, COL_REMOTE, COL_REMOTE_PORT,
	COL_OWNER, COL_PID, COL_UID, COL_USER, COL_SERVICE, COL_COMMAND,
	COL_OTHER_END,
	COL_INODE, COL_COOKIE,
	COL_DIRECTION, COL_DEVICE, COL_LIMIT, COL_TIMER, COL_EXPIRES,
	COL_RETRANS, COL_CONN_AGE,
	/* tcp_info, memory, congestion: sock_diag only */
	COL_RTT, COL_CWND, COL_RETRANS_TOTAL, COL_BYTES_SENT,
	COL_BYTES_RECEIVED, COL_LAST_SENT, COL_LAST_RECEIVED, COL_CONGESTION,
	COL_MEMORY,
	COLUMN_COUNT,
};

enum value_kind {
	VALUE_NONE,		/* unknown: "-", absent from JSON */
	VALUE_UINT,
	VALUE_DURATION,		/* ns; JSON: whole ms */
	VALUE_TEXT,		/* safe; points into the context's scratch or
				   static memory */
	VALUE_ADDR,
	VALUE_OWNERS,		/* an owner set */
};

struct value {
	uint8_t kind;
	uint8_t certainty;	/* enum certainty; AT_LEAST prints as "≥" */
	union {
		uint64_t uint;
		int64_t ns;
		const char *text;
		struct {
			uint8_t family;
			const struct addr *addr;
			uint16_t port;
		};
		uint32_t owner;
	};
};

/* what a getter may ask beside the socket */
struct column_context {
	const struct monitor *monitor;
	int64_t now;		/* mono ns the frame is drawn for */
	bool names;		/* -r: services by name */
	bool ascii;		/* only ASCII may be printed */
	char scratch[256];
};

#define KEY_UNKNOWN	UINT64_MAX	/* a place in the order: behind all */
enum { COLUMN_KEY_WORDS = 3 };

struct column {
	const char *name;	/* in --columns, --sort, filters: "recv_q" */
	const char *alias;	/* other names, comma separated; NULL none */
	const char *json;	/* JSON key, with the unit: "age_ms" */
	const char *json_bound;	/* key that is true where the value is "at
				   least": "age_at_least"; NULL: it never is */
	const char *title;	/* on the screen: "RECV-Q" */
	const char *help;	/* one line, for people */
	const char *unit;	/* "bytes", "ms", … ; "" none */
	enum text_align align;
	uint8_t min, norm, max;	/* columns; max 0: no limit */
	uint8_t keep;		/* which leave a narrow screen: lowest first */
	bool middle;		/* shorten in the middle (addresses) */
	bool descending;	/* biggest first is what people want to see:
				   reverse, until they ask otherwise */
	bool moves;		/* changes while nothing happens to the
				   socket: ages, the other end */
	unsigned needs;		/* enum need */
	struct value (*get)(struct column_context *c, const struct sock *s);
	/* An order that is not that of the value, KEY_UNKNOWN if it is not
	 * known; NULL: the value's. */
	uint64_t (*rank)(const struct sock *s);
	/* Text other than the kind's own form; NULL for that. Appends. */
	void (*print)(struct column_context *c, const struct sock *s,
		      struct buf *out);
	/* How many columns that text takes, where that is quickly known, else
	 * -1.  NULL: -1 where there is a print, else that of the kind. */
	int (*width)(struct column_context *c, const struct sock *s);
};

extern const struct column columns[COLUMN_COUNT];

/* by name, alias or JSON key, any case, '-' as '_'; -1 if there is none */
int column_find(const char *name, size_t len);
/* Is it one of the names with commas between, in any case, "-" or "_"?
 * list: NULL has none. */
bool name_in_list(const char *list, const char *name, size_t len);

/* Appends the text of one cell, unfitted; valid UTF-8, or ASCII if c->ascii. */
void column_text(struct column_context *c, enum column_id id,
		 const struct sock *s, struct buf *out);

/* How many columns that takes, if it is ASCII and known without printing it;
 * else -1. */
int column_width(struct column_context *c, enum column_id id,
		 const struct sock *s);

/* "10.0.0.5:443", "[fe80::1]%eth0:https"; "*" for the other end of a socket
 * that has none. */
void column_end_text(struct column_context *c, const struct sock_id *id,
		     bool local, struct buf *out);

/* n <= 8 bytes as a number that orders as memcmp(3) does. */
static inline uint64_t key_of_bytes(const uint8_t *b, int n)
{
	uint64_t key = 0;

	memcpy(&key, b, (size_t)n);
	return be64toh(key) >> (64 - 8 * n);
}

/* Of a value that is known: before all that are not, reversed or not. */
static inline void key_known(uint64_t *key, bool reverse)
{
	if (key[0] == KEY_UNKNOWN)	/* known, and as far back as can be */
		key[0]--;
	if (!reverse)
		return;
	key[0] = KEY_UNKNOWN - 1 - key[0];
	for (int i = 1; i < COLUMN_KEY_WORDS; i++)
		key[i] = ~key[i];
}

/*
 * A socket's place in the order of a column, as numbers to be compared from the
 * first to the last: key[COLUMN_KEY_WORDS].  Unknown values are behind all,
 * reversed or not: there key[0] is KEY_UNKNOWN.  Of a text the first 24 bytes
 * count.
 */
void column_key(struct column_context *c, enum column_id id, bool reverse,
		const struct sock *s, uint64_t *key);

/* A list "state, local:30, …" ("+name" adds to the defaults): fills
 * ids[COLUMN_COUNT], returns how many, or -1 with *bad, *bad_len the entry that
 * is wrong.  widths[COLUMN_COUNT], by column id: those behind a colon, 0 none
 * (with "+" those that are there stay); NULL: nobody asks for them. */
int column_list_parse(const char *list, const uint8_t *defaults,
		      int default_count, uint8_t *ids, uint8_t *widths,
		      const char **bad, size_t *bad_len);
/* What is wrong with such an entry, for people. */
const char *column_list_wrong(const char *bad, size_t bad_len);

#endif
