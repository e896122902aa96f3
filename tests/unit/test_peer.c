/*
 * test_peer.c - the other end of a connection of this host with itself
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <string.h>

#include "model/monitor.h"
#include "model/peer.h"

static struct clock_fake clock_now;
static struct monitor *monitor;

static int setup(void **state)
{
	(void)state;
	clock_fake_init(&clock_now, 1000 * NS_PER_SEC, 0);
	monitor = monitor_new(&clock_now.clock, 10);
	table_pass_begin(monitor->table, ORIGIN_NETLINK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	monitor_free(monitor);
	return 0;
}

static struct sock_id id_of(const char *local, uint16_t local_port,
			    const char *remote, uint16_t remote_port)
{
	struct sock_id id = { .protocol = IPPROTO_TCP };

	id.family = (uint8_t)addr_parse(local, &id.local);
	if (remote)
		assert_int_equal(addr_parse(remote, &id.remote), id.family);
	id.local_port = local_port;
	id.remote_port = remote_port;
	return id;
}

static void add(const char *local, uint16_t local_port, const char *remote,
		uint16_t remote_port)
{
	static uint64_t cookie;
	struct row row = {
		.id = id_of(local, local_port, remote, remote_port),
		.cookie = cookie + 1, .inode = cookie + 1,
		.state = remote_port ? STATE_ESTABLISHED : STATE_LISTEN,
		.expires_ms = U32_UNKNOWN,
	};

	cookie++;
	table_row(monitor->table, &row);
}

static const struct sock *find(const char *local, uint16_t local_port,
			       const char *remote, uint16_t remote_port)
{
	const struct sock_id id = id_of(local, local_port, remote, remote_port);
	const struct sock *s = table_find(monitor->table, &id, 0);

	assert_non_null(s);
	return s;
}

static void settle(void)
{
	table_pass_end(monitor->table, true);
	table_pass_settle(monitor->table);
}

/* Each is the other's. */
static void check_pair(const struct sock *a, const struct sock *b)
{
	assert_ptr_equal(table_peer(monitor->table, a), b);
	assert_ptr_equal(table_peer(monitor->table, b), a);
}

static void same_family(void **state)
{
	(void)state;
	add("0.0.0.0", 80, NULL, 0);
	add("127.0.0.1", 80, "127.0.0.1", 40000);
	add("127.0.0.1", 40000, "127.0.0.1", 80);
	add("::1", 80, "::1", 40000);
	add("::1", 40000, "::1", 80);
	add("10.0.0.5", 80, "10.0.0.6", 40000);
	add("10.0.0.6", 40000, "10.0.0.5", 80);
	settle();
	check_pair(find("127.0.0.1", 80, "127.0.0.1", 40000),
		   find("127.0.0.1", 40000, "127.0.0.1", 80));
	check_pair(find("::1", 80, "::1", 40000),
		   find("::1", 40000, "::1", 80));
	check_pair(find("10.0.0.5", 80, "10.0.0.6", 40000),
		   find("10.0.0.6", 40000, "10.0.0.5", 80));
}

static void mapped(void **state)
{
	(void)state;
	add("::ffff:127.0.0.1", 80, "::ffff:127.0.0.2", 40000);
	add("127.0.0.2", 40000, "127.0.0.1", 80);
	add("::ffff:127.0.0.1", 80, "::ffff:127.0.0.1", 40001);
	add("::ffff:127.0.0.1", 40001, "::ffff:127.0.0.1", 80);
	settle();
	check_pair(find("::ffff:127.0.0.1", 80, "::ffff:127.0.0.2", 40000),
		   find("127.0.0.2", 40000, "127.0.0.1", 80));
	check_pair(find("::ffff:127.0.0.1", 80, "::ffff:127.0.0.1", 40001),
		   find("::ffff:127.0.0.1", 40001, "::ffff:127.0.0.1", 80));
}

/* Nearly is not it. */
static void nobody(void **state)
{
	(void)state;
	add("0.0.0.0", 80, NULL, 0);
	add("127.0.0.1", 80, "127.0.0.1", 40000);
	add("127.0.0.1", 40001, "127.0.0.1", 80);
	add("127.0.0.2", 40000, "127.0.0.1", 80);
	add("::1", 40000, "::1", 80);
	add("2001:db8::1", 1, "2001:db8::2", 2);
	settle();
	assert_null(table_peer(monitor->table,
			       find("127.0.0.1", 80, "127.0.0.1", 40000)));
	assert_null(table_peer(monitor->table, find("0.0.0.0", 80, NULL, 0)));
	assert_null(table_peer(monitor->table,
			       find("::1", 40000, "::1", 80)));
	assert_null(table_peer(monitor->table,
			       find("2001:db8::1", 1, "2001:db8::2", 2)));
}

/* connect(2) to the port it was bound to: a socket can be both ends. */
static void itself(void **state)
{
	const struct sock *s;

	(void)state;
	add("127.0.0.1", 40000, "127.0.0.1", 40000);
	settle();
	s = find("127.0.0.1", 40000, "127.0.0.1", 40000);
	assert_ptr_equal(table_peer(monitor->table, s), s);
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(same_family), TEST(mapped), TEST(nobody), TEST(itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
