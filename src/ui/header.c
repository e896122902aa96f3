/*
 * header.c - the title line, and below it the truth about the reading
 *
 * The title gives up niceties when it is narrow.  The status wraps into as
 * many lines as a sixth of the screen has; what still finds no room is counted
 * and stands on the help page.
 */
#include "ui/state.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/format.h"

struct item {
	char text[48], brief[48];
	enum style style;
};
enum { ITEMS = 5 };

static void make_rate(struct item *it, const char *sign, const char *word,
		      double rate, bool percent)
{
	struct buf b = { 0 };

	if (percent)
		format_percent(&b, rate);
	else
		format_rate(&b, rate);
	snprintf(it->text, sizeof(it->text), "%s%s%s %s", sign,
		 *sign ? " " : "", word, buf_str(&b));
	snprintf(it->brief, sizeof(it->brief), "%s %s", *sign ? sign : word,
		 buf_str(&b));
	it->style = STYLE_NORMAL;
	buf_free(&b);
}

static void make_total(struct ui *ui, struct item *it)
{
	const struct history *h = &ui->shown->history;
	struct buf b = { 0 };

	if (h->count)
		format_count(&b, h->sample[(h->next + HISTORY_LEN - 1) %
					   HISTORY_LEN].counts.total);
	else
		buf_puts(&b, "-");
	snprintf(it->text, sizeof(it->text), "TCP %s", buf_str(&b));
	strcpy(it->brief, it->text);
	it->style = STYLE_HEADER;
	buf_free(&b);
}

static int make_items(struct ui *ui, struct item *items)
{
	const struct rates *r = &ui->shown->rates;

	make_total(ui, &items[0]);
	make_rate(&items[1], glyph(GLYPH_UP, ui->ascii), "opened", r->opened,
		  false);
	make_rate(&items[2], glyph(GLYPH_DOWN, ui->ascii), "closed",
		  r->closed, false);
	make_rate(&items[3], "", "reset", r->reset, false);
	make_rate(&items[4], "", "retrans", r->retrans, true);
	return ITEMS;
}

static int items_width(const struct item *items, int n, bool brief, int gap)
{
	int i, width = 0;

	for (i = 0; i < n; i++)
		width += utf8_width(brief ? items[i].brief : items[i].text) +
			 (i ? gap : 0);
	return width;
}

/* Between x and end: all in full, or brief, or only the first ones. */
static void draw_items(struct ui *ui, struct canvas *c, int x, int end)
{
	struct item items[ITEMS];
	int i, n = make_items(ui, items), gap = 3, width;
	bool brief = false;

	width = items_width(items, n, false, gap);
	if (width > end - x) {
		brief = true;
		gap = 2;
		while (n && (width = items_width(items, n, true, gap)) >
		       end - x)
			n--;
	}
	if (n)
		x += (end - x - width) / 2;
	for (i = 0; i < n; i++)
		x += canvas_put(c, x, 0, end - x, items[i].style,
				brief ? items[i].brief : items[i].text) + gap;
}

static void draw_title(struct ui *ui, struct canvas *c)
{
	const struct status *s = &ui->shown->status;
	struct buf b = { 0 };
	int x, end = c->width - 1, host;

	if (s->pass_at != TIME_UNKNOWN)
		format_clock(&b, s->pass_wall, false);
	end -= b.len;
	canvas_put(c, end, 0, -1, STYLE_NORMAL, buf_str(&b));
	end -= 2;
	x = 1 + canvas_put(c, 1, 0, -1, STYLE_HEADER, "tulpen");
	/* a long host name must not push the numbers out */
	host = (c->width - 20) / 3;
	buf_reset(&b);
	text_fit_middle(&b, ui->shown->host,
			utf8_width(ui->shown->host) < host ?
			utf8_width(ui->shown->host) : host, ui->ascii);
	x += 1 + canvas_glyph(c, x + 1, 0, STYLE_DIM, GLYPH_DOT) + 1;
	x += canvas_put(c, x, 0, end - x, STYLE_NORMAL, buf_str(&b));
	draw_items(ui, c, x + 2, end);
	buf_free(&b);
}

static enum style weight_style(enum status_weight w)
{
	return w == STATUS_ALERT ? STYLE_ALERT :
	       w == STATUS_WARN ? STYLE_WARN : STYLE_NORMAL;
}

enum { SEPARATOR = 3, MARGIN = 1 };

struct flow {
	struct canvas *c;	/* NULL: only measure */
	int x, y;		/* y counts from 0 */
	int width, lines;
	bool niceties, brief;
	int reserve;		/* columns kept free at the very end */
};

static const char *line_text(const struct flow *f, const struct status_line *l)
{
	return f->brief && l->brief[0] ? l->brief : l->text;
}

/* How many of the n find room; those are drawn. */
static int flow_lines(struct flow *f, const struct status_line *l, int n)
{
	int i, w, room;

	f->x = MARGIN;
	f->y = 0;
	for (i = 0; i < n; i++) {
		if (l[i].nicety && !f->niceties)
			continue;
		w = utf8_width(line_text(f, &l[i]));
		room = f->width - MARGIN -
		       (f->y == f->lines - 1 ? f->reserve : 0);
		if (f->x > MARGIN && f->x + SEPARATOR + w > room) {
			if (f->y + 1 >= f->lines)
				return i;
			f->x = MARGIN;
			f->y++;
			room = f->width - MARGIN -
			       (f->y == f->lines - 1 ? f->reserve : 0);
		}
		if (f->x > MARGIN) {
			if (f->c)
				canvas_glyph(f->c, f->x + 1, f->y + 1,
					     STYLE_DIM, GLYPH_DOT);
			f->x += SEPARATOR;
		}
		/* longer than a line: cut, and the cut is seen */
		if (w > room - f->x)
			w = room - f->x;
		if (f->c) {
			struct buf b = { 0 };

			text_fit(&b, line_text(f, &l[i]), w, ALIGN_LEFT,
				 f->c->ascii);
			canvas_put(f->c, f->x, f->y + 1, w,
				   weight_style(l[i].weight), buf_str(&b));
			buf_free(&b);
		}
		f->x += w;
	}
	return n;
}

/* The list below must not jump with each word more or less: lines are given up
 * only after they were not needed for some passes. */
static int keep_height(struct ui *ui, int needed)
{
	enum { PASSES = 10 };
	const struct status *s = &ui->shown->status;

	/* what is said only at the beginning needs no room later */
	if (s->pass_at == TIME_UNKNOWN || s->reading ||
	    (s->owners_wanted && !s->owners_done))
		return needed;
	if (needed >= ui->status_height)
		ui->status_shorter = 0;
	if (needed > ui->status_height || ui->status_shorter >= PASSES) {
		ui->status_height = needed;
		ui->status_shorter = 0;
	}
	return ui->status_height;
}

int header_draw(struct ui *ui, struct canvas *c)
{
	struct status_line lines[STATUS_MAX];
	struct flow f = { .width = c->width, .niceties = true };
	int n = status_lines(ui, lines), drawn;
	char more[32];

	draw_title(ui, c);
	/* niceties only where they need no line of their own */
	f.lines = 1;
	if (flow_lines(&f, lines, n) < n) {
		f.niceties = false;
		f.brief = c->width < 60;
		f.lines = c->height / 6 > 2 ? c->height / 6 :
			  c->height >= 10 ? 2 : 1;
		if (flow_lines(&f, lines, n) < n)
			f.reserve = 14;
	}
	f.c = c;
	drawn = flow_lines(&f, lines, n);
	if (drawn < n && f.reserve) {
		snprintf(more, sizeof(more), "+%d more: F1", n - drawn);
		canvas_put(c, c->width - 13, f.y + 1, -1, STYLE_ALERT, more);
	}
	return keep_height(ui, f.y + 1) + 1;
}
