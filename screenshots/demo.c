/*
 * demo.c - a web server's host with something going on, for the pictures
 *
 *	demo web	in the host's network namespace: nginx, java, an app, …
 *	demo world	in the one beyond its cable: clients and a database
 *
 * Only names and addresses are played; the sockets are real.  the script run builds
 * the two namespaces and the packet filter that loses what has to be lost.
 */
#include "../tests/live/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FDS = 900 };

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Mean ms, between a quarter and almost twice of it. */
static long about(long ms)
{
	return ms / 4 + random() % (ms * 3 / 2 + 1);
}

/* A process of this name; 0 in the child, as fork() says it. */
static pid_t spawn(const char *name, uid_t uid)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_NAME, name);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	srandom(getpid());
	if (uid && setresuid(uid, uid, uid))
		die("setuid");
	/* setuid takes both away */
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return 0;
}

/* ---- servers -------------------------------------------------------------- */

/*
 * Answers for ever.  What a client sends says what to do: 'c' close, anything
 * else: send a page.  A client that has gone is closed as well, but one of
 * `leak` is forgotten, as a program with a bug does.
 */
static void serve(const int *listeners, int count, int leak)
{
	static struct pollfd fds[FDS];
	static const char page[8000];
	int n = 0;

	for (; n < count; n++) {
		fcntl(listeners[n], F_SETFL, O_NONBLOCK);
		fds[n] = (struct pollfd){ listeners[n], POLLIN, 0 };
	}
	while (poll(fds, n, -1) > 0) {
		for (int i = 0; i < count; i++) {
			int fd;

			if (!fds[i].revents || n == FDS)
				continue;
			fd = accept4(fds[i].fd, NULL, NULL, SOCK_CLOEXEC);
			if (fd >= 0)
				fds[n++] = (struct pollfd){ fd, POLLIN, 0 };
		}
		for (int i = count; i < n; i++) {
			char c = 'c';

			if (!fds[i].revents)
				continue;
			if (recv(fds[i].fd, &c, 1, MSG_DONTWAIT) > 0 &&
			    c != 'c') {
				send(fds[i].fd, page, sizeof(page),
				     MSG_DONTWAIT);
				continue;
			}
			if (!leak || random() % leak)
				close(fds[i].fd);
			fds[i--] = fds[--n];
		}
	}
}

static void server(const char *name, uid_t uid, const char *addr,
		   uint16_t port, int backlog, int leak)
{
	int family = strchr(addr, ':') ? AF_INET6 : AF_INET;
	int fd = net_listen(family, addr, port, backlog);

	if (spawn(name, uid) == 0)
		serve(&fd, 1, leak);
	close(fd);
}

static void nginx(void)
{
	int fds[4];

	if (spawn("nginx", 0))
		return;
	fds[0] = net_listen(AF_INET, "0.0.0.0", 443, 511);
	fds[1] = net_listen(AF_INET, "0.0.0.0", 80, 511);
	for (int i = 0; i < 2; i++) {
		fds[2 + i] = net_socket(AF_INET6);
		net_option(fds[2 + i], IPPROTO_IPV6, IPV6_V6ONLY, 1);
		net_bind(fds[2 + i], "::", i ? 80 : 443);
		listen(fds[2 + i], 511);
	}
	for (int i = 0; i < 4; i++)
		if (spawn("nginx", 33) == 0)
			serve(fds, 4, 0);
	for (;;)
		wait(NULL);
}

/* ---- clients ---------------------------------------------------------------- */

/* Who ends the connection. */
enum ending { CLIENT_ENDS, SERVER_ENDS, SERVER_ENDS_CLIENT_STAYS,
	      BOTH_END, NOBODY_ENDS };

/* Connections of one kind, every so often. */
struct stream {
	const char *from;	/* a %ld is replaced at random; NULL any */
	long from_first, from_count;
	const char *to;
	uint16_t port;
	long every, life;	/* mean ms */
	enum ending ending;
	long next;
};

struct connection {
	int fd;
	long end;
	bool asked;
	enum ending ending;
};

static struct connection connections[FDS];
static int connection_count;

static void start(struct stream *s)
{
	int family = strchr(s->to, ':') ? AF_INET6 : AF_INET;
	struct connection *c = &connections[connection_count];
	char from[64];

	if (connection_count == FDS)
		return;
	if (!s->from) {
		c->fd = net_connect_start(family, s->to, s->port);
	} else {
		snprintf(from, sizeof(from), s->from,
			 s->from_first + random() % s->from_count);
		c->fd = net_connect_from(family, from, s->to, s->port);
	}
	c->end = now_ms() + about(s->life);
	c->ending = s->ending;
	c->asked = false;
	connection_count++;
}

/* True when it is over. */
static bool step(struct connection *c)
{
	char page[8000];
	ssize_t n = recv(c->fd, page, sizeof(page), MSG_DONTWAIT);

	/* about eight times a second, until it asked for the end */
	if (n < 0 && !c->asked && random() % 64 == 0)
		send(c->fd, "r", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0 || c->ending == NOBODY_ENDS)
		return false;
	if (n == 0 && c->ending == SERVER_ENDS)
		return true;
	if (now_ms() < c->end)
		return false;
	if (c->ending == CLIENT_ENDS || c->asked)
		return true;
	c->asked = send(c->fd, "c", 1, MSG_NOSIGNAL) == 1;
	c->end = now_ms() + (c->ending == SERVER_ENDS ? 5000 :
			     c->ending == BOTH_END ? 300 : 60000);
	return !c->asked;
}

static void call(struct stream *streams, int n)
{
	for (;;) {
		for (int i = 0; i < n; i++) {
			if (now_ms() < streams[i].next)
				continue;
			start(&streams[i]);
			streams[i].next = now_ms() + about(streams[i].every);
		}
		for (int i = 0; i < connection_count; i++) {
			if (!step(&connections[i]))
				continue;
			close(connections[i].fd);
			connections[i--] = connections[--connection_count];
		}
		usleep(2000);
	}
}

#define CALL(name, uid, streams) do {					\
	if (spawn(name, uid) == 0)					\
		call(streams, sizeof(streams) / sizeof((streams)[0]));	\
} while (0)

/* ---- the two sides ------------------------------------------------------------ */

static void web(void)
{
	static struct stream app[] = {
		/* its pool, and what it opens for one question each */
		{ .to = "10.0.0.9", .port = 5432, .every = 8000,
		  .life = 90000, .ending = CLIENT_ENDS },
		{ .to = "10.0.0.9", .port = 5432, .every = 400, .life = 60,
		  .ending = CLIENT_ENDS },
		{ .to = "127.0.0.1", .port = 6379, .every = 9000,
		  .life = 80000, .ending = CLIENT_ENDS },
		/* a search server that does not answer */
		{ .to = "10.0.0.77", .port = 9200, .every = 6000,
		  .life = 12000, .ending = CLIENT_ENDS },
	};
	static struct stream curl[] = {
		{ .to = "2001:db8::9", .port = 443, .every = 2500,
		  .life = 800, .ending = SERVER_ENDS },
	};

	nginx();
	server("java", 1000, "::", 8080, 100, 6);
	server("sshd", 0, "0.0.0.0", 22, 128, 0);
	server("redis-server", 999, "127.0.0.1", 6379, 511, 0);
	server("node_exporter", 65534, "::", 9100, 128, 0);
	server("systemd-resolve", 101, "127.0.0.53", 53, 128, 0);
	CALL("curl", 1000, curl);
	if (spawn("app", 1000) == 0) {
		for (int i = 0; i < 2; i++)
			net_bind(net_socket(AF_INET), "10.0.0.5", 0);
		/* nobody takes what stands in this queue */
		net_listen(AF_INET, "0.0.0.0", 9000, 4);
		call(app, sizeof(app) / sizeof(app[0]));
	}
}

static void world(void)
{
	static struct stream streams[] = {
		{ "203.0.113.%ld", 2, 200, "10.0.0.5", 443, 180, 4000,
		  SERVER_ENDS, 0 },
		{ "203.0.113.%ld", 2, 200, "10.0.0.5", 443, 300, 6000,
		  CLIENT_ENDS, 0 },
		{ "2001:db8::a:%ld", 1, 90, "2001:db8::5", 443, 900, 9000,
		  CLIENT_ENDS, 0 },
		{ "203.0.113.%ld", 2, 200, "10.0.0.5", 80, 900, 400,
		  SERVER_ENDS, 0 },
		{ "198.51.100.%ld", 2, 40, "10.0.0.5", 8080, 700, 3000,
		  CLIENT_ENDS, 0 },
		{ "10.0.0.2", 0, 1, "10.0.0.5", 9100, 5000, 200,
		  CLIENT_ENDS, 0 },
		{ "192.0.2.10", 0, 1, "10.0.0.5", 22, 10000000, 0,
		  NOBODY_ENDS, 0 },
		{ "203.0.113.%ld", 2, 200, "10.0.0.5", 9000, 9000, 30000,
		  CLIENT_ENDS, 0 },
		/* whose answers get lost: see run */
		{ "203.0.113.%ld", 240, 10, "10.0.0.5", 443, 4000, 4000,
		  CLIENT_ENDS, 0 },
		{ "198.51.100.66", 0, 1, "10.0.0.5", 443, 20000, 500,
		  SERVER_ENDS_CLIENT_STAYS, 0 },
		{ "198.51.100.67", 0, 1, "10.0.0.5", 443, 18000, 500,
		  CLIENT_ENDS, 0 },
		{ "198.51.100.68", 0, 1, "10.0.0.5", 443, 25000, 500,
		  BOTH_END, 0 },
		{ "198.51.100.69", 0, 1, "10.0.0.5", 443, 6000, 500,
		  SERVER_ENDS_CLIENT_STAYS, 0 },
	};

	server("postgres", 0, "10.0.0.9", 5432, 128, 0);
	server("nginx", 0, "2001:db8::9", 443, 128, 0);
	CALL("world", 0, streams);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc == 2 && !strcmp(argv[1], "web")) {
		web();
	} else if (argc == 2 && !strcmp(argv[1], "world")) {
		world();
	} else {
		fprintf(stderr, "usage: demo web|world\n");
		return 2;
	}
	for (;;)
		pause();
}
