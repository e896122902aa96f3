/*
 * thread.h - for the few things that no loop can do in steps
 *
 * What blocks for long inside of the kernel or of a library is a task: one call
 * made by a thread of its own.  All that arg leads to is the thread's until the
 * task is over; nothing else is shared.
 *
 *	struct task *t = task_start(load, &what);
 *	loop_fd(l, task_fd(t), POLLIN, ...);	readable when it is over
 *	task_end(t);				what is ours again
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* A thread that gets no signals: these are for the one that was there before.
 * 0, or the error. */
int thread_start(pthread_t *thread, void *(*run)(void *arg), void *arg);

struct task;

/* NULL with errno: there is no thread to be had, or no descriptor. */
struct task *task_start(void (*run)(void *arg), void *arg);
int task_fd(const struct task *t);
/* Waits for so many ms at most. */
bool task_over(const struct task *t, int ms);
/* Waits until it is over, and frees it; NULL is none. */
void task_end(struct task *t);

#endif
