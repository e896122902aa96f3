/*
 * Events into the table.
 *
 * A full socket that ends may leave a mini-socket behind (TIME_WAIT, or
 * FIN_WAIT2 of an orphan) with the same cookie.  No event says so: the caller
 * looks it up (event_may_leave_mini()) and tells what was found.
 */
#include "model/table_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool event_may_leave_mini(const struct event *e)
{
	if (e->kind == EVENT_DESTROY)
		return e->row.id.remote_port != 0;
	return e->to == STATE_CLOSE && e->left == STATE_NONE &&
	       (e->from == STATE_FIN_WAIT2 || e->from == STATE_CLOSING);
}

/* ---- sockets whose port is not known yet --------------------------------- */

/*
 * connect(2) enters SYN_SENT before it chooses a port, so such a socket cannot
 * be found by its endpoints until the next event or pass; until then by its
 * cookie.  A connection attempt takes a moment here, so these are few.
 */
static uint32_t find_unborn(const struct table *t, uint64_t cookie)
{
	for (size_t i = 0; i < t->unborn.count; i++)
		if (table_at(t, t->unborn.slot[i])->row.cookie == cookie)
			return t->unborn.slot[i];
	return SLOT_NONE;
}

/* The text has no cookies: one that asks the same end is as good as another. */
static uint32_t find_asking(const struct table *t, const struct row *row)
{
	for (size_t i = 0; i < t->unborn.count; i++) {
		const struct sock_row *r = &table_at(t, t->unborn.slot[i])->row;

		if (r->id.remote_port == row->id.remote_port &&
		    r->id.family == row->id.family &&
		    addr_equal(&r->id.remote, &row->id.remote))
			return t->unborn.slot[i];
	}
	return SLOT_NONE;
}

uint32_t table_unborn(const struct table *t, const struct row *row)
{
	if (!t->unborn.count || row->state == STATE_LISTEN)
		return SLOT_NONE;
	return row->cookie ? find_unborn(t, row->cookie) : find_asking(t, row);
}

void table_born(struct table *t, uint32_t slot)
{
	for (size_t i = 0; i < t->unborn.count; i++) {
		if (t->unborn.slot[i] != slot)
			continue;
		t->unborn.slot[i] = t->unborn.slot[--t->unborn.count];
		return;
	}
}

/* ---- finding and adding ---------------------------------------------------- */

static uint32_t find(struct table *t, const struct event *e, unsigned state)
{
	struct row row = e->row;
	uint32_t slot;

	row.state = state;
	slot = table_find_row(t, &row);
	if (slot == SLOT_NONE && e->row.cookie && t->unborn.count)
		slot = find_unborn(t, e->row.cookie);
	return slot;
}

static bool is_ghost(const struct table *t, const struct event *e)
{
	return slots_ghost(&t->slots, &e->row.id, e->row.cookie) != SLOT_NONE;
}

static void set_owner(struct table *t, struct sock *s, const struct event *e)
{
	if (!e->pid)
		return;
	owners_unref(t->owners, s->owner);
	s->owner = owners_with(t->owners, OWNER_PENDING, e->pid, e->start,
			       e->comm, strnlen(e->comm, sizeof(e->comm)));
}

/* Not told: the caller knows what it means. */
static uint32_t add(struct table *t, const struct event *e, unsigned state,
		    int64_t since, enum certainty certainty)
{
	uint32_t slot;
	struct sock *s = slots_take(&t->slots, &slot);

	table_keep_row(s, &e->row);
	s->row.state = state;
	s->row.recv_q = s->row.send_q = U32_UNKNOWN;
	s->row.expires_ms = U32_UNKNOWN;
	s->row.timer = TIMER_UNKNOWN;
	s->serial = ++t->last_serial;
	s->first_seen = e->at;
	s->since = since;
	s->since_certainty = certainty;
	table_see(t, slot);
	s->owner = OWNER_PENDING;
	s->inode_unknown = true;
	slots_set_live(&t->slots, slot, true);
	set_owner(t, s, e);
	table_count(t, s, 1);
	if (s->row.id.local_port) {
		slots_hash(&t->slots, slot, sock_id_hash(&s->row.id));
		table_file_others(t, slot);
	} else {
		slot_list_add(&t->unborn, slot);
	}
	table_find_direction(t, s);
	table_note(t, slot);
	return slot;
}

static void set_state(struct table *t, uint32_t slot, unsigned state,
		      int64_t since, enum certainty certainty)
{
	struct sock *s = table_at(t, slot);

	table_count(t, s, -1);
	s->row.state = state;
	table_count(t, s, 1);
	s->since = since;
	s->since_certainty = certainty;
	table_mark_changed(t, slot);
	table_note(t, slot);
}

/* The endpoints are complete, or those of a bound socket changed. */
static void set_ends(struct table *t, uint32_t slot, const struct event *e)
{
	struct sock *s = table_at(t, slot);

	if (!e->row.id.local_port || sock_id_equal(&s->row.id, &e->row.id))
		return;
	if (!s->hashed)
		table_born(t, slot);
	slots_unhash(&t->slots, slot);
	s->row.id = e->row.id;
	slots_hash(&t->slots, slot, sock_id_hash(&s->row.id));
	table_file_others(t, slot);
}

/* ---- the tracepoint -------------------------------------------------------- */

static bool begins(const struct event *e)
{
	return e->from == STATE_CLOSE || e->from == STATE_LISTEN;
}

static void begin(struct table *t, const struct event *e)
{
	uint32_t slot = add(t, e, e->to, e->at, CERTAIN_EXACT);

	tell_opened_at(t, slot, e->at, e->at, CERTAIN_EXACT);
	table_mark(t, slot, MARK_NEW);
}

/*
 * Brings a socket that is known in another state to where the event starts:
 * events were missed, or a pass did not see it.  False: the event is old, a pass
 * already showed what came after it.
 */
static bool catch_up(struct table *t, uint32_t slot, const struct event *e)
{
	struct sock *s = table_at(t, slot);

	if (s->row.state == e->from)
		return true;
	if (s->since > e->at || !state_reachable(s->row.state, e->from))
		return false;
	table_note_missed(t, s, e->from);
	tell_states(t, slot, e->from, s->since, e->at, CERTAIN_INFERRED);
	set_state(t, slot, e->from, e->at, CERTAIN_INFERRED);
	return true;
}

static void step(struct table *t, uint32_t slot, const struct event *e,
		 unsigned to, enum certainty certainty)
{
	struct sock *s = table_at(t, slot);

	if (s->row.state == to) {
		/* a pass was faster; now its time is exact */
		if (s->since_certainty != CERTAIN_EXACT || s->since > e->at) {
			s->since = e->at;
			s->since_certainty = certainty;
		}
		return;
	}
	if (!catch_up(t, slot, e))
		return;
	tell_states(t, slot, to, e->at, e->at, certainty);
	set_state(t, slot, to, e->at, certainty);
}

static void close_at(struct table *t, uint32_t slot, int64_t after, int64_t at,
		     enum certainty certainty)
{
	struct sock *s = table_at(t, slot);

	table_borrow_owner(t, s);
	table_close_at(t, slot, after, at, certainty);
	s->misses = MISSES_TOLD;
	/* what lived less than an interval is told, not listed as gone */
	if (s->first_seen > t->round_began)
		s->mark = MARK_NONE;
}

/* The trace saw the mini-socket made: what is known of it without asking. */
static void shrink(struct table *t, uint32_t slot, const struct event *e)
{
	struct sock *s = table_at(t, slot);

	if (e->left != e->from)
		step(t, slot, e, e->left, CERTAIN_EXACT);
	else
		catch_up(t, slot, e);
	table_borrow_owner(t, s);
	s->owner_last = s->owner >= OWNER_FIRST;
	s->row.inode = 0;
	s->row.recv_q = s->row.send_q = 0;
	s->row.timer = TIMER_TIME_WAIT;
	s->row.expires_ms = U32_UNKNOWN;
	table_note(t, slot);
}

static void end(struct table *t, uint32_t slot, const struct event *e,
		enum verdict mini, const struct row *row)
{
	if (e->left == STATE_TIME_WAIT || e->left == STATE_FIN_WAIT2) {
		shrink(t, slot, e);
	} else if (mini == VERDICT_ALIVE) {
		/* an orphan's FIN_WAIT2 goes on as it is, but smaller */
		if (row->state != e->from)
			step(t, slot, e, row->state, CERTAIN_EXACT);
		else
			catch_up(t, slot, e);
		table_update(t, slot, row);
	} else if (mini == VERDICT_UNKNOWN && event_may_leave_mini(e)) {
		step(t, slot, e, STATE_TIME_WAIT, CERTAIN_INFERRED);
	} else if (catch_up(t, slot, e)) {
		close_at(t, slot, e->at, e->at, CERTAIN_EXACT);
	}
}

static void state_event(struct table *t, const struct event *e,
			enum verdict mini, const struct row *row)
{
	uint32_t slot = find(t, e, e->from);

	if (slot == SLOT_NONE && begins(e) && e->to != STATE_CLOSE) {
		begin(t, e);
		return;
	}
	if (slot == SLOT_NONE) {
		if (is_ghost(t, e))
			return;		/* a pass knew it before */
		slot = add(t, e, e->from, e->at, CERTAIN_AT_LEAST);
	}
	set_ends(t, slot, e);
	table_touch(t, slot);
	if (e->to == STATE_CLOSE)
		end(t, slot, e, mini, row);
	else
		step(t, slot, e, e->to, CERTAIN_EXACT);
}

/* ---- the destroy multicast --------------------------------------------------- */

/* What it left behind is in the table already: a pass was faster. */
static bool mini_known(const struct table *t, enum verdict mini,
		       const struct row *row)
{
	return mini == VERDICT_ALIVE && table_find_row(t, row) != SLOT_NONE;
}

/* Born and gone since the last pass.  Kernels before 5.4 do not say whether it
 * was ever open; most are. */
void table_short_life(struct table *t, const struct event *e,
		      enum verdict mini, const struct row *row)
{
	const struct event *cause = t->cause;
	bool open = e->reached != REACHED_SYN_SENT;
	uint32_t slot = add(t, e, open ? STATE_ESTABLISHED : STATE_SYN_SENT,
			    t->complete_begun, CERTAIN_AT_MOST);
	struct sock *s = table_at(t, slot);

	t->cause = e;
	table_borrow_owner(t, s);
	tell_opened_at(t, slot, t->complete_begun, e->at, CERTAIN_INFERRED);
	if (mini == VERDICT_ALIVE)
		table_update(t, slot, row);
	else
		close_at(t, slot, e->after, e->at, CERTAIN_BETWEEN);
	t->cause = cause;
}

static void destroy_event(struct table *t, const struct event *e,
			  enum verdict mini, const struct row *row)
{
	uint32_t slot = find(t, e, STATE_CLOSE);
	int64_t after = e->after;

	if (slot != SLOT_NONE && mini == VERDICT_ALIVE) {
		table_update(t, slot, row);
	} else if (slot != SLOT_NONE) {
		if (table_last_seen(t, table_at(t, slot)) > after)
			after = table_last_seen(t, table_at(t, slot));
		close_at(t, slot, after, e->at, CERTAIN_BETWEEN);
	} else if (!t->complete || t->traced || is_ghost(t, e)) {
		return;		/* old, or told before */
	} else if (!e->row.id.remote_port) {
		if (e->row.id.local_port && (e->reached == REACHED_SYN_SENT ||
					     e->reached == REACHED_ESTABLISHED))
			nameless_add(t, e);
	} else if (!mini_known(t, mini, row)) {
		table_short_life(t, e, mini, row);
	}
}

/* Of the hash only: what a chain begins with would have to be waited for. */
void table_events_soon(const struct table *t, const struct event *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		slots_soon(&t->slots, sock_id_hash(&e[i].row.id));
}

void table_event(struct table *t, const struct event *e, enum verdict mini,
		 const struct row *row)
{
	if (e->kind == EVENT_STATE && e->from == e->to)
		return;		/* close(2) after shutdown(2) in FIN_WAIT2 */
	t->cause = e;
	t->tick = e->at;	/* not later than that was it seen */
	t->until_tick = 1;
	if (e->kind == EVENT_STATE)
		state_event(t, e, mini, row);
	else
		destroy_event(t, e, mini, row);
	t->cause = NULL;
	table_now_is_old(t);
}

void table_traced(struct table *t, bool traced)
{
	t->traced = traced;
}

void table_note_missed(struct table *t, const struct sock *s, unsigned state)
{
	/* TIME_WAIT is seen a moment before its event, as the kernel makes it
	 * first (tcp_time_wait()); and an orphan's has none. */
	if (s->row.state == state ||
	    (state == STATE_TIME_WAIT &&
	     state_step_allowed(s->row.state, STATE_TIME_WAIT)))
		return;
	t->missed += t->traced && s->since_certainty == CERTAIN_EXACT;
}

uint64_t table_missed(const struct table *t)
{
	return t->missed;
}

/* ---- rows while events are traced --------------------------------------------- */

bool table_defer(struct table *t, uint32_t slot, const struct row *row)
{
	uint32_t seen_pass = t->pass;

	if (!t->traced || !t->complete)
		return false;
	if (slot != SLOT_NONE) {
		struct sock *s = table_at(t, slot);

		if (s->row.state == row->state)
			return false;
		seen_pass = s->seen_pass;
		s->seen_pass = t->pass;
	}
	if (t->deferred.count == t->deferred.capacity) {
		t->deferred.capacity = t->deferred.capacity ?
			2 * t->deferred.capacity : 64;
		t->deferred.row = mem_array(t->deferred.row,
					    t->deferred.capacity,
					    sizeof(*t->deferred.row));
	}
	t->deferred.row[t->deferred.count++] = (struct deferred_row){
		.row = *row, .read = table_now(t), .seen_pass = seen_pass,
	};
	return true;
}

/*
 * What no event has explained by now is taken from the row; but the kernel may
 * have filled it at any time since the pass was begun, so not what contradicts
 * an event since then.
 */
void table_settle_deferred(struct table *t)
{
	const int64_t begun = t->begun[t->pass % PASS_TIMES];

	t->asked = begun;
	for (size_t i = 0; i < t->deferred.count; i++) {
		const struct deferred_row *d = &t->deferred.row[i];
		uint32_t slot = table_find_row(t, &d->row);

		if (slot == SLOT_NONE) {
			if (slots_ghost(&t->slots, &d->row.id,
					d->row.cookie) != SLOT_NONE)
				free(d->row.detail);
			else
				table_fold(t, &d->row);
		} else if (table_at(t, slot)->since_certainty ==
			   CERTAIN_EXACT &&
			   table_at(t, slot)->since > begun) {
			free(d->row.detail);	/* an event is newer */
		} else {
			table_note_missed(t, table_at(t, slot), d->row.state);
			/* its timer, too, is of the time it was read */
			t->tick = d->read;
			t->until_tick = 1;
			table_at(t, slot)->seen_pass = d->seen_pass;
			table_update(t, slot, &d->row);
		}
	}
	t->deferred.count = 0;
	table_now_is_old(t);
}
