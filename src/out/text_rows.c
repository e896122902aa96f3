/*
 * text_rows.c - rows, by two threads
 *
 * Each prints pieces of some rows into a text of the piece's own; these are
 * written one after the other, then come the next ones in the same memory.
 */
#include "out/text_rows.h"

#include "base/share.h"

/* A line being written; spaces wait until something follows them. */
struct line {
	struct buf *out;
	size_t spaces;
	int gap;
};

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
	int used = text_width(text, len);
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

void text_titles(struct buf *out, const struct text_table *t)
{
	struct line l = { .out = out, .gap = t->gap };

	for (int j = 0; j < t->fit.count; j++) {
		const struct column *col = &columns[t->fit.id[j]];

		add_text(&l, col, t->fit.width[j], col->title,
			 strlen(col->title), true);
	}
	end_line(&l);
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
		l->spaces += (size_t)(width - text_width(l->out->data + at,
							 l->out->len - at));
}

/* what each piece has for itself */
struct printed {
	struct column_context context;
	struct buf text, scratch;
};

/* of TEXT_PIECE_ROWS, from that row on */
struct pieces {
	const struct text_table *table;
	size_t from;
	struct printed piece[TEXT_PIECES];
};

static void print_piece(void *arg, unsigned i)
{
	struct pieces *p = arg;
	struct printed *piece = &p->piece[i];
	const struct text_table *t = p->table;
	const struct view *v = t->view;
	const struct monitor *m = t->context->monitor;
	const struct fit *f = &t->fit;
	struct line l = { .out = &piece->text, .gap = t->gap };
	size_t row = p->from + (size_t)i * TEXT_PIECE_ROWS;
	size_t end = row + TEXT_PIECE_ROWS;

	for (; row < end && row < v->count; row++) {
		const struct sock *s = view_sock(v, m, row);

		view_soon(v, m, row + TEXT_SOON, 1);
		if (!s || !s->live)
			continue;
		for (int k = 0; k < f->count; k++)
			add_cell(&l, &piece->context, f->id[k], f->width[k],
				 t->whole[k], s, &piece->scratch);
		end_line(&l);
	}
}

void text_rows(struct buf *out, const struct text_table *t)
{
	const size_t rows = t->view->count;
	struct pieces p = { .table = t };

	for (unsigned i = 0; i < TEXT_PIECES; i++)
		p.piece[i].context = *t->context;
	for (; p.from < rows; p.from += TEXT_PIECES * TEXT_PIECE_ROWS) {
		share(text_pieces(rows - p.from), print_piece, &p);
		for (unsigned i = 0; i < TEXT_PIECES; i++)
			out_piece(out, t->options, &p.piece[i].text);
	}
	for (unsigned i = 0; i < TEXT_PIECES; i++) {
		buf_free(&p.piece[i].text);
		buf_free(&p.piece[i].scratch);
	}
}
