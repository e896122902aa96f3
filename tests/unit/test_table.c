/* How passes become sockets and changes: no kernel, a clock that stands still. */
#include <netinet/in.h>

#include "world.h"

/* 10.0.0.1:local <-> 10.0.0.2:remote */
static struct row row(unsigned state, uint16_t local, uint16_t remote)
{
	struct row r = {
		.id = {
			.local.b = { 10, 0, 0, 1 },
			.local_port = local, .remote_port = remote,
			.family = AF_INET, .protocol = IPPROTO_TCP,
		},
		.inode = local * 100000u + remote, .uid = 1000,
		.expires_ms = U32_UNKNOWN, .send_q = 0, .state = state,
	};

	if (remote)
		r.id.remote = (struct addr){ .b = { 10, 0, 0, 2 } };
	if (state == STATE_LISTEN)
		r.send_q = U32_UNKNOWN;
	if (state == STATE_TIME_WAIT || state == STATE_SYN_RECV) {
		r.inode = 0;
		r.uid = U32_UNKNOWN;
	}
	return r;
}

static void begin(struct world *w)
{
	w->changes = 0;
	clock_fake_advance(&w->clock, NS_PER_SEC);
	table_pass_begin(w->table, ORIGIN_PROC);
}

/* Everyone absent gets the same verdict. */
static void end(struct world *w, enum verdict v)
{
	table_pass_end(w->table, true);
	for (size_t i = 0; table_absent(w->table, i); i++)
		table_verdict(w->table, i, v);
	table_pass_settle(w->table);
	assert_int_equal(table_impossible(w->table), 0);
}

static void pass(struct world *w, const struct row *rows, size_t n,
		 enum verdict v)
{
	begin(w);
	for (size_t i = 0; i < n; i++)
		table_row(w->table, &rows[i]);
	end(w, v);
}

static const struct sock *find(const struct world *w, const struct row *r)
{
	return table_find(w->table, &r->id, r->cookie);
}

static void first_pass_tells_nothing(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_LISTEN, 80, 0),
			   row(STATE_ESTABLISHED, 80, 4000) };

	pass(w, r, 2, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 0);
	assert_int_equal(table_counts(w->table)->total, 2);
	assert_int_equal(find(w, &r[1])->since_certainty, CERTAIN_AT_LEAST);
	assert_int_equal(find(w, &r[1])->direction, DIR_IN);
}

static void opening_and_closing_are_told(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);

	pass(w, NULL, 0, VERDICT_UNKNOWN);
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].kind, CHANGE_OPENED);
	assert_int_equal(w->change[0].to, STATE_ESTABLISHED);
	assert_int_equal(w->change[0].certainty, CERTAIN_BETWEEN);
	assert_int_equal(w->change[0].at - w->change[0].after, NS_PER_SEC);
	assert_int_equal(w->change[0].wall - w->change[0].at,
			 4000 * NS_PER_SEC);
	assert_int_equal(find(w, &r)->mark, MARK_NEW);
	assert_int_equal(find(w, &r)->direction, DIR_OUT);

	pass(w, NULL, 0, VERDICT_GONE);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].kind, CHANGE_CLOSED);
	assert_int_equal(w->change[0].from, STATE_ESTABLISHED);
	assert_int_equal(w->change[0].dwell, NS_PER_SEC);
	assert_int_equal(table_counts(w->table)->total, 0);
}

static void gone_is_marked_then_forgotten(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);
	uint32_t slots;

	pass(w, &r, 1, VERDICT_UNKNOWN);
	slots = table_slots(w->table);
	pass(w, NULL, 0, VERDICT_GONE);
	assert_non_null(table_slot(w->table, 0));
	assert_false(table_slot(w->table, 0)->live);
	assert_int_equal(table_slot(w->table, 0)->mark, MARK_GONE);
	assert_null(find(w, &r));
	for (int i = 0; i < 3; i++)
		pass(w, NULL, 0, VERDICT_GONE);
	assert_null(table_slot(w->table, 0));
	/* and its slot is used again */
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(table_slots(w->table), slots);
}

static void absence_is_not_closed(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);

	pass(w, &r, 1, VERDICT_UNKNOWN);
	/* found by a look-up, however often */
	for (int i = 0; i < 10; i++) {
		pass(w, NULL, 0, VERDICT_ALIVE);
		assert_int_equal(w->changes, 0);
		assert_int_equal(table_unconfirmed(w->table), 0);
	}
	/* nobody can say: three passes have to agree */
	for (int i = 0; i < 2; i++) {
		pass(w, NULL, 0, VERDICT_UNKNOWN);
		assert_int_equal(w->changes, 0);
		assert_int_equal(table_unconfirmed(w->table), 1);
	}
	pass(w, NULL, 0, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].at - w->change[0].after,
			 3 * NS_PER_SEC);
}

static void by_name_two_passes_agree(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);

	pass(w, &r, 1, VERDICT_UNKNOWN);
	pass(w, NULL, 0, VERDICT_MAYBE_GONE);
	assert_int_equal(w->changes, 0);
	pass(w, &r, 1, VERDICT_UNKNOWN);	/* there it is again */
	assert_int_equal(w->changes, 0);
	pass(w, NULL, 0, VERDICT_MAYBE_GONE);
	assert_int_equal(w->changes, 0);
	pass(w, NULL, 0, VERDICT_MAYBE_GONE);
	assert_int_equal(w->changes, 1);
}

static void cut_pass_closes_nothing(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 40000, 443),
			   row(STATE_ESTABLISHED, 40001, 443) };

	pass(w, r, 2, VERDICT_UNKNOWN);
	for (int i = 0; i < 5; i++) {
		begin(w);
		table_row(w->table, &r[0]);
		table_pass_end(w->table, false);
		assert_null(table_absent(w->table, 0));
		table_pass_settle(w->table);
		assert_int_equal(w->changes, 0);
	}
	assert_int_equal(table_counts(w->table)->total, 2);
}

static void cut_first_pass_is_no_baseline(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);

	begin(w);
	table_pass_end(w->table, false);
	table_pass_settle(w->table);
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 0);
}

static void repeats_are_one_socket(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 40000, 443),
			   row(STATE_ESTABLISHED, 40000, 443) };

	pass(w, NULL, 0, VERDICT_UNKNOWN);
	pass(w, r, 2, VERDICT_UNKNOWN);
	assert_int_equal(table_counts(w->table)->total, 1);
	assert_int_equal(table_repeated(w->table), 1);
}

static void what_early_passes_skipped_was_not_opened(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 40000, 443),
			   row(STATE_ESTABLISHED, 40001, 443),
			   row(STATE_ESTABLISHED, 40000, 443) };

	table_baseline(w->table, true);
	pass(w, &r[0], 1, VERDICT_UNKNOWN);
	assert_false(table_uneven(w->table));
	pass(w, r, 3, VERDICT_UNKNOWN);
	assert_true(table_uneven(w->table));
	assert_int_equal(w->changes, 0);
	assert_int_equal(find(w, &r[1])->since_certainty, CERTAIN_AT_LEAST);
	table_baseline(w->table, false);
	r[1] = row(STATE_ESTABLISHED, 40002, 443);
	pass(w, r, 2, VERDICT_ALIVE);
	assert_int_equal(w->changes, 1);
}

static void listeners_sharing_a_port_stay_apart(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_LISTEN, 80, 0), row(STATE_LISTEN, 80, 0) };

	r[1].inode++;
	for (int i = 0; i < 3; i++) {
		pass(w, r, 2, VERDICT_UNKNOWN);
		assert_int_equal(w->changes, 0);
		assert_int_equal(table_counts(w->table)->state[STATE_LISTEN],
				 2);
		assert_int_equal(table_repeated(w->table), 0);
	}
	assert_true(table_port_listened(w->table, 0, 80));
	pass(w, r, 1, VERDICT_GONE);
	assert_true(table_port_listened(w->table, 0, 80));
	pass(w, NULL, 0, VERDICT_GONE);
	assert_false(table_port_listened(w->table, 0, 80));
}

static void limits_come_from_the_listen_dump(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_LISTEN, 80, 0), limit = r;

	limit.send_q = 128;
	limit.cookie = 77;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(find(w, &r)->row.send_q, U32_UNKNOWN);
	table_listener(w->table, &limit);
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(find(w, &r)->row.send_q, 128);
	assert_int_equal(find(w, &r)->row.cookie, 77);
}

static void skipped_states_are_inferred(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);

	pass(w, &r, 1, VERDICT_UNKNOWN);
	r = row(STATE_TIME_WAIT, 40000, 443);
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 2);
	assert_int_equal(w->change[0].from, STATE_ESTABLISHED);
	assert_int_equal(w->change[0].to, STATE_FIN_WAIT1);
	assert_int_equal(w->change[0].certainty, CERTAIN_INFERRED);
	assert_int_equal(w->change[0].dwell_certainty, CERTAIN_AT_LEAST);
	assert_int_equal(w->change[1].from, STATE_FIN_WAIT1);
	assert_int_equal(w->change[1].to, STATE_TIME_WAIT);
	assert_int_equal(w->change[1].certainty, CERTAIN_INFERRED);
	assert_true(w->change[1].dwell == TIME_UNKNOWN);
	assert_int_equal(find(w, &r)->mark, MARK_CHANGED);
}

static void time_wait_ages_by_its_timer(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_TIME_WAIT, 40000, 443);

	r.timer = TIMER_TIME_WAIT;
	r.expires_ms = 1500;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(find(w, &r)->since_certainty, CERTAIN_EXACT);
	assert_int_equal(w->clock.mono_ns - find(w, &r)->since,
			 58500 * NS_PER_MS);
	/* not run out yet: somebody has to look it up */
	begin(w);
	table_pass_end(w->table, true);
	assert_non_null(table_absent(w->table, 0));
	table_verdict(w->table, 0, VERDICT_ALIVE);
	table_pass_settle(w->table);
	/* run out: no look-up needed */
	clock_fake_advance(&w->clock, 2 * NS_PER_SEC);
	begin(w);
	table_pass_end(w->table, true);
	assert_null(table_absent(w->table, 0));
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].kind, CHANGE_CLOSED);
}

static void owner_outlives_the_inode(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);
	uint32_t set;

	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(find(w, &r)->owner, OWNER_PENDING);
	set = owners_with(w->owners, OWNER_PENDING, 77, 1, "app", 3);
	table_set_owner(w->table, (struct sock *)find(w, &r), set);
	r = row(STATE_TIME_WAIT, 40000, 443);
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_true(find(w, &r)->owner_last);
	assert_int_equal(owners_get(w->owners, find(w, &r)->owner, 0)->pid,
			 77);
	assert_int_equal(find(w, &r)->row.uid, 1000);
}

static void accepted_socket_is_looked_for(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 80, 4000);

	r.inode = 0;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(find(w, &r)->owner, OWNER_NONE);
	assert_true(sock_in_accept_queue(find(w, &r)));
	r.inode = 5;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(find(w, &r)->owner, OWNER_PENDING);
	assert_false(sock_in_accept_queue(find(w, &r)));
	assert_int_equal(w->changes, 0);
}

/* The four-tuple is used again; proc cannot tell by cookie. */
static void reuse_without_cookie(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_TIME_WAIT, 40000, 443);

	pass(w, &r, 1, VERDICT_UNKNOWN);
	r = row(STATE_ESTABLISHED, 40000, 443);
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 2);
	assert_int_equal(w->change[0].kind, CHANGE_CLOSED);
	assert_int_equal(w->change[0].from, STATE_TIME_WAIT);
	assert_int_equal(w->change[1].kind, CHANGE_OPENED);
	assert_int_equal(table_counts(w->table)->total, 1);
	/* another inode is another socket, too */
	r.inode++;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 2);
	assert_int_equal(table_counts(w->table)->total, 1);
}

static void reuse_with_cookie(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);

	r.cookie = 1;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	r.cookie = 2;
	pass(w, &r, 1, VERDICT_GONE);
	assert_int_equal(w->changes, 2);
	assert_int_equal(w->change[0].cookie, 1);
	assert_int_equal(w->change[0].kind, CHANGE_CLOSED);
	assert_int_equal(w->change[1].cookie, 2);
	assert_int_equal(w->change[1].kind, CHANGE_OPENED);
	assert_int_equal(find(w, &r)->first_seen, w->clock.mono_ns);
	assert_int_equal(find(w, &r)->since, w->clock.mono_ns);
	assert_int_equal(find(w, &r)->owner, OWNER_PENDING);
	assert_int_equal(table_counts(w->table)->total, 1);
}

/* The same endpoints in another namespace are another socket. */
static void namespaces_stay_apart(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 40000, 443),
			   row(STATE_ESTABLISHED, 40000, 443) };

	r[1].id.netns = 1;
	for (int i = 0; i < 3; i++) {
		pass(w, r, 2, VERDICT_UNKNOWN);
		assert_int_equal(w->changes, 0);
		assert_int_equal(table_counts(w->table)->total, 2);
		assert_int_equal(table_repeated(w->table), 0);
	}
	assert_ptr_not_equal(find(w, &r[0]), find(w, &r[1]));
	pass(w, &r[1], 1, VERDICT_GONE);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].id.netns, 0);
}

static void lookup_that_finds_another_says_gone(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443), other = r;

	pass(w, &r, 1, VERDICT_UNKNOWN);
	other.inode++;
	begin(w);
	table_pass_end(w->table, true);
	table_found(w->table, 0, &other);
	table_pass_settle(w->table);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].kind, CHANGE_CLOSED);
}

/* bind, then connect: other endpoints, the same cookie */
/* The text has no BOUND sockets: a dump after it finds them, old or new. */
static void bound_is_found_when_the_source_can(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_BOUND, 3000, 0);

	pass(w, NULL, 0, VERDICT_UNKNOWN);
	for (uint16_t i = 0; i < 2; i++) {
		r = row(STATE_BOUND, 3000 + i, 0);
		r.cookie = 1 + i;
		w->changes = 0;
		table_pass_begin(w->table, ORIGIN_NETLINK);
		table_row(w->table, &r);
		end(w, VERDICT_UNKNOWN);
		assert_int_equal(w->changes, i);
		assert_int_equal(find(w, &r)->mark, i ? MARK_NEW : MARK_NONE);
		assert_int_equal(find(w, &r)->since_certainty,
				 i ? CERTAIN_BETWEEN : CERTAIN_AT_LEAST);
	}
}

/* Whether it is still there the text cannot say, however often it is read. */
static void bound_outlives_the_text(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_BOUND, 3000, 0);

	r.cookie = 1;
	table_pass_begin(w->table, ORIGIN_NETLINK);
	table_row(w->table, &r);
	end(w, VERDICT_UNKNOWN);
	for (int i = 0; i < 10; i++) {
		pass(w, NULL, 0, VERDICT_UNKNOWN);
		assert_int_equal(w->changes, 0);
		assert_int_equal(table_unconfirmed(w->table), 0);
	}
	pass(w, NULL, 0, VERDICT_GONE);
	assert_int_equal(w->changes, 1);
}

static void bound_socket_connects(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_BOUND, 5000, 0);

	r.cookie = 9;
	r.id.local = (struct addr){ 0 };
	pass(w, &r, 1, VERDICT_UNKNOWN);
	r = row(STATE_SYN_SENT, 5000, 443);
	r.cookie = 9;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].kind, CHANGE_STATE);
	assert_int_equal(w->change[0].from, STATE_BOUND);
	assert_int_equal(w->change[0].id.remote_port, 443);
	assert_int_equal(table_counts(w->table)->total, 1);
	assert_int_equal(find(w, &r)->direction, DIR_OUT);
}

static void reconnected_socket_was_closed_between(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 5000, 443);

	r.cookie = 9;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	r.state = STATE_SYN_SENT;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 2);
	assert_int_equal(w->change[0].to, STATE_CLOSE);
	assert_int_equal(w->change[1].from, STATE_CLOSE);
	assert_int_equal(w->change[1].certainty, CERTAIN_INFERRED);
}

/* What a program still holds after its connection ended in TIME_WAIT. */
static void time_wait_beside_its_closed_socket(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_ESTABLISHED, 5000, 443),
			   row(STATE_TIME_WAIT, 5000, 443) };

	r[0].cookie = r[1].cookie = 9;
	pass(w, r, 1, VERDICT_UNKNOWN);
	r[0].state = STATE_BOUND;
	for (int i = 0; i < 3; i++) {
		pass(w, r, 2, VERDICT_UNKNOWN);
		assert_int_equal(w->changes, i ? 0 : 2);
		assert_int_equal(table_counts(w->table)->total, 2);
		assert_int_equal(table_repeated(w->table), 0);
	}
}

/* Bound, then connected and closed by both within a pass. */
static void a_bound_sockets_time_wait_is_another(void **state)
{
	struct world *w = *state;
	struct row r[] = { row(STATE_BOUND, 5000, 0),
			   row(STATE_CLOSE, 5000, 443),
			   row(STATE_TIME_WAIT, 5000, 443) };

	r[0].cookie = r[1].cookie = r[2].cookie = 9;
	pass(w, r, 1, VERDICT_UNKNOWN);
	pass(w, &r[1], 2, VERDICT_UNKNOWN);
	assert_int_equal(table_counts(w->table)->total, 2);
	assert_int_equal(w->changes, 2);
	assert_int_equal(w->change[0].from, STATE_BOUND);
	assert_int_equal(w->change[0].to, STATE_CLOSE);
	assert_int_equal(w->change[1].kind, CHANGE_OPENED);
	assert_int_equal(w->change[1].to, STATE_TIME_WAIT);
}

/* TIME_WAIT's timer says nothing of when the steps before it were. */
static void an_exact_time_is_of_the_last_step_only(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_ESTABLISHED, 40000, 443);
	int64_t seen;

	pass(w, &r, 1, VERDICT_UNKNOWN);
	seen = w->clock.mono_ns;
	r = row(STATE_TIME_WAIT, 40000, 443);
	r.timer = TIMER_TIME_WAIT;
	r.expires_ms = 60000 - 300;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 2);
	assert_true(w->change[0].after <= seen);
	assert_int_equal(w->change[1].after, w->change[1].at);
	/* a jiffy later, as the other step may have been as late */
	assert_int_equal(w->change[1].at, w->clock.mono_ns - 290 * NS_PER_MS);
	assert_int_equal(w->change[0].at, w->change[1].at);
	assert_int_equal(w->change[1].certainty, CERTAIN_INFERRED);
}

/* The kernel wrote the row, and then nobody read it for a while: how much of its
 * timer's time is over is not known so well. */
static void a_timer_read_late_is_between(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_FIN_WAIT2, 40000, 443);
	int64_t seen, asked;

	pass(w, &r, 1, VERDICT_UNKNOWN);
	seen = w->clock.mono_ns;
	r = row(STATE_TIME_WAIT, 40000, 443);
	r.timer = TIMER_TIME_WAIT;
	r.expires_ms = 60000 - 300;
	begin(w);
	asked = w->clock.mono_ns;
	clock_fake_advance(&w->clock, 80 * NS_PER_MS);
	table_row(w->table, &r);
	end(w, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].certainty, CERTAIN_BETWEEN);
	assert_true(w->change[0].after <= seen);
	assert_true(w->change[0].at >= w->clock.mono_ns - 300 * NS_PER_MS);
	/* a minute later it may end */
	assert_int_equal(find(w, &r)->since, asked - 300 * NS_PER_MS);
}

/* It was asked for long after the pass began. */
static void a_timer_asked_late_is_exact(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_FIN_WAIT2, 40000, 443);

	pass(w, &r, 1, VERDICT_UNKNOWN);
	r = row(STATE_TIME_WAIT, 40000, 443);
	r.timer = TIMER_TIME_WAIT;
	r.expires_ms = 60000 - 300;
	begin(w);
	clock_fake_advance(&w->clock, 80 * NS_PER_MS);
	table_asked(w->table, w->clock.mono_ns);
	table_row(w->table, &r);
	end(w, VERDICT_UNKNOWN);
	assert_int_equal(w->change[0].certainty, CERTAIN_EXACT);
	assert_int_equal(w->change[0].at, w->clock.mono_ns - 300 * NS_PER_MS);
}

/* FIN_WAIT2 or CLOSING was in between. */
static void a_step_that_is_none_is_inferred(void **state)
{
	struct world *w = *state;
	struct row r = row(STATE_FIN_WAIT1, 40000, 443);

	pass(w, &r, 1, VERDICT_UNKNOWN);
	r = row(STATE_TIME_WAIT, 40000, 443);
	r.timer = TIMER_TIME_WAIT;
	r.expires_ms = 60000 - 300;
	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(w->changes, 1);
	assert_int_equal(w->change[0].certainty, CERTAIN_INFERRED);
}

static void unknown_state_is_kept(void **state)
{
	struct world *w = *state;
	struct row r = row(14, 5000, 443);

	pass(w, &r, 1, VERDICT_UNKNOWN);
	assert_int_equal(find(w, &r)->row.state, 14);
	assert_int_equal(table_counts(w->table)->state[STATE_OTHER], 1);
	assert_int_equal(table_counts(w->table)->total, 1);
}

static void many_sockets_are_found_again(void **state)
{
	struct world *w = *state;
	enum { N = 20000 };

	for (int p = 0; p < 3; p++) {
		begin(w);
		for (int i = 0; i < N; i++) {
			struct row r = row(STATE_ESTABLISHED, 1 + i % 5000,
					   1 + i / 5000);

			table_row(w->table, &r);
		}
		end(w, VERDICT_GONE);
		assert_int_equal(w->changes, 0);
		assert_int_equal(table_counts(w->table)->total, N);
	}
}

/* Which comes next is known from the pass before: a pass over many sockets is
 * quick by that alone. */
static void order_is_remembered(void **state)
{
	struct world *w = *state;
	struct row r[4];
	const int first[] = { 0, 1, 2 }, second[] = { 2, 3, 0, 1 };
	const struct sock *s;

	for (int i = 0; i < 4; i++)
		r[i] = row(STATE_ESTABLISHED, 40000 + i, 443);
	begin(w);
	for (int i = 0; i < 3; i++)
		table_row(w->table, &r[first[i]]);
	end(w, VERDICT_GONE);
	s = find(w, &r[0]);
	assert_ptr_equal(table_slot(w->table, s->after), find(w, &r[1]));
	begin(w);
	for (int i = 0; i < 4; i++)
		table_row(w->table, &r[second[i]]);
	end(w, VERDICT_GONE);
	for (int i = 0; i < 3; i++) {
		s = find(w, &r[second[i]]);
		assert_ptr_equal(table_slot(w->table, s->after),
				 find(w, &r[second[i + 1]]));
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		T(first_pass_tells_nothing),
		T(opening_and_closing_are_told),
		T(gone_is_marked_then_forgotten),
		T(absence_is_not_closed),
		T(by_name_two_passes_agree),
		T(cut_pass_closes_nothing),
		T(cut_first_pass_is_no_baseline),
		T(repeats_are_one_socket),
		T(what_early_passes_skipped_was_not_opened),
		T(listeners_sharing_a_port_stay_apart),
		T(limits_come_from_the_listen_dump),
		T(skipped_states_are_inferred),
		T(time_wait_ages_by_its_timer),
		T(owner_outlives_the_inode),
		T(accepted_socket_is_looked_for),
		T(reuse_without_cookie),
		T(reuse_with_cookie),
		T(namespaces_stay_apart),
		T(lookup_that_finds_another_says_gone),
		T(bound_is_found_when_the_source_can),
		T(bound_outlives_the_text),
		T(bound_socket_connects),
		T(reconnected_socket_was_closed_between),
		T(time_wait_beside_its_closed_socket),
		T(a_bound_sockets_time_wait_is_another),
		T(an_exact_time_is_of_the_last_step_only),
		T(a_timer_read_late_is_between),
		T(a_timer_asked_late_is_exact),
		T(a_step_that_is_none_is_inferred),
		T(unknown_state_is_kept),
		T(many_sockets_are_found_again),
		T(order_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
