/*
 * text.c - a sample as a table for people
 *
 * Columns are as wide as what is in them, so rows are looked at twice: to
 * know how wide that is, which takes no text where a column can tell without
 * (column_width()), and to print them, straight into the output.  Nothing is
 * kept of a row: memory that is touched for the first time is what printing
 * cost most.
 */
#include <string.h>

#include "base/text.h"
#include "out/formats.h"
#include "view/fit.h"

enum {
	GAP_WIDE = 2, GAP_NARROW = 1,
	/* Sockets in the order of a view come from all over memory: so many
	 * rows ahead they are fetched. */
	SOON = 8,
};

/* A line being written; spaces wait until something follows them. */
struct line {
	struct buf *out;
	size_t spaces;
	int gap;
};

/* Nearly all is ASCII, which is seen eight bytes at a time. */
static int width_of(const char *text, size_t len)
{
	uint64_t word, all = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, text + i, sizeof(word));
		all |= word;
	}
	for (; i < len; i++)
		all |= (uint64_t)(unsigned char)text[i];
	return all & UINT64_C(0x8080808080808080) ? utf8_width(text) : (int)len;
}

static void add_spaces(struct line *l)
{
	enum { FEW = 16 };		/* stored at once */
	char *p = buf_reserve(l->out, l->spaces + FEW);

	memset(p, ' ', FEW);
	if (l->spaces > FEW)
		memset(p, ' ', l->spaces);
	l->out->len += l->spaces;
	l->spaces = 0;
}

static void add_text(struct line *l, const struct column *col, int width,
		     const char *text, size_t len, bool ascii)
{
	int used = width_of(text, len);
	size_t pad = used < width ? (size_t)(width - used) : 0;

	if (col->align == ALIGN_RIGHT)
		l->spaces += pad;
	add_spaces(l);
	if (used <= width)
		buf_add(l->out, text, len);
	else if (col->middle)
		text_fit_middle(l->out, text, width, ascii);
	else
		text_fit(l->out, text, width, col->align, ascii);
	l->spaces = (size_t)l->gap + (col->align == ALIGN_RIGHT ? 0 : pad);
}

static void end_line(struct line *l)
{
	/* where half a wide character was cut off there is a space */
	while (l->out->len && l->out->data[l->out->len - 1] == ' ')
		l->out->len--;
	buf_char(l->out, '\n');
	l->spaces = 0;
}

static const struct sock *live_row(const struct view *v,
				   const struct column_context *c, size_t i)
{
	const struct sock *s = view_sock(v, c->monitor, i);

	return s && s->live ? s : NULL;
}

/* Of the text of a cell. */
static int cell_width(struct column_context *c, int id, const struct sock *s,
		      struct buf *scratch)
{
	int width = column_width(c, id, s);

	if (width >= 0)
		return width;
	buf_reset(scratch);
	column_text(c, id, s, scratch);
	return width_of(scratch->data, scratch->len);
}

static void measure_row(uint16_t *content, const struct out_options *o,
			struct column_context *c, const struct sock *s,
			struct buf *scratch)
{
	if (!s || !s->live)
		return;
	for (int j = 0; j < o->column_count; j++) {
		int width = cell_width(c, o->columns[j], s, scratch);

		if (width > content[j])
			content[j] = (uint16_t)width;
	}
}

/* Then they can be looked at in the order of memory, which is quicker. */
static bool all_shown(const struct view *v, const struct column_context *c)
{
	return v->rows.live == table_counts_now(c->monitor->table)->total;
}

/* How wide is what is in the columns? */
static void measure(uint16_t *content, const struct out_options *o,
		    const struct view *v, struct column_context *c)
{
	const struct table *t = c->monitor->table;
	struct buf scratch = { 0 };

	for (int j = 0; j < o->column_count; j++)
		content[j] = (uint16_t)(o->header ?
			utf8_width(columns[o->columns[j]].title) : 1);
	if (all_shown(v, c)) {
		for (uint32_t i = 0; i < table_slots(t); i++)
			measure_row(content, o, c, table_slot(t, i), &scratch);
	} else {
		for (size_t i = 0; i < v->count; i++) {
			view_soon(v, c->monitor, i + SOON, 1);
			measure_row(content, o, c, view_sock(v, c->monitor, i),
				    &scratch);
		}
	}
	buf_free(&scratch);
}

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

static void add_titles(struct line *l, const struct fit *f)
{
	for (int j = 0; j < f->count; j++) {
		const struct column *col = &columns[f->id[j]];

		add_text(l, col, f->width[j], col->title, strlen(col->title),
			 true);
	}
	end_line(l);
}

/* Prints a cell where it belongs; whole: no cell of its column is wider than
 * the column. */
static void add_cell(struct line *l, struct column_context *c, int id,
		     int width, bool whole, const struct sock *s,
		     struct buf *scratch)
{
	const struct column *col = &columns[id];
	const bool right = col->align == ALIGN_RIGHT;
	int used = whole && right ? column_width(c, id, s) : -1;
	size_t at;

	if (!whole || (right && used < 0)) {
		buf_reset(scratch);
		column_text(c, id, s, scratch);
		add_text(l, col, width, scratch->data, scratch->len, c->ascii);
		return;
	}
	if (right)
		l->spaces += (size_t)(width - used);
	add_spaces(l);
	at = l->out->len;
	column_text(c, id, s, l->out);
	l->spaces = (size_t)l->gap;
	if (!right)
		l->spaces += (size_t)(width - width_of(l->out->data + at,
						       l->out->len - at));
}

static void add_rows(struct line *l, const struct out_options *o,
		     const struct view *v, struct column_context *c,
		     const struct fit *f, const bool *whole)
{
	struct buf scratch = { 0 };

	for (size_t i = 0; i < v->count; i++) {
		const struct sock *s = live_row(v, c, i);

		view_soon(v, c->monitor, i + SOON, 1);
		if (!s)
			continue;
		for (int k = 0; k < f->count; k++)
			add_cell(l, c, f->id[k], f->width[k], whole[k], s,
				 &scratch);
		end_line(l);
		out_row_done(l->out, o);
	}
	buf_free(&scratch);
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
	uint16_t content[COLUMN_COUNT] = { 0 };
	bool whole[COLUMN_COUNT] = { false };
	struct line l = { .out = out };
	struct fit f;

	if (view_grouped(v) != GROUP_NONE) {
		text_groups(out, o, v, c, first);
		return;
	}
	text_heading(out, o, v->rows.live, c->monitor, first);
	measure(content, o, v, c);
	l.gap = lay_out(&f, o, content);
	find_whole(whole, o, &f, content);
	if (o->header)
		add_titles(&l, &f);
	add_rows(&l, o, v, c, &f, whole);
	if (o->header)
		tell_left_out(out, o, &f);
}
