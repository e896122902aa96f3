#include "source/trace.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "source/ring.h"
#include "source/trace_record.h"
#include "source/trace_why.h"

/* PROC_PID_INIT_INO of linux/proc_ns.h: the root pid namespace's inode */
#define PID_ROOT_INODE	0xEFFFFFFCu

/* bpf_objects.S */
extern const char trace_object[], trace_object_end[];

struct trace {
	struct events events;
	struct bpf_object *object;
	struct bpf_link *link[2];
	struct ring *ring;
	int ring_fd, counts_fd;
	int first_fd;		/* the first program */
	uint32_t hz;
	unsigned long marked;	/* ring_end() at a time: when all up to there is */
	int64_t marked_at;	/* given, so is what was told until then */
	/* the drain under way */
	const struct events_sink *sink;
	size_t given, max;
};

/* ---- reading ------------------------------------------------------------- */

static bool on_record(void *arg, const void *bytes, size_t len)
{
	struct trace *t = arg;
	struct event e;

	if (trace_event(bytes, len, t->hz, &e)) {
		t->events.bad++;
		return true;
	}
	t->sink->event(t->sink->arg, &e);
	return ++t->given < t->max;
}

static size_t trace_drain(struct events *e, const struct events_sink *sink,
			  size_t max)
{
	struct trace *t = (struct trace *)e;
	int error = 0;

	/* the mark stands until it is passed: in a burst the end runs away */
	if (e->told >= t->marked_at) {
		t->marked_at = clock_mono(e->clock);
		t->marked = ring_end(t->ring);
	}
	t->sink = sink;
	t->given = 0;
	t->max = max;
	if (max)
		error = ring_read(t->ring, on_record, t);
	/* what cannot be mapped is not to be waited for */
	if (error || ring_passed(t->ring, t->marked))
		e->told = t->marked_at;
	return t->given;
}

static int trace_fd(const struct events *e)
{
	return ((const struct trace *)e)->ring_fd;
}

/* ---- counting ------------------------------------------------------------ */

static struct trace_counts sum_counts(const struct trace *t)
{
	int cpus = libbpf_num_possible_cpus();
	struct trace_counts sum = { 0 }, *each;
	uint32_t key = 0;

	if (cpus < 1)
		return sum;
	each = mem_array(NULL, cpus, sizeof(*each));
	if (!bpf_map_lookup_elem(t->counts_fd, &key, each)) {
		for (int i = 0; i < cpus; i++) {
			sum.full += each[i].full;
			sum.again += each[i].again;
		}
	}
	free(each);
	return sum;
}

/* how often the first program was skipped, as it ran already */
static uint64_t skipped(const struct trace *t)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	if (bpf_obj_get_info_by_fd(t->first_fd, &info, &len))
		return 0;
	return info.recursion_misses;
}

static uint64_t trace_lost(const struct events *e)
{
	const struct trace *t = (const struct trace *)e;
	/* in this order: what is skipped meanwhile is not lost for long */
	uint64_t skips = skipped(t);
	struct trace_counts sum = sum_counts(t);

	return sum.full + (skips > sum.again ? skips - sum.again : 0);
}

uint64_t trace_again(const struct events *e)
{
	return sum_counts((const struct trace *)e).again;
}

/* ---- beginning and end --------------------------------------------------- */

static void trace_free(struct events *e)
{
	struct trace *t = (struct trace *)e;

	ring_free(t->ring);
	for (int i = 0; i < 2; i++)
		bpf_link__destroy(t->link[i]);
	bpf_object__close(t->object);
	free(t);
}

static const struct events_ops trace_ops = {
	.name = "trace",
	.origin = ORIGIN_TRACE,
	.fd = trace_fd,
	.drain = trace_drain,
	.lost = trace_lost,
	.free = trace_free,
};

static int configure(const struct trace *t, uint32_t netns)
{
	struct bpf_map *map =
		bpf_object__find_map_by_name(t->object, ".rodata");
	struct trace_config config = { .netns = netns };
	struct stat st;

	if (!stat("/proc/self/ns/pid", &st) && st.st_ino != PID_ROOT_INODE) {
		config.pidns_dev = st.st_dev;
		config.pidns_ino = st.st_ino;
	}
	return bpf_map__set_initial_value(map, &config, sizeof(config));
}

/* Loads the two programs whose names begin with kind. */
static int load(struct trace *t, const struct trace_options *o,
		const char *kind)
{
	struct bpf_program *p = NULL;
	struct bpf_map *ring;

	t->object = bpf_object__open_mem(trace_object,
					 (uintptr_t)trace_object_end -
					 (uintptr_t)trace_object, NULL);
	if (!t->object || configure(t, o->netns))
		return -1;
	while ((p = bpf_object__next_program(t->object, p)))
		bpf_program__set_autoload(p, !strncmp(bpf_program__name(p),
						      kind, strlen(kind)));
	ring = bpf_object__find_map_by_name(t->object, "ring");
	if (o->ring_size && bpf_map__set_max_entries(ring, o->ring_size))
		return -1;
	if (bpf_object__load(t->object))
		return -1;
	t->ring_fd = bpf_map__fd(ring);
	t->counts_fd = bpf_object__find_map_fd_by_name(t->object, "counts");
	t->events.buffer = bpf_map__max_entries(ring);
	return 0;
}

/* In their order: the first one has to run first. */
static int attach(struct trace *t)
{
	struct bpf_program *p = NULL;
	int n = 0;

	while ((p = bpf_object__next_program(t->object, p))) {
		if (!bpf_program__autoload(p))
			continue;
		t->link[n] = bpf_program__attach(p);
		if (!t->link[n])
			return -1;
		if (n++ == 0)
			t->first_fd = bpf_program__fd(p);
	}
	return 0;
}

static struct events *try(const struct clock *clock,
			  const struct trace_options *o, const char *kind)
{
	struct trace *t = mem_zalloc(sizeof(*t));
	int error;

	t->events.ops = &trace_ops;
	t->events.clock = clock;
	t->events.told = clock_mono(clock);
	t->hz = sysconf(_SC_CLK_TCK);
	if (!load(t, o, kind) && !attach(t)) {
		t->ring = ring_new(t->ring_fd, t->events.buffer);
		if (t->ring)
			return &t->events;
	}
	error = errno;
	trace_free(&t->events);
	errno = error;
	return NULL;
}

struct events *trace_with(const struct clock *clock,
			  const struct trace_options *options,
			  char *why, size_t n)
{
	struct events *e = NULL;

	libbpf_set_print(NULL);		/* it would write to the screen */
	if (!options->raw)
		e = try(clock, options, "typed");
	/* for Linux before 5.12, where typed ones get no cookie */
	if (!e && (options->raw || errno != EPERM))
		e = try(clock, options, "raw");
	if (!e)
		trace_why(errno, why, n);
	return e;
}

struct events *events_trace(const struct clock *clock, uint32_t netns,
			    char *why, size_t n)
{
	const struct trace_options options = { .netns = netns };

	return trace_with(clock, &options, why, n);
}
