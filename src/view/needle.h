/*
 * needle.h - is a text in what columns say of a socket?
 *
 * Printing a row takes a microsecond, and a search or a filter may have to look
 * at a million.  So as little as possible is printed: whether an IPv4 address
 * and its port have the text can be said from the numbers, for a state, a user
 * or an owner it is said once, and a duration never has a colon.  Where no state
 * and no owner at all has it, no socket is asked for its own.
 *
 *	n = needle_new(text, columns, count, NEEDLE_ACROSS);
 *	needle_fresh(n, &ctx);		first, and when owners may have changed
 *	if (needle_match(n, &ctx, sock))
 *	needle_free(n);
 */
#ifndef VIEW_NEEDLE_H
#define VIEW_NEEDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "view/column.h"

struct needle;

enum {
	NEEDLE_ACROSS	= 1,	/* a blank is that between two cells, too */
	NEEDLE_ALL	= 2,	/* of an owner all processes, not only those
				   that are printed */
};

/* Copies both. */
struct needle *needle_new(const char *text, const uint8_t *column, int count,
			  unsigned how);
void needle_free(struct needle *n);
void needle_fresh(struct needle *n, struct column_context *c);
/* May any socket have it?  No, where no kind of text of theirs does. */
bool needle_anywhere(const struct needle *n);
/* Whatever the case of letters. */
bool needle_match(struct needle *n, struct column_context *c,
		  const struct sock *s);

#endif
