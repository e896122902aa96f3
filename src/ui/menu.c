/* menu.c - which column to sort by */
#include "ui/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void menu_open(struct ui *ui)
{
	ui->menu_open = true;
	ui->menu.text = false;
	ui->menu.count = COLUMN_COUNT;
	ui->menu.cursor = ui->view.sort;
	ui->menu.top = 0;
}

void menu_pick(struct ui *ui, long row)
{
	ui->menu_open = false;
	if (row >= 0 && row < COLUMN_COUNT)
		act_sort_by(ui, row);
}

static void draw_frame(struct canvas *c, struct rect r, const char *title)
{
	int y, right = r.x + r.w - 1, bottom = r.y + r.h - 1;

	for (y = r.y; y <= bottom; y++) {
		canvas_blank(c, r.x, y, r.w, STYLE_NORMAL);
		canvas_glyph(c, r.x, y, STYLE_RULE, GLYPH_SIDE);
		canvas_glyph(c, right, y, STYLE_RULE, GLYPH_SIDE);
	}
	canvas_fill(c, r.x, r.y, r.w, STYLE_RULE, GLYPH_RULE);
	canvas_fill(c, r.x, bottom, r.w, STYLE_RULE, GLYPH_RULE);
	canvas_glyph(c, r.x, r.y, STYLE_RULE, GLYPH_TOP_LEFT);
	canvas_glyph(c, right, r.y, STYLE_RULE, GLYPH_TOP_RIGHT);
	canvas_glyph(c, r.x, bottom, STYLE_RULE, GLYPH_BOTTOM_LEFT);
	canvas_glyph(c, right, bottom, STYLE_RULE, GLYPH_BOTTOM_RIGHT);
	canvas_put(c, r.x + 2, r.y, r.w - 4, STYLE_BOLD, title);
}

static void draw_entry(struct ui *ui, struct canvas *c, struct rect r, int y,
		       int id, int title_width)
{
	bool current = ui->view.sort == id;
	struct buf b = { 0 };

	if (current)
		canvas_glyph(c, r.x + 2, y, STYLE_BOLD, ui->view.reverse ?
			     GLYPH_DESCENDING : GLYPH_ASCENDING);
	canvas_put(c, r.x + 4, y, r.w - 5, current ? STYLE_BOLD : STYLE_KEY,
		   columns[id].title);
	if (r.w - title_width - 8 > 8) {
		text_fit(&b, columns[id].help, r.w - title_width - 8,
			 ALIGN_LEFT, ui->ascii);
		canvas_put(c, r.x + 6 + title_width, y, -1, STYLE_NORMAL,
			   buf_str(&b));
	}
	ui_hit(ui, (struct rect){ r.x, y, r.w, 1 }, HIT_MENU, id);
	buf_free(&b);
}

void menu_draw(struct ui *ui, struct canvas *c, struct rect area)
{
	struct scroll *s = &ui->menu;
	int title_width = 0, i, w;
	struct rect r = { .x = 2, .y = area.y };

	for (i = 0; i < COLUMN_COUNT; i++) {
		w = utf8_width(columns[i].title);
		title_width = w > title_width ? w : title_width;
	}
	/* down over the changes, if the list is low */
	r.h = c->height - 1 - r.y;
	r.h = r.h < COLUMN_COUNT + 2 ? r.h : COLUMN_COUNT + 2;
	r.w = c->width - 4 < 72 ? c->width - 4 : 72;
	s->count = COLUMN_COUNT;
	s->page = r.h - 2;
	scroll_clamp(s);
	/* rests of rows beside it would look like a part of it */
	for (i = r.y; i < r.y + r.h; i++)
		canvas_blank(c, 0, i, c->width - r.x - r.w < 12 ? c->width :
			     r.x + r.w + 2, STYLE_NORMAL);
	draw_frame(c, r, " Sort by ");
	ui_hit(ui, r, HIT_MENU, -1);
	for (i = 0; i < s->page && s->top + i < s->count; i++) {
		draw_entry(ui, c, r, r.y + 1 + i, s->top + i, title_width);
		if (s->top + i == s->cursor)
			canvas_select(c, r.x + 1, r.y + 1 + i, r.w - 2);
	}
	if (s->count > s->page) {
		buf_reset(&ui->text);
		buf_printf(&ui->text, " %ld of %ld ", s->cursor + 1, s->count);
		canvas_put(c, r.x + r.w - 2 - (int)ui->text.len,
			   r.y + r.h - 1, -1, STYLE_NORMAL,
			   buf_str(&ui->text));
	}
	canvas_put(c, r.x + 2, r.y + r.h - 1, r.w - 4, STYLE_NORMAL,
		   r.w < 60 ? " Esc closes " :
		   " Enter sorts, again reverses; Esc closes ");
}
