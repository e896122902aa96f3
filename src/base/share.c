#include "base/share.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/thread.h"

static struct {
	pthread_mutex_t lock;		/* of all that follows */
	pthread_cond_t more, done;
	void (*work)(void *arg, unsigned piece);
	void *arg;
	unsigned pieces, next;		/* the next one nobody has begun */
	unsigned under_way;
	bool over;
} job = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.more = PTHREAD_COND_INITIALIZER,
	.done = PTHREAD_COND_INITIALIZER,
};

static pthread_t helper;
static pid_t helped;		/* whose the thread is; a child has none */
static bool tried;

/* Under the lock, but for the work itself. */
static void take_pieces(void)
{
	while (job.next < job.pieces && !job.over) {
		unsigned piece = job.next++;

		job.under_way++;
		pthread_mutex_unlock(&job.lock);
		job.work(job.arg, piece);
		pthread_mutex_lock(&job.lock);
		job.under_way--;
	}
}

static void *help(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&job.lock);
	while (!job.over) {
		take_pieces();
		if (!job.under_way)
			pthread_cond_signal(&job.done);
		pthread_cond_wait(&job.more, &job.lock);
	}
	pthread_mutex_unlock(&job.lock);
	return NULL;
}

static void end_helper(void)
{
	if (helped != getpid())
		return;
	pthread_mutex_lock(&job.lock);
	job.over = true;
	pthread_cond_signal(&job.more);
	pthread_mutex_unlock(&job.lock);
	pthread_join(helper, NULL);
}

bool share_possible(void)
{
	cpu_set_t cpus;

	return !sched_getaffinity(0, sizeof(cpus), &cpus) &&
	       CPU_COUNT(&cpus) > 1;
}

static bool have_helper(void)
{
	if (!tried) {
		tried = true;
		if (share_possible() && !atexit(end_helper) &&
		    !thread_start(&helper, help, NULL))
			helped = getpid();
	}
	return helped == getpid();
}

void share(unsigned pieces, void (*work)(void *arg, unsigned piece), void *arg)
{
	if (pieces < 2 || !have_helper()) {
		for (unsigned piece = 0; piece < pieces; piece++)
			work(arg, piece);
		return;
	}
	pthread_mutex_lock(&job.lock);
	job.work = work;
	job.arg = arg;
	job.pieces = pieces;
	job.next = 0;
	pthread_cond_signal(&job.more);
	take_pieces();
	while (job.under_way)
		pthread_cond_wait(&job.done, &job.lock);
	pthread_mutex_unlock(&job.lock);
}
