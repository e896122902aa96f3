/*
 * The loop: descriptors, timers and work, and callbacks that change them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"

/* what happened, a letter each */
static char trace[256];

static void say(char c)
{
	size_t n = strlen(trace);

	assert_true(n + 1 < sizeof(trace));
	trace[n] = c;
	trace[n + 1] = '\0';
}

static void assert_trace(const char *want)
{
	assert_string_equal(trace, want);
	trace[0] = '\0';
}

struct fixture {
	struct clock_fake clock;
	struct loop *loop;
	int pipe[2], other[2];		/* bytes wait in both */
	struct loop_timer *timer, *second;
	struct loop_work *work, *helper;
	int steps;
	int many[40];
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f || pipe(f->pipe) || pipe(f->other) ||
	    write(f->pipe[1], "x", 1) != 1 || write(f->other[1], "x", 1) != 1)
		return -1;
	clock_fake_init(&f->clock, NS_PER_SEC, 0);
	f->loop = loop_new(&f->clock.clock);
	trace[0] = '\0';
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	loop_free(f->loop);
	for (int i = 0; i < 2; i++) {
		close(f->pipe[i]);
		close(f->other[i]);
	}
	free(f);
	return 0;
}

static int64_t now(const struct fixture *f)
{
	return f->clock.mono_ns;
}

static void round_of(struct fixture *f, const char *want)
{
	assert_true(loop_round(f->loop, false));
	assert_trace(want);
}

static void say_r(void *arg, int fd, short revents)
{
	char c;

	(void)arg;
	assert_true(revents & POLLIN);
	assert_int_equal(read(fd, &c, 1), 1);
	say('r');
}

static void say_o(void *arg, int fd, short revents)
{
	(void)arg, (void)fd, (void)revents;
	say('o');
}

static void say_events(void *arg, int fd, short revents)
{
	(void)arg, (void)fd;
	say(revents & POLLNVAL ? 'n' : revents & POLLHUP ? 'h' :
	    revents & POLLERR ? 'e' : revents & POLLIN ? 'i' : '?');
}

static void say_a(void *arg) { (void)arg; say('a'); }
static void say_b(void *arg) { (void)arg; say('b'); }

static bool step_w(void *arg)
{
	struct fixture *f = arg;

	say('w');
	return --f->steps > 0;
}

static bool step_v(void *arg)
{
	(void)arg;
	say('v');
	return true;
}

static void nothing_to_wait_for(void **state)
{
	struct fixture *f = *state;

	errno = EIO;
	assert_false(loop_round(f->loop, true));
	assert_int_equal(errno, 0);
	loop_timer(f->loop, say_a, f);
	loop_work(f->loop, step_w, f);
	assert_false(loop_round(f->loop, true));
	loop_run(f->loop);
	loop_fd(f->loop, -1, POLLIN, say_r, f);
	loop_fd(f->loop, f->pipe[0], 0, NULL, NULL);
	assert_false(loop_round(f->loop, true));
	loop_free(NULL);
}

static void descriptors(void **state)
{
	struct fixture *f = *state;

	loop_fd(f->loop, f->pipe[0], POLLIN, say_r, f);
	loop_fd(f->loop, f->other[0], POLLIN, say_o, f);
	round_of(f, "ro");
	round_of(f, "o");
	loop_fd(f->loop, f->other[0], POLLIN, say_r, f);	/* replaced */
	round_of(f, "r");
	round_of(f, "");
	loop_fd(f->loop, f->pipe[0], 0, NULL, NULL);
	loop_fd(f->loop, f->other[0], 0, NULL, NULL);
	assert_false(loop_round(f->loop, false));
}

static void ends_of_pipes(void **state)
{
	struct fixture *f = *state;
	int fd = dup(f->pipe[0]);

	loop_fd(f->loop, fd, POLLIN, say_events, f);
	close(fd);
	round_of(f, "n");		/* told once, then forgotten */
	assert_false(loop_round(f->loop, false));
	loop_fd(f->loop, f->other[1], POLLOUT, say_events, f);
	close(f->other[0]);
	f->other[0] = -1;
	round_of(f, "e");
}

/* many, so that the arrays grow while they are walked */
static void add_many(void *arg, int fd, short revents)
{
	struct fixture *f = arg;

	(void)fd, (void)revents;
	say('m');
	loop_fd(f->loop, f->pipe[0], 0, NULL, NULL);
	for (int i = 0; i < 40; i++) {
		f->many[i] = dup(f->other[0]);
		loop_fd(f->loop, f->many[i], POLLIN, say_o, f);
	}
}

static void close_it(void *arg, int fd, short revents)
{
	(void)revents;
	loop_fd(((struct fixture *)arg)->loop, fd, 0, NULL, NULL);
	close(fd);
}

static void callback_adds_and_removes(void **state)
{
	struct fixture *f = *state;

	loop_fd(f->loop, f->pipe[0], POLLIN, add_many, f);
	round_of(f, "m");
	round_of(f, "oooooooooooooooooooooooooooooooooooooooo");
	for (int i = 0; i < 40; i++)
		loop_fd(f->loop, f->many[i], POLLIN, close_it, f);
	round_of(f, "");
	assert_false(loop_round(f->loop, false));
}

/* The other one is ready as well, but is taken away, or belongs to somebody
 * else: what poll(2) said is no longer told. */
static void remove_other(void *arg, int fd, short revents)
{
	struct fixture *f = arg;

	(void)fd, (void)revents;
	say('p');
	loop_fd(f->loop, f->other[0], 0, NULL, NULL);
}

static void replace_other(void *arg, int fd, short revents)
{
	struct fixture *f = arg;

	(void)revents;
	say('p');
	loop_fd(f->loop, fd, 0, NULL, NULL);
	loop_fd(f->loop, f->other[0], POLLIN, say_o, f);
}

static void old_news_is_not_told(void **state)
{
	struct fixture *f = *state;

	loop_fd(f->loop, f->pipe[0], POLLIN, replace_other, f);
	loop_fd(f->loop, f->other[0], POLLIN, say_r, f);
	round_of(f, "p");
	round_of(f, "o");
	loop_fd(f->loop, f->other[0], 0, NULL, NULL);
	loop_fd(f->loop, f->pipe[0], POLLIN, remove_other, f);
	loop_fd(f->loop, f->other[0], POLLIN, say_o, f);
	round_of(f, "p");
}

static void timers(void **state)
{
	struct fixture *f = *state;
	struct loop_timer *a = loop_timer(f->loop, say_a, f);
	struct loop_timer *b = loop_timer(f->loop, say_b, f);

	loop_timer_set(a, now(f) + 2);
	loop_timer_set(b, now(f) + 1);
	round_of(f, "");
	clock_fake_advance(&f->clock, 1);
	round_of(f, "b");
	round_of(f, "");
	loop_timer_set(b, now(f) + 5);
	loop_timer_set(b, now(f) + 1);		/* moved */
	clock_fake_advance(&f->clock, 1);
	round_of(f, "ab");			/* equal: as they were set */
	assert_false(loop_round(f->loop, true));
	loop_timer_set(a, now(f) - 100);	/* long ago */
	loop_timer_set(b, now(f));
	loop_timer_set(b, TIME_UNKNOWN);
	loop_timer_set(b, TIME_UNKNOWN);
	round_of(f, "a");
	assert_false(loop_round(f->loop, false));
	loop_timer_set(a, INT64_MAX);
	round_of(f, "");
}

/* a timer for now, and now again */
static void set_again(void *arg)
{
	struct fixture *f = arg;

	say('t');
	loop_timer_set(f->timer, now(f));
	loop_timer_set(f->second, TIME_UNKNOWN);
}

static void timer_sets_itself(void **state)
{
	struct fixture *f = *state;
	struct loop_timer *a = loop_timer(f->loop, say_a, f);

	f->timer = loop_timer(f->loop, set_again, f);
	f->second = loop_timer(f->loop, say_b, f);
	loop_timer_set(f->timer, now(f));
	loop_timer_set(f->second, now(f));
	loop_timer_set(a, now(f));
	round_of(f, "ta");		/* b was taken back in time */
	round_of(f, "t");
	round_of(f, "t");
}

static bool start_helper(void *arg)
{
	struct fixture *f = arg;

	say('h');
	loop_work_start(f->helper);
	return false;
}

static bool stop_all(void *arg)
{
	struct fixture *f = arg;

	say('x');
	loop_work_stop(f->helper);
	loop_work_stop(f->work);
	return true;			/* stopped all the same */
}

static bool restart(void *arg)
{
	struct fixture *f = arg;

	say('y');
	if (--f->steps > 0)
		loop_work_start(f->work);
	return false;			/* goes on all the same */
}

/* one step of each in each round */
static void works(void **state)
{
	struct fixture *f = *state;
	struct loop_work *w = loop_work(f->loop, step_w, f);
	struct loop_work *h = loop_work(f->loop, start_helper, f);

	f->helper = loop_work(f->loop, step_v, f);
	f->work = loop_work(f->loop, stop_all, f);
	f->steps = 3;
	loop_work_start(w);
	loop_work_start(w);
	loop_work_start(h);
	round_of(f, "whv");
	round_of(f, "wv");
	round_of(f, "wv");
	round_of(f, "v");
	loop_work_start(f->work);
	round_of(f, "vx");
	loop_work_stop(f->work);
	assert_false(loop_round(f->loop, true));
	f->work = loop_work(f->loop, restart, f);
	f->steps = 2;
	loop_work_start(f->work);
	round_of(f, "y");
	round_of(f, "y");
	assert_false(loop_round(f->loop, true));
}

/* Work keeps neither descriptors nor timers waiting, nor the other way. */
static void all_in_one_round(void **state)
{
	struct fixture *f = *state;

	loop_fd(f->loop, f->other[0], POLLIN, say_o, f);
	loop_timer_set(loop_timer(f->loop, say_a, f), now(f));
	f->steps = 3;
	loop_work_start(loop_work(f->loop, step_w, f));
	assert_true(loop_round(f->loop, true));
	assert_trace("oaw");
	round_of(f, "ow");
	/* no sleep while there is work */
	loop_fd(f->loop, f->other[0], 0, NULL, NULL);
	assert_true(loop_round(f->loop, true));
	assert_trace("w");
}

static void stop(void *arg)
{
	say('!');
	loop_stop(((struct fixture *)arg)->loop);
}

static void runs_until_stopped(void **state)
{
	struct fixture *f = *state;
	struct loop_timer *t = loop_timer(f->loop, stop, f);

	loop_work_start(loop_work(f->loop, step_v, f));
	loop_timer_set(t, now(f));
	loop_run(f->loop);
	assert_trace("!v");
	loop_stop(f->loop);		/* before it runs */
	loop_run(f->loop);
	assert_trace("");
	loop_timer_set(t, now(f));
	loop_run(f->loop);
	assert_trace("!v");
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* Two clocks that are read one after the other: the first time, long after. */
struct slow_clock {
	struct clock clock;
	int64_t mono_ns;
	int reads;
};

static int64_t slow_mono(const struct clock *c)
{
	return ((const struct slow_clock *)c)->mono_ns;
}

static int64_t slow_wall(const struct clock *c)
{
	struct slow_clock *s = (struct slow_clock *)c;
	int64_t wall = s->mono_ns + 1000 * NS_PER_SEC;

	if (!s->reads++)
		s->mono_ns += 80 * NS_PER_MS;
	return wall;
}

static void wall_time_of_another(void **state)
{
	struct slow_clock s = {
		.clock = { .mono = slow_mono, .wall = slow_wall },
		.mono_ns = 5 * NS_PER_SEC,
	};

	(void)state;
	assert_int_equal(clock_wall_at(&s.clock, 3 * NS_PER_SEC),
			 1003 * NS_PER_SEC);
	assert_int_equal(s.reads, 2);
}

/* Who waits does no work. */
static void work_is_no_wait(void **state)
{
	const struct timespec wait = { .tv_nsec = 50 * NS_PER_MS };
	int64_t begun = clock_work(&clock_system);

	(void)state;
	nanosleep(&wait, NULL);
	assert_true(clock_work(&clock_system) - begun < 25 * NS_PER_MS);
	while (clock_work(&clock_system) == begun)
		;
}

/* sleeps until the timer by the kernel's clock, signals or not */
static void really_waits(void **state)
{
	const struct itimerval soon = { .it_value.tv_usec = 5000 };
	struct sigaction sa = { .sa_handler = on_alarm };
	struct fixture *f = *state;
	struct loop *l = loop_new(&clock_system);
	int64_t begin = clock_mono(&clock_system);

	(void)f;
	assert_true(clock_wall(&clock_system) > INT64_C(1600000000000000000));
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	loop_timer_set(loop_timer(l, say_a, NULL), begin + 20 * NS_PER_MS);
	while (!trace[0])
		assert_true(loop_round(l, true));
	assert_trace("a");
	assert_true(clock_mono(&clock_system) >= begin + 20 * NS_PER_MS);
	loop_free(l);
	signal(SIGALRM, SIG_DFL);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_to_wait_for),
		TEST(descriptors),
		TEST(ends_of_pipes),
		TEST(callback_adds_and_removes),
		TEST(old_news_is_not_told),
		TEST(timers),
		TEST(timer_sets_itself),
		TEST(works),
		TEST(all_in_one_round),
		TEST(runs_until_stopped),
		TEST(wall_time_of_another),
		TEST(work_is_no_wait),
		TEST(really_waits),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
