/*
 * loop.h - the one loop: descriptors, timers, and work in small steps
 *
 * Everything that happens in tulpen happens from loop_run(), in one thread.
 * Long work is a step function that the loop calls again and again between
 * looks at the descriptors; a step should take about a millisecond, so that
 * a key is answered at once.
 *
 *	struct loop *l = loop_new(clock);
 *	loop_fd(l, fd, POLLIN, on_readable, arg);
 *	struct loop_timer *t = loop_timer(l, on_time, arg);
 *	loop_timer_set(t, now + NS_PER_SEC);
 *	struct loop_work *w = loop_work(l, step, arg);
 *	loop_work_start(w);
 *	loop_run(l);			until loop_stop(l)
 *	loop_free(l);
 *
 * The loop owns its timers and work items, the caller owns descriptors.
 * Callbacks may add, set and remove anything, themselves included.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct loop;
struct loop_timer;
struct loop_work;

struct loop *loop_new(const struct clock *clock);
void loop_free(struct loop *l);

/*
 * events as poll(2); POLLHUP and POLLERR are delivered as well.  A second
 * call for the same fd replaces the first; events 0 removes it.  Remove a
 * descriptor before it is closed: one that poll(2) finds closed is told
 * POLLNVAL once and removed.
 */
void loop_fd(struct loop *l, int fd, short events,
	     void (*ready)(void *arg, int fd, short revents), void *arg);

/* A timer, not yet set.  Fires once each time it is set; one that a callback
 * sets to now or before fires in the next round. */
struct loop_timer *loop_timer(struct loop *l, void (*fire)(void *arg),
			      void *arg);
/* when: mono ns; TIME_UNKNOWN takes it back */
void loop_timer_set(struct loop_timer *t, int64_t when);

/* step returns true as long as there is more to do; one that starts its own
 * work again goes on whatever it returns. */
struct loop_work *loop_work(struct loop *l, bool (*step)(void *arg),
			    void *arg);
void loop_work_start(struct loop_work *w);
void loop_work_stop(struct loop_work *w);

/*
 * One round: waits for descriptors or the next timer (not at all while work
 * is started), handles what is ready, then takes one step of each started
 * work.  wait false never sleeps.  Returns false when nothing is left to
 * wait for (errno 0).  Errors of poll(2) other than EINTR end the program's
 * loop: false with errno set.
 */
bool loop_round(struct loop *l, bool wait);
void loop_run(struct loop *l);
/* Ends loop_run() after this round; before it: loop_run() returns at once. */
void loop_stop(struct loop *l);

#endif
