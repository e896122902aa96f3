/*
 * Any window of rows that are put in order only where somebody looks is the
 * window of a full sort.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scene.h"
#include "view/pick.h"

struct fixture {
	struct scene scene;
	struct column_context c;
	struct view lazy, whole;
	bool *there;		/* in the next pass, by number */
	uint32_t sockets, more;		/* more: events made so many */
};

static uint32_t few(uint32_t n)
{
	return (uint32_t)rand() % n;
}

static void set_up(struct fixture *f, uint32_t sockets)
{
	memset(f, 0, sizeof(*f));
	srand(7);
	scene_init(&f->scene);
	f->c.monitor = f->scene.monitor;
	f->c.now = clock_mono(&f->scene.clock.clock);
	view_init(&f->lazy);
	view_init(&f->whole);
	f->sockets = sockets;
	f->there = mem_zalloc(sockets);
	for (uint32_t i = 0; i < sockets; i++)
		f->there[i] = few(10) != 0;
}

static void tear_down(struct fixture *f)
{
	view_free(&f->lazy);
	view_free(&f->whole);
	scene_free(&f->scene);
	free(f->there);
}

/* Many that are alike in what they are sorted by. */
static void make_row(struct row *r, uint32_t i)
{
	static const uint8_t states[] = {
		STATE_ESTABLISHED, STATE_ESTABLISHED, STATE_CLOSE_WAIT, 14,
	};

	memset(r, 0, sizeof(*r));
	r->id.family = i % 3 ? AF_INET : AF_INET6;
	r->id.protocol = IPPROTO_TCP;
	r->id.local_port = (uint16_t)(1 + i % 3);
	r->id.remote.b[i % 3 ? 2 : 14] = (uint8_t)(i >> 16);
	r->id.remote.b[i % 3 ? 3 : 15] = 1;
	r->id.remote_port = (uint16_t)(1 + i % 65535);
	r->cookie = i + 1;
	r->inode = i + 1;
	r->uid = few(3);
	r->recv_q = few(3);
	r->expires_ms = U32_UNKNOWN;
	r->state = states[few(4)];
}

/* Each takes 50 times as long under valgrind. */
static int rounds(int n)
{
	return getenv("UNDER_VALGRIND") ? n / 4 : n;
}

/* Some come, some go, all the others may change. */
static void pass(struct fixture *f)
{
	struct table *t = f->scene.monitor->table;
	struct row r;

	table_pass_begin(t, ORIGIN_NETLINK);
	for (uint32_t i = 0; i < f->sockets; i++) {
		if (!few(20))
			f->there[i] = !f->there[i];
		make_row(&r, i);
		if (f->there[i])
			table_row(t, &r);
	}
	table_pass_end(t, true);
	for (size_t i = 0; table_absent(t, i); i++)
		table_verdict(t, i, VERDICT_GONE);
	table_pass_settle(t);
}

static void update(struct fixture *f, uint32_t step)
{
	view_begin(&f->lazy, &f->c);
	while (view_step(&f->lazy, &f->c, step))
		assert_true(view_progress(&f->lazy) < 1);
	f->whole.sort = f->lazy.sort;
	f->whole.reverse = f->lazy.reverse;
	f->whole.states = f->lazy.states;
	view_update(&f->whole, &f->c);
	assert_int_equal(f->lazy.count, f->whole.count);
	assert_int_equal(f->lazy.rows.live, f->whole.rows.live);
	assert_int_equal(f->lazy.rows.hidden_by_state,
			 f->whole.rows.hidden_by_state);
}

/* The full sort itself: each row's place is behind that of the one before. */
static void check_whole(struct fixture *f)
{
	struct place a, b;

	for (size_t i = 0; i < f->whole.count; i++) {
		place_of(&b, &f->c, f->whole.sort, f->whole.reverse,
			 view_sock(&f->whole, f->scene.monitor, i));
		if (i)
			assert_true(place_compare(&a, &b) < 0);
		a = b;
	}
}

static void check_window(struct fixture *f, size_t from, size_t to)
{
	view_ready(&f->lazy, &f->c, from, to);
	for (size_t i = from; i < to && i < f->lazy.count; i++)
		assert_int_equal(f->lazy.rows.order.rows[i],
				 f->whole.rows.order.rows[i]);
}

static void check_windows(struct fixture *f)
{
	size_t n = f->lazy.count;

	check_window(f, 0, 30);
	check_window(f, n - 30, n);
	for (int i = 0; i < 20; i++) {
		size_t from = few((uint32_t)n);

		check_window(f, from, from + few(60));
	}
}

static void windows(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, 30000);
	for (int i = 0; i < rounds(2 * COLUMN_COUNT); i++) {
		if (i % 4 == 0)
			pass(&f);
		f.lazy.sort = (uint8_t)(i / 2);
		f.lazy.reverse = i % 2;
		f.lazy.states = few(3) ? STATES_ALL :
				STATE_BIT(STATE_CLOSE_WAIT);
		update(&f, 1 + few(5000));
		check_whole(&f);
		check_windows(&f);
	}
	tear_down(&f);
}

static bool is_nth(void *arg, size_t row, const struct sock *s)
{
	const uint64_t *n = arg;

	(void)row;
	return s && s->serial % *n == 0;
}

/* Of each n-th socket, among those without order near that row; LONG_MAX: the
 * rows there have one. */
static long pick(struct fixture *f, struct pick *p, size_t at, bool last,
		 uint64_t n)
{
	if (!pick_begin(p, &f->lazy, &f->c, at, last))
		return LONG_MAX;
	assert_in_range(at, p->from, p->to - 1);
	while (pick_step(p, &f->lazy, &f->c, is_nth, &n))
		;
	return pick_end(p, &f->lazy, &f->c);
}

static long first_or_last(struct fixture *f, size_t from, size_t to, bool last,
			  uint64_t n)
{
	long found = -1;

	for (size_t i = from; i < to && (last || found < 0); i++)
		if (is_nth(&n, i, view_sock(&f->whole, f->scene.monitor, i)))
			found = (long)i;
	return found;
}

/* It is the one that all rows in order would have given, and stands there. */
static void picking(void **state)
{
	static const uint64_t every[] = { 2, 100, 3000, 40000, UINT64_MAX };
	struct fixture f;
	int picked = 0;

	(void)state;
	set_up(&f, 80000);
	pass(&f);
	for (int i = 0; i < rounds(2 * COLUMN_COUNT); i++) {
		f.lazy.sort = (uint8_t)(i / 2);
		f.lazy.reverse = i % 2;
		update(&f, 5000);
		for (int k = 0; k < 10; k++) {
			size_t at = few((uint32_t)f.lazy.count);
			uint64_t n = every[few(5)];
			bool last = few(2);
			struct pick p;
			long row = pick(&f, &p, at, last, n);

			if (row == LONG_MAX)
				continue;
			picked += row >= 0;
			assert_int_equal(row, first_or_last(&f, p.from, p.to,
							    last, n));
			if (row >= 0)
				check_window(&f, (size_t)row, (size_t)row + 1);
		}
		check_windows(&f);
	}
	assert_true(picked > COLUMN_COUNT);
	tear_down(&f);
}

/* A page in the midst of them is put in order meanwhile. */
static void picking_is_disturbed(void **state)
{
	uint64_t n = 100;
	struct fixture f;
	struct pick p;

	(void)state;
	set_up(&f, 80000);
	pass(&f);
	f.lazy.sort = COL_REMOTE;
	update(&f, 5000);
	assert_true(pick_begin(&p, &f.lazy, &f.c, f.lazy.count / 2, false));
	assert_true(pick_step(&p, &f.lazy, &f.c, is_nth, &n));
	assert_true(pick_stands(&p, &f.lazy));
	check_window(&f, f.lazy.count / 2, f.lazy.count / 2 + 40);
	assert_false(pick_stands(&p, &f.lazy));
	pick_free(&p);
	tear_down(&f);
}

/* Where it says a row is, it is. */
static void finding(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, 30000);
	pass(&f);
	f.lazy.sort = COL_RECV_Q;
	update(&f, 1000);
	for (int i = 0; i < 50; i++) {
		size_t at = few((uint32_t)f.whole.count);
		const struct sock *s = view_sock(&f.whole, f.scene.monitor, at);

		uint32_t slot = f.whole.rows.order.rows[at];

		assert_int_equal(view_find(&f.lazy, &f.c, slot, s->serial), at);
	}
	tear_down(&f);
}

/* Rows that were looked at stay in their order, new ones come behind them, and
 * each that matches is there once. */
static void held(void **state)
{
	enum { SEEN = 500 };
	struct fixture f;
	uint64_t seen[SEEN];
	size_t at, n;
	bool *once;

	(void)state;
	set_up(&f, 30000);
	pass(&f);
	update(&f, 1000);
	view_ready(&f.lazy, &f.c, 0, SEEN);
	for (n = 0; n < SEEN; n++)
		seen[n] = view_sock(&f.lazy, f.scene.monitor, n)->serial;
	f.lazy.held = true;
	for (int i = 0; i < 6; i++) {
		pass(&f);
		update(&f, 1 + few(5000));
		check_whole(&f);
		view_ready(&f.lazy, &f.c, few(20000), 20010);
		once = mem_zalloc(table_slots(f.scene.monitor->table));
		for (at = 0, n = 0; at < f.lazy.count; at++) {
			const struct sock *s = view_sock(&f.lazy,
						f.scene.monitor, at);
			uint32_t slot = f.lazy.rows.order.rows[at];
			size_t k = n;

			assert_non_null(s);
			assert_false(once[slot]);
			once[slot] = true;
			while (k < SEEN && seen[k] != s->serial)
				k++;
			if (k < SEEN)
				n = k + 1;	/* later ones only */
			else
				for (k = 0; k < n; k++)
					assert_true(seen[k] != s->serial);
		}
		free(once);
	}
	tear_down(&f);
}

/* Between passes: some open, some change, some close, and some of those that
 * closed fade, so that their slots are used again. */
static void events(struct fixture *f, uint32_t n)
{
	struct table *t = f->scene.monitor->table;
	struct sock *s;

	for (uint32_t i = 0; i < n; i++) {
		struct event e = {
			.kind = EVENT_STATE, .from = STATE_CLOSE,
			.to = STATE_ESTABLISHED,
		};
		uint32_t slot = few(table_slots(t));

		clock_fake_advance(&f->scene.clock, 1000);
		e.at = e.after = clock_mono(&f->scene.clock.clock);
		s = table_slot(t, slot);
		if (few(3) && s && s->live) {
			e.row.id = s->row.id;
			e.row.cookie = s->row.cookie;
			e.from = s->row.state;
			e.to = few(2) ? STATE_CLOSE : STATE_CLOSE_WAIT;
			e.left = e.to;
		} else {
			make_row(&e.row, f->sockets + f->more++);
		}
		table_event(t, &e, VERDICT_GONE, NULL);
		if (few(4) == 0 && s && s->live)
			table_set_owner(t, s, few(2) ? OWNER_NONE :
						       OWNER_HIDDEN);
	}
	table_round(t, true);
	f->c.now = clock_mono(&f->scene.clock.clock);
}

static void same_as_whole(struct fixture *f)
{
	f->whole.sort = f->lazy.sort;
	f->whole.reverse = f->lazy.reverse;
	f->whole.states = f->lazy.states;
	view_update(&f->whole, &f->c);
	assert_int_equal(f->lazy.count, f->whole.count);
	assert_int_equal(f->lazy.rows.live, f->whole.rows.live);
	assert_int_equal(f->lazy.rows.hidden_by_state,
			 f->whole.rows.hidden_by_state);
}

/* What follows events is what looking at all would have given. */
static void following(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, 30000);
	pass(&f);
	for (int i = 0; i < 3; i++) {	/* no age is unknown any more */
		clock_fake_advance(&f.scene.clock, NS_PER_SEC);
		f.scene.monitor->status.pass_at =
			clock_mono(&f.scene.clock.clock);
		monitor_pass_done(f.scene.monitor, true);
	}
	f.c.now = clock_mono(&f.scene.clock.clock);
	for (int i = 0; i < rounds(2 * COLUMN_COUNT); i++) {
		f.lazy.sort = (uint8_t)(i / 2);
		f.lazy.reverse = i % 2;
		f.lazy.states = few(3) ? STATES_ALL :
				STATES_ALL & ~STATE_BIT(STATE_CLOSE_WAIT);
		update(&f, 1 + few(5000));
		/* another column, or a pass: not without looking at all */
		f.lazy.reverse = !f.lazy.reverse;
		assert_false(view_follow(&f.lazy, &f.c));
		f.lazy.reverse = !f.lazy.reverse;
		if (f.lazy.rows.unsettled) {
			/* nobody looked for it, so it may be found any time */
			assert_int_equal(f.lazy.sort, COL_OTHER_END);
			assert_false(view_follow(&f.lazy, &f.c));
			continue;
		}
		for (int k = 0; k < 4; k++) {
			check_window(&f, few(30000), 30000 + few(60));
			events(&f, few(300));
			assert_true(view_follow(&f.lazy, &f.c));
			same_as_whole(&f);
			check_windows(&f);
		}
	}
	pass(&f);
	assert_false(view_follow(&f.lazy, &f.c));
	tear_down(&f);
}

/* Held rows stay while events come. */
static void following_held(void **state)
{
	enum { SEEN = 400 };
	struct fixture f;
	uint32_t before[SEEN];

	(void)state;
	set_up(&f, 30000);
	pass(&f);
	update(&f, 1000);
	view_ready(&f.lazy, &f.c, 0, SEEN);
	f.lazy.held = true;
	update(&f, 1000);
	for (int i = 0; i < 10; i++) {
		size_t at = 0, kept = 0;

		memcpy(before, f.lazy.rows.order.rows, sizeof(before));
		events(&f, few(3000));
		assert_true(view_follow(&f.lazy, &f.c));
		same_as_whole(&f);
		/* in the old order, without those that left */
		for (size_t k = 0; k < SEEN; k++) {
			if (f.lazy.rows.order.rows[at] != before[k])
				continue;
			at++;
			kept++;
		}
		assert_true(kept > SEEN / 2);
	}
	tear_down(&f);
}

/* Whatever was looked at while the order was held: let go it is that of all
 * rows, without looking at all. */
static void let_go(void **state)
{
	static const uint8_t sorts[] = { COL_STATE, COL_RECV_Q, COL_REMOTE };
	struct fixture f;
	struct pick p;

	(void)state;
	set_up(&f, 30000);
	pass(&f);
	for (int i = 0; i < rounds(12); i++) {
		f.lazy.sort = sorts[i % 3];
		f.lazy.reverse = few(2);
		f.lazy.held = false;
		update(&f, 1000);
		check_window(&f, few(20000), 20000 + few(60));
		f.lazy.held = true;
		for (int k = 0; k < 4; k++) {
			size_t from = few((uint32_t)f.lazy.count);

			events(&f, few(200));
			assert_true(view_follow(&f.lazy, &f.c));
			if (few(2))
				pick(&f, &p, from, few(2), 1000);
			view_ready(&f.lazy, &f.c, from, from + few(60));
		}
		f.lazy.held = false;
		assert_true(view_follow(&f.lazy, &f.c));
		same_as_whole(&f);
		check_windows(&f);
		check_window(&f, 0, f.lazy.count);
	}
	/* too much changed */
	f.lazy.held = true;
	for (int k = 0; k < 20; k++) {
		events(&f, 400);
		assert_true(view_follow(&f.lazy, &f.c));
	}
	f.lazy.held = false;
	assert_false(view_follow(&f.lazy, &f.c));
	tear_down(&f);
}

/* The same rows, but for some that are missing. */
static bool is_part_of(const struct order *o, const struct order *all)
{
	size_t k = 0;

	for (size_t i = 0; i < all->count && k < o->count; i++)
		k += all->rows[i] == o->rows[k];
	return o->count && k == o->count;
}

/* Rows put aside come back as if they had never been away. */
static void put_aside(void **state)
{
	struct order was;
	struct fixture f;

	(void)state;
	set_up(&f, 30000);
	pass(&f);
	for (int i = 0; i < rounds(8); i++) {
		f.lazy.sort = i % 2 ? COL_REMOTE : COL_STATE;
		update(&f, 1000);
		check_window(&f, few(20000), 20000 + few(60));
		f.lazy.held = i % 3 == 1;
		events(&f, few(200));
		assert_true(view_follow(&f.lazy, &f.c));
		view_put_aside(&f.lazy);

		f.lazy.held = false;
		f.lazy.states = STATE_BIT(STATE_CLOSE_WAIT);
		f.lazy.sort = COL_UID;
		update(&f, 1000);
		f.lazy.held = few(2);
		events(&f, few(200));
		if (!view_follow(&f.lazy, &f.c))
			update(&f, 1000);
		events(&f, few(100));

		f.lazy.held = false;
		f.lazy.states = STATES_ALL;
		f.lazy.sort = i % 2 ? COL_REMOTE : COL_STATE;
		assert_true(view_take_back(&f.lazy, &f.c));
		same_as_whole(&f);
		check_windows(&f);
		check_window(&f, 0, f.lazy.count);
		assert_false(view_take_back(&f.lazy, &f.c));
	}
	/* back before the others are there */
	update(&f, 1000);
	check_window(&f, 0, f.lazy.count);
	view_put_aside(&f.lazy);
	f.lazy.states = STATE_BIT(STATE_CLOSE_WAIT);
	events(&f, 200);
	view_begin(&f.lazy, &f.c);
	assert_true(view_step(&f.lazy, &f.c, 1000));
	events(&f, 100);
	f.lazy.states = STATES_ALL;
	assert_true(view_take_back(&f.lazy, &f.c));
	same_as_whole(&f);
	check_windows(&f);
	/* the others are made of them, in their order */
	update(&f, 1000);
	view_put_aside(&f.lazy);
	was = order_copy(&f.lazy.rows.order);
	f.lazy.states = STATE_BIT(STATE_CLOSE_WAIT);
	f.lazy.held = true;
	update(&f, 1000);
	assert_true(is_part_of(&f.lazy.rows.order, &was));
	order_free(&was);
	f.lazy.states = STATES_ALL;
	f.lazy.held = false;
	assert_true(view_take_back(&f.lazy, &f.c));
	same_as_whole(&f);
	check_windows(&f);
	/* something else is wanted now */
	update(&f, 1000);
	view_put_aside(&f.lazy);
	f.lazy.reverse = !f.lazy.reverse;
	assert_false(view_take_back(&f.lazy, &f.c));
	/* any socket may have changed */
	update(&f, 1000);
	view_put_aside(&f.lazy);
	pass(&f);
	update(&f, 1000);
	assert_false(view_take_back(&f.lazy, &f.c));
	tear_down(&f);
}

/* 200,000 rows, all of them once and in order, page by page to the end. */
static void many(void **state)
{
	const uint32_t n = (uint32_t)rounds(200000);
	struct fixture f;
	struct pick p;

	(void)state;
	set_up(&f, n);
	pass(&f);
	f.lazy.sort = COL_REMOTE;
	update(&f, 512);
	assert_in_range(f.lazy.count, n * 3 / 4, n);
	check_whole(&f);
	check_window(&f, f.lazy.count - 40, f.lazy.count);
	assert_true(pick(&f, &p, f.lazy.count / 2, false, 2) >= (long)p.from);
	for (size_t i = 0; i < f.lazy.count; i += 997)
		check_window(&f, i, i + 40);
	check_window(&f, 0, f.lazy.count);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows),
		cmocka_unit_test(picking),
		cmocka_unit_test(picking_is_disturbed),
		cmocka_unit_test(finding),
		cmocka_unit_test(held),
		cmocka_unit_test(following),
		cmocka_unit_test(following_held),
		cmocka_unit_test(let_go),
		cmocka_unit_test(put_aside),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
