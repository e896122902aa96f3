#include "view/pivot_column.h"

#include <stdio.h>
#include <string.h>

#include "view/changeline.h"
#include "view/column_get.h"
#include "view/format.h"
#include "view/view.h"

#define TEXT(name) static void text_##name(const struct pivot_context *x, \
	const struct group *g, struct buf *out)
#define RANK(name) static uint64_t rank_##name(const struct pivot_context *x, \
	const struct group *g)

/* ---- the values ---- */

int64_t group_states(const struct pivot_context *x, const struct group *g,
		     unsigned states)
{
	int64_t n = 0;
	bool known = false;

	for (unsigned s = 0; s < STATE_COUNT; s++) {
		if (!(states & STATE_BIT(s)))
			continue;
		n += g->count[s];
		known |= view_state_known(x->c->monitor, s);
	}
	return known ? n : -1;
}

double group_rate(const struct pivot *p, uint32_t changes)
{
	return p->seconds ? (double)changes / p->seconds : -1;
}

TEXT(group)
{
	const struct group_owner o = group_owner(g);

	group_text(x->c, x->p->group, &g->key, &o, out);
}

/* As the owner column of a socket, but the others are those of all sockets. */
TEXT(process)
{
	const struct process *p = owners_get(x->p->owners, g->owner, 0);

	if (!p) {
		owner_text(out, x->p->owners, g->owner, false, x->c->ascii);
		return;
	}
	if (g->owner_last)
		buf_char(out, '(');
	buf_printf(out, "%s[%d]", safe_str(p->name), p->pid);
	if (pivot_processes(x->p, g) > 1)
		buf_printf(out, " +%u", pivot_processes(x->p, g) - 1);
	if (g->owner_last)
		buf_char(out, ')');
}

TEXT(total)
{
	(void)x;
	format_count(out, g->total);
}

RANK(total)
{
	(void)x;
	return g->total;
}

static void add_rate(double rate, struct buf *out)
{
	size_t from = out->len;

	format_rate(out, rate);
	/* the title says per what */
	if (out->len > from + 2 && !strcmp(out->data + out->len - 2, "/s"))
		out->len -= 2;
	out->data[out->len] = '\0';
}

TEXT(opened)
{
	add_rate(group_rate(x->p, g->came), out);
}

RANK(opened)
{
	return x->p->seconds ? g->came : KEY_UNKNOWN;
}

TEXT(closed)
{
	add_rate(group_rate(x->p, g->left), out);
}

RANK(closed)
{
	return x->p->seconds ? g->left : KEY_UNKNOWN;
}

static void add_known(uint32_t n, struct buf *out)
{
	if (n == U32_UNKNOWN)
		buf_char(out, '-');
	else
		buf_uint(out, n);
}

TEXT(queue)
{
	(void)x;
	if (!g->listens) {
		add_known(g->recv_q, out);
		return;
	}
	add_known(g->waiting, out);
	buf_char(out, '/');
	add_known(g->limit, out);
}

/* As the receive queue of a socket: a full queue of connections is worse than
 * any number of bytes. */
RANK(queue)
{
	uint32_t n = g->listens ? g->waiting : g->recv_q;

	(void)x;
	if (n == U32_UNKNOWN)
		return KEY_UNKNOWN;
	return n | (group_queue_full(g) ? UINT64_C(1) << 32 : 0);
}

/* ---- the table ---- */

#define STATE_COLUMN(column_name, aliases, heading, leave, bits, text)	\
	.name = column_name, .alias = aliases, .title = heading,	\
	.help = text, .align = ALIGN_RIGHT,				\
	.min = sizeof(heading) - 1, .norm = 6, .keep = leave,		\
	.descending = true, .states = bits

const struct pivot_column pivot_columns[PIVOT_COLUMN_COUNT] = {
	[PCOL_GROUP] = {
		.name = "group", .alias = "label,key",
		.help = "what all of its sockets have in common",
		.norm = 20, .keep = 200, .text = text_group,
	},
	[PCOL_PROCESS] = {
		.name = "process", .alias = "owner", .json = "processes",
		.title = "PROCESS",
		.help = "who holds them: first process and how many more; "
			"(last known); ? hidden",
		.min = 14, .norm = 18, .max = 40, .keep = 150,
		.text = text_process,
	},
	[PCOL_TOTAL] = {
		.name = "total", .alias = "count,sockets", .json = "total",
		.title = "TOTAL", .help = "sockets",
		.align = ALIGN_RIGHT, .min = 5, .norm = 6, .keep = 190,
		.descending = true, .text = text_total, .rank = rank_total,
	},
	[PCOL_LISTEN] = {
		STATE_COLUMN("listen", NULL, "LISTEN", 125,
			     STATE_BIT(STATE_LISTEN), "listeners"),
	},
	[PCOL_SYN_SENT] = {
		STATE_COLUMN("syn_sent", "syn-s", "SYN_S", 120,
			     STATE_BIT(STATE_SYN_SENT),
			     "in SYN_SENT: asked, no answer yet"),
	},
	[PCOL_SYN_RECV] = {
		STATE_COLUMN("syn_recv", "syn-r", "SYN_R", 122,
			     STATE_BIT(STATE_SYN_RECV),
			     "in SYN_RECV: being opened by the other end"),
	},
	[PCOL_ESTABLISHED] = {
		STATE_COLUMN("established", "estab", "ESTAB", 180,
			     STATE_BIT(STATE_ESTABLISHED), "open"),
	},
	[PCOL_CLOSE_WAIT] = {
		STATE_COLUMN("close_wait", "close-w", "CLOSE_W", 170,
			     STATE_BIT(STATE_CLOSE_WAIT),
			     "in CLOSE_WAIT: the other end closed, the program "
			     "here did not"),
	},
	[PCOL_FIN_WAIT] = {
		STATE_COLUMN("fin_wait", "fin-w,fin-wait1,fin-wait2",
			     "FIN_W1/2", 110,
			     STATE_BIT(STATE_FIN_WAIT1) |
			     STATE_BIT(STATE_FIN_WAIT2),
			     "in FIN_WAIT1 or FIN_WAIT2: closed here, not yet "
			     "there"),
	},
	[PCOL_CLOSING] = {
		STATE_COLUMN("closing", NULL, "CLOSING", 102,
			     STATE_BIT(STATE_CLOSING),
			     "in CLOSING: both ends closed at once"),
	},
	[PCOL_LAST_ACK] = {
		STATE_COLUMN("last_ack", "last-a", "LAST_A", 108,
			     STATE_BIT(STATE_LAST_ACK),
			     "in LAST_ACK: closed, waits for the last answer"),
	},
	[PCOL_TIME_WAIT] = {
		STATE_COLUMN("time_wait", "t-wait", "T_WAIT", 160,
			     STATE_BIT(STATE_TIME_WAIT),
			     "in TIME_WAIT: closed, kept for a minute"),
	},
	[PCOL_CLOSE] = {
		STATE_COLUMN("close", NULL, "CLOSE", 101,
			     STATE_BIT(STATE_CLOSE),
			     "in CLOSE: not connected"),
	},
	[PCOL_BOUND] = {
		STATE_COLUMN("bound", NULL, "BOUND", 100,
			     STATE_BIT(STATE_BOUND),
			     "bound to a port, nothing more"),
	},
	[PCOL_OTHER] = {
		STATE_COLUMN("other", "unknown", "OTHER", 99,
			     STATE_BIT(STATE_OTHER),
			     "in states that tulpen does not know"),
	},
	[PCOL_REST] = {
		.name = "rest", .title = "REST",
		.help = "in the states whose columns have no room here",
		.align = ALIGN_RIGHT, .min = 4, .norm = 6, .keep = 185,
		.descending = true,
	},
	[PCOL_OPENED] = {
		.name = "opened", .alias = "open/s,came",
		.json = "opened_per_s", .title = "OPEN/S",
		.help = "came into it each second, over the time that the line "
			"above tells, 10 s as a rule; ≥: only passes tell, so "
			"there may be more",
		.align = ALIGN_RIGHT, .min = 6, .norm = 6, .keep = 155,
		.descending = true, .rate = true,
		.text = text_opened, .rank = rank_opened,
	},
	[PCOL_CLOSED] = {
		.name = "closed", .alias = "close/s,left",
		.json = "closed_per_s", .title = "CLOSE/S",
		.help = "left it each second, over the same time",
		.align = ALIGN_RIGHT, .min = 7, .norm = 7, .keep = 130,
		.descending = true, .rate = true,
		.text = text_closed, .rank = rank_closed,
	},
	[PCOL_QUEUE] = {
		.name = "queue", .alias = "recv-q,worst",
		.title = "QUEUE",
		.help = "its worst queue: connections waiting/limit of a "
			"listener, else the most bytes not yet read",
		.align = ALIGN_RIGHT, .min = 5, .norm = 7, .keep = 140,
		.descending = true, .text = text_queue, .rank = rank_queue,
	},
};

int pivot_column_find(const char *name, size_t len)
{
	for (int i = 0; i < PIVOT_COLUMN_COUNT; i++)
		if (i != PCOL_REST &&
		    (name_in_list(pivot_columns[i].name, name, len) ||
		     name_in_list(pivot_columns[i].alias, name, len)))
			return i;
	return -1;
}

bool pivot_column_useful(enum pivot_column_id id, enum group_id group)
{
	if (id == PCOL_PROCESS)
		return !groups[group].owners;
	return !groups[group].states ||
	       !(pivot_columns[id].states || id == PCOL_REST);
}

const char *pivot_column_title(char *title, enum pivot_column_id id,
			       const struct pivot *p, bool ascii)
{
	const struct pivot_column *col = &pivot_columns[id];

	snprintf(title, 24, "%s%s", col->rate && p->at_least && p->seconds ?
		 ascii ? ">=" : "≥" : "",
		 col->title ? col->title : groups[p->group].title);
	return title;
}

void pivot_column_text(const struct pivot_context *x, enum pivot_column_id id,
		       const struct group *g, struct buf *out)
{
	const struct pivot_column *col = &pivot_columns[id];
	size_t from = out->len;
	int64_t n;

	if (col->text) {
		col->text(x, g, out);
		if (x->c->ascii)
			format_ascii(out, from);
		return;
	}
	n = group_states(x, g, id == PCOL_REST ? x->rest : col->states);
	if (n < 0)
		buf_char(out, '-');
	else
		format_count(out, (uint64_t)n);
}

/* By process: its name before its number, as the owner column; those that have
 * none at the end. */
static bool owner_key(const struct pivot_context *x, const struct group *g,
		      uint64_t *key)
{
	const struct process *p = owners_get(x->p->owners, g->owner, 0);
	uint8_t bytes[2 * 8] = { 0 };
	const char *name;

	if (!p)
		return false;
	name = safe_str(p->name);
	memcpy(bytes, name, strnlen(name, sizeof(bytes)));
	key[0] = key_of_bytes(bytes, 8);
	key[1] = key_of_bytes(bytes + 8, 8);
	key[2] = (uint64_t)(uint32_t)p->pid << 32 | pivot_processes(x->p, g);
	return true;
}

static bool any_key(const struct pivot_context *x, enum pivot_column_id id,
		    const struct group *g, uint64_t *key)
{
	const struct pivot_column *col = &pivot_columns[id];
	int64_t n;

	if (col->rank) {
		key[0] = col->rank(x, g);
		return key[0] != KEY_UNKNOWN;
	}
	if (id == PCOL_PROCESS ||
	    (id == PCOL_GROUP && groups[x->p->group].owners))
		return owner_key(x, g, key);
	if (id == PCOL_GROUP) {
		memcpy(key, g->key.word, sizeof(g->key.word));
		return true;
	}
	n = group_states(x, g, id == PCOL_REST ? x->rest : col->states);
	key[0] = (uint64_t)n;
	return n >= 0;
}

void pivot_column_key(const struct pivot_context *x, enum pivot_column_id id,
		      bool reverse, const struct group *g, uint64_t *key)
{
	memset(key, 0, COLUMN_KEY_WORDS * sizeof(*key));
	if (!any_key(x, id, g, key)) {
		key[0] = KEY_UNKNOWN;
		return;
	}
	key_known(key, reverse);
}
