/* setup_draw.c - the setup screen as it is drawn */
#include "ui/setup.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/theme.h"

/* Two parts beside each other need that many columns, the list above them and
 * the parts that many rows. */
enum { WIDTH_BOTH = 72, LIST_ROWS = 6, PART_ROWS = 7 };
/* columns: the star, a name; help beside it needs that many */
enum { MARK = 2, NAME = 16, HELP = 40 };

int setup_height(const struct ui *ui, int rest)
{
	int want = settings_count + 4;	/* rule, title, help */
	int spare = rest - 1 - LIST_ROWS;

	(void)ui;
	if (spare < PART_ROWS)
		return rest;
	return spare < want ? spare : want;
}

static const char ways_out[] = " F2 saves, Esc leaves it as it was ";

static void rule(struct ui *ui, struct canvas *c, int y)
{
	struct buf b = { 0 }, cut = { 0 };
	int w;

	buf_printf(&b, "setup %s %s", glyph(GLYPH_DOT, ui->ascii),
		   ui->config_name);
	text_fit_middle(&cut, b.data, utf8_width(b.data) < c->width - 8 ?
			utf8_width(b.data) : c->width - 8, ui->ascii);
	canvas_fill(c, 0, y, c->width, STYLE_RULE, GLYPH_RULE);
	canvas_put(c, 2, y, 1, STYLE_NORMAL, " ");
	w = canvas_put(c, 3, y, -1, STYLE_BOLD, buf_str(&cut));
	canvas_put(c, 3 + w, y, 1, STYLE_NORMAL, " ");
	if (c->width - w - (int)sizeof(ways_out) > 8)
		canvas_put(c, c->width - 1 - (int)sizeof(ways_out), y, -1,
			   STYLE_NORMAL, ways_out);
	buf_free(&b);
	buf_free(&cut);
}

/* text in that many columns of row y, right-aligned or not */
static void put(struct ui *ui, struct canvas *c, int x, int y, int w,
		enum style style, const char *text, enum text_align align)
{
	struct buf b = { 0 };

	if (w > 0) {
		text_fit(&b, text, w, align, ui->ascii);
		canvas_put(c, x, y, w, style, buf_str(&b));
	}
	buf_free(&b);
}

static bool column_is_kept(const struct ui *ui, int id)
{
	const struct settings *now = &ui->setup.now, *kept = &ui->kept;
	const uint8_t *a = memchr(now->columns, id, now->column_count);
	const uint8_t *b = memchr(kept->columns, id, kept->column_count);

	return now->width[id] == kept->width[id] && !a == !b &&
	       (!a || a - now->columns == b - kept->columns);
}

static void draw_column(struct ui *ui, struct canvas *c, struct rect r, long i)
{
	int id = ui->setup.order[i];
	bool has = setup_has_column(ui, id);
	unsigned width = ui->setup.now.width[id];
	char box[4] = "[ ]", number[16];
	int x = r.x + MARK, help = x + 4 + NAME + 6;

	if (has)
		box[1] = 'x';
	if (!column_is_kept(ui, id))
		canvas_put(c, r.x, r.y, 1, STYLE_CHANGED, "*");
	put(ui, c, x, r.y, 3, has ? STYLE_BOLD : STYLE_DIM, box, ALIGN_LEFT);
	put(ui, c, x + 4, r.y, NAME - 1, has ? STYLE_BOLD : STYLE_NORMAL,
	    columns[id].name, ALIGN_LEFT);
	snprintf(number, sizeof(number), "%u", width);
	put(ui, c, x + 4 + NAME, r.y, 4, width ? STYLE_BOLD : STYLE_DIM,
	    width ? number : "auto", ALIGN_RIGHT);
	if (r.x + r.w - help >= HELP)
		put(ui, c, help, r.y, r.x + r.w - help, STYLE_DIM,
		    columns[id].help, ALIGN_LEFT);
}

static void value_text(const struct ui *ui, const struct setting *s,
		       struct buf *out)
{
	setting_print(s, &ui->setup.now, out);
	if (!out->len)
		buf_puts(out, "(none)");
	if (ui->no_color && s->offset == offsetof(struct settings, theme))
		buf_puts(out, " (NO_COLOR: mono)");
}

static void draw_setting(struct ui *ui, struct canvas *c, struct rect r, long i)
{
	const struct setting *s = setup_setting(i);
	bool here = ui->setup.in_settings && ui->setup.settings.cursor == i;
	int x = r.x + MARK, value = x + 11, help = value + 18;
	struct buf b = { 0 };
	bool long_value;

	if (!s)
		return;
	if (!setting_same(s, &ui->setup.now, &ui->kept))
		canvas_put(c, r.x, r.y, 1, STYLE_CHANGED, "*");
	put(ui, c, x, r.y, 10, STYLE_NORMAL, s->name, ALIGN_LEFT);
	if (here && s->kind->step)
		buf_puts(&b, "< ");
	value_text(ui, s, &b);
	if (here && s->kind->step)
		buf_puts(&b, " >");
	long_value = utf8_width(b.data) > help - value - 1;
	put(ui, c, value, r.y, long_value ? r.x + r.w - value :
	    utf8_width(b.data) < r.x + r.w - value ? utf8_width(b.data) :
	    r.x + r.w - value, STYLE_BOLD, b.data, ALIGN_LEFT);
	if (!long_value && r.x + r.w - help >= HELP)
		put(ui, c, help, r.y, r.x + r.w - help, STYLE_DIM, s->help,
		    ALIGN_LEFT);
	buf_free(&b);
}

/* One of the two, with its title; part 0 the columns. */
static void draw_part(struct ui *ui, struct canvas *c, struct rect r, int part)
{
	struct scroll *s = part ? &ui->setup.settings : &ui->setup.columns;
	bool mine = part == ui->setup.in_settings;
	char title[80];

	s->page = r.h - 1;
	scroll_clamp(s);
	if (s->count > s->page)
		snprintf(title, sizeof(title), "%s  %ld of %ld",
			 part ? "SETTINGS" : "COLUMNS", s->cursor + 1,
			 s->count);
	else
		snprintf(title, sizeof(title), "%s",
			 part ? "SETTINGS" : "COLUMNS");
	canvas_blank(c, r.x, r.y, r.w, mine ? STYLE_SORT_TITLE : STYLE_TITLE);
	put(ui, c, r.x + MARK, r.y, r.w - MARK, mine ? STYLE_SORT_TITLE :
	    STYLE_TITLE, title, ALIGN_LEFT);
	ui_hit(ui, r, HIT_SETUP, -1);
	for (long i = 0; i < s->page && s->top + i < s->count; i++) {
		struct rect row = { r.x, r.y + 1 + (int)i, r.w, 1 };

		if (part)
			draw_setting(ui, c, row, s->top + i);
		else
			draw_column(ui, c, row, s->top + i);
		if (mine && s->top + i == s->cursor)
			canvas_select(c, row.x, row.y, row.w);
		ui_hit(ui, row, HIT_SETUP, s->top + i +
		       (part ? SETUP_SETTINGS : 0));
	}
}

/* What is under the cursor, in words. */
static void draw_help(struct ui *ui, struct canvas *c, int y)
{
	const struct setting *s = setup_setting(ui->setup.settings.cursor);
	int id = ui->setup.order[ui->setup.columns.cursor];
	struct buf b = { 0 };

	if (!ui->setup.in_settings) {
		buf_printf(&b, "%s: %s", columns[id].title, columns[id].help);
	} else if (s) {
		buf_printf(&b, "%s: %s", s->name, s->help);
		if (s->offset == offsetof(struct settings, theme))
			buf_printf(&b, "; %s: %s",
				   themes[ui->setup.now.theme].name,
				   themes[ui->setup.now.theme].help);
		if (s->kind == &kind_filter || s->kind == &kind_states)
			buf_puts(&b, "; Space takes what is on the screen now");
		if (s->restart)
			buf_puts(&b, "; from the next start on");
	}
	put(ui, c, 1, y, c->width - 2, STYLE_NORMAL, buf_str(&b), ALIGN_LEFT);
	buf_free(&b);
}

void setup_draw(struct ui *ui, struct canvas *c, struct rect r)
{
	struct rect left = { 1, r.y + 1, r.w - 2, r.h - 2 }, right = left;

	rule(ui, c, r.y);
	if (r.w < WIDTH_BOTH) {
		draw_part(ui, c, left, ui->setup.in_settings);
	} else {
		left.w = r.w / 2 - 2 < 34 ? 34 : r.w / 2 - 2;
		right.x = left.x + left.w + 1;
		right.w = r.w - 1 - right.x;
		draw_part(ui, c, left, 0);
		draw_part(ui, c, right, 1);
	}
	draw_help(ui, c, r.y + r.h - 1);
}
