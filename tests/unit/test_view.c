/*
 * Which sockets are shown, and in which order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "scene_view.h"

static const struct sock *row(struct fixture *f, size_t i)
{
	return view_sock(&f->v, f->scene.monitor, i);
}

static uint32_t total(const struct fixture *f)
{
	return table_counts(f->scene.monitor->table)->total;
}

/* ---- which ---- */

static void all_of_it(void **state)
{
	struct fixture *f = *state;

	view_update(&f->v, &f->c);
	assert_false(view_restricted(&f->v));
	assert_int_equal(f->v.rows.live, total(f));
	/* the one that was closed is still there, marked */
	assert_int_equal(f->v.count, total(f) + 1);
	assert_int_equal(f->v.rows.hidden_by_state, 0);
	assert_null(row(f, f->v.count));
}

static void by_state(void **state)
{
	struct fixture *f = *state;

	f->v.states = STATES_ALL & ~STATE_BIT(STATE_LISTEN);
	view_update(&f->v, &f->c);
	assert_true(view_restricted(&f->v));
	assert_int_equal(f->v.rows.live, total(f) - 4);
	assert_int_equal(f->v.rows.hidden_by_state, 4);
	/* only what the states alone hide is counted */
	f->v.ipv6 = false;
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.rows.hidden_by_state, 3);
	/* the unknown one has a bit, too */
	f->v.ipv6 = true;
	f->v.states = STATE_BIT(STATE_OTHER);
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.count, 1);
	assert_int_equal(row(f, 0)->row.state, 14);
}

static void listeners(void **state)
{
	struct fixture *f = *state;

	f->v.listeners_only = true;
	view_update(&f->v, &f->c);
	assert_true(view_restricted(&f->v));
	assert_int_equal(f->v.count, 4);
	f->v.ipv4 = false;
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.count, 1);
	assert_int_equal(row(f, 0)->row.id.local_port, 22);
}

static void go_into(struct fixture *f, enum group_id id, unsigned local_port,
		    unsigned remote_port)
{
	struct restriction *r = &f->v.within[f->v.within_count++];

	r->group = (uint8_t)id;
	group_key_of(&f->c, id, scene_find(&f->scene, local_port, remote_port),
		     &r->key);
}

static void drilled(void **state)
{
	struct fixture *f = *state;

	go_into(f, GROUP_PORT, SCENE_PORT_HTTPS, 0);
	view_update(&f->v, &f->c);
	assert_true(view_restricted(&f->v));
	/* not the one that we opened to another's port 443 */
	assert_int_equal(f->v.count, 7);
	/* further in: both hold */
	go_into(f, GROUP_STATE, SCENE_PORT_HTTPS, 0);
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.count, 1);
	assert_int_equal(row(f, 0)->row.state, STATE_LISTEN);
	f->v.within_count = 0;
	view_update(&f->v, &f->c);
	assert_false(view_restricted(&f->v));
}

static void filtered(void **state)
{
	struct fixture *f = *state;
	struct filter_error err;

	f->v.filter = filter_parse(":443 establ", &err);
	view_update(&f->v, &f->c);
	assert_false(view_restricted(&f->v));
	assert_int_equal(f->v.count, 3);
	assert_int_equal(view_needs(&f->v), NEED_OWNER);
	f->v.sort = COL_RECV_Q;
	assert_int_equal(view_needs(&f->v),
			 NEED_OWNER | NEED_LIMIT | NEED_FRESH);
}

static void bound_may_be_unknown(void **state)
{
	struct fixture *f = *state;
	struct scene empty;

	f->scene.monitor->status.source = "proc";
	assert_true(view_state_known(f->scene.monitor, STATE_BOUND));
	scene_init(&empty);
	empty.monitor->status.source = "proc";
	assert_false(view_state_known(empty.monitor, STATE_BOUND));
	assert_true(view_state_known(empty.monitor, STATE_LISTEN));
	empty.monitor->status.source = "netlink";
	assert_true(view_state_known(empty.monitor, STATE_BOUND));
	scene_free(&empty);
}

/* ---- order ---- */

#define ORDER(a, b)	(((a) > (b)) - ((a) < (b)))

/* As the documentation has it, without any keys. */
static int compare(struct fixture *f, const struct sock *a,
		   const struct sock *b)
{
	int o = compare_by_column(&f->c, f->v.sort, f->v.reverse, a, b);

	if (!o)
		o = compare_by_column(&f->c, COL_STATE, false, a, b);
	if (!o)
		o = ORDER(a->row.id.local_port, b->row.id.local_port);
	return o;
}

static void check_order(struct fixture *f)
{
	for (size_t i = 1; i < f->v.count; i++) {
		const struct sock *a = row(f, i - 1), *b = row(f, i);

		assert_true(compare(f, a, b) <= 0);
		assert_true(a->serial != b->serial);
	}
}

static void every_column_sorts(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 2 * COLUMN_COUNT; i++) {
		f->v.sort = (uint8_t)(i / 2);
		f->v.reverse = i % 2;
		view_update(&f->v, &f->c);
		assert_int_equal(f->v.count, total(f) + 1);
		check_order(f);
	}
}

static uint32_t few(uint32_t n)
{
	return (uint32_t)rand() % n;
}

/* Many that are alike: the keys are equal, or nearly so. */
static void random_row(struct row *r, uint64_t cookie)
{
	static const uint8_t prefix[3][12] = {
		{ [10] = 0xff, [11] = 0xff }, { 0x20, 0x01, 0x0d, 0xb8 }, { 0 },
	};
	static const uint8_t states[] = {
		STATE_ESTABLISHED, STATE_CLOSE_WAIT, 14, 200,
	};

	memset(r, 0, sizeof(*r));
	r->id.protocol = IPPROTO_TCP;
	r->id.family = few(2) ? AF_INET : AF_INET6;
	if (r->id.family == AF_INET6)
		memcpy(r->id.remote.b, prefix[few(3)], 12);
	r->id.remote.b[r->id.family == AF_INET ? 3 : 15] = (uint8_t)few(3);
	r->id.local_port = (uint16_t)(1 + few(3));
	r->id.remote_port = (uint16_t)(1 + few(1000));
	r->cookie = cookie;
	r->inode = few(2) ? few(5) : UINT64_MAX - few(3);
	r->uid = few(2) ? few(3) : U32_UNKNOWN;
	r->recv_q = few(3);
	r->expires_ms = U32_UNKNOWN;
	r->state = states[few(4)];
}

static void fill(struct fixture *f, int n)
{
	struct table *t = f->scene.monitor->table;
	struct row r;

	srand(3);
	table_pass_begin(t, ORIGIN_NETLINK);
	for (int i = 1; i <= n; i++) {
		random_row(&r, (uint64_t)i);
		table_row(t, &r);
	}
	table_pass_end(t, true);
	table_pass_settle(t);
}

/* Equal keys never decide what the sockets themselves say otherwise. */
static void alike(void **state)
{
	struct fixture *f = *state;

	fill(f, 3000);
	for (int i = 0; i < 2 * COLUMN_COUNT; i++) {
		f->v.sort = (uint8_t)(i / 2);
		f->v.reverse = i % 2;
		view_update(&f->v, &f->c);
		check_order(f);
	}
}

/* the order of equals does not change from pass to pass */
static void order_is_stable(void **state)
{
	struct fixture *f = *state;
	uint32_t before[64];
	size_t count;

	f->v.sort = COL_PROTO;		/* all the same */
	view_update(&f->v, &f->c);
	count = f->v.count;
	assert_in_range(count, 1, 64);
	memcpy(before, f->v.rows.order.rows, count * sizeof(*before));
	f->v.sort = COL_INODE;
	view_update(&f->v, &f->c);
	f->v.sort = COL_PROTO;
	f->v.reverse = true;
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(before[i], f->v.rows.order.rows[i]);
}

/* ---- held ---- */

static void held_rows_stay(void **state)
{
	struct fixture *f = *state;
	uint32_t before[64];
	size_t count, at = 0, found = 0;

	scene_free(&f->scene);
	scene_init(&f->scene);
	f->c.monitor = f->scene.monitor;
	scene_pass(&f->scene);
	f->v.sort = COL_STATE;
	view_update(&f->v, &f->c);
	count = f->v.count;
	memcpy(before, f->v.rows.order.rows, count * sizeof(*before));

	f->v.held = true;
	scene_pass(&f->scene);		/* states change, sockets come */
	scene_pass(&f->scene);		/* and one goes */
	view_update(&f->v, &f->c);
	/* known rows in their places, the one that went marked */
	for (size_t i = 0; i < count; i++)
		assert_int_equal(before[i], f->v.rows.order.rows[i]);
	assert_int_equal(f->v.count, total(f) + 1);
	assert_int_equal(f->v.rows.live, total(f));
	/* the new ones behind them in the order asked for */
	for (at = count; at < f->v.count; at++) {
		if (at > count)
			assert_true(compare(f, row(f, at - 1),
					    row(f, at)) <= 0);
		found++;
	}
	assert_int_equal(found, 3);

	/* let go, and all is in order again */
	f->v.held = false;
	view_update(&f->v, &f->c);
	check_order(f);
}

static void held_rows_leave_when_faded(void **state)
{
	struct fixture *f = *state;
	size_t before;

	view_update(&f->v, &f->c);
	f->v.held = true;
	before = f->v.count;
	for (int i = 0; i < 20; i++)
		scene_pass(&f->scene);
	view_update(&f->v, &f->c);
	assert_int_equal(before, total(f) + 1);
	assert_int_equal(f->v.count, total(f));
	/* what no longer matches goes, held or not */
	f->v.listeners_only = true;
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.count, 4);
	f->v.listeners_only = false;
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.count, total(f));
	assert_int_equal(f->v.rows.live, total(f));
}

static void finding_rows(void **state)
{
	struct fixture *f = *state;
	const struct sock *s = scene_find(&f->scene, SCENE_PORT_BOUND, 0);
	uint32_t slot = table_slot_of(f->scene.monitor->table, s);
	long i;

	view_update(&f->v, &f->c);
	i = view_find(&f->v, &f->c, slot, s->serial);
	assert_ptr_equal(row(f, (size_t)i), s);
	assert_int_equal(view_find(&f->v, &f->c, slot, s->serial + 1), -1);
	f->v.listeners_only = true;
	view_update(&f->v, &f->c);
	assert_int_equal(view_find(&f->v, &f->c, slot, s->serial), -1);
}

/* a slot that another socket took since is not that row any more */
static void reused_slots(void **state)
{
	struct fixture *f = *state;
	struct row r = { .id = { .family = AF_INET, .protocol = IPPROTO_TCP } };
	struct table *t = f->scene.monitor->table;

	view_update(&f->v, &f->c);
	for (int pass = 0; pass < 20; pass++) {
		table_pass_begin(t, ORIGIN_NETLINK);
		r.id.local_port++;
		r.cookie = r.id.local_port;
		r.state = STATE_LISTEN;
		table_row(t, &r);
		table_pass_end(t, true);
		for (size_t i = 0; table_absent(t, i); i++)
			table_verdict(t, i, VERDICT_GONE);
		table_pass_settle(t);
	}
	for (size_t i = 0; i < f->v.count; i++)
		assert_null(row(f, i));
	f->v.held = true;
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.rows.live, 1);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, scene_view_set_up, \
						scene_view_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(all_of_it),
		TEST(by_state),
		TEST(listeners),
		TEST(drilled),
		TEST(filtered),
		TEST(bound_may_be_unknown),
		TEST(every_column_sorts),
		TEST(alike),
		TEST(order_is_stable),
		TEST(held_rows_stay),
		TEST(held_rows_leave_when_faded),
		TEST(finding_rows),
		TEST(reused_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
