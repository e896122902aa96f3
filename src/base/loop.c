#include "base/loop.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "base/mem.h"

/*
 * Callbacks may change all of this under our hands.  So nothing is taken out
 * of the arrays of descriptors while they are walked (a removed one has fd
 * -1, which poll(2) ignores), timers and work items live as long as the loop,
 * and the timers are looked at afresh after each one that fired.
 */
struct watch {
	void (*ready)(void *arg, int fd, short revents);
	void *arg;
};

struct loop_timer {
	struct loop *loop;
	void (*fire)(void *arg);
	void *arg;
	int64_t when;		/* TIME_UNKNOWN: not set */
	uint64_t round;		/* in which it was set */
	struct loop_timer *later;	/* set ones: soonest first */
	struct loop_timer *next;	/* all there are */
};

struct loop_work {
	struct loop *loop;
	bool (*step)(void *arg);
	void *arg;
	bool started;
	bool again;		/* started anew during its own step */
	struct loop_work *next;
};

struct loop {
	const struct clock *clock;
	struct pollfd *fds;	/* the same index in both arrays */
	struct watch *watches;
	nfds_t count, cap;
	bool holes;		/* some fd is -1 */
	struct loop_timer *timers, *soonest;
	struct loop_work *works, **last_work;
	unsigned started;	/* works that are */
	uint64_t round;
	bool stopped;
};

struct loop *loop_new(const struct clock *clock)
{
	struct loop *l = mem_zalloc(sizeof(*l));

	l->clock = clock;
	l->last_work = &l->works;
	return l;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	while (l->timers) {
		struct loop_timer *t = l->timers;

		l->timers = t->next;
		free(t);
	}
	while (l->works) {
		struct loop_work *w = l->works;

		l->works = w->next;
		free(w);
	}
	free(l->fds);
	free(l->watches);
	free(l);
}

void loop_fd(struct loop *l, int fd, short events,
	     void (*ready)(void *arg, int fd, short revents), void *arg)
{
	nfds_t i = 0;

	if (fd < 0)
		return;
	while (i < l->count && l->fds[i].fd != fd)
		i++;
	if (!events) {
		if (i < l->count) {
			l->fds[i] = (struct pollfd){ .fd = -1 };
			l->holes = true;
		}
		return;
	}
	if (i == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 8;
		l->fds = mem_array(l->fds, l->cap, sizeof(*l->fds));
		l->watches = mem_array(l->watches, l->cap,
				       sizeof(*l->watches));
	}
	if (i == l->count)
		l->count++;
	/* what the last poll said was not said to this one */
	l->fds[i] = (struct pollfd){ .fd = fd, .events = events };
	l->watches[i] = (struct watch){ ready, arg };
}

static void close_holes(struct loop *l)
{
	nfds_t kept = 0;

	for (nfds_t i = 0; i < l->count; i++) {
		if (l->fds[i].fd < 0)
			continue;
		l->fds[kept] = l->fds[i];
		l->watches[kept++] = l->watches[i];
	}
	l->count = kept;
	l->holes = false;
}

struct loop_timer *loop_timer(struct loop *l, void (*fire)(void *arg),
			      void *arg)
{
	struct loop_timer *t = mem_alloc(sizeof(*t));

	*t = (struct loop_timer){
		.loop = l, .fire = fire, .arg = arg, .when = TIME_UNKNOWN,
		.next = l->timers,
	};
	l->timers = t;
	return t;
}

void loop_timer_set(struct loop_timer *t, int64_t when)
{
	struct loop_timer **p = &t->loop->soonest;

	if (t->when != TIME_UNKNOWN) {
		while (*p != t)
			p = &(*p)->later;
		*p = t->later;
	}
	t->when = when;
	t->round = t->loop->round;
	if (when == TIME_UNKNOWN)
		return;
	/* equal ones keep the order in which they were set */
	for (p = &t->loop->soonest; *p && (*p)->when <= when;)
		p = &(*p)->later;
	t->later = *p;
	*p = t;
}

struct loop_work *loop_work(struct loop *l, bool (*step)(void *arg),
			    void *arg)
{
	struct loop_work *w = mem_alloc(sizeof(*w));

	*w = (struct loop_work){ .loop = l, .step = step, .arg = arg };
	*l->last_work = w;
	l->last_work = &w->next;
	return w;
}

void loop_work_start(struct loop_work *w)
{
	w->loop->started += !w->started;
	w->started = w->again = true;
}

void loop_work_stop(struct loop_work *w)
{
	w->loop->started -= w->started;
	w->started = w->again = false;
}

/* What poll(2) is to wait: ms, rounded up so that it does not wake too early;
 * -1 for ever. */
static int poll_timeout(const struct loop *l, bool wait)
{
	int64_t ns, now;

	if (!wait || l->started)
		return 0;
	if (!l->soonest)
		return -1;
	now = clock_mono(l->clock);
	if (l->soonest->when <= now)
		return 0;
	ns = l->soonest->when - now;
	if (ns > INT_MAX * NS_PER_MS)
		return INT_MAX;
	return (ns + NS_PER_MS - 1) / NS_PER_MS;
}

static void handle_fds(struct loop *l)
{
	nfds_t count = l->count;	/* those added now were not polled */

	for (nfds_t i = 0; i < count; i++) {
		struct pollfd p = l->fds[i];

		if (p.fd < 0 || !p.revents)
			continue;
		/* closed without a word: told once, or it would never end */
		if (p.revents & POLLNVAL) {
			l->fds[i] = (struct pollfd){ .fd = -1 };
			l->holes = true;
		}
		l->watches[i].ready(l->watches[i].arg, p.fd, p.revents);
	}
}

/* Those that are due, but not what a callback of this round sets: a timer
 * that sets itself to "now" must not keep the rest from running. */
static void fire_timers(struct loop *l)
{
	struct loop_timer *t = l->soonest;
	int64_t now;

	if (!t)
		return;
	now = clock_mono(l->clock);
	while (t && t->when <= now) {
		if (t->round == l->round) {
			t = t->later;
			continue;
		}
		loop_timer_set(t, TIME_UNKNOWN);
		t->fire(t->arg);
		t = l->soonest;
	}
}

static void step_works(struct loop *l)
{
	for (struct loop_work *w = l->works; w; w = w->next) {
		if (!w->started)
			continue;
		w->again = false;
		if (!w->step(w->arg) && !w->again)
			loop_work_stop(w);
	}
}

bool loop_round(struct loop *l, bool wait)
{
	int ready;

	if (l->holes)
		close_holes(l);
	if (!l->count && !l->soonest && !l->started) {
		errno = 0;
		return false;
	}
	ready = poll(l->fds, l->count, poll_timeout(l, wait));
	if (ready < 0 && errno != EINTR)
		return false;
	l->round++;
	if (ready > 0)
		handle_fds(l);
	fire_timers(l);
	step_works(l);
	return true;
}

void loop_run(struct loop *l)
{
	while (!l->stopped && loop_round(l, true))
		;
	l->stopped = false;
}

void loop_stop(struct loop *l)
{
	l->stopped = true;
}
