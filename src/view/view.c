#include "view/update.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "view/grouping.h"
#include "view/pivot_column.h"

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

void view_rows_free(struct view_rows *r)
{
	order_free(&r->order);
	free(r->gone.row);
	free(r->misplaced.row);
	*r = (struct view_rows){ 0 };
}

void view_free(struct view *v)
{
	view_drop(v);
	view_forget(v);
	filter_free(v->filter);
	view_rows_free(&v->rows);
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

bool view_match_but_state(const struct view *v, struct column_context *c,
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
	return v->states & STATE_BIT(state_slot(s->row.state)) &&
	       view_match_but_state(v, c, s);
}

/* ---- the rows ---- */

/* A slot that was used again since has a newer socket than any row. */
static struct sock *slot_sock(const struct view *v, const struct table *t,
			      uint32_t slot)
{
	return table_slot_until(t, slot, v->rows.newest);
}

/* One that no other thread writes into. */
static inline void own_context(struct column_context *own,
			       const struct placing *p)
{
	own->monitor = p->context->monitor;
	own->now = p->view->rows.at;
	own->names = p->context->names;
	own->ascii = p->context->ascii;
}

static void place_row(void *arg, uint32_t row, struct place *at)
{
	const struct placing *p = arg;
	const struct view *v = p->view;
	struct column_context c;
	const struct sock *s;

	own_context(&c, p);
	if (view_grouped(v) != GROUP_NONE) {
		grouping_place(v, &c, row, at);
		return;
	}
	s = slot_sock(v, c.monitor->table, row);
	if (s)
		place_of(at, &c, v->rows.sort, v->rows.reverse, s);
	else
		memset(at, 0xff, sizeof(*at));	/* gone: behind all others */
}

static uint8_t group_past(const struct view *v, struct column_context *c,
			  uint32_t row, const struct cuts *cuts)
{
	struct place at;
	uint8_t n = 0;

	grouping_place(v, c, row, &at);
	while (n < cuts->count && place_compare(&at, &cuts->at[n]) >= 0)
		n++;
	return n;
}

static void rows_past(void *arg, const uint32_t *rows, uint32_t n,
		      const struct cuts *cuts, uint8_t *past)
{
	const struct placing *p = arg;
	const struct view *v = p->view;
	struct sock *s[ORDER_BATCH];
	struct column_context c;

	own_context(&c, p);
	if (view_grouped(v) != GROUP_NONE) {
		for (uint32_t i = 0; i < n; i++)
			past[i] = group_past(v, &c, rows[i], cuts);
		return;
	}
	table_fetch(c.monitor->table, rows, n, v->rows.newest, s);
	for (uint32_t i = 0; i < n; i++)
		past[i] = s[i] ? sock_past(s[i], &c, v->rows.sort,
					   v->rows.reverse, cuts) :
				 (uint8_t)cuts->count;
}

/* Their sockets; of groups none. */
static void fetch(const struct view *v, const struct table *t,
		  const uint32_t *rows, size_t n, struct sock **socks)
{
	if (view_grouped(v) == GROUP_NONE)
		table_fetch(t, rows, n, v->rows.newest, socks);
	else
		memset(socks, 0, n * sizeof(*socks));
}

static unsigned part_of(const struct placing *p, struct column_context *c,
			uint32_t row, const struct sock *s,
			const struct parting *parting)
{
	const struct view *v = p->view;
	struct making m;

	if (!s) {
		place_row((void *)p, row, &m.at);
		m.words = PLACE_WORDS;
		return parting_find(parting, &m);
	}
	/* of nearly all a word of their own is enough */
	if (!parting->words)
		return parting_of_word(parting,
				       place_first(c, v->rows.sort,
						   v->rows.reverse, s));
	making_begin(&m, c, v->rows.sort, v->rows.reverse, s);
	return parting_find(parting, &m);
}

void placing_parts(const struct placing *p, const uint32_t *rows,
		   struct sock *const *socks, size_t n,
		   const struct parting *parting, uint8_t *part)
{
	struct column_context c;

	own_context(&c, p);
	for (size_t i = 0; i < n; i++)
		part[i] = (uint8_t)part_of(p, &c, rows[i], socks[i], parting);
}

static void rows_part(void *arg, const uint32_t *rows, uint32_t n,
		      const struct parting *parting, uint8_t *part)
{
	const struct placing *p = arg;
	struct sock *s[ORDER_BATCH];

	fetch(p->view, p->context->monitor->table, rows, n, s);
	placing_parts(p, rows, s, n, parting, part);
}

static void rows_soon(void *arg, const uint32_t *rows, uint32_t n)
{
	const struct placing *p = arg;

	if (view_grouped(p->view) == GROUP_NONE)
		table_prefetch(p->context->monitor->table, rows, n);
}

void placing_begin(struct placing *p, const struct view *v,
		   const struct column_context *c)
{
	*p = (struct placing){
		.view = v, .context = c,
		.by = {
			.place = place_row, .past = rows_past,
			.part = rows_part, .soon = rows_soon, .arg = p,
		},
	};
}

void view_ready(struct view *v, struct column_context *c, size_t from,
		size_t to)
{
	struct placing p;

	placing_begin(&p, v, c);
	order_ready(&v->rows.order, &p.by, from, to);
}

static long ready_row(struct view *v, struct column_context *c, uint32_t row)
{
	struct placing p;

	placing_begin(&p, v, c);
	return order_ready_row(&v->rows.order, &p.by, row);
}

void view_soon(const struct view *v, const struct monitor *m, size_t i,
	       size_t n)
{
	if (i < v->count && view_grouped(v) == GROUP_NONE)
		table_prefetch(m->table, v->rows.order.rows + i,
			   n < v->count - i ? n : v->count - i);
}

void view_socks(const struct view *v, const struct monitor *m, size_t i,
		size_t n, struct sock **socks)
{
	fetch(v, m->table, v->rows.order.rows + i, n, socks);
}

struct sock *view_sock(const struct view *v, const struct monitor *m, size_t i)
{
	if (i >= v->count || view_grouped(v) != GROUP_NONE)
		return NULL;
	return slot_sock(v, m->table, v->rows.order.rows[i]);
}

long view_find(struct view *v, struct column_context *c, uint32_t slot,
	       uint64_t serial)
{
	const struct sock *s = view_grouped(v) == GROUP_NONE ?
			       slot_sock(v, c->monitor->table, slot) : NULL;

	return s && s->serial == serial ? ready_row(v, c, slot) : -1;
}

const struct group *view_group(const struct view *v, size_t i)
{
	return i < v->count && view_grouped(v) != GROUP_NONE ?
	       pivot_get(&v->pivot, v->rows.order.rows[i]) : NULL;
}

long view_find_group(struct view *v, struct column_context *c,
		     const struct group_key *k)
{
	long number = view_grouped(v) != GROUP_NONE ?
		      pivot_find(&v->pivot, k) : -1;

	return number < 0 ? -1 : ready_row(v, c, (uint32_t)number);
}
