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

#include "ui/glyph.h"
#include "view/changeline.h"

/* The cursor moves to row i, and the window so that it stays on its line. */
static void carry(struct scroll *s, long i)
{
	s->top += i - s->cursor;
	s->cursor = i;
}

static void take_serial(struct ui *ui)
{
	struct level *l = ui_level(ui);
	const struct sock *s = rows_get(ui, l->scroll.cursor);

	l->serial = s ? s->serial : 0;
	l->slot = rows_slot(ui, l->scroll.cursor);
}

void level_follow_cursor(struct ui *ui)
{
	struct level *l = ui_level(ui);
	struct scroll *s = &l->scroll;
	long i;

	s->count = rows_count(ui);
	if (ui->follow) {
		i = rows_find(ui, ui->follow_slot, ui->follow);
		if (i >= 0) {
			carry(s, i);
			l->serial = ui->follow;
		} else {
			ui_say(ui, true, "the followed socket is gone, "
			       "or no longer shown");
			ui->follow = 0;
		}
	} else if (l->anchored) {
		i = rows_find(ui, l->slot, l->serial);
		if (i >= 0)
			carry(s, i);
	} else {
		s->cursor = s->top = 0;
	}
	scroll_clamp(s);
	take_serial(ui);
}

void level_anchor(struct ui *ui)
{
	struct level *l = ui_level(ui);

	ui->follow = 0;
	l->anchored = l->scroll.count > 0;
	ui->view.held = l->anchored;
	take_serial(ui);
}

void level_release(struct ui *ui)
{
	ui->follow = 0;
	ui_level(ui)->anchored = false;
	ui->view.held = false;
	rows_update(ui);
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

/* Sorts what the level shows afresh, then holds that order if it was held. */
static void level_show(struct ui *ui)
{
	struct level *l = ui_level(ui);

	ui->view.drill_port = l->port;
	ui->view.drill_side = l->side;
	ui->view.sort = l->sort;
	ui->view.reverse = l->reverse;
	ui->view.held = false;
	rows_update(ui);
	ui->view.held = l->anchored;
}

static void level_leave(struct ui *ui)
{
	struct level *l = ui_level(ui);

	ui->follow = 0;
	l->sort = ui->view.sort;
	l->reverse = ui->view.reverse;
}

/* Our port where others connect to us, theirs where we connect. */
static void choose_port(const struct ui *ui, const struct sock *s,
			struct level *l)
{
	const struct sock_id *id = &s->row.id;
	bool ours = s->direction == DIR_IN || s->row.state == STATE_LISTEN;

	if (!ours && s->direction == DIR_UNKNOWN)
		ours = !id->remote_port ||
		       table_port_listened(ui->live->table, id->netns,
					   id->local_port);
	if (ours || s->direction != DIR_OUT) {
		l->port = id->local_port;
		l->side = DIR_IN;
	} else {
		l->port = id->remote_port;
		l->side = DIR_OUT;
	}
}

void level_in(struct ui *ui)
{
	const struct sock *s = rows_get(ui, ui_level(ui)->scroll.cursor);
	struct level inner = { .anchored = true };

	if (!s)
		return;
	inner.serial = s->serial;
	inner.slot = rows_slot(ui, ui_level(ui)->scroll.cursor);
	choose_port(ui, s, &inner);
	if (ui->depth + 1 >= LEVELS_MAX || inner.port == 0) {
		detail_open(ui, s, inner.slot);
		return;
	}
	level_leave(ui);
	inner.sort = ui->view.sort;
	inner.reverse = ui->view.reverse;
	inner.scroll.page = ui_level(ui)->scroll.page;
	ui->level[++ui->depth] = inner;
	level_show(ui);
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
	level_show(ui);
	return true;
}

void level_text(const struct ui *ui, struct buf *out)
{
	const char *name;
	char ends[2 * (ADDR_TEXT_MAX + 24)];
	const struct sock_id *id = &ui->detail.sock.row.id;
	int i;

	if (ui->diagram.inside)
		buf_printf(out, "diagram %s %s", glyph(GLYPH_CRUMB, ui->ascii),
			   state_info(ui->diagram.node)->name);
	else
		buf_puts(out, "all");
	for (i = 1; i <= ui->depth; i++) {
		buf_printf(out, " %s %sport %d",
			   glyph(GLYPH_CRUMB, ui->ascii),
			   ui->level[i].side == DIR_OUT ? "remote " : "",
			   ui->level[i].port);
		name = service_name(ui->level[i].port);
		if (name)
			buf_printf(out, " %s", name);
	}
	if (!ui->detail.open)
		return;
	addr_print_port(ends, id->family, &id->local, NULL, id->local_port);
	buf_printf(out, " %s %s", glyph(GLYPH_CRUMB, ui->ascii), ends);
	if (id->remote_port) {
		addr_print_port(ends, id->family, &id->remote, NULL,
				id->remote_port);
		buf_printf(out, " %s %s",
			   glyph(ui->detail.sock.direction == DIR_IN ?
				 GLYPH_IN : GLYPH_OUT, ui->ascii), ends);
	}
}
