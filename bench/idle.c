/*
 * idle.c - very many connections that do nothing
 *
 *	tests/live/in-netns.sh idle SOCKETS [--churn RATE]
 *
 * SOCKETS is the number of ends: half as many connections over loopback, both
 * ends of each in one process, 9,450 connections a process (fewer in the
 * last).  Process i listens on 127.1.0.i:7000, so there are as many listeners
 * as processes besides.  With --churn one more process opens RATE connections
 * a second to 127.1.1.1:7000; each lives for a second, is closed by the client
 * and then by the server, and leaves a TIME_WAIT for a minute.
 *
 * Prints "ready" and what there is, and stays until a signal ends it: TERM,
 * INT or HUP.  Its processes are gone when it is, however it ends.  Exit
 * status 77: this machine has not the memory or the descriptors for it.
 *
 * A million sockets take about 15 s and 3 GB.
 */
#include "ground.h"
#include "../tests/live/net.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PAIRS = 9450,		/* a process: 20,000 descriptors are enough */
	SPARE_FILES = 32,
	PROCESSES_MAX = 254,
	BYTES_EACH = 3200,	/* of memory for a socket, file and inode too */
	CHURN_MAX = 5000,
	CHURN_LIFE = 1,		/* s */
	CHILD = 0x7f010000,	/* 127.1.0.0 */
	CHURN = 0x7f010101,	/* 127.1.1.1 */
	PORT = 7000,
};

static pid_t child[PROCESSES_MAX + 1];
static unsigned children;

struct pair {
	int client, server;
};

static void usage(void)
{
	fprintf(stderr, "usage: idle SOCKETS [--churn RATE]\n"
		"  SOCKETS  at most %d; half as many connections\n"
		"  RATE     connections a second, at most %d\n",
		2 * PAIRS * PROCESSES_MAX, CHURN_MAX);
	exit(2);
}

static unsigned number(const char *s, unsigned min, unsigned max)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*end || end == s || n < min || n > max)
		usage();
	return n;
}

static void forbid(const char *why)
{
	fprintf(stderr, "idle: %s\n", why);
	exit(77);
}

static void check_room(unsigned sockets)
{
	unsigned long kb = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "r");

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "MemAvailable: %lu", &kb);
	if (f)
		fclose(f);
	if (kb && kb < sockets * (unsigned long)BYTES_EACH / 1024)
		forbid("not enough memory");
	if (ground_enter() < 2 * PAIRS + SPARE_FILES)
		forbid("not enough descriptors (ulimit -n)");
}

/* ---- in a process of its own ---- */

static int listen_on(uint32_t host)
{
	struct in_addr in = { htonl(host) };
	char addr[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &in, addr, sizeof(addr));
	return net_listen(AF_INET, addr, PORT, 128);
}

static struct pair open_pair(int listener)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct pair p = { .client = net_socket(AF_INET) };

	if (getsockname(listener, (struct sockaddr *)&ss, &len) ||
	    connect(p.client, (struct sockaddr *)&ss, len))
		die("connect");
	p.server = net_accept(listener);
	return p;
}

/* Reset at the end: a million of TIME_WAIT would outlive us. */
static void leave_nothing(int fd)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		die("SO_LINGER");
}

static void be_idle(uint32_t host, unsigned pairs, int told)
{
	const int listener = listen_on(host);

	leave_nothing(listener);	/* its children inherit it */
	while (pairs--)
		leave_nothing(open_pair(listener).client);
	if (write(told, ".", 1) != 1)
		die("write");
	for (;;)
		pause();
}

static void be_churn(unsigned rate, int told)
{
	static struct pair ring[CHURN_MAX * CHURN_LIFE];
	const unsigned size = rate * CHURN_LIFE;
	const int listener = listen_on(CHURN);
	const int64_t start = ground_now();

	if (write(told, ".", 1) != 1)
		die("write");
	for (uint64_t i = 0;; i++) {
		struct pair *p = &ring[i % size];

		ground_sleep_until(start + i * INT64_C(1000000000) / rate);
		if (i >= size) {
			close(p->client);
			close(p->server);
		}
		*p = open_pair(listener);
	}
}

/* ---- all of them ---- */

static bool is_child(pid_t parent, const sigset_t *signals)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid) {
		child[children++] = pid;
		return false;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	return true;
}

static void end(int sig)
{
	for (unsigned i = 0; i < children; i++)
		kill(child[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	/* a process that ended by itself has said why */
	exit(sig == SIGCHLD ? 99 : 0);
}

/* Each tells by one byte that it is there. */
static void await_all(int told, const sigset_t *signals)
{
	const struct timespec tick = { .tv_nsec = 10000000 };
	char bytes[PROCESSES_MAX + 1];
	unsigned ready = 0;

	while (ready < children) {
		int sig = sigtimedwait(signals, NULL, &tick);
		ssize_t n = read(told, bytes, sizeof(bytes));

		if (sig > 0)
			end(sig);
		if (n > 0)
			ready += n;
	}
}

int main(int argc, char **argv)
{
	const bool churns = argc == 4 && !strcmp(argv[2], "--churn");
	const pid_t self = getpid();
	unsigned pairs, rate = 0, left;
	sigset_t signals;
	int told[2], sig;

	if (argc != 2 && !churns)
		usage();
	pairs = number(argv[1], 2, 2 * PAIRS * PROCESSES_MAX) / 2;
	if (churns)
		rate = number(argv[3], 1, CHURN_MAX);
	check_room(2 * pairs);

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (pipe2(told, O_CLOEXEC | O_NONBLOCK))
		die("pipe");
	for (left = pairs; left; ) {
		const unsigned n = left < PAIRS ? left : PAIRS;

		if (is_child(self, &signals))
			be_idle(CHILD + children + 1, n, told[1]);
		left -= n;
	}
	if (churns && is_child(self, &signals))
		be_churn(rate, told[1]);

	await_all(told[0], &signals);
	printf("ready: %u sockets, %u listeners, %u connections/s\n",
	       2 * pairs, children, rate);
	fflush(stdout);
	do
		sig = sigwaitinfo(&signals, NULL);
	while (sig < 0);
	end(sig);
}
