/*
 * freeze.c - the screen stands still while reading goes on
 *
 * On pause every socket and change is copied, so that the frozen screen can
 * still be scrolled, sorted, filtered and drilled into.  The copies hold
 * references to their owner sets.
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

/* Those on the screen first and in their order, so that freezing it moves
 * nothing; then all others, for another filter or another level. */
static void keep_socks(struct freeze *f, const struct monitor *m,
		       const struct view *v)
{
	uint32_t i, slots = table_slots(m->table), n = v->count;
	uint32_t *row_of = mem_array(NULL, slots + 1, sizeof(*row_of));
	const struct sock *s;

	f->socks = mem_array(NULL, slots + 1, sizeof(*f->socks));
	f->rank = mem_array(NULL, slots + 1, sizeof(*f->rank));
	f->rows = mem_array(NULL, slots + 1, sizeof(*f->rows));
	memset(row_of, 0xff, (slots + 1) * sizeof(*row_of));
	for (i = 0; i < n; i++)
		if (view_sock(v, m, i))
			row_of[v->rows[i].slot] = i;
	for (i = 0; i < slots; i++) {
		s = table_slot(m->table, i);
		if (!s)
			continue;
		f->rank[f->sock_count] = row_of[i];
		sock_keep(m->owners, &f->socks[f->sock_count++], s);
	}
	f->sort = v->sort;
	f->reverse = v->reverse;
	free(row_of);
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
	keep_socks(f, ui->live, &ui->view);
	keep_changes(f, ui->live);
	ui->paused = true;
	ui->shown = &f->monitor;
	ui->ctx.monitor = ui->shown;
}

void freeze_drop(struct ui *ui)
{
	struct freeze *f = &ui->freeze;
	struct owners *o = ui->live->owners;
	size_t i;

	for (i = 0; i < f->sock_count; i++)
		sock_unkeep(o, &f->socks[i]);
	for (i = 0; i < f->change_count; i++)
		owners_unref(o, f->changes[i].owner);
	free(f->socks);
	free(f->rank);
	free(f->rows);
	free(f->changes);
	memset(f, 0, sizeof(*f));
	ui->paused = false;
	ui->shown = ui->live;
	ui->ctx.monitor = ui->live;
}

static int compare(const void *a, const void *b, void *arg)
{
	struct ui *ui = arg;
	const struct freeze *f = &ui->freeze;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	bool same = f->sort == ui->view.sort && f->reverse == ui->view.reverse;
	int r = 0;

	/* in the order it froze with, what was seen stays where it was */
	if (!same || f->rank[i] == UINT32_MAX || f->rank[k] == UINT32_MAX)
		r = column_compare(&ui->ctx, ui->view.sort, ui->view.reverse,
				   &f->socks[i], &f->socks[k]);
	if (!r)
		r = (f->rank[i] > f->rank[k]) - (f->rank[i] < f->rank[k]);
	return r ? r : (i > k) - (i < k);
}

/* What view_update() does for the live table. Nothing moves in here, so there
 * is no order to hold. */
void freeze_update(struct ui *ui)
{
	struct freeze *f = &ui->freeze;
	struct view any = ui->view;
	const struct sock *s;
	size_t i;

	any.states = STATES_ALL;
	f->row_count = f->live = f->hidden_by_state = 0;
	for (i = 0; i < f->sock_count; i++) {
		s = &f->socks[i];
		if (view_match(&ui->view, &ui->ctx, s)) {
			f->rows[f->row_count++] = i;
			f->live += s->live;
		} else if (s->live && view_match(&any, &ui->ctx, s))
			f->hidden_by_state++;
	}
	qsort_r(f->rows, f->row_count, sizeof(*f->rows), compare, ui);
}
