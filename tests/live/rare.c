/*
 * rare.c - is the table true while passes are rare?
 *
 *	in-netns.sh rare BUDGET
 *
 * Runs the sampler as the screen does, with a budget (percent of a core) that
 * leaves one pass or two, and says "ready" when events keep the table.  Then it
 * does what it reads from stdin, one word a line, and answers each with a line
 * "WORD yes" or "WORD no: why":
 *
 *	same	the table becomes what a dump of the kernel's says
 *	queues	a queue that grows is seen on the screen, a round or two later
 *	details	so is tcp_info of what is shown, and of nothing else
 *	fin	a FIN that only a mini-socket gets turns it into TIME_WAIT
 *	ended	no TIME_WAIT is left, here nor there
 *	passes	no pass was read since "ready"
 *
 * Exit status 77 without the state trace.
 */
#include "net.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "sampler.h"
#include "source/source.h"

enum { PATIENCE = 15, LONG_PATIENCE = 80 };	/* s */

static struct monitor *monitor;
static struct sampler *sampler;
static struct loop *loop;
static struct loop_timer *timer;
static unsigned rounds;
static uint32_t passes;
static char why[200];
/* what is "on the screen": the socket with this cookie */
static uint64_t on_screen;

static uint64_t cookie_of(int fd)
{
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		die("SO_COOKIE");
	return cookie;
}

static const struct sock *find(uint64_t cookie, uint32_t *slot)
{
	for (*slot = 0; *slot < table_slots(monitor->table); ++*slot) {
		const struct sock *s = table_slot(monitor->table, *slot);

		if (s && s->live && s->row.cookie == cookie)
			return s;
	}
	return NULL;
}

static size_t shown(void *arg, struct sock_ref *rows, size_t max)
{
	uint32_t slot;
	const struct sock *s = on_screen && max ? find(on_screen, &slot) : NULL;

	(void)arg;
	if (!s)
		return 0;
	rows[0] = (struct sock_ref){ .slot = slot, .serial = s->serial };
	return 1;
}

static void on_news(void *arg, enum sampler_news news)
{
	(void)arg;
	rounds += news == NEWS_PASS || news == NEWS_LOOK;
}

/* The loop must not sleep longer than the caller wants to look again. */
static void on_timer(void *arg)
{
	(void)arg;
}

/* Lets the sampler go on until it holds, or the time is over. */
static bool becomes(bool (*holds)(void), int seconds)
{
	int64_t end = clock_mono(&clock_system) + seconds * NS_PER_SEC;

	while (!holds()) {
		int64_t now = clock_mono(&clock_system);

		if (now > end)
			return false;
		loop_timer_set(timer, now + 20 * NS_PER_MS);
		loop_round(loop, true);
	}
	return true;
}

/* ---- the table against a dump ---- */

struct dump {
	struct row row[4096];
	size_t count;
};
static struct dump dump;

static void take_row(void *arg, const struct row *row)
{
	(void)arg;
	if (dump.count == 4096)
		die("too many sockets");
	dump.row[dump.count++] = *row;
}

static void read_dump(void)
{
	const struct source_want want = {
		.states = STATES_ALL & ~STATE_BIT(STATE_BOUND) &
			  ~STATE_BIT(STATE_CLOSE),
		.ipv4 = true, .ipv6 = true,
	};
	const struct source_sink sink = { take_row, NULL };
	struct source *src = source_netlink(&clock_system);
	enum source_result r;

	dump.count = 0;
	if (!src || source_begin(src, &want))
		die("sock_diag");
	do {
		r = source_step(src, &sink, NS_PER_SEC);
	} while (r == SOURCE_MORE || r == SOURCE_WAIT);
	source_free(src);
}

static bool is_compared(const struct sock *s)
{
	return s && s->live && s->row.state != STATE_BOUND &&
	       s->row.state != STATE_CLOSE;
}

static bool say_row(const char *what, const struct sock_id *id, unsigned state)
{
	snprintf(why, sizeof(why), "%s: %s %u > %u", what,
		 state_info(state)->name, id->local_port, id->remote_port);
	return false;
}

static bool is_same(void)
{
	size_t known = 0;

	read_dump();
	for (size_t i = 0; i < dump.count; i++) {
		const struct row *r = &dump.row[i];
		const struct sock *s = table_find(monitor->table, &r->id,
						  r->cookie);

		if (!s || !s->live)
			return say_row("not known", &r->id, r->state);
		if (s->row.state != r->state)
			return say_row("in another state", &r->id, r->state);
	}
	for (uint32_t i = 0; i < table_slots(monitor->table); i++)
		known += is_compared(table_slot(monitor->table, i));
	snprintf(why, sizeof(why), "%zu known, %zu there", known, dump.count);
	return known == dump.count &&
	       table_counts(monitor->table)->total >= known;
}

static bool same(void)
{
	return becomes(is_same, PATIENCE);
}

/* ---- what a screen shows ---- */

static int client, server;
static uint32_t expected;

static void make_pair(uint16_t port)
{
	int listener = net_listen(AF_INET, "127.0.0.1", port, 5);

	client = net_connect(AF_INET, "127.0.0.1", port);
	server = net_accept(listener);
	close(listener);
}

static bool has_queue(void)
{
	uint32_t slot;
	const struct sock *s = find(cookie_of(server), &slot);

	snprintf(why, sizeof(why), "%u bytes, not %u", s ? s->row.recv_q : 0,
		 expected);
	return s && s->row.recv_q == expected;
}

static bool grows(uint32_t bytes)
{
	static const char text[1000];
	unsigned before;

	if (send(client, text, bytes, 0) != (ssize_t)bytes)
		die("send");
	expected += bytes;
	before = rounds;
	if (!becomes(has_queue, PATIENCE))
		return false;
	snprintf(why, sizeof(why), "%u rounds later", rounds - before);
	return rounds - before <= 2;
}

static bool queues(void)
{
	make_pair(9100);
	expected = 0;
	on_screen = cookie_of(server);
	return grows(700) && grows(40);
}

static bool has_detail(void)
{
	uint32_t slot;
	const struct sock *s = find(cookie_of(server), &slot);

	strcpy(why, "no tcp_info");
	return s && sock_detail(s);
}

static bool details(void)
{
	size_t n = 0;

	sampler_want(sampler, NEED_HOST, NEED_LIMIT | NEED_INFO);
	if (!becomes(has_detail, PATIENCE))
		return false;
	for (uint32_t i = 0; i < table_slots(monitor->table); i++) {
		const struct sock *s = table_slot(monitor->table, i);

		n += s && s->row.state != STATE_LISTEN && sock_detail(s);
	}
	sampler_want(sampler, NEED_HOST, NEED_LIMIT);
	on_screen = 0;
	close(client);
	close(server);
	snprintf(why, sizeof(why), "%zu sockets have tcp_info", n);
	return n == 1;
}

/* ---- steps that nobody tells ---- */

static uint64_t orphan;

static bool orphan_is(unsigned state)
{
	uint32_t slot;
	const struct sock *s = find(orphan, &slot);

	snprintf(why, sizeof(why), "it is %s",
		 s ? state_info(s->row.state)->name : "gone");
	return s && s->row.state == state &&
	       s->row.timer == TIMER_TIME_WAIT;
}

static bool waits_for_fin(void)
{
	return orphan_is(STATE_FIN_WAIT2);
}

static bool waits_for_time(void)
{
	return orphan_is(STATE_TIME_WAIT);
}

static bool fin(void)
{
	make_pair(9200);
	orphan = cookie_of(client);
	close(client);
	if (!becomes(waits_for_fin, PATIENCE))
		return false;
	close(server);
	return becomes(waits_for_time, PATIENCE);
}

static bool is_ended(void)
{
	const struct table_counts *c = table_counts(monitor->table);
	bool known = is_same();

	snprintf(why + strlen(why), sizeof(why) - strlen(why),
		 ", %u in TIME_WAIT, %s", c->state[STATE_TIME_WAIT],
		 monitor->status.maintained ? "kept by events" : "not kept");
	return known && !c->state[STATE_TIME_WAIT];
}

static bool ended(void)
{
	return becomes(is_ended, LONG_PATIENCE);
}

static bool is_maintained(void)
{
	return monitor->status.maintained && !sampler_partial(sampler);
}

static bool no_pass(void)
{
	snprintf(why, sizeof(why), "%u passes",
		 table_passes(monitor->table) - passes);
	return table_passes(monitor->table) == passes;
}

static const struct command {
	const char *name;
	bool (*run)(void);
} commands[] = {
	{ "same", same }, { "queues", queues }, { "details", details },
	{ "fin", fin }, { "ended", ended }, { "passes", no_pass },
};

/* Between commands the sampler goes on as well. */
static void on_stdin(void *arg, int fd, short revents)
{
	char line[80];

	(void)arg;
	(void)fd;
	(void)revents;
	if (!fgets(line, sizeof(line), stdin))
		exit(0);
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(line, commands[i].name))
			continue;
		why[0] = '\0';
		if (commands[i].run())
			printf("%s yes\n", line);
		else
			printf("%s no: %s\n", line, why);
	}
}

int main(int argc, char **argv)
{
	const struct sampler_options o = {
		.procfs = "/proc", .interval = 200 * NS_PER_MS,
		.budget = argc > 1 ? atof(argv[1]) / 100 : 1e-6,
		.ipv4 = true, .ipv6 = true, .shown = shown,
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0);
	monitor = monitor_new(&clock_system, 1000);
	loop = loop_new(&clock_system);
	timer = loop_timer(loop, on_timer, NULL);
	sampler = sampler_new(monitor, &o);
	sampler_want(sampler, NEED_HOST, NEED_LIMIT | NEED_FRESH);
	sampler_start(sampler, loop, on_news, NULL);
	if (!becomes(is_maintained, PATIENCE)) {
		fprintf(stderr, "%s\n", monitor->status.events_why);
		return 77;
	}
	passes = table_passes(monitor->table);
	puts("ready");
	loop_fd(loop, STDIN_FILENO, POLLIN, on_stdin, NULL);
	loop_run(loop);
	return 0;
}
