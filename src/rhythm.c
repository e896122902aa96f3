#include "rhythm.h"

#include "model/need.h"

/* of the budget, for passes that only make sure */
#define MAINTAINED_SHARE	40

/* Both counts move while they are taken: so many sockets, or such a part of
 * all, are nothing yet.  Nor is a moment: the end of a TIME_WAIT is noticed up
 * to two seconds later. */
enum { DRIFT_LEAST = 4, DRIFT_PART = 256 };
#define DRIFT_NS	(5 * NS_PER_SEC)

/* No event brings these, and the order or the filter of all rows asks. */
#define NEEDS_PASSES	(NEED_FRESH | NEEDS_DETAIL)

void rhythm_pass(struct rhythm *r, int64_t begun, int64_t worked, bool traced)
{
	r->begun = begun;
	r->worked = worked;
	r->maintained = traced;
	r->apart_known = false;
	r->drifting = TIME_UNKNOWN;
}

void rhythm_lost(struct rhythm *r)
{
	r->maintained = false;
}

int64_t rhythm_due(const struct rhythm *r, unsigned needs)
{
	bool rare = r->maintained && !(needs & NEEDS_PASSES);
	double share = rare ? r->budget / MAINTAINED_SHARE : r->budget;
	int64_t apart = r->worked / share;

	return r->begun + (apart > r->interval ? apart : r->interval);
}

double rhythm_small_share(const struct rhythm *r)
{
	return r->budget / MAINTAINED_SHARE;
}

/*
 * What sockstat counts: full sockets by family, and mini-sockets but for the
 * requests.  Sockets that are not connected nor listen are in neither.  False:
 * not known.
 */
static bool count_apart(const struct monitor *m, int64_t *apart)
{
	const struct table_counts *c = table_counts_now(m->table);
	uint64_t inuse = host_value(&m->counters, HOST_TCP_INUSE);
	uint64_t inuse6 = host_value(&m->counters, HOST_TCP6_INUSE);
	uint64_t tw = host_value(&m->counters, HOST_TCP_TW);

	if (inuse == U64_UNKNOWN || tw == U64_UNKNOWN)
		return false;
	if (inuse6 == U64_UNKNOWN)	/* no IPv6 */
		inuse6 = 0;
	*apart = (int64_t)(inuse + inuse6 + tw) -
		 ((int64_t)c->total - c->state[STATE_SYN_RECV] -
		  c->state[STATE_BOUND] - c->state[STATE_CLOSE]);
	return true;
}

/* Connections come and go between the one count and the other. */
static int64_t tolerance(const struct monitor *m)
{
	int64_t opened = 0;
	uint64_t n;

	if (host_delta(&m->counters, HOST_ACTIVE_OPENS, &n))
		opened += n;
	if (host_delta(&m->counters, HOST_PASSIVE_OPENS, &n))
		opened += n;
	return DRIFT_LEAST + opened / 2 +
	       table_counts_now(m->table)->total / DRIFT_PART;
}

bool rhythm_drifts(struct rhythm *r, const struct monitor *m)
{
	int64_t apart, moved;

	if (!r->maintained || !count_apart(m, &apart))
		return false;
	if (!r->apart_known)
		r->apart = apart;
	r->apart_known = true;
	moved = apart > r->apart ? apart - r->apart : r->apart - apart;
	if (moved <= tolerance(m))
		r->drifting = TIME_UNKNOWN;
	else if (r->drifting == TIME_UNKNOWN)
		r->drifting = m->counters.now.at;
	else if (m->counters.now.at - r->drifting >= DRIFT_NS)
		r->maintained = false;
	return !r->maintained;
}
