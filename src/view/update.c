/*
 * Which rows a view has.
 *
 * A whole update walks over the slots of the table in their order: that is the
 * order of memory, and a million sockets are read three times as fast as in any
 * other.  What it learns of the order is little: which rows are the first and
 * which the last ones, as a sample of all tells where these begin and end.  So
 * either end of the list can be shown at once, and the rest is put in order
 * when somebody looks at it.
 */
#include "view/update.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/grouping.h"
#include "view/parting.h"
#include "view/place_sort.h"
#include "view/scan.h"

/* So many rows at either end, or some more: several screens. */
enum { ENDS = 512, ENDS_LEAST = 8 };

/* ---- the beginning ---- */

/* Places of what the view will have, from all over the table. */
static size_t take_sample(struct view *v, struct column_context *c,
			  struct place *sample)
{
	const struct view_scan *scan = v->scan;
	size_t n = 0;

	for (uint64_t i = 0; i < PARTING_SAMPLE; i++) {
		const struct sock *s = table_slot(c->monitor->table,
			(uint32_t)(i * scan->slots / PARTING_SAMPLE));

		if (s && view_lists(s) && (scan->all || view_match(v, c, s)))
			place_of(&sample[n++], c, scan->sort, scan->reverse, s);
	}
	return n;
}

/* Returns about how many rows there will be. */
static size_t choose_cuts(struct view *v, struct column_context *c)
{
	struct view_scan *scan = v->scan;
	struct place *sample;
	size_t n, end;

	if (scan->slots < 2 * PARTING_SAMPLE)
		return scan->slots;	/* one piece will do */
	sample = mem_array(NULL, PARTING_SAMPLE, sizeof(*sample));
	n = take_sample(v, c, sample);
	end = ENDS * PARTING_SAMPLE / scan->slots + ENDS_LEAST;
	if (n > 4 * end) {
		place_sort(sample, (uint32_t)n);
		scan->cuts.at[0] = sample[end];
		scan->cuts.at[1] = sample[n - end];
		scan->cuts.count = 2;
	}
	free(sample);
	return n * scan->slots / PARTING_SAMPLE;
}

static void expect_rows(struct view_scan *scan, size_t rows)
{
	struct row_list *most = &scan->part[scan->cuts.count ? 1 : 0];

	most->capacity = order_room(rows + rows / 16);
	most->row = mem_large(most->capacity, sizeof(*most->row));
}

static bool only_ports(const struct view *v)
{
	for (int i = 0; i < v->within_count; i++)
		if (v->within[i].group != GROUP_PORT)
			return false;
	return !v->filter && !v->listeners_only && v->ipv4 && v->ipv6;
}

void view_begin(struct view *v, struct column_context *c)
{
	struct table *t = c->monitor->table;
	struct view_scan *scan;
	size_t bits;

	view_drop(v);
	scan = v->scan = mem_zalloc(sizeof(*scan));
	view_note_touched(v, t);
	table_touched_clear(t);
	scan->slots = table_slots(t);
	scan->newest = table_newest(t);
	scan->now = c->now;
	/* the order of groups says nothing of sockets */
	scan->held = v->held && v->group == GROUP_NONE &&
		     view_grouped(v) == GROUP_NONE;
	scan->all = !v->filter && !view_restricted(v);
	scan->ports = only_ports(v);
	scan->sort = v->sort;
	scan->reverse = v->reverse;
	scan->moves = columns[v->sort].moves;
	if (v->group != GROUP_NONE) {
		scan->groups = mem_zalloc(sizeof(*scan->groups));
		grouping_begin(scan->groups, v, c);
		return;
	}
	if (!scan->held) {
		expect_rows(scan, choose_cuts(v, c));
		return;
	}
	bits = scan->slots / 64 + 1;
	scan->stay = mem_zalloc(bits * sizeof(*scan->stay));
	scan->fresh = mem_zalloc(bits * sizeof(*scan->fresh));
}

/* ---- going on ---- */

static void finish(struct view *v);

bool view_step(struct view *v, struct column_context *c, uint32_t n)
{
	struct view_scan *scan = v->scan;

	if (!scan)
		return false;
	if (scan_step(v, c, n) ||
	    (scan->groups && grouping_step(scan->groups, v, c, n + 1)))
		return true;
	finish(v);
	v->rows.table = c->monitor->table;
	return false;
}

double view_progress(const struct view *v)
{
	return v->scan ? (double)v->scan->at / (v->scan->slots + 1) : 1;
}

/* ---- the end ---- */

/* The lists as one: in the room of the middle one, which is the longest. */
static void finish_ordered(struct view *v)
{
	struct view_scan *scan = v->scan;
	struct row_list *all = &scan->part[scan->cuts.count ? 1 : 0];
	const struct row_list *first = &scan->part[0];
	const struct row_list *last = &scan->part[CUTS_MAX];
	size_t size[CUTS_MAX + 1], count = 0;

	for (int i = 0; i <= CUTS_MAX; i++)
		count += size[i] = scan->part[i].count;
	if (all->capacity < order_room(count)) {
		all->capacity = order_room(count);
		all->row = mem_array(all->row, all->capacity,
				     sizeof(*all->row));
	}
	if (scan->cuts.count) {
		memmove(all->row + first->count, all->row,
			all->count * sizeof(*all->row));
		if (first->count)
			memcpy(all->row, first->row,
			       first->count * sizeof(*all->row));
		if (last->count)
			memcpy(all->row + first->count + all->count, last->row,
			       last->count * sizeof(*all->row));
	}
	order_set(&v->rows.order, all->row, all->capacity, &scan->cuts, size);
	all->row = NULL;
}

/* Keeps those that match, once: whoever matches and was not there is left. */
static bool stays(void *arg, uint32_t slot)
{
	struct view_scan *scan = arg;
	uint64_t *word = &scan->stay[slot / 64];
	bool yes = *word >> slot % 64 & 1;

	*word &= ~(UINT64_C(1) << slot % 64);
	return yes;
}

static void finish_held(struct view *v)
{
	struct view_scan *scan = v->scan;
	struct row_list added = { 0 };

	order_sift(&v->rows.order, NULL, stays, scan);
	for (uint32_t i = 0; i <= scan->slots / 64; i++) {
		uint64_t bits = scan->stay[i] | scan->fresh[i];

		for (; bits; bits &= bits - 1)
			row_add(&added, i * 64 +
				(uint32_t)__builtin_ctzll(bits));
	}
	order_append(&v->rows.order, added.row, added.count);
	free(added.row);
}

static struct view_asked asked(const struct view *v)
{
	struct view_asked a = {
		.filter = v->filter ? filter_number(v->filter) : 0,
		.states = v->states & STATES_ALL,
		.listeners_only = v->listeners_only,
		.ipv4 = v->ipv4, .ipv6 = v->ipv6,
		.within_count = v->within_count,
	};

	memcpy(a.within, v->within, sizeof(a.within));
	return a;
}

bool view_asks(const struct view *v, const struct view_asked *a)
{
	const struct view_asked now = asked(v);

	for (int i = 0; i < now.within_count && i < a->within_count; i++)
		if (now.within[i].group != a->within[i].group ||
		    !group_key_equal(&now.within[i].key, &a->within[i].key))
			return false;
	return now.within_count == a->within_count &&
	       now.filter == a->filter && now.states == a->states &&
	       now.listeners_only == a->listeners_only &&
	       now.ipv4 == a->ipv4 && now.ipv6 == a->ipv6;
}

static void finish(struct view *v)
{
	struct view_scan *scan = v->scan;
	struct view_rows *r = &v->rows;

	if (!scan->groups)
		view_replacing(v, scan->held);
	if (scan->held)
		finish_held(v);
	else if (!scan->groups)
		finish_ordered(v);
	if (!scan->groups) {
		pivot_free(&v->pivot);
		r->sort = scan->sort;
		r->reverse = scan->reverse;
	}
	free(r->gone.row);
	r->gone = scan->gone;
	r->misplaced.count = 0;
	scan->gone = (struct row_list){ 0 };
	v->count = r->order.count;
	r->live = scan->live;
	r->hidden_by_state = scan->hidden_by_state;
	r->newest = scan->newest;
	r->asked = asked(v);
	r->held = scan->held;
	r->at = scan->now;
	r->unsettled = scan->unsettled;
	view_drop(v);
}

void view_update(struct view *v, struct column_context *c)
{
	view_begin(v, c);
	while (view_step(v, c, UINT32_MAX / 2))
		;
	view_ready(v, c, 0, v->count);
}
