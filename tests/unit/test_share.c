/*
 * test_share.c - each piece is done once, by two threads where there can be two
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/share.h"

enum { PIECES = 100 };

struct done {
	unsigned times[PIECES];
	pthread_t by[PIECES];
};

static void note(void *arg, unsigned piece)
{
	struct done *d = arg;

	d->times[piece]++;
	d->by[piece] = pthread_self();
}

static void each_piece_once(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		struct done d = { .times = { 0 } };
		unsigned pieces = round % (PIECES + 1);

		share(pieces, note, &d);
		for (unsigned i = 0; i < PIECES; i++)
			assert_int_equal(d.times[i], i < pieces);
	}
}

/* Neither goes on before the other has come. */
static void meet(void *arg, unsigned piece)
{
	(void)piece;
	pthread_barrier_wait(arg);
}

static void two_at_once(void **state)
{
	pthread_barrier_t both;

	(void)state;
	if (!share_possible()) {
		print_message("one processor: nothing to be shared\n");
		return;
	}
	alarm(60);
	for (int round = 0; round < 100; round++) {
		pthread_barrier_init(&both, NULL, 2);
		share(2, meet, &both);
		pthread_barrier_destroy(&both);
	}
	alarm(0);
}

struct slow {
	pthread_barrier_t both;
	pthread_t us;
	volatile unsigned work;
};

/* Ours is over long before the other one. */
static void dawdle(void *arg, unsigned piece)
{
	struct slow *s = arg;

	(void)piece;
	pthread_barrier_wait(&s->both);
	if (!pthread_equal(pthread_self(), s->us))
		while (s->work < 10000000)
			s->work++;
}

static void waits_for_the_other(void **state)
{
	struct slow s = { .us = pthread_self() };

	(void)state;
	if (!share_possible())
		return;
	alarm(60);
	pthread_barrier_init(&s.both, NULL, 2);
	share(2, dawdle, &s);
	assert_int_equal(s.work, 10000000);
	pthread_barrier_destroy(&s.both);
	alarm(0);
}

/* What run() says in a process of its own, as only its first thread is there;
 * or that it was killed. */
static int in_child(int (*run)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		alarm(60);
		exit(run());
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

static int all_by_us(void)
{
	struct done d = { .times = { 0 } };

	share(PIECES, note, &d);
	for (unsigned i = 0; i < PIECES; i++)
		if (d.times[i] != 1 || !pthread_equal(d.by[i], pthread_self()))
			return 1;
	return 0;
}

/* As of a process that saves what it was forked with. */
static void child_works_alone(void **state)
{
	struct done d = { .times = { 0 } };

	(void)state;
	share(2, note, &d);		/* now there is a second thread */
	assert_int_equal(in_child(all_by_us), 0);
}

static int on_one_processor(void)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	CPU_ZERO(&one);
	CPU_SET(cpu < 0 ? 0 : cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		return 2;
	return share_possible() ? 3 : all_by_us();
}

static void one_processor(void **state)
{
	(void)state;
	assert_int_equal(in_child(on_one_processor), 0);
}

static int end_while_it_waits(void)
{
	struct done d = { .times = { 0 } };

	share(PIECES, note, &d);
	return 0;
}

static void end_does_not_hang(void **state)
{
	(void)state;
	assert_int_equal(in_child(end_while_it_waits), 0);
}

static void pieces_are_all(void **state)
{
	static const unsigned long n[] = { 0, 1, 7, 8, 9, 1000001 };

	(void)state;
	for (size_t k = 0; k < sizeof(n) / sizeof(n[0]); k++) {
		assert_int_equal(share_from(n[k], 8, 0), 0);
		assert_int_equal(share_from(n[k], 8, 8), n[k]);
		for (unsigned i = 0; i < 8; i++) {
			unsigned long size = share_from(n[k], 8, i + 1) -
					     share_from(n[k], 8, i);

			assert_true(size == n[k] / 8 || size == n[k] / 8 + 1);
		}
	}
}

int main(void)
{
	/* those of which the thread must not be there yet come first */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_processor),
		cmocka_unit_test(end_does_not_hang),
		cmocka_unit_test(pieces_are_all),
		cmocka_unit_test(each_piece_once),
		cmocka_unit_test(two_at_once),
		cmocka_unit_test(waits_for_the_other),
		cmocka_unit_test(child_works_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
