/*
 * pivot_port.c - open connections by remote port, counted before they are groups
 *
 * A million sockets of fifty thousand ports meet a group that is in no cache
 * each time: 28 of the 36 ms that groups by remote port took, when each one
 * looked for its group and changed 64 bytes of it.  But nearly all of them are
 * open, with nothing waiting, and say no more than that there is one more, and
 * whose it is: 16 bytes for each port there can be, a megabyte in all, found
 * without a search.  When all sockets were looked at, groups are made of that.
 */
#include <string.h>

#include "base/mem.h"
#include "view/pivot_part.h"

void pivot_port_begin(struct pivot *p)
{
	if (p->group != GROUP_REMOTE_PORT)
		return;
	/* as the rows of a million sockets are: that is kept, and fresh memory
	 * takes longer than to look at them all */
	p->ports = mem_large(1, sizeof(*p->ports));
	memset(p->ports, 0, offsetof(struct ports, group));
	p->block[0] = p->ports->group;
	p->block_log = PORTS_LOG;
}

void pivot_port_end(struct pivot *p)
{
	if (!p->ports)
		return;
	p->block[0] = NULL;
	mem_large_free(p->ports);
}

/* The set with the first process. */
static uint32_t first_of(const struct pivot *p, const struct port_count *n)
{
	const struct known_set *known = &p->known[64 * n->first_set];
	uint64_t bits = n->sets;
	int best = __builtin_ctzll(bits);

	while (bits &= bits - 1) {
		int set = __builtin_ctzll(bits);

		if (known[set].pid < known[best].pid)
			best = set;
	}
	return 64 * n->first_set + (uint32_t)best;
}

static void make_group(struct pivot *p, uint32_t port)
{
	const struct port_count *n = &p->ports->count[port];
	const struct group_key key = { .word[0] = (uint64_t)port << 1 | 1 };
	uint32_t number = pivot_number(p, &key);
	struct group *g = pivot_group(p, number);

	pivot_first_name(g);
	pivot_name(p, g, first_of(p, n), false);
	pivot_note(p, g, number, n->first_set, n->sets);
	g->count[STATE_ESTABLISHED] += n->open;
	g->total += n->open;
	p->total += n->open;
	if (g->recv_q == U32_UNKNOWN)
		g->recv_q = 0;
}

bool pivot_step(struct pivot *p, uint32_t n)
{
	if (!p->ports)
		return false;
	for (; p->port_at < PORTS && n; p->port_at++, n--)
		if (p->ports->count[p->port_at].open)
			make_group(p, p->port_at);
	return p->port_at < PORTS;
}
