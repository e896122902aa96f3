#include "conn.h"
#include "../tests/live/net.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	BACKLOG = 16,
	PORT_REFUSED = 100, PORT_DROPPED,	/* above the family's first */
	SYN_MS = 1000,	/* the kernel's first timer for a SYN */
};
#define MS		INT64_C(1000000)

struct conn {
	int64_t due;		/* not looked at before */
	int client, server;	/* -1: none */
	uint8_t ending, family, listener;
	bool connected;
};

/* A ring; those due soonest stand first. */
struct queue {
	struct conn *ring;
	unsigned size, head, count;
};

/* A connection stands in one at a time: shaking, alive, closing; those that
 * will time out in waiting. */
static struct queue shaking, alive, closing, waiting;
struct truth truth;
static const struct plan *plan;
static unsigned files_max, files;	/* descriptors: allowed, in use */

/* One connection at a time is under way to a listener, so that what it
 * accepts is known to be the other end. */
static struct listener {
	int fd;
	bool busy;
} listeners[FAMILY_COUNT][LISTENERS];

static void push(struct queue *q, const struct conn *c)
{
	q->ring[(q->head + q->count++) % q->size] = *c;
}

static void make_queues(void)
{
	struct queue *all[] = { &shaking, &alive, &closing, &waiting };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		all[i]->size = files_max;
		all[i]->ring = calloc(files_max, sizeof(*all[i]->ring));
		if (!all[i]->ring)
			die("memory");
	}
}

static void close_end(int *fd)
{
	if (*fd < 0)
		return;
	close(*fd);
	*fd = -1;
	files--;
}

static void discard(struct conn *c)
{
	close_end(&c->client);
	close_end(&c->server);
}

static void fail(struct conn *c, int error)
{
	truth.failed++;
	truth.failed_errno[error < ERRNOS ? error : 0]++;
	discard(c);
}

static void reset_end(int *fd)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(*fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		die("SO_LINGER");
	close_end(fd);
}

/*
 * The kernel paces a socket after its first ten segments.  Segments as small
 * as can be, and a rate that then makes the next thing sent, the FIN, wait a
 * few milliseconds: meanwhile the other end's FIN arrives.
 */
enum { SMALL_MSS = 88, PACED_BYTES = 760, PACED_RATE = 50000, PACED_MS = 4 };

static void shut_both(struct conn *c)
{
	static const char bytes[PACED_BYTES];

	net_option(c->server, SOL_SOCKET, SO_MAX_PACING_RATE, PACED_RATE);
	if (send(c->server, bytes, sizeof(bytes), 0) != sizeof(bytes) ||
	    shutdown(c->server, SHUT_WR) || shutdown(c->client, SHUT_WR)) {
		truth.astray++;
		discard(c);
		return;
	}
	c->due = ground_now() + PACED_MS * MS;
	push(&closing, c);
}

/* ---- the steps: each false if it has to be tried again ----------------- */

/* Has this end been closed from afar, as it should?  -1: not yet. */
static int closed_from_afar(int fd, int expected_error)
{
	char bytes[1024];
	ssize_t n;

	do
		n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0);
	if (n < 0 && errno == EAGAIN)
		return -1;
	return (n < 0 ? errno : 0) == expected_error;
}

static bool finish_closing(struct conn *c)
{
	const bool reset = c->ending == RST_CLIENT || c->ending == RST_SERVER;
	const int ends[] = { c->client, c->server };
	bool as_asked = true;

	for (int i = 0; i < 2; i++) {
		int closed = ends[i] < 0 ? 1 :
			closed_from_afar(ends[i], reset ? ECONNRESET : 0);

		if (closed < 0)
			return false;
		as_asked &= closed;
	}
	discard(c);
	if (as_asked)
		truth.made[c->ending]++;
	else
		truth.astray++;
	return true;
}

static bool end_life(struct conn *c)
{
	switch (c->ending) {
	case FIN_CLIENT:
		close_end(&c->client);
		break;
	case FIN_SERVER:
		close_end(&c->server);
		break;
	case RST_CLIENT:
		reset_end(&c->client);
		break;
	case RST_SERVER:
		reset_end(&c->server);
		break;
	default:
		shut_both(c);
		return true;
	}
	if (!finish_closing(c))
		push(&closing, c);
	return true;
}

static bool accept_other_end(struct conn *c)
{
	struct listener *l = &listeners[c->family][c->listener];

	c->server = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (c->server < 0)
		return false;
	files++;
	l->busy = false;
	truth.established++;
	c->due = ground_now() + plan->life_ms * MS;
	if (plan->life_ms)
		push(&alive, c);
	else
		end_life(c);
	return true;
}

static socklen_t address(struct sockaddr_storage *ss, unsigned family,
			 unsigned listener, unsigned port)
{
	return ground_address(ss, family, plan->host + listener,
			      plan->port + family * PORT_SPAN + port);
}

/* The first call starts it, the next ones ask how it went. */
static bool shake(struct conn *c)
{
	struct sockaddr_storage ss;
	const unsigned port = c->ending == REFUSED ? PORT_REFUSED :
		c->ending == TIMED_OUT ? PORT_DROPPED : c->listener;
	socklen_t len = address(&ss, c->family, c->listener, port);
	const int should_fail = c->ending == REFUSED ? ECONNREFUSED :
		c->ending == TIMED_OUT ? ETIMEDOUT : 0;

	if (!c->connected && connect(c->client, (struct sockaddr *)&ss, len)) {
		if (errno == EINPROGRESS || errno == EALREADY)
			return false;
		if (errno == should_fail) {
			truth.made[c->ending]++;
			discard(c);
			return true;
		}
		if (!should_fail)
			listeners[c->family][c->listener].busy = false;
		fail(c, errno);
		return true;
	}
	if (should_fail) {
		truth.astray++;
		discard(c);
		return true;
	}
	c->connected = true;
	return accept_other_end(c);
}

/* All that is due once; what is not done goes to the end, for a while later. */
static void work(struct queue *q, bool (*step)(struct conn *), int64_t pause)
{
	const int64_t now = ground_now();

	for (unsigned n = q->count; n && q->ring[q->head].due <= now; n--) {
		struct conn c = q->ring[q->head];

		q->head = (q->head + 1) % q->size;
		q->count--;
		if (step(&c))
			continue;
		c.due = now + pause;
		push(q, &c);
	}
}

void conn_work(void)
{
	work(&shaking, shake, 0);
	work(&alive, end_life, 0);
	work(&closing, finish_closing, 0);
	work(&waiting, shake, 20 * MS);
}

static uint8_t choose_ending(void)
{
	unsigned at;

	if (plan->ending < ENDING_COUNT)
		return plan->ending;
	at = random() % 100;
	for (int i = 0; i < ENDING_COUNT; i++) {
		if (at < endings[i].weight)
			return i;
		at -= endings[i].weight;
	}
	return FIN_CLIENT;
}

static uint8_t next_family(void)
{
	static unsigned last;

	do
		last = (last + 1) % FAMILY_COUNT;
	while (!plan->family[last]);
	return last;
}

/* One to whom nothing is under way; -1: all have one. */
static int free_listener(enum ground_family family)
{
	static unsigned last;

	for (int tries = 0; tries < LISTENERS; tries++) {
		last = (last + 1) % LISTENERS;
		if (!listeners[family][last].busy)
			return last;
	}
	return -1;
}

bool conn_start(void)
{
	struct conn c = { .server = -1, .family = next_family() };
	int listener = free_listener(c.family);

	if (listener < 0 || files + 2 > files_max)
		return false;
	c.listener = listener;
	c.ending = choose_ending();
	c.client = socket(c.family == FAMILY_4 ? AF_INET : AF_INET6,
			  SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c.client < 0)
		die("socket");
	files++;
	truth.started++;
	if (c.ending == SIMULTANEOUS)
		net_option(c.client, IPPROTO_TCP, TCP_MAXSEG, SMALL_MSS);
	if (c.ending == TIMED_OUT) {
		net_option(c.client, IPPROTO_TCP, TCP_SYNCNT, 1);
		net_option(c.client, IPPROTO_TCP, TCP_USER_TIMEOUT, SYN_MS);
	}
	if (c.ending != REFUSED && c.ending != TIMED_OUT)
		listeners[c.family][c.listener].busy = true;

	if (shake(&c))
		return true;
	if (c.ending == TIMED_OUT) {
		c.due = ground_now() + SYN_MS * MS;
		push(&waiting, &c);
	} else if (!shake(&c)) {
		push(&shaking, &c);
	}
	return true;
}

static void listen_on(unsigned family, unsigned i)
{
	struct sockaddr_storage ss;
	socklen_t len = address(&ss, family, i, i);
	int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC |
			SOCK_NONBLOCK, 0);

	if (fd < 0)
		die("socket");
	net_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, (struct sockaddr *)&ss, len) || listen(fd, BACKLOG))
		die("listen");
	listeners[family][i].fd = fd;
	truth.listeners++;
	files++;
}

void conn_setup(const struct plan *p, unsigned max)
{
	plan = p;
	files_max = max - 64;	/* for /proc and whatever came before us */
	make_queues();
	for (unsigned family = 0; family < FAMILY_COUNT; family++) {
		if (!plan->family[family])
			continue;
		for (unsigned i = 0; i < LISTENERS; i++)
			listen_on(family, i);
		if (plan->ending == TIMED_OUT || plan->ending == ENDING_COUNT)
			ground_drop_syns(plan->port + family * PORT_SPAN +
					 PORT_DROPPED);
	}
}

unsigned conn_left(void)
{
	return shaking.count + alive.count + closing.count + waiting.count;
}

void conn_teardown(void)
{
	struct queue *all[] = { &shaking, &alive, &closing, &waiting };

	truth.astray += conn_left();
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		for (; all[i]->count; all[i]->count--) {
			discard(&all[i]->ring[all[i]->head]);
			all[i]->head = (all[i]->head + 1) % all[i]->size;
		}
		free(all[i]->ring);
	}
	for (unsigned family = 0; family < FAMILY_COUNT; family++)
		for (unsigned i = 0; i < LISTENERS && plan->family[family]; i++)
			close_end(&listeners[family][i].fd);
}
