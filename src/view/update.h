/*
 * update.h - the inside of a view, for its own files
 *
 *	view.c		what it shows, and its rows
 *	update.c	which rows there are: all looked at anew,
 *	scan.c		a step at a time
 *	follow.c	the same from what changed
 *	aside.c		the same as they were before
 */
#ifndef VIEW_UPDATE_H
#define VIEW_UPDATE_H

#include "view/view.h"

void row_room(struct row_list *l);

static inline void row_add(struct row_list *l, uint32_t row)
{
	if (l->count == l->capacity)
		row_room(l);
	l->row[l->count++] = row;
}

/* What they have, not themselves. */
void view_rows_free(struct view_rows *r);

/* Forgets the update under way. */
void view_drop(struct view *v);

/* Does v ask for the same still? */
bool view_asks(const struct view *v, const struct view_asked *a);

/* Other rows are about to take the place of those there are: now they are put
 * aside, if they shall be.  in_place: from what they are. */
void view_replacing(struct view *v, bool in_place);
/* The rows put aside will have to know of what is about to be cleared. */
void view_note_touched(struct view *v, const struct table *t);

/* More that have to be put where they belong are as dear as a whole update. */
static inline size_t view_misplaced_max(const struct view_rows *r)
{
	return r->order.count / 16 + 1024;
}

/* The order asks for places of rows, perhaps two threads at once.  All of them
 * are as of one time: else ages would not compare. */
struct placing {
	const struct view *view;
	const struct column_context *context;
	struct order_by by;
};

void placing_begin(struct placing *p, const struct view *v,
		   const struct column_context *c);
/* In which parts the rows are whose sockets, if they have any, these are. */
void placing_parts(const struct placing *p, const uint32_t *rows,
		   struct sock *const *socks, size_t n,
		   const struct parting *parting, uint8_t *part);

/* How many of the cuts are at or before it. */
static inline uint8_t sock_past(const struct sock *s,
				struct column_context *c, enum column_id sort,
				bool reverse, const struct cuts *cuts)
{
	uint64_t first = place_first(c, sort, reverse, s);
	uint8_t n = 0;

	while (n < cuts->count &&
	       !place_before(first, c, sort, reverse, s, &cuts->at[n]))
		n++;
	return n;
}

/* Sockets that lived between two passes are told, not listed. */
static inline bool view_lists(const struct sock *s)
{
	return s->live || s->mark != MARK_NONE;
}

#endif
