/* The diagram: its plan, the boxes, and the state under the cursor. */
#include "ui/diagram_plan.h"

#include <string.h>

#include "base/text.h"
#include "view/format.h"

enum {
	WIDTH_MIN	= 78,
	ROWS_MIN	= 1 + TIERS * 4 + 1,	/* boxes of 3 and gaps of 1 */
	STRIP_MAX	= 3,
	/* all there is to gain: the strip, one row more for each box, and two
	 * for each gap, and a blank line */
	ROWS_MAX	= ROWS_MIN + STRIP_MAX + TIERS * 3 + 1,
	SPARE_MIN	= 5,
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

	diagram_draw_steps(ui, c, &p, draw_words(ui, c, &p));
	draw_boxes(ui, c, &p);
	draw_strip(ui, c, &p, r);
}
