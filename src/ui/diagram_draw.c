/*
 * diagram_draw.c - the state machine in boxes and lines
 *
 * Five tiers of three columns, as RFC 9293 draws it: on the left the way of
 * who is called and of who closes second, in the middle and on the right that
 * of who calls and of who closes first.
 *
 *	0	   CLOSE BOUND
 *	1	LISTEN		   SYN_SENT
 *	2	SYN_RECV   ESTABLISHED
 *	3	CLOSE_WAIT FIN_WAIT1 CLOSING
 *	4	LAST_ACK   FIN_WAIT2 TIME_WAIT
 */
#include "ui/diagram.h"

#include <string.h>

#include "base/text.h"
#include "view/format.h"

enum {
	COLUMNS		= 3,
	TIERS		= 4,	/* of boxes, without the line on top */
	WIDTH_MIN	= 78,
	ROWS_MIN	= 1 + TIERS * 4 + 1,	/* boxes of 3 and gaps of 1 */
	STRIP_MAX	= 3,
	/* all there is to gain: the strip, one row more for each box, and two
	 * for each gap, and a blank line */
	ROWS_MAX	= ROWS_MIN + STRIP_MAX + TIERS * 3 + 1,
	SPARE_MIN	= 5,
};

struct plan {
	int x[COLUMNS], bw;	/* of the boxes, and their width */
	int gap;		/* columns between boxes */
	int top;		/* row of CLOSE and BOUND */
	int y[TIERS + 1], bh;	/* of the tiers, from 1 on, and their height */
	int vgap;		/* rows between tiers */
	int bottom;		/* row of the last steps */
	int strip, strip_y;
};

bool diagram_fits(int width, int rows)
{
	return width >= WIDTH_MIN && rows >= ROWS_MIN;
}

int diagram_spare(int width, int rows)
{
	int most = diagram_fits(width, rows) ? ROWS_MAX : DIAGRAM_NODES + 1;

	return rows - most >= SPARE_MIN ? rows - most : 0;
}

/* At most n of what is left, or all n or nothing. */
static int take(int *left, int n)
{
	int got = *left < n ? *left : n;

	*left -= got;
	return got;
}

static int take_all(int *left, int n)
{
	return *left >= n ? take(left, n) : 0;
}

static int limit(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

static struct plan make_plan(struct rect r)
{
	struct plan p = { .vgap = 1, .bh = 3 };
	int left = r.h - ROWS_MIN, i, x;

	p.bw = limit(r.w / 5 + 2, 18, 26);
	p.gap = limit((r.w - 2 - COLUMNS * p.bw) / 2, 12, 30);
	x = r.x + (r.w - COLUMNS * p.bw - 2 * p.gap) / 2;
	for (i = 0; i < COLUMNS; i++)
		p.x[i] = x + i * (p.bw + p.gap);
	p.strip = take(&left, STRIP_MAX);
	p.vgap += take_all(&left, TIERS) > 0;
	p.bh += take_all(&left, TIERS) > 0;
	p.vgap += take_all(&left, TIERS) > 0;
	p.top = r.y;
	for (i = 1; i <= TIERS; i++)
		p.y[i] = p.top + 1 + p.vgap + (i - 1) * (p.bh + p.vgap);
	p.bottom = p.y[TIERS] + p.bh;
	p.strip_y = r.y + r.h - p.strip;
	if (p.strip_y > p.bottom + 2)
		p.strip_y = p.bottom + 2;
	return p;
}

static int centre(const struct plan *p, int column)
{
	return p->x[column] + p->bw / 2;
}

/* the row of a tier that horizontal lines meet */
static int middle(const struct plan *p, int tier)
{
	return p->y[tier] + 1;
}

/* ---- steps --------------------------------------------------------- */

#define S(name)		STATE_BIT(STATE_##name)
/* no socket, or one that is not connected */
#define NOTHING		(STATE_BIT(STATE_NONE) | S(CLOSE) | S(BOUND))

enum route {
	ROUTE_TOP_LEFT, ROUTE_TOP_RIGHT,	/* from the line on top */
	ROUTE_DOWN,				/* to the next tier */
	ROUTE_ACROSS,				/* to the next column */
	ROUTE_DOWN_AND_BACK,			/* SYN_SENT to ESTABLISHED */
	ROUTE_BACK_AND_DOWN,			/* ESTABLISHED to CLOSE_WAIT */
	ROUTE_BOTTOM_LEFT, ROUTE_BOTTOM_RIGHT,	/* to the line below */
};

static const struct step {
	unsigned from, to;
	const char *event;
	enum route route;
	int tier, column;	/* where it begins */
} steps[] = {
	{ NOTHING, S(LISTEN), "listen", ROUTE_TOP_LEFT, 0, 0 },
	{ NOTHING, S(SYN_SENT), "connect", ROUTE_TOP_RIGHT, 0, 2 },
	{ NOTHING, S(SYN_RECV), "SYN", ROUTE_DOWN, 1, 0 },
	{ S(SYN_SENT), S(ESTABLISHED), "SYN+ACK", ROUTE_DOWN_AND_BACK, 1, 2 },
	{ S(SYN_RECV), S(ESTABLISHED), "ACK", ROUTE_ACROSS, 2, 0 },
	{ S(ESTABLISHED), S(CLOSE_WAIT), "their FIN", ROUTE_BACK_AND_DOWN,
	  2, 1 },
	{ S(ESTABLISHED), S(FIN_WAIT1), "we close", ROUTE_DOWN, 2, 1 },
	{ S(CLOSE_WAIT), S(LAST_ACK), "we close", ROUTE_DOWN, 3, 0 },
	{ S(FIN_WAIT1), S(FIN_WAIT2), "ACK", ROUTE_DOWN, 3, 1 },
	{ S(FIN_WAIT1), S(CLOSING), "FIN", ROUTE_ACROSS, 3, 1 },
	{ S(CLOSING), S(TIME_WAIT), "ACK", ROUTE_DOWN, 3, 2 },
	{ S(FIN_WAIT2), S(TIME_WAIT), "FIN", ROUTE_ACROSS, 4, 1 },
	{ S(LAST_ACK), NOTHING, "ACK", ROUTE_BOTTOM_LEFT, 4, 0 },
	{ S(TIME_WAIT), NOTHING, "60 s", ROUTE_BOTTOM_RIGHT, 4, 2 },
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

double diagram_not_drawn(const struct ui *ui)
{
	double all = diagram_rate(ui, ~0u, ~0u);
	int i;

	if (all < 0)
		return -1;
	for (i = 0; i < STEPS; i++)
		all -= diagram_rate(ui, steps[i].from, steps[i].to);
	return all;
}

double diagram_cut_off(const struct ui *ui)
{
	const unsigned last = S(LAST_ACK) | S(TIME_WAIT) | S(LISTEN);

	return diagram_rate(ui, STATES_ALL & ~last & ~NOTHING, NOTHING);
}

/* NULL while nothing moves */
static const struct step *busiest(const struct ui *ui)
{
	const struct step *best = NULL;
	double rate, most = 0;
	int i;

	for (i = 0; i < STEPS; i++) {
		rate = diagram_rate(ui, steps[i].from, steps[i].to);
		if (rate > most) {
			most = rate;
			best = &steps[i];
		}
	}
	return best;
}

/* what a line is drawn with */
struct pen {
	struct canvas *c;
	enum style style;
	bool busy;
	const char *event;
	struct buf rate;	/* its text */
};

static void across(const struct pen *p, int x, int end, int y)
{
	canvas_fill(p->c, x, y, end - x, p->style, p->busy ? GLYPH_BUSY_RULE :
							     GLYPH_RULE);
}

static void down(const struct pen *p, int x, int y, int end)
{
	for (; y < end; y++)
		canvas_glyph(p->c, x, y, p->style, p->busy ? GLYPH_BUSY_SIDE :
							     GLYPH_SIDE);
}

static void corner(const struct pen *p, int x, int y, enum glyph g)
{
	/* the double ones stand in the same order */
	if (p->busy)
		g += GLYPH_BUSY_TOP_LEFT - GLYPH_TOP_LEFT;
	canvas_glyph(p->c, x, y, p->style, g);
}

/* "SYN 118/s", in room columns; where there are fewer, the rate alone. */
static void label_text(const struct pen *p, int room, struct buf *b)
{
	buf_reset(b);
	buf_printf(b, "%s %s", p->event, buf_str(&p->rate));
	if (utf8_width(buf_str(b)) > room) {
		buf_reset(b);
		buf_puts(b, buf_str(&p->rate));
	}
}

static void label(const struct pen *p, int x, int y, int room)
{
	struct buf b = { 0 };

	label_text(p, room, &b);
	canvas_put(p->c, x, y, room, p->style, buf_str(&b));
	buf_free(&b);
}

static void label_left(const struct pen *p, int end, int y, int room)
{
	struct buf b = { 0 };

	label_text(p, room, &b);
	canvas_put(p->c, end - utf8_width(buf_str(&b)), y, room, p->style,
		   buf_str(&b));
	buf_free(&b);
}

/* In the middle of a line from x to end, which it interrupts. */
static void label_on(const struct pen *p, int x, int end, int y)
{
	struct buf b = { 0 };
	int w;

	label_text(p, end - x - 4, &b);
	w = utf8_width(buf_str(&b));
	x += (end - x - w) / 2;
	canvas_put(p->c, x - 1, y, 1, STYLE_NORMAL, " ");
	canvas_put(p->c, x, y, w, p->style, buf_str(&b));
	canvas_put(p->c, x + w, y, 1, STYLE_NORMAL, " ");
	buf_free(&b);
}

static void arrow(const struct pen *p, int x, int y, enum glyph g)
{
	canvas_glyph(p->c, x, y, p->style, g);
}

static void draw_down(const struct pen *pen, const struct plan *p,
		      const struct step *s)
{
	int x = centre(p, s->column), y = p->y[s->tier] + p->bh;
	int end = y + p->vgap, at = y + (p->vgap - 1) / 2;

	down(pen, x, y, end - 1);
	arrow(pen, x, end - 1, GLYPH_ARROW_DOWN);
	/* towards the middle, where there is room */
	if (s->column == COLUMNS - 1)
		label_left(pen, x - 1, at, p->gap / 2 + p->bw / 2);
	else
		label(pen, x + 2, at, p->gap + p->bw / 2 - 3);
}

static void draw_across(const struct pen *pen, const struct plan *p,
			const struct step *s)
{
	int x = p->x[s->column] + p->bw, end = x + p->gap;
	int y = middle(p, s->tier), w;

	across(pen, x, end - 1, y);
	arrow(pen, end - 1, y, GLYPH_ARROW_RIGHT);
	if (p->gap >= 18) {
		label_on(pen, x, end, y);
		return;
	}
	/* too short to be interrupted: above and below */
	w = utf8_width(pen->event);
	canvas_put(pen->c, x + (p->gap - w) / 2, y - 1, w, pen->style,
		   pen->event);
	w = utf8_width(buf_str(&pen->rate));
	canvas_put(pen->c, x + (p->gap - w) / 2, y + 1, w, pen->style,
		   buf_str(&pen->rate));
}

static void draw_down_and_back(const struct pen *pen, const struct plan *p,
			       const struct step *s)
{
	int x = centre(p, s->column), y = middle(p, s->tier + 1);
	int end = p->x[s->column - 1] + p->bw;

	down(pen, x, p->y[s->tier] + p->bh, y);
	corner(pen, x, y, GLYPH_BOTTOM_RIGHT);
	across(pen, end, x, y);
	arrow(pen, end, y, GLYPH_ARROW_LEFT);
	label_on(pen, end, x, y);
}

static void draw_back_and_down(const struct pen *pen, const struct plan *p,
			       const struct step *s)
{
	int x = centre(p, s->column - 1), end = p->x[s->column] + 3;
	int y = p->y[s->tier] + p->bh;

	corner(pen, end, y, GLYPH_BOTTOM_RIGHT);
	across(pen, x + 1, end, y);
	corner(pen, x, y, GLYPH_TOP_LEFT);
	down(pen, x, y + 1, y + p->vgap - 1);
	arrow(pen, x, y + p->vgap - 1, GLYPH_ARROW_DOWN);
	label_on(pen, x, end, y);
}

/* half: how wide half of what stands in the middle is */
static void draw_top(const struct pen *pen, const struct plan *p,
		     const struct step *s, int half)
{
	int x = centre(p, s->column), mid = centre(p, 1);
	bool left = s->column == 0;

	corner(pen, x, p->top, left ? GLYPH_TOP_LEFT : GLYPH_TOP_RIGHT);
	if (left)
		across(pen, x + 1, mid - half, p->top);
	else
		across(pen, mid + half, x, p->top);
	if (left)
		label_on(pen, x, mid - half, p->top);
	else
		label_on(pen, mid + half, x, p->top);
	down(pen, x, p->top + 1, p->y[1] - 1);
	arrow(pen, x, p->y[1] - 1, GLYPH_ARROW_DOWN);
}

static const char closed[] = "closed";

static void draw_bottom(const struct pen *pen, const struct plan *p,
			const struct step *s)
{
	int x = centre(p, s->column), mid = centre(p, 1), y = p->bottom;
	int half = (int)sizeof(closed) / 2 + 2;

	corner(pen, x, y, s->column ? GLYPH_BOTTOM_RIGHT : GLYPH_BOTTOM_LEFT);
	if (s->column == 0) {
		across(pen, x + 1, mid - half, y);
		arrow(pen, mid - half - 1, y, GLYPH_ARROW_RIGHT);
		label_on(pen, x, mid - half, y);
	} else {
		across(pen, mid + half, x, y);
		arrow(pen, mid + half, y, GLYPH_ARROW_LEFT);
		label_on(pen, mid + half, x, y);
	}
}

static void draw_step(struct ui *ui, struct canvas *c, const struct plan *p,
		      const struct step *s, bool busy, int half)
{
	double rate = diagram_rate(ui, s->from, s->to);
	struct pen pen = {
		.c = c, .busy = busy, .event = s->event,
		.style = busy ? STYLE_BUSY : rate > 0 ? STYLE_NORMAL :
							STYLE_RULE,
	};

	diagram_rate_text(ui, rate, &pen.rate);
	switch (s->route) {
	case ROUTE_TOP_LEFT:
	case ROUTE_TOP_RIGHT:
		draw_top(&pen, p, s, half);
		break;
	case ROUTE_DOWN:
		draw_down(&pen, p, s);
		break;
	case ROUTE_ACROSS:
		draw_across(&pen, p, s);
		break;
	case ROUTE_DOWN_AND_BACK:
		draw_down_and_back(&pen, p, s);
		break;
	case ROUTE_BACK_AND_DOWN:
		draw_back_and_down(&pen, p, s);
		break;
	case ROUTE_BOTTOM_LEFT:
	case ROUTE_BOTTOM_RIGHT:
		draw_bottom(&pen, p, s);
		break;
	}
	buf_free(&pen.rate);
}

/* ---- states -------------------------------------------------------- */

static int trend_of(const struct ui *ui, unsigned state)
{
	return view_state_known(ui->shown, state) ?
	       history_trend(&ui->shown->history, state) : 0;
}

static void draw_trend(struct canvas *c, int x, int y, int trend)
{
	if (trend > 0)
		canvas_glyph(c, x, y, STYLE_WARN, GLYPH_RISING);
	else if (trend < 0)
		canvas_glyph(c, x, y, STYLE_DIM, GLYPH_FALLING);
}

static void draw_frame(struct canvas *c, struct rect r, enum style style)
{
	int right = r.x + r.w - 1, bottom = r.y + r.h - 1, y;

	canvas_fill(c, r.x, r.y, r.w, style, GLYPH_RULE);
	canvas_fill(c, r.x, bottom, r.w, style, GLYPH_RULE);
	for (y = r.y + 1; y < bottom; y++) {
		canvas_glyph(c, r.x, y, style, GLYPH_SIDE);
		canvas_glyph(c, right, y, style, GLYPH_SIDE);
	}
	canvas_glyph(c, r.x, r.y, style, GLYPH_TOP_LEFT);
	canvas_glyph(c, right, r.y, style, GLYPH_TOP_RIGHT);
	canvas_glyph(c, r.x, bottom, style, GLYPH_BOTTOM_LEFT);
	canvas_glyph(c, right, bottom, style, GLYPH_BOTTOM_RIGHT);
}

/* s with a blank on either side, so that the frame stands off */
static void draw_on_frame(struct canvas *c, int x, int y, int max,
			  enum style style, const char *s)
{
	int w = utf8_width(s) < max ? utf8_width(s) : max;

	canvas_put(c, x, y, 1, STYLE_NORMAL, " ");
	canvas_put(c, x + 1, y, w, style, s);
	canvas_put(c, x + 1 + w, y, 1, STYLE_NORMAL, " ");
}

static void select_node(struct ui *ui, struct canvas *c, struct rect r,
			unsigned state)
{
	int y;

	ui_hit(ui, r, HIT_NODE, state);
	if (ui->diagram.node != state || ui->focus != PANE_LIST)
		return;
	for (y = r.y; y < r.y + r.h; y++)
		canvas_select(c, r.x, y, r.w);
}

static void draw_box(struct ui *ui, struct canvas *c, const struct plan *p,
		     int tier, int column, unsigned state)
{
	struct rect r = { p->x[column], p->y[tier], p->bw, p->bh };
	int trend = trend_of(ui, state), x;
	struct buf b = { 0 };
	bool empty;

	diagram_count(ui, state, p->bw - 6, &b);
	empty = strcmp(buf_str(&b), "0") == 0 || strcmp(buf_str(&b), "-") == 0;
	draw_frame(c, r, trend > 0 ? STYLE_WARN : empty ? STYLE_RULE :
							 STYLE_NORMAL);
	draw_on_frame(c, r.x + 1, r.y, r.w - 4, style_of_state(state),
		      state_info(state)->name);
	x = r.x + (r.w - (int)b.len) / 2;
	canvas_put(c, x, r.y + 1, -1, empty ? STYLE_DIM : STYLE_BOLD,
		   buf_str(&b));
	draw_trend(c, x + (int)b.len + 1, r.y + 1, trend);
	if (p->bh > 3)
		counters_spark(ui, c, r.x + 2, r.y + 2, r.w - 4, state);
	buf_reset(&b);
	buf_puts(&b, "median ");
	diagram_dwell(ui, state, false, &b);
	draw_on_frame(c, r.x + 1, r.y + r.h - 1, r.w - 4,
		      ui->diagram.dwell[state].count ? STYLE_NORMAL :
						       STYLE_DIM, buf_str(&b));
	select_node(ui, c, r, state);
	buf_free(&b);
}

/* CLOSE or BOUND: "CLOSE 2"; drawn from x on if c is given. Returns its
 * width. */
static int draw_word(struct ui *ui, struct canvas *c, int x, int y,
		     unsigned state)
{
	struct buf b = { 0 };
	int trend = trend_of(ui, state), name = (int)strlen(
		state_info(state)->name), w;

	diagram_count(ui, state, 9, &b);
	w = name + 1 + (int)b.len + (trend ? 2 : 0);
	if (c) {
		canvas_blank(c, x - 1, y, w + 2, STYLE_NORMAL);
		canvas_put(c, x, y, -1, style_of_state(state),
			   state_info(state)->name);
		canvas_put(c, x + name + 1, y, -1, STYLE_BOLD, buf_str(&b));
		draw_trend(c, x + w - 1, y, trend);
		select_node(ui, c, (struct rect){ x - 1, y, w + 2, 1 }, state);
	}
	buf_free(&b);
	return w;
}

/* Returns half its width. */
static int draw_words(struct ui *ui, struct canvas *c, const struct plan *p)
{
	int w = draw_word(ui, NULL, 0, 0, STATE_CLOSE), x;
	int all = w + 2 + draw_word(ui, NULL, 0, 0, STATE_BOUND);

	x = centre(p, 1) - all / 2;
	draw_word(ui, c, x, p->top, STATE_CLOSE);
	draw_word(ui, c, x + w + 2, p->top, STATE_BOUND);
	return all / 2 + 2;
}

static void draw_boxes(struct ui *ui, struct canvas *c, const struct plan *p)
{
	static const uint8_t box[TIERS][COLUMNS] = {
		{ STATE_LISTEN, 0, STATE_SYN_SENT },
		{ STATE_SYN_RECV, STATE_ESTABLISHED, 0 },
		{ STATE_CLOSE_WAIT, STATE_FIN_WAIT1, STATE_CLOSING },
		{ STATE_LAST_ACK, STATE_FIN_WAIT2, STATE_TIME_WAIT },
	};
	int i, k;

	for (i = 0; i < TIERS; i++)
		for (k = 0; k < COLUMNS; k++)
			if (box[i][k])
				draw_box(ui, c, p, i + 1, k, box[i][k]);
}

/* ---- the strip: the state under the cursor --------------------------- */

static void strip_line(struct ui *ui, struct canvas *c, struct rect r, int y,
		       const char *s)
{
	struct buf b = { 0 };

	text_fit(&b, s, r.w - 3, ALIGN_LEFT, ui->ascii);
	canvas_put(c, r.x + 2, y, r.w - 3, STYLE_NORMAL, buf_str(&b));
	buf_free(&b);
}

static void dwell_text(struct ui *ui, struct buf *b)
{
	unsigned node = ui->diagram.node;

	if (ui->diagram.dwell[node].count) {
		buf_puts(b, "half of them leave within ");
		diagram_dwell(ui, node, false, b);
		buf_puts(b, ", 99 of 100 within ");
		diagram_dwell(ui, node, true, b);
		buf_puts(b, " (");
		format_count(b, ui->diagram.dwell[node].count);
		buf_puts(b, " seen)");
	} else {
		buf_puts(b, "none seen coming and leaving yet");
	}
}

static void steps_text(struct ui *ui, bool brief, struct buf *b)
{
	unsigned node = ui->diagram.node;

	buf_reset(b);
	diagram_steps_text(ui, node, true, brief, b);
	buf_puts(b, "   ");
	diagram_steps_text(ui, node, false, brief, b);
}

static void draw_strip(struct ui *ui, struct canvas *c, const struct plan *p,
		       struct rect r)
{
	unsigned node = ui->diagram.node;
	struct buf b = { 0 };
	int y = p->strip_y;

	if (p->strip >= 2) {
		buf_printf(&b, "%s: %s", state_info(node)->name,
			   state_info(node)->meaning);
		strip_line(ui, c, r, y, buf_str(&b));
		canvas_restyle(c, r.x + 2, y++, strlen(state_info(node)->name),
			       style_of_state(node));
	}
	if (p->strip >= 1) {
		steps_text(ui, false, &b);
		if (utf8_width(buf_str(&b)) > r.w - 3)
			steps_text(ui, true, &b);
		strip_line(ui, c, r, y++, buf_str(&b));
	}
	if (p->strip >= 3) {
		buf_reset(&b);
		dwell_text(ui, &b);
		if (r.w >= 100)
			buf_puts(&b, "   Enter: its sockets, e: explained");
		strip_line(ui, c, r, y, buf_str(&b));
	}
	buf_free(&b);
}

void diagram_draw_boxes(struct ui *ui, struct canvas *c, struct rect r)
{
	struct plan p = make_plan(r);
	const struct step *busy = busiest(ui);
	int half = draw_words(ui, c, &p), i;

	/* the busiest last: where lines meet it is on top */
	for (i = 0; i < STEPS; i++)
		if (&steps[i] != busy)
			draw_step(ui, c, &p, &steps[i], false, half);
	if (busy)
		draw_step(ui, c, &p, busy, true, half);
	canvas_put(c, centre(&p, 1) - (int)sizeof(closed) / 2 + 1, p.bottom,
		   -1, STYLE_CLOSED, closed);
	draw_boxes(ui, c, &p);
	draw_strip(ui, c, &p, r);
}
