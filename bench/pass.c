/*
 * pass.c - what a pass costs beside the kernel's part of it
 *
 *	pass [ROUNDS]
 *
 * Reads all sockets of this network namespace again and again, in turn:
 * a sock_diag dump received and thrown away, a netlink pass into the table,
 * the bytes of /proc/net/tcp and tcp6 thrown away, a proc pass into another
 * table.  Prints the medians, their ratios, and the table's memory.
 *
 * Links the program's own libraries, so that it is the program's pass.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>

#include "base/clock.h"
#include "model/monitor.h"
#include "source/diag.h"
#include "source/nlsock.h"
#include "source/source.h"

enum { ROUNDS_MAX = 99 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int is_done(const char *buf, size_t len)
{
	const struct nlmsghdr *nlh = (const void *)buf;

	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len))
		if (nlh->nlmsg_type == NLMSG_DONE ||
		    nlh->nlmsg_type == NLMSG_ERROR)
			return 1;
	return 0;
}

/*
 * Receives as the program asks: in 32 KiB, both families.  Only the last
 * message is looked at, as DONE comes in a short one of its own.
 */
static void dump_only(void)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	/* as netlink.c asks: CLOSE is what BOUND is answered as */
	const uint32_t states = (STATES_ALL & ~STATE_BIT(STATE_CLOSE)) |
				STATE_BIT(STATE_NEW_SYN_RECV);
	static char buf[NLSOCK_BUFFER];
	char request[DIAG_REQUEST_SIZE];
	struct nlsock nl;

	if (nlsock_open(&nl) < 0)
		exit(3);
	for (size_t i = 0; i < sizeof(families); i++) {
		ssize_t len;

		diag_request_dump(request, i + 1, families[i], IPPROTO_TCP,
				  states, 0);
		if (nlsock_send(&nl, request, sizeof(request)) < 0)
			exit(3);
		do {
			len = recv(nl.fd, buf, sizeof(buf), 0);
		} while (len > 64 || !is_done(buf, len < 0 ? 0 : len));
	}
	nlsock_close(&nl);
}

static void cat_only(void)
{
	static const char *const path[] = { "/proc/net/tcp", "/proc/net/tcp6" };
	static char buf[131072];		/* cat's */

	for (int i = 0; i < 2; i++) {
		int fd = open(path[i], O_RDONLY);

		if (fd < 0)
			continue;
		while (read(fd, buf, sizeof(buf)) > 0)
			;
		close(fd);
	}
}

static void take_row(void *arg, const struct row *row)
{
	table_row(arg, row);
}

static void pass(struct monitor *m, struct source *src)
{
	const struct source_want want = {
		.states = STATES_ALL, .ipv4 = true, .ipv6 = true,
	};
	const struct source_sink sink = { take_row, m->table };
	enum source_result r;

	if (source_begin(src, &want) < 0)
		exit(3);
	table_pass_begin(m->table, src->ops->origin);
	do {
		r = source_step(src, &sink, NS_PER_MS);
	} while (r == SOURCE_MORE || r == SOURCE_WAIT);
	if (r == SOURCE_FAILED)
		exit(3);
	table_pass_end(m->table, true);
	table_pass_settle(m->table);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[n / 2];
}

static size_t resident(void)
{
	unsigned long size, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%lu %lu", &size, &pages) != 2)
		exit(3);
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 7;
	double t[4][ROUNDS_MAX], first[2], m[4];
	struct monitor *by_netlink = monitor_new(&clock_system, 100);
	struct monitor *by_proc = monitor_new(&clock_system, 100);
	struct source *netlink = source_netlink(&clock_system);
	struct source *proc = source_proc(&clock_system, "/proc");
	size_t before = resident(), after;
	uint32_t n;

	if (rounds < 1 || rounds > ROUNDS_MAX || !netlink)
		return 2;
	first[0] = -seconds();
	pass(by_netlink, netlink);
	first[0] += seconds();
	after = resident();
	first[1] = -seconds();
	pass(by_proc, proc);
	first[1] += seconds();
	for (int i = 0; i < rounds; i++) {
		double at[5];

		at[0] = seconds();
		dump_only();
		at[1] = seconds();
		pass(by_netlink, netlink);
		at[2] = seconds();
		cat_only();
		at[3] = seconds();
		pass(by_proc, proc);
		at[4] = seconds();
		for (int j = 0; j < 4; j++)
			t[j][i] = at[j + 1] - at[j];
	}
	for (int j = 0; j < 4; j++)
		m[j] = median(t[j], rounds);
	n = table_counts(by_netlink->table)->total;
	printf("sockets %u, medians of %d\n", n, rounds);
	printf("netlink: dump %.1f ms, pass %.1f ms, ratio %.3f "
	       "(first pass %.1f ms)\n", m[0] * 1e3, m[1] * 1e3, m[1] / m[0],
	       first[0] * 1e3);
	printf("proc:    cat  %.1f ms, pass %.1f ms, ratio %.3f "
	       "(first pass %.1f ms)\n", m[2] * 1e3, m[3] * 1e3, m[3] / m[2],
	       first[1] * 1e3);
	printf("table: %.1f B a socket resident, %.1f counted\n",
	       (double)(after - before) / n,
	       (double)table_memory(by_netlink->table) / n);
	source_free(netlink);
	source_free(proc);
	monitor_free(by_netlink);
	monitor_free(by_proc);
	return 0;
}
