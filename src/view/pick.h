/*
 * pick.h - of rows without order, the first or the last that somebody wants
 *
 * To find it all of them are looked at, as they lie in memory.  On the way it
 * is told which part of the order each is in, so that the one found is brought
 * where it belongs without another look at all, and the next search need not
 * look at so many.
 *
 *	if (pick_begin(&p, &v, &ctx, row, false)) {
 *		while (pick_step(&p, &v, &ctx, wanted, arg))
 *			look_at_the_keyboard();
 *		row = pick_end(&p, &v, &ctx);
 *	}
 *
 * Until it has ended the view must be given no other rows.  If somebody has had
 * some of these put in order meanwhile, it does not stand and begins anew.
 */
#ifndef VIEW_PICK_H
#define VIEW_PICK_H

#include "view/view.h"

struct pick {
	size_t from, to;	/* among these rows, to exclusive */
	bool last;		/* the last one; else the first */
	/* pick.c's own */
	size_t next;		/* to be looked at */
	long best;		/* of those before; -1 none */
	struct place at;	/* where that one stands */
	struct parts *parts;	/* of these rows; NULL: they are few */
};

/* Among the rows without order of which that is one; false: it is none. */
bool pick_begin(struct pick *p, const struct view *v, struct column_context *c,
		size_t row, bool last);
/* Are they as they were when it began? */
bool pick_stands(const struct pick *p, const struct view *v);
/* Looks at the next VIEW_BATCH rows; true: there are others.  s: the row's
 * socket, NULL where it has none. */
bool pick_step(struct pick *p, const struct view *v, struct column_context *c,
	       bool (*wanted)(void *arg, size_t row, const struct sock *s),
	       void *arg);
/* The row, in order now; -1: none was wanted. */
long pick_end(struct pick *p, struct view *v, struct column_context *c);
/* Instead of that, or after it; p may be zeros. */
void pick_free(struct pick *p);

#endif
