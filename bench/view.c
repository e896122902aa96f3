/*
 * view.c - what it costs to show a page of very many sockets
 *
 *	view [SOCKETS]...		(default 1000 10000 100000 1000000)
 *
 * Fills a table with that many made-up sockets, most of them ESTABLISHED, and
 * takes the times of what a key makes the view do.  Beside them, in the same
 * run, qsort(3) of as many random 64-bit numbers.  Medians of 9, in ms; bytes
 * are those of the view a row, at rest.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "model/monitor.h"
#include "view/needle.h"
#include "view/pick.h"
#include "view/pivot_column.h"

enum { RUNS = 9, PAGE = 24, PROCESSES = 53 };

struct ground {
	struct monitor *monitor;
	struct column_context c;
	struct view v;
	struct needle *needle;
	uint32_t sockets;
	uint64_t *numbers;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

/* In the order of a hash table: none. */
static void make_row(struct row *r, uint32_t i)
{
	uint32_t peer = 0x0a000000 | (uint32_t)rand() % 50000;

	memset(r, 0, sizeof(*r));
	r->id.family = AF_INET;
	r->id.protocol = IPPROTO_TCP;
	r->id.local.b[0] = 127;
	r->id.local.b[3] = 1;
	r->id.local_port = rand() % 8 ? 443 : 8080;
	peer = htonl(peer);
	memcpy(r->id.remote.b, &peer, 4);
	r->id.remote_port = (uint16_t)(1024 + rand() % 60000);
	r->cookie = i + 1;
	r->inode = 1000 + (uint64_t)i;
	r->uid = 1000;
	r->recv_q = rand() % 1000 ? 0 : (uint32_t)rand() % 100000;
	r->expires_ms = U32_UNKNOWN;
	r->state = rand() % 50 ? STATE_ESTABLISHED : STATE_CLOSE_WAIT;
}

static void fill(struct ground *g)
{
	struct table *t = g->monitor->table;
	struct row r;

	table_pass_begin(t, ORIGIN_NETLINK);
	for (uint32_t i = 0; i < g->sockets; i++) {
		make_row(&r, i);
		table_row(t, &r);
	}
	table_pass_end(t, true);
	table_pass_settle(t);
	for (uint32_t i = 0; i < g->sockets; i++) {
		int pid = 1000 + rand() % PROCESSES;

		table_set_owner(t, table_slot(t, i),
				owners_with(g->monitor->owners, OWNER_NONE, pid,
					    1, "server", 6));
	}
}

/* ---- what is measured ---- */

static void part(struct ground *g, enum column_id sort)
{
	g->v.sort = (uint8_t)sort;
	g->v.reverse = columns[sort].descending;
	view_begin(&g->v, &g->c);
	while (view_step(&g->v, &g->c, 512))
		;
	view_ready(&g->v, &g->c, 0, PAGE);
}

static void yardstick_prepare(struct ground *g)
{
	for (uint32_t i = 0; i < g->sockets; i++)
		g->numbers[i] = (uint64_t)rand() << 32 | (uint32_t)rand();
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void yardstick(struct ground *g)
{
	qsort(g->numbers, g->sockets, sizeof(*g->numbers), by_number);
}

static void by_state(struct ground *g)
{
	part(g, COL_STATE);
}

static void by_age(struct ground *g)
{
	part(g, COL_AGE);
}

static void by_remote(struct ground *g)
{
	part(g, COL_REMOTE);
}

static void by_queue(struct ground *g)
{
	part(g, COL_RECV_Q);
}

static void to_the_end(struct ground *g)
{
	view_ready(&g->v, &g->c, g->v.count - PAGE, g->v.count);
}

static void find_middle(struct ground *g)
{
	uint32_t slot = g->v.rows.order.rows[g->v.count / 2 + 7];

	view_find(&g->v, &g->c, slot,
		  table_slot(g->monitor->table, slot)->serial);
}

/* The other end of one socket in the midst of all. */
static void think_of_one(struct ground *g)
{
	static const uint8_t column[] = { COL_STATE, COL_LOCAL, COL_REMOTE };
	const struct sock *s = table_slot(g->monitor->table, g->sockets / 2);
	struct buf text = { 0 };

	by_remote(g);
	needle_free(g->needle);
	column_text(&g->c, COL_REMOTE, s, &text);
	g->needle = needle_new(buf_str(&text), column, sizeof(column),
			       NEEDLE_ACROSS);
	buf_free(&text);
}

static bool wanted(void *arg, size_t row, const struct sock *s)
{
	struct ground *g = arg;

	(void)row;
	return s && needle_match(g->needle, &g->c, s);
}

static void search(struct ground *g)
{
	struct pick p;

	needle_fresh(g->needle, &g->c);
	if (!pick_begin(&p, &g->v, &g->c, g->v.count / 2, false))
		return;
	while (pick_step(&p, &g->v, &g->c, wanted, g))
		;
	pick_end(&p, &g->v, &g->c);
}

static void whole(struct ground *g)
{
	g->v.sort = COL_STATE;
	view_update(&g->v, &g->c);
}

static void held(struct ground *g)
{
	g->v.held = true;
	part(g, COL_REMOTE);
	g->v.held = false;
}

static void groups_by(struct ground *g, enum group_id id)
{
	g->v.group = (uint8_t)id;
	g->v.group_sort = PCOL_TOTAL;
	g->v.group_reverse = true;
	part(g, COL_REMOTE);
	g->v.group = GROUP_NONE;
}

static void by_process(struct ground *g)
{
	groups_by(g, GROUP_PROCESS);
}

static void by_remote_port(struct ground *g)
{
	groups_by(g, GROUP_REMOTE_PORT);
}

static void copy(struct ground *g)
{
	table_free(table_copy(g->monitor->table));
}

static const struct {
	const char *name;
	void (*prepare)(struct ground *g);	/* not part of the time */
	void (*run)(struct ground *g);
} measures[] = {
	{ "qsort of numbers", yardstick_prepare, yardstick },
	{ "page by state", NULL, by_state },
	{ "page by remote end", NULL, by_remote },
	{ "page by age", NULL, by_age },
	{ "page by queue", NULL, by_queue },
	{ "then the last page", by_remote, to_the_end },
	{ "then where a row is", by_remote, find_middle },
	{ "then the first with", think_of_one, search },
	{ "page, order held", by_remote, held },
	{ "groups by process", NULL, by_process },
	{ "groups by remote port", NULL, by_remote_port },
	{ "all rows in order", NULL, whole },
	{ "pause and go on", NULL, copy },
};
enum { MEASURES = sizeof(measures) / sizeof(measures[0]) };

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(struct ground *g, int what)
{
	double ms[RUNS];

	for (int i = 0; i < RUNS; i++) {
		double start;

		if (measures[what].prepare)
			measures[what].prepare(g);
		start = now_ms();
		measures[what].run(g);
		ms[i] = now_ms() - start;
	}
	qsort(ms, RUNS, sizeof(ms[0]), by_size);
	return ms[RUNS / 2];
}

static void measure(uint32_t sockets)
{
	struct ground g = {
		.monitor = monitor_new(&clock_system, 16), .sockets = sockets,
		.numbers = mem_array(NULL, sockets, sizeof(*g.numbers)),
	};
	const struct order *o = &g.v.rows.order;
	double unit = 0;

	fill(&g);
	g.c.monitor = g.monitor;
	g.c.now = clock_mono(&clock_system);
	view_init(&g.v);
	printf("%u sockets\n", sockets);
	for (int i = 0; i < MEASURES; i++) {
		double ms = median(&g, i);

		if (!i)
			unit = ms;
		printf("  %-22s %9.3f ms   %5.2f\n", measures[i].name, ms,
		       ms / unit);
	}
	by_state(&g);
	printf("  %-22s %9.1f bytes a row\n", "view",
	       (o->capacity * sizeof(*o->rows) +
		o->piece_capacity * sizeof(*o->pieces)) / (double)sockets);
	needle_free(g.needle);
	view_free(&g.v);
	monitor_free(g.monitor);
	free(g.numbers);
}

int main(int argc, char **argv)
{
	static const uint32_t sizes[] = { 1000, 10000, 100000, 1000000 };

	srand(1);
	for (int i = 1; i < argc; i++)
		measure((uint32_t)strtoul(argv[i], NULL, 10));
	for (int i = 0; argc == 1 && i < 4; i++)
		measure(sizes[i]);
	return 0;
}
