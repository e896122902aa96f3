/*
 * filter-kernel.c - random filters, asked of the kernel and of the program
 *
 *	filter-kernel ROUNDS SEED [CGROUP]
 *
 * Reads all sockets of the network namespace it runs in.  Then, for random
 * filters made of what these sockets are: what the kernel lets through must
 * have all that filter_match() finds, and where the kernel can ask all of it,
 * nothing else.  Prints the filters that break this, and fails.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/monitor.h"
#include "source/hostfile.h"
#include "source/source.h"
#include "view/filter.h"

enum { MANY = 4096 };

struct rows {
	uint64_t cookie[MANY];
	size_t count;
};

static struct monitor *monitor;
static struct source *source;
static const char *cgroup;

static unsigned below(unsigned n)
{
	return (unsigned)rand() % n;
}

static bool pass(const struct source_want *want, const struct source_sink *sink)
{
	enum source_result r;

	if (source_begin(source, want))
		return false;
	while ((r = source_step(source, sink, NS_PER_SEC)) == SOURCE_MORE ||
	       r == SOURCE_WAIT)
		;
	return r == SOURCE_DONE && !source_report(source)->partial;
}

static void to_table(void *arg, const struct row *row)
{
	(void)arg;
	table_row(monitor->table, row);
}

static void to_rows(void *arg, const struct row *row)
{
	struct rows *rows = arg;

	free(row->detail);
	if (rows->count < MANY)
		rows->cookie[rows->count++] = row->cookie;
}

static void read_all(void)
{
	const struct source_want want = {
		.needs = NEED_MARK, .states = STATES_ALL,
		.ipv4 = true, .ipv6 = true,
	};
	const struct source_sink sink = { to_table, NULL };
	struct host_sample sample;

	hostfile_read("/proc", &clock_system, &sample);
	host_update(&monitor->counters, &sample);
	table_baseline(monitor->table, true);
	table_pass_begin(monitor->table, ORIGIN_NETLINK);
	if (!pass(&want, &sink)) {
		fprintf(stderr, "sockets cannot be read\n");
		exit(1);
	}
	table_pass_end(monitor->table, true);
	table_pass_settle(monitor->table);
}

static const struct sock *any_socket(void)
{
	const struct sock *s;

	do
		s = table_slot(monitor->table,
			       below(table_slots(monitor->table)));
	while (!s || !s->live);
	return s;
}

/* ---- random filters ------------------------------------------------------ */

static void put_port(struct buf *b, const struct sock *s)
{
	static const char *const ops[] = {
		"", "=", "!=", "<", ">", "<=", ">=",
	};
	bool local = below(2);
	unsigned port = local ? s->row.id.local_port : s->row.id.remote_port;

	buf_puts(b, local ? "sport" : "dport");
	if (!below(4)) {
		unsigned high = port + below(2000);

		buf_printf(b, " = :%u-%u", port,
			   high > UINT16_MAX ? UINT16_MAX : high);
		return;
	}
	if (!below(4) && port < UINT16_MAX)
		port++;
	buf_printf(b, " %s :%u", ops[below(7)], port);
}

static void put_end(struct buf *b, const struct sock *s)
{
	bool local = below(2), v4 = s->row.id.family == AF_INET;
	const struct addr *a = local ? &s->row.id.local : &s->row.id.remote;
	unsigned bits = v4 ? 32 : 128;
	char text[ADDR_TEXT_MAX];
	struct addr mapped = { 0 };

	/* of IPv6's dress, what is in it */
	if (!v4 && !below(2)) {
		memcpy(mapped.b, a->b + 12, 4);
		a = &mapped;
		bits = 32;
		v4 = true;
	}
	addr_print(text, v4 ? AF_INET : AF_INET6, a);
	buf_printf(b, "%s %s", local ? "src" : "dst", below(2) ? "" : "= ");
	buf_printf(b, v4 ? "%s" : "[%s", text);
	if (below(2))
		buf_printf(b, "/%u", below(bits + 1));
	if (!v4)
		buf_char(b, ']');
	if (!below(4))
		buf_printf(b, ":%u", local ? s->row.id.local_port :
					     s->row.id.remote_port);
}

/* What the kernel may say only yes or no to, or cannot say at all. */
static void put_unsure(struct buf *b)
{
	static const char *const some[] = {
		"autobound", "recv_q > 0", "close", "127", "state big",
		"send_q = 0", "exclude listening", "time-wait", "fwmark = 1/3",
		"fwmark != 0", "uid = 0",
	};
	unsigned i = below(sizeof(some) / sizeof(*some) + 1);

	if (i < sizeof(some) / sizeof(*some))
		buf_puts(b, some[i]);
	else
		buf_printf(b, "cgroup = %s", cgroup ? cgroup : "/");
}

static void put_test(struct buf *b, bool exact)
{
	static const char *const devices[] = {
		"dev lo", "dev = 1", "dev != lo", "dev 99",
	};
	const struct sock *s = any_socket();

	if (!exact && !below(3))
		put_unsure(b);
	else if (!below(8))
		buf_puts(b, devices[below(4)]);
	else if (below(2))
		put_port(b, s);
	else
		put_end(b, s);
}

static void put_filter(struct buf *b, unsigned depth, bool exact)
{
	static const char *const joins[] = { " and ", " or ", " ", " || " };

	if (!depth) {
		put_test(b, exact);
		return;
	}
	if (!below(3))
		buf_puts(b, "not ");
	buf_puts(b, "( ");
	put_filter(b, below(depth), exact);
	for (unsigned n = below(4); n; n--) {
		buf_puts(b, joins[below(4)]);
		put_filter(b, below(depth), exact);
	}
	buf_puts(b, " )");
}

/* ---- both answers --------------------------------------------------------- */

static bool has(const struct rows *rows, uint64_t cookie)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->cookie[i] == cookie)
			return true;
	return false;
}

/* TIME_WAIT ends while we try. */
static bool is_gone(uint64_t cookie)
{
	const struct source_want want = {
		.states = STATES_ALL, .ipv4 = true, .ipv6 = true,
	};
	static struct rows now;
	const struct source_sink sink = { to_rows, &now };

	now.count = 0;
	return pass(&want, &sink) && !has(&now, cookie);
}

static bool compare(const struct filter *f, const struct rows *rows,
		    bool exact, const char *text)
{
	struct column_context c = {
		.monitor = monitor, .now = clock_mono(&clock_system),
	};

	for (uint32_t i = 0; i < table_slots(monitor->table); i++) {
		const struct sock *s = table_slot(monitor->table, i);
		bool ours, theirs;

		if (!s || !s->live)
			continue;
		ours = filter_match(f, &c, s);
		theirs = has(rows, s->row.cookie);
		if (ours == theirs || (theirs && !exact) ||
		    is_gone(s->row.cookie))
			continue;
		printf("%s: port %u > %u, state %u: the kernel says %s\n",
		       text, s->row.id.local_port, s->row.id.remote_port,
		       s->row.state, theirs ? "yes" : "no");
		return false;
	}
	return true;
}

static bool try_filter(const char *text, bool exact, unsigned *programs)
{
	struct filter_error err;
	struct filter *f = filter_parse(text, &err);
	struct filter_kernel k;
	struct rows rows = { .count = 0 };
	const struct source_sink sink = { to_rows, &rows };
	struct source_want want = { .ipv4 = true, .ipv6 = true };
	bool good;

	if (!f) {
		printf("%s: %s\n", text, err.message);
		return false;
	}
	filter_kernel(f, &k);
	want.states = k.states;
	want.bytecode = k.bytecode;
	want.bytecode_len = k.len;
	good = !k.states || pass(&want, &sink);
	if (!good || (k.states && source_report(source)->note[0])) {
		printf("%s: refused: %s\n", text, source_report(source)->note);
		good = false;
	}
	*programs += k.bytecode != NULL;
	good = good && compare(f, &rows, exact, text);
	free(k.bytecode);
	filter_free(f);
	return good;
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;
	unsigned bad = 0, programs = 0;

	srand(argc > 2 ? (unsigned)atoi(argv[2]) : 1);
	cgroup = argc > 3 ? argv[3] : NULL;
	monitor = monitor_new(&clock_system, 1);
	source = source_netlink(&clock_system);
	read_all();
	for (unsigned i = 0; i < rounds && bad < 5; i++) {
		bool exact = below(2);
		struct buf text = { 0 };

		if (!below(4))
			buf_puts(&text, below(2) ? "state connected " :
						   "exclude listening ");
		put_filter(&text, below(5), exact);
		bad += !try_filter(text.data, exact, &programs);
		buf_free(&text);
	}
	printf("%u filters, %u of them with a program, %u sockets\n", rounds,
	       programs, table_counts(monitor->table)->total);
	source_free(source);
	monitor_free(monitor);
	return bad || programs < rounds / 2;
}
