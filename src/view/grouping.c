#include "view/grouping.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/edges.h"
#include "view/changeline.h"
#include "view/pivot_column.h"
#include "view/update.h"

/* ---- the log of changes ---- */

static size_t log_count(const struct view *v, const struct column_context *c)
{
	return v->log ? v->log->count(v->log->arg) :
			change_log_count(c->monitor->log);
}

static uint64_t log_total(const struct view *v, const struct column_context *c)
{
	return v->log ? v->log->total(v->log->arg) :
			change_log_total(c->monitor->log);
}

/* by its number; NULL: it fell out of the log */
static const struct change *log_get(const struct view *v,
				    const struct column_context *c,
				    uint64_t number)
{
	uint64_t i = log_total(v, c) - 1 - number;

	return v->log ? v->log->get(v->log->arg, i) :
			change_log_get(c->monitor->log, i);
}

/*
 * The rates are of the last seconds up to the newest pass, as far as the
 * program has watched and the log goes back; in whole seconds.
 */
static void choose_window(struct grouping *g, const struct view *v,
			  struct column_context *c)
{
	const struct monitor *m = c->monitor;
	int64_t wanted = RATE_SECONDS * NS_PER_SEC;
	int64_t every = m->status.pass_every;
	const struct change *oldest;
	int seconds;

	g->number = log_total(v, c);
	g->first = g->number - log_count(v, c);
	g->to = m->status.pass_at;
	if (g->to == TIME_UNKNOWN)
		return;
	/* where passes are rarer, one of them at least */
	if (every > wanted)
		wanted = every;
	seconds = edges_window(m->edges, (int)(wanted / NS_PER_SEC), g->to);
	oldest = g->first ? log_get(v, c, g->first) : NULL;
	if (oldest && oldest->at > g->to - seconds * NS_PER_SEC)
		seconds = oldest->at > g->to ? 0 :
			  (int)((g->to - oldest->at) / NS_PER_SEC);
	g->from = g->to - seconds * NS_PER_SEC;
	g->pivot.seconds = seconds;
	g->pivot.at_least = !m->status.events_exact;
}

/*
 * The socket as it was before or after a change.  Who holds it is known better
 * by now, if it still is there.
 */
static void sock_of_change(struct column_context *c, const struct change *ch,
			   unsigned state, struct sock *s)
{
	const struct sock_ref ref = { .slot = ch->slot, .serial = ch->serial };
	const struct sock *now = table_ref(c->monitor->table, ref);
	bool last;

	if (now) {
		*s = *now;
	} else {
		*s = (struct sock){
			.row = {
				.id = ch->id, .cookie = ch->cookie,
				.uid = ch->uid,
				/* one that is known as 0 is root's */
				.inode = ch->uid == 0,
				.recv_q = U32_UNKNOWN, .send_q = U32_UNKNOWN,
				.expires_ms = U32_UNKNOWN,
			},
			.serial = ch->serial, .direction = ch->direction,
			.since = ch->at, .first_seen = ch->at,
		};
	}
	s->owner = change_owner(c->monitor, ch, &last);
	s->owner_last = last;
	s->row.state = (uint8_t)state;
	s->live = true;
}

static bool in_view(const struct view *v, struct column_context *c,
		    const struct change *ch, unsigned state, enum group_id id,
		    struct sock *s, struct group_key *k)
{
	if (state == STATE_NONE)
		return false;
	sock_of_change(c, ch, state, s);
	if (!view_match(v, c, s))
		return false;
	group_key_of(c, id, s, k);
	return true;
}

static void count_change(struct grouping *g, const struct view *v,
			 struct column_context *c, const struct change *ch)
{
	struct group_key before, after;
	struct sock s, t;
	bool was, is;

	if (ch->at <= g->from || ch->at > g->to)
		return;
	was = in_view(v, c, ch, ch->kind == CHANGE_OPENED ? STATE_NONE :
		      ch->from, g->pivot.group, &s, &before);
	is = in_view(v, c, ch, ch->kind == CHANGE_CLOSED ? STATE_NONE :
		     ch->to, g->pivot.group, &t, &after);
	if (was && is && group_key_equal(&before, &after))
		return;
	if (was)
		pivot_left(&g->pivot, &before, &s);
	if (is)
		pivot_came(&g->pivot, &after, &t);
}

/* Changes are logged as they are learnt of, which is not quite the order in
 * which they happened. */
#define DISORDER_NS	(2 * NS_PER_SEC)

static void step_changes(struct grouping *g, const struct view *v,
			 struct column_context *c, uint32_t n)
{
	const struct change *ch;

	while (n--) {
		if (!g->pivot.seconds || g->number == g->first)
			break;
		ch = log_get(v, c, --g->number);
		/* what falls out of the log meanwhile is older than all that
		 * is wanted, but under a storm */
		if (!ch || ch->at < g->from - DISORDER_NS)
			break;
		count_change(g, v, c, ch);
		if (!n)
			return;
	}
	g->phase = g->held ? GROUPING_HELD : GROUPING_ORDER;
}

/* ---- order ---- */

static void place_in(const struct pivot *p, struct column_context *c,
		     uint8_t sort, bool reverse, uint32_t i, struct place *at)
{
	const struct pivot_context x = { .c = c, .p = p };
	const struct group *group = pivot_get(p, i);

	pivot_column_key(&x, sort, reverse, group, at->word);
	for (int k = 0; k < GROUP_KEY_WORDS; k++)
		at->word[COLUMN_KEY_WORDS + k] = group->key.word[k];
	at->word[COLUMN_KEY_WORDS + GROUP_KEY_WORDS] = i;
}

_Static_assert(COLUMN_KEY_WORDS + GROUP_KEY_WORDS + 1 == PLACE_WORDS,
	       "a group's place");

void grouping_place(const struct view *v, struct column_context *c,
		    uint32_t i, struct place *at)
{
	place_in(&v->pivot, c, v->rows.sort, v->rows.reverse, i, at);
}

/* One piece: it is put in order where somebody looks. */
static void make_order(struct grouping *g)
{
	uint32_t *rows = mem_array(NULL, (size_t)g->pivot.count + 1,
				   sizeof(*rows));

	for (uint32_t i = 0; i < g->pivot.count; i++)
		rows[i] = i;
	order_append(&g->order, rows, g->pivot.count);
	free(rows);
	g->phase = GROUPING_DONE;
}

/* ---- held ---- */

/* Known groups keep their places, those that are gone leave. */
static void keep_piece(struct grouping *g, const struct view *v, size_t i)
{
	uint32_t row = i ? v->rows.order.pieces[i - 1].end : 0;
	uint32_t *rows = mem_array(NULL, v->rows.order.pieces[i].end - row + 1,
				   sizeof(*rows));
	size_t n = 0;

	for (; row < v->rows.order.pieces[i].end; row++) {
		const struct group *old = pivot_get(&v->pivot,
						    v->rows.order.rows[row]);
		long now = pivot_find(&g->pivot, &old->key);

		if (now < 0)
			continue;
		g->kept[now] = true;
		rows[n++] = (uint32_t)now;
	}
	order_append(&g->order, rows, n);
	if (n)
		g->order.pieces[g->order.piece_count - 1].sorted |=
			v->rows.order.pieces[i].sorted;
	free(rows);
}

static void add_new(struct grouping *g)
{
	uint32_t *rows = mem_array(NULL, (size_t)g->pivot.count + 1,
				   sizeof(*rows));
	size_t n = 0;

	for (uint32_t i = 0; i < g->pivot.count; i++)
		if (!g->kept[i])
			rows[n++] = i;
	order_append(&g->order, rows, n);
	free(rows);
}

static void step_held(struct grouping *g, const struct view *v)
{
	if (!g->kept)
		g->kept = mem_zalloc((size_t)g->pivot.count + 1);
	/* a piece has no more than some thousand groups */
	if (g->at < v->rows.order.piece_count) {
		keep_piece(g, v, g->at++);
		return;
	}
	add_new(g);
	g->phase = GROUPING_DONE;
}

/* ---- the whole ---- */

void grouping_begin(struct grouping *g, const struct view *v,
		    struct column_context *c)
{
	*g = (struct grouping){
		/* the order of groups of another kind cannot be held */
		.held = v->held && v->pivot.group == v->group,
		.sort = v->group_sort, .reverse = v->group_reverse,
	};
	pivot_begin(&g->pivot, v->group, c->monitor->owners,
		    table_counts(c->monitor->table)->total,
		    v->pivot.group == v->group ? v->pivot.count : 0);
	choose_window(g, v, c);
}

static void finish(struct grouping *g, struct view *v)
{
	view_replacing(v, false);
	pivot_free(&v->pivot);
	v->pivot = g->pivot;
	order_free(&v->rows.order);
	v->rows.order = g->order;
	if (!g->held) {
		v->rows.sort = g->sort;
		v->rows.reverse = g->reverse;
	}
	g->pivot = (struct pivot){ .group = GROUP_NONE };
	g->order = (struct order){ 0 };
}

bool grouping_step(struct grouping *g, struct view *v,
		   struct column_context *c, uint32_t n)
{
	if (g->phase == GROUPING_PIVOT)
		g->phase = pivot_step(&g->pivot, n) ? GROUPING_PIVOT :
						      GROUPING_CHANGES;
	else if (g->phase == GROUPING_CHANGES)
		step_changes(g, v, c, n);
	else if (g->phase == GROUPING_HELD)
		step_held(g, v);
	else if (g->phase == GROUPING_ORDER)
		make_order(g);
	if (g->phase != GROUPING_DONE)
		return true;
	finish(g, v);
	return false;
}

void grouping_drop(struct grouping *g)
{
	pivot_free(&g->pivot);
	order_free(&g->order);
	free(g->kept);
	g->kept = NULL;
}
