/*
 * sample.c - what a pass costs the running program, beside the floor
 *
 *	sample SOURCE RUNS DELAY TULPEN	(SOURCE: netlink, proc)
 *
 * Runs "tulpen -b -s --source SOURCE --events off -d DELAY", which reads the
 * whole table every DELAY seconds and prints one line of JSON for it.  The
 * cost of a pass is the CPU time the process used from one line to the next:
 * whatever it does for a sample is in it.  After each line, while tulpen
 * sleeps, the floor is measured: for netlink the same dump, received and
 * thrown away (floor.h), for proc "cat /proc/net/tcp", CPU time too.  With
 * proc, tulpen reads that one file only (-4).  The first two passes, which
 * make the table, do not count.
 *
 * Prints medians: ms of the pass, ms of the floor, and KiB that tulpen has.
 */
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 100, UNCOUNTED = 2 };

static void die(const char *what)
{
	fprintf(stderr, "sample: %s: %s\n", what, strerror(errno));
	exit(1);
}

static pid_t start(char *const *argv, FILE **out)
{
	int fd[2];
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd[1], STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(fd[1]);
	*out = fdopen(fd[0], "r");
	return pid;
}

static double cpu_ms(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts))
		die("its clock");
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static double children_ms(void)
{
	struct rusage use;

	getrusage(RUSAGE_CHILDREN, &use);
	return use.ru_utime.tv_sec * 1e3 + use.ru_utime.tv_usec / 1e3 +
	       use.ru_stime.tv_sec * 1e3 + use.ru_stime.tv_usec / 1e3;
}

static double cat_ms(void)
{
	static char *const argv[] = { "cat", "/proc/net/tcp", NULL };
	const double before = children_ms();
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		die("cat");
	return children_ms() - before;
}

static double floor_ms(bool proc)
{
	struct floor f;

	if (proc)
		return cat_ms();
	floor_dump(&f, FLOOR_STATES, 0);
	return f.cpu / 1e6;
}

/* A sample is there; false: the program has ended. */
static bool next_line(FILE *f)
{
	int c;

	while ((c = getc(f)) != '\n')
		if (c == EOF)
			return false;
	return true;
}

static long rss_of(pid_t pid)
{
	char path[64], line[128];
	long kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "VmRSS: %ld", &kb);
	if (f)
		fclose(f);
	return kb;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *ms, int n)
{
	qsort(ms, n, sizeof(ms[0]), by_size);
	return (ms[(n - 1) / 2] + ms[n / 2]) / 2;
}

int main(int argc, char **argv)
{
	const int runs = argc == 5 ? atoi(argv[2]) : 0;
	const bool proc = argc == 5 && !strcmp(argv[1], "proc");
	char *command[] = {
		argv[argc - 1], "-b", "-s", "--format", "json", "--events",
		"off", "-d", argv[argc - 2], "--source", argv[1],
		proc ? "-4" : NULL, NULL,
	};
	double pass[RUNS_MAX], floor[RUNS_MAX], before;
	clockid_t clock;
	FILE *out;
	pid_t pid;

	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: sample SOURCE RUNS DELAY TULPEN\n");
		return 2;
	}
	pid = start(command, &out);
	if (clock_getcpuclockid(pid, &clock))
		die("its clock");
	for (int i = -UNCOUNTED; i < runs; i++) {
		before = cpu_ms(clock);
		if (!next_line(out)) {
			fprintf(stderr, "sample: tulpen has ended\n");
			return 1;
		}
		if (i < 0)
			continue;
		pass[i] = cpu_ms(clock) - before;
		floor[i] = floor_ms(proc);
	}
	printf("%.2f %.2f %ld\n", median(pass, runs), median(floor, runs),
	       rss_of(pid));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
