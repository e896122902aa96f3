/*
 * Random passes beside a naive model of the host: sockets open, close, change
 * and are opened anew with the same endpoints; the kernel gives them in nearly
 * the same order each time, skips some and repeats some.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <netinet/in.h>

#include "model/table.h"

enum {
	HOST_MAX	= 700,
	PORTS		= 30,	/* so endpoints come again soon */
	ROUNDS		= 400,
	MARK_ROUNDS	= 3,	/* that a mark stays */
};

struct peer {
	struct row row;
	bool known;		/* a pass or a look-up has shown it */
	int round;		/* in which it was first shown, or changed */
};

struct host_model {
	struct clock_fake clock;
	struct owners *owners;
	struct table *table;
	bool cookies;
	uint64_t random, made;
	struct peer peer[HOST_MAX];	/* in the kernel's order */
	size_t peers;
	struct row unread[40];		/* shown by the kernel */
	size_t unreads;
	int round;
	/* told by the table, and due by the model */
	size_t opened, closed, changed;
	size_t due_opened, due_closed, due_changed;
};

/* xorshift64: the same on every machine */
static unsigned roll(struct host_model *h, unsigned sides)
{
	h->random ^= h->random << 13;
	h->random ^= h->random >> 7;
	h->random ^= h->random << 17;
	return (h->random >> 11) % sides;
}

static void count_change(void *arg, const struct change *c)
{
	struct host_model *h = arg;

	h->opened += c->kind == CHANGE_OPENED;
	h->closed += c->kind == CHANGE_CLOSED;
	h->changed += c->kind == CHANGE_STATE;
}

static bool has_ends(const struct host_model *h, const struct sock_id *id)
{
	for (size_t i = 0; i < h->peers; i++)
		if (sock_id_equal(&h->peer[i].row.id, id))
			return true;
	return false;
}

static void swap(struct host_model *h, size_t a, size_t b)
{
	struct peer kept = h->peer[a];

	h->peer[a] = h->peer[b];
	h->peer[b] = kept;
}

/* No inode to know it by.  Its endpoints come only once: without cookies
 * nobody could tell it from the next one. */
static void make_time_wait(struct host_model *h, struct row *row)
{
	row->state = STATE_TIME_WAIT;
	row->id.remote_port = 1000 + h->made;
	row->inode = 0;
	row->uid = U32_UNKNOWN;
}

/* Anywhere in the order, as a hash puts it. */
static void open_one(struct host_model *h)
{
	struct peer p = { .row = {
		.id = {
			.local.b = { 10, 0, 0, 1 }, .remote.b = { 10, 0, 0, 2 },
			.local_port = 1 + roll(h, PORTS),
			.remote_port = 1 + roll(h, PORTS),
			.family = roll(h, 2) ? AF_INET : AF_INET6,
			.protocol = IPPROTO_TCP,
		},
		.cookie = h->cookies ? h->made + 1 : 0,
		.inode = 1000 + h->made, .uid = 1000,
		.expires_ms = U32_UNKNOWN, .state = STATE_ESTABLISHED,
	} };

	if (roll(h, 5) == 0)
		make_time_wait(h, &p.row);
	if (h->peers == HOST_MAX || has_ends(h, &p.row.id))
		return;
	h->made++;
	h->peer[h->peers++] = p;
	swap(h, h->peers - 1, roll(h, h->peers));
}

static void close_one(struct host_model *h, size_t i)
{
	h->due_closed += h->peer[i].known;
	for (h->peers--; i < h->peers; i++)
		h->peer[i] = h->peer[i + 1];
}

static void live_on(struct host_model *h)
{
	for (size_t i = h->peers; i-- > 0;) {
		struct row *row = &h->peer[i].row;

		row->recv_q = roll(h, 1000);
		if (roll(h, 10) == 0) {
			close_one(h, i);
		} else if (roll(h, 10) == 0 &&
			   row->state == STATE_ESTABLISHED) {
			row->state = STATE_CLOSE_WAIT;
			h->due_changed += h->peer[i].known;
			h->peer[i].round = h->round;
		}
	}
	for (unsigned n = roll(h, 2 * HOST_MAX / 10); n > 0; n--)
		open_one(h);
	if (roll(h, 20) == 0)			/* another source's order */
		for (size_t i = h->peers; i > 1; i--)
			swap(h, i - 1, roll(h, i));
}

/* One by one, or all at once: it is the same. */
static void give(struct host_model *h)
{
	if (roll(h, 2))
		table_rows(h->table, h->unread, h->unreads);
	else
		for (size_t i = 0; i < h->unreads; i++)
			table_row(h->table, &h->unread[i]);
	h->unreads = 0;
}

static void show(struct host_model *h, struct peer *p)
{
	if (!p->known) {
		h->due_opened += table_passes(h->table) > 0;
		p->round = h->round;
	}
	p->known = true;
	h->unread[h->unreads++] = p->row;
	if (h->unreads == sizeof(h->unread) / sizeof(h->unread[0]))
		give(h);
}

static void read_rows(struct host_model *h)
{
	for (size_t i = 0; i < h->peers; i++) {
		if (roll(h, 30) == 0)
			continue;
		show(h, &h->peer[i]);
		if (roll(h, 30) == 0)
			show(h, &h->peer[roll(h, i + 1)]);
		if (roll(h, 5) == 0)
			give(h);
	}
	give(h);
}

/* What the kernel answers to a question after this one. */
static const struct row *look_up(const struct host_model *h,
				 const struct sock *s)
{
	for (size_t i = 0; i < h->peers; i++) {
		const struct row *row = &h->peer[i].row;

		if (sock_id_equal(&row->id, &s->row.id) &&
		    row->cookie == s->row.cookie)
			return row;
	}
	return NULL;
}

static void settle(struct host_model *h)
{
	const struct sock *s;

	table_pass_end(h->table, true);
	for (size_t i = 0; (s = table_absent(h->table, i)); i++) {
		const struct row *row = look_up(h, s);

		assert_true(s->live);
		if (row)
			table_found(h->table, i, row);
		else
			table_verdict(h->table, i, VERDICT_GONE);
	}
	table_pass_settle(h->table);
}

static void compare(const struct host_model *h)
{
	const struct table_counts *counts = table_counts(h->table);
	size_t known = 0, live = 0;

	for (size_t i = 0; i < h->peers; i++) {
		const struct row *row = &h->peer[i].row;
		const struct sock *s;

		if (!h->peer[i].known)
			continue;
		known++;
		s = table_find(h->table, &row->id, row->cookie);
		assert_non_null(s);
		assert_true(s->live);
		assert_int_equal(s->row.inode, row->inode);
		assert_int_equal(s->row.state, row->state);
		assert_int_equal(s->row.recv_q, row->recv_q);
		assert_int_equal(s->misses, 0);
		if (h->round - h->peer[i].round > MARK_ROUNDS)
			assert_int_equal(s->mark, MARK_NONE);
	}
	for (uint32_t i = 0; i < table_slots(h->table); i++) {
		const struct sock *s = table_slot(h->table, i);

		live += s && s->live;
		if (s && s->mark == MARK_GONE)
			assert_false(s->live);
	}
	assert_int_equal(counts->total, known);
	assert_int_equal(live, known);
	assert_int_equal(h->opened, h->due_opened);
	assert_int_equal(h->closed, h->due_closed);
	assert_int_equal(h->changed, h->due_changed);
	assert_int_equal(table_impossible(h->table), 0);
}

static void run(bool cookies, uint64_t seed)
{
	static struct host_model h;

	h = (struct host_model){ .cookies = cookies, .random = seed };
	clock_fake_init(&h.clock, 1000 * NS_PER_SEC, 5000 * NS_PER_SEC);
	h.owners = owners_new();
	h.table = table_new(&h.clock.clock, h.owners, count_change, &h);
	for (h.round = 0; h.round < ROUNDS; h.round++) {
		clock_fake_advance(&h.clock, NS_PER_SEC);
		live_on(&h);
		table_pass_begin(h.table, cookies ? ORIGIN_NETLINK
						  : ORIGIN_PROC);
		read_rows(&h);
		settle(&h);
		compare(&h);
	}
	assert_true(h.opened > ROUNDS && h.closed > ROUNDS);
	table_free(h.table);
	owners_free(h.owners);
}

static void with_cookies(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		run(true, seed * 0x9e3779b97f4a7c15);
}

static void without_cookies(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		run(false, seed * 0x9e3779b97f4a7c15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_cookies),
		cmocka_unit_test(without_cookies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
