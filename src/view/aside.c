/*
 * Rows put aside while others are shown, and brought back as if they had been
 * there all the time.
 *
 * What was touched meanwhile is noted, and put where it belongs when they come
 * back.  So the way out of a group takes no look at all of the table.
 *
 * They are shown until the others are there, and taken only then: to copy the
 * numbers of a million rows would take longer than to group these by process.
 */
#include "view/update.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct view_aside {
	bool taken;			/* else they still are the view's */
	struct view_rows was;
	struct row_list touched;
	bool lost;			/* more than that may be */
};

void view_forget(struct view *v)
{
	struct view_aside *a = v->aside;

	if (!a)
		return;
	view_rows_free(&a->was);
	free(a->touched.row);
	free(a);
	v->aside = NULL;
}

void view_put_aside(struct view *v)
{
	view_forget(v);
	if (!v->scan && v->rows.table && view_grouped(v) == GROUP_NONE)
		v->aside = mem_zalloc(sizeof(*v->aside));
}

void view_replacing(struct view *v, bool in_place)
{
	struct view_aside *a = v->aside;

	if (!a || a->taken)
		return;
	a->taken = true;
	a->was = v->rows;
	v->rows.order = in_place ? order_copy(&a->was.order) :
				   (struct order){ 0 };
	v->rows.gone = v->rows.misplaced = (struct row_list){ 0 };
}

static const struct view_rows *rows_aside(const struct view *v)
{
	return v->aside->taken ? &v->aside->was : &v->rows;
}

void view_note_touched(struct view *v, const struct table *t)
{
	struct view_aside *a = v->aside;
	const uint32_t *slots;
	size_t n;

	if (!a || a->lost || rows_aside(v)->table != t)
		return;
	if (!table_touched(t, &slots, &n) ||
	    a->touched.count + n > view_misplaced_max(rows_aside(v))) {
		a->lost = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		row_add(&a->touched, slots[i]);
}

static void bring_back(struct view *v)
{
	struct view_aside *a = v->aside;

	view_drop(v);
	if (a->taken) {
		pivot_free(&v->pivot);
		view_rows_free(&v->rows);
		v->rows = a->was;
		v->count = v->rows.order.count;
	}
	for (size_t i = 0; i < a->touched.count; i++)
		row_add(&v->rows.misplaced, a->touched.row[i]);
	a->was = (struct view_rows){ 0 };
	view_forget(v);
}

bool view_take_back(struct view *v, struct column_context *c)
{
	const struct view_aside *a = v->aside;

	if (!a || a->lost) {
		view_forget(v);
		return false;
	}
	bring_back(v);
	return view_follow(v, c);	/* or they are not what is wanted */
}
