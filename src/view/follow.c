/*
 * Keeping up with what changed, where most did not.
 *
 * Of a million rows those that were touched are taken out, in one walk over
 * their numbers, and put in again where they belong now: a millisecond or two,
 * and no other socket is read.
 */
#include "view/update.h"

#include <stdlib.h>

#include "base/mem.h"

struct following {
	struct view *view;
	struct column_context *context;
	const struct table *table;
	uint64_t *touched;		/* bits of slots: to be looked at */
	struct row_list come;
	struct row_list gone;		/* view.rows.gone, anew */
};

/*
 * Without looking at all sockets it is known how many the states hide only
 * where nothing else hides any.  What is known of a process, its service say,
 * may come later than the process.
 */
static bool may_follow(const struct view *v, const struct column_context *c)
{
	bool few = v->filter || v->listeners_only || !v->ipv4 || !v->ipv6 ||
		   v->within_count;

	for (int i = 0; i < v->within_count; i++)
		if (groups[v->within[i].group].needs & NEED_OWNER)
			return false;
	return !v->scan && v->rows.table == c->monitor->table &&
	       view_asks(v, &v->rows.asked) &&
	       v->group == GROUP_NONE && view_grouped(v) == GROUP_NONE &&
	       v->sort == v->rows.sort && v->reverse == v->rows.reverse &&
	       (v->held || !v->rows.held) && !v->rows.unsettled &&
	       !(few && (v->states & STATES_ALL) != STATES_ALL) &&
	       !(v->filter && filter_moves(v->filter));
}

static bool is_touched(const struct following *f, uint32_t slot)
{
	return f->touched[slot / 64] >> slot % 64 & 1;
}

static void untouch(struct following *f, uint32_t slot)
{
	f->touched[slot / 64] &= ~(UINT64_C(1) << slot % 64);
}

/* NULL if it is not to be shown */
static const struct sock *shown(const struct following *f, uint32_t slot)
{
	const struct sock *s = table_slot(f->table, slot);

	return s && view_lists(s) && view_match(f->view, f->context, s) ? s
									: NULL;
}

/* The order is held, and that row may belong elsewhere. */
static void misplace(struct view *v, uint32_t slot)
{
	if (v->rows.held)
		return;
	row_add(&v->rows.misplaced, slot);
	v->rows.held = v->rows.misplaced.count > view_misplaced_max(&v->rows);
}

/* A row that was touched: while the order is held it stays where it is, if it
 * is the same socket still; else it is put in anew. */
static bool keep(void *arg, uint32_t slot)
{
	struct following *f = arg;
	const struct sock *s = shown(f, slot);

	if (!f->view->held || !s || s->serial > f->view->rows.newest)
		return false;
	untouch(f, slot);
	if (!s->live)
		row_add(&f->gone, slot);
	misplace(f->view, slot);
	return true;
}

static bool unsettled(const struct following *f, const struct sock *s)
{
	uint64_t key[COLUMN_KEY_WORDS];

	if (!columns[f->view->sort].moves || !s->live)
		return false;
	column_key(f->context, f->view->sort, f->view->reverse, s, key);
	return key[0] == KEY_UNKNOWN;
}

/* Those touched that are no rows, or not any more; each once. */
static void find_coming(struct following *f, const uint32_t *slots, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct sock *s;

		if (slots[i] >= table_slots(f->table) ||
		    !is_touched(f, slots[i]))
			continue;
		untouch(f, slots[i]);
		s = shown(f, slots[i]);
		if (!s)
			continue;
		row_add(&f->come, slots[i]);
		if (!s->live)
			row_add(&f->gone, slots[i]);
		f->view->rows.unsettled |= unsettled(f, s);
	}
}

static void put_in(struct following *f)
{
	struct view *v = f->view;
	struct placing p;

	v->rows.newest = table_newest(f->table);
	if (v->held) {
		order_append(&v->rows.order, f->come.row, f->come.count);
		for (size_t i = 0; i < f->come.count; i++)
			misplace(v, f->come.row[i]);
		return;
	}
	placing_begin(&p, v, f->context);
	order_insert(&v->rows.order, &p.by, f->come.row, f->come.count);
}

/* Those are to be looked at. */
static void touch(struct following *f, const uint32_t *slots, size_t n)
{
	uint32_t all = table_slots(f->table);

	for (size_t i = 0; i < n; i++)
		if (slots[i] < all)
			f->touched[slots[i] / 64] |=
				UINT64_C(1) << slots[i] % 64;
}

static void follow(struct following *f, const uint32_t *slots, size_t n)
{
	struct view *v = f->view;
	struct row_list back = { 0 };	/* where they belong, at last */

	if (!v->held) {
		back = v->rows.misplaced;
		v->rows.misplaced = (struct row_list){ 0 };
	}
	f->touched = mem_zalloc((table_slots(f->table) / 64 + 1) *
				sizeof(*f->touched));
	touch(f, slots, n);
	touch(f, back.row, back.count);
	for (size_t i = 0; i < v->rows.gone.count; i++)
		if (!is_touched(f, v->rows.gone.row[i]))
			row_add(&f->gone, v->rows.gone.row[i]);
	order_sift(&v->rows.order, f->touched, keep, f);
	find_coming(f, slots, n);
	find_coming(f, back.row, back.count);
	put_in(f);
	free(back.row);
	free(f->come.row);
	free(f->touched);
	free(v->rows.gone.row);
	v->rows.gone = f->gone;
}

bool view_follow(struct view *v, struct column_context *c)
{
	struct table *t = c->monitor->table;
	struct following f = { .view = v, .context = c, .table = t };
	const uint32_t *slots;
	size_t n;

	if (!may_follow(v, c) || !table_touched(t, &slots, &n))
		return false;
	if (n || (v->rows.misplaced.count && !v->held))
		follow(&f, slots, n);
	view_note_touched(v, t);
	table_touched_clear(t);
	v->count = v->rows.order.count;
	v->rows.live = v->count - v->rows.gone.count;
	v->rows.hidden_by_state = (v->states & STATES_ALL) == STATES_ALL ? 0 :
			     table_counts_now(t)->total - v->rows.live;
	return true;
}
