#include "source/taskfile.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "source/taskfile_record.h"
#include "source/trace_why.h"
#include "source/walktext.h"

/* bpf_objects.S */
extern const char taskfile_object[], taskfile_object_end[];

/* The kernel's own buffer for an iterator: one read(2) never brings more
 * (bpf_seq_read). */
enum { READ_MAX = 8 * 4096 };

struct taskfile {
	const struct clock *clock;
	struct bpf_object *object;
	struct bpf_program *program;
	const int32_t *pids;	/* still to come; NULL: all in one run */
	size_t pids_left;
	int step_map;
	int iter;		/* -1: no run under way */
	uint32_t hz;
	struct walk_report report;
	int32_t last_pid;	/* counted in the report */
	uint64_t words[READ_MAX / sizeof(uint64_t)];
};

/* /proc can be that of another pid namespace than ours: then the same process
 * has another number there. */
static bool procfs_is_ours(void)
{
	char link[32] = "";

	return readlink("/proc/self", link, sizeof(link) - 1) > 0 &&
	       walktext_pid(link) == getpid();
}

static int load(struct taskfile *t, uint32_t netns)
{
	const struct taskfile_config config = { .netns = netns };

	t->object = bpf_object__open_mem(taskfile_object,
					 (uintptr_t)taskfile_object_end -
					 (uintptr_t)taskfile_object, NULL);
	if (!t->object ||
	    bpf_map__set_initial_value(bpf_object__find_map_by_name(t->object,
								    ".rodata"),
				       &config, sizeof(config)) ||
	    bpf_object__load(t->object))
		return -1;
	t->step_map = bpf_object__find_map_fd_by_name(t->object, "step");
	t->program = bpf_object__find_program_by_name(t->object, "each_file");
	return 0;
}

struct taskfile *taskfile_new(const struct clock *clock, uint32_t netns,
			      char *why, size_t n)
{
	struct taskfile *t;
	int error;

	if (!netns || !procfs_is_ours()) {
		snprintf(why, n, "/proc is of another pid namespace");
		return NULL;
	}
	libbpf_set_print(NULL);		/* it would write to the screen */
	t = mem_zalloc(sizeof(*t));
	t->clock = clock;
	t->iter = -1;
	t->hz = sysconf(_SC_CLK_TCK);
	if (!load(t, netns))
		return t;
	error = errno;
	taskfile_free(t);
	trace_why(error, why, n);
	return NULL;
}

static void end(struct taskfile *t)
{
	if (t->iter >= 0)
		close(t->iter);
	t->iter = -1;
}

void taskfile_free(struct taskfile *t)
{
	if (!t)
		return;
	end(t);
	bpf_object__close(t->object);
	free(t);
}

/* Over one process, or all: 0. */
static int begin_one(struct taskfile *t, int32_t pid)
{
	union bpf_iter_link_info info = { .task = { .pid = pid } };
	struct bpf_iter_attach_opts opts;
	struct bpf_link *link;

	memset(&opts, 0, sizeof(opts));	/* libbpf looks at the padding, too */
	opts.sz = sizeof(opts);
	opts.link_info = &info;
	opts.link_info_len = sizeof(info);
	link = bpf_program__attach_iter(t->program, pid ? &opts : NULL);
	if (!link)
		return -1;
	t->iter = bpf_iter_create(bpf_link__fd(link));
	bpf_link__destroy(link);	/* the iterator keeps what it needs */
	return t->iter < 0 ? -1 : 0;
}

/* Goes on with the next process that is still there; false: that was all. */
static bool begin_next(struct taskfile *t)
{
	while (t->pids && t->pids_left) {
		t->pids_left--;
		if (!begin_one(t, *t->pids++))
			return true;
		if (errno == ESRCH)
			continue;
		t->pids = NULL;
		return !begin_one(t, 0);
	}
	return false;
}

int taskfile_begin(struct taskfile *t, const int32_t *pids, size_t n)
{
	end(t);
	memset(&t->report, 0, sizeof(t->report));
	t->last_pid = 0;
	t->pids = pids;
	t->pids_left = n;
	if (pids || !begin_one(t, 0))
		return 0;
	return -1;
}

/* All that one read brought. */
static void tell(struct taskfile *t, size_t count, const struct walk_sink *sink)
{
	const size_t head = sizeof(struct taskfile_process) / sizeof(uint64_t);
	const struct taskfile_process *p = NULL;
	size_t i = 0;

	while (i < count) {
		if (t->words[i]) {
			if (p)
				sink->found(sink->arg, t->words[i], p->pid,
					    p->start / (NS_PER_SEC / t->hz),
					    p->comm, strnlen(p->comm,
							     sizeof(p->comm)));
			i++;
			continue;
		}
		if (count - i < head)
			break;
		p = (const void *)&t->words[i];
		t->report.processes += (int32_t)p->pid != t->last_pid;
		t->last_pid = p->pid;
		i += head;
	}
}

bool taskfile_step(struct taskfile *t, const struct walk_sink *sink,
		   int64_t budget_ns)
{
	const int64_t until = clock_mono(t->clock) + budget_ns;
	/* the kernel's clock, whatever ours is */
	const struct taskfile_step step = {
		.until = clock_mono(&clock_system) + budget_ns,
	};
	const uint32_t zero = 0;
	ssize_t n;

	if (t->iter < 0 && !begin_next(t))
		return false;
	do {
		bpf_map_update_elem(t->step_map, &zero, &step, BPF_ANY);
		n = read(t->iter, t->words, sizeof(t->words));
		if (n > 0)
			tell(t, n / sizeof(*t->words), sink);
	} while (n > 0 && clock_mono(t->clock) < until);
	/* EAGAIN: there was nothing to be told in that time */
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return true;
	if (n < 0)
		t->report.error = errno;
	end(t);
	return t->pids != NULL;
}

const struct walk_report *taskfile_report(const struct taskfile *t)
{
	return &t->report;
}
