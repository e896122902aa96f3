/*
 * wall.c - how long commands take, one after the other, in turns
 *
 *	wall RUNS COMMAND... -- COMMAND...
 *
 * Runs each RUNS times, taking turns so that what else goes on meets all of
 * them, with stdout to /dev/null.  Prints a line for each: median, min and max
 * of the wall clock in ms, and the most memory that it had, in KiB.  A command
 * that ends other than by exit(0) or exit(1) ends this program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 100, COMMANDS_MAX = 8 };

static struct command {
	char **argv;
	double ms[RUNS_MAX];
	long rss;
} commands[COMMANDS_MAX];

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static void exec_it(char *const *argv)
{
	int null = open("/dev/null", O_WRONLY);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDOUT_FILENO);
	execvp(argv[0], argv);
	fprintf(stderr, "wall: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static double run(struct command *c)
{
	const double begun = now_ms();
	struct rusage use;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		exec_it(c->argv);
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid) {
		perror("wall");
		exit(1);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
		fprintf(stderr, "wall: %s failed\n", c->argv[0]);
		exit(1);
	}
	if (use.ru_maxrss > c->rss)
		c->rss = use.ru_maxrss;
	return now_ms() - begun;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const int runs = argc > 2 ? atoi(argv[1]) : 0;
	int count = 0;

	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: wall RUNS COMMAND... -- COMMAND...\n");
		return 2;
	}
	for (int i = 2; i < argc && count < COMMANDS_MAX; i++) {
		commands[count++].argv = argv + i;
		while (i < argc && strcmp(argv[i], "--"))
			i++;
		argv[i] = NULL;
	}
	for (int i = 0; i < runs; i++)
		for (int k = 0; k < count; k++)
			commands[k].ms[i] = run(&commands[k]);
	for (int k = 0; k < count; k++) {
		double *ms = commands[k].ms;

		qsort(ms, runs, sizeof(ms[0]), by_size);
		printf("%.1f %.1f %.1f %ld\n",
		       (ms[(runs - 1) / 2] + ms[runs / 2]) / 2, ms[0],
		       ms[runs - 1], commands[k].rss);
	}
	return 0;
}
