/* finding_count.c - what one socket counts for */
#include "view/finding_part.h"

static int64_t age(const struct findings *f, const struct sock *s)
{
	return s->since == TIME_UNKNOWN ? -1 : f->now - s->since;
}

/* In its state at least as long as its kind of finding asks for. */
static bool lasts(const struct findings *f, enum finding_id kind,
		  const struct sock *s)
{
	return age(f, s) >= finding_kinds[kind].lasts;
}

/* ---- listeners, and what waits there ---- */

/* A queue of the limit has room for one more (sk_acceptq_is_full()). */
static bool queue_full(const struct findings *f, const struct sock *s)
{
	uint64_t limit = s->row.send_q == U32_UNKNOWN ?
			 host_value(&f->m->counters, HOST_SOMAXCONN) :
			 s->row.send_q;

	return s->row.recv_q && s->row.recv_q != U32_UNKNOWN &&
	       limit != U64_UNKNOWN && s->row.recv_q >= limit;
}

/* count: full ones of `extra`; most: what waits at the fullest */
static void count_listener(struct findings *f, const struct sock *s)
{
	const struct tally_key k = tally_key_port(FINDING_ACCEPT_QUEUE, s);
	bool full = queue_full(f, s);
	struct tally *t = full ? tally_of(f, &k) :
				 tally_known(&f->tallies, &k);

	if (!t)
		return;
	t->extra++;
	tally_owner(t, s->owner, s->owner_last);
	if (!full)
		return;
	t->count++;
	if (s->row.recv_q < t->most)
		return;
	t->most = s->row.recv_q;
	t->sample.slot = table_slot_of(f->m->table, s);
	t->sample.serial = s->serial;
}

/* all: those that wait; since the oldest. */
static void count_waiting(struct findings *f, const struct sock *s)
{
	const struct tally_key k = tally_key_port(FINDING_ACCEPT_QUEUE, s);
	struct tally *t = tally_known(&f->tallies, &k);
	struct tally_end from;

	if (!t)
		return;
	t->all++;
	if (s->since != TIME_UNKNOWN &&
	    (t->oldest == TIME_UNKNOWN || s->since < t->oldest))
		t->oldest = s->since;
	from = tally_address(s);
	tally_place(t, &from);
}

/* ---- opening ---- */

/* all: established to the same destination; most: SYNs sent again */
static void count_syn_sent(struct findings *f, const struct sock *s)
{
	const struct tally_key k = tally_key_to(FINDING_DEAD_UPSTREAM, s);
	unsigned again = s->row.timer == TIMER_RETRANS ? s->row.retrans : 0;
	struct tally *t;

	if (!again && !lasts(f, FINDING_DEAD_UPSTREAM, s))
		return;
	t = tally_of(f, &k);
	if (!t)
		return;
	tally_add(t, f->m->table, s, s->since);
	tally_owner(t, s->owner, s->owner_last);
	if (again > t->most)
		t->most = again;
}

/* count: those that did not answer in time; all: also the others */
static void count_syn_recv(struct findings *f, const struct sock *s)
{
	const struct tally_key k = tally_key_port(FINDING_SYN_FLOOD, s);
	struct tally *t = tally_of(f, &k);
	struct tally_end from = tally_address(s);

	if (!t)
		return;
	t->all++;
	if (!s->row.retrans && !lasts(f, FINDING_SYN_FLOOD, s))
		return;
	tally_add(t, f->m->table, s, s->since);
	tally_distinct(t, &from.addr);
	tally_place(t, &from);
}

/* ---- open ---- */

/* all: of the same process, whatever is in their queues */
static void count_queue(struct findings *f, enum finding_id kind,
			struct suspects *list, uint32_t slot,
			const struct sock *s, uint32_t queue)
{
	const struct suspect *q = suspects_add(list, slot, s, queue, f->now);
	struct tally_end there = tally_address(s);
	struct tally_key k;
	struct tally *t;

	if (!q || q->samples < SUSPECT_SAMPLES ||
	    f->now - q->since < finding_kinds[kind].lasts ||
	    !tally_key_owner(f, kind, s, &k))
		return;
	t = tally_of(f, &k);
	if (!t)
		return;
	tally_add(t, f->m->table, s, q->since);
	tally_place(t, &there);
	t->bytes += queue;
	t->extra += queue > q->first;
	if (queue > t->most)
		t->most = queue;
}

static void count_all_of_owner(struct findings *f, enum finding_id kind,
			       const struct sock *s)
{
	struct tally_key k;
	struct tally *t;

	if (!f->tallies.of[kind] || !tally_key_owner(f, kind, s, &k))
		return;
	t = tally_known(&f->tallies, &k);
	if (t)
		t->all++;
}

/* all: established with the same address */
static void count_retransmitting(struct findings *f, const struct sock *s)
{
	enum { IN_A_ROW = 3 };
	const struct tally_end there = tally_address(s);
	const struct tally_key k = tally_key_of(FINDING_RETRANSMITTING, s,
					      &there);
	bool again = s->row.timer == TIMER_RETRANS &&
		     s->row.retrans >= IN_A_ROW;
	struct tally *t, *sum = NULL;

	/* made first: a new one moves the others */
	if (again)
		tally_only(&f->tallies, FINDING_RETRANSMITTING);
	t = again ? tally_of(f, &k) : tally_known(&f->tallies, &k);
	if (t)
		t->all++;
	if (!again)
		return;
	sum = tally_only(&f->tallies, FINDING_RETRANSMITTING);
	for (int i = 0; i < 2; i++, t = sum) {
		if (!t || t->kept)
			continue;
		tally_add(t, f->m->table, s, TIME_UNKNOWN);
		tally_owner(t, s->owner, s->owner_last);
		tally_place(t, &there);
		tally_distinct(t, &there.addr);
		if (s->row.retrans > t->most) {
			t->most = s->row.retrans;
			t->sample.slot = table_slot_of(f->m->table, s);
			t->sample.serial = s->serial;
		}
	}
}

static void count_established(struct findings *f, uint32_t slot,
			      const struct sock *s)
{
	struct tally_key k;
	struct tally *t;

	if (sock_in_accept_queue(s)) {
		count_waiting(f, s);
		return;
	}
	if (f->tallies.of[FINDING_DEAD_UPSTREAM] && s->direction != DIR_IN) {
		k = tally_key_to(FINDING_DEAD_UPSTREAM, s);
		t = tally_known(&f->tallies, &k);
		if (t)
			t->all++;
	}
	if (!f->fresh)
		return;
	count_all_of_owner(f, FINDING_NOT_READING, s);
	count_all_of_owner(f, FINDING_PEER_NOT_READING, s);
	if (s->row.recv_q && s->row.recv_q != U32_UNKNOWN)
		count_queue(f, FINDING_NOT_READING, &f->reading, slot, s,
			    s->row.recv_q);
}

/* ---- closing ---- */

/* all: also those that are there for a moment; extra: with unread data */
static void count_close_wait(struct findings *f, const struct sock *s)
{
	struct tally_end service;
	struct tally_key k;
	struct tally *t;

	if (sock_in_accept_queue(s)) {
		count_waiting(f, s);
		return;
	}
	if (!tally_key_owner(f, FINDING_CLOSE_WAIT, s, &k))
		return;
	t = tally_of(f, &k);
	if (!t)
		return;
	t->all++;
	if (!lasts(f, FINDING_CLOSE_WAIT, s))
		return;
	tally_add(t, f->m->table, s, s->since);
	service = tally_service(f, s);
	tally_place(t, &service);
	/* their FIN counts as one */
	t->extra += s->row.recv_q > 1 && s->row.recv_q != U32_UNKNOWN;
}

/* The other end, when it is on this host. */
static const struct sock *other_end(const struct findings *f,
				    const struct sock *s)
{
	const struct sock_id *id = &s->row.id;
	struct sock_id other = {
		.local = id->remote, .remote = id->local,
		.local_port = id->remote_port, .remote_port = id->local_port,
		.netns = id->netns, .family = id->family,
		.protocol = id->protocol,
	};

	return table_find(f->m->table, &other, 0);
}

/* extra: whose other end is on this host and has not closed; the owner is
 * that one's. */
static void count_fin_wait2(struct findings *f, const struct sock *s)
{
	struct tally_end there = tally_address(s);
	const struct sock *other;
	struct tally_key k;
	struct tally *t;

	/* an orphan is a mini-socket, or soon will be, with a timer */
	if (!tally_owner_known(s) || s->row.timer == TIMER_TIME_WAIT ||
	    !lasts(f, FINDING_FIN_WAIT2, s) ||
	    !tally_key_owner(f, FINDING_FIN_WAIT2, s, &k))
		return;
	t = tally_of(f, &k);
	if (!t)
		return;
	tally_add(t, f->m->table, s, s->since);
	tally_place(t, &there);
	other = other_end(f, s);
	if (!other || !other->live || other->row.state != STATE_CLOSE_WAIT)
		return;
	t->extra++;
	tally_owner(t, other->owner, other->owner_last);
}

static void count_time_wait(struct findings *f, const struct sock *s)
{
	struct tally_end service = tally_service(f, s);
	struct tally_end there = tally_address(s);
	const struct tally_key k = tally_key_of(FINDING_TIME_WAIT, s, &service);
	struct tally *t = tally_of(f, &k);

	if (!t)
		return;
	tally_add(t, f->m->table, s, s->since);
	tally_owner(t, s->owner, true);
	tally_place(t, &there);
}

/* ---- all of them ---- */

/* all: in TIME_WAIT */
static void count_port(struct findings *f, const struct sock *s)
{
	uint64_t first = host_value(&f->m->counters, HOST_PORT_FIRST);
	uint64_t last = host_value(&f->m->counters, HOST_PORT_LAST);
	unsigned port = s->row.id.local_port;
	struct tally_key k;
	struct tally *t;

	if (s->direction == DIR_IN || port < first || port > last)
		return;
	k = tally_key_to(FINDING_PORTS, s);
	k.here = s->row.id.local;
	t = tally_of(f, &k);
	if (!t)
		return;
	tally_add(t, f->m->table, s, s->since);
	t->all += s->row.state == STATE_TIME_WAIT;
	tally_owner(t, s->owner, s->owner_last);
}

static bool is_connection(unsigned state)
{
	return state != STATE_LISTEN && state != STATE_BOUND &&
	       state != STATE_CLOSE && state != STATE_SYN_RECV;
}

void finding_count(struct findings *f, uint32_t slot, const struct sock *s)
{
	unsigned state = s->row.state;

	switch (state) {
	case STATE_LISTEN:
		count_listener(f, s);
		break;
	case STATE_SYN_SENT:
		count_syn_sent(f, s);
		break;
	case STATE_SYN_RECV:
		count_syn_recv(f, s);
		break;
	case STATE_ESTABLISHED:
		count_established(f, slot, s);
		break;
	case STATE_CLOSE_WAIT:
		count_close_wait(f, s);
		break;
	case STATE_FIN_WAIT2:
		count_fin_wait2(f, s);
		break;
	case STATE_TIME_WAIT:
		count_time_wait(f, s);
		break;
	}
	if (!is_connection(state))
		return;
	if (f->ports)
		count_port(f, s);
	if (!f->fresh || state == STATE_SYN_SENT || state == STATE_TIME_WAIT)
		return;
	count_retransmitting(f, s);
	if (s->row.timer == TIMER_PERSIST && s->row.send_q &&
	    s->row.send_q != U32_UNKNOWN)
		count_queue(f, FINDING_PEER_NOT_READING, &f->sending, slot, s,
			    s->row.send_q);
}
