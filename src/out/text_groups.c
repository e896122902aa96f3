/* text_groups.c - groups as a table for people */
#include <string.h>

#include "base/text.h"
#include "out/formats.h"

enum { GAP_WIDE = 2, GAP_NARROW = 1 };

/* The widest text of each column, and the states that some group has. */
static unsigned measure(const struct out_options *o, const struct view *v,
			const struct pivot_context *x, uint16_t *content)
{
	const struct group *g;
	struct buf text = { 0 };
	unsigned used = 0;
	char title[24];

	for (int id = 0; id < PIVOT_COLUMN_COUNT; id++) {
		content[id] = o->header ? (uint16_t)utf8_width(
			pivot_column_title(title, id, x->p, o->ascii)) : 1;
		for (size_t i = 0; id != PCOL_REST &&
				   (g = view_group(v, i)); i++) {
			int w;

			buf_reset(&text);
			pivot_column_text(x, id, g, &text);
			w = utf8_width(buf_str(&text));
			if (content[id] < w)
				content[id] = (uint16_t)w;
			if (pivot_columns[id].states &&
			    group_states(x, g, pivot_columns[id].states) > 0)
				used |= pivot_columns[id].states;
		}
	}
	content[PCOL_REST] = content[PCOL_TOTAL];
	buf_free(&text);
	return used;
}

/* Returns the gap between columns. */
static int lay_out(struct fit *f, const struct out_options *o,
		   struct pivot_context *x, unsigned used,
		   const uint16_t *content)
{
	enum { ANY = 4096 };

	pivot_fit(f, x, used, content, ANY, GAP_WIDE);
	if (!o->width || f->total <= o->width)
		return GAP_WIDE;
	pivot_fit(f, x, used, content, o->width, GAP_NARROW);
	return GAP_NARROW;
}

static void add_cell(struct buf *out, const struct pivot *p,
		     const struct fit *f, int i, int gap, const char *text,
		     bool ascii)
{
	enum pivot_column_id id = f->id[i];
	bool middle = id == PCOL_GROUP && groups[p->group].middle;

	if (i)
		buf_fill(out, ' ', (size_t)gap);
	if (middle && utf8_width(text) > f->width[i])
		text_fit_middle(out, text, f->width[i], ascii);
	else
		text_fit(out, text, f->width[i], pivot_columns[id].align,
			 ascii);
}

static void end_line(struct buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

static void add_titles(struct buf *out, const struct out_options *o,
		       const struct pivot_context *x, const struct fit *f,
		       int gap)
{
	char title[24];

	for (int i = 0; i < f->count; i++)
		add_cell(out, x->p, f, i, gap,
			 pivot_column_title(title, f->id[i], x->p, o->ascii),
			 o->ascii);
	end_line(out);
}

/* What the rates are of. */
static void add_note(struct buf *out, const struct pivot *p)
{
	if (p->seconds)
		buf_printf(out, "(rates over %d s%s)\n", p->seconds,
			   p->at_least ? ", at least: seen between passes" :
					 "");
}

void text_groups(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first)
{
	struct pivot_context x = {
		.c = c, .p = &v->pivot, .no_process = !v->group_owners,
	};
	uint16_t content[PIVOT_COLUMN_COUNT];
	unsigned used = measure(o, v, &x, content);
	const struct group *g;
	struct buf text = { 0 };
	struct fit f;
	int gap;

	text_heading(out, o, v->rows.live, c->monitor, first);
	gap = lay_out(&f, o, &x, used, content);
	if (o->header)
		add_titles(out, o, &x, &f, gap);
	for (size_t i = 0; (g = view_group(v, i)); i++) {
		for (int k = 0; k < f.count; k++) {
			buf_reset(&text);
			pivot_column_text(&x, f.id[k], g, &text);
			add_cell(out, x.p, &f, k, gap, buf_str(&text),
				 o->ascii);
		}
		end_line(out);
		out_row_done(out, o);
	}
	if (o->header)
		add_note(out, &v->pivot);
	buf_free(&text);
}
