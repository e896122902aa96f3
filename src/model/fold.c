#include "model/table_state.h"

#include <stdlib.h>

/* TCP_TIMEWAIT_LEN of include/net/tcp.h: fixed, no sysctl changes it */
#define TIME_WAIT_NS	(60 * NS_PER_SEC)

enum match {
	MATCH_NOT,		/* another socket with the same endpoints */
	MATCH_LIKELY,		/* nothing speaks against it */
	MATCH_INODE,
	MATCH_COOKIE,
};

/*
 * A socket whose program keeps the descriptor after both ends closed is back
 * in CLOSE, or BOUND, while its TIME_WAIT lives on: both at once, with the
 * same endpoints and the same cookie (seen on 6.18).
 */
static bool apart(unsigned a, unsigned b)
{
	return (a == STATE_TIME_WAIT && !state_connects(b)) ||
	       (b == STATE_TIME_WAIT && !state_connects(a));
}

/*
 * Is the row that socket?  The endpoints are the same already.  An inode is
 * no identity (it comes with accept and goes with close), but two different
 * ones are two sockets: so listeners that share a port stay apart in proc.
 */
static enum match match(const struct sock *s, const struct row *row)
{
	if (apart(s->row.state, row->state))
		return MATCH_NOT;
	if (s->row.cookie && row->cookie)
		return s->row.cookie == row->cookie ? MATCH_COOKIE : MATCH_NOT;
	if (s->row.inode && row->inode && s->row.inode != row->inode)
		return MATCH_NOT;
	if (s->row.state != row->state &&
	    !state_reachable(s->row.state, row->state))
		return MATCH_NOT;
	return s->row.inode && s->row.inode == row->inode ? MATCH_INODE
							  : MATCH_LIKELY;
}

bool table_same(const struct sock *s, const struct row *row)
{
	return match(s, row) != MATCH_NOT;
}

uint32_t table_find_row(const struct table *t, const struct row *row)
{
	uint32_t best = SLOT_NONE, i;
	enum match quality = MATCH_NOT;

	for (i = slots_first(&t->slots, &row->id); i != SLOT_NONE;
	     i = slots_next(&t->slots, i, &row->id)) {
		enum match m = match(table_at(t, i), row);

		if (m > quality) {
			quality = m;
			best = i;
		}
	}
	return best;
}

/* A bound socket that connects or listens changes its endpoints, and only the
 * cookie tells that it is the same one. */
static uint32_t find_bound(const struct table *t, const struct row *row)
{
	if (!row->cookie)
		return SLOT_NONE;
	for (size_t i = 0; i < t->bound.count; i++) {
		const struct sock *s = table_at(t, t->bound.slot[i]);

		if (!s->live || s->row.cookie != row->cookie)
			continue;
		/* this pass has shown that one already: both at once */
		if (s->seen_pass != t->pass ||
		    !apart(s->row.state, row->state))
			return t->bound.slot[i];
	}
	return SLOT_NONE;
}

static bool ages_by_timer(const struct row *row)
{
	return row->state == STATE_TIME_WAIT &&
	       row->timer == TIMER_TIME_WAIT && row->expires_ms != U32_UNKNOWN;
}

/* Sets since and how sure it is; the state is new to us at `at_ns`. */
static void set_since(struct sock *s, int64_t at_ns, enum certainty otherwise)
{
	if (ages_by_timer(&s->row)) {
		s->since = at_ns - TIME_WAIT_NS +
			   s->row.expires_ms * NS_PER_MS;
		s->since_certainty = CERTAIN_EXACT;
	} else {
		s->since = at_ns;
		s->since_certainty = otherwise;
	}
}

static bool first_pass(const struct table *t)
{
	return t->complete == 0;
}

/* Told when the pass is settled, or when something else happens to it. */
static void defer_opened(struct table *t, uint32_t slot)
{
	table_at(t, slot)->untold = true;
	slot_list_add(&t->opened, slot);
}

static void add(struct table *t, const struct row *row)
{
	uint32_t slot;
	struct sock *s = slots_take(&t->slots, &slot);

	s->row = *row;
	s->serial = ++t->last_serial;
	s->first_seen = table_now(t);
	s->seen_pass = t->pass;
	s->owner = row->inode ? OWNER_PENDING : OWNER_NONE;
	set_since(s, s->first_seen,
		  first_pass(t) ? CERTAIN_AT_LEAST : CERTAIN_BETWEEN);
	s->live = true;
	slots_hash(&t->slots, slot);
	table_count(t, s, 1);
	if (!first_pass(t))
		defer_opened(t, slot);
}

/* What the new row does not know stays as it was known. */
static void keep_known(struct row *row, const struct row *old)
{
	if (!row->cookie)
		row->cookie = old->cookie;
	if (!row->id.ifindex)
		row->id.ifindex = old->id.ifindex;
	if (row->uid == U32_UNKNOWN)
		row->uid = old->uid;
	if (row->state == STATE_LISTEN && old->state == STATE_LISTEN &&
	    row->send_q == U32_UNKNOWN)
		row->send_q = old->send_q;
}

static void follow_inode(struct table *t, struct sock *s, uint64_t inode)
{
	if (s->inode_unknown && !inode && s->owner == OWNER_PENDING)
		s->owner = OWNER_NONE;		/* there is nobody to find */
	if (inode == s->row.inode)
		return;
	if (inode && s->owner >= OWNER_FIRST && !s->owner_last) {
		return;			/* its event told who made it */
	} else if (inode) {		/* accepted */
		owners_unref(t->owners, s->owner);
		s->owner = OWNER_PENDING;
		s->owner_last = false;
	} else if (s->owner >= OWNER_FIRST) {
		s->owner_last = true;
	} else {
		s->owner = OWNER_NONE;
	}
}

static void change_state(struct table *t, uint32_t slot, const struct row *row)
{
	struct sock *s = table_at(t, slot), newer = { .row = *row };
	int64_t seen = table_now(t), after = table_last_seen(t, s);

	if (s->since_certainty == CERTAIN_EXACT && s->since > after)
		after = s->since;	/* an event told, since that pass */
	set_since(&newer, seen, CERTAIN_BETWEEN);
	if (newer.since <= after || newer.since > seen) {
		/* that timer started in an earlier state, or again */
		newer.since = seen;
		newer.since_certainty = CERTAIN_BETWEEN;
	}
	tell_states(t, slot, row->state, after, newer.since,
		    newer.since_certainty);
	s->since = newer.since;
	s->since_certainty = newer.since_certainty;
	if (s->mark != MARK_NEW || s->mark_pass != t->pass)
		table_mark(t, s, MARK_CHANGED);
}

void table_update(struct table *t, uint32_t slot, const struct row *new)
{
	struct sock *s = table_at(t, slot);
	struct row row = *new;
	bool moved = !sock_id_equal(&s->row.id, &row.id);

	keep_known(&row, &s->row);
	follow_inode(t, s, row.inode);
	if (moved) {
		if (!s->hashed)
			table_born(t, slot);
		slots_unhash(&t->slots, slot);
		s->row.id = row.id;
		s->direction = DIR_UNKNOWN;
	}
	if (s->row.state != row.state)
		change_state(t, slot, &row);
	table_count(t, s, -1);
	free(s->row.detail);
	s->row = row;
	s->inode_unknown = false;
	table_count(t, s, 1);
	if (moved)
		slots_hash(&t->slots, slot);
	s->seen_pass = t->pass;
	s->misses = 0;
}

/*
 * A new connection with the endpoints of one we know: the old one is gone, as
 * a namespace has a four-tuple once.  With cookies the look-up says so; without
 * it could not tell the old from the new.
 */
static void supersede(struct table *t, const struct row *row)
{
	uint32_t i, next;

	if (!state_connects(row->state))
		return;
	for (i = slots_first(&t->slots, &row->id); i != SLOT_NONE; i = next) {
		const struct sock *s = table_at(t, i);

		next = slots_next(&t->slots, i, &row->id);
		if (s->seen_pass != t->pass && state_connects(s->row.state) &&
		    !(s->row.cookie && row->cookie))
			table_close(t, i);
	}
}

/* The socket, also under the endpoints it had before. */
static uint32_t find_moved(struct table *t, const struct row *row)
{
	uint32_t slot = table_find_row(t, row);

	if (slot == SLOT_NONE)
		slot = find_bound(t, row);
	return slot == SLOT_NONE ? table_unborn(t, row) : slot;
}

static void fold(struct table *t, uint32_t slot, const struct row *row)
{
	if (slot == SLOT_NONE) {
		supersede(t, row);
		add(t, row);
		return;
	}
	if (table_at(t, slot)->seen_pass == t->pass) {
		t->repeated++;
		t->uneven = true;
	}
	table_update(t, slot, row);
}

void table_row(struct table *t, const struct row *row)
{
	uint32_t slot = find_moved(t, row);

	if (!table_defer(t, slot, row))
		fold(t, slot, row);
}

void table_fold(struct table *t, const struct row *row)
{
	fold(t, find_moved(t, row), row);
}

void table_listener(struct table *t, const struct row *row)
{
	uint32_t slot = table_find_row(t, row);
	struct sock *s;

	free(row->detail);
	if (slot == SLOT_NONE)
		return;
	s = table_at(t, slot);
	s->row.send_q = row->send_q;
	s->row.cookie = row->cookie;
	s->row.id.ifindex = row->id.ifindex;
}
