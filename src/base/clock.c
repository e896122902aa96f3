#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

static int64_t system_mono(const struct clock *c)
{
	(void)c;
	return read_clock(CLOCK_BOOTTIME);
}

static int64_t system_wall(const struct clock *c)
{
	(void)c;
	return read_clock(CLOCK_REALTIME);
}

static int64_t system_work(const struct clock *c)
{
	(void)c;
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

int64_t clock_wall_at(const struct clock *c, int64_t mono_ns)
{
	int64_t least = INT64_MAX, wall = 0;

	for (int tries = 0; tries < 3 && least > NS_PER_MS / 10; tries++) {
		int64_t before = clock_mono(c), now = clock_wall(c);
		int64_t took = clock_mono(c) - before;

		if (took >= least)
			continue;
		least = took;
		wall = now - (before + took / 2 - mono_ns);
	}
	return wall;
}

int64_t clock_apart(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID) -
	       read_clock(CLOCK_THREAD_CPUTIME_ID);
}

const struct clock clock_system = {
	.mono = system_mono,
	.wall = system_wall,
	.work = system_work,
};

static int64_t fake_mono(const struct clock *c)
{
	return ((const struct clock_fake *)c)->mono_ns;
}

static int64_t fake_wall(const struct clock *c)
{
	return ((const struct clock_fake *)c)->wall_ns;
}

void clock_fake_init(struct clock_fake *f, int64_t mono_ns, int64_t wall_ns)
{
	*f = (struct clock_fake){
		.clock = { .mono = fake_mono, .wall = fake_wall,
			   .work = fake_mono },
		.mono_ns = mono_ns,
		.wall_ns = wall_ns,
	};
}

void clock_fake_advance(struct clock_fake *f, int64_t ns)
{
	f->mono_ns += ns;
	f->wall_ns += ns;
}
