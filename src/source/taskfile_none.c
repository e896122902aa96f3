/*
 * taskfile_none.c - in place of taskfile.c where it cannot be built
 */
#include <errno.h>
#include <stdio.h>

#include "source/taskfile.h"

struct taskfile *taskfile_new(const struct clock *clock, uint32_t netns,
			      char *why, size_t n)
{
	(void)clock;
	(void)netns;
	snprintf(why, n, "this build has no libbpf");
	return NULL;
}

void taskfile_free(struct taskfile *t)
{
	(void)t;
}

int taskfile_begin(struct taskfile *t, const int32_t *pids, size_t n)
{
	(void)t;
	(void)pids;
	(void)n;
	errno = ENOSYS;
	return -1;
}

bool taskfile_step(struct taskfile *t, const struct walk_sink *sink,
		   int64_t budget_ns)
{
	(void)t;
	(void)sink;
	(void)budget_ns;
	return false;
}

const struct walk_report *taskfile_report(const struct taskfile *t)
{
	static const struct walk_report nothing;

	(void)t;
	return &nothing;
}
