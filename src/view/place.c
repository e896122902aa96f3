#include "view/place.h"

#include <string.h>
#include <sys/socket.h>

/* IPv4, then IPv4 in IPv6's dress, then IPv6 */
static unsigned addr_class(const struct sock_id *id)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (id->family == AF_INET)
		return 0;
	return memcmp(id->remote.b, mapped, sizeof(mapped)) == 0 ? 1 : 2;
}

/*
 * State 9 bits, local port 16, class 2, and of address and port of the other
 * end the first 37: for IPv4 that says nearly all.
 */
static uint64_t first_tie(const struct sock *s, unsigned class)
{
	const struct sock_id *id = &s->row.id;
	uint64_t end;

	if (class == 2)
		end = key_of_bytes(id->remote.b, 8) >> 27;
	else
		end = key_of_bytes(id->remote.b + (class ? 12 : 0), 4) << 5 |
		      id->remote_port >> 11;
	return columns[COL_STATE].rank(s) << 55 |
	       (uint64_t)id->local_port << 39 | (uint64_t)class << 37 | end;
}

/* Of a rank, or an end of IPv4, the first word says all. */
static bool first_is_all(enum column_id sort, const struct sock *s)
{
	return columns[sort].rank || (s->row.id.family == AF_INET &&
				      (sort == COL_LOCAL || sort == COL_REMOTE));
}

static void make_key(struct making *m)
{
	uint64_t *word = m->at.word;

	if (first_is_all(m->sort, m->sock))
		word[1] = word[2] = m->reverse && word[0] != KEY_UNKNOWN ?
				    ~UINT64_C(0) : 0;
	else
		column_key(m->context, m->sort, m->reverse, m->sock, word);
}

void making_more(struct making *m)
{
	const struct sock_id *id = &m->sock->row.id;
	uint64_t *tie = m->at.word + COLUMN_KEY_WORDS;

	if (m->words < COLUMN_KEY_WORDS) {
		make_key(m);
		m->words = COLUMN_KEY_WORDS;
	} else if (m->words == COLUMN_KEY_WORDS) {
		tie[0] = first_tie(m->sock, addr_class(id));
		m->words++;
	} else {
		tie[1] = key_of_bytes(id->remote.b, 8);
		tie[2] = key_of_bytes(id->remote.b + 8, 8);
		tie[3] = (uint64_t)id->remote_port << 48 | m->sock->serial;
		m->words = PLACE_WORDS;
	}
}

bool place_before_equal(struct column_context *c, enum column_id sort,
			bool reverse, const struct sock *s,
			const struct place *p)
{
	const uint64_t *tie = p->word + COLUMN_KEY_WORDS;
	struct making m;
	uint64_t word;

	if (first_is_all(sort, s)) {
		word = first_tie(s, addr_class(&s->row.id));
		if (word != *tie)
			return word < *tie;
	}
	making_begin(&m, c, sort, reverse, s);
	for (unsigned k = 1; k < PLACE_WORDS; k++)
		if (making_word(&m, k) != p->word[k])
			return m.at.word[k] < p->word[k];
	return false;
}

void place_of(struct place *p, struct column_context *c, enum column_id sort,
	      bool reverse, const struct sock *s)
{
	struct making m;

	making_begin(&m, c, sort, reverse, s);
	making_word(&m, PLACE_WORDS - 1);
	*p = m.at;
}
