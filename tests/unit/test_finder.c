/*
 * test_finder.c - who is looked for, and among whom, over a made-up procfs
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "finder.h"
#include "model/need.h"
#include "rows.h"
#include "wanted.h"

#define SETTLED	" S 1 10 10 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 "

static char dir[4096];
static struct clock_fake now;
static struct monitor *monitor;
static struct finder *finder;

static int setup(void **state)
{
	(void)state;
	temp_make(dir);
	clock_fake_init(&now, 1000 * NS_PER_SEC, 0);
	monitor = monitor_new(&now.clock, 100);
	finder = finder_new(monitor, dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	finder_free(finder);
	monitor_free(monitor);
	temp_remove(dir);
	return 0;
}

/* This process holds a socket, besides what it holds already. */
static void hold(int pid, int inode)
{
	char name[64], text[256], path[8192];

	snprintf(name, sizeof(name), "%d/fd/x", pid);
	temp_write(dir, name, "", 0);
	snprintf(name, sizeof(name), "%d/stat", pid);
	snprintf(text, sizeof(text), "%d (p%d)" SETTLED "%d 0 0\n", pid, pid,
		 pid);
	temp_write(dir, name, text, strlen(text));
	snprintf(path, sizeof(path), "%s/%d/fd/%d", dir, pid, inode);
	snprintf(text, sizeof(text), "socket:[%d]", inode);
	assert_int_equal(symlink(text, path), 0);
}

static struct row row_of(uint16_t local_port, uint16_t remote_port, int inode)
{
	struct row r = {
		.id = {
			.family = AF_INET, .protocol = IPPROTO_TCP,
			.local_port = local_port, .remote_port = remote_port,
		},
		.state = remote_port ? STATE_ESTABLISHED : STATE_LISTEN,
		.cookie = inode, .inode = inode,
		.send_q = U32_UNKNOWN, .expires_ms = U32_UNKNOWN,
		.timer = TIMER_UNKNOWN,
	};

	r.id.local.b[0] = 127;
	if (remote_port)
		r.id.remote.b[0] = 127;
	return r;
}

/* One pass that shows these: a listener on port 80 with inode 1000, if it is
 * there, and `count` connections to it with inodes from 1001 on. */
static void pass(bool listener, int count)
{
	struct table *t = monitor->table;
	struct row r;

	clock_fake_advance(&now, NS_PER_SEC);
	table_pass_begin(t, ORIGIN_NETLINK);
	if (listener) {
		r = row_of(80, 0, 1000);
		table_row(t, &r);
	}
	for (int i = 1; i <= count; i++) {
		r = row_of(80, 10000 + i, 1000 + i);
		table_row(t, &r);
	}
	table_pass_end(t, true);
	table_pass_settle(t);
}

static bool is_due(void)
{
	int64_t due = finder_due(finder);

	return due != FINDER_NOT_DUE && due <= now.mono_ns;
}

static unsigned look(void)
{
	unsigned steps = 0;

	assert_true(is_due());
	finder_begin(finder);
	do
		steps++;
	while (finder_step(finder, 0));
	assert_false(finder_running(finder));
	return steps;
}

static const struct sock *sock_of(int inode)
{
	const struct table *t = monitor->table;

	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		if (s && s->live && s->row.inode == (uint64_t)inode)
			return s;
	}
	fail_msg("no socket %d", inode);
	return NULL;
}

/* Of these (0: none) processes and no other. */
static void assert_owners(int inode, int first, int second)
{
	uint32_t set = sock_of(inode)->owner;
	const struct process *p = owners_get(monitor->owners, set, 0);
	const struct process *q = owners_get(monitor->owners, set, 1);

	assert_int_equal(p ? p->pid : 0, first);
	assert_int_equal(q ? q->pid : 0, second);
	assert_true(owners_count(monitor->owners, set) <= 2);
}

static void everybody_is_found(void **state)
{
	(void)state;
	hold(10, 1000);
	hold(10, 1001);
	hold(11, 1001);
	hold(11, 1002);
	pass(true, 3);
	look();
	assert_owners(1000, 10, 0);
	assert_owners(1001, 10, 11);
	assert_owners(1002, 11, 0);
	assert_int_equal(sock_of(1003)->owner, OWNER_NONE);
	assert_false(finder_again(finder));
	assert_true(monitor->status.owners_done);
	assert_int_equal(finder_due(finder), FINDER_NOT_DUE);
	/* nothing new, nothing to do; but some time later all of it again */
	pass(true, 3);
	assert_int_equal(finder_due(finder), FINDER_NOT_DUE);
	hold(12, 1001);
	clock_fake_advance(&now, 15 * NS_PER_SEC);
	look();
	assert_int_equal(owners_count(monitor->owners, sock_of(1001)->owner),
			 3);
}

/* A connection is looked for where its listener is; that a child has it too is
 * seen when all are looked for again. */
static void listeners_process_first(void **state)
{
	(void)state;
	hold(10, 1000);
	pass(true, 0);
	look();
	hold(10, 1001);
	hold(11, 1001);
	pass(true, 1);
	look();
	assert_owners(1001, 10, 0);
	assert_int_equal(finder_due(finder), FINDER_NOT_DUE);
	clock_fake_advance(&now, 15 * NS_PER_SEC);
	look();
	assert_owners(1001, 10, 11);
}

static void passed_on_at_once(void **state)
{
	(void)state;
	hold(10, 1000);
	pass(true, 0);
	look();
	hold(11, 1001);
	pass(true, 1);
	look();
	assert_int_equal(sock_of(1001)->owner, OWNER_PENDING);
	assert_true(finder_again(finder));
	look();
	assert_owners(1001, 11, 0);
	assert_false(finder_again(finder));
}

static void without_listener(void **state)
{
	(void)state;
	hold(10, 1000);
	pass(false, 0);
	look();
	hold(11, 1001);
	pass(false, 1);
	look();
	assert_owners(1001, 11, 0);
}

/* More than the table lists. */
static void very_many(void **state)
{
	enum { MANY = 20000 };
	unsigned steps;

	(void)state;
	hold(10, 1000);
	pass(true, 0);
	look();
	hold(11, 1000 + MANY);
	hold(11, 1001);
	pass(true, MANY);
	steps = look();
	assert_owners(1001, 11, 0);
	assert_owners(1000 + MANY, 11, 0);
	assert_int_equal(sock_of(2000)->owner, OWNER_NONE);
	/* to gather and to settle so many takes more than one */
	assert_true(steps > 40);
}

/* It closed while it was looked for. */
static void closed_meanwhile(void **state)
{
	(void)state;
	hold(10, 1001);
	pass(true, 2);
	assert_true(is_due());
	finder_begin(finder);
	finder_step(finder, 0);
	for (int i = 0; i < 12; i++)
		pass(false, 0);
	while (finder_step(finder, 0))
		;
	assert_int_equal(table_counts(monitor->table)->total, 0);
}

static void run_in(int pid, const char *cgroup, const char *command)
{
	char name[64];

	snprintf(name, sizeof(name), "%d/cgroup", pid);
	temp_write(dir, name, cgroup, strlen(cgroup));
	snprintf(name, sizeof(name), "%d/cmdline", pid);
	temp_write(dir, name, command, strlen(command));
}

static void assert_facts(int inode, const char *service, const char *command)
{
	const struct process *p = owners_get(monitor->owners,
					     sock_of(inode)->owner, 0);

	assert_non_null(p);
	assert_string_equal(safe_str(p->service), service);
	assert_string_equal(safe_str(p->command), command);
}

/* Is any socket to be shown anew? */
static bool all_touched(void)
{
	const uint32_t *slots;
	size_t n;

	return !table_touched(monitor->table, &slots, &n);
}

/* What nobody looks at is not read; what was read is read again with all. */
static void facts_when_wanted(void **state)
{
	(void)state;
	hold(10, 1000);
	run_in(10, "0::/system.slice/web.service\n", "web -x");
	pass(true, 0);
	look();
	assert_facts(1000, "", "");
	finder_want(finder, NEED_OWNER);
	assert_false(is_due());
	finder_want(finder, NEED_SERVICE);
	table_touched_clear(monitor->table);
	look();
	assert_facts(1000, "web.service", "");
	assert_true(all_touched());
	finder_want(finder, NEED_SERVICE | NEED_COMMAND);
	look();
	assert_facts(1000, "web.service", "web -x");
	finder_want(finder, NEED_SERVICE | NEED_COMMAND);
	assert_false(is_due());
	/* somebody else comes, whose name is not to be trusted */
	hold(11, 1001);
	run_in(11, "0::/system.slice/a\033b.service\n", "\xff\n");
	run_in(10, "0::/\n", "web -y");
	pass(true, 1);
	look();
	look();
	assert_facts(1001, "a\\x1bb.service", "\\xff\\x0a");
	assert_facts(1000, "web.service", "web -x");
	clock_fake_advance(&now, 15 * NS_PER_SEC);
	look();
	assert_facts(1000, "", "web -y");
	/* the same again is no news */
	table_touched_clear(monitor->table);
	clock_fake_advance(&now, 15 * NS_PER_SEC);
	look();
	assert_false(all_touched());
	/* it is no more: what was known of it is all there is */
	temp_write(dir, "10/stat", "", 0);
	clock_fake_advance(&now, 15 * NS_PER_SEC);
	look();
	assert_int_equal(sock_of(1000)->owner, OWNER_NONE);
}

static void same_inode_twice(void **state)
{
	struct wants w = { 0 };
	const struct wanted *first, *second;

	(void)state;
	wants_begin(&w, 10);
	for (uint32_t i = 0; i < 1000; i++)
		wants_add(&w, 64 * (uint64_t)i, i, OWNER_PENDING);
	wants_add(&w, 640, 1000, OWNER_PENDING);
	first = wants_first(&w, 640);
	assert_non_null(first);
	second = wants_next(&w, first);
	assert_non_null(second);
	assert_int_equal(first->slot + second->slot, 1010);
	assert_null(wants_next(&w, second));
	assert_true(wants_may_have(&w, 640));
	assert_false(wants_may_have(&w, 641));
	assert_null(wants_first(&w, 64 * 1000));
	wants_free(&w);
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(everybody_is_found),
		TEST(listeners_process_first),
		TEST(passed_on_at_once),
		TEST(without_listener),
		TEST(very_many),
		TEST(closed_meanwhile),
		TEST(facts_when_wanted),
		cmocka_unit_test(same_inode_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
