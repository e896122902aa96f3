/*
 * test_source_live.c - the sources against the running kernel
 *
 * A listener and connections of this process's own, over loopback, in
 * whatever network namespace it is started in: both passes, the look-up and
 * the walk must tell the same of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/detail.h"
#include "rows.h"
#include "source/lookup.h"
#include "source/walk.h"

struct pair {
	int listener, client, server;
	uint16_t port, client_port;
};

static struct source *proc, *netlink;
static struct source *here, *apart, *halves;	/* netlink is one of them */
static struct lookup *lookup;

static int bound(int reuse)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &reuse, sizeof(reuse));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in a = { 0 };
	socklen_t len = sizeof(a);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	return ntohs(a.sin_port);
}

static void open_pair(struct pair *p)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	p->listener = bound(1);
	assert_int_equal(listen(p->listener, 5), 0);
	p->port = port_of(p->listener);
	getsockname(p->listener, (struct sockaddr *)&a, &len);
	p->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(p->client, (struct sockaddr *)&a, len), 0);
	p->client_port = port_of(p->client);
	p->server = accept(p->listener, NULL, NULL);
	assert_true(p->server >= 0);
}

/* No TIME_WAIT is left: reset. */
static void reset(int fd)
{
	struct linger l = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	close(fd);
}

static void close_pair(struct pair *p)
{
	close(p->listener);
	reset(p->client);
	reset(p->server);
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static void same_in_both(const struct row *text, const struct row *diag)
{
	struct row d = *diag;

	/* what the text does not have */
	d.cookie = 0;
	d.detail = NULL;
	if (d.state == STATE_LISTEN)
		d.send_q = U32_UNKNOWN;
	assert_true(rows_same(text, &d));
}

static void test_both(void **state)
{
	struct rows text = { 0 }, diag = { 0 };
	const struct row *r;
	struct pair p;

	(void)state;
	open_pair(&p);
	assert_int_equal(write(p.client, "12345", 5), 5);
	assert_int_equal(rows_pass(proc, &text, 0, NS_PER_MS), SOURCE_DONE);
	assert_false(source_report(proc)->partial);
	assert_int_equal(rows_pass(netlink, &diag, 0, 0), SOURCE_DONE);
	assert_false(source_report(netlink)->partial);
	assert_int_equal(source_report(netlink)->bad, 0);

	r = rows_with(&diag, AF_INET, p.port, 0);
	assert_int_equal(r->state, STATE_LISTEN);
	assert_int_equal(r->send_q, 5);
	assert_true(r->inode == inode_of(p.listener));
	assert_int_equal(r->uid, getuid());
	same_in_both(rows_with(&text, AF_INET, p.port, 0), r);
	r = rows_with(&diag, AF_INET, p.port, p.client_port);
	assert_int_equal(r->state, STATE_ESTABLISHED);
	assert_int_equal(r->recv_q, 5);
	assert_true(r->cookie != 0);
	assert_null(r->detail);
	same_in_both(rows_with(&text, AF_INET, p.port, p.client_port), r);
	r = rows_with(&diag, AF_INET, p.client_port, p.port);
	assert_true(r->inode == inode_of(p.client));
	same_in_both(rows_with(&text, AF_INET, p.client_port, p.port), r);
	close_pair(&p);
	rows_free(&text);
	rows_free(&diag);
}

static void test_detail(void **state)
{
	struct rows diag = { 0 };
	const struct row *r;
	struct pair p;

	(void)state;
	open_pair(&p);
	rows_pass(netlink, &diag, NEED_INFO | NEED_MEM | NEED_CONG, 0);
	r = rows_with(&diag, AF_INET, p.port, p.client_port);
	assert_true(detail_info_has(r->detail, tcpi_rtt));
	assert_int_equal(r->detail->info.tcpi_state, STATE_ESTABLISHED);
	assert_true(r->detail->has_mem);
	assert_true(r->detail->congestion[0] != '\0');
	rows_pass(netlink, &diag, NEED_CONG, 0);
	r = rows_with(&diag, AF_INET, p.port, p.client_port);
	assert_int_equal(r->detail->info_len, 0);
	assert_false(r->detail->has_mem);
	close_pair(&p);
	rows_free(&diag);
}

static struct lookup_item item_of(const struct row *r, bool cookie)
{
	struct lookup_item i = {
		.id = r->id, .cookie = cookie ? r->cookie : 0,
	};

	return i;
}

static enum lookup_answer ask(struct lookup_item i)
{
	assert_int_equal(lookup_ask(lookup, &i, 1, 0), 0);
	return i.answer;
}

static void test_lookup(void **state)
{
	struct rows diag = { 0 };
	struct row conn, listener;
	struct lookup_item i;
	struct pair p;

	(void)state;
	open_pair(&p);
	rows_pass(netlink, &diag, 0, NS_PER_MS);
	conn = *rows_with(&diag, AF_INET, p.client_port, p.port);
	listener = *rows_with(&diag, AF_INET, p.port, 0);
	assert_int_equal(ask(item_of(&conn, true)), LOOKUP_FOUND);
	assert_int_equal(ask(item_of(&conn, false)), LOOKUP_FOUND);
	assert_int_equal(ask(item_of(&listener, true)), LOOKUP_FOUND);
	assert_int_equal(ask(item_of(&listener, false)), LOOKUP_FOUND);
	i = item_of(&conn, true);
	lookup_ask(lookup, &i, 1, NEED_INFO);
	assert_true(rows_same(&i.row, &conn));
	assert_true(detail_info_has(i.row.detail, tcpi_rtt));
	free(i.row.detail);
	/* another socket with the same ends */
	i.cookie++;
	assert_int_equal(ask(i), LOOKUP_NONE);
	/* the listener has that port, but it is not that connection */
	i = item_of(rows_with(&diag, AF_INET, p.port, p.client_port), false);
	i.id.remote_port = 1;
	assert_int_equal(ask(i), LOOKUP_NONE_BY_NAME);

	close_pair(&p);
	assert_int_equal(ask(item_of(&conn, true)), LOOKUP_NONE);
	assert_int_equal(ask(item_of(&conn, false)), LOOKUP_NONE_BY_NAME);
	assert_int_equal(ask(item_of(&listener, true)), LOOKUP_NONE);
	assert_int_equal(ask(item_of(&listener, false)), LOOKUP_NONE_BY_NAME);
	rows_free(&diag);
}

/* The cookie goes over to the mini-socket. */
static void test_time_wait(void **state)
{
	struct rows diag = { 0 };
	struct row conn;
	struct lookup_item i;
	struct pair p;
	char c;

	(void)state;
	open_pair(&p);
	rows_pass(netlink, &diag, 0, NS_PER_MS);
	conn = *rows_with(&diag, AF_INET, p.client_port, p.port);
	close(p.client);
	assert_int_equal(read(p.server, &c, 1), 0);
	close(p.server);
	close(p.listener);
	i = item_of(&conn, true);
	assert_int_equal(lookup_ask(lookup, &i, 1, 0), 0);
	assert_int_equal(i.answer, LOOKUP_FOUND);
	assert_int_equal(i.row.state, STATE_TIME_WAIT);
	assert_int_equal(i.row.uid, U32_UNKNOWN);
	assert_true(i.row.cookie == conn.cookie);
	assert_true(i.row.expires_ms > 50000 && i.row.expires_ms <= 61000);
	rows_free(&diag);
}

/* Several listeners on one port: each is there, until it is closed. */
static void test_siblings(void **state)
{
	enum { N = 4 };
	struct sockaddr_in a;
	socklen_t len = sizeof(a);
	struct rows diag = { 0 };
	struct row row[N];
	int fd[N], n = 0, closed = 0;
	size_t i;

	(void)state;
	fd[0] = bound(1);
	getsockname(fd[0], (struct sockaddr *)&a, &len);
	for (n = 1; n < N; n++) {
		int yes = 1;

		fd[n] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		setsockopt(fd[n], SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
		assert_int_equal(bind(fd[n], (struct sockaddr *)&a, len), 0);
	}
	for (n = 0; n < N; n++)
		assert_int_equal(listen(fd[n], 5), 0);
	rows_pass(netlink, &diag, 0, NS_PER_MS);
	for (i = 0, n = 0; i < diag.count; i++)
		if (diag.row[i].state == STATE_LISTEN &&
		    diag.row[i].id.local_port == ntohs(a.sin_port))
			row[n++] = diag.row[i];
	assert_int_equal(n, N);
	for (n = 0; n < N; n++)
		assert_int_equal(ask(item_of(&row[n], true)), LOOKUP_FOUND);
	close(fd[1]);
	for (n = 0; n < N; n++)
		closed += ask(item_of(&row[n], true)) == LOOKUP_NONE;
	assert_int_equal(closed, 1);
	close(fd[0]);
	close(fd[2]);
	close(fd[3]);
	rows_free(&diag);
}

/* Linux 6.8 and later show them. */
static void test_bound(void **state)
{
	struct rows diag = { 0 };
	const struct row *r = NULL;
	struct row old;
	int fd = bound(0);
	size_t i;

	(void)state;
	rows_pass(netlink, &diag, 0, NS_PER_MS);
	for (i = 0; i < diag.count; i++)
		if (diag.row[i].id.local_port == port_of(fd) &&
		    diag.row[i].id.family == AF_INET)
			r = &diag.row[i];
	if (!r) {
		print_message("this kernel does not show BOUND sockets\n");
		close(fd);
		rows_free(&diag);
		return;
	}
	assert_int_equal(r->state, STATE_BOUND);
	assert_true(r->inode == inode_of(fd));
	old = *r;
	assert_int_equal(ask(item_of(&old, true)), LOOKUP_FOUND);
	close(fd);
	assert_int_equal(ask(item_of(&old, true)), LOOKUP_NONE);
	rows_free(&diag);
}

/* A pass given up half way does not disturb the next. */
static void test_begin_again(void **state)
{
	const struct source_want want = { .states = STATES_ALL, .ipv4 = true };
	struct rows diag = { 0 };
	struct pair p;
	int i, fd = source_fd(netlink);

	(void)state;
	open_pair(&p);
	for (i = 0; i < 5; i++)
		assert_int_equal(source_begin(netlink, &want), 0);
	assert_int_equal(rows_pass(netlink, &diag, 0, 0), SOURCE_DONE);
	assert_false(source_report(netlink)->partial);
	assert_int_equal(source_report(netlink)->bad, 0);
	assert_int_equal(source_fd(netlink), fd);
	rows_with(&diag, AF_INET, p.port, p.client_port);
	close_pair(&p);
	rows_free(&diag);
}

static uint64_t held;
static int32_t holder;

static bool wanted(void *arg, uint64_t inode)
{
	(void)arg;
	return inode == held;
}

static void found(void *arg, uint64_t inode, int32_t pid, uint64_t start,
		  const char *comm, size_t comm_len)
{
	(void)arg;
	(void)inode;
	(void)start;
	(void)comm;
	(void)comm_len;
	holder = pid;
}

/* The inode of a pass is the one of /proc/PID/fd. */
static void test_owner(void **state)
{
	const struct walk_sink sink = { .wanted = wanted, .found = found };
	struct walk *w = walk_new(&clock_system, "/proc");
	struct rows text = { 0 };
	struct pair p;

	(void)state;
	open_pair(&p);
	rows_pass(proc, &text, 0, NS_PER_MS);
	held = rows_with(&text, AF_INET, p.client_port, p.port)->inode;
	walk_begin(w, NULL, 0);
	while (walk_step(w, &sink, 0))
		;
	assert_int_equal(holder, getpid());
	close_pair(&p);
	rows_free(&text);
	walk_free(w);
}

/* Each socket is in one half, wherever they are parted. */
static void halve_at(const struct pair *p, uint16_t port)
{
	struct source *s = source_netlink_halves(&clock_system, port);
	struct rows rows = { 0 };

	assert_int_equal(rows_pass(s, &rows, 0, NS_PER_MS), SOURCE_DONE);
	rows_with(&rows, AF_INET, p->port, 0);
	rows_with(&rows, AF_INET, p->port, p->client_port);
	rows_with(&rows, AF_INET, p->client_port, p->port);
	assert_false(source_report(s)->partial);
	assert_string_equal(source_report(s)->note, "");
	rows_free(&rows);
	source_free(s);
}

static void test_halves(void **state)
{
	struct pair p;

	(void)state;
	open_pair(&p);
	for (int off = -1; off <= 1; off++) {
		halve_at(&p, (uint16_t)(p.port + off));
		halve_at(&p, (uint16_t)(p.client_port + off));
	}
	halve_at(&p, 0);
	halve_at(&p, 1);
	halve_at(&p, UINT16_MAX);
	close_pair(&p);
}

/* The same, asked by a thread. */
static int use_apart(void **state)
{
	(void)state;
	netlink = apart;
	return 0;
}

/* The same, by two halves. */
static int use_halves(void **state)
{
	(void)state;
	netlink = halves;
	return 0;
}

static int use_here(void **state)
{
	(void)state;
	netlink = here;
	return 0;
}

/* Why it cannot be run here; NULL if it can. */
static const char *cannot(void)
{
	struct rows rows = { 0 };
	struct pair p;
	bool ok;

	proc = source_proc(&clock_system, "/proc");
	netlink = here = source_netlink(&clock_system);
	apart = source_netlink_apart(&clock_system);
	halves = source_netlink_halves(&clock_system, 46884);
	lookup = lookup_new();
	if (!netlink || !apart || !halves || !lookup)
		return "no sock_diag";
	ok = rows_pass(proc, &rows, 0, NS_PER_MS) == SOURCE_DONE;
	rows_free(&rows);
	if (!ok)
		return "no /proc/net/tcp";
	p.listener = bound(0);
	p.port = port_of(p.listener);
	ok = listen(p.listener, 1) == 0;
	p.client = socket(AF_INET, SOCK_STREAM, 0);
	if (ok) {
		struct sockaddr_in a = {
			.sin_family = AF_INET, .sin_port = htons(p.port),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		};

		ok = connect(p.client, (struct sockaddr *)&a, sizeof(a)) == 0;
	}
	reset(p.client);
	close(p.listener);
	return ok ? NULL : "no loopback";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_detail),
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_time_wait),
		cmocka_unit_test(test_siblings),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_begin_again),
		cmocka_unit_test(test_owner),
#define APART(f)	cmocka_unit_test_setup_teardown(f, use_apart, use_here)
		APART(test_both),
		APART(test_detail),
		APART(test_bound),
		APART(test_begin_again),
#define HALVES(f)	cmocka_unit_test_setup_teardown(f, use_halves, use_here)
		HALVES(test_both),
		HALVES(test_detail),
		HALVES(test_bound),
		HALVES(test_time_wait),
		HALVES(test_begin_again),
		cmocka_unit_test(test_halves),
	};
	const char *why = cannot();
	int r = 77;

	if (why)
		printf("1..0 # SKIP %s\n", why);
	else
		r = cmocka_run_group_tests(tests, NULL, NULL);
	source_free(proc);
	source_free(here);
	source_free(apart);
	source_free(halves);
	lookup_free(lookup);
	return r;
}
