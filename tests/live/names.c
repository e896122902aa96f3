/*
 * names.c - processes with names nobody should have
 *
 *	names [DEVICE]
 *
 * One process for each hostile name, listening on a port of its own from 6200
 * on, with one connection; the one on 6200 as user 4242.  With DEVICE, a
 * listener bound to that on port 6300.  Prints "ready" and holds all until its
 * stdin ends.
 */
#include "net.h"

#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT = 6200, PORT_DEVICE = 6300 };

/* 7777 in a control sequence is what no program writes by itself; names have
 * 15 bytes at most. */
static const char *const names[] = {
	"\033]52;c;YQ==\007",		/* sets the clipboard */
	"\033[7777m",
	"\233" "7777m",			/* CSI as one byte */
	"\302\233" "7777m",		/* and as a character */
	"\033P7777\033\\",
	"\302\220" "7777\302\234",	/* DCS … ST */
	"\342\200\256gnp.exe",		/* written from right to left */
	"\342\200\213a\342\200\215b",	/* of no width */
	"\357\273\277bom",
	"x\177\b\b\bhid",
	"two\nlines\r\tx",
	"a) b",
	")(",
	"",
	"\377\376\303",
	"e\314\201\314\202\314\203\314\204\314\205",
	"\344\270\255\346\226\207\345\255\227\344\270\255\346\226\207",
	"\"quo,te\\\"'",
	"\360\237\214\267\360\237\214\267\360\237\214\267",
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static void hold(int i)
{
	int listener = net_listen(AF_INET, "127.0.0.1", PORT + i, 5);
	int client, server;

	if (i == 0 && setuid(4242))
		die("setuid");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	client = net_connect(AF_INET, "127.0.0.1", PORT + i);
	server = net_accept(listener);
	prctl(PR_SET_NAME, names[i]);
	if (write(STDOUT_FILENO, ".", 1) != 1)
		die("write");
	pause();
	close(client);
	close(server);
}

static void bind_device(const char *device)
{
	int fd = net_socket(AF_INET6);

	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
		       strlen(device)))
		die("SO_BINDTODEVICE");
	net_bind(fd, "::", PORT_DEVICE);
	if (listen(fd, 5))
		die("listen");
}

int main(int argc, char **argv)
{
	int ready[2], i;
	char c;

	if (argc > 1)
		bind_device(argv[1]);
	if (pipe(ready))
		die("pipe");
	for (i = 0; i < NAMES; i++) {
		if (fork())
			continue;
		dup2(ready[1], STDOUT_FILENO);
		hold(i);
		return 0;
	}
	close(ready[1]);
	for (i = 0; i < NAMES; i++)
		if (read(ready[0], &c, 1) != 1)
			die("a child");
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
