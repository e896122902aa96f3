/*
 * rows.c - which sockets are shown, and the work that finding them is
 *
 * On a large host that takes longer than a key may wait.  It is done a step at
 * a time, and until it is over the rows are those there were before.
 */
#include "ui/state.h"

#include "base/mem.h"

enum { SLOTS_A_LOOK = 512 };	/* between two looks at the clock */

bool rows_step(struct ui *ui, int64_t until)
{
	if (!ui->view.scan)
		return false;
	while (view_step(&ui->view, &ui->ctx, SLOTS_A_LOOK))
		if (clock_mono(ui->live->clock) >= until)
			return true;
	ui->hurry = false;
	level_follow_cursor(ui);
	/* what the first key that looks at all of them will want */
	mem_large_ready(ui->view.count, sizeof(uint32_t));
	return false;
}

static void begin(struct ui *ui)
{
	ui->ctx.now = ui->paused ? ui->freeze.now : clock_mono(ui->live->clock);
	view_begin(&ui->view, &ui->ctx);
	ui->rows_due = false;
}

void rows_update(struct ui *ui)
{
	begin(ui);
	ui->hurry = true;
	rows_step(ui, clock_mono(ui->live->clock) + AT_ONCE_NS);
}

static void found_at_once(struct ui *ui)
{
	ui->rows_due = false;
	ui->hurry = false;
	level_follow_cursor(ui);
}

static void take_time(struct ui *ui)
{
	if (!ui->paused)
		ui->ctx.now = clock_mono(ui->live->clock);
}

static void at_once_or_anew(struct ui *ui, bool found)
{
	if (found)
		found_at_once(ui);
	else
		rows_update(ui);
}

void rows_release(struct ui *ui)
{
	take_time(ui);
	at_once_or_anew(ui, view_follow(&ui->view, &ui->ctx));
}

void rows_back(struct ui *ui)
{
	take_time(ui);
	at_once_or_anew(ui, view_take_back(&ui->view, &ui->ctx));
}

void rows_refresh(struct ui *ui)
{
	take_time(ui);
	if (view_follow(&ui->view, &ui->ctx)) {
		found_at_once(ui);
		return;
	}
	begin(ui);
	ui->hurry = false;
	rows_step(ui, clock_mono(ui->live->clock) + NS_PER_MS);
}

size_t rows_count(const struct ui *ui)
{
	return ui->view.count;
}

const struct sock *rows_get(struct ui *ui, size_t i)
{
	view_ready(&ui->view, &ui->ctx, i, i + 1);
	return view_sock(&ui->view, ui->shown, i);
}

const struct group *rows_group(struct ui *ui, size_t i)
{
	view_ready(&ui->view, &ui->ctx, i, i + 1);
	return view_group(&ui->view, i);
}

uint32_t rows_slot(const struct ui *ui, size_t i)
{
	return i < ui->view.count && view_grouped(&ui->view) == GROUP_NONE ?
	       ui->view.rows.order.rows[i] : 0;
}

long rows_find(struct ui *ui, uint32_t slot, uint64_t serial)
{
	return view_find(&ui->view, &ui->ctx, slot, serial);
}

size_t rows_live(const struct ui *ui)
{
	return ui->view.rows.live;
}

size_t rows_hidden_by_state(const struct ui *ui)
{
	return ui->view.rows.hidden_by_state;
}

const struct sock *rows_lookup(const struct ui *ui, uint64_t serial,
			       uint32_t slot)
{
	const struct sock *s = table_slot(ui->shown->table, slot);

	return s && s->serial == serial ? s : NULL;
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
