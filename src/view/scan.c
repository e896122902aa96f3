/*
 * Of a million sockets nearly all are live, were there when the scan began and
 * are neither first nor last.  That is told from a bit, a number of the table's
 * and one word of their place: memory is what a scan takes.
 */
#include "view/scan.h"

#include <stdlib.h>

#include "base/mem.h"

void row_room(struct row_list *l)
{
	l->capacity += l->capacity / 2 + 64;
	l->row = mem_array(l->row, l->capacity, sizeof(*l->row));
}

void view_drop(struct view *v)
{
	struct view_scan *scan = v->scan;

	if (!scan)
		return;
	for (int i = 0; i <= CUTS_MAX; i++)
		mem_large_free(scan->part[i].row);
	free(scan->gone.row);
	free(scan->stay);
	free(scan->fresh);
	if (scan->groups)
		grouping_drop(scan->groups);
	free(scan->groups);
	free(scan);
	v->scan = NULL;
}

static void take(struct view *v, struct column_context *c, uint32_t slot,
		 const struct sock *s)
{
	struct view_scan *scan = v->scan;
	uint64_t *bits;

	if (scan->groups) {
		grouping_add(scan->groups, c, s);
		return;
	}
	if (!scan->held) {
		row_add(&scan->part[sock_past(s, c, scan->sort, scan->reverse,
					      &scan->cuts)], slot);
		scan->unsettled |= scan->moves && s->live &&
				   place_first(c, scan->sort, scan->reverse,
					       s) == KEY_UNKNOWN;
		return;
	}
	bits = s->serial <= v->rows.newest ? scan->stay : scan->fresh;
	bits[slot / 64] |= UINT64_C(1) << slot % 64;
}

static inline bool within_ports(const struct view *v, const struct sock *s)
{
	for (int i = 0; i < v->within_count; i++)
		if (!restriction_port(&v->within[i], s))
			return false;
	return true;
}

/* Is it one that the view shows? */
static bool matches(struct view *v, struct column_context *c,
		    const struct sock *s)
{
	struct view_scan *scan = v->scan;

	if (scan->all)
		return true;
	if (scan->ports ? !within_ports(v, s) : !view_match_but_state(v, c, s))
		return false;
	if (v->states & STATE_BIT(state_slot(s->row.state)))
		return true;
	scan->hidden_by_state += s->live;
	return false;
}

/* Which of up to 64 slots have a socket to be looked at. */
static uint64_t listed(const struct view_scan *scan, const struct table *t,
		       const struct sock *s, unsigned n, uint64_t live)
{
	uint64_t all = n < 64 ? (UINT64_C(1) << n) - 1 : ~UINT64_C(0);
	uint64_t bits = live &= all, rest;

	for (rest = all & ~live; rest; rest &= rest - 1) {
		int i = __builtin_ctzll(rest);

		if (s[i].serial && view_lists(&s[i]))
			bits |= UINT64_C(1) << i;
	}
	if (table_newest(t) == scan->newest)
		return bits;
	for (rest = bits; rest; rest &= rest - 1) {
		int i = __builtin_ctzll(rest);

		if (s[i].serial > scan->newest)
			bits &= ~(UINT64_C(1) << i);
	}
	return bits;
}

/*
 * The processor fetches by itself what comes next, but not past a page, and
 * sooner where no line is left out: a look at the first 64 bytes of each took
 * 6 to 8 ms when these alone were asked for, twelve ahead, and 4 with both.
 */
enum { AHEAD = 24 };

/* The next up to 64 slots; s: their sockets. */
static void look_at(struct view *v, struct column_context *c,
		    const struct sock *s, unsigned n)
{
	struct view_scan *scan = v->scan;
	const struct table *t = c->monitor->table;
	uint64_t live = table_live(t, scan->at);
	uint64_t bits = listed(scan, t, s, n, live);

	for (; bits; bits &= bits - 1) {
		unsigned i = (unsigned)__builtin_ctzll(bits);

		__builtin_prefetch(&s[i + AHEAD]);
		__builtin_prefetch(&s[i + AHEAD].first_seen);
		if (!matches(v, c, &s[i]))
			continue;
		if (live >> i & 1)
			scan->live++;
		else if (!scan->groups)
			row_add(&scan->gone, scan->at + i);
		take(v, c, scan->at + i, &s[i]);
	}
	scan->at += n;
}

bool scan_step(struct view *v, struct column_context *c, uint32_t n)
{
	struct view_scan *scan = v->scan;
	int64_t now = c->now;

	c->now = scan->now;
	for (uint32_t end = scan->at + n; scan->at < end &&
	     scan->at < scan->slots;) {
		uint32_t at_once;
		const struct sock *s = table_run(c->monitor->table, scan->at,
						 &at_once);

		if (at_once > scan->slots - scan->at)
			at_once = scan->slots - scan->at;
		look_at(v, c, s, at_once < 64 ? at_once : 64);
	}
	if (scan->groups)
		grouping_added(scan->groups, c);
	c->now = now;
	return scan->at < scan->slots;
}
