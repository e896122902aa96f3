/*
 * text.c - a sample as a table for people
 *
 * Every cell is printed twice: once to be measured, then to be shown.  That
 * is quicker than to keep them, and a million sockets take no memory.
 */
#include <string.h>

#include "base/text.h"
#include "out/formats.h"
#include "view/fit.h"

enum { GAP_WIDE = 2, GAP_NARROW = 1 };

/* A line being written; spaces wait until something follows them. */
struct line {
	struct buf *out;
	size_t spaces;
	int gap;
};

static int width_of(const struct buf *cell)
{
	for (size_t i = 0; i < cell->len; i++)
		if (cell->data[i] & 0x80)
			return utf8_width(cell->data);
	return (int)cell->len;
}

static void add_cell(struct line *l, const struct column *col, int width,
		     const struct buf *cell, bool ascii)
{
	int used = width_of(cell);
	size_t pad = used < width ? (size_t)(width - used) : 0;

	if (col->align == ALIGN_RIGHT)
		l->spaces += pad;
	buf_fill(l->out, ' ', l->spaces);
	if (used <= width)
		buf_add(l->out, cell->data, cell->len);
	else if (col->middle)
		text_fit_middle(l->out, cell->data, width, ascii);
	else
		text_fit(l->out, cell->data, width, col->align, ascii);
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

static void measure(const struct out_options *o, const struct view *v,
		    struct column_context *c, uint16_t *content)
{
	struct buf cell = { 0 };

	for (int j = 0; j < o->column_count; j++)
		content[j] = (uint16_t)(o->header ?
			utf8_width(columns[o->columns[j]].title) : 1);
	for (size_t i = 0; i < v->count; i++) {
		const struct sock *s = live_row(v, c, i);

		for (int j = 0; s && j < o->column_count; j++) {
			int width;

			buf_reset(&cell);
			column_text(c, o->columns[j], s, &cell);
			width = width_of(&cell);
			if (width > content[j])
				content[j] = (uint16_t)(width < UINT16_MAX ?
							width : UINT16_MAX);
		}
	}
	buf_free(&cell);
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
	struct buf title = { 0 };

	for (int j = 0; j < f->count; j++) {
		buf_reset(&title);
		buf_puts(&title, columns[f->id[j]].title);
		add_cell(l, &columns[f->id[j]], f->width[j], &title, true);
	}
	end_line(l);
	buf_free(&title);
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

void text_sample(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first)
{
	uint16_t content[COLUMN_COUNT];
	struct line l = { .out = out };
	struct buf cell = { 0 };
	struct fit f;

	text_heading(out, o, v, c->monitor, first);
	measure(o, v, c, content);
	l.gap = lay_out(&f, o, content);
	if (o->header)
		add_titles(&l, &f);
	for (size_t i = 0; i < v->count; i++) {
		const struct sock *s = live_row(v, c, i);

		if (!s)
			continue;
		for (int j = 0; j < f.count; j++) {
			buf_reset(&cell);
			column_text(c, f.id[j], s, &cell);
			add_cell(&l, &columns[f.id[j]], f.width[j], &cell,
				 o->ascii);
		}
		end_line(&l);
	}
	if (o->header)
		tell_left_out(out, o, &f);
	buf_free(&cell);
}
