#include "view/view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "view/grouping.h"
#include "view/pivot_column.h"

/*
 * An update walks over the slots of the table in their order: that is the order
 * of memory, and a million sockets are read three times as fast as in any
 * other.
 */
struct view_scan {
	uint32_t at, slots;		/* the next; all there were */
	uint64_t newest;
	int64_t now;			/* ages are compared as of then */
	bool held;
	uint8_t sort;
	bool reverse;
	size_t live, hidden_by_state;
	struct parting parting;		/* unless held */
	uint64_t *stay, *fresh;		/* held: bits of slots that match, whose
					   socket the view may have, cannot have
					   */
	struct grouping *groups;	/* NULL: the rows will be sockets */
};

void view_init(struct view *v)
{
	*v = (struct view){
		.states = STATES_ALL,
		.ipv4 = true,
		.ipv6 = true,
		.sort = COL_STATE,
		.group_sort = PCOL_TOTAL,
		.group_reverse = true,
		.group_owners = true,
	};
}

static void drop_scan(struct view *v)
{
	if (!v->scan)
		return;
	parting_free(&v->scan->parting);
	free(v->scan->stay);
	free(v->scan->fresh);
	if (v->scan->groups)
		grouping_drop(v->scan->groups);
	free(v->scan->groups);
	free(v->scan);
	v->scan = NULL;
}

void view_free(struct view *v)
{
	drop_scan(v);
	filter_free(v->filter);
	order_free(&v->order);
	pivot_free(&v->pivot);
	v->filter = NULL;
	v->count = 0;
}

unsigned view_needs(const struct view *v)
{
	unsigned needs = v->filter ? filter_needs(v->filter) : 0;

	for (int i = 0; i < v->within_count; i++)
		needs |= groups[v->within[i].group].needs;
	if (v->group == GROUP_NONE)
		return needs | columns[v->sort].needs;
	needs |= groups[v->group].needs | NEED_LIMIT;
	if (v->group_owners || v->group_sort == PCOL_PROCESS)
		needs |= NEED_OWNER;
	return v->group_sort == PCOL_QUEUE ? needs | NEED_FRESH : needs;
}

bool view_restricted(const struct view *v)
{
	return (v->states & STATES_ALL) != STATES_ALL || v->listeners_only ||
	       !v->ipv4 || !v->ipv6 || v->within_count;
}

bool view_state_known(const struct monitor *m, unsigned state)
{
	return state != STATE_BOUND ||
	       table_counts(m->table)->state[STATE_BOUND] ||
	       strcmp(m->status.source, "proc") != 0;
}

static bool within(const struct view *v, struct column_context *c,
		   const struct sock *s)
{
	for (int i = 0; i < v->within_count; i++)
		if (!restriction_match(c, &v->within[i], s))
			return false;
	return true;
}

static bool state_shown(const struct view *v, const struct sock *s)
{
	return v->states & STATE_BIT(state_slot(s->row.state));
}

static bool match_but_state(const struct view *v, struct column_context *c,
			    const struct sock *s)
{
	const struct sock_id *id = &s->row.id;

	if (v->listeners_only && s->row.state != STATE_LISTEN)
		return false;
	if (id->family == AF_INET ? !v->ipv4 : !v->ipv6)
		return false;
	if (v->within_count && !within(v, c, s))
		return false;
	return !v->filter || filter_match(v->filter, c, s);
}

bool view_match(const struct view *v, struct column_context *c,
		const struct sock *s)
{
	return state_shown(v, s) && match_but_state(v, c, s);
}

/* Sockets that lived between two passes are told, not listed. */
static bool listed(const struct sock *s)
{
	return s->live || s->mark != MARK_NONE;
}

/* ---- one update ---- */

/* A sample of what the view will have, from all over the table. */
static void begin_parting(struct view *v, struct column_context *c)
{
	const struct table *t = c->monitor->table;
	struct view_scan *scan = v->scan;
	struct place *sample = mem_array(NULL, PARTING_SAMPLE, sizeof(*sample));
	size_t n = 0;

	for (uint64_t i = 0; i < PARTING_SAMPLE; i++) {
		uint32_t slot = (uint32_t)(i * scan->slots / PARTING_SAMPLE);
		const struct sock *s;

		if (scan->slots < 2 * PARTING_SAMPLE)
			break;		/* one piece will do */
		s = table_slot(t, slot);
		if (s && listed(s) && view_match(v, c, s))
			place_of(&sample[n++], c, v->sort, v->reverse, s);
	}
	parting_begin(&scan->parting, sample, n);
	free(sample);
}

void view_begin(struct view *v, struct column_context *c)
{
	struct view_scan *scan;
	size_t bits;

	drop_scan(v);
	scan = v->scan = mem_zalloc(sizeof(*scan));
	scan->slots = table_slots(c->monitor->table);
	scan->newest = table_newest(c->monitor->table);
	scan->now = c->now;
	/* the order of groups says nothing of sockets */
	scan->held = v->held && v->group == GROUP_NONE &&
		     view_grouped(v) == GROUP_NONE;
	scan->sort = v->sort;
	scan->reverse = v->reverse;
	if (v->group != GROUP_NONE) {
		scan->groups = mem_zalloc(sizeof(*scan->groups));
		grouping_begin(scan->groups, v, c);
		return;
	}
	if (!scan->held) {
		begin_parting(v, c);
		return;
	}
	bits = scan->slots / 64 + 1;
	scan->stay = mem_zalloc(bits * sizeof(*scan->stay));
	scan->fresh = mem_zalloc(bits * sizeof(*scan->fresh));
}

static void take(struct view *v, struct column_context *c, uint32_t slot,
		 const struct sock *s)
{
	struct view_scan *scan = v->scan;
	struct place at;

	scan->live += s->live;
	if (scan->groups) {
		pivot_add(&scan->groups->pivot, c, s);
	} else if (!scan->held) {
		place_of(&at, c, scan->sort, scan->reverse, s);
		parting_add(&scan->parting, slot, &at);
	} else if (s->serial <= v->newest) {
		scan->stay[slot / 64] |= UINT64_C(1) << slot % 64;
	} else {
		scan->fresh[slot / 64] |= UINT64_C(1) << slot % 64;
	}
}

/* Keeps those that match, once: whoever matches and was not there is left. */
static bool stays(void *arg, uint32_t slot)
{
	struct view_scan *scan = arg;
	uint64_t *word = &scan->stay[slot / 64];
	bool yes = *word >> slot % 64 & 1;

	*word &= ~(UINT64_C(1) << slot % 64);
	return yes;
}

static void finish_held(struct view *v)
{
	struct view_scan *scan = v->scan;
	uint32_t *added = NULL;
	size_t n = 0, capacity = 0;

	order_keep(&v->order, stays, scan);
	for (uint32_t i = 0; i <= scan->slots / 64; i++) {
		uint64_t bits = scan->stay[i] | scan->fresh[i];

		for (; bits; bits &= bits - 1) {
			if (n == capacity) {
				capacity = 2 * capacity + 64;
				added = mem_array(added, capacity,
						  sizeof(*added));
			}
			added[n++] = i * 64 +
				     (uint32_t)__builtin_ctzll(bits);
		}
	}
	order_append(&v->order, added, n);
	free(added);
}

static void finish(struct view *v)
{
	struct view_scan *scan = v->scan;

	if (scan->held)
		finish_held(v);
	else if (!scan->groups)
		parting_end(&scan->parting, &v->order);
	if (!scan->groups) {
		pivot_free(&v->pivot);
		v->ordered_by = scan->sort;
		v->ordered_reverse = scan->reverse;
	}
	v->count = v->order.count;
	v->live = scan->live;
	v->hidden_by_state = scan->hidden_by_state;
	v->newest = scan->newest;
	drop_scan(v);
}

bool view_step(struct view *v, struct column_context *c, uint32_t n)
{
	const struct table *t = c->monitor->table;
	struct view_scan *scan = v->scan;
	int64_t now = c->now;

	if (!scan)
		return false;
	c->now = scan->now;
	for (; n && scan->at < scan->slots; n--) {
		uint32_t slot = scan->at++;
		const struct sock *s = table_slot(t, slot);

		if (!s || !listed(s) || s->serial > scan->newest)
			continue;
		if (!match_but_state(v, c, s))
			continue;
		if (state_shown(v, s))
			take(v, c, slot, s);
		else
			scan->hidden_by_state += s->live;
	}
	c->now = now;
	if (scan->at < scan->slots ||
	    (scan->groups && grouping_step(scan->groups, v, c, n + 1)))
		return true;
	finish(v);
	return false;
}

double view_progress(const struct view *v)
{
	return v->scan ? (double)v->scan->at / (v->scan->slots + 1) : 1;
}

void view_update(struct view *v, struct column_context *c)
{
	view_begin(v, c);
	while (view_step(v, c, UINT32_MAX / 2))
		;
	view_ready(v, c, 0, v->count);
}

/* ---- the rows ---- */

/* A slot that was used again since has a newer socket than any row. */
static struct sock *slot_sock(const struct view *v, const struct table *t,
			      uint32_t slot)
{
	struct sock *s = slot < table_slots(t) ? table_slot(t, slot) : NULL;

	return s && s->serial <= v->newest ? s : NULL;
}

struct placing {
	const struct view *v;
	struct column_context *c;
};

static void place_row(void *arg, uint32_t slot, struct place *p)
{
	const struct placing *a = arg;
	const struct sock *s;

	if (view_grouped(a->v) != GROUP_NONE) {
		grouping_place(a->v, a->c, slot, p);
		return;
	}
	s = slot_sock(a->v, a->c->monitor->table, slot);
	if (s)
		place_of(p, a->c, a->v->ordered_by, a->v->ordered_reverse, s);
	else
		memset(p, 0xff, sizeof(*p));	/* gone: behind all others */
}

static void prefetch_row(void *arg, uint32_t slot)
{
	const struct placing *a = arg;

	if (view_grouped(a->v) == GROUP_NONE)
		table_prefetch(a->c->monitor->table, slot);
}

void view_ready(struct view *v, struct column_context *c, size_t from,
		size_t to)
{
	struct placing arg = { v, c };
	const struct order_by by = { place_row, prefetch_row, &arg };

	order_ready(&v->order, &by, from, to);
}

bool view_piece(const struct view *v, size_t i, size_t *from, size_t *to)
{
	return order_piece(&v->order, i, from, to);
}

void view_soon(const struct view *v, const struct monitor *m, size_t i)
{
	if (i < v->count && v->order.rows[i] < table_slots(m->table))
		table_prefetch(m->table, v->order.rows[i]);
}

struct sock *view_sock(const struct view *v, const struct monitor *m, size_t i)
{
	if (i >= v->count || view_grouped(v) != GROUP_NONE)
		return NULL;
	return slot_sock(v, m->table, v->order.rows[i]);
}

long view_find(struct view *v, struct column_context *c, uint32_t slot,
	       uint64_t serial)
{
	const struct sock *s = view_grouped(v) == GROUP_NONE ?
			       slot_sock(v, c->monitor->table, slot) : NULL;
	long i = s && s->serial == serial ? order_find(&v->order, slot) : -1;

	if (i < 0)
		return -1;
	view_ready(v, c, (size_t)i, (size_t)i + 1);
	return order_find(&v->order, slot);
}

const struct group *view_group(const struct view *v, size_t i)
{
	return i < v->count && view_grouped(v) != GROUP_NONE ?
	       pivot_get(&v->pivot, v->order.rows[i]) : NULL;
}

long view_find_group(struct view *v, struct column_context *c,
		     const struct group_key *k)
{
	long number = view_grouped(v) != GROUP_NONE ?
		      pivot_find(&v->pivot, k) : -1, i;

	if (number < 0)
		return -1;
	i = order_find(&v->order, (uint32_t)number);
	if (i < 0)
		return -1;
	view_ready(v, c, (size_t)i, (size_t)i + 1);
	return order_find(&v->order, (uint32_t)number);
}
