/*
 * place.h - where a socket stands in an order, as numbers
 *
 * First what the column says (column_key()), then what puts equals in order:
 * state, local port, remote address and port, and at last the serial.  So no
 * two sockets have the same place, and comparing two never asks the sockets.
 *
 * Most comparisons are settled by the first words, so who compares a million
 * sockets with one place makes the others only where it takes them:
 *
 *	making_begin(&m, &ctx, sort, reverse, sock);
 *	if (making_before(&m, &place))
 */
#ifndef VIEW_PLACE_H
#define VIEW_PLACE_H

#include "view/column.h"

enum { PLACE_WORDS = COLUMN_KEY_WORDS + 4 };

struct place {
	uint64_t word[PLACE_WORDS];
};

/* a place of which the first words are known */
struct making {
	struct place at;
	int words;
	const struct sock *sock;
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

/* One word more, or all. */
void making_more(struct making *m);

static inline void making_begin(struct making *m, struct column_context *c,
				enum column_id sort, bool reverse,
				const struct sock *s)
{
	/* cppcheck-suppress uninitvar ; this fills it */
	column_key(c, sort, reverse, s, m->at.word);
	m->words = COLUMN_KEY_WORDS;
	m->sock = s;
}

static inline bool making_before(struct making *m, const struct place *p)
{
	for (int i = 0; i < PLACE_WORDS; i++) {
		if (i == m->words)
			making_more(m);
		if (m->at.word[i] != p->word[i])
			return m->at.word[i] < p->word[i];
	}
	return false;
}

#endif
