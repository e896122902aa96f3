#include "base/thread.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

int thread_start(pthread_t *thread, void *(*run)(void *arg), void *arg)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct task {
	pthread_t thread;
	int fd;			/* eventfd(2) */
	void (*run)(void *arg);
	void *arg;
};

static void *run_task(void *arg)
{
	const struct task *t = arg;

	t->run(t->arg);
	eventfd_write(t->fd, 1);
	return NULL;
}

struct task *task_start(void (*run)(void *arg), void *arg)
{
	struct task *t = mem_alloc(sizeof(*t));
	int error;

	t->run = run;
	t->arg = arg;
	t->fd = eventfd(0, EFD_CLOEXEC);
	error = t->fd < 0 ? errno : thread_start(&t->thread, run_task, t);
	if (!error)
		return t;
	if (t->fd >= 0)
		close(t->fd);
	free(t);
	errno = error;
	return NULL;
}

int task_fd(const struct task *t)
{
	return t->fd;
}

bool task_over(const struct task *t, int ms)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };

	return poll(&p, 1, ms) > 0;
}

void task_end(struct task *t)
{
	if (!t)
		return;
	pthread_join(t->thread, NULL);
	close(t->fd);
	free(t);
}
