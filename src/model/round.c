/*
 * What becomes of sockets between passes, other than by events.
 *
 * Some steps nobody tells: the end of a TIME_WAIT, the FIN that turns an
 * orphan's FIN_WAIT2 into one, the end of a request socket, accept(2).  So
 * such a socket is filed under the second in which it should be asked for.
 */
#include "model/table_state.h"

#include <stdlib.h>

#include "model/timeline.h"

#define DUE_FIRST	(NS_PER_SEC / 4)
#define DUE_LAST	(8 * NS_PER_SEC)

void table_round(struct table *t, bool counted)
{
	t->round++;
	table_now_is_old(t);
	t->round_began = table_now(t);
	table_fade_marks(t);
	if (counted)
		t->published = t->counts;
}

void table_between(struct table *t, bool between)
{
	t->between = between;
	t->due.second = clock_mono(t->clock) / NS_PER_SEC;
}

/* ---- when to ask ----------------------------------------------------------- */

static bool is_mini(const struct sock *s)
{
	return s->row.state == STATE_TIME_WAIT ||
	       (s->row.state == STATE_FIN_WAIT2 &&
		s->row.timer == TIMER_TIME_WAIT);
}

/* No event tells its next step. */
static bool moves_silently(const struct sock *s)
{
	return is_mini(s) || s->row.state == STATE_SYN_RECV;
}

static bool unsettled(const struct sock *s)
{
	return s->live && (moves_silently(s) || s->inode_unknown ||
			   sock_in_accept_queue(s));
}

/*
 * Soon at first, then more and more seldom.  The kernel lets a TIME_WAIT live
 * up to some seconds longer than its timer says (a timer that far away is
 * rounded up, kernel/time/timer.c), so the time of its end is when to begin
 * asking.
 */
static int64_t ask_at(const struct sock *s, int64_t now)
{
	int64_t age = now - s->since;

	if (s->row.state == STATE_TIME_WAIT &&
	    s->since_certainty == CERTAIN_EXACT && age < TIME_WAIT_NS)
		return s->since + TIME_WAIT_NS;
	if (s->row.state == STATE_TIME_WAIT || age / 2 < DUE_FIRST)
		return now + DUE_FIRST;
	return now + (age / 2 < DUE_LAST ? age / 2 : DUE_LAST);
}

/* The second after that time: what is due is due for sure. */
static uint32_t second_of(const struct table *t, int64_t at)
{
	int64_t second = at / NS_PER_SEC + 1;

	if (second <= t->due.second)
		return t->due.second + 1;
	if (second >= t->due.second + DUE_SECONDS)
		return t->due.second + DUE_SECONDS - 1;
	return second;
}

static void file(struct table *t, uint32_t slot, int64_t now)
{
	struct sock *s = table_at(t, slot);
	uint32_t second = second_of(t, ask_at(s, now));

	s->filed = true;
	slot_list_add(&t->due.bucket[second % DUE_SECONDS], slot);
}

void table_file(struct table *t, uint32_t slot)
{
	if (unsettled(table_at(t, slot)))
		file(t, slot, t->tick);
}

void table_file_others(struct table *t, uint32_t slot)
{
	const struct sock *new = table_at(t, slot);
	uint32_t second = t->due.second + 1, i;

	if (!t->between || !new->row.cookie)
		return;
	for (i = slots_first(&t->slots, &new->row.id); i != SLOT_NONE;
	     i = slots_next(&t->slots, i, &new->row.id))
		if (i != slot && is_mini(table_at(t, i)))
			slot_list_add(&t->due.bucket[second % DUE_SECONDS], i);
}

static bool take_due(struct table *t, struct slot_list *bucket, int64_t now,
		     struct sock_ref *out)
{
	uint32_t slot = bucket->slot[--bucket->count];
	struct sock *s = table_at(t, slot);

	s->filed = false;
	if (!unsettled(s))
		return false;
	/* asked again until it is settled, whatever the answer is now */
	file(t, slot, now);
	if (!s->row.cookie)
		return false;
	*out = (struct sock_ref){ .slot = slot, .serial = s->serial };
	return true;
}

size_t table_due(struct table *t, struct sock_ref *out, size_t max)
{
	int64_t now = clock_mono(t->clock);
	uint32_t second = now / NS_PER_SEC;
	size_t n = 0;

	/* after a long sleep each bucket is emptied once */
	if (second > t->due.second + DUE_SECONDS)
		t->due.second = second - DUE_SECONDS;
	for (;;) {
		struct slot_list *b =
			&t->due.bucket[t->due.second % DUE_SECONDS];

		while (b->count && n < max)
			n += take_due(t, b, now, &out[n]);
		if (n == max || t->due.second >= second)
			return n;
		t->due.second++;
	}
}

void table_due_free(struct table *t)
{
	for (int i = 0; i < DUE_SECONDS; i++)
		free(t->due.bucket[i].slot);
}

/* ---- the answers -------------------------------------------------------------- */

/* An event since then knows better. */
static bool is_newer(const struct sock *s, int64_t asked)
{
	return s->since_certainty == CERTAIN_EXACT && s->since > asked;
}

/* A request for a connection that nobody has told of, and nobody will. */
static void add_request(struct table *t, const struct row *row)
{
	uint32_t slot;

	if (row->state != STATE_SYN_RECV) {
		free(row->detail);
		return;
	}
	table_fold(t, row);
	slot = table_find_row(t, row);
	if (slot == SLOT_NONE)
		return;
	table_find_direction(t, table_at(t, slot));
	table_announce(t, slot);
}

bool table_look(struct table *t, const struct row *row, int64_t asked)
{
	uint32_t slot = table_find_row(t, row);
	const struct sock *s;

	t->asked = asked;
	table_now_is_old(t);
	if (slot == SLOT_NONE)		/* connecting: now it has a port */
		slot = table_unborn(t, row);
	if (slot == SLOT_NONE) {
		add_request(t, row);
		return false;
	}
	s = table_at(t, slot);
	if (s->row.state != row->state &&
	    (is_newer(s, asked) || (t->traced && !moves_silently(s)))) {
		free(row->detail);
		return false;
	}
	table_update(t, slot, row);
	return true;
}

bool table_look_none(struct table *t, struct sock_ref who, int64_t asked)
{
	const struct sock *s = table_ref(t, who);
	int64_t after, end;

	table_now_is_old(t);
	if (!s || !s->live || !s->hashed || is_newer(s, asked))
		return false;
	after = table_last_seen(t, s);
	if (s->since_certainty == CERTAIN_EXACT && s->since > after)
		after = s->since;
	end = s->since + TIME_WAIT_NS;
	if (s->row.state == STATE_TIME_WAIT && end > after && end < asked &&
	    s->since_certainty == CERTAIN_EXACT)
		after = end;
	table_close_at(t, who.slot, after, table_now(t), CERTAIN_BETWEEN);
	return true;
}

/* ---- details of what is shown ------------------------------------------------- */

void table_drop_detail(struct table *t, struct sock_ref who)
{
	struct sock *s = table_ref(t, who);

	if (s)
		timeline_set_detail(&s->timeline, NULL);
}

void table_drop_details(struct table *t)
{
	for (uint32_t i = 0; i < t->slots.used; i++)
		timeline_set_detail(&table_at(t, i)->timeline, NULL);
}
