/*
 * counters.c - how many sockets stand in which state
 *
 * A grid where there is room: name, count, an arrow when it grows or falls
 * steadily, a sparkline of the last samples.  On a low screen only the states
 * that have sockets, in one line or two.
 */
#include "ui/state.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/format.h"

enum { NAME_WIDTH = 11, COUNT_WIDTH = 7, CELL_MIN = 25, SPARK_MAX = 16 };

/* BOUND sockets are not in /proc/net/tcp: their number is not 0, but not
 * known. */
static bool is_known(const struct ui *ui, unsigned state)
{
	const struct monitor *m = ui->shown;

	if (!m->history.count)
		return false;
	return state != STATE_BOUND || strcmp(m->status.source, "proc") != 0;
}

static void count_text(struct ui *ui, unsigned state, struct buf *b)
{
	if (is_known(ui, state))
		format_count(b, history_state(&ui->shown->history, 0, state));
	else
		buf_char(b, '-');
}

/*
 * Small numbers are drawn one level a socket; big ones on a scale that begins
 * above zero, but never so far that a change of a few percent looks big.
 */
/* The two highest bars would grow together with the line above. */
enum { SPARK_TOP = SPARK_LEVELS - 3 };

void counters_spark(struct ui *ui, struct canvas *c, int x, int y, int w,
		    unsigned state)
{
	const struct history *h = &ui->shown->history;
	uint32_t low = UINT32_MAX, high = 0, range, base, v;
	int i, n = (int)h->count < w ? (int)h->count : w;

	for (i = 0; i < n; i++) {
		v = history_state(h, i, state);
		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	if (n < 2 || low == high)
		return;
	range = high - low;
	range = range < high / 4 ? high / 4 : range;
	range = range < SPARK_TOP ? SPARK_TOP : range;
	base = high > range ? high - range : 0;
	for (i = 0; i < n; i++) {
		v = history_state(h, i, state) - base;
		canvas_glyph(c, x + n - 1 - i, y, STYLE_SPARK, GLYPH_SPARK +
			     (uint64_t)v * SPARK_TOP / range);
	}
}

static void draw_trend(struct ui *ui, struct canvas *c, int x, int y,
		       unsigned state)
{
	int trend = history_trend(&ui->shown->history, state);

	if (trend > 0)
		canvas_glyph(c, x, y, STYLE_WARN, GLYPH_RISING);
	else if (trend < 0)
		canvas_glyph(c, x, y, STYLE_DIM, GLYPH_FALLING);
}

/* A number is never cut: what the biggest needs, the sparklines give. */
static int count_width(struct ui *ui)
{
	int width = COUNT_WIDTH;

	for (size_t i = 0; i < state_order_count; i++) {
		buf_reset(&ui->text);
		count_text(ui, state_order[i], &ui->text);
		/* and a blank behind the longest name */
		if ((int)ui->text.len >= width)
			width = (int)ui->text.len + 1;
	}
	return width;
}

static void draw_cell(struct ui *ui, struct canvas *c, int x, int y, int w,
		      int digits, unsigned state)
{
	bool shown = ui->view.states & STATE_BIT(state);
	uint32_t n = is_known(ui, state) ?
		     history_state(&ui->shown->history, 0, state) : 0;
	enum style style = style_of_state(state);
	struct buf b = { 0 };
	int at = x + NAME_WIDTH + digits + 1;

	canvas_put(c, x, y, NAME_WIDTH, shown ? style : STYLE_DIM,
		   state_info(state)->name);
	buf_reset(&ui->text);
	count_text(ui, state, &ui->text);
	text_fit(&b, buf_str(&ui->text), digits, ALIGN_RIGHT, ui->ascii);
	canvas_put(c, x + NAME_WIDTH, y, digits,
		   n && shown ? STYLE_BOLD : STYLE_DIM, buf_str(&b));
	if (!shown) {
		/* dimmed is not enough for a terminal that cannot dim */
		canvas_put(c, at, y, x + w - at, STYLE_WARN, "off");
	} else if (n || is_known(ui, state)) {
		draw_trend(ui, c, at, y, state);
		counters_spark(ui, c, at + 2, y, x + w - at - 3 < SPARK_MAX ?
			   x + w - at - 3 : SPARK_MAX, state);
	}
	ui_hit(ui, (struct rect){ x, y, w - 1, 1 }, HIT_STATE, state);
	buf_free(&b);
}

static int draw_grid(struct ui *ui, struct canvas *c, int y, int cells)
{
	int n = state_order_count, rows = (n + cells - 1) / cells;
	int w = (c->width - 1) / cells, digits = count_width(ui), i;

	/* read downwards, in the order of a connection's life */
	for (i = 0; i < n; i++)
		draw_cell(ui, c, 1 + i / rows * w, y + i % rows, w, digits,
			  state_order[i]);
	return rows;
}

/* What grows or waits for somebody first, listeners last. */
static int trouble(const struct ui *ui, unsigned state)
{
	static const unsigned waits[] = {
		STATE_CLOSE_WAIT, STATE_SYN_SENT, STATE_SYN_RECV,
		STATE_LAST_ACK,
	};
	size_t i;

	if (state == STATE_LISTEN)
		return 0;
	if (!is_known(ui, state))
		return 1;
	if (history_trend(&ui->shown->history, state) > 0)
		return 3;
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (waits[i] == state &&
		    history_state(&ui->shown->history, 0, state))
			return 2;
	return 1;
}

static void order_by_trouble(const struct ui *ui, unsigned *order)
{
	int level, n = 0;
	size_t i;

	for (level = 3; level >= 0; level--)
		for (i = 0; i < state_order_count; i++)
			if (trouble(ui, state_order[i]) == level)
				order[n++] = state_order[i];
}

/* In how many lines the states that have sockets fit; drawn if c is given. */
static int flow(struct ui *ui, struct canvas *c, int y, int width, int lines)
{
	int x = 1, line = 0, w;
	const struct state_info *info;
	unsigned order[STATE_COUNT], state;
	size_t i, left = 0;
	bool shown;

	order_by_trouble(ui, order);
	for (i = 0; i < state_order_count; i++) {
		state = order[i];
		info = state_info(state);
		shown = ui->view.states & STATE_BIT(state);
		if (is_known(ui, state) && shown &&
		    !history_state(&ui->shown->history, 0, state))
			continue;
		if (!is_known(ui, state) && ui->shown->history.count)
			continue;
		buf_reset(&ui->text);
		if (!shown)
			buf_puts(&ui->text, "off ");
		count_text(ui, state, &ui->text);
		w = strlen(info->brief) + 1 + ui->text.len;
		if (x > 1 && x + w > width - (line == lines - 1 ? 4 : 1)) {
			if (line + 1 >= lines) {
				left++;
				continue;
			}
			line++;
			x = 1;
		}
		if (c && !left) {
			ui_hit(ui, (struct rect){ x, y + line, w, 1 },
			       HIT_STATE, state);
			canvas_put(c, x, y + line, -1, shown ?
				   style_of_state(state) : STYLE_DIM,
				   info->brief);
			canvas_put(c, x + strlen(info->brief) + 1, y + line,
				   -1, shown ? STYLE_BOLD : STYLE_WARN,
				   buf_str(&ui->text));
		}
		x += w + 2;
	}
	if (left && c) {
		buf_reset(&ui->text);
		buf_printf(&ui->text, "+%zu", left);
		canvas_put(c, width - 3, y + line, -1, STYLE_WARN,
			   buf_str(&ui->text));
	}
	return line + 1;
}

int counters_draw(struct ui *ui, struct canvas *c, int y)
{
	/* numbers of columns that leave no hole in the grid of twelve */
	static const int fits[] = { 6, 4, 3, 2 };
	size_t i;
	int rows;

	for (i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		rows = ((int)state_order_count + fits[i] - 1) / fits[i];
		if ((c->width - 1) / fits[i] >= CELL_MIN &&
		    rows <= c->height / 5)
			return draw_grid(ui, c, y, fits[i]);
	}
	return flow(ui, c, y, c->width, c->height < 14 ? 1 : 2);
}
