/*
 * What is found: raised when it should be, not just below, over when it is
 * over.  Made tables and a clock that stands still.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/filter.h"
#include "view/finding.h"

enum { ROWS_MAX = 40000, NGINX = 1201, JAVA = 888, APP = 77 };

struct made_row {
	struct row row;
	int pid;		/* 0: nobody */
};

struct host_made {
	struct clock_fake clock;
	struct monitor *m;
	struct findings *f;
	struct host_sample sample;
	struct made_row *row;
	size_t count;
	uint64_t cookie;
	unsigned pass;
};

static int set_up(void **state)
{
	struct host_made *h = mem_zalloc(sizeof(*h));

	clock_fake_init(&h->clock, 1000 * NS_PER_SEC, 5000 * NS_PER_SEC);
	h->m = monitor_new(&h->clock.clock, 1000);
	h->m->status.owners_wanted = true;
	h->f = findings_new(h->m, true);
	h->row = mem_array(NULL, ROWS_MAX, sizeof(*h->row));
	for (int v = 0; v < HOST_VALUE_COUNT; v++)
		h->sample.value[v] = U64_UNKNOWN;
	h->sample.value[HOST_PORT_FIRST] = 32768;
	h->sample.value[HOST_PORT_LAST] = 60999;
	h->sample.value[HOST_SOMAXCONN] = 4096;
	h->sample.value[HOST_MAX_TW_BUCKETS] = 262144;
	h->sample.value[HOST_LISTEN_OVERFLOWS] = 7;
	h->sample.value[HOST_SYNCOOKIES_SENT] = 7;
	h->sample.value[HOST_PASSIVE_OPENS] = 1000;
	*state = h;
	return 0;
}

static int tear_down(void **state)
{
	struct host_made *h = *state;

	findings_free(h->f);
	monitor_free(h->m);
	free(h->row);
	free(h);
	return 0;
}

static struct row *add(struct host_made *h, unsigned state, const char *local,
		       unsigned local_port, const char *remote,
		       unsigned remote_port, int pid)
{
	struct made_row *r = &h->row[h->count++];

	assert_true(h->count <= ROWS_MAX);
	*r = (struct made_row){ .pid = pid };
	r->row.id.protocol = IPPROTO_TCP;
	r->row.id.family = (uint8_t)addr_parse(local, &r->row.id.local);
	r->row.id.local_port = (uint16_t)local_port;
	if (remote)
		addr_parse(remote, &r->row.id.remote);
	r->row.id.remote_port = (uint16_t)remote_port;
	r->row.state = (uint8_t)state;
	r->row.cookie = ++h->cookie;
	r->row.inode = pid ? 70000 + h->cookie : 0;
	r->row.uid = pid ? 0 : U32_UNKNOWN;
	r->row.expires_ms = U32_UNKNOWN;
	return &r->row;
}

/* n connections of :port with clients 10.1.x.y */
static void add_clients(struct host_made *h, unsigned state, unsigned port,
			unsigned n, int pid)
{
	char client[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(client, sizeof(client), "10.1.%u.%u", i / 250,
			 1 + i % 250);
		add(h, state, "10.0.0.5", port, client,
		    1024 + (unsigned)h->cookie % 60000, pid);
	}
}

static void listen_on(struct host_made *h, unsigned port, unsigned waiting,
		      unsigned limit, int pid)
{
	struct row *r = add(h, STATE_LISTEN, "0.0.0.0", port, NULL, 0, pid);

	r->recv_q = waiting;
	r->send_q = limit;
}

static void find_owners(struct host_made *h)
{
	struct owners *o = h->m->owners;

	for (size_t i = 0; i < h->count; i++) {
		struct sock *s = table_find(h->m->table, &h->row[i].row.id,
					    h->row[i].row.cookie);
		char name[16];
		uint32_t set;

		if (!s || s->owner != OWNER_PENDING)
			continue;
		snprintf(name, sizeof(name), "%s", h->row[i].pid == JAVA ?
			 "java" : h->row[i].pid == NGINX ? "nginx" : "app");
		set = h->row[i].pid ?
			owners_with(o, OWNER_NONE, h->row[i].pid, 1000, name,
				    strlen(name)) : OWNER_NONE;
		table_set_owner(h->m->table, s, set);
	}
}

static void scan(struct host_made *h)
{
	if (!findings_due(h->f))
		return;
	findings_begin(h->f);
	while (findings_step(h->f, INT64_MAX))
		;
}

static void pass(struct host_made *h)
{
	struct table *t = h->m->table;
	struct status *st = &h->m->status;

	clock_fake_advance(&h->clock, NS_PER_SEC);
	table_ephemeral_ports(t, 32768, 60999);
	table_pass_begin(t, ORIGIN_NETLINK);
	for (size_t i = 0; i < h->count; i++)
		table_row(t, &h->row[i].row);
	table_pass_end(t, true);
	for (size_t i = 0; table_absent(t, i); i++)
		table_verdict(t, i, VERDICT_GONE);
	table_pass_settle(t);
	find_owners(h);
	st->owners_done = true;
	st->pass_at = clock_mono(&h->clock.clock);
	st->pass_wall = clock_wall(&h->clock.clock);
	h->sample.at = st->pass_at;
	host_update(&h->m->counters, &h->sample);
	monitor_pass_done(h->m, true);
	h->pass++;
	scan(h);
}

static void passes(struct host_made *h, unsigned n)
{
	while (n--)
		pass(h);
}

/* the worst of a kind; NULL there is none */
static const struct finding *found(struct host_made *h, enum finding_id kind)
{
	const struct finding *one;

	for (size_t i = 0; (one = findings_get(h->f, i)); i++)
		if (one->kind == kind)
			return one;
	return NULL;
}

static void none(struct host_made *h)
{
	const struct finding *one = findings_get(h->f, 0);

	if (one)
		fail_msg("found: %s", one->title);
}

/* How many live sockets the finding's filter shows. */
static unsigned shown(struct host_made *h, const struct finding *one)
{
	struct column_context c = {
		.monitor = h->m, .now = clock_mono(&h->clock.clock),
	};
	struct filter_error err;
	struct filter *f = filter_parse(one->filter, &err);
	unsigned n = 0;

	if (!f)
		fail_msg("%s: %s at %zu", one->filter, err.message,
			 err.offset);
	for (uint32_t i = 0; i < table_slots(h->m->table); i++) {
		const struct sock *s = table_slot(h->m->table, i);

		n += s && s->live && filter_match(f, &c, s);
	}
	filter_free(f);
	return n;
}

static void says(const struct finding *one, const char *text)
{
	if (strstr(one->title, text))
		return;
	for (int i = 0; i < one->evidence_count; i++)
		if (strstr(one->evidence[i], text))
			return;
	print_message("%s\n", one->title);
	for (int i = 0; i < one->evidence_count; i++)
		print_message("  %s\n", one->evidence[i]);
	fail_msg("does not say \"%s\"", text);
}

/* ---- a host that is well ---- */

static void nothing_found(void **state)
{
	struct host_made *h = *state;

	none(h);
	assert_int_equal(findings_scope(h->f)->scans, 0);
	listen_on(h, 443, 3, 128, NGINX);
	add_clients(h, STATE_ESTABLISHED, 443, 500, NGINX);
	add_clients(h, STATE_CLOSE_WAIT, 443, 5, NGINX);
	add_clients(h, STATE_SYN_RECV, 443, 30, 0);
	add_clients(h, STATE_TIME_WAIT, 443, 900, 0);
	passes(h, 90);
	none(h);
	assert_int_equal(findings_scope(h->f)->scans, 90);
	assert_int_equal(findings_scope(h->f)->sockets, 1436);
}

/* A busy server: thousands of short connections, bursts, lost packets. */
static void busy_server(void **state)
{
	struct host_made *h = *state;

	for (unsigned round = 0; round < 40; round++) {
		h->count = 0;
		listen_on(h, 443, round % 3 ? 20 : 127, 128, NGINX);
		add_clients(h, STATE_ESTABLISHED, 443, 2000, NGINX);
		/* each pass others: cookies go on */
		add_clients(h, STATE_CLOSE_WAIT, 443, 200, NGINX);
		add_clients(h, STATE_SYN_RECV, 443, 300, 0);
		for (size_t i = h->count - 100; i < h->count; i++)
			h->row[i].row.retrans = 1;
		add_clients(h, STATE_FIN_WAIT2, 443, 100, 0);
		for (size_t i = 0; i < 500; i++)
			h->row[i + 1].row.recv_q = (uint32_t)(i * 37 % 900);
		h->sample.value[HOST_PASSIVE_OPENS] += 2000;
		pass(h);
	}
	none(h);
}

/* ---- 1: CLOSE_WAIT ---- */

static void close_wait_leak(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 50, JAVA);
	add_clients(h, STATE_CLOSE_WAIT, 8080, 10, JAVA);
	passes(h, 20);
	none(h);				/* not long enough */
	passes(h, 4);
	one = found(h, FINDING_CLOSE_WAIT);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);
	assert_int_equal(findings_raised(h->f), 1);
	says(one, "java[888] does not close: 10 in CLOSE_WAIT");
	says(one, "port 8080");
	assert_string_equal(one->filter, "state close-wait and pid = 888");
	assert_int_equal(shown(h, one), 10);

	/* more of them, that stay too */
	add_clients(h, STATE_CLOSE_WAIT, 8080, 7, JAVA);
	passes(h, 25);
	one = found(h, FINDING_CLOSE_WAIT);
	assert_int_equal(one->severity, SEVERITY_ALERT);
	says(one, "growing: 7 more");

	/* closed at last */
	h->count = 51;
	passes(h, 7);
	none(h);
}

static void close_wait_just_below(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_CLOSE_WAIT, 8080, 9, JAVA);
	add_clients(h, STATE_CLOSE_WAIT, 8080, 9, APP);
	passes(h, 100);
	none(h);
	/* but a few for ten minutes are worth a note */
	passes(h, 520);
	assert_int_equal(found(h, FINDING_CLOSE_WAIT)->severity,
			 SEVERITY_NOTE);
	assert_int_equal(findings_raised(h->f), 0);
}

static void close_wait_nobody_knows_whose(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_CLOSE_WAIT, 8080, 12, JAVA);
	/* hidden from us */
	for (size_t i = 1; i < h->count; i++)
		h->row[i].pid = 0;
	passes(h, 25);
	one = found(h, FINDING_CLOSE_WAIT);
	assert_non_null(one);
	says(one, "a process on port 8080");
	assert_int_equal(shown(h, one), 12);
}

/* ---- 2: accept queue ---- */

static void accept_queue(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 8080, 101, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 100, 0);
	add_clients(h, STATE_CLOSE_WAIT, 8080, 1, 0);
	add_clients(h, STATE_ESTABLISHED, 8080, 20, JAVA);
	pass(h);
	none(h);				/* one look proves nothing */
	passes(h, 3);
	one = found(h, FINDING_ACCEPT_QUEUE);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);
	says(one, "accept queue of port 8080 full: 101 of 100 wait for "
		  "java[888]");
	says(one, "101 are waiting for accept(2)");
	says(one, "somaxconn (4,096) would allow more");
	assert_int_equal(shown(h, one), 102);	/* with the listener */

	h->sample.value[HOST_LISTEN_OVERFLOWS] += 12;
	pass(h);
	one = found(h, FINDING_ACCEPT_QUEUE);
	assert_int_equal(one->severity, SEVERITY_ALERT);
	says(one, "12/s dropped for a full queue");

	/* it takes them at last: said for a while, then over */
	h->row[0].row.recv_q = 2;
	passes(h, 2);
	says(found(h, FINDING_ACCEPT_QUEUE), "was full 2.0s ago");
	passes(h, 5);
	none(h);
}

static void accept_queue_just_below(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8080, 99, 100, JAVA);
	listen_on(h, 8081, 0, 0, JAVA);		/* listen(fd, 0) */
	listen_on(h, 8082, 50, U32_UNKNOWN, JAVA);
	passes(h, 10);
	none(h);
}

/* Full now and then, for less than a second: a burst. */
static void accept_queue_burst(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8080, 101, 100, JAVA);
	for (int i = 0; i < 30; i++) {
		h->row[0].row.recv_q = i % 10 ? 3 : 101;
		pass(h);
		none(h);
	}
}

/* ---- 3: dead upstream ---- */

static void dead_upstream(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	for (unsigned i = 0; i < 3; i++) {
		struct row *r = add(h, STATE_SYN_SENT, "10.0.0.5", 40000 + i,
				    "10.9.9.9", 5432, APP);

		r->timer = TIMER_RETRANS;
		r->retrans = 3;
	}
	pass(h);
	none(h);
	passes(h, 3);
	one = found(h, FINDING_DEAD_UPSTREAM);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);
	says(one, "no answer from 10.9.9.9:5432: 3 in SYN_SENT");
	says(one, "none to the same place is open");
	says(one, "all by app[77]");
	assert_int_equal(shown(h, one), 3);
	/* it answers: the others are just slow */
	add(h, STATE_ESTABLISHED, "10.0.0.5", 40100, "10.9.9.9", 5432, APP);
	passes(h, 8);
	none(h);
}

static void dead_upstream_v6(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	for (unsigned i = 0; i < 12; i++)
		add(h, STATE_SYN_SENT, "2001:db8::5", 40000 + i,
		    "2001:db8::9", 443, APP);
	passes(h, 8);
	one = found(h, FINDING_DEAD_UPSTREAM);
	assert_int_equal(one->severity, SEVERITY_ALERT);
	assert_int_equal(shown(h, one), 12);
}

static void dead_upstream_just_below(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	add(h, STATE_SYN_SENT, "10.0.0.5", 40000, "10.9.9.9", 5432, APP);
	add(h, STATE_SYN_SENT, "10.0.0.5", 40001, "10.9.9.9", 5432, APP);
	passes(h, 9);
	none(h);
	/* after ten seconds worth a note */
	passes(h, 5);
	one = found(h, FINDING_DEAD_UPSTREAM);
	assert_int_equal(one->severity, SEVERITY_NOTE);
}

/* ---- 4: SYN flood ---- */

static void syn_flood(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 80, 0, 4096, NGINX);
	add_clients(h, STATE_SYN_RECV, 80, 400, 0);
	for (size_t i = 1; i < h->count; i++)
		h->row[i].row.retrans = 2;
	passes(h, 2);
	none(h);
	passes(h, 2);
	one = found(h, FINDING_SYN_FLOOD);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_ALERT);
	says(one, "400 half-open connections on port 80");
	says(one, "forged");
	assert_int_equal(shown(h, one), 400);
	h->count = 1;
	passes(h, 7);
	none(h);
}

static void syn_flood_just_below(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 80, 0, 4096, NGINX);
	add_clients(h, STATE_SYN_RECV, 80, 63, 0);
	for (size_t i = 1; i < h->count; i++)
		h->row[i].row.retrans = 2;
	passes(h, 10);
	none(h);
}

/* A short queue that overflows: cookies are the evidence. */
static void syn_flood_cookies(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 80, 0, 8, NGINX);
	add_clients(h, STATE_SYN_RECV, 80, 9, 0);
	for (size_t i = 1; i < h->count; i++)
		h->row[i].row.retrans = 1;
	for (int i = 0; i < 6; i++) {
		h->sample.value[HOST_SYNCOOKIES_SENT] += 500;
		pass(h);
	}
	one = found(h, FINDING_SYN_FLOOD);
	assert_non_null(one);
	says(one, "500/s SYN cookies sent");
	assert_int_equal(one->severity, SEVERITY_ALERT);
}

/* It is the full accept queue that holds them up. */
static void syn_flood_is_a_full_queue(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 80, 101, 100, NGINX);
	add_clients(h, STATE_SYN_RECV, 80, 90, 0);
	for (size_t i = 1; i < h->count; i++)
		h->row[i].row.retrans = 2;
	passes(h, 8);
	assert_non_null(found(h, FINDING_ACCEPT_QUEUE));
	assert_null(found(h, FINDING_SYN_FLOOD));
}

/* ---- 5: ports ---- */

/* n connections from 10.0.0.5 to 10.9.9.9:443 */
static void add_outgoing(struct host_made *h, unsigned state, unsigned from,
			 unsigned n, int pid)
{
	for (unsigned i = 0; i < n; i++)
		add(h, state, "10.0.0.5", from + i, "10.9.9.9", 443, pid);
}

/* A range of 1,000 ports; the ends of it are the host's setting. */
static void few_ports(struct host_made *h)
{
	h->sample.value[HOST_PORT_FIRST] = 40000;
	h->sample.value[HOST_PORT_LAST] = 40999;
}

static void ports_running_out(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	few_ports(h);
	add_outgoing(h, STATE_ESTABLISHED, 40000, 700, APP);
	passes(h, 5);
	one = found(h, FINDING_PORTS);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);
	says(one, "towards 10.9.9.9:443: 700 of 1,000 in use (70%)");
	says(one, "all by app[77]");
	assert_int_equal(shown(h, one), 700);

	/* with some of them reserved that is more of what is left */
	h->sample.value[HOST_PORTS_RESERVED] = 200;
	passes(h, 2);
	one = found(h, FINDING_PORTS);
	says(one, "700 of 800 in use (88%)");
	says(one, "200 of these ports are reserved");
	h->sample.value[HOST_PORTS_RESERVED] = 0;
	add_outgoing(h, STATE_ESTABLISHED, 40700, 200, APP);
	passes(h, 2);
	assert_int_equal(found(h, FINDING_PORTS)->severity, SEVERITY_ALERT);
	h->count = 100;
	passes(h, 7);
	assert_null(found(h, FINDING_PORTS));
}

static void ports_just_below(void **state)
{
	struct host_made *h = *state;

	few_ports(h);
	add_outgoing(h, STATE_ESTABLISHED, 40000, 699, APP);
	/* not of the range, and towards others */
	add_outgoing(h, STATE_ESTABLISHED, 50000, 300, APP);
	add_clients(h, STATE_ESTABLISHED, 40999, 900, NGINX);
	passes(h, 8);
	none(h);
}

/* What is in TIME_WAIT may be taken again, where the host is set so. */
static void ports_in_time_wait(void **state)
{
	struct host_made *h = *state;

	few_ports(h);
	h->sample.value[HOST_TW_REUSE] = 1;
	add_outgoing(h, STATE_TIME_WAIT, 40000, 950, 0);
	passes(h, 5);
	assert_int_equal(found(h, FINDING_PORTS)->severity, SEVERITY_NOTE);
	h->sample.value[HOST_TW_REUSE] = 2;	/* on loopback only */
	passes(h, 2);
	assert_int_equal(found(h, FINDING_PORTS)->severity, SEVERITY_ALERT);
}

/* ---- 6: FIN_WAIT2 ---- */

static void fin_wait2_local(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 8084, 0, 100, JAVA);
	add(h, STATE_FIN_WAIT2, "127.0.0.1", 40000, "127.0.0.1", 8084, APP);
	add(h, STATE_CLOSE_WAIT, "127.0.0.1", 8084, "127.0.0.1", 40000, JAVA);
	passes(h, 20);
	none(h);
	passes(h, 4);
	one = found(h, FINDING_FIN_WAIT2);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);
	says(one, "app[77] waits for java[888] to close");
	says(one, "java[888] has our FIN and does not close");
	assert_int_equal(shown(h, one), 1);
	h->count = 1;
	passes(h, 7);
	none(h);
}

/* It has closed, and its FIN is lost: not its process's fault. */
static void fin_wait2_lost(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8084, 0, 100, JAVA);
	add(h, STATE_FIN_WAIT2, "127.0.0.1", 40000, "127.0.0.1", 8084, APP);
	add(h, STATE_LAST_ACK, "127.0.0.1", 8084, "127.0.0.1", 40000, JAVA);
	passes(h, 25);
	assert_int_equal(found(h, FINDING_FIN_WAIT2)->severity,
			 SEVERITY_NOTE);
}

static void fin_wait2_orphans(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 443, 0, 100, NGINX);
	add_clients(h, STATE_FIN_WAIT2, 443, 2000, 0);
	passes(h, 60);
	none(h);
}

static void fin_wait2_elsewhere(void **state)
{
	struct host_made *h = *state;

	add_clients(h, STATE_FIN_WAIT2, 443, 9, NGINX);
	passes(h, 25);
	assert_int_equal(found(h, FINDING_FIN_WAIT2)->severity,
			 SEVERITY_NOTE);
	add_clients(h, STATE_FIN_WAIT2, 443, 1, NGINX);
	passes(h, 25);
	assert_int_equal(found(h, FINDING_FIN_WAIT2)->severity,
			 SEVERITY_WARN);
}

/* ---- 7 and 8: queues ---- */

static void not_reading(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 20, JAVA);
	h->row[1].row.recv_q = 5000;
	passes(h, 10);
	none(h);
	for (int i = 0; i < 5; i++) {
		h->row[1].row.recv_q += 100;
		pass(h);
	}
	one = found(h, FINDING_NOT_READING);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);	/* one of twenty */
	says(one, "java[888] does not read: 5.5kB unread");
	says(one, "1 of its 20 open connections");
	says(one, "it grew, in 1 of 1");
	assert_int_equal(shown(h, one), 1);
	/* it reads a little: that is another matter */
	h->row[1].row.recv_q = 10;
	passes(h, 7);
	none(h);
}

/* One of many is a note; what gets shorter now and then is nothing. */
static void not_reading_just_below(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 30, JAVA);
	for (int i = 0; i < 60; i++) {
		h->row[1].row.recv_q = 1000 + 100 * (i % 7);
		pass(h);
		none(h);
	}
	h->row[1].row.recv_q = 0;
	h->row[2].row.recv_q = 1;
	passes(h, 15);
	assert_int_equal(found(h, FINDING_NOT_READING)->severity,
			 SEVERITY_NOTE);
	assert_int_equal(findings_raised(h->f), 0);
}

/* Nobody has read the rows again: nothing is known, and what is known stays. */
static void queues_are_old(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 20, JAVA);
	h->row[1].row.recv_q = 5000;
	passes(h, 2);
	for (int i = 0; i < 60; i++) {
		clock_fake_advance(&h->clock, NS_PER_SEC);
		scan(h);
		none(h);
	}
	passes(h, 14);
	assert_non_null(found(h, FINDING_NOT_READING));
	for (int i = 0; i < 60; i++) {
		clock_fake_advance(&h->clock, NS_PER_SEC);
		scan(h);
		assert_non_null(found(h, FINDING_NOT_READING));
	}
	h->row[1].row.recv_q = 0;
	passes(h, 7);
	none(h);
}

/* A pass that was cut did not show this row: it is old. */
static void queue_not_read_again(void **state)
{
	struct host_made *h = *state;
	struct table *t = h->m->table;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 20, JAVA);
	h->row[h->count - 1].row.recv_q = 5000;
	passes(h, 2);
	for (int i = 0; i < 60; i++) {
		clock_fake_advance(&h->clock, NS_PER_SEC);
		table_pass_begin(t, ORIGIN_NETLINK);
		for (size_t k = 0; k + 1 < h->count; k++)
			table_row(t, &h->row[k].row);
		table_pass_end(t, false);
		table_pass_settle(t);
		scan(h);
		none(h);
	}
	assert_int_equal(findings_scope(h->f)->scans, 62);
}

static void peer_not_reading(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 8080, 0, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 5, JAVA);
	/* a download: the queue is full all the time, and flows */
	h->row[1].row.send_q = 100000;
	h->row[1].row.timer = TIMER_RETRANS;
	passes(h, 30);
	none(h);
	h->row[1].row.timer = TIMER_PERSIST;
	passes(h, 10);
	none(h);
	passes(h, 3);
	one = found(h, FINDING_PEER_NOT_READING);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);
	says(one, "java[888]: other end does not read, 100kB unsent");
	says(one, "with 10.1.0.1");
	assert_int_equal(shown(h, one), 1);
	h->row[1].row.timer = TIMER_NONE;
	h->row[1].row.send_q = 0;
	passes(h, 7);
	none(h);
}

/* ---- 9: retransmitting ---- */

static void again(struct host_made *h, size_t row, unsigned times)
{
	h->row[row].row.timer = TIMER_RETRANS;
	h->row[row].row.retrans = (uint8_t)times;
	h->row[row].row.send_q = 1000;
}

static void retransmitting_one_address(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	add_clients(h, STATE_ESTABLISHED, 443, 100, NGINX);
	add_outgoing(h, STATE_ESTABLISHED, 40000, 5, APP);
	for (size_t i = 100; i < 105; i++)
		again(h, i, 7);
	pass(h);
	none(h);
	passes(h, 3);
	one = found(h, FINDING_RETRANSMITTING);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_WARN);
	says(one, "no answer from 10.9.9.9: 5 connections");
	says(one, "5 of the 5 connections with this address");
	says(one, "all by app[77]");
	assert_int_equal(shown(h, one), 5);
	/* and that explains it: no word of all addresses */
	assert_null(findings_get(h->f, 1));
	h->count = 100;
	passes(h, 7);
	none(h);
}

/* On a public server some clients vanish all the time. */
static void retransmitting_a_few(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	add_clients(h, STATE_ESTABLISHED, 443, 1000, NGINX);
	for (size_t i = 0; i < 100; i++)
		again(h, i, 2);		/* twice is nothing */
	passes(h, 8);
	none(h);
	for (size_t i = 0; i < 49; i++)
		again(h, i, 9);
	passes(h, 3);
	one = found(h, FINDING_RETRANSMITTING);
	assert_int_equal(one->severity, SEVERITY_NOTE);
	says(one, "49 connections get no answer");
	assert_int_equal(shown(h, one), 49);
	for (size_t i = 0; i < 60; i++)
		again(h, i, 9);
	passes(h, 2);
	assert_int_equal(found(h, FINDING_RETRANSMITTING)->severity,
			 SEVERITY_WARN);
}

/* ---- 10: TIME_WAIT ---- */

static void time_wait(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	listen_on(h, 443, 0, 100, NGINX);
	add_clients(h, STATE_TIME_WAIT, 443, 999, 0);
	passes(h, 5);
	none(h);
	add_clients(h, STATE_TIME_WAIT, 443, 201, 0);
	passes(h, 3);
	one = found(h, FINDING_TIME_WAIT);
	assert_non_null(one);
	assert_int_equal(one->severity, SEVERITY_NOTE);
	assert_int_equal(findings_raised(h->f), 0);
	says(one, "1,200 in TIME_WAIT on our port 443: we close first");
	says(one, "about 20/s are closed by this side");
	says(one, "the port is that of nginx[1201]");
	assert_int_equal(shown(h, one), 1200);

	h->sample.value[HOST_MAX_TW_BUCKETS] = 1500;
	passes(h, 2);
	assert_int_equal(found(h, FINDING_TIME_WAIT)->severity,
			 SEVERITY_WARN);
	h->sample.value[HOST_TIME_WAIT_OVERFLOW] = 10;
	pass(h);
	h->sample.value[HOST_TIME_WAIT_OVERFLOW] = 20;
	passes(h, 2);
	assert_int_equal(found(h, FINDING_TIME_WAIT)->severity,
			 SEVERITY_ALERT);
	h->count = 500;
	passes(h, 7);
	none(h);
}

static void time_wait_outgoing(void **state)
{
	struct host_made *h = *state;
	const struct finding *one;

	h->sample.value[HOST_PORT_LAST] = 65000;
	add_outgoing(h, STATE_TIME_WAIT, 33000, 1500, 0);
	passes(h, 5);
	one = found(h, FINDING_TIME_WAIT);
	assert_non_null(one);
	says(one, "towards 10.9.9.9:443");
	assert_int_equal(shown(h, one), 1500);
}

/* ---- the host's counters ---- */

static void orphans(void **state)
{
	struct host_made *h = *state;

	h->sample.value[HOST_MAX_ORPHANS] = 1000;
	h->sample.value[HOST_TCP_ORPHAN] = 499;
	passes(h, 5);
	none(h);
	h->sample.value[HOST_TCP_ORPHAN] = 500;
	passes(h, 3);
	assert_int_equal(found(h, FINDING_ORPHANS)->severity, SEVERITY_WARN);
	h->sample.value[HOST_TCP_ORPHAN] = 950;
	passes(h, 2);
	assert_int_equal(found(h, FINDING_ORPHANS)->severity, SEVERITY_ALERT);
	h->sample.value[HOST_TCP_ORPHAN] = 1;
	passes(h, 7);
	none(h);
}

static void memory(void **state)
{
	struct host_made *h = *state;

	h->sample.value[HOST_MEM_PRESSURE] = 1000;
	h->sample.value[HOST_MEM_LIMIT] = 1500;
	h->sample.value[HOST_TCP_MEM_PAGES] = 999;
	passes(h, 5);
	none(h);
	h->sample.value[HOST_TCP_MEM_PAGES] = 1000;
	passes(h, 3);
	says(found(h, FINDING_MEMORY), "1,000 pages");
	h->sample.value[HOST_TCP_MEM_PAGES] = 0;
	passes(h, 7);
	none(h);
}

/* ---- many, slow, frozen ---- */

/* A scan of ports: thousands of destinations, each once. */
static void many_destinations(void **state)
{
	struct host_made *h = *state;
	char to[32];

	for (unsigned i = 0; i < 20000; i++) {
		snprintf(to, sizeof(to), "10.%u.%u.%u", 20 + i / 60000,
			 i / 250 % 240, 1 + i % 250);
		add(h, STATE_SYN_SENT, "10.0.0.5", 1024 + i, to, 23, APP);
	}
	passes(h, 20);
	for (unsigned i = 0; i < 12; i++)
		add(h, STATE_SYN_SENT, "10.0.0.5", 40000 + i, "10.99.9.9", 80,
		    APP);
	passes(h, 20);
	/* the one that counts is found among them */
	says(found(h, FINDING_DEAD_UPSTREAM), "no answer from 10.99.9.9:80");
	assert_int_equal(findings_raised(h->f), 1);
	assert_true(findings_scope(h->f)->unwatched > 0);
}

/* A pass a minute is slow, but two are two. */
static void slow_passes(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8080, 101, 100, JAVA);
	for (int i = 0; i < 3; i++) {
		clock_fake_advance(&h->clock, 59 * NS_PER_SEC);
		pass(h);
	}
	assert_non_null(found(h, FINDING_ACCEPT_QUEUE));
}

static void held(void **state)
{
	struct host_made *h = *state;

	listen_on(h, 8080, 101, 100, JAVA);
	passes(h, 3);
	assert_non_null(found(h, FINDING_ACCEPT_QUEUE));
	findings_hold(h->f, true);
	h->row[0].row.recv_q = 0;
	passes(h, 20);
	assert_non_null(found(h, FINDING_ACCEPT_QUEUE));
	assert_int_equal(findings_scope(h->f)->scans, 3);
	findings_hold(h->f, false);
	pass(h);
	none(h);
	assert_int_equal(findings_scope(h->f)->scans, 24);
}

/* A step at a time it finds the same. */
static void in_steps(void **state)
{
	struct host_made *h = *state;
	int steps = 0;

	listen_on(h, 8080, 101, 100, JAVA);
	add_clients(h, STATE_ESTABLISHED, 8080, 2000, JAVA);
	passes(h, 2);
	clock_fake_advance(&h->clock, NS_PER_SEC);
	findings_begin(h->f);
	while (findings_step(h->f, 0))
		steps++;
	assert_true(steps >= 3);
	assert_non_null(found(h, FINDING_ACCEPT_QUEUE));
	assert_int_equal(findings_scope(h->f)->sockets, 2001);
}

/* ---- the table ---- */

static void kinds_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding_kind *k = &finding_kinds[i];
		struct buf b = { 0 };

		assert_true(k->name && *k->name);
		assert_true(k->title && *k->title);
		assert_true(k->why && *k->why);
		assert_true(k->remedy && *k->remedy);
		assert_true(k->least || k->share > 0);
		assert_int_equal(!k->least, !k->what);
		assert_int_equal(!(k->share > 0), !k->share_of);
		finding_threshold(&b, (enum finding_id)i);
		assert_true(b.len > 10);
		buf_free(&b);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(k->name,
						finding_kinds[j].name);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_found),
		TEST(busy_server),
		TEST(close_wait_leak),
		TEST(close_wait_just_below),
		TEST(close_wait_nobody_knows_whose),
		TEST(accept_queue),
		TEST(accept_queue_just_below),
		TEST(accept_queue_burst),
		TEST(dead_upstream),
		TEST(dead_upstream_v6),
		TEST(dead_upstream_just_below),
		TEST(syn_flood),
		TEST(syn_flood_just_below),
		TEST(syn_flood_cookies),
		TEST(syn_flood_is_a_full_queue),
		TEST(ports_running_out),
		TEST(ports_just_below),
		TEST(ports_in_time_wait),
		TEST(fin_wait2_local),
		TEST(fin_wait2_lost),
		TEST(fin_wait2_orphans),
		TEST(fin_wait2_elsewhere),
		TEST(not_reading),
		TEST(not_reading_just_below),
		TEST(queues_are_old),
		TEST(queue_not_read_again),
		TEST(peer_not_reading),
		TEST(retransmitting_one_address),
		TEST(retransmitting_a_few),
		TEST(time_wait),
		TEST(time_wait_outgoing),
		TEST(orphans),
		TEST(memory),
		TEST(many_destinations),
		TEST(slow_passes),
		TEST(held),
		TEST(in_steps),
		cmocka_unit_test(kinds_are_whole),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
