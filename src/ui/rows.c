#include "ui/state.h"

#include <string.h>

void rows_update(struct ui *ui)
{
	if (ui->paused) {
		ui->ctx.now = ui->freeze.now;
		freeze_update(ui);
	} else {
		ui->ctx.now = clock_mono(ui->live->clock);
		view_update(&ui->view, &ui->ctx);
	}
	level_follow_cursor(ui);
}

size_t rows_count(const struct ui *ui)
{
	return ui->paused ? ui->freeze.row_count : ui->view.count;
}

const struct sock *rows_get(const struct ui *ui, size_t i)
{
	if (i >= rows_count(ui))
		return NULL;
	if (ui->paused)
		return &ui->freeze.socks[ui->freeze.rows[i]];
	return view_sock(&ui->view, ui->live, i);
}

long rows_find(const struct ui *ui, uint64_t serial)
{
	const struct freeze *f = &ui->freeze;
	size_t i;

	if (!ui->paused)
		return view_find(&ui->view, serial);
	for (i = 0; i < f->row_count; i++)
		if (f->socks[f->rows[i]].serial == serial)
			return i;
	return -1;
}

size_t rows_live(const struct ui *ui)
{
	return ui->paused ? ui->freeze.live : ui->view.live;
}

size_t rows_hidden_by_state(const struct ui *ui)
{
	return ui->paused ? ui->freeze.hidden_by_state :
			    ui->view.hidden_by_state;
}

const struct sock *rows_lookup(const struct ui *ui, uint64_t serial,
			       uint32_t slot)
{
	const struct sock *s;
	size_t i;

	if (!ui->paused) {
		if (slot >= table_slots(ui->live->table))
			return NULL;
		s = table_slot(ui->live->table, slot);
		return s && s->serial == serial ? s : NULL;
	}
	for (i = 0; i < ui->freeze.sock_count; i++)
		if (ui->freeze.socks[i].serial == serial)
			return &ui->freeze.socks[i];
	return NULL;
}

size_t changes_count(const struct ui *ui)
{
	return ui->paused ? ui->freeze.change_count :
			    change_log_count(ui->live->log);
}

const struct change *changes_get(const struct ui *ui, size_t i)
{
	if (!ui->paused)
		return change_log_get(ui->live->log, i);
	return i < ui->freeze.change_count ? &ui->freeze.changes[i] : NULL;
}

uint64_t changes_total(const struct ui *ui)
{
	return ui->paused ? ui->freeze.change_total :
			    change_log_total(ui->live->log);
}
