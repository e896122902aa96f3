/*
 * grouping.h - the update of a view that shows groups (update.c only)
 *
 * The sockets are added while update.c looks at all of them; then come, in
 * steps too, the changes of the last seconds, from which the rates are, and the
 * order of the groups.
 *
 *	grouping_begin(&g, v, c);
 *	for each socket of the view
 *		grouping_add(&g, c, s);
 *	grouping_added(&g, c);		while these are where they are, at least
 *	while (grouping_step(&g, v, c, n))
 *		;
 *	the groups are in v->pivot, their order is in v->order
 *	grouping_drop(&g);		at any time
 */
#ifndef VIEW_GROUPING_H
#define VIEW_GROUPING_H

#include "view/view.h"

enum { RATE_SECONDS = 10 };

enum grouping_phase {
	GROUPING_PIVOT, GROUPING_CHANGES, GROUPING_ORDER, GROUPING_HELD,
	GROUPING_DONE,
};

struct grouping {
	struct pivot pivot;		/* in the making */
	const struct sock *sock[PIVOT_BATCH];	/* to be added to it */
	size_t socks;
	enum grouping_phase phase;
	/* changes: numbers count from 0, the newest is total - 1 */
	uint64_t number;		/* one more than the next */
	uint64_t first;			/* oldest that is wanted, or there */
	int64_t from, to;		/* mono ns */
	/* order */
	uint32_t at;
	bool held;
	uint8_t sort;
	bool reverse;
	struct order order;
	bool *kept;			/* groups that are in it */
};

static inline void grouping_added(struct grouping *g, struct column_context *c)
{
	pivot_add(&g->pivot, c, g->sock, g->socks);
	g->socks = 0;
	pivot_added(&g->pivot, c);
}

static inline void grouping_add(struct grouping *g, struct column_context *c,
				const struct sock *s)
{
	g->sock[g->socks++] = s;
	if (g->socks < PIVOT_BATCH)
		return;
	pivot_add(&g->pivot, c, g->sock, g->socks);
	g->socks = 0;
}

void grouping_begin(struct grouping *g, const struct view *v,
		    struct column_context *c);
bool grouping_step(struct grouping *g, struct view *v,
		   struct column_context *c, uint32_t n);
void grouping_drop(struct grouping *g);

/* Where the i-th group of v->pivot stands. */
void grouping_place(const struct view *v, struct column_context *c,
		    uint32_t i, struct place *at);

#endif
