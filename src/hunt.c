#include "hunt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/netns.h"
#include "source/taskfile.h"

/* what loading the program takes, and a walk for each descriptor; measured on
 * Linux 6.18 */
#define LOAD_NS		(20 * NS_PER_MS)
#define WALK_EACH_NS	INT64_C(4000)

struct hunt {
	struct monitor *monitor;
	struct walk *walk;
	struct taskfile *taskfile;	/* NULL: not (yet) loaded */
	bool may_load;			/* it was not tried */
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

static void load(struct hunt *h)
{
	struct status *st = &h->monitor->status;

	h->may_load = false;
	h->taskfile = taskfile_new(h->monitor->clock, own_netns(),
				   st->owners_why, sizeof(st->owners_why));
}

void hunt_begin(struct hunt *h, bool near, uint32_t wanted)
{
	if (h->may_load && h->walked + wanted * WALK_EACH_NS > LOAD_NS)
		load(h);
	h->quick = h->taskfile &&
		   !taskfile_begin(h->taskfile, near ? h->pid : NULL, h->pids);
	if (!h->quick)
		walk_begin(h->walk, near ? h->pid : NULL, h->pids);
	h->pids = 0;
}

bool hunt_step(struct hunt *h, const struct walk_sink *sink, int64_t budget_ns)
{
	int64_t begun = clock_mono(h->monitor->clock);
	bool more;

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
