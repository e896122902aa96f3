/*
 * text_line.c - counts and changes as lines for people
 */
#include "base/text.h"
#include "out/formats.h"
#include "view/changeline.h"
#include "view/format.h"

/* columns of a change's line */
enum {
	WHAT_AT		= 15,	/* after "12:03:06.1–4?" */
	ENDS_AT		= 44,	/* after "~ ESTABLISHED → CLOSE_WAIT" */
	LOCAL_WIDTH	= 21,	/* "255.255.255.255:65535" */
	OWNER_AT	= ENDS_AT + 2 * LOCAL_WIDTH + 5,
	DWELL_AT	= OWNER_AT + 20,
};

/* Goes on at that column of the line, two after what is there at least. */
static void pad_to(struct buf *out, size_t line, int column)
{
	int at = utf8_width(out->data + line);

	buf_fill(out, ' ', at + 2 < column ? (size_t)(column - at) : 2);
}

void text_heading(struct buf *out, const struct out_options *o, uint64_t shown,
		  const struct monitor *m, bool first)
{
	if (!o->repeated)
		return;
	if (!first)
		buf_char(out, '\n');
	format_rfc3339(out, out_time(m));
	buf_puts(out, "  ");
	buf_puts(out, m->host);
	buf_puts(out, "  ");
	if (o->filter) {
		format_count(out, shown);
		buf_puts(out, " of ");
	}
	format_count(out, table_counts(m->table)->total);
	buf_puts(out, " sockets");
	if (o->filter)
		buf_printf(out, "  filter: %s", o->filter);
	buf_char(out, '\n');
}

static void add_right(struct buf *out, const struct buf *text, size_t width)
{
	buf_fill(out, ' ', text->len < width ? width - text->len : 0);
	buf_add(out, text->data, text->len);
}

static void add_count(struct buf *out, const char *name, uint64_t n, bool known)
{
	struct buf text = { 0 };
	size_t line = out->len;

	if (known)
		format_count(&text, n);
	else
		buf_char(&text, '-');
	buf_puts(out, name);
	pad_to(out, line, 13);
	add_right(out, &text, 11);
	buf_char(out, '\n');
	buf_free(&text);
}

static void add_states(struct buf *out, const struct monitor *m,
		       const struct table_counts *n)
{
	for (size_t i = 0; i < state_order_count; i++) {
		unsigned state = state_order[i];

		add_count(out, state_info(state)->name, n->state[state],
			  view_state_known(m, state));
	}
	if (n->state[STATE_OTHER])
		add_count(out, OUT_OTHER_STATE, n->state[STATE_OTHER], true);
	add_count(out, "total", n->total, true);
}

/* the counters that tell of trouble */
static void add_counters(struct buf *out, const struct monitor *m)
{
	static const uint8_t worth[] = {
		HOST_LISTEN_OVERFLOWS, HOST_LISTEN_DROPS, HOST_REQ_QFULL_DROP,
		HOST_SYNCOOKIES_SENT, HOST_RETRANS_SEGS, HOST_ATTEMPT_FAILS,
		HOST_ESTAB_RESETS, HOST_OUT_RSTS, HOST_TIME_WAIT_OVERFLOW,
		HOST_ABORT_ON_MEMORY, HOST_TCP_ORPHAN,
	};
	struct buf text = { 0 };

	for (size_t i = 0; i < sizeof(worth); i++) {
		uint64_t n = host_value(&m->counters, worth[i]);
		size_t line = out->len;

		buf_reset(&text);
		if (n == U64_UNKNOWN)
			buf_char(&text, '-');
		else
			format_count(&text, n);
		buf_puts(out, host_values[worth[i]].name);
		pad_to(out, line, 13);
		add_right(out, &text,
			  line + 24 > out->len ? line + 24 - out->len : 0);
		buf_puts(out, "  ");
		buf_puts(out, host_values[worth[i]].help);
		buf_char(out, '\n');
	}
	buf_free(&text);
}

void text_summary(struct buf *out, const struct out_options *o,
		  const struct view *v, struct column_context *c, bool first)
{
	struct table_counts n;

	out_counts(&n, o, v, c);
	text_heading(out, o, n.total, c->monitor, first);
	if (o->filter && !o->repeated)
		buf_printf(out, "filter: %s\n", o->filter);
	if (o->header)
		buf_puts(out, "STATE            SOCKETS\n");
	add_states(out, c->monitor, &n);
	text_edges(out, o, c);
	if (c->monitor->counters.now.at == TIME_UNKNOWN)
		return;
	if (o->header)
		buf_puts(out, "\nCOUNTER (host)     VALUE\n");
	else
		buf_char(out, '\n');
	add_counters(out, c->monitor);
}

void text_change(struct buf *out, const struct out_options *o,
		 struct column_context *c, const struct change *ch)
{
	const struct monitor *m = c->monitor;
	size_t line = out->len;
	bool last;

	changeline_time(out, m, ch, o->ascii);
	pad_to(out, line, WHAT_AT);
	changeline_what(out, ch, o->ascii);
	pad_to(out, line, ENDS_AT);
	changeline_ends_aligned(out, c, ch, LOCAL_WIDTH, o->ascii);
	/* when nobody looks, "…" and "-" would be lies */
	if (m->status.owners_wanted ||
	    change_owner(m, ch, &last) >= OWNER_FIRST) {
		pad_to(out, line, OWNER_AT);
		changeline_owner(out, m, ch, o->ascii);
	}
	if (ch->dwell != TIME_UNKNOWN) {
		pad_to(out, line, DWELL_AT);
		changeline_dwell(out, ch, o->ascii);
	}
	buf_char(out, '\n');
}
