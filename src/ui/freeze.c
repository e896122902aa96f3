/*
 * freeze.c - the screen stands still while reading goes on
 *
 * On pause the table and the changes are copied, so that the frozen screen can
 * still be scrolled, sorted, filtered and drilled into: the view goes on with
 * the copy, whose sockets have the same slots.
 */
#include "ui/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/timeline.h"

void sock_keep(struct owners *o, struct sock *dst, const struct sock *src)
{
	*dst = *src;
	owners_ref(o, dst->owner);
	dst->timeline = timeline_copy(src->timeline);
}

void sock_unkeep(struct owners *o, struct sock *s)
{
	owners_unref(o, s->owner);
	timeline_free(s->timeline);
	s->timeline = NULL;
	s->owner = OWNER_PENDING;
}

static void keep_changes(struct freeze *f, const struct monitor *m)
{
	size_t i, n = change_log_count(m->log);

	f->changes = mem_array(NULL, n + 1, sizeof(*f->changes));
	for (i = 0; i < n; i++) {
		f->changes[i] = *change_log_get(m->log, i);
		owners_ref(m->owners, f->changes[i].owner);
	}
	f->change_count = n;
	f->change_total = change_log_total(m->log);
}

void freeze_take(struct ui *ui)
{
	struct freeze *f = &ui->freeze;

	f->monitor = *ui->live;
	f->facts = ui->facts;
	f->now = clock_mono(ui->live->clock);
	f->monitor.table = table_copy(ui->live->table);
	keep_changes(f, ui->live);
	view_forget(&ui->view);
	ui->paused = true;
	ui->shown = &f->monitor;
	ui->ctx.monitor = ui->shown;
}

void freeze_drop(struct ui *ui)
{
	struct freeze *f = &ui->freeze;
	struct owners *o = ui->live->owners;
	size_t i;

	for (i = 0; i < f->change_count; i++)
		owners_unref(o, f->changes[i].owner);
	view_forget(&ui->view);
	table_free(f->monitor.table);
	free(f->changes);
	memset(f, 0, sizeof(*f));
	ui->paused = false;
	ui->shown = ui->live;
	ui->ctx.monitor = ui->live;
}
