#include "lives.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net.h"

enum { PORT = 7100, CLOSED_PORT = 7199 };

static const struct {
	int family;
	const char *addr;		/* to listen on and to connect to */
} families[LIFE_FAMILIES] = {
	[LIFE_IPV4] = { AF_INET, "127.0.0.1" },
	[LIFE_IPV6] = { AF_INET6, "::1" },
	[LIFE_MAPPED] = { AF_INET6, "::ffff:127.0.0.2" },
};

static int listeners[LIFE_FAMILIES];

int64_t boottime(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

void lives_begin(void)
{
	for (int f = 0; f < LIFE_FAMILIES; f++)
		listeners[f] = net_listen(families[f].family, families[f].addr,
					  PORT + f, 16);
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		die("SO_COOKIE");
	return cookie;
}

/* Like net_wait_state(), without sleeping. */
static void reach(int fd, int state)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	for (int tries = 0; tries < 1000; tries++) {
		if (!getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) &&
		    info.tcpi_state == state)
			return;
		sched_yield();
	}
	net_wait_state(fd, state);
}

/* ---- what is expected ---------------------------------------------------- */

#define WENT(life, ...) went(life, (const uint8_t []){ __VA_ARGS__ }, \
			     sizeof((const uint8_t []){ __VA_ARGS__ }))

static void went(struct life *l, const uint8_t *path, size_t n)
{
	memcpy(l->path + l->length, path, n);
	l->length += n;
	l->left = TCP_CLOSE;
}

/* ---- the lives ----------------------------------------------------------- */

struct pair {
	int client, server;
};

static struct pair open_pair(enum life_family f, struct life *l)
{
	struct pair p;

	p.client = net_connect(families[f].family, families[f].addr, PORT + f);
	p.server = net_accept(listeners[f]);
	l[0].cookie = cookie_of(p.client);
	l[1].cookie = cookie_of(p.server);
	reach(p.server, TCP_ESTABLISHED);
	WENT(&l[0], TCP_CLOSE, TCP_SYN_SENT, TCP_ESTABLISHED);
	WENT(&l[1], TCP_LISTEN, TCP_SYN_RECV, TCP_ESTABLISHED);
	return p;
}

static void reset_on_close(int fd)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		die("SO_LINGER");
}

/* Each byte brings the acknowledgement along that would else be delayed. */
static void pass_byte(int from, int to)
{
	char c;

	if (send(from, "x", 1, 0) != 1 || recv(to, &c, 1, 0) != 1)
		die("one byte");
}

static void half_close(int first, int second)
{
	shutdown(first, SHUT_WR);
	reach(second, TCP_CLOSE_WAIT);
	pass_byte(second, first);
	reach(first, TCP_FIN_WAIT2);
}

/* The other end's FIN acknowledges ours, unless the kernel lost patience. */
static void close_in_turn(int first, int second,
			  struct life *a, struct life *b)
{
	close(first);
	reach(second, TCP_CLOSE_WAIT);
	close(second);
	WENT(a, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE);
	a->left = 0;
	WENT(b, TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSE);
}

static void client_closes(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	close_in_turn(p.client, p.server, &l[0], &l[1]);
}

static void server_closes(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	close_in_turn(p.server, p.client, &l[1], &l[0]);
}

/* An orphan in FIN_WAIT2 goes on as a mini-socket. */
static void client_leaves_orphan(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	half_close(p.client, p.server);
	close(p.client);
	close(p.server);
	WENT(&l[0], TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE);
	l[0].left = TCP_FIN_WAIT2;
	WENT(&l[1], TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSE);
}

/* `first` stays until the other end has closed: straight into TIME_WAIT. */
static void wait_for_peer(int first, int second,
			  struct life *a, struct life *b)
{
	half_close(first, second);
	close(second);
	reach(first, TCP_CLOSE);
	close(first);
	WENT(a, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE);
	a->left = TCP_TIME_WAIT;
	WENT(b, TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSE);
}

static void client_half_closes(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	wait_for_peer(p.client, p.server, &l[0], &l[1]);
}

static void server_half_closes(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	wait_for_peer(p.server, p.client, &l[1], &l[0]);
}

static void client_resets(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	reset_on_close(p.client);
	close(p.client);
	reach(p.server, TCP_CLOSE);
	close(p.server);
	WENT(&l[0], TCP_CLOSE);
	WENT(&l[1], TCP_CLOSE);
}

/* Closing with something unread resets, too. */
static void server_leaves_unread(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);
	char c;

	if (send(p.client, "x", 1, 0) != 1 ||
	    recv(p.server, &c, 1, MSG_PEEK) != 1)
		die("one byte");
	close(p.server);
	reach(p.client, TCP_CLOSE);
	close(p.client);
	WENT(&l[0], TCP_CLOSE);
	WENT(&l[1], TCP_CLOSE);
}

static void reset_when_half_closed(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	half_close(p.client, p.server);
	reset_on_close(p.client);
	close(p.client);
	reach(p.server, TCP_CLOSE);
	close(p.server);
	WENT(&l[0], TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE);
	WENT(&l[1], TCP_CLOSE_WAIT, TCP_CLOSE);
}

static void reset_by_peer_when_half_closed(enum life_family f, struct life *l)
{
	struct pair p = open_pair(f, l);

	half_close(p.client, p.server);
	reset_on_close(p.server);
	close(p.server);
	reach(p.client, TCP_CLOSE);
	close(p.client);
	WENT(&l[0], TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE);
	WENT(&l[1], TCP_CLOSE_WAIT, TCP_CLOSE);
}

static void refused(enum life_family f, struct life *l)
{
	int fd = net_connect_start(families[f].family, families[f].addr,
				   CLOSED_PORT);

	l[0].cookie = cookie_of(fd);
	reach(fd, TCP_CLOSE);
	close(fd);
	WENT(&l[0], TCP_CLOSE, TCP_SYN_SENT, TCP_CLOSE);
}

static void disconnect(int fd)
{
	const struct sockaddr none = { .sa_family = AF_UNSPEC };

	if (connect(fd, &none, sizeof(none)))
		die("disconnect");
}

/* The same socket, and so the same cookie, for two connections. */
static void connects_twice(enum life_family f, struct life *l)
{
	struct sockaddr_storage to;
	socklen_t len = sizeof(to);
	struct pair p = open_pair(f, l);

	if (getpeername(p.client, (struct sockaddr *)&to, &len))
		die("getpeername");
	disconnect(p.client);
	reach(p.server, TCP_CLOSE);
	close(p.server);
	WENT(&l[1], TCP_CLOSE);

	if (connect(p.client, (struct sockaddr *)&to, len))
		die("connect again");
	p.server = net_accept(listeners[f]);
	l[2].cookie = cookie_of(p.server);
	disconnect(p.client);
	reach(p.server, TCP_CLOSE);
	close(p.server);
	close(p.client);
	WENT(&l[0], TCP_CLOSE, TCP_SYN_SENT, TCP_ESTABLISHED, TCP_CLOSE);
	WENT(&l[2], TCP_LISTEN, TCP_SYN_RECV, TCP_ESTABLISHED, TCP_CLOSE);
}

static void listens(enum life_family f, struct life *l)
{
	int fd = net_listen(families[f].family, families[f].addr,
			    CLOSED_PORT + 1, 16);

	l[0].cookie = cookie_of(fd);
	close(fd);
	WENT(&l[0], TCP_CLOSE, TCP_LISTEN, TCP_CLOSE);
}

/* Nothing but a port: no state is ever entered. */
static void binds(enum life_family f, struct life *l)
{
	int fd = net_socket(families[f].family);

	net_bind(fd, families[f].addr, 0);
	l[0].cookie = cookie_of(fd);
	close(fd);
	WENT(&l[0], TCP_CLOSE);
}

const struct life_kind life_kinds[] = {
	{ "the client closes first", client_closes, 2 },
	{ "the server closes first", server_closes, 2 },
	{ "the client leaves an orphan", client_leaves_orphan, 2 },
	{ "the client half-closes", client_half_closes, 2 },
	{ "the server half-closes", server_half_closes, 2 },
	{ "the client resets", client_resets, 2 },
	{ "the server leaves data unread", server_leaves_unread, 2 },
	{ "reset when half-closed", reset_when_half_closed, 2 },
	{ "reset by the peer when half-closed",
	  reset_by_peer_when_half_closed, 2 },
	{ "connects twice", connects_twice, 3 },
	{ "refused", refused, 1 },
	{ "listens", listens, 1 },
	{ "binds only", binds, 1 },
};

const unsigned life_kind_count = sizeof(life_kinds) / sizeof(*life_kinds);
