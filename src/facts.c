#include "facts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/need.h"
#include "source/procinfo.h"

/* processes between two looks at the clock, some 30 us each */
enum { BATCH = 8 };

/* a process that may be gone when its turn comes */
struct asked {
	int32_t pid;
	uint64_t start;
};

struct facts {
	struct monitor *monitor;
	int procfs;			/* -1: cannot be read */
	unsigned needs;			/* of NEEDS_PROCESS */
	bool again;
	struct asked *asked;
	size_t count, capacity, next;
	bool news;			/* of this run */
	struct procinfo info;
};

struct facts *facts_new(struct monitor *m, const char *procfs)
{
	struct facts *f = mem_zalloc(sizeof(*f));

	f->monitor = m;
	f->procfs = open(procfs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return f;
}

void facts_free(struct facts *f)
{
	if (!f)
		return;
	if (f->procfs >= 0)
		close(f->procfs);
	buf_free(&f->info.service);
	buf_free(&f->info.command);
	free(f->asked);
	free(f);
}

bool facts_want(struct facts *f, unsigned needs)
{
	unsigned old = f->needs;

	f->needs = needs & NEEDS_PROCESS;
	return f->needs & ~old;
}

static void gather(void *arg, const struct process *p)
{
	struct facts *f = arg;

	if (!f->again && !(f->needs & ~p->told))
		return;
	if (f->count == f->capacity) {
		f->capacity = f->capacity ? 2 * f->capacity : 64;
		f->asked = mem_array(f->asked, f->capacity, sizeof(*f->asked));
	}
	f->asked[f->count++] = (struct asked){ p->pid, p->start };
}

void facts_begin(struct facts *f, bool again)
{
	f->again = again;
	f->count = f->next = 0;
	f->news = false;
	if (f->needs && f->procfs >= 0)
		owners_each_process(f->monitor->owners, gather, f);
}

static void replace(struct facts *f, struct safe *old, const struct buf *with)
{
	struct safe new = safe_text(buf_str(with), with->len, 0);

	f->news |= strcmp(safe_str(*old), safe_str(new)) != 0;
	safe_free(old);
	*old = new;
}

/* What cannot be read, as its process has ended, stays as it was. */
static void read_one(struct facts *f, const struct asked *a)
{
	struct process *p = owners_process(f->monitor->owners, a->pid,
					   a->start);

	if (!p)
		return;
	p->told |= f->needs;
	if (procinfo_read(&f->info, f->procfs, a->pid, a->start, f->needs))
		return;
	if (f->needs & NEED_SERVICE)
		replace(f, &p->service, &f->info.service);
	if (f->needs & NEED_COMMAND)
		replace(f, &p->command, &f->info.command);
}

bool facts_step(struct facts *f, int64_t budget_ns)
{
	const struct clock *clock = f->monitor->clock;
	int64_t end = clock_mono(clock) + budget_ns;

	do {
		for (int i = 0; i < BATCH && f->next < f->count; i++)
			read_one(f, &f->asked[f->next++]);
	} while (f->next < f->count && clock_mono(clock) < end);
	if (f->next < f->count)
		return true;
	/* sorted or filtered by that, sockets stand elsewhere now */
	if (f->news)
		table_touch_all(f->monitor->table);
	f->news = false;
	return false;
}
