/*
 * churn.c - many steady connections, and many more that come and go
 *
 *	churn STEADY SECONDS RATE
 *
 * Holds STEADY connections to 127.0.0.2:7000 (two sockets each, and a
 * listener), prints "ready", and does what lines on stdin say: "probe" makes
 * one connection to 127.0.0.4:7002; "churn" for SECONDS opens and closes RATE
 * connections a second to 127.0.0.3:7001, then prints "churned N".  Holds the
 * steady ones until stdin ends.
 *
 * The steady ones are made first and so stand at the tails of the kernel's
 * hash chains: a dump that resumes by position skips them whenever something
 * before them went away.
 */
#include "net.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { POOL = 500, TIME_WAIT_EVERY = 50 };

struct pair {
	int client, server;
};

static struct pair pool[POOL];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int listen_on(const char *addr, uint16_t port)
{
	return net_listen(AF_INET, addr, port, 1024);
}

static struct pair open_pair(int listener, const char *addr, uint16_t port)
{
	struct pair p;

	p.client = net_connect(AF_INET, addr, port);
	p.server = net_accept(listener);
	return p;
}

/* Resets, so that TIME_WAIT sockets do not fill the table; but some. */
static void close_pair(const struct pair *p, bool reset)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (reset && setsockopt(p->client, SOL_SOCKET, SO_LINGER, &linger,
				sizeof(linger)))
		die("SO_LINGER");
	close(p->client);
	close(p->server);
}

static unsigned long churn(int listener, double seconds, double rate)
{
	const double start = now();
	unsigned long done = 0;

	for (int i = 0; i < POOL; i++)
		pool[i] = open_pair(listener, "127.0.0.3", 7001);
	while (now() < start + seconds) {
		struct pair *p = &pool[random() % POOL];

		if (done > (now() - start) * rate) {
			usleep(1000);
			continue;
		}
		close_pair(p, done % TIME_WAIT_EVERY != 0);
		*p = open_pair(listener, "127.0.0.3", 7001);
		done++;
	}
	for (int i = 0; i < POOL; i++)
		close_pair(&pool[i], true);
	return done;
}

int main(int argc, char **argv)
{
	struct rlimit files;
	int steady, busy, probe;
	char line[16];

	if (argc != 4) {
		fprintf(stderr, "usage: churn STEADY SECONDS RATE\n");
		return 99;
	}
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}

	steady = listen_on("127.0.0.2", 7000);
	busy = listen_on("127.0.0.3", 7001);
	probe = listen_on("127.0.0.4", 7002);
	for (int i = 0; i < atoi(argv[1]); i++)
		open_pair(steady, "127.0.0.2", 7000);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (!strcmp(line, "probe\n")) {
			open_pair(probe, "127.0.0.4", 7002);
			continue;
		}
		printf("churned %lu\n", churn(busy, atof(argv[2]),
					      atof(argv[3])));
		fflush(stdout);
	}
	return 0;
}
