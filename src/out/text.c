/*
 * text.c - a sample as a table for people
 *
 * Columns are as wide as what is in them, so rows are looked at twice: to
 * know how wide that is, which takes no text where a column can tell without
 * (column_width()), and to print them (text_rows.c).  Nothing is kept of a row:
 * memory that is touched for the first time is what printing cost most.  Two
 * threads do each, as the sockets stand still meanwhile.
 */
#include "base/share.h"
#include "out/text_rows.h"

enum { GAP_WIDE = 2, GAP_NARROW = 1 };

/* ---- how wide is what is in the columns? ---- */

/* what each piece of it finds */
struct widest {
	struct column_context context;
	struct buf scratch;
	uint16_t content[COLUMN_COUNT];
};

struct measuring {
	const struct out_options *options;
	const struct view *view;
	const struct table *table;
	bool slots;		/* in the order of memory, which is quicker, as
				   all that live are shown; else rows */
	size_t count;
	unsigned pieces;
	struct widest widest[TEXT_PIECES];
};

/* Of the text of a cell. */
static int cell_width(struct widest *w, int id, const struct sock *s)
{
	int width = column_width(&w->context, id, s);

	if (width >= 0)
		return width;
	buf_reset(&w->scratch);
	column_text(&w->context, id, s, &w->scratch);
	return text_width(w->scratch.data, w->scratch.len);
}

static void measure_row(struct widest *w, const struct out_options *o,
			const struct sock *s)
{
	if (!s || !s->live)
		return;
	for (int j = 0; j < o->column_count; j++) {
		int width = cell_width(w, o->columns[j], s);

		if (width > w->content[j])
			w->content[j] = (uint16_t)width;
	}
}

static void measure_piece(void *arg, unsigned i)
{
	struct measuring *m = arg;
	struct widest *w = &m->widest[i];
	const struct view *v = m->view;
	const struct monitor *monitor = w->context.monitor;
	size_t at = share_from(m->count, m->pieces, i);
	size_t end = share_from(m->count, m->pieces, i + 1);

	for (; at < end; at++) {
		if (m->slots) {
			measure_row(w, m->options,
				    table_slot(m->table, (uint32_t)at));
			continue;
		}
		view_soon(v, monitor, at + TEXT_SOON, 1);
		measure_row(w, m->options, view_sock(v, monitor, at));
	}
}

static void measure(uint16_t *content, const struct out_options *o,
		    const struct view *v, const struct column_context *c)
{
	const struct table *t = c->monitor->table;
	struct measuring m = {
		.options = o, .view = v, .table = t,
		.slots = v->rows.live == table_counts_now(t)->total,
	};

	for (int j = 0; j < o->column_count; j++)
		content[j] = (uint16_t)(o->header ?
			utf8_width(columns[o->columns[j]].title) : 1);
	m.count = m.slots ? table_slots(t) : v->count;
	m.pieces = text_pieces(m.count);
	for (unsigned i = 0; i < m.pieces; i++)
		m.widest[i].context = *c;
	share(m.pieces, measure_piece, &m);
	for (unsigned i = 0; i < m.pieces; i++) {
		for (int j = 0; j < o->column_count; j++)
			if (m.widest[i].content[j] > content[j])
				content[j] = m.widest[i].content[j];
		buf_free(&m.widest[i].scratch);
	}
}

/* ---- the columns ---- */

/* Every column, as wide as what is in it. */
static void take_all(struct fit *f, const struct out_options *o,
		     const uint16_t *content)
{
	f->count = o->column_count;
	for (int j = 0; j < o->column_count; j++) {
		f->id[j] = o->columns[j];
		f->width[j] = content[j];
	}
}

/*
 * Returns the gap.  Columns that were asked for by name never leave: then
 * the lines are longer than the terminal.
 */
static int lay_out(struct fit *f, const struct out_options *o,
		   const uint16_t *content)
{
	int need = GAP_WIDE * (o->column_count - 1);
	int gap = GAP_WIDE;

	for (int j = 0; j < o->column_count; j++)
		need += content[j];
	if (!o->width || need <= o->width) {
		take_all(f, o, content);
		return gap;
	}
	gap = GAP_NARROW;
	fit_columns(f, o->columns, content, o->column_count, o->width, gap);
	if (o->columns_chosen && f->count < o->column_count) {
		take_all(f, o, content);
		gap = GAP_WIDE;
	}
	return gap;
}

/* Nothing is hidden silently. */
static void tell_left_out(struct buf *out, const struct out_options *o,
			  const struct fit *f)
{
	const char *before = "(no room for ";

	for (int j = 0; j < o->column_count; j++) {
		bool shown = false;

		for (int k = 0; k < f->count; k++)
			shown |= f->id[k] == o->columns[j];
		if (shown)
			continue;
		buf_puts(out, before);
		buf_puts(out, columns[o->columns[j]].title);
		before = ", ";
	}
	if (f->count < o->column_count)
		buf_puts(out, ")\n");
}

/* Which of the columns that stay are as wide as what is in them? */
static void find_whole(bool *whole, const struct out_options *o,
		       const struct fit *f, const uint16_t *content)
{
	for (int j = 0, k = 0; j < o->column_count && k < f->count; j++)
		if (o->columns[j] == f->id[k]) {
			whole[k] = content[j] <= f->width[k];
			k++;
		}
}

void text_sample(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first)
{
	struct text_table t = { .options = o, .view = v, .context = c };
	uint16_t content[COLUMN_COUNT] = { 0 };

	if (view_grouped(v) != GROUP_NONE) {
		text_groups(out, o, v, c, first);
		return;
	}
	text_heading(out, o, v->rows.live, c->monitor, first);
	measure(content, o, v, c);
	t.gap = lay_out(&t.fit, o, content);
	find_whole(t.whole, o, &t.fit, content);
	if (o->header)
		text_titles(out, &t);
	text_rows(out, &t);
	if (o->header)
		tell_left_out(out, o, &t.fit);
}
