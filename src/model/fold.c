#include "model/table_state.h"

#include <stdlib.h>

#include "model/timeline.h"

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

/*
 * The rows of a pass come in nearly the order of the last one (KERNEL.md), so
 * the socket that followed there is asked first, and the one after it, should
 * that one be gone.  It saves hashing, and what costs more, waiting for memory:
 * sockets that were found by one pass lie side by side.
 */
static uint32_t find_expected(const struct table *t, const struct row *row)
{
	uint32_t slot = t->newest;

	if (slot == SLOT_NONE)
		return SLOT_NONE;
	for (int tries = 0; tries < 2; tries++) {
		const struct sock *s;

		slot = table_at(t, slot)->after;
		if (slot == SLOT_NONE)
			break;
		s = table_at(t, slot);
		if (s->live && s->row.state == row->state &&
		    sock_id_equal(&s->row.id, &row->id) &&
		    match(s, row) >= (state_connects(row->state) ?
				      MATCH_LIKELY : MATCH_INODE))
			return slot;
	}
	return SLOT_NONE;
}

/* The row was of that socket: remembers it for the next pass. */
static void follow(struct table *t, uint32_t slot)
{
	const struct sock *expected;
	uint32_t *after;

	if (t->newest != SLOT_NONE && t->newest != slot) {
		after = &table_at(t, t->newest)->after;
		/* a new one stands before the one expected here */
		if (table_at(t, slot)->after == SLOT_NONE)
			table_at(t, slot)->after = *after;
		if (*after != slot)
			*after = slot;
	}
	t->newest = slot;
	if (table_at(t, slot)->after == SLOT_NONE)
		return;
	expected = table_at(t, table_at(t, slot)->after);
	__builtin_prefetch(expected, 0);
	__builtin_prefetch((const char *)expected + 64, 1);
}

/*
 * A bound socket that connects gets another end, and perhaps a local address,
 * and only the cookie tells that it is the same one.
 */
static uint32_t find_bound(const struct table *t, const struct row *row)
{
	static const struct addr any;
	struct sock_id id = row->id;

	if (!row->cookie || !t->counts.state[STATE_BOUND])
		return SLOT_NONE;
	id.remote = any;
	id.remote_port = 0;
	for (int tries = 0; tries < 2; tries++, id.local = any) {
		uint32_t i = slots_first(&t->slots, &id);

		for (; i != SLOT_NONE; i = slots_next(&t->slots, i, &id)) {
			const struct sock *s = table_at(t, i);

			/* or this pass has shown both at once */
			if (s->row.cookie == row->cookie &&
			    (s->seen_pass != t->pass ||
			     !apart(s->row.state, row->state)))
				return i;
		}
	}
	return SLOT_NONE;
}

/*
 * TIME_WAIT began that long before its timer was read; but we read only what
 * the kernel wrote, some time ago if we had to wait for a processor.  So it is
 * known between two times, and that is as exact as can be where they are not
 * further apart than jiffies are.
 */
struct began {
	int64_t first, last;		/* mono ns */
};

#define JIFFY_NS	(10 * NS_PER_MS)	/* the longest */

static bool ages_by_timer(const struct row *row)
{
	return row->state == STATE_TIME_WAIT &&
	       row->timer == TIMER_TIME_WAIT &&
	       row->expires_ms <= TIME_WAIT_NS / NS_PER_MS;
}

/* It was so at `seen`, mono ns: now, or the time of an event, and what that
 * left is looked up later. */
static struct began by_timer(const struct table *t, const struct row *row,
			     int64_t seen)
{
	int64_t read = t->cause ? clock_mono(t->clock) : seen;
	int64_t age = TIME_WAIT_NS - row->expires_ms * NS_PER_MS;
	int64_t asked = t->asked < read ? t->asked : read;

	return (struct began){
		.first = asked - age,
		.last = read - age < seen ? read - age : seen,
	};
}

static bool is_exact(const struct began *b)
{
	return b->last - b->first <= JIFFY_NS;
}

/*
 * Sets since and how sure it is; the state is new to us at `at_ns`.  Of a timer
 * it is the first time that it may be, if these are far apart: its end does not
 * come earlier than that and a minute.
 */
static void set_since(const struct table *t, struct sock *s,
		      const struct row *row, int64_t at_ns,
		      enum certainty otherwise)
{
	if (ages_by_timer(row)) {
		const struct began b = by_timer(t, row, at_ns);

		s->since = is_exact(&b) ? b.last : b.first;
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

void table_keep_row(struct sock *s, const struct row *row)
{
	s->row = (struct sock_row){
		.id = row->id,
		.uid = row->uid,
		.cookie = row->cookie,
		.inode = row->inode,
		.recv_q = row->recv_q,
		.send_q = row->send_q,
		.expires_ms = row->expires_ms,
		.state = row->state,
		.timer = row->timer,
		.retrans = row->retrans,
	};
}

static uint32_t add(struct table *t, const struct row *row, uint32_t hash)
{
	uint32_t slot;
	struct sock *s = slots_take(&t->slots, &slot);

	table_keep_row(s, row);
	timeline_set_detail(&s->timeline, row->detail);
	s->serial = ++t->last_serial;
	s->first_seen = table_now(t);
	table_see(t, slot);
	s->owner = row->inode ? OWNER_PENDING : OWNER_NONE;
	set_since(t, s, row, s->first_seen,
		  first_pass(t) ? CERTAIN_AT_LEAST : CERTAIN_BETWEEN);
	slots_set_live(&t->slots, slot, true);
	slots_hash(&t->slots, slot, hash);
	table_count(t, s, 1);
	if (row->inode)
		table_ownerless_add(t, slot);
	if (!first_pass(t))
		defer_opened(t, slot);
	table_note(t, slot);
	return slot;
}

/* What the new row does not know stays as it was known. */
static void take_values(struct sock *s, const struct row *row)
{
	struct sock_row *kept = &s->row;
	bool other = kept->state != row->state ||
		     row->timer == TIMER_TIME_WAIT;

	if (row->send_q != U32_UNKNOWN || row->state != STATE_LISTEN ||
	    kept->state != STATE_LISTEN)
		kept->send_q = row->send_q;
	if (row->cookie)
		kept->cookie = row->cookie;
	if (row->id.ifindex)
		kept->id.ifindex = row->id.ifindex;
	if (row->uid != U32_UNKNOWN)
		kept->uid = row->uid;
	kept->inode = row->inode;
	kept->recv_q = row->recv_q;
	kept->expires_ms = row->expires_ms;
	kept->state = row->state;
	kept->timer = row->timer;
	kept->retrans = row->retrans;
	s->inode_unknown = false;
	/* a look brought it that no pass asks for: it is the look's to drop */
	if (row->detail || (other && s->timeline))
		timeline_set_detail(&s->timeline, row->detail);
}

static void follow_inode(struct table *t, uint32_t slot, uint64_t inode)
{
	struct sock *s = table_at(t, slot);

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
		table_ownerless_add(t, slot);
	} else if (s->owner >= OWNER_FIRST) {
		s->owner_last = true;
	} else {
		s->owner = OWNER_NONE;
	}
}

/* False: its timer does not say when it began. */
static bool change_by_timer(struct table *t, uint32_t slot,
			    const struct row *row, int64_t after, int64_t seen)
{
	struct sock *s = table_at(t, slot);
	struct began b;
	bool exact;

	if (!ages_by_timer(row))
		return false;
	b = by_timer(t, row, seen);
	exact = is_exact(&b);
	/* that timer started in an earlier state */
	if (b.last <= after)
		return false;
	/* other steps before it must not be told as over too early */
	if (!exact || !state_step_allowed(s->row.state, row->state))
		b.last = b.last + JIFFY_NS < seen ? b.last + JIFFY_NS : seen;
	tell_states(t, slot, row->state, after, b.last,
		    exact ? CERTAIN_EXACT : CERTAIN_BETWEEN);
	s->since = exact ? b.last : b.first > after ? b.first : after;
	s->since_certainty = CERTAIN_EXACT;
	return true;
}

static void change_state(struct table *t, uint32_t slot, const struct row *row)
{
	struct sock *s = table_at(t, slot);
	int64_t seen = table_now(t), after = table_last_seen(t, s);

	if (s->since_certainty == CERTAIN_EXACT && s->since > after)
		after = s->since;	/* an event told, since that pass */
	if (!change_by_timer(t, slot, row, after, seen)) {
		tell_states(t, slot, row->state, after, seen, CERTAIN_BETWEEN);
		s->since = seen;
		s->since_certainty = CERTAIN_BETWEEN;
	}
	table_mark_changed(t, slot);
}

/* Its endpoints are other ones now. */
static void move(struct table *t, uint32_t slot, const struct sock_id *id)
{
	struct sock *s = table_at(t, slot);
	uint32_t ifindex = s->row.id.ifindex;

	if (!s->hashed)
		table_born(t, slot);
	slots_unhash(&t->slots, slot);
	s->row.id = *id;
	if (!id->ifindex)
		s->row.id.ifindex = ifindex;
	slots_hash(&t->slots, slot, sock_id_hash(id));
	s->direction = DIR_UNKNOWN;
}

void table_update(struct table *t, uint32_t slot, const struct row *row)
{
	struct sock *s = table_at(t, slot);
	bool moved = !sock_id_equal(&s->row.id, &row->id);
	bool counted_anew = moved || s->row.state != row->state;

	follow_inode(t, slot, row->inode);
	if (counted_anew)
		table_count(t, s, -1);
	if (moved)
		move(t, slot, &row->id);
	if (s->row.state != row->state)
		change_state(t, slot, row);
	take_values(s, row);
	if (counted_anew)
		table_count(t, s, 1);
	if (moved)
		table_find_direction(t, s);
	table_see(t, slot);
	table_note(t, slot);
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

/* The socket, under the endpoints it had before. */
static uint32_t find_moved(struct table *t, const struct row *row)
{
	uint32_t slot = find_bound(t, row);

	return slot == SLOT_NONE ? table_unborn(t, row) : slot;
}

/*
 * The kernel fills a piece of its answer ahead of our reading it: a full socket
 * whose end was told meanwhile is in there still.  Its cookie goes on only in
 * the mini-socket it may have left.
 */
static bool is_late(const struct table *t, const struct row *row)
{
	uint32_t slot;

	if (!row->cookie || row->timer == TIMER_TIME_WAIT)
		return false;
	slot = slots_ghost(&t->slots, &row->id, row->cookie);
	return slot != SLOT_NONE &&
	       table_at(t, slot)->row.cookie == row->cookie;
}

/* The row of a socket that is not known.  Returns its slot. */
static uint32_t fold_new(struct table *t, const struct row *row, uint32_t hash)
{
	if (!slots_none(&t->slots, hash)) {
		if (is_late(t, row)) {
			free(row->detail);
			return SLOT_NONE;
		}
		supersede(t, row);
	}
	return add(t, row, hash);
}

/* The row of the socket in that slot. */
static void fold(struct table *t, uint32_t slot, const struct row *row)
{
	if (table_at(t, slot)->seen_pass == t->pass) {
		t->repeated++;
		t->uneven = true;
	}
	table_update(t, slot, row);
}

/* Its slot, or SLOT_NONE. */
static uint32_t find(struct table *t, const struct row *row, uint32_t hash)
{
	uint32_t slot = SLOT_NONE;

	if (!slots_none(&t->slots, hash))
		slot = table_find_row(t, row);
	return slot == SLOT_NONE ? find_moved(t, row) : slot;
}

/* A row of this pass; slot: its socket, if that is known already. */
static void take(struct table *t, const struct row *row, uint32_t slot,
		 uint32_t hash)
{
	if (slot == SLOT_NONE)
		slot = find(t, row, hash);
	if (table_defer(t, slot, row))
		;
	else if (slot == SLOT_NONE)
		slot = fold_new(t, row, hash);
	else
		fold(t, slot, row);
	if (slot != SLOT_NONE)
		follow(t, slot);
}

void table_row(struct table *t, const struct row *row)
{
	uint32_t slot = find_expected(t, row);

	take(t, row, slot, slot == SLOT_NONE ? sock_id_hash(&row->id) : 0);
}

/* New ones are found nowhere, and to know that takes one look at a place of the
 * hash that is not in the processor's cache. */
void table_rows(struct table *t, const struct row *rows, size_t n)
{
	enum { AHEAD = 8 };
	uint32_t hash[AHEAD];

	table_now_stays(t);
	for (size_t i = 0, next = 0; i < n; i++) {
		for (; next < n && next < i + AHEAD; next++) {
			hash[next % AHEAD] = sock_id_hash(&rows[next].id);
			slots_soon(&t->slots, hash[next % AHEAD]);
		}
		take(t, &rows[i], find_expected(t, &rows[i]), hash[i % AHEAD]);
	}
	table_now_is_old(t);
}

void table_fold(struct table *t, const struct row *row)
{
	uint32_t hash = sock_id_hash(&row->id), slot = find(t, row, hash);

	if (slot == SLOT_NONE)
		fold_new(t, row, hash);
	else
		fold(t, slot, row);
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
