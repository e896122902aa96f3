/* diagram.c - its numbers, and how one moves in it */
#include "ui/diagram.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/glyph.h"
#include "view/format.h"

/* As the header's, over five seconds; over the longest interval that the
 * counts of edges.h allow where passes are further apart. */
enum { WINDOW = 5, WINDOW_MAX = 60 };

const uint8_t diagram_order[DIAGRAM_NODES] = {
	STATE_CLOSE, STATE_BOUND, STATE_LISTEN, STATE_SYN_SENT,
	STATE_SYN_RECV, STATE_ESTABLISHED, STATE_FIN_WAIT1, STATE_FIN_WAIT2,
	STATE_CLOSING, STATE_TIME_WAIT, STATE_CLOSE_WAIT, STATE_LAST_ACK,
};

/* The neighbours in the drawing; STATE_NONE: the edge of it. */
static const struct {
	uint8_t up, down, left, right;
} neighbours[STATE_COUNT] = {
	[STATE_CLOSE] = {
		0, STATE_LISTEN, STATE_LISTEN, STATE_BOUND },
	[STATE_BOUND] = {
		0, STATE_SYN_SENT, STATE_CLOSE, STATE_SYN_SENT },
	[STATE_LISTEN] = {
		STATE_CLOSE, STATE_SYN_RECV, 0, STATE_SYN_SENT },
	[STATE_SYN_SENT] = {
		STATE_BOUND, STATE_ESTABLISHED, STATE_LISTEN, 0 },
	[STATE_SYN_RECV] = {
		STATE_LISTEN, STATE_CLOSE_WAIT, 0, STATE_ESTABLISHED },
	[STATE_ESTABLISHED] = {
		STATE_CLOSE, STATE_FIN_WAIT1, STATE_SYN_RECV,
		STATE_SYN_SENT },
	[STATE_CLOSE_WAIT] = {
		STATE_SYN_RECV, STATE_LAST_ACK, 0, STATE_FIN_WAIT1 },
	[STATE_FIN_WAIT1] = {
		STATE_ESTABLISHED, STATE_FIN_WAIT2, STATE_CLOSE_WAIT,
		STATE_CLOSING },
	[STATE_CLOSING] = {
		STATE_SYN_SENT, STATE_TIME_WAIT, STATE_FIN_WAIT1, 0 },
	[STATE_LAST_ACK] = {
		STATE_CLOSE_WAIT, 0, 0, STATE_FIN_WAIT2 },
	[STATE_FIN_WAIT2] = {
		STATE_FIN_WAIT1, 0, STATE_LAST_ACK, STATE_TIME_WAIT },
	[STATE_TIME_WAIT] = {
		STATE_CLOSING, 0, STATE_FIN_WAIT2, 0 },
};

/* ---- numbers ------------------------------------------------------- */

static void note_dwell(struct diagram *d, const struct edges *e)
{
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		d->dwell[s].half = edges_dwell(e, s, 0.5);
		d->dwell[s].most = edges_dwell(e, s, 0.99);
		d->dwell[s].count = edges_dwell_count(e, s);
	}
}

/* The longest window that was watched; until then rates are unknown. */
static int choose_seconds(const struct monitor *m, int64_t at)
{
	int64_t interval = m->status.interval;
	int s = WINDOW;

	/* an end of TIME_WAIT is always told by a pass */
	if (interval < m->status.pass_every)
		interval = m->status.pass_every;
	if (interval > WINDOW * NS_PER_SEC)
		s = interval > WINDOW_MAX * NS_PER_SEC ? WINDOW_MAX :
		    (int)(interval / NS_PER_SEC);
	return edges_window(m->edges, s, at);
}

/*
 * Where only passes see the steps, up to the newest pass and not up to now:
 * what happened since is told by the next one, and until then looks like
 * nothing.
 */
void diagram_note(struct ui *ui)
{
	const struct monitor *m = ui->live;
	struct diagram *d = &ui->diagram;
	int64_t at = m->status.pass_at;

	d->exact = m->status.events_exact;
	d->seconds = 0;
	if (at != TIME_UNKNOWN && d->exact)
		at = clock_mono(m->clock);
	if (at != TIME_UNKNOWN)
		d->seconds = choose_seconds(m, at);
	for (unsigned a = 0; a < STATE_COUNT; a++)
		for (unsigned b = 0; b < STATE_COUNT; b++)
			d->rate[a][b] = !d->seconds ? -1 :
				edges_rate(m->edges, a, b, d->seconds, at);
	note_dwell(d, m->edges);
}

void diagram_init(struct ui *ui)
{
	ui->diagram.node = STATE_ESTABLISHED;
	diagram_note(ui);
}

double diagram_rate(const struct ui *ui, unsigned from, unsigned to)
{
	const struct diagram *d = &ui->diagram;
	double sum = 0;

	if (!d->seconds)
		return -1;
	for (unsigned a = 0; a < STATE_COUNT; a++)
		for (unsigned b = 0; b < STATE_COUNT; b++)
			if ((from & STATE_BIT(a)) && (to & STATE_BIT(b)))
				sum += d->rate[a][b];
	return sum;
}

void diagram_rate_text(const struct ui *ui, double rate, struct buf *out)
{
	if (!ui->diagram.exact && rate >= 0) {
		if (rate < 0.01)
			rate = -1;
		else
			buf_puts(out, ui->ascii ? ">=" : "≥");
	}
	format_rate(out, rate);
}

void diagram_count(const struct ui *ui, unsigned state, int max,
		   struct buf *out)
{
	const struct history *h = &ui->shown->history;
	size_t start = out->len;
	uint32_t n;

	if (!h->count || !view_state_known(ui->shown, state)) {
		buf_char(out, '-');
		return;
	}
	n = history_state(h, 0, state);
	format_count(out, n);
	if ((int)(out->len - start) > max) {
		out->len = start;
		format_short(out, n);
	}
}

void diagram_dwell(const struct ui *ui, unsigned state, bool most,
		   struct buf *out)
{
	int64_t ns = most ? ui->diagram.dwell[state].most :
			    ui->diagram.dwell[state].half;

	if (!ui->diagram.dwell[state].count)
		buf_char(out, '-');
	else if (ns >= NS_PER_SEC)
		format_duration(out, ns);
	else if (ns >= NS_PER_MS)
		buf_printf(out, "%dms", (int)(ns / NS_PER_MS));
	else
		buf_puts(out, "<1ms");
}

static void add_step(const struct ui *ui, struct buf *out, const char *name,
		     double rate)
{
	if (rate <= 0)
		return;
	buf_printf(out, "%s%s ", out->len ? ", " : "", name);
	diagram_rate_text(ui, rate, out);
}

void diagram_steps_text(const struct ui *ui, unsigned state, bool in,
			bool brief, struct buf *out)
{
	const struct state_info *info;
	struct buf list = { 0 };
	int i;

	add_step(ui, &list, in ? "new" : "gone", in ?
		 diagram_rate(ui, 1, STATE_BIT(state)) :
		 diagram_rate(ui, STATE_BIT(state), 1));
	for (i = 0; i < DIAGRAM_NODES; i++) {
		unsigned other = STATE_BIT(diagram_order[i]);

		info = state_info(diagram_order[i]);
		add_step(ui, &list, brief ? info->brief : info->name, in ?
			 diagram_rate(ui, other, STATE_BIT(state)) :
			 diagram_rate(ui, STATE_BIT(state), other));
	}
	buf_printf(out, "%s %s", in ? "in:" : "out:", list.len ?
		   buf_str(&list) : !ui->diagram.seconds ? "-" :
		   ui->diagram.exact ? "none" : "none seen");
	buf_free(&list);
}

/* ---- moving -------------------------------------------------------- */

static void go(struct ui *ui, unsigned state)
{
	if (state != STATE_NONE)
		ui->diagram.node = state;
}

static int place_in_order(unsigned state)
{
	int i;

	for (i = 0; i < DIAGRAM_NODES - 1; i++)
		if (diagram_order[i] == state)
			break;
	return i;
}

static void move_in_list(struct ui *ui, enum move m)
{
	struct scroll *s = &ui->diagram.scroll;

	s->cursor = place_in_order(ui->diagram.node);
	scroll_move(s, m);
	ui->diagram.node = diagram_order[s->cursor];
}

void diagram_move(struct ui *ui, enum move m)
{
	unsigned node = ui->diagram.node;

	if (ui->diagram.as_list) {
		move_in_list(ui, m);
		return;
	}
	switch (m) {
	case MOVE_UP:
	case MOVE_PAGE_UP:
		go(ui, neighbours[node].up);
		break;
	case MOVE_DOWN:
	case MOVE_PAGE_DOWN:
		go(ui, neighbours[node].down);
		break;
	case MOVE_HOME:
		go(ui, diagram_order[0]);
		break;
	case MOVE_END:
		go(ui, STATE_TIME_WAIT);
		break;
	}
}

void diagram_beside(struct ui *ui, int by)
{
	unsigned node = ui->diagram.node;

	if (!ui->diagram.as_list)
		go(ui, by < 0 ? neighbours[node].left :
				neighbours[node].right);
}

void diagram_enter(struct ui *ui)
{
	struct diagram *d = &ui->diagram;

	d->states_before = ui->view.states;
	d->listeners_before = ui->view.listeners_only;
	d->inside = true;
	d->open = false;
	/* the box counts all of them, whatever level one came from */
	while (level_out(ui))
		;
	ui->view.states = STATE_BIT(d->node);
	ui->view.listeners_only = false;
	level_release(ui);
}

bool diagram_back(struct ui *ui)
{
	struct diagram *d = &ui->diagram;

	if (!d->inside)
		return false;
	d->inside = false;
	d->open = true;
	ui->view.states = d->states_before;
	ui->view.listeners_only = d->listeners_before;
	rows_update(ui);
	return true;
}

unsigned diagram_click(struct ui *ui, unsigned state)
{
	ui->focus = PANE_LIST;
	if (ui->diagram.node == state)
		diagram_enter(ui);
	ui->diagram.node = state;
	return UI_DRAW;
}

/* ---- around it ------------------------------------------------------- */

/* A rounding error is nothing. */
static void add_other(struct buf *b, const char *dot, double rate,
		      const char *what)
{
	if (rate < 0.01)
		return;
	buf_printf(b, " %s ", dot);
	format_rate(b, rate);
	buf_printf(b, " %s", what);
}

/* What the numbers are, and how far to trust them; how brief: 0 to 2. */
static void note_text(struct ui *ui, int brief, struct buf *b)
{
	static const char *const by_passes[] = {
		"seen by passes only: there may be more",
		"seen by passes only", "passes only",
	};
	const struct diagram *d = &ui->diagram;
	const char *dot = glyph(GLYPH_DOT, ui->ascii);
	double cut;

	buf_reset(b);
	if (ui->view.filter || view_restricted(&ui->view))
		buf_printf(b, brief ? "all %s " :
			   "all sockets, not only those shown %s ", dot);
	if (!d->seconds)
		buf_puts(b, "no rates yet");
	else
		buf_printf(b, brief ? "%d s" : "over %d s", d->seconds);
	buf_printf(b, " %s %s", dot, d->exact ? "every step traced" :
					       by_passes[brief]);
	if (brief > 1)
		return;
	/* an end between two passes may have been an orderly one */
	cut = d->exact ? diagram_cut_off(ui) : 0;
	add_other(b, dot, cut, "cut off");
	if (!d->as_list)
		add_other(b, dot, diagram_not_drawn(ui) - cut, "not drawn");
}

/* The list may be longer than its window. */
static void title_text(const struct ui *ui, struct buf *b)
{
	const struct scroll *s = &ui->diagram.scroll;

	buf_puts(b, " diagram");
	if (ui->diagram.as_list && s->page < s->count)
		buf_printf(b, " %s states %ld-%ld of %ld",
			   glyph(GLYPH_CRUMB, ui->ascii), s->top + 1,
			   s->top + s->page, s->count);
	buf_char(b, ' ');
}

static void draw_rule(struct ui *ui, struct canvas *c, int y)
{
	struct buf b = { 0 };
	int x, w, brief = 0;

	canvas_fill(c, 0, y, c->width, STYLE_RULE, GLYPH_RULE);
	title_text(ui, &b);
	x = 2 + canvas_put(c, 2, y, c->width - 4, STYLE_BOLD, buf_str(&b));
	do
		note_text(ui, brief, &b);
	while (utf8_width(buf_str(&b)) + x + 4 > c->width && ++brief < 3);
	w = utf8_width(buf_str(&b));
	if (w + x + 4 <= c->width) {
		canvas_put(c, c->width - w - 3, y, 1, STYLE_NORMAL, " ");
		canvas_put(c, c->width - w - 2, y, w, ui->diagram.exact ?
			   STYLE_NORMAL : STYLE_WARN, buf_str(&b));
		canvas_put(c, c->width - 2, y, 1, STYLE_NORMAL, " ");
	}
	buf_free(&b);
}

void diagram_draw(struct ui *ui, struct canvas *c, int rule, struct rect r)
{
	ui->diagram.as_list = !diagram_fits(r.w, r.h);
	if (ui->diagram.as_list)
		diagram_draw_list(ui, c, r);
	else
		diagram_draw_boxes(ui, c, r);
	/* it tells what of the list is seen */
	draw_rule(ui, c, rule);
}
