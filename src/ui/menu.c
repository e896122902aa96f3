#include "ui/menu.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/keys.h"

enum {
	WIDTH_MAX = 76,
	LEFT = 4,		/* frame, blank, sign, blank */
	LETTER = 2,
	GAP = 2,
	HEIGHT_WANTED = 13,
	HELP_MIN = 9,		/* less of a help says nothing */
};

struct widths {
	int text, help;		/* of the widest */
	int letter;		/* LETTER if some entry has one */
	bool cut;		/* some help has no room beside its text */
};

static void get_entry(struct ui *ui, long i, struct menu_entry *e)
{
	memset(e, 0, sizeof(*e));
	ui->menu.kind->entry(ui, i, e);
	if (!e->help)
		e->help = "";
}

void menu_open(struct ui *ui, const struct menu_kind *kind, long cursor)
{
	ui->menu.kind = kind;
	ui->menu.scroll = (struct scroll){
		.count = kind->count(ui), .cursor = cursor,
	};
}

void menu_close(struct ui *ui)
{
	ui->menu.kind = NULL;
}

unsigned menu_pick(struct ui *ui, long row)
{
	const struct menu_kind *kind = ui->menu.kind;

	menu_close(ui);
	if (!kind || row < 0 || row >= kind->count(ui))
		return UI_DRAW;
	return UI_DRAW | kind->pick(ui, row);
}

bool menu_letter(struct ui *ui, int key, unsigned *effects)
{
	long n = ui->menu.kind->count(ui);
	struct menu_entry e;

	for (long i = 0; i < n; i++) {
		get_entry(ui, i, &e);
		if (!e.letter || e.letter != key)
			continue;
		*effects = menu_pick(ui, i);
		return true;
	}
	return false;
}

bool menu_letters_free(struct ui *ui, const struct menu_kind *kind)
{
	bool used[128] = { false };
	struct menu_entry e;

	for (long i = 0; i < kind->count(ui); i++) {
		memset(&e, 0, sizeof(e));
		kind->entry(ui, i, &e);
		if (!e.letter)
			continue;
		if (e.letter <= ' ' || used[(int)e.letter] ||
		    action_of_key(e.letter, PANE_MENU))
			return false;
		used[(int)e.letter] = true;
	}
	return true;
}

void popup_frame(struct canvas *c, struct rect r, const char *title)
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
		       long i, const struct widths *w)
{
	int x = r.x + LEFT, room = r.x + r.w - 2 - x;
	struct buf b = { 0 };
	struct menu_entry e;
	char letter[2];

	get_entry(ui, i, &e);
	letter[0] = e.letter;
	letter[1] = '\0';
	if (e.current)
		canvas_glyph(c, r.x + 2, y, STYLE_BOLD, e.sign);
	if (e.letter)
		canvas_put(c, x, y, 1, STYLE_KEY, letter);
	x += w->letter;
	room -= w->letter;
	text_fit(&b, e.text, w->text < room ? w->text : room, ALIGN_LEFT,
		 ui->ascii);
	canvas_put(c, x, y, -1, e.current ? STYLE_BOLD : w->letter ?
		   STYLE_NORMAL : STYLE_KEY, buf_str(&b));
	x += w->text + GAP;
	room -= w->text + GAP;
	if (room >= HELP_MIN && *e.help) {
		buf_reset(&b);
		text_fit(&b, e.help, room, ALIGN_LEFT, ui->ascii);
		canvas_put(c, x, y, -1, STYLE_NORMAL, buf_str(&b));
	}
	ui_hit(ui, (struct rect){ r.x, y, r.w, 1 }, HIT_MENU, i);
	buf_free(&b);
}

static void measure(struct ui *ui, struct widths *w)
{
	long n = ui->menu.kind->count(ui);
	struct menu_entry e;

	*w = (struct widths){ 0 };
	for (long i = 0; i < n; i++) {
		get_entry(ui, i, &e);
		if (utf8_width(e.text) > w->text)
			w->text = utf8_width(e.text);
		if (utf8_width(e.help) > w->help)
			w->help = utf8_width(e.help);
		if (e.letter)
			w->letter = LETTER;
	}
}

static struct rect place(struct ui *ui, const struct canvas *c, int top,
			 struct widths *w)
{
	struct rect r = { .x = 2, .y = top };
	int most = c->width - 4 < WIDTH_MAX ? c->width - 4 : WIDTH_MAX;
	int foot = utf8_width(ui->menu.kind->foot) + 20;
	long n = ui->menu.kind->count(ui), low;

	r.w = LEFT + w->letter + w->text + 2;
	if (w->help)
		r.w += GAP + w->help;
	if (r.w < foot)
		r.w = foot;
	w->cut = r.w > most;
	if (r.w > most)
		r.w = most;
	/* a line for the help that was cut, with a rule above it */
	n += 2 + (w->cut ? 2 : 0);
	/* down over the changes; up over the counters only if it must */
	low = c->height - 1 - (n < HEIGHT_WANTED ? n : HEIGHT_WANTED);
	if (r.y > low)
		r.y = low > 1 ? (int)low : 1;
	r.h = c->height - 1 - r.y;
	r.h = r.h < n ? r.h : (int)n;
	return r;
}

/* The whole help of the entry under the cursor, on the last line inside. */
static void draw_help(struct ui *ui, struct canvas *c, struct rect r)
{
	struct buf b = { 0 };
	struct menu_entry e;
	int y = r.y + r.h - 2;

	get_entry(ui, ui->menu.scroll.cursor, &e);
	canvas_fill(c, r.x + 1, y - 1, r.w - 2, STYLE_RULE, GLYPH_RULE);
	text_fit(&b, e.help, r.w - 4, ALIGN_LEFT, ui->ascii);
	canvas_put(c, r.x + 2, y, r.w - 4, STYLE_NORMAL, buf_str(&b));
	buf_free(&b);
}

static void draw_foot(struct ui *ui, struct canvas *c, struct rect r)
{
	const struct scroll *s = &ui->menu.scroll;
	int y = r.y + r.h - 1, room = r.w - 4;

	buf_reset(&ui->text);
	if (s->count > s->page) {
		buf_printf(&ui->text, " %ld of %ld ", s->cursor + 1, s->count);
		room -= (int)ui->text.len;
		canvas_put(c, r.x + 2 + room, y, -1, STYLE_NORMAL,
			   buf_str(&ui->text));
	}
	buf_reset(&ui->text);
	buf_printf(&ui->text, " %s; Esc closes ", ui->menu.kind->foot);
	canvas_put(c, r.x + 2, y, room, STYLE_NORMAL,
		   utf8_width(buf_str(&ui->text)) > room ? " Esc closes " :
		   buf_str(&ui->text));
}

void menu_draw(struct ui *ui, struct canvas *c, struct rect area)
{
	struct scroll *s = &ui->menu.scroll;
	struct widths w;
	struct rect r;
	char title[80];
	int i;

	measure(ui, &w);
	r = place(ui, c, area.y, &w);
	s->count = ui->menu.kind->count(ui);
	w.cut = w.cut && r.h > 6;
	s->page = r.h - 2 - (w.cut ? 2 : 0);
	scroll_clamp(s);
	/* rests of rows beside it would look like a part of it */
	for (i = r.y; i < r.y + r.h; i++)
		canvas_blank(c, 0, i, c->width - r.x - r.w < 12 ? c->width :
			     r.x + r.w + 2, STYLE_NORMAL);
	snprintf(title, sizeof(title), " %s ", ui->menu.kind->title);
	popup_frame(c, r, title);
	ui_hit(ui, r, HIT_MENU, -1);
	for (i = 0; i < s->page && s->top + i < s->count; i++) {
		draw_entry(ui, c, r, r.y + 1 + i, s->top + i, &w);
		if (s->top + i == s->cursor)
			canvas_select(c, r.x + 1, r.y + 1 + i, r.w - 2);
	}
	if (w.cut)
		draw_help(ui, c, r);
	draw_foot(ui, c, r);
}
