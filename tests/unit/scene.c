/*
 * scene.c - a small host with every state, built in code for tests
 */
#include "scene.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "model/state.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* 2026-11-22 12:03:05 UTC; the host has been up for 50 days */
#define SCENE_WALL	(INT64_C(1795348985) * NS_PER_SEC)
#define SCENE_MONO	(INT64_C(4320000) * NS_PER_SEC)

enum { UNKNOWN_STATE = 14 };

/* short names keep the table below readable */
enum {
	LISTEN_ = STATE_LISTEN, ESTAB = STATE_ESTABLISHED,
	SYN_S = STATE_SYN_SENT, SYN_R = STATE_SYN_RECV,
	FIN_1 = STATE_FIN_WAIT1, FIN_2 = STATE_FIN_WAIT2,
	CLOSE_W = STATE_CLOSE_WAIT, LAST_A = STATE_LAST_ACK,
	CLOSING_ = STATE_CLOSING, T_WAIT = STATE_TIME_WAIT,
	CLOSE_ = STATE_CLOSE, BOUND_ = STATE_BOUND,
};

struct scene_process {
	int pid;
	const char *name;
};

static const struct scene_process nginx[] = {
	{ 1201, "nginx" }, { 1234, "nginx" }, { 1235, "nginx" },
	{ 1236, "nginx" }, { 0 },
};
static const struct scene_process nginx_worker[] = {
	{ 1234, "nginx" }, { 0 },
};
static const struct scene_process sshd[] = { { 700, "sshd" }, { 0 } };
static const struct scene_process java[] = { { 888, "java" }, { 0 } };
static const struct scene_process app[] = { { 77, "app" }, { 0 } };
static const struct scene_process curl[] = { { 4321, "curl" }, { 0 } };
static const struct scene_process python[] = { { 5005, "python3" }, { 0 } };
static const struct scene_process wide[] = { { 6001, "日本語サーバ" }, { 0 } };
static const struct scene_process evil[] = {
	{ 6666, "a) \033[31mb\xff" }, { 0 },
};
/* the special owner sets */
static const struct scene_process nobody[1], hidden[1];

struct scene_socket {
	const char *local;
	uint16_t local_port;
	const char *remote;	/* NULL: any, port 0 */
	uint16_t remote_port;
	uint8_t state[SCENE_PASSES];	/* STATE_NONE: not there */
	const struct scene_process *owner;	/* NULL: not looked for */
	uint32_t recv_q, send_q;
	uint32_t uid;
	uint8_t timer;
	uint32_t expires_ms;	/* at the first pass */
	uint32_t ifindex;
	bool no_inode;		/* orphan, or in the accept queue */
};

static const struct scene_socket sockets[] = {
	{ "0.0.0.0", 443, NULL, 0, { LISTEN_, LISTEN_, LISTEN_ }, nginx,
	  .recv_q = 3, .send_q = 128 },
	{ "0.0.0.0", 8080, NULL, 0, { LISTEN_, LISTEN_, LISTEN_ }, java,
	  .recv_q = 101, .send_q = 100, .uid = 424242 },
	{ "::", 22, NULL, 0, { LISTEN_, LISTEN_, LISTEN_ }, sshd,
	  .send_q = 128 },
	{ "127.0.0.1", 6666, NULL, 0, { LISTEN_, LISTEN_, LISTEN_ }, evil,
	  .send_q = U32_UNKNOWN, .uid = 424242 },

	/* what the first screen of SCREENS.md shows */
	{ "10.0.0.5", 443, "203.0.113.9", 51234, { 0, 0, ESTAB },
	  nginx_worker, .uid = 0 },
	{ "10.0.0.5", 8080, "198.51.100.7", 40112, { ESTAB, ESTAB, CLOSE_W },
	  java, .recv_q = 1, .uid = 424242 },
	{ "10.0.0.5", 8080, "198.51.100.7", 40002,
	  { CLOSE_W, CLOSE_W, CLOSE_W }, java, .recv_q = 1, .uid = 424242 },
	{ "10.0.0.5", 52118, "10.0.0.9", 5432, { ESTAB, T_WAIT, 0 }, app,
	  .uid = 424242, .timer = TIMER_TIME_WAIT, .expires_ms = 60000 },

	/* the other states */
	{ "10.0.0.5", 52120, "10.0.0.9", 5432, { T_WAIT, T_WAIT, T_WAIT },
	  nobody, .timer = TIMER_TIME_WAIT, .expires_ms = 47000 },
	{ "10.0.0.5", 39004, "192.0.2.1", 80, { 0, SYN_S, SYN_S }, curl,
	  .send_q = 1, .uid = 424242, .timer = TIMER_RETRANS,
	  .expires_ms = 3000 },
	{ "10.0.0.5", 443, "203.0.113.77", 60001, { 0, 0, SYN_R }, nobody,
	  .timer = TIMER_RETRANS, .expires_ms = 900 },
	{ "10.0.0.5", 443, "203.0.113.20", 33001, { ESTAB, FIN_1, FIN_1 },
	  nginx_worker, .send_q = 1, .timer = TIMER_RETRANS,
	  .expires_ms = 2200 },
	{ "10.0.0.5", 443, "203.0.113.21", 33002, { FIN_2, FIN_2, FIN_2 },
	  nobody, .timer = TIMER_TIME_WAIT, .expires_ms = 30000,
	  .no_inode = true },
	{ "10.0.0.5", 443, "203.0.113.22", 33003, { FIN_1, CLOSING_, CLOSING_ },
	  nobody, .send_q = 1, .timer = TIMER_RETRANS, .expires_ms = 5000,
	  .no_inode = true },
	{ "10.0.0.5", 8080, "198.51.100.8", 40200, { CLOSE_W, CLOSE_W, LAST_A },
	  nobody, .send_q = 1, .timer = TIMER_RETRANS, .expires_ms = 2000,
	  .no_inode = true },
	{ "127.0.0.1", 9999, NULL, 0, { BOUND_, BOUND_, BOUND_ }, python,
	  .uid = 424242 },
	{ "10.0.0.5", 7777, NULL, 0, { CLOSE_, CLOSE_, CLOSE_ }, python,
	  .uid = 424242 },
	{ "10.0.0.5", 7778, "192.0.2.14", 14,
	  { UNKNOWN_STATE, UNKNOWN_STATE, UNKNOWN_STATE }, python,
	  .uid = 424242 },

	/* addresses of every shape */
	{ "::ffff:10.0.0.5", 8080, "::ffff:198.51.100.9", 41000,
	  { ESTAB, ESTAB, ESTAB }, java, .recv_q = 123456, .uid = 424242 },
	{ "fe80::1", 45000, "fe80::2", 22, { ESTAB, ESTAB, ESTAB }, curl,
	  .uid = 424242, .ifindex = 1 },
	{ "2001:db8:85a3:8d3:1319:8a2e:370:7348", 443,
	  "2001:db8:1234:5678:9abc:def0:1234:5678", 65535,
	  { ESTAB, ESTAB, ESTAB }, nginx_worker, .send_q = 1048576,
	  .timer = TIMER_PERSIST, .expires_ms = 100 },

	/* owners of every kind */
	{ "10.0.0.5", 8080, "198.51.100.9", 41111, { ESTAB, ESTAB, ESTAB },
	  nobody, .recv_q = 517, .uid = 0, .no_inode = true },
	{ "10.0.0.5", 45001, "192.0.2.2", 993, { ESTAB, ESTAB, ESTAB }, hidden,
	  .uid = 424242, .timer = TIMER_KEEPALIVE, .expires_ms = 7100000 },
	{ "10.0.0.5", 45002, "192.0.2.2", 993, { ESTAB, ESTAB, ESTAB }, NULL,
	  .uid = 424242 },
	{ "10.0.0.5", 45003, "192.0.2.3", 443, { ESTAB, ESTAB, ESTAB }, wide,
	  .uid = 424242 },
};

/* The kernel keeps no user and no inode for these. */
static bool is_mini(unsigned state)
{
	return state == STATE_TIME_WAIT || state == STATE_SYN_RECV;
}

static void row_ends(struct row *row, const struct scene_socket *k)
{
	row->id.protocol = IPPROTO_TCP;
	row->id.family = (uint8_t)addr_parse(k->local, &row->id.local);
	row->id.local_port = k->local_port;
	row->id.ifindex = k->ifindex;
	if (!k->remote)
		return;
	addr_parse(k->remote, &row->id.remote);
	row->id.remote_port = k->remote_port;
}

static void row_of(struct row *row, const struct scene_socket *k,
		   unsigned pass)
{
	size_t i = (size_t)(k - sockets);
	unsigned at = pass < SCENE_PASSES ? pass : SCENE_PASSES - 1;
	uint32_t gone_ms = 1000 * pass;

	memset(row, 0, sizeof(*row));
	row_ends(row, k);
	row->state = k->state[at];
	row->cookie = 0x1000 + i;
	row->inode = 70000 + i;
	row->uid = k->uid;
	row->recv_q = k->recv_q;
	row->send_q = k->send_q;
	row->timer = k->timer;
	row->expires_ms = U32_UNKNOWN;
	if (k->timer != TIMER_NONE)
		row->expires_ms = k->expires_ms > gone_ms ?
				  k->expires_ms - gone_ms : 0;
	/* a timer of TIME_WAIT only runs once it is in TIME_WAIT */
	if (row->timer == TIMER_TIME_WAIT && row->state == STATE_ESTABLISHED)
		row->timer = TIMER_NONE;
	if (k->no_inode)
		row->inode = 0;
	if (is_mini(row->state)) {
		row->inode = 0;
		row->uid = U32_UNKNOWN;
	}
}

static uint32_t owner_set(struct owners *o, const struct scene_process *p)
{
	uint32_t set = OWNER_NONE;

	if (p == hidden)
		return OWNER_HIDDEN;
	for (; p->pid; p++)
		set = owners_with(o, set, p->pid, 1000 + (uint64_t)p->pid,
				  p->name, strlen(p->name));
	return set;
}

/* Those the kernel shows an inode for are found by the walk over /proc. */
static void find_owners(struct scene *sc)
{
	struct monitor *m = sc->monitor;
	struct row row;

	for (size_t i = 0; i < ARRAY_SIZE(sockets); i++) {
		const struct scene_socket *k = &sockets[i];
		struct sock *s;

		row_of(&row, k, sc->pass);
		if (!k->owner || row.state == STATE_NONE)
			continue;
		s = table_find(m->table, &row.id, row.cookie);
		if (!s || s->owner != OWNER_PENDING)
			continue;
		table_set_owner(m->table, s, owner_set(m->owners, k->owner));
	}
}

static void find_more_owners(struct scene *sc)
{
	struct monitor *m = sc->monitor;

	for (size_t i = 0; i < sc->more_count; i++) {
		struct sock *s = table_find(m->table, &sc->more[i].id,
					    sc->more[i].cookie);

		if (s && s->owner == OWNER_PENDING)
			table_set_owner(m->table, s, sc->more[i].inode ?
					owner_set(m->owners, java) :
					OWNER_NONE);
	}
}

struct row *scene_add(struct scene *sc, unsigned state, unsigned local_port,
		      unsigned remote_port, size_t n)
{
	sc->more = mem_array(sc->more, sc->more_count + n, sizeof(*sc->more));
	for (size_t i = 0; i < n; i++) {
		struct row *row = &sc->more[sc->more_count++];

		memset(row, 0, sizeof(*row));
		row->id.protocol = IPPROTO_TCP;
		row->id.family = AF_INET;
		memcpy(row->id.local.b, (uint8_t[]){ 10, 0, 0, 5 }, 4);
		memcpy(row->id.remote.b, remote_port ?
		       (uint8_t[]){ 192, 0, 2, 99 } :
		       (uint8_t[]){ 10, 7, i / 250, 1 + i % 250 }, 4);
		row->id.local_port = (uint16_t)(remote_port ? 33000 + i :
						local_port);
		row->id.remote_port = (uint16_t)(remote_port ? remote_port :
						 20000 + i);
		row->cookie = 0x10000 + sc->more_count;
		row->state = (uint8_t)state;
		row->inode = is_mini(state) ? 0 : 90000 + sc->more_count;
		row->uid = is_mini(state) ? U32_UNKNOWN : 424242;
		row->expires_ms = U32_UNKNOWN;
	}
	return n ? &sc->more[sc->more_count - 1] : NULL;
}

static void count_host(struct scene *sc)
{
	struct host_sample sample = { .at = clock_mono(&sc->clock.clock) };

	for (int i = 0; i < HOST_VALUE_COUNT; i++)
		sample.value[i] = U64_UNKNOWN;
	sample.value[HOST_TCP_ORPHAN] = 3;
	sample.value[HOST_LISTEN_OVERFLOWS] = 5 + sc->pass;
	sample.value[HOST_LISTEN_DROPS] = 5 + sc->pass;
	sample.value[HOST_OUT_SEGS] = 100000 + 1000 * sc->pass;
	sample.value[HOST_RETRANS_SEGS] = 700 + 3 * sc->pass;
	sample.value[HOST_ESTAB_RESETS] = 40 + 2 * sc->pass;
	sample.value[HOST_OUT_RSTS] = 90 + sc->pass;
	host_update(&sc->monitor->counters, &sample);
}

static void tell_status(struct scene *sc, uint64_t rows)
{
	struct status *st = &sc->monitor->status;

	st->source = "netlink";
	st->rows = rows;
	st->pass_at = clock_mono(&sc->clock.clock);
	st->pass_wall = clock_wall(&sc->clock.clock);
	st->pass_cost = 4 * NS_PER_MS;
	st->interval = NS_PER_SEC;
	st->reading = false;
	st->owners_wanted = true;
	st->owners_done = true;
	st->hidden_sockets = 1;
	st->hidden_processes = 1;
}

static void settle(struct scene *sc, uint64_t rows)
{
	struct table *t = sc->monitor->table;

	table_pass_end(t, true);
	for (size_t i = 0; table_absent(t, i); i++)
		table_verdict(t, i, VERDICT_GONE);
	table_pass_settle(t);
	count_host(sc);
	tell_status(sc, rows);
	monitor_pass_done(sc->monitor, true);
}

void scene_init(struct scene *sc)
{
	setenv("TZ", "UTC", 1);
	tzset();
	memset(sc, 0, sizeof(*sc));
	clock_fake_init(&sc->clock, SCENE_MONO, SCENE_WALL);
	sc->monitor = monitor_new(&sc->clock.clock, 1000);
	strcpy(sc->monitor->host, "web-01");
}

void scene_pass(struct scene *sc)
{
	struct table *t = sc->monitor->table;
	uint64_t rows = 0;
	struct row row;

	if (sc->pass)
		clock_fake_advance(&sc->clock, NS_PER_SEC);
	table_pass_begin(t, ORIGIN_NETLINK);
	for (size_t i = 0; i < ARRAY_SIZE(sockets); i++) {
		row_of(&row, &sockets[i], sc->pass);
		if (row.state == STATE_NONE || sc->only_more)
			continue;
		table_row(t, &row);
		rows++;
	}
	if (sc->pair)
		rows += scene_pair_rows(t);
	for (size_t i = 0; i < sc->more_count; i++)
		table_row(t, &sc->more[i]);
	settle(sc, rows + sc->more_count);
	find_owners(sc);
	find_more_owners(sc);
	if (sc->pair)
		scene_pair_owners(sc->monitor);
	sc->pass++;
}

void scene_all(struct scene *sc)
{
	scene_init(sc);
	while (sc->pass < SCENE_PASSES)
		scene_pass(sc);
}

void scene_free(struct scene *sc)
{
	monitor_free(sc->monitor);
	free(sc->more);
	sc->monitor = NULL;
}

/* 10.a.b.c:443 with clients spread over addresses and ports */
static void bulk_row(struct row *row, size_t i)
{
	memset(row, 0, sizeof(*row));
	row->id.protocol = IPPROTO_TCP;
	row->id.family = AF_INET;
	memcpy(row->id.local.b, (uint8_t[]){ 10, 0, 0, 5 }, 4);
	row->id.local_port = i % 3 ? 443 : 8080;
	row->id.remote.b[0] = 198;
	row->id.remote.b[1] = 18 + (i & 1);
	row->id.remote.b[2] = (uint8_t)(i >> 10);
	row->id.remote.b[3] = (uint8_t)(i * 37);
	row->id.remote_port = (uint16_t)(1024 + (i * 7919) % 60000);
	row->cookie = 0x100000 + i;
	row->inode = 1000000 + i;
	row->uid = 424242;
	row->state = i % 10 ? STATE_ESTABLISHED : STATE_CLOSE_WAIT;
	row->recv_q = (uint32_t)(i * 2654435761u) >> 20;
	row->expires_ms = U32_UNKNOWN;
}

void scene_bulk(struct scene *sc, size_t n)
{
	struct monitor *m = sc->monitor;
	uint32_t set = owner_set(m->owners, java);
	struct row row;

	clock_fake_advance(&sc->clock, NS_PER_SEC);
	table_pass_begin(m->table, ORIGIN_NETLINK);
	for (size_t i = 0; i < n; i++) {
		bulk_row(&row, i);
		table_row(m->table, &row);
	}
	settle(sc, n);
	for (uint32_t i = 0; i < table_slots(m->table); i++) {
		struct sock *s = table_slot(m->table, i);

		if (!s || !s->live)
			continue;
		owners_ref(m->owners, set);
		table_set_owner(m->table, s, set);
	}
	owners_unref(m->owners, set);
}

struct sock *scene_find(const struct scene *sc, unsigned local_port,
			unsigned remote_port)
{
	const struct table *t = sc->monitor->table;

	for (uint32_t i = 0; i < table_slots(t); i++) {
		struct sock *s = table_slot(t, i);

		if (s && s->live && s->row.id.local_port == local_port &&
		    (!remote_port || s->row.id.remote_port == remote_port))
			return s;
	}
	return NULL;
}

int compare_by_column(struct column_context *c, enum column_id id, bool reverse,
		      const struct sock *a, const struct sock *b)
{
	uint64_t p[COLUMN_KEY_WORDS], q[COLUMN_KEY_WORDS];

	column_key(c, id, reverse, a, p);
	column_key(c, id, reverse, b, q);
	for (int i = 0; i < COLUMN_KEY_WORDS; i++)
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	return 0;
}
