#include "ui/dialog.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/menu.h"

enum { WIDTH_MAX = 78, INDENT = 2 };

void dialog_open(struct ui *ui, const struct dialog_kind *kind)
{
	ui->dialog = (struct dialog){ .kind = kind };
}

void dialog_leave(struct ui *ui)
{
	const struct dialog_kind *kind = ui->dialog.kind;

	ui->dialog.kind = NULL;
	if (kind && kind->left)
		kind->left(ui);
}

unsigned dialog_pick(struct ui *ui, long i)
{
	const struct dialog_kind *kind = ui->dialog.kind;

	if (!kind || i < 0 || i >= kind->count(ui)) {
		dialog_leave(ui);
		return UI_DRAW;
	}
	ui->dialog.kind = NULL;
	return UI_DRAW | kind->pick(ui, i);
}

void dialog_move(struct ui *ui, enum move m)
{
	struct dialog *d = &ui->dialog;
	long last = d->kind->count(ui) - 1;

	switch (m) {
	case MOVE_UP:
		d->cursor--;
		break;
	case MOVE_DOWN:
		d->cursor++;
		break;
	case MOVE_HOME:
		d->cursor = 0;
		break;
	case MOVE_END:
		d->cursor = last;
		break;
	default:
		/* a page is for what does not fit */
		d->paged = true;
		scroll_move(&d->scroll, m);
		return;
	}
	d->paged = false;
	if (d->cursor > last)
		d->cursor = last;
	if (d->cursor < 0)
		d->cursor = 0;
}

static void add_answers(struct ui *ui, struct page *p)
{
	struct dialog *d = &ui->dialog;
	long n = d->kind->count(ui);
	struct buf label = { 0 };

	for (long i = 0; i < n; i++) {
		int y = page_next(p);

		if (y < 0)
			continue;
		buf_reset(&label);
		d->kind->answer(ui, i, &label);
		canvas_put(p->c, p->r.x + INDENT, y, p->r.w - INDENT,
			   i == d->cursor ? STYLE_BOLD : STYLE_NORMAL,
			   buf_str(&label));
		if (i == d->cursor)
			canvas_select(p->c, p->r.x, y, p->r.w);
		ui_hit(ui, (struct rect){ p->r.x, y, p->r.w, 1 }, HIT_DIALOG,
		       i);
	}
	buf_free(&label);
}

/* All of it; returns the line of the answer under the cursor. */
static long add_all(struct ui *ui, struct page *p)
{
	struct dialog *d = &ui->dialog;
	long line;

	d->kind->text(ui, p);
	if (d->kind->count(ui))
		page_line(p, STYLE_NORMAL, "");
	line = p->line + d->cursor;
	add_answers(ui, p);
	if (d->kind->what && d->kind->count(ui)) {
		page_line(p, STYLE_NORMAL, "");
		d->kind->what(ui, d->cursor, p);
	}
	return line;
}

/* What lies below the answer is what one has to know of it; and what is above
 * the first one, of all. */
static void show_cursor(struct dialog *d, long line, long lines, int room)
{
	struct scroll *s = &d->scroll;

	if (d->paged)
		return;
	s->top = d->cursor && lines > room ? lines - room : 0;
	if (s->top > line)
		s->top = line;
	if (s->top + room <= line)
		s->top = line - room + 1;
}

static struct rect place(const struct ui *ui, const struct canvas *c,
			 long lines)
{
	/* the line above a prompt tells what is wrong with it */
	int bottom = c->height - 1 - (ui->prompt.kind != PROMPT_NONE);
	struct rect r = { .w = c->width - 4 < WIDTH_MAX ? c->width - 4 :
							  WIDTH_MAX };

	r.x = (c->width - r.w) / 2;
	r.h = lines + 2 < bottom ? (int)lines + 2 : bottom;
	r.y = (bottom - r.h) / 3;
	return r;
}

static void draw_foot(struct ui *ui, struct canvas *c, struct rect r)
{
	const struct dialog *d = &ui->dialog;
	bool more = d->scroll.count > d->scroll.page;
	int y = r.y + r.h - 1, room = r.w - 4 - (more ? 14 : 0);
	char text[80];

	if (ui->prompt.kind != PROMPT_NONE)
		return;
	snprintf(text, sizeof(text), " %s ", d->kind->foot ? d->kind->foot :
		 "Enter does it; Esc: nothing");
	canvas_put(c, r.x + 2, y, room, STYLE_NORMAL,
		   (int)strlen(text) > room ? " Esc: nothing " : text);
	if (more)
		canvas_put(c, r.x + r.w - 14, y, -1, STYLE_NORMAL,
			   " PgDn: more ");
}

/* The most lines that any of its answers has, so that nothing jumps when
 * another one is looked at. */
static long most_lines(struct ui *ui, struct canvas *c, int width)
{
	struct dialog *d = &ui->dialog;
	long n = d->kind->count(ui), cursor = d->cursor, most = 0;

	for (long i = 0; i < n || i == 0; i++) {
		struct scroll none = { .text = true };
		struct page p;

		d->cursor = i;
		page_begin(&p, c, (struct rect){ .w = width }, &none);
		add_all(ui, &p);
		if (page_end(&p) > most)
			most = p.line;
	}
	d->cursor = cursor;
	return most;
}

void dialog_draw(struct ui *ui, struct canvas *c)
{
	struct dialog *d = &ui->dialog;
	int width = c->width - 4 < WIDTH_MAX ? c->width - 8 : WIDTH_MAX - 4;
	struct scroll none = { .text = true };
	long n = d->kind->count(ui), line;
	struct rect r, inner;
	struct page p;
	char title[80];

	if (d->cursor >= n)
		d->cursor = n > 0 ? n - 1 : 0;
	r = place(ui, c, most_lines(ui, c, width));
	inner = (struct rect){ r.x + 2, r.y + 1, width, r.h - 2 };
	page_begin(&p, c, (struct rect){ .w = width }, &none);
	line = add_all(ui, &p);
	show_cursor(d, n ? line : 0, page_end(&p), inner.h);
	for (int y = r.y; y < r.y + r.h; y++)
		canvas_blank(c, r.x - 1, y, r.w + 2, STYLE_NORMAL);
	snprintf(title, sizeof(title), " %s ", d->kind->title);
	popup_frame(c, r, title);
	ui_hit(ui, r, HIT_DIALOG, -1);
	page_begin(&p, c, inner, &d->scroll);
	add_all(ui, &p);
	page_end(&p);
	draw_foot(ui, c, r);
}
