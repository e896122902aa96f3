/* diagram_list.c - the diagram's numbers where there is no room to draw it */
#include "ui/diagram.h"

#include "base/text.h"
#include "view/format.h"

enum { NAME = 12, COUNT = 10, RATE = 9, DWELL = 8, MARGIN = 2 };

/* Right-aligned in w columns at *x, which moves on; nothing is drawn where it
 * would stick out. */
static void put(struct ui *ui, struct canvas *c, int *x, int y, int w,
		enum style style, const char *s)
{
	struct buf b = { 0 };

	if (*x + w <= c->width) {
		text_fit(&b, s, w, ALIGN_RIGHT, ui->ascii);
		canvas_put(c, *x, y, w, style, buf_str(&b));
	}
	*x += w;
	buf_free(&b);
}

static const char *rate_text(const struct ui *ui, struct buf *b, double rate)
{
	buf_reset(b);
	diagram_rate_text(ui, rate, b);
	return buf_str(b);
}

static void draw_titles(struct ui *ui, struct canvas *c, int y)
{
	int x = MARGIN + NAME + 1;

	canvas_blank(c, 0, y, c->width, STYLE_TITLE);
	canvas_put(c, MARGIN, y, NAME, STYLE_TITLE, "STATE");
	put(ui, c, &x, y, COUNT, STYLE_TITLE, "COUNT");
	put(ui, c, &x, y, RATE, STYLE_TITLE, "IN");
	put(ui, c, &x, y, RATE, STYLE_TITLE, "OUT");
	put(ui, c, &x, y, DWELL, STYLE_TITLE, "MEDIAN");
}

static void draw_state(struct ui *ui, struct canvas *c, int y, unsigned state)
{
	unsigned bit = STATE_BIT(state), others = ~bit;
	int trend = history_trend(&ui->shown->history, state);
	int x = MARGIN + NAME + 1;
	struct buf b = { 0 };

	canvas_put(c, MARGIN, y, NAME, style_of_state(state),
		   state_info(state)->name);
	if (trend > 0)
		canvas_glyph(c, MARGIN + NAME, y, STYLE_WARN, GLYPH_RISING);
	else if (trend < 0)
		canvas_glyph(c, MARGIN + NAME, y, STYLE_DIM, GLYPH_FALLING);
	diagram_count(ui, state, COUNT - 1, &b);
	put(ui, c, &x, y, COUNT, STYLE_BOLD, buf_str(&b));
	put(ui, c, &x, y, RATE, STYLE_NORMAL,
	    rate_text(ui, &b, diagram_rate(ui, others, bit)));
	put(ui, c, &x, y, RATE, STYLE_NORMAL,
	    rate_text(ui, &b, diagram_rate(ui, bit, others)));
	buf_reset(&b);
	diagram_dwell(ui, state, false, &b);
	put(ui, c, &x, y, DWELL, STYLE_NORMAL, buf_str(&b));
	buf_free(&b);
}

void diagram_draw_list(struct ui *ui, struct canvas *c, struct rect r)
{
	struct scroll *s = &ui->diagram.scroll;
	long i;
	int y;

	s->text = false;
	s->count = DIAGRAM_NODES;
	s->page = r.h - 1;
	for (i = 0; i < DIAGRAM_NODES; i++)
		if (diagram_order[i] == ui->diagram.node)
			s->cursor = i;
	scroll_clamp(s);
	draw_titles(ui, c, r.y);
	for (i = 0; i < s->page && s->top + i < s->count; i++) {
		y = r.y + 1 + (int)i;
		draw_state(ui, c, y, diagram_order[s->top + i]);
		if (s->top + i == s->cursor && ui->focus == PANE_LIST)
			canvas_select(c, 0, y, r.w);
		ui_hit(ui, (struct rect){ 0, y, r.w, 1 }, HIT_NODE,
		       diagram_order[s->top + i]);
	}
}
