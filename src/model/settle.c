#include "model/table_state.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
	MARK_ROUNDS	= 3,	/* a mark is shown for so many intervals */
	/*
	 * One skipped row is common under churn (KERNEL.md: 1 in 400 with 16
	 * buckets), a second one in a row of the same socket is rare, a
	 * third was never seen.
	 */
	MISSES_WITHOUT_LOOKUP	= 3,
	MISSES_BY_NAME		= 2,
};

void table_pass_begin(struct table *t, enum origin origin)
{
	t->pass++;
	t->round++;
	t->passing = t->touched_many = true;
	t->origin = origin;
	t->repeated = 0;
	t->uneven = false;
	t->opened.count = 0;
	t->absent.count = 0;
	slots_see_none(&t->slots);
	table_now_is_old(t);
	t->begun[t->pass % PASS_TIMES] = t->round_began = table_now(t);
	t->asked = t->round_began;
}

void table_pass_asked(struct table *t, int64_t at)
{
	t->begun[t->pass % PASS_TIMES] = t->asked = at;
}

void table_asked(struct table *t, int64_t at)
{
	t->asked = at;
}

/* A mini-socket (TIME_WAIT, an orphan's FIN_WAIT2) whose timer has run out
 * since it was last seen needs no look-up. */
static bool timer_ran_out(const struct table *t, const struct sock *s)
{
	return s->row.timer == TIMER_TIME_WAIT && s->misses == 1 &&
	       s->row.expires_ms != U32_UNKNOWN &&
	       table_last_seen(t, s) + s->row.expires_ms * NS_PER_MS <= t->tick;
}

/* The text has no BOUND sockets: of these only a look-up can tell. */
static bool could_show(const struct table *t, const struct sock *s)
{
	return s->row.state != STATE_BOUND || t->origin == ORIGIN_NETLINK;
}

void table_fade_marks(struct table *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->marked.count; i++) {
		struct sock *s = table_at(t, t->marked.slot[i]);

		if (!s->live)
			continue;		/* among the gone now */
		if (table_mark_age(t, s) < MARK_ROUNDS)
			t->marked.slot[kept++] = t->marked.slot[i];
		else
			s->mark = MARK_NONE;
	}
	t->marked.count = kept;
	/* a pass that is about to be settled knows them by their slots */
	if (t->absent.count)
		return;
	kept = 0;
	for (size_t i = 0; i < t->gone.count; i++) {
		uint32_t slot = t->gone.slot[i];
		struct sock *s = table_at(t, slot);

		if (table_mark_age(t, s) < MARK_ROUNDS) {
			t->gone.slot[kept++] = slot;
			continue;
		}
		owners_unref(t->owners, s->owner);
		slots_unhash(&t->slots, slot);
		slots_give(&t->slots, slot);
		table_touch(t, slot);
	}
	t->gone.count = kept;
}

/*
 * Who opened the connections that this pass found: now that their listeners
 * are known, too.  While passes make the picture to compare with, all that is
 * not known yet.
 */
static void find_directions(struct table *t)
{
	if (!t->complete || t->baseline) {
		for (uint32_t i = 0; i < t->slots.used; i++)
			if (table_at(t, i)->live)
				table_find_direction(t, table_at(t, i));
	} else {
		for (size_t i = 0; i < t->opened.count; i++)
			table_find_direction(t, table_at(t, t->opened.slot[i]));
	}
}

static void find_absent(struct table *t)
{
	for (uint32_t i = slots_unseen(&t->slots, 0); i != SLOT_NONE;
	     i = slots_unseen(&t->slots, i + 1)) {
		struct sock *s = table_at(t, i);

		if (s->seen_pass == t->pass)	/* its row is deferred */
			continue;
		if (s->misses < MISSES_TOLD - 1 && could_show(t, s))
			s->misses++;
		if (timer_ran_out(t, s))
			table_close(t, i);
		else
			slot_list_add(&t->absent, i);
	}
}

void table_pass_end(struct table *t, bool complete)
{
	table_now_is_old(t);
	table_now(t);
	t->whole = complete;
	table_fade_marks(t);
	find_directions(t);
	if (complete)
		find_absent(t);
	free(t->verdict);
	t->verdict = mem_zalloc(t->absent.count + 1);
}

const struct sock *table_absent(const struct table *t, size_t i)
{
	return i < t->absent.count ? table_at(t, t->absent.slot[i]) : NULL;
}

void table_verdict(struct table *t, size_t i, enum verdict v)
{
	t->verdict[i] = v;
}

void table_found(struct table *t, size_t i, const struct row *row)
{
	uint32_t slot = t->absent.slot[i];

	if (!table_same(table_at(t, slot), row)) {
		free(row->detail);
		t->verdict[i] = VERDICT_GONE;
		return;
	}
	table_update(t, slot, row);
	t->verdict[i] = VERDICT_ALIVE;
}

static bool closed(const struct sock *s, enum verdict v)
{
	switch (v) {
	case VERDICT_GONE:
		return true;
	case VERDICT_MAYBE_GONE:
		return s->misses >= MISSES_BY_NAME;
	case VERDICT_UNKNOWN:
		return s->misses >= MISSES_WITHOUT_LOOKUP;
	case VERDICT_ALIVE:
		break;
	}
	return false;
}

static void settle_absent(struct table *t)
{
	t->unconfirmed = 0;
	for (size_t i = 0; i < t->absent.count; i++) {
		uint32_t slot = t->absent.slot[i];
		struct sock *s = table_at(t, slot);

		if (!s->live)		/* superseded */
			continue;
		if (closed(s, t->verdict[i])) {
			table_close(t, slot);
		} else if (t->verdict[i] == VERDICT_ALIVE) {
			table_see(t, slot);
			t->uneven = true;
		} else {
			t->unconfirmed += could_show(t, s);
		}
	}
	t->absent.count = 0;
}

/* An old socket that no earlier pass could, or happened to, show. */
static bool merely_found(const struct table *t, const struct sock *s)
{
	if (s->row.state == STATE_BOUND && !t->bound_shown)
		return true;
	return t->baseline;
}

void table_announce(struct table *t, uint32_t slot)
{
	struct sock *s = table_at(t, slot);

	if (!s->untold)
		return;
	s->untold = false;
	if (merely_found(t, s)) {
		if (s->since_certainty != CERTAIN_EXACT)
			s->since_certainty = CERTAIN_AT_LEAST;
		return;
	}
	tell_opened(t, slot);
	table_mark(t, slot, MARK_NEW);
}

static void settle_opened(struct table *t)
{
	for (size_t i = 0; i < t->opened.count; i++)
		table_announce(t, t->opened.slot[i]);
	t->opened.count = 0;
}

void table_pass_settle(struct table *t)
{
	table_now_is_old(t);
	table_settle_deferred(t);
	settle_absent(t);
	if (t->whole)
		nameless_settle(t);
	settle_opened(t);
	t->published = t->counts;
	t->settled++;
	t->passing = false;
	if (t->whole) {
		t->complete++;
		t->complete_begun = t->begun[t->pass % PASS_TIMES];
		t->bound_shown = t->origin == ORIGIN_NETLINK;
	}
}

void table_baseline(struct table *t, bool on)
{
	t->baseline = on;
}

bool table_uneven(const struct table *t)
{
	return t->uneven;
}
