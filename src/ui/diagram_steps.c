/* The lines of the diagram: one for each step of the state machine. */
#include "ui/diagram_plan.h"

#include <string.h>

#include "base/text.h"

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

void diagram_draw_steps(struct ui *ui, struct canvas *c, const struct plan *p,
			int half)
{
	const struct step *busy = busiest(ui);

	/* the busiest last: where lines meet it is on top */
	for (int i = 0; i < STEPS; i++)
		if (&steps[i] != busy)
			draw_step(ui, c, p, &steps[i], false, half);
	if (busy)
		draw_step(ui, c, p, busy, true, half);
	canvas_put(c, centre(p, 1) - (int)sizeof(closed) / 2 + 1,
		   p->bottom, -1, STYLE_CLOSED, closed);
}
