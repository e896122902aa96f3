/*
 * csv.c - samples, counts and changes with commas, as RFC 4180 quotes them
 *
 * Lines end in LF, as all text here does.  What is unknown is an empty field.
 */
#include <string.h>

#include "out/csv.h"
#include "view/changeline.h"
#include "view/format.h"

void csv_text(struct buf *out, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		buf_puts(out, text);
		return;
	}
	buf_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	buf_char(out, '"');
}

void csv_owners(struct buf *out, const struct owners *o, uint32_t set,
		bool last)
{
	struct buf text = { 0 };
	const struct process *p;

	if (last)
		buf_char(&text, '(');
	for (size_t i = 0; (p = owners_get(o, set, i)); i++) {
		if (i)
			buf_char(&text, ';');
		buf_puts(&text, safe_str(p->name));
		buf_char(&text, '[');
		buf_uint(&text, (uint64_t)p->pid);
		buf_char(&text, ']');
	}
	if (last)
		buf_char(&text, ')');
	csv_text(out, buf_str(&text));
	buf_free(&text);
}

static void add_ms(struct buf *out, int64_t ns)
{
	buf_uint(out, ns < 0 ? 0 : (uint64_t)(ns / NS_PER_MS));
}

static void add_value(struct buf *out, struct column_context *c,
		      enum column_id id, const struct sock *s)
{
	struct value v = columns[id].get(c, s);

	switch ((enum value_kind)v.kind) {
	case VALUE_UINT:
		buf_uint(out, v.uint);
		break;
	case VALUE_DURATION:
		add_ms(out, v.ns);
		break;
	case VALUE_TEXT:
		csv_text(out, v.text);
		break;
	case VALUE_ADDR:
		out->len += addr_print(buf_reserve(out, ADDR_TEXT_MAX),
				       v.family, v.addr);
		break;
	case VALUE_OWNERS:
		csv_owners(out, c->monitor->owners, v.owner, s->owner_last);
		break;
	case VALUE_NONE:
		break;
	}
	if (!columns[id].json_bound)
		return;
	buf_puts(out, v.kind != VALUE_NONE &&
		      v.certainty == CERTAIN_AT_LEAST ? ",true" : ",");
}

static void add_names(struct buf *out, const struct out_options *o)
{
	uint8_t ids[COLUMN_COUNT];
	int count = out_fields(o, false, ids);

	if (o->repeated)
		buf_puts(out, "time,");
	for (int i = 0; i < count; i++) {
		if (i)
			buf_char(out, ',');
		buf_puts(out, columns[ids[i]].json);
		if (!columns[ids[i]].json_bound)
			continue;
		buf_char(out, ',');
		buf_puts(out, columns[ids[i]].json_bound);
	}
	buf_char(out, '\n');
}

void csv_time(struct buf *out, const struct out_options *o,
	      const struct monitor *m)
{
	if (!o->repeated)
		return;
	format_rfc3339(out, out_time(m));
	buf_char(out, ',');
}

void csv_sample(struct buf *out, const struct out_options *o,
		const struct view *v, struct column_context *c, bool first)
{
	uint8_t ids[COLUMN_COUNT];
	int count = out_fields(o, false, ids);

	(void)first;
	if (view_grouped(v) != GROUP_NONE) {
		csv_groups(out, o, v, c);
		return;
	}
	for (size_t i = 0; i < v->count; i++) {
		const struct sock *s = view_sock(v, c->monitor, i);

		if (!s || !s->live)
			continue;
		csv_time(out, o, c->monitor);
		for (int j = 0; j < count; j++) {
			if (j)
				buf_char(out, ',');
			add_value(out, c, ids[j], s);
		}
		buf_char(out, '\n');
		out_row_done(out, o);
	}
}

static void add_count(struct buf *out, const struct out_options *o,
		      const struct monitor *m, const char *name, uint32_t n,
		      bool known)
{
	csv_time(out, o, m);
	buf_puts(out, name);
	buf_char(out, ',');
	if (known)
		buf_uint(out, n);
	buf_char(out, '\n');
}

void csv_summary(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first)
{
	const struct monitor *m = c->monitor;
	struct table_counts n;

	out_counts(&n, o, v, c);
	(void)first;
	for (size_t i = 0; i < state_order_count; i++) {
		unsigned state = state_order[i];

		add_count(out, o, m, state_info(state)->name, n.state[state],
			  view_state_known(m, state));
	}
	if (n.state[STATE_OTHER])
		add_count(out, o, m, OUT_OTHER_STATE, n.state[STATE_OTHER],
			  true);
}

void csv_begin(struct buf *out, const struct out_options *o,
	       enum out_what what)
{
	if (!o->header)
		return;
	if (what == OUT_SAMPLES && o->group != GROUP_NONE)
		csv_groups_begin(out, o);
	else if (what == OUT_SAMPLES)
		add_names(out, o);
	else if (what == OUT_SUMMARIES)
		buf_puts(out, o->repeated ? "time,state,count\n" :
					    "state,count\n");
	else
		buf_puts(out, "time,after,change,from,to,local,local_port,"
			 "remote,remote_port,direction,cookie,certainty,"
			 "origin,dwell_ms,dwell_bound,bytes_sent,bytes_received,rtt_us,"
			 "owner\n");
}

static void add_state(struct buf *out, unsigned state)
{
	char text[STATE_TEXT_MAX];

	if (state != STATE_NONE)
		buf_puts(out, state_text(text, state));
	buf_char(out, ',');
}

/* The columns that make out which socket it is; they ask a socket. */
static void add_socket(struct buf *out, struct column_context *c,
		       const struct change *ch)
{
	static const uint8_t ids[] = {
		COL_LOCAL, COL_LOCAL_PORT, COL_REMOTE, COL_REMOTE_PORT,
		COL_DIRECTION, COL_COOKIE,
	};
	const struct sock s = {
		.row = { .id = ch->id, .cookie = ch->cookie },
		.direction = ch->direction,
	};

	for (size_t i = 0; i < sizeof(ids); i++) {
		add_value(out, c, ids[i], &s);
		buf_char(out, ',');
	}
}

static void add_bound(struct buf *out, const struct change *ch)
{
	if (ch->dwell != TIME_UNKNOWN &&
	    (ch->dwell_certainty == CERTAIN_AT_LEAST ||
	     ch->dwell_certainty == CERTAIN_AT_MOST))
		buf_puts(out, certainty_name[ch->dwell_certainty]);
	buf_char(out, ',');
}

static void add_known(struct buf *out, uint64_t n, uint64_t unknown)
{
	if (n != unknown)
		buf_uint(out, n);
	buf_char(out, ',');
}

void csv_change(struct buf *out, const struct out_options *o,
		struct column_context *c, const struct change *ch)
{
	uint32_t set;
	bool last;

	(void)o;
	format_rfc3339(out, ch->wall);
	buf_char(out, ',');
	if (ch->after != TIME_UNKNOWN && ch->after < ch->at)
		format_rfc3339(out, ch->wall - (ch->at - ch->after));
	buf_char(out, ',');
	buf_puts(out, change_kind_name[ch->kind]);
	buf_char(out, ',');
	add_state(out, ch->from);
	add_state(out, ch->to);
	add_socket(out, c, ch);
	buf_puts(out, certainty_name[ch->certainty]);
	buf_char(out, ',');
	buf_puts(out, origin_name[ch->origin]);
	buf_char(out, ',');
	if (ch->dwell != TIME_UNKNOWN)
		add_ms(out, ch->dwell);
	buf_char(out, ',');
	add_bound(out, ch);
	add_known(out, ch->bytes_sent, U64_UNKNOWN);
	add_known(out, ch->bytes_received, U64_UNKNOWN);
	add_known(out, ch->rtt_us ? ch->rtt_us : U32_UNKNOWN, U32_UNKNOWN);
	set = change_owner(c->monitor, ch, &last);
	csv_owners(out, c->monitor->owners, set, last);
	buf_char(out, '\n');
}
