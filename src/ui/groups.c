/* groups.c - one row for each group, one column for each state */
#include "ui/menu.h"
#include "ui/state.h"

#include <string.h>

#include "base/text.h"
#include "view/pivot_column.h"

static struct pivot_context context(struct ui *ui)
{
	return (struct pivot_context){
		.c = &ui->ctx, .p = &ui->view.pivot,
	};
}

/* A state that some group has keeps its column until something else is shown:
 * columns must not come and go with each socket. */
static void measure(struct ui *ui, struct rect r)
{
	const struct pivot_context x = context(ui);
	long top = ui_level(ui)->scroll.top;
	const struct group *g;
	char title[24];
	int id, w;

	for (id = 0; id < PIVOT_COLUMN_COUNT; id++) {
		if (id == PCOL_REST)
			continue;
		w = utf8_width(pivot_column_title(title, id, x.p, ui->ascii)) +
		    (ui->view.group_sort == id);
		for (long i = 0; i < r.h && (g = rows_group(ui, top + i));
		     i++) {
			int n;

			buf_reset(&ui->text);
			pivot_column_text(&x, id, g, &ui->text);
			n = utf8_width(buf_str(&ui->text));
			w = n > w ? n : w;
			if (pivot_columns[id].states &&
			    group_states(&x, g, pivot_columns[id].states) > 0)
				ui->group_states |= pivot_columns[id].states;
		}
		if (ui->group_content[id] < w)
			ui->group_content[id] = (uint16_t)w;
	}
	/* it is never more than that */
	ui->group_content[PCOL_REST] = ui->group_content[PCOL_TOTAL] -
				       (ui->view.group_sort == PCOL_TOTAL);
}

static void draw_titles(struct ui *ui, struct canvas *c, int y)
{
	const struct fit *f = &ui->group_fit;
	int x = list_margin(c);
	char title[24];

	canvas_blank(c, 0, y, c->width, STYLE_TITLE);
	for (int i = 0; i < f->count; i++) {
		list_title(ui, c, &(struct list_title){
			.x = x, .y = y, .w = f->width[i], .column = f->id[i],
			.text = pivot_column_title(title, f->id[i],
						   &ui->view.pivot, ui->ascii),
			.align = pivot_columns[f->id[i]].align,
			.sorted = ui->view.group_sort == f->id[i],
			.reverse = ui->view.group_reverse,
		});
		x += f->width[i] + list_gap(c);
	}
}

/* Of which all sockets are new, or which has none any more. */
static void draw_mark(struct ui *ui, struct canvas *c, int y,
		      const struct group *g)
{
	int x = list_margin(c) - 2;

	if (!g->total)
		canvas_glyph(c, x, y, STYLE_GONE, GLYPH_GONE);
	else if (g->fresh == g->total)
		canvas_glyph(c, x, y, STYLE_NEW, GLYPH_NEW);
	else if (ui->follow == FOLLOW_GROUP &&
		 group_key_equal(&g->key, &ui_level(ui)->key))
		canvas_glyph(c, x, y, STYLE_BOLD, GLYPH_FOLLOW);
}

static enum style queue_style(const struct group *g)
{
	if (!g->listens || g->waiting == U32_UNKNOWN || !g->waiting ||
	    g->limit == U32_UNKNOWN)
		return STYLE_NORMAL;
	if (group_queue_full(g))
		return STYLE_ALERT;
	return g->waiting > g->limit / 2 ? STYLE_WARN : STYLE_NORMAL;
}

/* Zeros step back, so that what there is leaps to the eye. */
static enum style cell_style(const struct pivot_context *x,
			     const struct group *g, enum pivot_column_id id,
			     const char *text)
{
	unsigned states = pivot_columns[id].states;

	if (!g->total || !strcmp(text, "0") || !strcmp(text, "-"))
		return STYLE_DIM;
	if (id == PCOL_QUEUE)
		return queue_style(g);
	if (id == PCOL_PROCESS)
		return g->owner_last ? STYLE_DIM : STYLE_NORMAL;
	if (id == PCOL_TOTAL)
		return STYLE_BOLD;
	if (id == PCOL_GROUP && x->p->group == GROUP_STATE)
		return style_of_state((unsigned)g->key.word[1]);
	return states ? style_of_state(__builtin_ctz(states)) : STYLE_NORMAL;
}

static void draw_cell(struct ui *ui, struct canvas *c,
		      const struct pivot_context *x, const struct group *g,
		      enum pivot_column_id id, struct rect r)
{
	struct buf b = { 0 };

	buf_reset(&ui->text);
	pivot_column_text(x, id, g, &ui->text);
	if (id == PCOL_GROUP && groups[x->p->group].middle &&
	    utf8_width(buf_str(&ui->text)) > r.w)
		text_fit_middle(&b, buf_str(&ui->text), r.w, ui->ascii);
	else
		text_fit(&b, buf_str(&ui->text), r.w, pivot_columns[id].align,
			 ui->ascii);
	canvas_put(c, r.x, r.y, r.w, STYLE_NORMAL, buf_str(&b));
	list_restyle(c, r.x, r.y, buf_str(&b),
		     cell_style(x, g, id, buf_str(&ui->text)));
	search_mark(ui, c, r.x, r.y, r.w, buf_str(&b), buf_str(&ui->text));
	buf_free(&b);
}

static void draw_row(struct ui *ui, struct canvas *c, int y,
		     const struct pivot_context *x, const struct group *g)
{
	const struct fit *f = &ui->group_fit;
	struct rect r = { .x = list_margin(c), .y = y, .h = 1 };

	draw_mark(ui, c, y, g);
	for (int i = 0; i < f->count; i++) {
		r.w = f->width[i];
		draw_cell(ui, c, x, g, f->id[i], r);
		r.x += r.w + list_gap(c);
	}
}

void groups_draw(struct ui *ui, struct canvas *c, struct rect r)
{
	struct scroll *s = &ui_level(ui)->scroll;
	struct pivot_context x = context(ui);
	const struct group *g;

	s->count = (long)rows_count(ui);
	s->page = r.h - 1;
	scroll_clamp(s);
	ui_hit(ui, r, HIT_LIST, -1);
	measure(ui, r);
	pivot_fit(&ui->group_fit, &x, ui->group_states,
		  s->count ? ui->group_content : NULL,
		  c->width - list_margin(c), list_gap(c));
	draw_titles(ui, c, r.y);
	if (!s->count)
		list_empty(ui, c, r);
	for (long i = 0; i < s->page; i++) {
		int y = r.y + 1 + (int)i;

		g = rows_group(ui, s->top + i);
		if (!g)
			break;
		draw_row(ui, c, y, &x, g);
		if (s->top + i == s->cursor && ui->focus == PANE_LIST)
			canvas_select(c, 0, y, r.w);
		ui_hit(ui, (struct rect){ 0, y, r.w, 1 }, HIT_LIST,
		       s->top + i);
	}
}

void groups_text(struct ui *ui, long row, struct buf *out)
{
	const struct pivot_context x = context(ui);
	const struct group *g = view_group(&ui->view, row);

	for (int id = 0; g && id < PIVOT_COLUMN_COUNT; id++) {
		if (id == PCOL_REST)
			continue;
		pivot_column_text(&x, id, g, out);
		buf_char(out, ' ');
	}
}

/* ---- the menu ---- */

/* Those that group come first, the end of it last. */
static enum group_id group_of(long i)
{
	return i + 1 < GROUP_COUNT ? (enum group_id)(i + 1) : GROUP_NONE;
}

static long count(struct ui *ui)
{
	(void)ui;
	return GROUP_COUNT;
}

static void entry(struct ui *ui, long i, struct menu_entry *e)
{
	const struct group_info *info = &groups[group_of(i)];

	e->text = info->menu;
	e->help = info->help;
	e->letter = info->letter;
	e->current = ui_level(ui)->group == group_of(i);
}

static unsigned pick(struct ui *ui, long i)
{
	level_group(ui, group_of(i));
	return 0;
}

const struct menu_kind group_menu = {
	.title = "Group by", .foot = "a letter or Enter picks",
	.count = count, .entry = entry, .pick = pick,
};

void group_menu_open(struct ui *ui)
{
	enum group_id now = ui_level(ui)->group;

	menu_open(ui, &group_menu, now == GROUP_NONE ? 0 : now - 1);
}
