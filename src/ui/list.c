/* list.c - the sockets */
#include "ui/state.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/format.h"

/* the mark's room before the first column, and between columns */
int list_margin(const struct canvas *c)
{
	return c->width < 60 ? 2 : 3;
}

int list_gap(const struct canvas *c)
{
	return c->width < 100 ? 1 : 2;
}

/* A loud look is for the text, not for the blanks around it. */
void list_restyle(struct canvas *c, int x, int y, const char *s,
		  enum style style)
{
	int blanks = strspn(s, " ");

	canvas_restyle(c, x + blanks, y, utf8_width(s + blanks), style);
}

/* A long text is cut where it says least. */
static void fit_cell(struct buf *out, enum column_id id, const char *s,
		     int width, bool ascii)
{
	if (columns[id].middle && columns[id].align == ALIGN_LEFT &&
	    utf8_width(s) > width)
		text_fit_middle(out, s, width, ascii);
	else
		text_fit(out, s, width, columns[id].align, ascii);
}

/* Widths only grow until something else is shown, so that columns do not
 * jump while the list moves. */
static void measure(struct ui *ui, struct rect r)
{
	struct level *l = ui_level(ui);
	const struct sock *s;
	long i;
	int k, id, w;

	for (k = 0; k < ui->column_count; k++) {
		id = ui->columns[k];
		/* the title, and room for the sign of the order */
		w = utf8_width(columns[id].title) + (ui->view.sort == id);
		if (ui->content[id] < w)
			ui->content[id] = w;
		for (i = 0; i < r.h; i++) {
			s = rows_get(ui, l->scroll.top + i);
			if (!s)
				break;
			buf_reset(&ui->text);
			column_text(&ui->ctx, id, s, &ui->text);
			w = utf8_width(buf_str(&ui->text));
			if (ui->content[id] < w)
				ui->content[id] = w;
		}
	}
}

/* A width that a person chose is the least, the usual and the most. */
static void fit(struct ui *ui, struct canvas *c, struct fit *f)
{
	struct shape shapes[COLUMN_COUNT];
	uint16_t content[COLUMN_COUNT];
	int i, id, fixed;

	for (i = 0; i < ui->column_count; i++) {
		id = ui->columns[i];
		fixed = ui->width_of[id];
		shapes[i] = shape_of_column(id);
		if (fixed)
			shapes[i].min = shapes[i].norm = shapes[i].max = fixed;
		/* without rows the usual widths, so that the first one moves
		 * little */
		content[i] = fixed || !rows_count(ui) ? 0 : ui->content[id];
	}
	fit_shapes(f, shapes, content, ui->column_count,
		   c->width - list_margin(c), list_gap(c));
	for (i = 0; i < f->count; i++)
		f->id[i] = ui->columns[f->id[i]];
}

void list_title(struct ui *ui, struct canvas *c, const struct list_title *t)
{
	struct buf b = { 0 };
	int room = t->sorted ? t->w - 1 : t->w, width = utf8_width(t->text);

	text_fit(&b, t->text, t->sorted && t->align == ALIGN_LEFT &&
		 width < room ? width : room, t->align, ui->ascii);
	canvas_put(c, t->x, t->y, room, t->sorted ? STYLE_SORT_TITLE :
						    STYLE_TITLE, buf_str(&b));
	if (t->sorted)
		canvas_glyph(c, t->x + utf8_width(buf_str(&b)), t->y,
			     STYLE_SORT_TITLE, t->reverse ?
			     GLYPH_DESCENDING : GLYPH_ASCENDING);
	ui_hit(ui, (struct rect){ t->x, t->y, t->w, 1 }, HIT_TITLE,
	       t->column);
	buf_free(&b);
}

static void draw_titles(struct ui *ui, struct canvas *c, int y,
			const struct fit *f)
{
	int i, x = list_margin(c);

	canvas_blank(c, 0, y, c->width, STYLE_TITLE);
	for (i = 0; i < f->count; i++) {
		list_title(ui, c, &(struct list_title){
			.x = x, .y = y, .w = f->width[i], .column = f->id[i],
			.text = columns[f->id[i]].title,
			.align = columns[f->id[i]].align,
			.sorted = ui->view.sort == f->id[i],
			.reverse = ui->view.reverse,
		});
		x += f->width[i] + list_gap(c);
	}
}

static void draw_mark(struct ui *ui, struct canvas *c, int y,
		      const struct sock *s)
{
	int x = list_margin(c) - 2;

	if (s->mark == MARK_GONE || !s->live)
		canvas_glyph(c, x, y, STYLE_GONE, GLYPH_GONE);
	else if (s->mark == MARK_NEW)
		canvas_glyph(c, x, y, STYLE_NEW, GLYPH_NEW);
	else if (s->mark == MARK_CHANGED)
		canvas_glyph(c, x, y, STYLE_CHANGED, GLYPH_CHANGED);
	else if (ui->follow == s->serial)
		canvas_glyph(c, x, y, STYLE_BOLD, GLYPH_FOLLOW);
}

/* A listener's queue is urgent when it is full: the kernel then drops. */
static enum style queue_style(const struct sock *s)
{
	const struct sock_row *r = &s->row;

	if (r->state != STATE_LISTEN || r->send_q == U32_UNKNOWN ||
	    r->recv_q == 0)
		return STYLE_NORMAL;
	if (r->recv_q >= r->send_q)
		return STYLE_ALERT;
	return r->recv_q > r->send_q / 2 ? STYLE_WARN : STYLE_NORMAL;
}

static enum style cell_style(const struct ui *ui, const struct sock *s,
			     enum column_id id)
{
	if (s->mark == MARK_GONE || !s->live ||
	    monitor_row_is_old(ui->shown, s))
		return STYLE_DIM;
	switch (id) {
	case COL_STATE:
		return style_of_state(s->row.state);
	case COL_RECV_Q:
		return queue_style(s);
	case COL_OWNER:
		return s->owner_last ? STYLE_DIM : STYLE_NORMAL;
	default:
		return STYLE_NORMAL;
	}
}

static void draw_row(struct ui *ui, struct canvas *c, int y,
		     const struct sock *s, const struct fit *f)
{
	struct buf b = { 0 };
	int i, x = list_margin(c);

	draw_mark(ui, c, y, s);
	for (i = 0; i < f->count; i++) {
		buf_reset(&ui->text);
		column_text(&ui->ctx, f->id[i], s, &ui->text);
		buf_reset(&b);
		fit_cell(&b, f->id[i], buf_str(&ui->text), f->width[i],
			 ui->ascii);
		canvas_put(c, x, y, f->width[i], STYLE_NORMAL, buf_str(&b));
		list_restyle(c, x, y, buf_str(&b), cell_style(ui, s, f->id[i]));
		search_mark(ui, c, x, y, f->width[i], buf_str(&b),
			    buf_str(&ui->text));
		x += f->width[i] + list_gap(c);
	}
	buf_free(&b);
}

/* An empty list says why it is. */
void list_empty(struct ui *ui, struct canvas *c, struct rect r)
{
	const char *why = "no sockets";
	int x;

	if (ui->shown->status.pass_at == TIME_UNKNOWN)
		why = ui->ascii ? "reading..." : "reading…";
	else if (view_restricted(&ui->view) || ui->view.filter)
		why = "no socket matches";
	x = (r.w - utf8_width(why)) / 2;
	canvas_put(c, x, r.y + (r.h > 2 ? r.h / 2 : 1), -1, STYLE_DIM, why);
}

void list_draw(struct ui *ui, struct canvas *c, struct rect r)
{
	struct level *l = ui_level(ui);
	struct scroll *s = &l->scroll;
	const struct sock *sock;
	struct fit f;
	long i;
	int y;

	s->count = rows_count(ui);
	s->page = r.h - 1;
	scroll_clamp(s);
	view_ready(&ui->view, &ui->ctx, s->top, s->top + r.h);
	ui_hit(ui, r, HIT_LIST, -1);
	measure(ui, r);
	fit(ui, c, &f);
	draw_titles(ui, c, r.y, &f);
	if (!s->count)
		list_empty(ui, c, r);
	for (i = 0; i < s->page && s->top + i < s->count; i++) {
		y = r.y + 1 + i;
		sock = rows_get(ui, s->top + i);
		if (!sock)
			continue;
		draw_row(ui, c, y, sock, &f);
		if (s->top + i == s->cursor && ui->focus == PANE_LIST)
			canvas_select(c, 0, y, r.w);
		ui_hit(ui, (struct rect){ 0, y, r.w, 1 }, HIT_LIST,
		       s->top + i);
	}
}

static void add_sockets(struct buf *b, long live)
{
	format_count(b, live);
	buf_puts(b, live == 1 ? " socket" : " sockets");
}

/* The rows just gone are named: the header does not count them. */
static void add_position(struct buf *b, long at, long live, long gone)
{
	format_count(b, at);
	buf_puts(b, " of ");
	format_count(b, live);
	if (!gone)
		return;
	buf_puts(b, " + ");
	format_count(b, gone);
	buf_puts(b, " gone");
}

/* "13 ports, 2,431 sockets"; and what the rates are of, where there is room */
static void add_groups(struct ui *ui, struct buf *b, bool brief)
{
	const struct pivot *p = &ui->view.pivot;
	const struct group_info *info = &groups[p->group];
	const struct level *l = ui_level(ui);

	if (b->len)
		buf_printf(b, " %s ", glyph(GLYPH_DOT, ui->ascii));
	if (l->anchored || ui->follow) {
		format_count(b, (uint64_t)l->scroll.cursor + 1);
		buf_puts(b, " of ");
	}
	format_count(b, p->count);
	buf_printf(b, " %s", p->count == 1 ? info->one : info->many);
	if (brief && ui->width < 60)
		return;
	buf_puts(b, ", ");
	add_sockets(b, (long)p->total);
	if (p->seconds && !brief)
		buf_printf(b, " %s rates over %d s",
			   glyph(GLYPH_DOT, ui->ascii), p->seconds);
}

static void right_text(struct ui *ui, struct buf *b, bool brief)
{
	struct level *l = ui_level(ui);
	const char *dot = glyph(GLYPH_DOT, ui->ascii);
	long n = rows_count(ui), live = rows_live(ui);

	buf_reset(b);
	if (ui->seek.on)
		buf_printf(b, "searching, %.0f%%", 100 * search_progress(ui));
	else if (ui->hurry)
		buf_printf(b, "ordering, %.0f%%",
			   100 * view_progress(&ui->view));
	else if (ui->detail.open)
		buf_puts(b, brief ? "" : "Esc goes back");
	else if (view_grouped(&ui->view) != GROUP_NONE)
		buf_puts(b, "");
	else if (l->anchored || ui->follow)
		add_position(b, n ? l->scroll.cursor + 1 : 0, live, n - live);
	else if (ui->shown->status.pass_at == TIME_UNKNOWN)
		buf_puts(b, "not read yet");
	else
		add_sockets(b, live);
	if (view_grouped(&ui->view) != GROUP_NONE && !ui->detail.open)
		add_groups(ui, b, brief);
	if (ui->follow)
		buf_printf(b, brief ? " follow" : " %s following, t lets go",
			   dot);
	else if (l->anchored && !ui->detail.open)
		buf_printf(b, brief ? " held" :
			   " %s order held, Home lets go", dot);
	if (!ui->changes_rect.h && (ui->width >= 60 ||
				    view_grouped(&ui->view) == GROUP_NONE)) {
		buf_printf(b, "%s%s ", b->len ? " " : "", dot);
		changes_rate_text(ui, b);
	}
}

void list_rule_draw(struct ui *ui, struct canvas *c, int y)
{
	struct buf left = { 0 }, right = { 0 }, cut = { 0 };
	int w, room = c->width - 7;

	level_text(ui, &left, room);
	right_text(ui, &right, false);
	if (utf8_width(buf_str(&left)) + utf8_width(buf_str(&right)) + 4 >
	    room) {
		right_text(ui, &right, true);
		buf_reset(&left);
		level_text(ui, &left, room - 2 -
				      utf8_width(buf_str(&right)));
	}
	canvas_fill(c, 0, y, c->width, STYLE_RULE, GLYPH_RULE);
	w = utf8_width(buf_str(&right));
	if (w) {
		canvas_put(c, c->width - w - 3, y, -1, STYLE_NORMAL, " ");
		canvas_put(c, c->width - w - 2, y, w, STYLE_NORMAL,
			   buf_str(&right));
		canvas_put(c, c->width - 2, y, 1, STYLE_NORMAL, " ");
	}
	room = c->width - w - 9;
	text_fit_middle(&cut, buf_str(&left),
			utf8_width(buf_str(&left)) < room ?
			utf8_width(buf_str(&left)) : room, ui->ascii);
	w = canvas_put(c, 3, y, room, STYLE_BOLD, buf_str(&cut));
	canvas_put(c, 2, y, 1, STYLE_NORMAL, " ");
	canvas_put(c, 3 + w, y, 1, STYLE_NORMAL, " ");
	buf_free(&left);
	buf_free(&right);
	buf_free(&cut);
}
