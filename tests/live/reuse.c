/*
 * reuse.c - a connection, and at once another one with the same four-tuple
 *
 *	reuse mark	listens on port 20999 for a moment
 *	reuse		connects from port 20991 to port 20990 of 127.0.0.1; at
 *			a line on stdin resets that and does so again; at the
 *			end of stdin resets it and ends
 *
 * Prints "first CLIENT SERVER" and "second CLIENT SERVER": their cookies.
 */
#include "net.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PORT = 20990, FROM = 20991, MARK = 20999 };

static uint64_t cookie(int fd)
{
	uint64_t n = 0;
	socklen_t len = sizeof(n);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &n, &len))
		die("SO_COOKIE");
	return n;
}

static void reset(int fd)
{
	const struct linger now = { .l_onoff = 1 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)))
		die("SO_LINGER");
	close(fd);
}

static void make(int listener, int fd[2], const char *name)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (getsockname(listener, (struct sockaddr *)&ss, &len))
		die("getsockname");
	fd[0] = net_socket(AF_INET);
	net_option(fd[0], SOL_SOCKET, SO_REUSEADDR, 1);
	net_bind(fd[0], "127.0.0.1", FROM);
	if (connect(fd[0], (struct sockaddr *)&ss, len))
		die("connect");
	fd[1] = net_accept(listener);
	printf("%s %" PRIu64 " %" PRIu64 "\n", name, cookie(fd[0]),
	       cookie(fd[1]));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char line[8];
	int fd[2], listener;

	if (argc == 2 && !strcmp(argv[1], "mark")) {
		net_listen(AF_INET, "127.0.0.1", MARK, 1);
		usleep(300000);
		return 0;
	}
	listener = net_listen(AF_INET, "127.0.0.1", PORT, 1);
	make(listener, fd, "first");
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	reset(fd[0]);
	reset(fd[1]);
	make(listener, fd, "second");
	while (fgets(line, sizeof(line), stdin))
		;
	reset(fd[0]);
	reset(fd[1]);
	return 0;
}
