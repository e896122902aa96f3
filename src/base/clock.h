/*
 * clock.h - the time, and where it comes from
 *
 * All times in the program are int64_t nanoseconds: "mono" (CLOCK_BOOTTIME,
 * goes on during suspend, never set) for every interval and rate, "wall"
 * (CLOCK_REALTIME) only to be shown.  They are read through a struct clock
 * so that a test can drive the program with times of its own.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_MS	INT64_C(1000000)
#define NS_PER_SEC	INT64_C(1000000000)
/* a time nobody knows; real ones are positive */
#define TIME_UNKNOWN	INT64_MIN

struct clock {
	int64_t (*mono)(const struct clock *c);
	int64_t (*wall)(const struct clock *c);
	int64_t (*work)(const struct clock *c);
};

/* the kernel's clocks */
extern const struct clock clock_system;

static inline int64_t clock_mono(const struct clock *c)
{
	return c->mono(c);
}

static inline int64_t clock_wall(const struct clock *c)
{
	return c->wall(c);
}

/* CPU time of this thread, ns: what is paid for work, however long it had to
 * wait for a processor. */
static inline int64_t clock_work(const struct clock *c)
{
	return c->work(c);
}

/*
 * What the wall clock showed, or will show, at that mono time.  The two cannot
 * be read at once; one that was kept waiting in between reads them again.
 */
int64_t clock_wall_at(const struct clock *c, int64_t mono_ns);

/* CPU time that other threads than this one have used, ns. */
int64_t clock_apart(void);

/* A clock that stands still until the test moves it; all of its time is work. */
struct clock_fake {
	struct clock clock;		/* first: pass &fake.clock */
	int64_t mono_ns, wall_ns;
};
void clock_fake_init(struct clock_fake *f, int64_t mono_ns, int64_t wall_ns);
void clock_fake_advance(struct clock_fake *f, int64_t ns);

#endif
