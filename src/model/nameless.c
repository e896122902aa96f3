/*
 * Destroyed sockets that had lost their names.
 *
 * A program that closes with SO_LINGER 0, or whose connect(2) failed, sends its
 * socket through tcp_disconnect() first: the destroy message has a cookie and a
 * local port, but no other end (Linux 6.18).  Whether the table knew it is
 * seen when a pass is settled: each socket that passes closed, now or a little
 * before, takes its own message away.  What is left lived between two passes.
 */
#include "model/table_state.h"

#include <stdlib.h>

#include "base/mem.h"

void nameless_add(struct table *t, const struct event *e)
{
	struct nameless *n = &t->nameless;

	if (n->count == n->capacity) {
		n->capacity = n->capacity ? 2 * n->capacity : 64;
		n->event = mem_array(n->event, n->capacity,
				     sizeof(*n->event));
	}
	n->event[n->count++] = *e;
}

static int by_port(const void *a, const void *b)
{
	const struct row *x = &((const struct event *)a)->row;
	const struct row *y = &((const struct event *)b)->row;

	return (int)x->id.local_port - (int)y->id.local_port;
}

static void sort(struct table *t)
{
	qsort(t->nameless.event, t->nameless.count,
	      sizeof(*t->nameless.event), by_port);
}

static size_t first_of(const struct nameless *n, uint16_t port)
{
	size_t low = 0, high = n->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (n->event[mid].row.id.local_port < port)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The ghost takes the message of its end, if that came. */
static void claim(struct table *t, struct sock *s)
{
	struct nameless *n = &t->nameless;
	uint16_t port = s->row.id.local_port;

	for (size_t i = first_of(n, port);
	     i < n->count && n->event[i].row.id.local_port == port; i++) {
		struct event *e = &n->event[i];

		if (!e->at || e->row.id.family != s->row.id.family ||
		    (s->row.cookie && s->row.cookie != e->row.cookie))
			continue;
		e->at = 0;		/* taken */
		s->misses = MISSES_TOLD;
		return;
	}
}

/* Those that came while the pass was read may still be of a socket that it
 * showed; they wait for the next one. */
void nameless_settle(struct table *t)
{
	struct nameless *n = &t->nameless;
	int64_t begun = t->begun[t->pass % PASS_TIMES];
	size_t kept = 0;

	if (!n->count)
		return;
	sort(t);
	for (size_t i = 0; i < t->gone.count; i++) {
		struct sock *s = table_at(t, t->gone.slot[i]);

		if (s->misses != MISSES_TOLD)
			claim(t, s);
	}
	for (size_t i = 0; i < n->count; i++) {
		struct event *e = &n->event[i];

		if (!e->at)
			continue;
		if (e->at >= begun)
			n->event[kept++] = *e;
		else
			table_short_life(t, e, VERDICT_GONE, NULL);
	}
	n->count = kept;
}
