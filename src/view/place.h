/*
 * place.h - where a socket stands in an order, as numbers
 *
 * First what the column says (column_key()), then what puts equals in order:
 * state, local port, remote address and port, and at last the serial.  So no
 * two sockets have the same place, and comparing two never asks the sockets.
 */
#ifndef VIEW_PLACE_H
#define VIEW_PLACE_H

#include "view/column.h"

enum { PLACE_WORDS = COLUMN_KEY_WORDS + 4 };

struct place {
	uint64_t word[PLACE_WORDS];
};

/* by that column, as of c->now */
void place_of(struct place *p, struct column_context *c, enum column_id sort,
	      bool reverse, const struct sock *s);

static inline int place_compare(const struct place *a, const struct place *b)
{
	for (int i = 0; i < PLACE_WORDS; i++)
		if (a->word[i] != b->word[i])
			return a->word[i] < b->word[i] ? -1 : 1;
	return 0;
}

#endif
