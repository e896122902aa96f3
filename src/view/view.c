#include "view/update.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

void view_init(struct view *v)
{
	*v = (struct view){
		.states = STATES_ALL,
		.ipv4 = true,
		.ipv6 = true,
		.drill_port = -1,
		.sort = COL_STATE,
	};
}

void view_free(struct view *v)
{
	view_drop(v);
	filter_free(v->filter);
	order_free(&v->order);
	free(v->gone.row);
	v->gone = (struct row_list){ 0 };
	v->filter = NULL;
	v->table = NULL;
	v->count = 0;
}

unsigned view_needs(const struct view *v)
{
	return columns[v->sort].needs |
	       (v->filter ? filter_needs(v->filter) : 0);
}

bool view_restricted(const struct view *v)
{
	return (v->states & STATES_ALL) != STATES_ALL || v->listeners_only ||
	       !v->ipv4 || !v->ipv6 || v->drill_port >= 0;
}

bool view_state_known(const struct monitor *m, unsigned state)
{
	return state != STATE_BOUND ||
	       table_counts(m->table)->state[STATE_BOUND] ||
	       strcmp(m->status.source, "proc") != 0;
}

static bool drilled(const struct view *v, const struct sock_id *id)
{
	bool local = id->local_port == v->drill_port;
	bool remote = id->remote_port == v->drill_port;

	if (v->drill_side == DIR_IN)
		return local;
	if (v->drill_side == DIR_OUT)
		return remote;
	return local || remote;
}

bool view_match_but_state(const struct view *v, struct column_context *c,
			  const struct sock *s)
{
	const struct sock_id *id = &s->row.id;

	if (v->listeners_only && s->row.state != STATE_LISTEN)
		return false;
	if (id->family == AF_INET ? !v->ipv4 : !v->ipv6)
		return false;
	if (v->drill_port >= 0 && !drilled(v, id))
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
	struct sock *s = slot < table_slots(t) ? table_slot(t, slot) : NULL;

	return s && s->serial <= v->newest ? s : NULL;
}

static void place_row(void *arg, uint32_t slot, struct place *at)
{
	const struct placing *p = arg;
	const struct view *v = p->view;
	const struct sock *s = slot_sock(v, p->context->monitor->table, slot);

	if (s)
		place_of(at, p->context, v->ordered_by, v->ordered_reverse, s);
	else
		memset(at, 0xff, sizeof(*at));	/* gone: behind all others */
}

static unsigned row_past(void *arg, uint32_t slot, const struct cuts *cuts)
{
	const struct placing *p = arg;
	const struct view *v = p->view;
	const struct sock *s = slot_sock(v, p->context->monitor->table, slot);
	struct making m;
	unsigned n = 0;

	if (!s)
		return cuts->count;
	making_begin(&m, p->context, v->ordered_by, v->ordered_reverse, s);
	while (n < cuts->count && !making_before(&m, &cuts->at[n]))
		n++;
	return n;
}

static void prefetch_row(void *arg, uint32_t slot)
{
	const struct placing *p = arg;

	table_prefetch(p->context->monitor->table, slot);
}

void placing_begin(struct placing *p, const struct view *v,
		   struct column_context *c)
{
	*p = (struct placing){
		.view = v, .context = c, .now = c->now,
		.by = { place_row, row_past, prefetch_row, p },
	};
	c->now = v->ordered_at;
}

void placing_end(struct placing *p)
{
	p->context->now = p->now;
}

void view_ready(struct view *v, struct column_context *c, size_t from,
		size_t to)
{
	struct placing p;

	placing_begin(&p, v, c);
	order_ready(&v->order, &p.by, from, to);
	placing_end(&p);
}

bool view_piece(const struct view *v, size_t i, size_t *from, size_t *to)
{
	return order_piece(&v->order, i, from, to);
}

struct sock *view_sock(const struct view *v, const struct monitor *m, size_t i)
{
	return i < v->count ? slot_sock(v, m->table, v->order.rows[i]) : NULL;
}

long view_find(struct view *v, struct column_context *c, uint32_t slot,
	       uint64_t serial)
{
	const struct sock *s = slot_sock(v, c->monitor->table, slot);
	long i = s && s->serial == serial ? order_find(&v->order, slot) : -1;

	struct placing p;

	if (i < 0)
		return -1;
	placing_begin(&p, v, c);
	i = order_ready_row(&v->order, &p.by, slot);
	placing_end(&p);
	return i;
}
