/*
 * test_thread.c - a task runs beside us, and is waited for
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/thread.h"

/* What the task is to read, and what it found. */
struct errand {
	int from;
	char byte;
	bool may_be_stopped;	/* by a signal */
};

static void fetch(void *arg)
{
	struct errand *e = arg;
	sigset_t blocked;

	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	e->may_be_stopped = !sigismember(&blocked, SIGTERM) ||
			    !sigismember(&blocked, SIGWINCH);
	if (read(e->from, &e->byte, 1) != 1)
		e->byte = '?';
}

static void runs_beside_us(void **state)
{
	struct errand e = { 0 };
	struct task *t;
	int pipe_fd[2];

	(void)state;
	assert_int_equal(pipe(pipe_fd), 0);
	e.from = pipe_fd[0];
	t = task_start(fetch, &e);
	assert_non_null(t);
	/* it waits for us, so it cannot be over */
	assert_false(task_over(t, 0));
	assert_int_equal(write(pipe_fd[1], "x", 1), 1);
	assert_true(task_over(t, -1));
	assert_true(task_over(t, 0));
	task_end(t);
	assert_int_equal(e.byte, 'x');
	assert_false(e.may_be_stopped);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
}

static void end_waits(void **state)
{
	struct errand e = { 0 };
	int pipe_fd[2];
	struct task *t;

	(void)state;
	assert_int_equal(pipe(pipe_fd), 0);
	e.from = pipe_fd[0];
	t = task_start(fetch, &e);
	assert_non_null(t);
	assert_int_equal(write(pipe_fd[1], "y", 1), 1);
	task_end(t);
	assert_int_equal(e.byte, 'y');
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	task_end(NULL);
}

static void our_signals_stay(void **state)
{
	struct errand e = { .from = -1 };
	sigset_t before, after;

	(void)state;
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	task_end(task_start(fetch, &e));
	assert_int_equal(e.byte, '?');
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	assert_int_equal(sigismember(&before, SIGTERM),
			 sigismember(&after, SIGTERM));
}

static void no_descriptor_is_said(void **state)
{
	struct rlimit files, none;
	struct errand e = { .from = -1 };

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	none = files;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	errno = 0;
	assert_null(task_start(fetch, &e));
	assert_int_equal(errno, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	assert_int_equal(e.byte, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_beside_us),
		cmocka_unit_test(end_waits),
		cmocka_unit_test(our_signals_stay),
		cmocka_unit_test(no_descriptor_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
