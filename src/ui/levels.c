/*
 * levels.c - drilling in and out, and where the cursor stands
 *
 * The cursor is at rest at the top of the list until a person moves it.  From
 * then on it is anchored: it follows its socket, and the order is held until
 * it is let go.  A followed socket is kept under the cursor too, but there
 * the list goes on sorting itself.
 */
#include "ui/state.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The cursor moves to row i, and the window so that it stays on its line. */
static void carry(struct scroll *s, long i)
{
	s->top += i - s->cursor;
	s->cursor = i;
}

/* The socket or group under the cursor, that it is found again by. */
static void take_row(struct ui *ui)
{
	struct level *l = ui_level(ui);
	const struct sock *s = rows_get(ui, l->scroll.cursor);
	const struct group *g = rows_group(ui, l->scroll.cursor);

	l->serial = s ? s->serial : 0;
	l->slot = rows_slot(ui, l->scroll.cursor);
	if (g)
		l->key = g->key;
}

/* Where the row that the cursor follows stands now; -1: it is gone. */
static long find_row(struct ui *ui)
{
	struct level *l = ui_level(ui);

	if (view_grouped(&ui->view) != GROUP_NONE)
		return view_find_group(&ui->view, &ui->ctx, &l->key);
	if (ui->follow)
		return rows_find(ui, ui->follow_slot, ui->follow);
	return rows_find(ui, l->slot, l->serial);
}

void level_follow_cursor(struct ui *ui)
{
	struct level *l = ui_level(ui);
	struct scroll *s = &l->scroll;
	long i;

	s->count = rows_count(ui);
	if (ui->follow || l->anchored) {
		i = find_row(ui);
		if (i >= 0) {
			carry(s, i);
		} else if (ui->follow) {
			ui_say(ui, true, "the followed %s is gone, "
			       "or no longer shown",
			       ui->follow == FOLLOW_GROUP ?
			       groups[l->group].one : "socket");
			ui->follow = 0;
		}
	} else {
		s->cursor = s->top = 0;
	}
	scroll_clamp(s);
	take_row(ui);
}

void level_anchor(struct ui *ui)
{
	struct level *l = ui_level(ui);

	ui->follow = 0;
	l->anchored = l->scroll.count > 0;
	ui->view.held = l->anchored;
	take_row(ui);
}

void level_release(struct ui *ui)
{
	ui->follow = 0;
	ui_level(ui)->anchored = false;
	ui->view.held = false;
	rows_release(ui);
}

void level_go(struct ui *ui, long row)
{
	struct scroll *s = &ui_level(ui)->scroll;

	s->cursor = row;
	/* a line of context above, if it has to scroll */
	if (row < s->top || row >= s->top + s->page)
		s->top = row - s->page / 2;
	scroll_clamp(s);
	level_anchor(ui);
}

bool level_select(struct ui *ui, uint32_t slot, uint64_t serial)
{
	long i = rows_find(ui, slot, serial);

	if (i >= 0)
		level_go(ui, i);
	return i >= 0;
}

/* The order of the level's rows is that of the view. */
static void set_order(struct ui *ui, const struct level *l)
{
	if (l->group == GROUP_NONE) {
		ui->view.sort = l->sort;
		ui->view.reverse = l->reverse;
	} else {
		ui->view.group_sort = l->sort;
		ui->view.group_reverse = l->reverse;
	}
}

static void take_order(const struct ui *ui, struct level *l)
{
	bool sockets = l->group == GROUP_NONE;

	l->sort = sockets ? ui->view.sort : ui->view.group_sort;
	l->reverse = sockets ? ui->view.reverse : ui->view.group_reverse;
}

/* Sorts what the level shows afresh by rows(), then holds that order if it was
 * held. */
static void level_show(struct ui *ui, void (*rows)(struct ui *ui))
{
	struct level *l = ui_level(ui);
	struct view *v = &ui->view;

	v->within_count = 0;
	for (int i = 0; i <= ui->depth; i++)
		if (ui->level[i].into)
			v->within[v->within_count++] = ui->level[i].by;
	v->group = l->group;
	set_order(ui, l);
	v->held = false;
	memset(ui->group_content, 0, sizeof(ui->group_content));
	ui->group_states = 0;
	rows(ui);
	v->held = l->anchored;
}

static void level_leave(struct ui *ui)
{
	ui->follow = 0;
	take_order(ui, ui_level(ui));
}

/* False: there are as many as there can be, and it was said. */
static bool room_below(struct ui *ui, const struct level *inner)
{
	if (ui->depth + 1 < LEVELS_MAX &&
	    (!inner->into || ui->view.within_count < RESTRICTIONS_MAX))
		return true;
	ui_say(ui, true, "no further in: these are %d groups already",
	       ui->view.within_count);
	return false;
}

static void push(struct ui *ui, struct level *inner)
{
	inner->scroll.page = ui_level(ui)->scroll.page;
	level_leave(ui);
	/* those of the first level are the most */
	if (!ui->depth)
		view_put_aside(&ui->view);
	ui->level[++ui->depth] = *inner;
	level_show(ui, rows_update);
}


static void name_level(struct ui *ui, struct level *l,
		       const struct group_owner *o)
{
	enum group_id id = l->by.group;
	struct buf text = { 0 }, fit = { 0 };
	int width;

	/* an arrow would read as one more crumb */
	if (id == GROUP_PORT && group_port_is_theirs(&l->by.key))
		id = GROUP_REMOTE_PORT;
	if (*groups[id].crumb)
		buf_printf(&text, "%s ", groups[id].crumb);
	group_text(&ui->ctx, id, &l->by.key, o, &text);
	width = utf8_width(buf_str(&text));
	text_fit_middle(&fit, buf_str(&text), width < LEVEL_NAME_WIDTH ?
			width : LEVEL_NAME_WIDTH, ui->ascii);
	snprintf(l->name, sizeof(l->name), "%s", buf_str(&fit));
	buf_free(&text);
	buf_free(&fit);
}

/* A group's sockets, in the order that the sockets outside of it have. */
static void into_group(struct ui *ui, const struct group *g)
{
	const struct level *l = ui_level(ui);
	const struct group_owner o = group_owner(g);
	struct level inner = {
		.into = true, .by = { .group = l->group, .key = g->key },
		.sort = ui->view.sort, .reverse = ui->view.reverse,
	};

	if (!room_below(ui, &inner))
		return;
	name_level(ui, &inner, &o);
	push(ui, &inner);
}

/* Its port, and it stays under the cursor; false: it has none. */
static bool into_port(struct ui *ui, const struct sock *s, uint32_t slot)
{
	struct level inner = {
		.into = true, .by = { .group = GROUP_PORT },
		.sort = ui->view.sort, .reverse = ui->view.reverse,
		.anchored = true, .serial = s->serial, .slot = slot,
	};

	group_key_of(&ui->ctx, GROUP_PORT, s, &inner.by.key);
	if (!(inner.by.key.word[0] >> 1))
		return false;
	name_level(ui, &inner, NULL);
	push(ui, &inner);
	return true;
}

void level_in(struct ui *ui)
{
	const struct level *l = ui_level(ui);
	const struct sock *s = rows_get(ui, l->scroll.cursor);
	const struct group *g = rows_group(ui, l->scroll.cursor);
	uint32_t slot = rows_slot(ui, l->scroll.cursor);

	/* the rows of another level, as long as these are not found yet */
	if (view_grouped(&ui->view) != l->group)
		return;
	if (g)
		into_group(ui, g);
	else if (s && (ui->depth || !into_port(ui, s, slot)))
		detail_open(ui, s, slot);
}

bool level_out(struct ui *ui)
{
	if (ui->detail.open) {
		detail_close(ui);
		return true;
	}
	if (ui->depth == 0)
		return false;
	level_leave(ui);
	ui->depth--;
	level_show(ui, ui->depth ? rows_update : rows_back);
	return true;
}

void level_group(struct ui *ui, enum group_id id)
{
	struct level inner = {
		.group = (uint8_t)id, .sort = PCOL_TOTAL, .reverse = true,
	};
	struct level *l = ui_level(ui);

	ui->focus = PANE_LIST;
	if (ui->detail.open)
		detail_close(ui);
	if (l->group == id) {
		if (id == GROUP_NONE)
			ui_say(ui, false, "these are sockets already");
		return;
	}
	if (id == GROUP_NONE) {
		level_out(ui);
	} else if (l->group == GROUP_NONE) {
		if (room_below(ui, &inner))
			push(ui, &inner);
	} else {
		/* other groups of the same sockets, in the same order */
		take_order(ui, l);
		ui->follow = 0;
		l->group = (uint8_t)id;
		if (l->sort == PCOL_GROUP ||
		    !pivot_column_useful(l->sort, id)) {
			l->sort = PCOL_TOTAL;
			l->reverse = true;
		}
		l->anchored = false;
		level_show(ui, rows_update);
	}
}

bool level_row_has(struct ui *ui, const struct sock *s)
{
	const struct level *l = ui_level(ui);
	struct restriction r = { .group = (uint8_t)view_grouped(&ui->view) };

	if (r.group == GROUP_NONE)
		return s->serial == l->serial && l->serial;
	if (!rows_group(ui, l->scroll.cursor))
		return false;
	r.key = l->key;
	return view_match(&ui->view, &ui->ctx, s) &&
	       restriction_match(&ui->ctx, &r, s);
}
