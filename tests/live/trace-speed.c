/*
 * trace-speed.c - what a change costs the state trace
 *
 *	trace-speed [LIVES [raw]]
 *
 * Two processes make LIVES connections each as fast as they can.  In a
 * network namespace of its own, as root.
 */
#include <bpf/bpf.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lives.h"
#include "source/netns.h"
#include "source/trace.h"

static size_t got, late;
static int64_t latest, worst;

/* Later ones that come first: what two CPUs did at the same moment. */
static void on_event(void *arg, const struct event *e)
{
	(void)arg;
	got++;
	if (e->at > latest) {
		latest = e->at;
		return;
	}
	late++;
	if (latest - e->at > worst)
		worst = latest - e->at;
}

static void live(enum life_family family, unsigned n)
{
	while (n--) {
		struct life l[LIFE_ENDS] = { 0 };

		life_kinds[0].make(family, l);
	}
	_exit(0);
}

/* of the programs of this process */
static void print_programs(void)
{
	for (int fd = 0; fd < 64; fd++) {
		struct bpf_prog_info info = { 0 };
		uint32_t len = sizeof(info);

		if (bpf_obj_get_info_by_fd(fd, &info, &len) || !info.run_cnt)
			continue;
		printf("%s: %llu runs of %.0f ns, skipped %llu times\n",
		       info.name, (unsigned long long)info.run_cnt,
		       (double)info.run_time_ns / (double)info.run_cnt,
		       (unsigned long long)info.recursion_misses);
	}
}

int main(int argc, char **argv)
{
	const unsigned lives = argc > 1 ? atoi(argv[1]) : 10000;
	const size_t expected = 2 * 10 * (size_t)lives;
	const struct trace_options options = {
		.netns = own_netns(), .raw = argc > 2,
	};
	const struct events_sink sink = { .event = on_event };
	int64_t start = boottime(), reading = 0;
	struct events *e;
	struct pollfd p = { .events = POLLIN };
	unsigned wakes = 0;
	char why[160];

	bpf_enable_stats(BPF_STATS_RUN_TIME);
	e = trace_with(&clock_system, &options, why, sizeof(why));
	if (!e) {
		fprintf(stderr, "trace-speed: %s\n", why);
		return 1;
	}
	printf("ready after %.1f ms\n", (double)(boottime() - start) / 1e6);
	lives_begin();
	while (events_drain(e, &sink, 64) > 0)
		;
	got = 0;
	for (int i = 0; i < 2; i++)
		if (!fork())
			live(i ? LIFE_IPV6 : LIFE_IPV4, lives);
	p.fd = events_fd(e);
	start = boottime();
	while (got < expected && poll(&p, 1, 1000) > 0) {
		int64_t begun = boottime();

		events_drain(e, &sink, 4096);
		reading += boottime() - begun;
		wakes++;
	}
	printf("%.0f changes/s, %u wakes, %.0f ns to read one\n",
	       (double)got * 1e9 / (double)(boottime() - start), wakes,
	       (double)reading / (double)got);
	printf("%zu changes, %zu received, %llu lost, %llu by the second "
	       "program\n", expected, got,
	       (unsigned long long)events_lost(e),
	       (unsigned long long)trace_again(e));
	printf("%zu came after a younger one, by %.1f us at most\n", late,
	       (double)worst / 1e3);
	print_programs();
	while (wait(NULL) > 0)
		;
	events_free(e);
	return 0;
}
