/* How events become changes, alone and together with passes. */
#include <netinet/in.h>
#include <stdlib.h>

#include "model/timeline.h"
#include "world.h"

static void wait_ms(struct world *w, int64_t ms)
{
	clock_fake_advance(&w->clock, ms * NS_PER_MS);
}

/* 10.0.0.1:local <-> 10.0.0.2:remote */
static struct row row(unsigned state, uint16_t local, uint16_t remote,
		      uint64_t cookie)
{
	struct row r = {
		.id = {
			.local.b = { 10, 0, 0, 1 },
			.local_port = local, .remote_port = remote,
			.family = AF_INET, .protocol = IPPROTO_TCP,
		},
		.cookie = cookie, .inode = 7000 + cookie, .uid = 1000,
		.expires_ms = U32_UNKNOWN, .state = state,
	};

	if (remote)
		r.id.remote = (struct addr){ .b = { 10, 0, 0, 2 } };
	if (state == STATE_TIME_WAIT) {
		r.inode = 0;
		r.uid = U32_UNKNOWN;
		r.timer = TIMER_TIME_WAIT;
		r.expires_ms = 60000;
	}
	return r;
}

static struct event step(const struct world *w, unsigned from, unsigned to,
			 uint16_t local, uint16_t remote, uint64_t cookie)
{
	struct event e = {
		.row = row(from, local, remote, cookie),
		.kind = EVENT_STATE, .from = from, .to = to,
		.after = w->clock.mono_ns, .at = w->clock.mono_ns,
	};

	e.row.inode = 0;
	return e;
}

static void happens(struct world *w, unsigned from, unsigned to,
		    uint16_t local, uint16_t remote, uint64_t cookie)
{
	struct event e = step(w, from, to, local, remote, cookie);

	table_event(w->table, &e, VERDICT_GONE, NULL);
}

static void destroyed(struct world *w, uint16_t local, uint16_t remote,
		      uint64_t cookie, uint32_t rtt_us)
{
	struct event e = {
		.row = row(STATE_CLOSE, local, remote, cookie),
		.kind = EVENT_DESTROY,
		.after = w->clock.mono_ns - NS_PER_MS,
		.at = w->clock.mono_ns,
		.bytes_sent = 100, .bytes_received = 2000, .rtt_us = rtt_us,
		.reached = rtt_us ? REACHED_ESTABLISHED : REACHED_SYN_SENT,
	};

	e.row.inode = 0;
	if (!rtt_us)
		e.bytes_sent = e.bytes_received = 0;
	table_event(w->table, &e, VERDICT_GONE, NULL);
}

static void pass(struct world *w, const struct row *rows, size_t n)
{
	w->changes = 0;
	wait_ms(w, 1000);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	for (size_t i = 0; i < n; i++)
		table_row(w->table, &rows[i]);
	table_pass_end(w->table, true);
	for (size_t i = 0; table_absent(w->table, i); i++)
		table_verdict(w->table, i, VERDICT_GONE);
	table_pass_settle(w->table);
}

static struct sock *find(const struct world *w, uint16_t local,
			 uint16_t remote, uint64_t cookie)
{
	struct row r = row(STATE_ESTABLISHED, local, remote, cookie);

	return table_find(w->table, &r.id, cookie);
}

static void is_change(const struct world *w, size_t i, unsigned kind,
		      unsigned from, unsigned to, unsigned certainty)
{
	assert_true(i < w->changes);
	assert_int_equal(w->change[i].kind, kind);
	assert_int_equal(w->change[i].from, from);
	assert_int_equal(w->change[i].to, to);
	assert_int_equal(w->change[i].certainty, certainty);
}

static void a_client_life(void **state)
{
	struct world *w = *state;
	struct event e;
	struct row tw = row(STATE_TIME_WAIT, 40000, 443, 5);

	table_traced(w->table, true);
	pass(w, NULL, 0);
	/* connect(2) has no port yet */
	e = step(w, STATE_CLOSE, STATE_SYN_SENT, 0, 443, 5);
	e.pid = 77;
	memcpy(e.comm, "curl", 4);
	table_event(w->table, &e, VERDICT_GONE, NULL);
	is_change(w, 0, CHANGE_OPENED, STATE_NONE, STATE_SYN_SENT,
		  CERTAIN_EXACT);
	wait_ms(w, 10);
	happens(w, STATE_SYN_SENT, STATE_ESTABLISHED, 40000, 443, 5);
	is_change(w, 1, CHANGE_STATE, STATE_SYN_SENT, STATE_ESTABLISHED,
		  CERTAIN_EXACT);
	assert_int_equal(w->change[1].dwell, 10 * NS_PER_MS);
	assert_int_equal(w->change[1].dwell_certainty, CERTAIN_EXACT);
	assert_int_equal(w->change[1].id.local_port, 40000);
	assert_int_equal(w->change[1].origin, ORIGIN_TRACE);
	assert_non_null(find(w, 40000, 443, 5));
	assert_int_equal(owners_get(w->owners, find(w, 40000, 443, 5)->owner,
				    0)->pid, 77);
	wait_ms(w, 50);
	happens(w, STATE_ESTABLISHED, STATE_FIN_WAIT1, 40000, 443, 5);
	happens(w, STATE_FIN_WAIT1, STATE_FIN_WAIT2, 40000, 443, 5);
	wait_ms(w, 3);
	e = step(w, STATE_FIN_WAIT2, STATE_CLOSE, 40000, 443, 5);
	assert_true(event_may_leave_mini(&e));
	table_event(w->table, &e, VERDICT_ALIVE, &tw);
	assert_int_equal(w->changes, 5);
	is_change(w, 4, CHANGE_STATE, STATE_FIN_WAIT2, STATE_TIME_WAIT,
		  CERTAIN_EXACT);
	assert_int_equal(w->change[4].dwell, 3 * NS_PER_MS);
	assert_int_equal(find(w, 40000, 443, 5)->timeline->count, 5);
	/* and the pass has nothing to add */
	tw.expires_ms = 59000;
	pass(w, &tw, 1);
	assert_int_equal(w->changes, 0);
	assert_int_equal(table_counts(w->table)->total, 1);
}

static void a_server_life(void **state)
{
	struct world *w = *state;
	struct row l = row(STATE_LISTEN, 80, 0, 1);

	l.id.local = (struct addr){ 0 };
	table_traced(w->table, true);
	pass(w, &l, 1);
	happens(w, STATE_LISTEN, STATE_SYN_RECV, 80, 4000, 9);
	is_change(w, 0, CHANGE_OPENED, STATE_NONE, STATE_SYN_RECV,
		  CERTAIN_EXACT);
	assert_int_equal(w->change[0].direction, DIR_IN);
	happens(w, STATE_SYN_RECV, STATE_ESTABLISHED, 80, 4000, 9);
	happens(w, STATE_ESTABLISHED, STATE_CLOSE_WAIT, 80, 4000, 9);
	happens(w, STATE_CLOSE_WAIT, STATE_LAST_ACK, 80, 4000, 9);
	wait_ms(w, 1);
	happens(w, STATE_LAST_ACK, STATE_CLOSE, 80, 4000, 9);
	assert_int_equal(w->changes, 5);
	is_change(w, 4, CHANGE_CLOSED, STATE_LAST_ACK, STATE_NONE,
		  CERTAIN_EXACT);
	pass(w, &l, 1);
	assert_int_equal(w->changes, 0);
	assert_int_equal(table_counts(w->table)->total, 1);
}

/* Without a look-up TIME_WAIT is inferred, the pass confirms it. */
static void time_wait_is_inferred(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);
	struct event e;

	table_traced(w->table, true);
	pass(w, &r, 1);
	happens(w, STATE_ESTABLISHED, STATE_FIN_WAIT1, 40000, 443, 5);
	happens(w, STATE_FIN_WAIT1, STATE_CLOSING, 40000, 443, 5);
	e = step(w, STATE_CLOSING, STATE_CLOSE, 40000, 443, 5);
	table_event(w->table, &e, VERDICT_UNKNOWN, NULL);
	is_change(w, 2, CHANGE_STATE, STATE_CLOSING, STATE_TIME_WAIT,
		  CERTAIN_INFERRED);
	r = row(STATE_TIME_WAIT, 40000, 443, 5);
	pass(w, &r, 1);
	assert_int_equal(w->changes, 0);
}

/* The trace itself saw which mini-socket was made. */
static void what_is_left_is_known(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_FIN_WAIT2, 40000, 443, 5),
			   row(STATE_FIN_WAIT2, 40001, 443, 6) };
	struct event e;

	table_traced(w->table, true);
	pass(w, r, 2);
	e = step(w, STATE_FIN_WAIT2, STATE_CLOSE, 40000, 443, 5);
	e.left = STATE_TIME_WAIT;
	assert_false(event_may_leave_mini(&e));
	table_event(w->table, &e, VERDICT_GONE, NULL);
	is_change(w, 0, CHANGE_STATE, STATE_FIN_WAIT2, STATE_TIME_WAIT,
		  CERTAIN_EXACT);
	/* an orphan: nothing to tell */
	e = step(w, STATE_FIN_WAIT2, STATE_CLOSE, 40001, 443, 6);
	e.left = STATE_FIN_WAIT2;
	table_event(w->table, &e, VERDICT_GONE, NULL);
	assert_int_equal(w->changes, 1);
	r[0] = row(STATE_TIME_WAIT, 40000, 443, 5);
	r[1].inode = 0;
	pass(w, r, 2);
	assert_int_equal(w->changes, 0);
}

/* FIN_WAIT2 of an orphan ends without an event: when, is the timer's word, or
 * some time since the row before. */
static void an_orphans_time_wait_is_dated_by_its_timer(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_FIN_WAIT2, 40000, 443, 5),
			   row(STATE_FIN_WAIT2, 40001, 443, 6) };

	table_traced(w->table, true);
	pass(w, NULL, 0);
	pass(w, r, 2);
	r[0] = row(STATE_TIME_WAIT, 40000, 443, 5);
	r[0].expires_ms = 60000 - 300;
	r[1] = row(STATE_TIME_WAIT, 40001, 443, 6);
	r[1].expires_ms = U32_UNKNOWN;
	pass(w, r, 2);
	is_change(w, 0, CHANGE_STATE, STATE_FIN_WAIT2, STATE_TIME_WAIT,
		  CERTAIN_EXACT);
	assert_int_equal(w->change[0].at, w->clock.mono_ns - 300 * NS_PER_MS);
	is_change(w, 1, CHANGE_STATE, STATE_FIN_WAIT2, STATE_TIME_WAIT,
		  CERTAIN_BETWEEN);
	assert_int_equal(w->change[1].after,
			 w->clock.mono_ns - 1000 * NS_PER_MS);
	assert_int_equal(w->change[1].at, w->clock.mono_ns);
}

/* A dump that was read before the event must not undo it. */
static void a_pass_does_not_undo_an_event(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);

	table_traced(w->table, true);
	pass(w, &r, 1);
	wait_ms(w, 1000);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	table_row(w->table, &r);
	wait_ms(w, 1);
	happens(w, STATE_ESTABLISHED, STATE_CLOSE_WAIT, 40000, 443, 5);
	table_row(w->table, &r);	/* the dump repeats the old row */
	wait_ms(w, 1);
	happens(w, STATE_CLOSE_WAIT, STATE_LAST_ACK, 40000, 443, 5);
	happens(w, STATE_LAST_ACK, STATE_CLOSE, 40000, 443, 5);
	table_row(w->table, &r);
	table_pass_end(w->table, true);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 3);
	assert_int_equal(table_counts(w->table)->total, 0);
}

/* The kernel filled its answer before the event, we read it after. */
static void a_row_read_late_does_not_undo_an_event(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);
	int64_t asked;

	table_traced(w->table, true);
	pass(w, &r, 1);
	wait_ms(w, 1000);
	asked = w->clock.mono_ns;
	wait_ms(w, 1);
	happens(w, STATE_ESTABLISHED, STATE_FIN_WAIT1, 40000, 443, 5);
	wait_ms(w, 1);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	table_pass_asked(w->table, asked);
	table_row(w->table, &r);
	table_pass_end(w->table, true);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 1);
	assert_int_equal(find(w, 40000, 443, 5)->row.state, STATE_FIN_WAIT1);
}

/* The row is newer than an event that is still in the ring. */
static void a_row_waits_for_its_event(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);
	struct event e;

	table_traced(w->table, true);
	pass(w, &r, 1);
	w->changes = 0;
	wait_ms(w, 1000);
	e = step(w, STATE_ESTABLISHED, STATE_CLOSE_WAIT, 40000, 443, 5);
	wait_ms(w, 1);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	r.state = STATE_CLOSE_WAIT;
	table_row(w->table, &r);
	assert_int_equal(w->changes, 0);
	table_pass_end(w->table, true);
	table_event(w->table, &e, VERDICT_GONE, NULL);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 1);
	is_change(w, 0, CHANGE_STATE, STATE_ESTABLISHED, STATE_CLOSE_WAIT,
		  CERTAIN_EXACT);
}

/* Lost events: the pass mends the table, and says what it does not know. */
static void what_no_event_explains_is_taken_from_the_pass(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 40000, 443, 5),
			   row(STATE_ESTABLISHED, 40001, 443, 6) };

	table_traced(w->table, true);
	pass(w, r, 1);
	r[0].state = STATE_CLOSE_WAIT;
	pass(w, r, 2);
	assert_int_equal(w->changes, 2);
	is_change(w, 0, CHANGE_STATE, STATE_ESTABLISHED, STATE_CLOSE_WAIT,
		  CERTAIN_BETWEEN);
	is_change(w, 1, CHANGE_OPENED, STATE_NONE, STATE_ESTABLISHED,
		  CERTAIN_BETWEEN);
}

static void a_gap_in_the_events_is_inferred(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);

	table_traced(w->table, true);
	pass(w, &r, 1);
	happens(w, STATE_FIN_WAIT1, STATE_FIN_WAIT2, 40000, 443, 5);
	assert_int_equal(w->changes, 2);
	is_change(w, 0, CHANGE_STATE, STATE_ESTABLISHED, STATE_FIN_WAIT1,
		  CERTAIN_INFERRED);
	is_change(w, 1, CHANGE_STATE, STATE_FIN_WAIT1, STATE_FIN_WAIT2,
		  CERTAIN_EXACT);
	/* a pass may have read it before it was traced */
	assert_int_equal(table_missed(w->table), 0);
}

/* As where the kernel has not run the program for an event. */
static void what_an_event_leaves_out_is_counted(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 40000, 443, 5),
			   row(STATE_ESTABLISHED, 40001, 443, 6),
			   row(STATE_ESTABLISHED, 40002, 443, 7) };
	struct event e;

	table_traced(w->table, true);
	pass(w, r, 3);
	wait_ms(w, 1);
	happens(w, STATE_ESTABLISHED, STATE_FIN_WAIT1, 40000, 443, 5);
	happens(w, STATE_ESTABLISHED, STATE_FIN_WAIT1, 40001, 443, 6);
	happens(w, STATE_ESTABLISHED, STATE_FIN_WAIT1, 40002, 443, 7);
	assert_int_equal(table_missed(w->table), 0);
	w->changes = 0;
	/* an orphan's mini-socket stays in FIN_WAIT2, and that is told */
	wait_ms(w, 1);
	e = step(w, STATE_FIN_WAIT2, STATE_CLOSE, 40000, 443, 5);
	e.left = STATE_FIN_WAIT2;
	table_event(w->table, &e, VERDICT_GONE, NULL);
	is_change(w, 0, CHANGE_STATE, STATE_FIN_WAIT1, STATE_FIN_WAIT2,
		  CERTAIN_INFERRED);
	assert_int_equal(table_missed(w->table), 1);
	assert_int_equal(find(w, 40000, 443, 5)->row.state, STATE_FIN_WAIT2);
	/* the same by a look-up */
	r[1] = row(STATE_FIN_WAIT2, 40001, 443, 6);
	e = step(w, STATE_FIN_WAIT2, STATE_CLOSE, 40001, 443, 6);
	table_event(w->table, &e, VERDICT_ALIVE, &r[1]);
	is_change(w, 1, CHANGE_STATE, STATE_FIN_WAIT1, STATE_FIN_WAIT2,
		  CERTAIN_INFERRED);
	assert_int_equal(table_missed(w->table), 2);
	assert_int_equal(w->changes, 2);
	/* a pass has what no event told; the mini-sockets go on by themselves */
	for (int i = 0; i < 3; i++) {
		r[i].state = STATE_TIME_WAIT;
		r[i].inode = 0;
		r[i].timer = TIMER_TIME_WAIT;
	}
	find(w, 40001, 443, 6)->row.timer = TIMER_TIME_WAIT;
	pass(w, r, 3);
	assert_int_equal(find(w, 40002, 443, 7)->row.state, STATE_TIME_WAIT);
	assert_int_equal(table_missed(w->table), 3);
	/* this one's event is only late */
	happens(w, STATE_CLOSE, STATE_SYN_SENT, 40003, 443, 8);
	happens(w, STATE_SYN_SENT, STATE_ESTABLISHED, 40003, 443, 8);
	happens(w, STATE_ESTABLISHED, STATE_FIN_WAIT1, 40003, 443, 8);
	happens(w, STATE_FIN_WAIT1, STATE_FIN_WAIT2, 40003, 443, 8);
	r[0] = row(STATE_TIME_WAIT, 40003, 443, 8);
	pass(w, r, 1);
	assert_int_equal(find(w, 40003, 443, 8)->row.state, STATE_TIME_WAIT);
	assert_int_equal(table_missed(w->table), 3);
}

static void reused_ends_are_two_sockets(void **state)
{
	struct world *w = *state;

	table_traced(w->table, true);
	pass(w, NULL, 0);
	for (uint64_t cookie = 1; cookie < 4; cookie++) {
		happens(w, STATE_CLOSE, STATE_SYN_SENT, 0, 443, cookie);
		happens(w, STATE_SYN_SENT, STATE_ESTABLISHED, 40000, 443,
			cookie);
		happens(w, STATE_ESTABLISHED, STATE_CLOSE, 40000, 443,
			cookie);
	}
	assert_int_equal(w->changes, 9);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(w->change[i].cookie, 1 + i / 3);
	pass(w, NULL, 0);
	assert_int_equal(w->changes, 0);
}

/* A pass shows the port of one that still waits for its answer. */
static void pass_completes_what_asks(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_SYN_SENT, 40000, 443, 5);

	table_traced(w->table, true);
	for (int with_cookie = 0; with_cookie < 2; with_cookie++) {
		pass(w, NULL, 0);
		happens(w, STATE_CLOSE, STATE_SYN_SENT, 0, 443, 5);
		r.cookie = with_cookie ? 5 : 0;
		pass(w, &r, 1);
		assert_int_equal(w->changes, 0);
		assert_int_equal(table_counts(w->table)->total, 1);
		w->changes = 0;
		happens(w, STATE_SYN_SENT, STATE_CLOSE, 40000, 443, 5);
		assert_int_equal(w->changes, 1);
	}
}

/* The dump shows it open before the event of that was read. */
static void row_overtakes_the_event_of_who_asks(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);
	struct event e;

	table_traced(w->table, true);
	pass(w, NULL, 0);
	happens(w, STATE_CLOSE, STATE_SYN_SENT, 0, 443, 5);
	e = step(w, STATE_SYN_SENT, STATE_ESTABLISHED, 40000, 443, 5);
	w->changes = 0;
	wait_ms(w, 1000);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	table_row(w->table, &r);
	table_event(w->table, &e, VERDICT_GONE, NULL);
	table_pass_end(w->table, true);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 1);
	is_change(w, 0, CHANGE_STATE, STATE_SYN_SENT, STATE_ESTABLISHED,
		  CERTAIN_EXACT);
	assert_int_equal(table_counts(w->table)->total, 1);
}

static void refused_connection(void **state)
{
	struct world *w = *state;

	table_traced(w->table, true);
	pass(w, NULL, 0);
	happens(w, STATE_CLOSE, STATE_SYN_SENT, 0, 443, 5);
	happens(w, STATE_SYN_SENT, STATE_CLOSE, 0, 443, 5);
	assert_int_equal(w->changes, 2);
	is_change(w, 1, CHANGE_CLOSED, STATE_SYN_SENT, STATE_NONE,
		  CERTAIN_EXACT);
	pass(w, NULL, 0);
	assert_int_equal(table_counts(w->table)->total, 0);
}

static void destroy_closes_what_is_known(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);

	pass(w, &r, 1);
	wait_ms(w, 300);
	destroyed(w, 40000, 443, 5, 250);
	assert_int_equal(w->changes, 1);
	is_change(w, 0, CHANGE_CLOSED, STATE_ESTABLISHED, STATE_NONE,
		  CERTAIN_BETWEEN);
	assert_int_equal(w->change[0].at - w->change[0].after, NS_PER_MS);
	assert_int_equal(w->change[0].bytes_received, 2000);
	assert_int_equal(w->change[0].origin, ORIGIN_DESTROY);
	pass(w, NULL, 0);
	assert_int_equal(w->changes, 0);
}

static void destroy_tells_short_lives(void **state)
{
	struct world *w = *state;

	pass(w, NULL, 0);
	wait_ms(w, 400);
	destroyed(w, 40000, 443, 5, 250);
	assert_int_equal(w->changes, 2);
	is_change(w, 0, CHANGE_OPENED, STATE_NONE, STATE_ESTABLISHED,
		  CERTAIN_INFERRED);
	is_change(w, 1, CHANGE_CLOSED, STATE_ESTABLISHED, STATE_NONE,
		  CERTAIN_BETWEEN);
	assert_int_equal(w->change[1].dwell, 400 * NS_PER_MS);
	assert_int_equal(w->change[1].dwell_certainty, CERTAIN_AT_MOST);
	/* one that never got an answer */
	destroyed(w, 40001, 443, 6, 0);
	is_change(w, 2, CHANGE_OPENED, STATE_NONE, STATE_SYN_SENT,
		  CERTAIN_INFERRED);
	pass(w, NULL, 0);
	assert_int_equal(w->changes, 0);
}

/* Reset by its own program: the message has no other end any more. */
static void nameless_ends_are_told_once(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);
	struct event e = {
		.row = row(STATE_CLOSE, 40000, 0, 5), .kind = EVENT_DESTROY,
		.reached = REACHED_ESTABLISHED, .bytes_sent = U64_UNKNOWN,
		.bytes_received = U64_UNKNOWN,
	};

	pass(w, &r, 1);
	e.at = e.after = w->clock.mono_ns;
	table_event(w->table, &e, VERDICT_GONE, NULL);	/* the known one */
	e.row = row(STATE_CLOSE, 40001, 0, 6);
	table_event(w->table, &e, VERDICT_GONE, NULL);	/* a short life */
	assert_int_equal(w->changes, 0);
	pass(w, NULL, 0);
	assert_int_equal(w->changes, 3);
	is_change(w, 0, CHANGE_CLOSED, STATE_ESTABLISHED, STATE_NONE,
		  CERTAIN_BETWEEN);
	is_change(w, 1, CHANGE_OPENED, STATE_NONE, STATE_ESTABLISHED,
		  CERTAIN_INFERRED);
	assert_int_equal(w->change[1].cookie, 6);
	is_change(w, 2, CHANGE_CLOSED, STATE_ESTABLISHED, STATE_NONE,
		  CERTAIN_BETWEEN);
	pass(w, NULL, 0);
	assert_int_equal(w->changes, 0);
}

/* A pass has just found it, and before that pass is over it is gone. */
static void found_and_destroyed_within_one_pass(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443, 5);

	pass(w, NULL, 0);
	wait_ms(w, 1000);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	table_row(w->table, &r);
	destroyed(w, 40000, 443, 5, 250);
	table_pass_end(w->table, true);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 2);
	is_change(w, 0, CHANGE_OPENED, STATE_NONE, STATE_ESTABLISHED,
		  CERTAIN_BETWEEN);
	is_change(w, 1, CHANGE_CLOSED, STATE_ESTABLISHED, STATE_NONE,
		  CERTAIN_BETWEEN);
}

/* The pass still shows what was told to be gone: its answer is older. */
static void a_row_read_late_opens_nothing(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_LAST_ACK, 40000, 443, 5);

	pass(w, NULL, 0);
	wait_ms(w, 1000);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	destroyed(w, 40000, 443, 5, 250);
	table_row(w->table, &r);
	table_pass_end(w->table, true);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 2);
	assert_int_equal(table_counts(w->table)->total, 0);
	/* the mini-socket it left is another thing */
	r.state = STATE_TIME_WAIT;
	r.timer = TIMER_TIME_WAIT;
	r.expires_ms = 60000;
	pass(w, &r, 1);
	assert_int_equal(table_counts(w->table)->total, 1);
}

static void short_life_has_its_listeners_owner(void **state)
{
	struct world *w = *state;
	struct row l = row(STATE_LISTEN, 80, 0, 1);
	uint32_t set;

	l.id.local = (struct addr){ 0 };
	pass(w, &l, 1);
	set = owners_with(w->owners, OWNER_PENDING, 88, 1, "nginx", 5);
	table_set_owner(w->table, table_find(w->table, &l.id, 1), set);
	destroyed(w, 80, 4000, 5, 100);
	assert_int_equal(w->change[0].owner, set);
	assert_true(w->change[0].owner_last);
	assert_int_equal(w->change[0].direction, DIR_IN);
}

static void destroy_may_leave_time_wait(void **state)
{
	struct world *w = *state;
	struct row tw = row(STATE_TIME_WAIT, 40000, 443, 5);
	struct event e = {
		.row = row(STATE_CLOSE, 40000, 443, 5), .kind = EVENT_DESTROY,
		.rtt_us = 10, .bytes_sent = 1, .bytes_received = 1,
	};

	pass(w, NULL, 0);
	wait_ms(w, 500);
	e.at = w->clock.mono_ns;
	e.after = e.at - NS_PER_MS;
	assert_true(event_may_leave_mini(&e));
	table_event(w->table, &e, VERDICT_ALIVE, &tw);
	assert_int_equal(w->changes, 3);
	is_change(w, 0, CHANGE_OPENED, STATE_NONE, STATE_ESTABLISHED,
		  CERTAIN_INFERRED);
	is_change(w, 2, CHANGE_STATE, STATE_FIN_WAIT1, STATE_TIME_WAIT,
		  CERTAIN_INFERRED);
	tw.expires_ms = 59000;
	pass(w, &tw, 1);
	assert_int_equal(w->changes, 0);
	assert_int_equal(table_counts(w->table)->state[STATE_TIME_WAIT], 1);
}

/* A life that was over when the pass began is told while it is read: what became
 * of it without an event may have become before the pass, too. */
static void a_late_event_was_not_seen_by_the_pass(void **state)
{
	struct world *w = *state;
	struct row tw = row(STATE_TIME_WAIT, 40000, 443, 5);
	struct event opened, left;

	table_traced(w->table, true);
	pass(w, NULL, 0);
	wait_ms(w, 1000);
	opened = step(w, STATE_LISTEN, STATE_FIN_WAIT1, 40000, 443, 5);
	left = step(w, STATE_FIN_WAIT1, STATE_FIN_WAIT2, 40000, 443, 5);
	wait_ms(w, 10);
	table_pass_begin(w->table, ORIGIN_NETLINK);
	table_event(w->table, &opened, VERDICT_GONE, NULL);
	table_event(w->table, &left, VERDICT_GONE, NULL);
	tw.expires_ms = U32_UNKNOWN;
	table_row(w->table, &tw);
	table_pass_end(w->table, true);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 3);
	is_change(w, 2, CHANGE_STATE, STATE_FIN_WAIT2, STATE_TIME_WAIT,
		  CERTAIN_BETWEEN);
	assert_int_equal(w->change[2].after, left.at);
}

/* What it left is looked up later than it was told, and its timer runs. */
static void a_late_look_makes_time_wait_no_older(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_FIN_WAIT2, 40000, 443, 5);
	struct row tw = row(STATE_TIME_WAIT, 40000, 443, 5);
	struct event e = {
		.row = row(STATE_CLOSE, 40000, 443, 5), .kind = EVENT_DESTROY,
	};

	pass(w, &r, 1);
	wait_ms(w, 500);
	e.at = w->clock.mono_ns;
	e.after = e.at - NS_PER_MS;
	wait_ms(w, 200);
	table_asked(w->table, w->clock.mono_ns);
	tw.expires_ms = 60000 - 200;
	table_event(w->table, &e, VERDICT_ALIVE, &tw);
	is_change(w, 0, CHANGE_STATE, STATE_FIN_WAIT2, STATE_TIME_WAIT,
		  CERTAIN_EXACT);
	assert_int_equal(w->change[0].at, e.at);
}

/* The pass was faster than the event that waits in the socket's buffer. */
static void late_destroy_is_not_told_again(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 40000, 443, 5),
			   row(STATE_ESTABLISHED, 40001, 443, 6) };
	struct event e;

	pass(w, r, 2);
	r[1] = row(STATE_TIME_WAIT, 40001, 443, 6);
	pass(w, &r[1], 1);
	assert_int_equal(w->changes, 3);	/* closed; two inferred */
	destroyed(w, 40000, 443, 5, 250);
	e = (struct event){
		.row = row(STATE_CLOSE, 40001, 443, 99), .kind = EVENT_DESTROY,
		.after = w->clock.mono_ns, .at = w->clock.mono_ns,
	};
	table_event(w->table, &e, VERDICT_ALIVE, &r[1]);
	assert_int_equal(w->changes, 3);
	assert_int_equal(table_counts(w->table)->total, 1);
}

static void listeners_that_come_and_go(void **state)
{
	struct world *w = *state;

	table_traced(w->table, true);
	pass(w, NULL, 0);
	happens(w, STATE_CLOSE, STATE_LISTEN, 80, 0, 5);
	is_change(w, 0, CHANGE_OPENED, STATE_NONE, STATE_LISTEN,
		  CERTAIN_EXACT);
	assert_true(table_port_listened(w->table, 0, 80));
	happens(w, STATE_LISTEN, STATE_CLOSE, 80, 0, 5);
	is_change(w, 1, CHANGE_CLOSED, STATE_LISTEN, STATE_NONE,
		  CERTAIN_EXACT);
	assert_false(table_port_listened(w->table, 0, 80));
}

static void timeline_keeps_the_newest(void **state)
{
	struct timeline *t = NULL;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct timeline_step s = { .at = i };

		timeline_add(&t, &s);
	}
	assert_int_equal(t->count, TIMELINE_MAX);
	assert_int_equal(t->total, 100);
	for (int i = 0; i < TIMELINE_MAX; i++)
		assert_int_equal(t->step[i].at, 100 - TIMELINE_MAX + i);
	free(t);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		T(a_client_life),
		T(a_server_life),
		T(time_wait_is_inferred),
		T(what_is_left_is_known),
		T(an_orphans_time_wait_is_dated_by_its_timer),
		T(a_pass_does_not_undo_an_event),
		T(a_row_read_late_does_not_undo_an_event),
		T(a_row_waits_for_its_event),
		T(what_no_event_explains_is_taken_from_the_pass),
		T(a_gap_in_the_events_is_inferred),
		T(what_an_event_leaves_out_is_counted),
		T(reused_ends_are_two_sockets),
		T(pass_completes_what_asks),
		T(row_overtakes_the_event_of_who_asks),
		T(refused_connection),
		T(destroy_closes_what_is_known),
		T(destroy_tells_short_lives),
		T(nameless_ends_are_told_once),
		T(found_and_destroyed_within_one_pass),
		T(a_row_read_late_opens_nothing),
		T(short_life_has_its_listeners_owner),
		T(destroy_may_leave_time_wait),
		T(a_late_event_was_not_seen_by_the_pass),
		T(a_late_look_makes_time_wait_no_older),
		T(late_destroy_is_not_told_again),
		T(listeners_that_come_and_go),
		cmocka_unit_test(timeline_keeps_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
