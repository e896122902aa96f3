/*
 * holders.c - one connection in many hands
 *
 *	holders PROCESSES DESCRIPTORS
 *
 * Each of the processes holds both ends of one connection to 127.0.0.1:6400,
 * and so many descriptors more of one end as far as RLIMIT_NOFILE permits.
 * Prints "ready N", N descriptors in all, and holds them until its stdin ends;
 * when it has ended, all of them have.
 */
#include "net.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT = 6400 };

static void hold(int fd, int count, int ready)
{
	int n = 0;

	while (n < count && fcntl(fd, F_DUPFD_CLOEXEC, 0) >= 0)
		n++;
	if (write(ready, &n, sizeof(n)) != sizeof(n))
		_exit(99);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	int processes = argc > 1 ? atoi(argv[1]) : 1;
	int count = argc > 2 ? atoi(argv[2]) : 0;
	struct rlimit files;
	int ready[2], client, server, listener, i, n;
	long all = 0;
	char c;

	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	listener = net_listen(AF_INET, "127.0.0.1", PORT, 5);
	client = net_connect(AF_INET, "127.0.0.1", PORT);
	server = net_accept(listener);
	close(listener);
	if (pipe(ready) || setpgid(0, 0))
		die("pipe");
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		hold(client, count, ready[1]);
	}
	close(client);
	close(server);
	for (i = 0; i < processes; i++) {
		if (read(ready[0], &n, sizeof(n)) != sizeof(n))
			die("a child");
		all += n;
	}
	printf("ready %ld\n", all);
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	/* all of the group but us */
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	return 0;
}
