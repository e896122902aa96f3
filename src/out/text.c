/*
 * text.c - a sample as a table for people
 *
 * Every row is looked at once: its cells are printed one behind the other into
 * memory, where they are measured, and from there into the lines.  Sockets in
 * the order of a table come from all over memory, so that a second look costs
 * more than the cells do.
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

static int width_of(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] & 0x80)
			return utf8_width(text);
	return (int)len;
}

static void add_cell(struct line *l, const struct column *col, int width,
		     const char *text, size_t len, bool ascii)
{
	int used = width_of(text, len);
	size_t pad = used < width ? (size_t)(width - used) : 0;

	if (col->align == ALIGN_RIGHT)
		l->spaces += pad;
	buf_fill(l->out, ' ', l->spaces);
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

/*
 * Appends one cell to those before it: its length, its text, a NUL.  Memory
 * that is touched for the first time is dear, so no more is kept.
 */
static void print_cell(struct buf *cells, struct column_context *c, int id,
		       const struct sock *s, uint16_t *content)
{
	const size_t at = cells->len;
	uint16_t len;			/* far less than 64 K */
	int width;

	buf_reserve(cells, sizeof(len));
	cells->len += sizeof(len);
	column_text(c, id, s, cells);
	len = (uint16_t)(cells->len - at - sizeof(len));
	memcpy(cells->data + at, &len, sizeof(len));
	width = width_of(cells->data + at + sizeof(len), len);
	if (width > *content)
		*content = (uint16_t)width;
	cells->len++;
}

/* Prints the cells of all columns of all rows; returns how many rows. */
static size_t print_rows(struct buf *cells, const struct out_options *o,
			 const struct view *v, struct column_context *c,
			 uint16_t *content)
{
	size_t rows = 0;

	for (int j = 0; j < o->column_count; j++)
		content[j] = (uint16_t)(o->header ?
			utf8_width(columns[o->columns[j]].title) : 1);
	for (size_t i = 0; i < v->count; i++) {
		const struct sock *s = live_row(v, c, i);

		if (!s)
			continue;
		rows++;
		for (int j = 0; j < o->column_count; j++)
			print_cell(cells, c, o->columns[j], s, &content[j]);
	}
	return rows;
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

		add_cell(l, col, f->width[j], col->title, strlen(col->title),
			 true);
	}
	end_line(l);
}

/* One line of a row's cells, of which those that fit stay; returns what
 * follows them. */
static const char *add_row(struct line *l, const struct out_options *o,
			   const struct fit *f, const char *at)
{
	for (int j = 0, k = 0; j < o->column_count; j++) {
		const char *text = at + sizeof(uint16_t);
		uint16_t len;

		memcpy(&len, at, sizeof(len));
		at = text + len + 1;
		if (k == f->count || f->id[k] != o->columns[j])
			continue;
		add_cell(l, &columns[f->id[k]], f->width[k], text, len,
			 o->ascii);
		k++;
	}
	end_line(l);
	return at;
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
	struct buf cells = { 0 };
	const char *at;
	struct fit f;
	size_t rows;

	text_heading(out, o, v->live, c->monitor, first);
	rows = print_rows(&cells, o, v, c, content);
	l.gap = lay_out(&f, o, content);
	if (o->header)
		add_titles(&l, &f);
	for (at = cells.data; rows; rows--) {
		at = add_row(&l, o, &f, at);
		out_row_done(out, o);
	}
	if (o->header)
		tell_left_out(out, o, &f);
	buf_free(&cells);
}
