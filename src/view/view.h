/*
 * view.h - the table after filter and order: what a screen or printer shows
 *
 * The view decides which sockets are shown and in which order.  It holds slots,
 * never pointers, and drops what is gone for good.  While held, the order stays
 * as it is: known rows keep their places, new ones are put at the end, those
 * that are gone stay marked until their mark fades.
 *
 *	view_init(&v);
 *	v.sort = COL_RECV_Q;
 *	view_update(&v, &ctx);		after each pass and each change of v
 *	for (i = top; i < v.count; i++)
 *		draw(view_sock(&v, ctx.monitor, i));
 *	view_free(&v);
 *
 * Who must not wait for a large table updates in steps, and has only those rows
 * put in order that are looked at; until the last step the rows are the old
 * ones:
 *
 *	view_begin(&v, &ctx);
 *	while (view_step(&v, &ctx, 1000))
 *		look_at_the_keyboard();
 *	view_ready(&v, &ctx, top, top + page);
 *
 * A view with a group shows one row for each group of its sockets instead: then
 * view_group() has the rows and view_sock() none.  What kind they are tells
 * view_grouped(), as until the last step of an update the old ones are there.
 *
 * Between passes little changes, and the view can follow that without looking
 * at all of the table.  It is the one that clears what table_touched() lists.
 *
 *	if (!view_follow(&v, &ctx))
 *		view_begin(&v, &ctx);
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/column.h"
#include "view/filter.h"
#include "view/order.h"
#include "view/pivot.h"

/* The changes that rates are counted from, i = 0 the newest. */
struct view_log {
	void *arg;
	const struct change *(*get)(void *arg, size_t i);
	size_t (*count)(void *arg);
	uint64_t (*total)(void *arg);
};

enum { RESTRICTIONS_MAX = 8 };

struct row_list {
	uint32_t *row;
	size_t count, capacity;
};

/* what rows were asked for, beside their order */
struct view_asked {
	unsigned filter;		/* filter_number(); 0 none */
	unsigned states;
	bool listeners_only, ipv4, ipv6;
	int within_count;
	struct restriction within[RESTRICTIONS_MAX];
};

/* what is shown now, whatever is asked for by now */
struct view_rows {
	struct order order;		/* of slots, or of the pivot's groups */
	size_t live;			/* those that are live sockets */
	size_t hidden_by_state;		/* sockets only the state mask hides */
	uint64_t newest;		/* serial: later ones are in no row */
	uint8_t sort;			/* by which they are ordered, */
	bool reverse;			/* or the groups */
	bool held;			/* only in part: the order was held */
	bool unsettled;			/* time alone may move a row */
	int64_t at;			/* ages are compared as of then */
	const struct table *table;	/* that they are of; NULL none */
	struct view_asked asked;	/* what they are */
	struct row_list gone;		/* those that are no live sockets */
	struct row_list misplaced;	/* slots that may belong elsewhere: they
					   changed while the order was held */
};

struct view {
	/* the caller's to set */
	struct filter *filter;		/* owned by the view; NULL all */
	unsigned states;		/* STATE_BIT()s shown */
	bool listeners_only;
	bool ipv4, ipv6;
	struct restriction within[RESTRICTIONS_MAX];	/* groups one has gone
							   into: all hold */
	int within_count;
	uint8_t group;			/* enum group_id */
	uint8_t group_sort;		/* enum pivot_column_id */
	bool group_reverse;
	bool group_owners;		/* who holds them is shown */
	const struct view_log *log;	/* NULL: the monitor's */
	uint8_t sort;			/* enum column_id */
	bool reverse;			/* biggest first; set it from the
					   column's descending when a column
					   is chosen anew */
	bool held;			/* keep the order */
	/* the view's own */
	struct view_rows rows;
	size_t count;			/* of rows */
	struct pivot pivot;		/* GROUP_NONE: the rows are sockets */
	struct view_scan *scan;		/* the update under way; NULL none */
	struct view_aside *aside;	/* rows put aside; NULL none */
};

void view_init(struct view *v);		/* all, by state then port */
void view_free(struct view *v);
/* What the sort and the filter need. */
unsigned view_needs(const struct view *v);
void view_update(struct view *v, struct column_context *c);
/* A new update, in place of one under way. */
void view_begin(struct view *v, struct column_context *c);
/* Looks at the next n slots, some 20 ns each; true: there are more. */
bool view_step(struct view *v, struct column_context *c, uint32_t n);
/*
 * Takes in what changed since the last update.  false: it takes a whole one,
 * as after a change of v or a pass; nothing was done.
 */
bool view_follow(struct view *v, struct column_context *c);
/*
 * The rows are about to be others for a while, as of a group one goes into: they
 * are put aside, 4 bytes each.  Then they can be taken back, in place of a whole
 * update; false: there are none, not of what v asks for now, or too much has
 * changed.
 */
void view_put_aside(struct view *v);
bool view_take_back(struct view *v, struct column_context *c);
/* Those put aside, as before their table is freed. */
void view_forget(struct view *v);
/* Part of the update that is done, 0 … 1; 1 none is under way. */
double view_progress(const struct view *v);
/* Puts the rows from … to (exclusive) in order. */
void view_ready(struct view *v, struct column_context *c, size_t from,
		size_t to);
/* enum group_id: what the rows are now */
static inline enum group_id view_grouped(const struct view *v)
{
	return v->pivot.group;
}

/* NULL if the rows are no groups, or there is no such row */
const struct group *view_group(const struct view *v, size_t i);
/* The row of a group, in order; -1 if it is not shown. */
long view_find_group(struct view *v, struct column_context *c,
		     const struct group_key *k);
/* The sockets of n rows from the i-th on will be asked for soon: fetches them
 * from memory meanwhile. */
void view_soon(const struct view *v, const struct monitor *m, size_t i,
	       size_t n);
/* The sockets of n <= VIEW_BATCH rows from the i-th on, as view_sock() has them,
 * read from memory side by side. */
enum { VIEW_BATCH = ORDER_BATCH };
void view_socks(const struct view *v, const struct monitor *m, size_t i,
		size_t n, struct sock **socks);
/* NULL if that socket is no longer in the table, or the rows are groups */
struct sock *view_sock(const struct view *v, const struct monitor *m,
		       size_t i);
/* The row of a socket, in order; -1 if it is not shown. */
long view_find(struct view *v, struct column_context *c, uint32_t slot,
	       uint64_t serial);
/* "FILTER" aside, is anything kept from being shown? */
bool view_restricted(const struct view *v);
bool view_match(const struct view *v, struct column_context *c,
		const struct sock *s);
/* Only the states hide it? */
bool view_match_but_state(const struct view *v, struct column_context *c,
			  const struct sock *s);

/* May its count be believed? BOUND is not, when the source cannot see it. */
bool view_state_known(const struct monitor *m, unsigned state);

#endif
