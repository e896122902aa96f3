#include "life.h"
#include "../tests/live/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	HOST = 0x7f4e0001,	/* 127.78.0.1 */
	SYN_TIMEOUT_MS = 1000,
};

/* For calls that have to succeed. */
static void expect(struct life *life, bool good)
{
	if (!good)
		life_fault(life, strerror(errno));
}

static enum ground_family family_of(const struct life *life,
				    const struct end *e)
{
	return strchr("cd", e->role) ? life->families->client :
				       life->families->server;
}

static void read_names(struct end *e, bool remote)
{
	socklen_t len = sizeof(e->local);

	getsockname(e->fd, (struct sockaddr *)&e->local, &len);
	len = sizeof(e->remote);
	if (remote)
		getpeername(e->fd, (struct sockaddr *)&e->remote, &len);
}

static void hold_descriptor(struct end *e, int fd)
{
	socklen_t len = sizeof(e->cookie);

	e->fd = fd;
	e->used = e->held = true;
	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &e->cookie, &len))
		die("SO_COOKIE");
}

static void need_socket(struct life *life, struct end *e)
{
	if (e->fd >= 0)
		return;
	e->opened = ground_now();
	e->state = e->traced = TCP_CLOSE;
	hold_descriptor(e, net_socket(family_of(life, e) == FAMILY_4 ?
				      AF_INET : AF_INET6));
}

static void bind_to(struct life *life, struct end *e, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = ground_address(&ss, family_of(life, e), HOST, port);

	need_socket(life, e);
	net_option(e->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	expect(life, !bind(e->fd, (struct sockaddr *)&ss, len));
	read_names(e, false);
}

/* ---- the steps ---------------------------------------------------------- */

static void listen_with(struct life *life, struct end *e, int backlog)
{
	if (e->fd < 0)
		bind_to(life, e, PORT_LISTEN + life->id);
	model_enter(e, TCP_LISTEN);
	expect(life, !listen(e->fd, backlog));
}

static void do_listen(struct life *life, struct end *e)
{
	listen_with(life, e, 8);
}

static void do_listen0(struct life *life, struct end *e)
{
	listen_with(life, e, 0);
}

static void do_defer(struct life *life, struct end *e)
{
	bind_to(life, e, PORT_LISTEN + life->id);
	net_option(e->fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 5);
	life->deferred = true;
	listen_with(life, e, 8);
}

static void do_bind(struct life *life, struct end *e)
{
	bind_to(life, e, (e->role == 'c' ? PORT_C : PORT_D) + life->id);
}

static void do_bind_c(struct life *life, struct end *e)
{
	bind_to(life, e, PORT_C + life->id);
}

/* Returns errno, 0 if connected. */
static int connect_to(struct life *life, struct end *e, uint16_t port,
		      bool wait)
{
	socklen_t len = ground_address(&e->remote, family_of(life, e), HOST,
				       port);
	int error = 0;

	need_socket(life, e);
	fcntl(e->fd, F_SETFL, wait ? 0 : O_NONBLOCK);
	if (connect(e->fd, (struct sockaddr *)&e->remote, len))
		error = errno;
	fcntl(e->fd, F_SETFL, 0);
	if (error != ECONNREFUSED)	/* then the port is given back */
		read_names(e, false);
	return error;
}

static void expect_error(struct life *life, int error, int expected)
{
	errno = error;
	expect(life, error == expected);
}

static uint32_t host_of(const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	uint32_t host = v4->sin_addr.s_addr;

	if (ss->ss_family == AF_INET6)
		memcpy(&host, &v6->sin6_addr.s6_addr[12], sizeof(host));
	return ntohl(host);
}

static uint16_t port_of(const struct sockaddr_storage *ss)
{
	/* at the same place in both */
	return ntohs(((const struct sockaddr_in *)ss)->sin_port);
}

/* What the listener's family makes of the other side's addresses. */
static void name_child(const struct life *life, struct end *client)
{
	struct end *child = client->peer;
	const enum ground_family family = life->families->server;

	if (!child || child->held)
		return;
	if (family == FAMILY_6) {
		child->local = client->remote;
		child->remote = client->local;
		return;
	}
	ground_address(&child->local, family, host_of(&client->remote),
		       port_of(&client->remote));
	ground_address(&child->remote, family, host_of(&client->local),
		       port_of(&client->local));
}

static void do_connect(struct life *life, struct end *e)
{
	expect_error(life, connect_to(life, e, PORT_LISTEN + life->id, true),
		     0);
	model_connect(life, e);
	name_child(life, e);
}

/* The queue takes one more than it was asked for, and no second one. */
static void do_stuck(struct life *life, struct end *e)
{
	expect_error(life, connect_to(life, e, PORT_LISTEN + life->id, false),
		     EINPROGRESS);
	life->full = true;
	model_connect(life, e);
	life->full = false;
}

static void do_refused(struct life *life, struct end *e)
{
	expect_error(life, connect_to(life, e, PORT_NOBODY + life->id, true),
		     ECONNREFUSED);
	model_enter(e, TCP_SYN_SENT);
	model_enter(e, TCP_CLOSE);
}

static void do_drop(struct life *life, struct end *e)
{
	need_socket(life, e);
	net_option(e->fd, IPPROTO_TCP, TCP_SYNCNT, 1);
	net_option(e->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, SYN_TIMEOUT_MS);
	expect_error(life, connect_to(life, e, PORT_DROP, false), EINPROGRESS);
	model_enter(e, TCP_SYN_SENT);
}

static void do_timeout(struct life *life, struct end *e)
{
	model_stop(life, e);
}

static void do_self(struct life *life, struct end *e)
{
	expect_error(life, connect_to(life, e, port_of(&e->local), true), 0);
	e->peer = e;
	model_enter(e, TCP_SYN_SENT);
	model_enter(e, TCP_SYN_RECV);
	model_enter(e, TCP_ESTABLISHED);
}

static void do_slow(struct life *life, struct end *e)
{
	need_socket(life, e);
	ground_slow(e->fd, true);
	e->slow = true;
}

static void do_hold(struct life *life, struct end *e)
{
	(void)life;
	(void)e;
	ground_hold();
}

static void do_cross(struct life *life, struct end *e)
{
	const uint16_t port = e->role == 'c' ? PORT_D : PORT_C;

	expect_error(life, connect_to(life, e, port + life->id, false),
		     EINPROGRESS);
	model_enter(e, TCP_SYN_SENT);
}

/* What was held arrives. */
static void do_settle(struct life *life, struct end *e)
{
	model_settle(e, e->peer ? e->peer : life_end(life, 'd'));
}

/* Only then, or the answers would overtake what is held. */
static void do_fast(struct life *life, struct end *e)
{
	(void)life;
	ground_slow(e->fd, false);
	ground_slow(e->peer->fd, false);
}

static void do_accept(struct life *life, struct end *e)
{
	int fd = accept4(life_end(life, 'l')->fd, NULL, NULL, SOCK_CLOEXEC);

	expect(life, fd >= 0);
	if (fd < 0)
		return;
	e->opened = ground_now();
	hold_descriptor(e, fd);
	read_names(e, true);
}

static void do_send(struct life *life, struct end *e)
{
	expect(life, send(e->fd, "tulpen", 6, MSG_NOSIGNAL) == 6);
	model_data(life, e);
	name_child(life, e);
}

static void do_recv(struct life *life, struct end *e)
{
	char bytes[64];

	expect(life, recv(e->fd, bytes, sizeof(bytes), 0) > 0);
	e->unread = false;
}

static void do_shut(struct life *life, struct end *e)
{
	const bool connecting = e->state == TCP_SYN_SENT;

	/* ENOTCONN, which is so, but it gives up all the same */
	expect(life, !shutdown(e->fd, SHUT_WR) || connecting);
	if (connecting)
		model_stop(life, e);
	else
		model_fin(e);
}

static void do_shut_rd(struct life *life, struct end *e)
{
	expect(life, !shutdown(e->fd, SHUT_RD));
	if (e->state == TCP_LISTEN)
		model_stop(life, e);
}

static void do_shut_rdwr(struct life *life, struct end *e)
{
	expect(life, !shutdown(e->fd, SHUT_RDWR));
	model_fin(e);
}

static void do_linger(struct life *life, struct end *e)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 1 };

	expect(life, !setsockopt(e->fd, SOL_SOCKET, SO_LINGER, &linger,
				 sizeof(linger)));
}

static void close_descriptor(struct end *e)
{
	e->closed = ground_now();
	close(e->fd);
	e->fd = -1;
}

static void do_close(struct life *life, struct end *e)
{
	close_descriptor(e);
	if (e->state == TCP_LISTEN || e->state == TCP_SYN_SENT) {
		model_stop(life, e);
	} else if (e->unread) {
		model_reset(e);
	} else {
		model_orphan(e);
		model_fin(e);
	}
}

static void do_reset(struct life *life, struct end *e)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	expect(life, !setsockopt(e->fd, SOL_SOCKET, SO_LINGER, &linger,
				 sizeof(linger)));
	close_descriptor(e);
	model_reset(e);
}

static void do_unconnect(struct life *life, struct end *e)
{
	const struct sockaddr none = { .sa_family = AF_UNSPEC };

	expect(life, !connect(e->fd, &none, sizeof(none)));
	model_reset(e);
	e->peer = NULL;
}

static const struct {
	const char *name;
	void (*run)(struct life *life, struct end *e);
} does[] = {
	{ "listen", do_listen },	{ "listen0", do_listen0 },
	{ "defer", do_defer },		{ "bind", do_bind },
	{ "bind_c", do_bind_c },	{ "connect", do_connect },
	{ "stuck", do_stuck },		{ "refused", do_refused },
	{ "drop", do_drop },		{ "timeout", do_timeout },
	{ "self", do_self },		{ "slow", do_slow },
	{ "hold", do_hold },		{ "cross", do_cross },
	{ "settle", do_settle },	{ "fast", do_fast },
	{ "accept", do_accept },
	{ "send", do_send },		{ "recv", do_recv },
	{ "shut", do_shut },		{ "shut_rd", do_shut_rd },
	{ "shut_rdwr", do_shut_rdwr },	{ "linger", do_linger },
	{ "close", do_close },		{ "reset", do_reset },
	{ "unconnect", do_unconnect },
};

void life_do(struct life *life, struct end *e, const char *what)
{
	for (size_t i = 0; i < sizeof(does) / sizeof(does[0]); i++)
		if (!strcmp(does[i].name, what)) {
			does[i].run(life, e);
			return;
		}
	life_fault(life, "no such step");
}
