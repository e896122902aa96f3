/*
 * talk.c - two processes that talk over loopback, and then are silent
 *
 *	talk
 *
 * "talk-server" listens on [::]:6500 for both families, "talk-client" connects
 * to 127.0.0.1:6500; some data goes both ways.  A second connection of the
 * client is never accepted, and holds 5 bytes.  Prints "ready SERVER CLIENT",
 * the pids, and ends when its stdin does.
 */
#include "net.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { PORT = 6500, ROUNDS = 20, SENT = 3000, ANSWERED = 700 };

static void transfer(int fd, size_t n, bool out)
{
	char data[4096] = { 0 };
	ssize_t done;

	while (n) {
		done = out ? write(fd, data, n < 4096 ? n : 4096) :
			     read(fd, data, n < 4096 ? n : 4096);
		if (done <= 0)
			die(out ? "write" : "read");
		n -= (size_t)done;
	}
}

static void client(int said)
{
	int fd, waiting;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "talk-client");
	fd = net_connect(AF_INET, "127.0.0.1", PORT);
	for (int i = 0; i < ROUNDS; i++) {
		transfer(fd, SENT, true);
		transfer(fd, ANSWERED, false);
	}
	waiting = net_connect(AF_INET, "127.0.0.1", PORT);
	transfer(waiting, 5, true);
	transfer(said, 1, true);
	for (;;)
		pause();
}

int main(void)
{
	int listener, fd, said[2];
	pid_t child;
	char c;

	if (pipe(said))
		die("pipe");
	listener = net_listen(AF_INET6, "::", PORT, 5);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		close(listener);
		client(said[1]);
	}
	prctl(PR_SET_NAME, "talk-server");
	fd = net_accept(listener);
	for (int i = 0; i < ROUNDS; i++) {
		transfer(fd, SENT, false);
		transfer(fd, ANSWERED, true);
	}
	transfer(said[0], 1, false);
	printf("ready %d %d\n", getpid(), child);
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	kill(child, SIGKILL);
	return 0;
}
