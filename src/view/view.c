#include "view/view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

/*
 * Order is found in two steps.  Every row gets two numbers first: key, where
 * it stands by the column asked for, and tie, where it stands among equals.
 * They lie close together, and comparing them settles nearly everything; only
 * for what they leave open are the sockets themselves looked at.
 */
struct sort_row {
	uint64_t key, tie;
	uint64_t serial;
	uint32_t slot;
	uint32_t same;		/* with key, says it all, if it is not 0 */
};

struct sorting {
	const struct view *v;
	struct column_context *c;
	struct sort_row *rows;
	size_t count, capacity;
};

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
	filter_free(v->filter);
	free(v->rows);
	v->filter = NULL;
	v->rows = NULL;
	v->count = v->capacity = 0;
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
	if (v->drill_port >= 0 && !drilled(v, id))
		return false;
	return !v->filter || filter_match(v->filter, c, s);
}

bool view_match(const struct view *v, struct column_context *c,
		const struct sock *s)
{
	return state_shown(v, s) && match_but_state(v, c, s);
}

/* IPv4, then IPv4 in IPv6's dress, then IPv6 */
static unsigned addr_class(const struct sock_id *id)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (id->family == AF_INET)
		return 0;
	return memcmp(id->remote.b, mapped, sizeof(mapped)) == 0 ? 1 : 2;
}

static uint64_t big_endian(const uint8_t *b, int n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | *b++;
	return v;
}

/*
 * State 5 bits, local port 16, class 2, and of address and port of the other
 * end the first 41: all but the last seven of the port for IPv4.
 */
static uint64_t tie_key(const struct sock *s)
{
	const struct sock_id *id = &s->row.id;
	unsigned class = addr_class(id);
	uint64_t rank = columns[COL_STATE].rank(s);
	uint64_t end;

	if (class == 2)
		end = big_endian(id->remote.b, 8) >> 23;
	else
		end = big_endian(id->remote.b + (class ? 12 : 0), 4) << 9 |
		      id->remote_port >> 7;
	if (rank > 31)
		rank = 31;
	return rank << 59 | (uint64_t)id->local_port << 43 |
	       (uint64_t)class << 41 | end;
}

#define ORDER(a, b)	(((a) > (b)) - ((a) < (b)))

/* What tie_key() is the beginning of. No two sockets are equal. */
static int compare_ties(const struct sock *a, const struct sock *b)
{
	const struct sock_id *p = &a->row.id, *q = &b->row.id;
	int order;

	order = ORDER(columns[COL_STATE].rank(a), columns[COL_STATE].rank(b));
	if (!order)
		order = ORDER(p->local_port, q->local_port);
	if (!order)
		order = ORDER(addr_class(p), addr_class(q));
	if (!order)
		order = addr_compare(&p->remote, &q->remote);
	if (!order)
		order = ORDER(p->remote_port, q->remote_port);
	return order ? order : ORDER(a->serial, b->serial);
}

static int compare_rows(const void *pa, const void *pb, void *arg)
{
	const struct sort_row *a = pa, *b = pb;
	const struct sorting *sort = arg;
	const struct sock *sa, *sb;
	bool same = a->same && a->same == b->same;
	int order = ORDER(a->key, b->key);

	if (!order && same)
		order = ORDER(a->tie, b->tie);
	if (order)
		return order;
	sa = table_slot(sort->c->monitor->table, a->slot);
	sb = table_slot(sort->c->monitor->table, b->slot);
	if (!same)
		order = column_compare(sort->c, sort->v->sort,
				       sort->v->reverse, sa, sb);
	if (!order)
		order = ORDER(a->tie, b->tie);
	return order ? order : compare_ties(sa, sb);
}

static void sorting_add(struct sorting *sort, const struct sock *s,
			uint32_t slot)
{
	const struct view *v = sort->v;
	struct sort_row *row;

	if (sort->count == sort->capacity) {
		sort->capacity = sort->capacity ? 2 * sort->capacity : 256;
		sort->rows = mem_array(sort->rows, sort->capacity,
				       sizeof(*sort->rows));
	}
	row = &sort->rows[sort->count++];
	row->key = column_key(sort->c, v->sort, v->reverse, s, &row->same);
	row->tie = tie_key(s);
	row->serial = s->serial;
	row->slot = slot;
}

/*
 * Rows that stay where they are: all that are still there and still match.
 * Returns a mark for each slot that has one; the caller frees it.
 */
static bool *keep_rows(struct view *v, struct column_context *c)
{
	bool *kept = mem_zalloc(table_slots(c->monitor->table));
	size_t n = 0;

	for (size_t i = 0; i < v->count; i++) {
		const struct sock *s = view_sock(v, c->monitor, i);

		if (!s || !view_match(v, c, s))
			continue;
		kept[v->rows[i].slot] = true;
		v->live += s->live;
		v->rows[n++] = v->rows[i];
	}
	v->count = n;
	return kept;
}

static void collect(struct view *v, struct sorting *sort, const bool *kept)
{
	const struct table *t = sort->c->monitor->table;
	uint32_t slots = table_slots(t);

	for (uint32_t i = 0; i < slots; i++) {
		const struct sock *s = table_slot(t, i);

		if (!s || (kept && kept[i]))
			continue;
		if (!s->live && s->mark == MARK_NONE)
			continue;	/* lived between two passes: told, not
					   listed */
		if (!state_shown(v, s)) {
			if (s->live && match_but_state(v, sort->c, s))
				v->hidden_by_state++;
			continue;
		}
		if (!match_but_state(v, sort->c, s))
			continue;
		sorting_add(sort, s, i);
		v->live += s->live;
	}
}

static void append(struct view *v, const struct sorting *sort)
{
	size_t need = v->count + sort->count;

	if (need > v->capacity) {
		v->capacity = need + need / 4;
		v->rows = mem_array(v->rows, v->capacity, sizeof(*v->rows));
	}
	for (size_t i = 0; i < sort->count; i++)
		v->rows[v->count++] = (struct view_row){
			.serial = sort->rows[i].serial,
			.slot = sort->rows[i].slot,
		};
}

void view_update(struct view *v, struct column_context *c)
{
	struct sorting sort = { .v = v, .c = c };
	bool *kept = NULL;

	v->live = v->hidden_by_state = 0;
	if (v->held)
		kept = keep_rows(v, c);
	else
		v->count = 0;
	collect(v, &sort, kept);
	if (sort.count)
		qsort_r(sort.rows, sort.count, sizeof(*sort.rows),
			compare_rows, &sort);
	append(v, &sort);
	free(sort.rows);
	free(kept);
}

struct sock *view_sock(const struct view *v, const struct monitor *m, size_t i)
{
	struct sock *s = NULL;

	if (i < v->count && v->rows[i].slot < table_slots(m->table))
		s = table_slot(m->table, v->rows[i].slot);
	return s && s->serial == v->rows[i].serial ? s : NULL;
}

long view_find(const struct view *v, uint64_t serial)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->rows[i].serial == serial)
			return (long)i;
	return -1;
}
