/*
 * test_pidfd.c - a signal reaches the process that was meant, or none
 *
 * The processes are real; a procfs of the test's own says about their start
 * what the test wants.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/pidfd.h"
#include "source/walk.h"

static char procfs[64];

/* A process that sleeps until it is signalled. */
static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static uint64_t start_of(pid_t pid)
{
	char path[64], text[1024];
	const char *comm;
	uint64_t start;
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	assert_int_equal(walk_parse_stat(text, len, &comm, &len, &start), 0);
	return start;
}

/* In the test's procfs the pid is a process of that start. */
static void claim(pid_t pid, uint64_t start)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%d", procfs, (int)pid);
	mkdir(path, 0700);
	strcat(path, "/stat");
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%d (sh) S 1 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 "
		"%llu 0 0\n", (int)pid, (unsigned long long)start);
	fclose(f);
}

static int make(void **state)
{
	char link[128];

	(void)state;
	strcpy(procfs, "/tmp/tulpen-pidfd.XXXXXX");
	if (!mkdtemp(procfs))
		return -1;
	snprintf(link, sizeof(link), "%s/self", procfs);
	return symlink("/proc/self", link);
}

static int unmake(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", procfs);
	return system(command);
}

static void test_the_one_meant(void **state)
{
	pid_t pid = sleeper();
	int status;

	(void)state;
	assert_int_equal(pidfd_signal("/proc", pid, start_of(pid), SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void refused(const char *from, pid_t pid, uint64_t start, int error)
{
	errno = 0;
	assert_int_equal(pidfd_signal(from, pid, start, SIGTERM), -1);
	assert_int_equal(errno, error);
}

/* It has the pid, but is not the process that was seen. */
static void test_reused_pid(void **state)
{
	pid_t pid = sleeper();
	uint64_t start = start_of(pid);

	(void)state;
	refused("/proc", pid, start - 1, ESTALE);
	claim(pid, start + 100);
	refused(procfs, pid, start, ESTALE);
	/* it lives */
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	claim(pid, start);
	assert_int_equal(pidfd_signal(procfs, pid, start, 0), 0);
	end(pid);
}

static void test_gone(void **state)
{
	pid_t pid = sleeper();
	uint64_t start = start_of(pid);

	(void)state;
	end(pid);
	refused("/proc", pid, start, ESRCH);
}

/* Lives, but that procfs does not know it: another one's. */
static void test_unknown_to_procfs(void **state)
{
	pid_t pid = sleeper();

	(void)state;
	refused(procfs, pid, start_of(pid), ESRCH);
	refused("/nowhere", pid, start_of(pid), ENOENT);
	end(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_one_meant),
		cmocka_unit_test(test_reused_pid),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_unknown_to_procfs),
	};

	return cmocka_run_group_tests_name("pidfd", tests, make, unmake);
}
