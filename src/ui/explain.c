/*
 * explain.c - one state explained, and the packets that lead through it
 *
 * The text on the left, on a wide screen a ladder diagram beside it, else
 * below.  n, p and the arrows pick another ladder.
 */
#include "ui/keys.h"
#include "ui/page.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/explain.h"
#include "view/ladder.h"

enum {
	INDENT		= 16,
	STATE_WIDTH	= 12,	/* of a ladder's two outer columns */
	LADDER_MAX	= 54,
	TEXT_MIN	= 58,	/* beside a ladder */
	TEXT_MAX	= 78,
	STEPS_MIN	= 6,	/* of a ladder's lines that count as seen */
};

void explain_open(struct ui *ui, unsigned state)
{
	const struct explain *e = explain_state(state);

	if (!e) {
		ui_say(ui, true, "this state is not known to tulpen");
		return;
	}
	ui->explain.open = true;
	ui->explain.state = state;
	ui->explain.ladder = e->ladder;
	ui->explain.scroll.top = 0;
	ui->explain.scroll.text = true;
}

void explain_pick(struct ui *ui, int by)
{
	struct explain_panel *x = &ui->explain;
	struct scroll *s = &x->scroll;

	/* below the text and out of sight: the first key only brings it
	 * there */
	if (x->ladder_lines &&
	    (x->ladder_line + STEPS_MIN > s->top + s->page ||
	     x->ladder_line + x->ladder_lines <= s->top)) {
		s->top = x->ladder_line;
		scroll_clamp(s);
		return;
	}
	x->ladder = (x->ladder + by + LADDER_COUNT) % LADDER_COUNT;
}

/* ---- the text ---------------------------------------------------- */

static void add_parts(struct ui *ui, struct page *p)
{
	unsigned state = ui->explain.state;
	const struct explain *e = explain_state(state);
	int i;

	page_pair(p, style_of_state(state), state_info(state)->name,
		  STYLE_BOLD, state_info(state)->meaning, INDENT);
	page_line(p, STYLE_NORMAL, "");
	for (i = 0; i < EXPLAIN_PARTS; i++)
		page_pair(p, STYLE_KEY, explain_title[i], STYLE_NORMAL,
			  e->part[i], INDENT);
	page_line(p, STYLE_NORMAL, "");
}

/* "net.ipv4.tcp_fin_timeout = 60", and below it what it does */
static void add_sysctl(struct ui *ui, struct page *p,
		       const struct explain_sysctl *s)
{
	const char *value = ui->live->sysctls.value[s->id];
	char line[128];

	snprintf(line, sizeof(line), "%s = %s", sysctl_name[s->id],
		 *value ? value : "-");
	page_line(p, s->matters ? STYLE_KEY : STYLE_DIM, line);
	page_pair(p, STYLE_NORMAL, "", s->matters ? STYLE_NORMAL : STYLE_DIM,
		  s->text, 4);
}

static void add_sysctls(struct ui *ui, struct page *p, bool matters,
			const char *title)
{
	const struct explain *e = explain_state(ui->explain.state);
	bool any = false;
	int i;

	for (i = 0; i < EXPLAIN_SYSCTLS && e->sysctl[i].id; i++) {
		if (e->sysctl[i].matters != matters)
			continue;
		if (!any)
			page_line(p, STYLE_BOLD, title);
		any = true;
		add_sysctl(ui, p, &e->sysctl[i]);
	}
	if (any)
		page_line(p, STYLE_NORMAL, "");
}

static void add_text(struct ui *ui, struct page *p)
{
	add_parts(ui, p);
	add_sysctls(ui, p, true, "Settings of this host that matter");
	add_sysctls(ui, p, false, "and those that do not");
}

/* ---- the ladder ---------------------------------------------------- */

/* Its name, standing off from the line. */
static void put_packet(struct canvas *c, int x, int y, const char *name)
{
	canvas_blank(c, x - 1, y, utf8_width(name) + 2, STYLE_NORMAL);
	canvas_put(c, x, y, -1, STYLE_BOLD, name);
}

/* A packet between the two ends, its name in the middle of the arrow. */
static void draw_packet(struct canvas *c, int x, int y, int w,
			const struct ladder_step *s)
{
	int len = utf8_width(s->packet), left = x + (w - len) / 2;

	canvas_fill(c, x, y, w, STYLE_NORMAL, GLYPH_RULE);
	if (s->way == WAY_IN || s->way == WAY_CROSS)
		canvas_glyph(c, x, y, STYLE_NORMAL, GLYPH_ARROW_LEFT);
	if (s->way == WAY_OUT || s->way == WAY_CROSS)
		canvas_glyph(c, x + w - 1, y, STYLE_NORMAL, GLYPH_ARROW_RIGHT);
	if (s->way != WAY_CROSS || w < 2 * len + 13) {
		put_packet(c, left, y, s->packet);
		return;
	}
	/* both of them, and where they meet */
	put_packet(c, x + 4, y, s->packet);
	put_packet(c, x + w - 4 - len, y, s->packet);
	canvas_put(c, x + w / 2, y, 1, STYLE_NORMAL, "x");
}

static void draw_end(struct ui *ui, struct canvas *c, int x, int y,
		     uint8_t state, const char *does)
{
	const char *name = state ? state_info(state)->name : does;

	if (!name)
		return;
	canvas_put(c, x, y, STATE_WIDTH, state ? style_of_state(state) :
		   STYLE_DIM, name);
	if (state == ui->explain.state)
		canvas_select(c, x, y, strlen(name));
}

/* Both a new state and why: what happens stands beside it, inwards. */
static void draw_reason(struct canvas *c, int x, int y, uint8_t state,
			const char *does, bool here)
{
	if (!state || !does)
		return;
	x += here ? (int)strlen(state_info(state)->name) + 2 :
		    -(int)strlen(does) - 2;
	canvas_put(c, x, y, -1, STYLE_DIM, does);
}

static void add_step(struct ui *ui, struct page *p,
		     const struct ladder_step *s)
{
	int w = p->r.w < LADDER_MAX ? p->r.w : LADDER_MAX;
	int y = page_next(p), there = p->r.x + w - STATE_WIDTH;

	if (y < 0)
		return;
	draw_end(ui, p->c, p->r.x, y, s->here, s->here_does);
	draw_end(ui, p->c, there, y, s->there, s->there_does);
	draw_reason(p->c, p->r.x, y, s->here, s->here_does, true);
	draw_reason(p->c, there, y, s->there, s->there_does, false);
	if (s->way != WAY_NONE)
		draw_packet(p->c, p->r.x + STATE_WIDTH, y,
			    w - 2 * STATE_WIDTH - 1, s);
}

/* The longest decides, so that nothing below jumps when another is picked. */
static int steps_max(void)
{
	int i, n, most = 0;

	for (i = 0; i < LADDER_COUNT; i++) {
		n = ladder_steps(&ladders[i]);
		most = n > most ? n : most;
	}
	return most;
}

static void add_ladder(struct ui *ui, struct page *p)
{
	const struct ladder *l = &ladders[ui->explain.ladder];
	static const struct ladder_step ends = {
		.here_does = "here", .there_does = "there",
	};
	int i, n = ladder_steps(l);
	long start = p->line;
	char title[96];

	snprintf(title, sizeof(title), "%s  (%d of %d)", l->title,
		 ui->explain.ladder + 1, LADDER_COUNT);
	page_line(p, STYLE_BOLD, title);
	page_line(p, STYLE_NORMAL, "");
	add_step(ui, p, &ends);
	for (i = 0; i < n; i++)
		add_step(ui, p, &l->step[i]);
	page_line(p, STYLE_NORMAL, "");
	page_line(p, STYLE_DIM, l->note);
	for (; i < steps_max(); i++)
		page_line(p, STYLE_NORMAL, "");
	ui->explain.ladder_line = start;
	ui->explain.ladder_lines = p->line - start;
}

/* ---- both ------------------------------------------------------------ */

static void draw_title(struct ui *ui, struct canvas *c, long shown, long lines)
{
	const struct scroll *s = &ui->explain.scroll;
	long last = s->top + s->page < lines ? s->top + s->page : lines;

	canvas_blank(c, 0, 0, c->width, STYLE_TITLE);
	buf_reset(&ui->text);
	buf_printf(&ui->text, "tulpen: %s",
		   state_info(ui->explain.state)->name);
	canvas_put(c, 1, 0, -1, STYLE_TITLE, buf_str(&ui->text));
	buf_reset(&ui->text);
	if (shown < lines)
		buf_printf(&ui->text, "%s%ld-%ld of %ld, Esc%s",
			   c->width < 60 ? "" : "lines ", s->top + 1, last,
			   lines, c->width < 60 ? "" : " closes");
	else
		buf_puts(&ui->text, "Esc closes");
	canvas_put(c, c->width - 1 - (int)ui->text.len, 0, -1, STYLE_TITLE,
		   buf_str(&ui->text));
}

void explain_draw(struct ui *ui, struct canvas *c)
{
	struct rect r = { 2, 2, c->width - 4, c->height - 3 }, beside = r;
	struct scroll still = { .text = true };
	struct page p, q;
	bool wide = r.w >= TEXT_MIN + 4 + LADDER_MAX;
	long lines;
	int y;

	for (y = 0; y < c->height - 1; y++)
		canvas_blank(c, 0, y, c->width, STYLE_NORMAL);
	if (c->height < 16) {
		r.y--;
		r.h++;
	}
	if (wide) {
		r.w = r.w - LADDER_MAX - 4 < TEXT_MAX ? r.w - LADDER_MAX - 4 :
							TEXT_MAX;
		beside.x += r.w + 4;
		beside.w = LADDER_MAX;
	} else if (r.w > TEXT_MAX) {
		r.w = TEXT_MAX;
	}
	page_begin(&p, c, r, &ui->explain.scroll);
	add_text(ui, &p);
	if (!wide)
		add_ladder(ui, &p);
	lines = page_end(&p);
	if (wide) {
		page_begin(&q, c, beside, &still);
		add_ladder(ui, &q);
		/* it is seen already */
		ui->explain.ladder_line = ui->explain.ladder_lines = 0;
	}
	draw_title(ui, c, r.h, lines);
	ui_hit(ui, (struct rect){ 0, 0, c->width, c->height - 1 }, HIT_TEXT,
	       -1);
}
