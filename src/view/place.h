/*
 * place.h - where a socket stands in an order, as numbers
 *
 * First what the column says (column_key()), then what puts equals in order:
 * state, local port, remote address and port, and at last the serial.  So no
 * two sockets have the same place, and comparing two never asks the sockets.
 *
 * Most comparisons are settled by the first word, so who compares a million
 * sockets with one place makes no more of theirs:
 *
 *	first = place_first(&ctx, sort, reverse, sock);
 *	if (place_before(first, &ctx, sort, reverse, sock, &place))
 */
#ifndef VIEW_PLACE_H
#define VIEW_PLACE_H

#include <sys/socket.h>

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

/* Of an IPv4 end the first word says all that the column does. */
static inline uint64_t place_of_end(const struct addr *addr, uint16_t port,
				    bool reverse)
{
	uint64_t key = key_of_bytes(addr->b, 4) << 16 | port;

	return reverse ? KEY_UNKNOWN - 1 - key : key;
}

/* The first word of its place. */
static inline uint64_t place_first(struct column_context *c,
				   enum column_id sort, bool reverse,
				   const struct sock *s)
{
	const struct sock_id *id = &s->row.id;
	uint64_t key[COLUMN_KEY_WORDS];

	if (columns[sort].rank) {
		key[0] = columns[sort].rank(s);
		return reverse && key[0] != KEY_UNKNOWN ?
		       KEY_UNKNOWN - 1 - key[0] : key[0];
	}
	if (sort == COL_LOCAL && id->family == AF_INET)
		return place_of_end(&id->local, id->local_port, reverse);
	if (sort == COL_REMOTE && id->family == AF_INET)
		return place_of_end(&id->remote, id->remote_port, reverse);
	/* cppcheck-suppress uninitvar ; this fills it */
	column_key(c, sort, reverse, s, key);
	return key[0];
}

/* Does a socket whose first word is that of the place come before it? */
bool place_before_equal(struct column_context *c, enum column_id sort,
			bool reverse, const struct sock *s,
			const struct place *p);

static inline bool place_before(uint64_t first, struct column_context *c,
				enum column_id sort, bool reverse,
				const struct sock *s, const struct place *p)
{
	if (first != p->word[0])
		return first < p->word[0];
	return place_before_equal(c, sort, reverse, s, p);
}

/* a place of which the first words are known, the others as they are asked
 * for */
struct making {
	struct place at;
	unsigned words;
	struct column_context *context;
	enum column_id sort;
	bool reverse;
	const struct sock *sock;
};

/* One word more, or some. */
void making_more(struct making *m);

static inline void making_begin(struct making *m, struct column_context *c,
				enum column_id sort, bool reverse,
				const struct sock *s)
{
	m->at.word[0] = place_first(c, sort, reverse, s);
	m->words = 1;
	m->context = c;
	m->sort = sort;
	m->reverse = reverse;
	m->sock = s;
}

static inline uint64_t making_word(struct making *m, unsigned k)
{
	while (k >= m->words)
		making_more(m);
	return m->at.word[k];
}

#endif
