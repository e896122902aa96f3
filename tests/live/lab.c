/*
 * lab.c - real trouble in a network namespace of its own
 *
 *	lab NAME
 *
 * Makes the trouble, says "NAME PID" for each process in it, and "ready" when
 * the kernel shows what was meant.  The namespace is that of its own process
 * (nsenter -n -t).  Holds all until its stdin ends, a signal ends it or two
 * minutes are over, whatever comes first: trouble is bounded.  77: not
 * permitted here.  Without a name it lists them.
 */
#include "lab.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lab_stage.h"

enum { LIFE = 120 };	/* seconds, when nobody ends it */

struct lab {
	const char *name;
	void (*make)(void);
};

static const struct lab plays[] = {
	{ "accept-queue",	lab_accept_queue },
	{ "close-wait",		lab_close_wait },
	{ "dead-upstream",	lab_dead_upstream },
	{ "fin-wait2",		lab_fin_wait2 },
	{ "manual",		lab_manual },
	{ "not-reading",	lab_not_reading },
	{ "peer-not-reading",	lab_peer_not_reading },
	{ "port-holder",	lab_port_holder },
	{ "ports",		lab_ports },
	{ "retransmitting",	lab_retransmitting },
	{ "service",		lab_service },
	{ "syn-flood",		lab_syn_flood },
	{ "talker",		lab_talker },
	{ "time-wait",		lab_time_wait },
};

static volatile sig_atomic_t over;

/* What reads or waits returns; what began to just after that, a second
 * later. */
static void stop(int sig)
{
	(void)sig;
	over = 1;
	alarm(1);
}

static void catch(int sig)
{
	const struct sigaction action = { .sa_handler = stop };

	sigaction(sig, &action, NULL);
}

static void many_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char **argv)
{
	const size_t n = sizeof(plays) / sizeof(*plays);
	size_t i;
	char c;

	for (i = 0; i < n; i++) {
		if (argc < 2)
			puts(plays[i].name);
		else if (!strcmp(argv[1], plays[i].name))
			break;
	}
	if (i == n)
		return argc < 2 ? 0 : 99;
	signal(SIGPIPE, SIG_IGN);
	catch(SIGTERM);
	catch(SIGINT);
	catch(SIGALRM);
	alarm(LIFE);
	many_files();
	stage_build();
	atexit(stage_clear);
	plays[i].make();
	puts("ready");
	fflush(stdout);
	while (!over && read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
