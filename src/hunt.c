#include "hunt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
#include "source/netns.h"
#include "source/taskfile.h"

/* CPU: what loading the program takes, most of it the types of the kernel (55 to
 * 60 ms), and a walk for each descriptor (5.3 us); measured on Linux 6.18 */
#define LOAD_NS		(60 * NS_PER_MS)
#define WALK_EACH_NS	INT64_C(5000)

/* while a thread loads it, each step waits so long */
enum { LOAD_STEP_MS = 1 };

struct hunt {
	struct monitor *monitor;
	struct walk *walk;
	struct taskfile *taskfile;	/* NULL: not (yet) loaded */
	struct task *loading;		/* NULL: it is not under way */
	char why[sizeof(((struct status *)0)->owners_why)];
	bool may_load;			/* it was not tried */
	bool near;			/* this run */
	bool quick;			/* this run is the kernel's */
	int64_t walked;			/* ns, by all walks */
	int32_t *pid;			/* of the next run; never NULL */
	size_t pids, capacity;
};

struct hunt *hunt_new(struct monitor *m, const char *procfs)
{
	struct hunt *h = mem_zalloc(sizeof(*h));

	h->monitor = m;
	h->walk = walk_new(m->clock, procfs);
	h->capacity = 16;
	h->pid = mem_array(NULL, h->capacity, sizeof(*h->pid));
	h->may_load = !strcmp(procfs, "/proc");
	return h;
}

void hunt_free(struct hunt *h)
{
	if (!h)
		return;
	task_end(h->loading);
	walk_free(h->walk);
	taskfile_free(h->taskfile);
	free(h->pid);
	free(h);
}

void hunt_add(struct hunt *h, int32_t pid)
{
	for (size_t i = 0; i < h->pids; i++)
		if (h->pid[i] == pid)
			return;
	if (h->pids == h->capacity) {
		h->capacity *= 2;
		h->pid = mem_array(h->pid, h->capacity, sizeof(*h->pid));
	}
	h->pid[h->pids++] = pid;
}

/* The thread's. */
static void load(void *arg)
{
	struct hunt *h = arg;

	h->taskfile = taskfile_new(h->monitor->clock, own_netns(), h->why,
				   sizeof(h->why));
}

static void begin_load(struct hunt *h)
{
	struct status *st = &h->monitor->status;

	h->may_load = false;
	h->loading = task_start(load, h);
	if (!h->loading)
		snprintf(st->owners_why, sizeof(st->owners_why),
			 "no thread: %s", strerror(errno));
}

static void end_load(struct hunt *h)
{
	task_end(h->loading);
	h->loading = NULL;
	if (!h->taskfile)
		memcpy(h->monitor->status.owners_why, h->why, sizeof(h->why));
}

static void begin(struct hunt *h)
{
	const int32_t *pid = h->near ? h->pid : NULL;

	h->quick = h->taskfile && !taskfile_begin(h->taskfile, pid, h->pids);
	if (!h->quick)
		walk_begin(h->walk, pid, h->pids);
	h->pids = 0;
}

void hunt_begin(struct hunt *h, bool near, uint32_t wanted)
{
	h->near = near;
	if (h->may_load && h->walked + wanted * WALK_EACH_NS > LOAD_NS)
		begin_load(h);
	if (!h->loading)
		begin(h);
}

bool hunt_step(struct hunt *h, const struct walk_sink *sink, int64_t budget_ns)
{
	int64_t begun = clock_mono(h->monitor->clock);
	bool more;

	if (h->loading) {
		if (!task_over(h->loading, LOAD_STEP_MS))
			return true;
		end_load(h);
		begin(h);
	}
	if (h->quick)
		return taskfile_step(h->taskfile, sink, budget_ns);
	more = walk_step(h->walk, sink, budget_ns);
	h->walked += clock_mono(h->monitor->clock) - begun;
	return more;
}

bool hunt_quick(const struct hunt *h)
{
	return h->quick;
}

const struct walk_report *hunt_report(const struct hunt *h)
{
	return h->quick ? taskfile_report(h->taskfile) : walk_report(h->walk);
}
