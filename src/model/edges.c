#include "model/edges.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	SECONDS		= 64,	/* kept: 60, the one under way, and to spare */
	LONGEST		= 60,
	/*
	 * Each power of two of nanoseconds is cut into 16 equal buckets, so
	 * that one is 1/16 to 1/32 as wide as what is in it; the first 16 hold
	 * one nanosecond each.
	 */
	CUT_BITS	= 4,
	CUTS		= 1 << CUT_BITS,
	BUCKETS		= (63 - CUT_BITS + 1) * CUTS,
};

struct second {
	int64_t number;		/* mono seconds; -1 never used */
	uint32_t step[STATE_COUNT][STATE_COUNT];
	uint32_t sum[EDGES_SUM_COUNT];
};

struct dwell {
	uint64_t count;
	int64_t least, most;
	uint64_t bucket[BUCKETS];
};

struct edges {
	int64_t since;		/* TIME_UNKNOWN: not yet started */
	bool traced;		/* something was */
	uint64_t turn;		/* where the next change is put, see when() */
	uint64_t total[STATE_COUNT][STATE_COUNT];
	struct second second[SECONDS];
	struct dwell dwell[STATE_COUNT];
};

const char *const edges_sum_name[EDGES_SUM_COUNT] = {
	[EDGES_OPENED]	 = "opened",
	[EDGES_ACCEPTED] = "accepted",
	[EDGES_CLOSED]	 = "closed",
	[EDGES_RESET]	 = "reset",
};

struct edges *edges_new(void)
{
	struct edges *e = mem_zalloc(sizeof(*e));

	e->since = TIME_UNKNOWN;
	for (size_t i = 0; i < SECONDS; i++)
		e->second[i].number = -1;
	return e;
}

void edges_free(struct edges *e)
{
	free(e);
}

void edges_start(struct edges *e, int64_t at)
{
	if (e->since == TIME_UNKNOWN)
		e->since = at;
}

/* state_slot() has STATE_NONE for those without a name; here that is taken. */
static unsigned slot(unsigned state)
{
	return state < STATE_COUNT ? state : EDGES_OTHER;
}

/* ---- steps --------------------------------------------------------------- */

static bool connects(unsigned state)
{
	return state != STATE_NONE && state != STATE_LISTEN &&
	       state != STATE_BOUND && state != STATE_CLOSE;
}

/* What ends here was cut off: refused, reset, given up. */
static bool cut_off(unsigned state)
{
	const unsigned amid = STATE_BIT(STATE_SYN_SENT) |
			      STATE_BIT(STATE_SYN_RECV) |
			      STATE_BIT(STATE_ESTABLISHED) |
			      STATE_BIT(STATE_FIN_WAIT1) |
			      STATE_BIT(STATE_CLOSE_WAIT);

	return state < STATE_COUNT && (STATE_BIT(state) & amid);
}

/*
 * The moment at which a change is counted.  Steps of the golden ratio, each
 * modulo 1, are spread evenly over 0 … 1 however many there are.
 */
static int64_t when(struct edges *e, const struct change *c)
{
	const uint64_t golden = 0x9e3779b97f4a7c15;
	uint64_t span;

	if (c->after == TIME_UNKNOWN || c->after >= c->at)
		return c->at;
	span = (uint64_t)(c->at - c->after);
	e->turn += golden;
	return c->at - (int64_t)((unsigned __int128)span * e->turn >> 64);
}

/* The counts of the second that holds `at`; NULL if that is too long ago. */
static struct second *second_of(struct edges *e, int64_t at)
{
	int64_t number = at / NS_PER_SEC;
	struct second *s;

	if (at < 0)
		return NULL;
	s = &e->second[number % SECONDS];
	if (s->number > number)
		return NULL;
	if (s->number < number) {
		memset(s, 0, sizeof(*s));
		s->number = number;
	}
	return s;
}

static void count_sums(struct second *s, const struct change *c)
{
	bool before = connects(c->from), after = connects(c->to);

	if (!before && after) {
		s->sum[EDGES_OPENED]++;
		s->sum[EDGES_ACCEPTED] += c->direction == DIR_IN;
	} else if (before && !after) {
		s->sum[EDGES_CLOSED]++;
		s->sum[EDGES_RESET] += c->origin == ORIGIN_TRACE &&
				       c->certainty == CERTAIN_EXACT &&
				       cut_off(c->from);
	}
}

static void count_step(struct edges *e, const struct change *c)
{
	unsigned from = slot(c->from), to = slot(c->to);
	struct second *s = second_of(e, when(e, c));

	e->total[from][to]++;
	if (!s)
		return;
	s->step[from][to]++;
	count_sums(s, c);
}

uint64_t edges_total(const struct edges *e, unsigned from, unsigned to)
{
	return e->total[slot(from)][slot(to)];
}

/* The counts of the i-th whole second before now, i = 1 the newest, all of them
 * watched(); NULL: there was nothing in it. */
static const struct second *second_ago(const struct edges *e, int i,
				       int64_t now)
{
	int64_t number = now / NS_PER_SEC - i;
	const struct second *s = &e->second[number % SECONDS];

	return s->number == number ? s : NULL;
}

static bool watched(const struct edges *e, int seconds, int64_t now)
{
	return e->since != TIME_UNKNOWN && seconds >= 1 && seconds <= LONGEST &&
	       (now / NS_PER_SEC - seconds) * NS_PER_SEC >= e->since;
}

double edges_rate(const struct edges *e, unsigned from, unsigned to,
		  int seconds, int64_t now)
{
	const struct second *s;
	uint64_t n = 0;

	if (!watched(e, seconds, now))
		return -1;
	for (int i = 1; i <= seconds; i++)
		if ((s = second_ago(e, i, now)))
			n += s->step[slot(from)][slot(to)];
	return (double)n / seconds;
}

int edges_window(const struct edges *e, int seconds, int64_t now)
{
	if (seconds > LONGEST)
		seconds = LONGEST;
	while (seconds > 0 && !watched(e, seconds, now))
		seconds--;
	return seconds > 0 ? seconds : 0;
}

double edges_sum_rate(const struct edges *e, enum edges_sum what, int seconds,
		      int64_t now)
{
	const struct second *s;
	uint64_t n = 0;

	if (!watched(e, seconds, now) || (what == EDGES_RESET && !e->traced))
		return -1;
	for (int i = 1; i <= seconds; i++)
		if ((s = second_ago(e, i, now)))
			n += s->sum[what];
	return (double)n / seconds;
}

/* ---- dwell times --------------------------------------------------------- */

static unsigned bucket_of(uint64_t ns)
{
	unsigned top;

	if (ns < CUTS)
		return (unsigned)ns;
	top = 63 - (unsigned)__builtin_clzll(ns);
	return (top - CUT_BITS + 1) * CUTS +
	       (unsigned)(ns >> (top - CUT_BITS) & (CUTS - 1));
}

/* the middle of what is in that bucket */
static int64_t bucket_middle(unsigned bucket)
{
	unsigned shift = bucket / CUTS - 1;
	uint64_t first;

	if (bucket < CUTS)
		return bucket;
	first = (uint64_t)(CUTS + bucket % CUTS) << shift;
	return (int64_t)(first + ((UINT64_C(1) << shift) - 1) / 2);
}

/* Were both its beginning and its end seen? */
static bool dwell_known(const struct change *c)
{
	return c->from != STATE_NONE && c->dwell >= 0 &&
	       (c->certainty == CERTAIN_EXACT ||
		c->certainty == CERTAIN_BETWEEN) &&
	       (c->dwell_certainty == CERTAIN_EXACT ||
		c->dwell_certainty == CERTAIN_BETWEEN);
}

static void add_dwell(struct dwell *d, int64_t ns)
{
	if (!d->count || ns < d->least)
		d->least = ns;
	if (!d->count || ns > d->most)
		d->most = ns;
	d->count++;
	d->bucket[bucket_of((uint64_t)ns)]++;
}

void edges_add(struct edges *e, const struct change *c)
{
	e->traced |= c->origin == ORIGIN_TRACE;
	count_step(e, c);
	if (dwell_known(c))
		add_dwell(&e->dwell[slot(c->from)], c->dwell);
}

int64_t edges_dwell(const struct edges *e, unsigned state, double q)
{
	const struct dwell *d = &e->dwell[slot(state)];
	double rank = q * (double)d->count;
	uint64_t n = 0;

	for (unsigned i = 0; i < BUCKETS; i++) {
		int64_t ns;

		n += d->bucket[i];
		if (!n || (double)n < rank)
			continue;
		ns = bucket_middle(i);
		return ns < d->least ? d->least : ns > d->most ? d->most : ns;
	}
	return TIME_UNKNOWN;
}

uint64_t edges_dwell_count(const struct edges *e, unsigned state)
{
	return e->dwell[slot(state)].count;
}
