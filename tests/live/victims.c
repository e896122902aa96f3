/*
 * victims.c - connections to be closed by somebody else
 *
 *	victims PORT N [PORT N]...
 *
 * For each pair listens on that port of 127.0.0.1 and holds both ends of N
 * connections to it.  Prints "ready", and holds them until its stdin ends.
 */
#include "net.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char byte;

	for (int i = 1; i + 1 < argc; i += 2) {
		uint16_t port = (uint16_t)atoi(argv[i]);
		int n = atoi(argv[i + 1]);
		int listener = net_listen(AF_INET, "127.0.0.1", port, 128);

		while (n--) {
			net_connect(AF_INET, "127.0.0.1", port);
			net_accept(listener);
		}
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
