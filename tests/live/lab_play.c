/*
 * lab_play.c - what many labs have to do: to wait for what the kernel shows,
 * to connect, and servers without fault
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

/* ---- what the kernel shows ---- */

static bool is_one(const struct lab_rows *want, const char *line)
{
	unsigned local, remote, state, send_q, recv_q;

	if (sscanf(line, "%*u: %*8x:%x %*8x:%x %x %x:%x", &local, &remote,
		   &state, &send_q, &recv_q) != 5)
		return false;
	return (!want->state || state == (unsigned)want->state) &&
	       (!want->local_port || local == (unsigned)want->local_port) &&
	       (!want->remote_port || remote == (unsigned)want->remote_port) &&
	       recv_q >= want->recv_q && send_q >= want->send_q;
}

static int count_rows(const struct lab_rows *want)
{
	FILE *text = fopen("/proc/self/net/tcp", "re");
	char line[512];
	int n = 0;

	if (!text)
		die("/proc/self/net/tcp");
	while (fgets(line, sizeof(line), text))
		n += is_one(want, line);
	fclose(text);
	return n;
}

void lab_wait(int n, const struct lab_rows *rows)
{
	time_t end = time(NULL) + 10;
	int seen;

	while ((seen = count_rows(rows)) < n && time(NULL) < end)
		lab_sleep_ms(20);
	if (seen >= n)
		return;
	fprintf(stderr, "lab: state %d, ports %d and %d: %d, not %d\n",
		rows->state, rows->local_port, rows->remote_port, seen, n);
	exit(99);
}

void lab_sleep_ms(int ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

/* ---- connections ---- */

int lab_connect(const char *from, const char *to, uint16_t port)
{
	int fd = net_connect_from(AF_INET, from, to, port);

	net_wait_state(fd, TCP_ESTABLISHED);
	return fd;
}

void play_keep(int port)
{
	int listener = net_listen(AF_INET, "0.0.0.0", (uint16_t)port, 128);

	actor_ready();
	for (;;)
		net_accept(listener);
}

void play_close(int port)
{
	static struct pollfd fds[4096];
	const int max = sizeof(fds) / sizeof(*fds);
	int n = 1;

	fds[0] = (struct pollfd){
		net_listen(AF_INET, "0.0.0.0", (uint16_t)port, 128), POLLIN, 0,
	};
	actor_ready();
	for (;;) {
		if (poll(fds, (nfds_t)n, -1) < 0)
			die("poll");
		for (int i = n - 1; i > 0; i--) {
			if (!fds[i].revents)
				continue;
			close(fds[i].fd);
			fds[i] = fds[--n];
		}
		if (fds[0].revents && n < max)
			fds[n++] = (struct pollfd){
				net_accept(fds[0].fd), POLLIN, 0,
			};
	}
}
