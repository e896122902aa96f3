/*
 * filter.h - which sockets to show, from what a person typed
 *
 * Words are joined by "and".  Today's words (the language of ss(8) comes on
 * top of them):
 *	:443		either side has this port; so does a bare 443
 *	:https		the same by service name
 *	*:443		the same, as ss(8) prints it
 *	close-wait	in this state, by any spelling of its whole name
 *	other text	a substring of what is printed for state, addresses,
 *			process or user, in any case
 * What belongs to that language only is an error, not a text to look for.
 * An empty filter matches everything.
 */
#ifndef VIEW_FILTER_H
#define VIEW_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "view/column.h"

struct filter;

struct filter_error {
	size_t offset;		/* byte in the text where it went wrong */
	char message[128];	/* what was expected, safe to print */
};

/* NULL with *err filled. Text of any length and content. */
struct filter *filter_parse(const char *text, struct filter_error *err);
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, struct column_context *c,
		  const struct sock *s);
/* enum need bits of what it compares; NULL: 0 */
unsigned filter_needs(const struct filter *f);

#endif
