#include "out/out.h"

#include <string.h>

#include "out/formats.h"

const struct out_format out_formats[] = {
	{
		.name = "text",
		.help = "a table for people, as wide as the terminal",
		.sample = text_sample,
		.summary = text_summary,
		.change = text_change,
		.findings = text_findings,
	},
	{
		.name = "json",
#ifdef HAVE_JSON_C
		.help = "one object a line, keys as in --columns help",
		.counts = true,
		.sample = json_sample,
		.summary = json_summary,
		.change = json_change,
		.findings = json_findings,
#else
		.help = "not in this build: it was made without json-c",
#endif
	},
	{
		.name = "csv",
		.help = "RFC 4180, with one line of names, which are JSON's",
		.begin = csv_begin,
		.sample = csv_sample,
		.summary = csv_summary,
		.change = csv_change,
	},
};
const int out_format_count = sizeof(out_formats) / sizeof(out_formats[0]);

const struct out_format *out_format_find(const char *name)
{
	for (int i = 0; i < out_format_count; i++)
		if (strcmp(out_formats[i].name, name) == 0)
			return &out_formats[i];
	return NULL;
}

void out_partial(struct buf *out, const struct monitor *m)
{
	const struct status *st = &m->status;
	size_t from = out->len;

	buf_puts(out, st->partial);
	if (!st->hidden_sockets)
		return;
	if (out->len > from)
		buf_puts(out, "; ");
	buf_printf(out, "owners of %u socket%s hidden", st->hidden_sockets,
		   st->hidden_sockets == 1 ? "" : "s");
}

enum { PIECE = 64 << 10 };	/* what a pipe takes at once */

void out_row_done(struct buf *out, const struct out_options *o)
{
	if (o->drain && out->len >= PIECE)
		o->drain(o->drain_arg, out);
}

void out_piece(struct buf *out, const struct out_options *o, struct buf *piece)
{
	if (!piece->len)
		return;
	if (o->drain) {
		if (out->len)
			o->drain(o->drain_arg, out);
		o->drain(o->drain_arg, piece);
	} else {
		buf_add(out, piece->data, piece->len);
		buf_reset(piece);
	}
}

int64_t out_time(const struct monitor *m)
{
	if (m->status.pass_at == TIME_UNKNOWN)
		return clock_wall(m->clock);
	return m->status.pass_wall;
}

void out_counts(struct table_counts *n, const struct out_options *o,
		const struct view *v, struct column_context *c)
{
	const struct table *t = c->monitor->table;

	if (!o->filter) {
		*n = *table_counts(t);
		return;
	}
	*n = (struct table_counts){ 0 };
	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		if (!s || !s->live || !view_match(v, c, s))
			continue;
		n->state[state_slot(s->row.state)]++;
		n->total++;
	}
}

int out_fields(const struct out_options *o, bool all, uint8_t *ids)
{
	bool has[COLUMN_COUNT] = { false };
	int wanted = all ? COLUMN_COUNT : o->column_count;
	int count = 0;

	for (int i = 0; i < wanted; i++) {
		int id = all ? i : o->columns[i];

		/* the owners' numbers stand beside their names */
		if (all && id == COL_PID)
			continue;
		for (;;) {
			if (!has[id])
				ids[count++] = (uint8_t)id;
			has[id] = true;
			if (id == COL_LOCAL)
				id = COL_LOCAL_PORT;
			else if (id == COL_REMOTE)
				id = COL_REMOTE_PORT;
			else
				break;
		}
	}
	return count;
}
