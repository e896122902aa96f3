#include "model/rates.h"

/* half a second more, for passes that are not quite on time */
#define WINDOW_NS	(5 * NS_PER_SEC + NS_PER_SEC / 2)

/* Sockets that ActiveOpens or PassiveOpens counted when they came: a request
 * socket (SYN_RECV) is counted only when it becomes a connection. */
static uint64_t counted_connections(const struct table_counts *c)
{
	return c->total - c->state[STATE_LISTEN] - c->state[STATE_BOUND] -
	       c->state[STATE_CLOSE] - c->state[STATE_SYN_RECV];
}

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a == U64_UNKNOWN || b == U64_UNKNOWN ? U64_UNKNOWN : a + b;
}

static struct rates_point point(const struct host_sample *s,
				const struct table_counts *c)
{
	return (struct rates_point){
		.at = s->at,
		.opened = sum(s->value[HOST_ACTIVE_OPENS],
			      s->value[HOST_PASSIVE_OPENS]),
		.resets = s->value[HOST_ESTAB_RESETS],
		.sent = s->value[HOST_OUT_SEGS],
		.again = s->value[HOST_RETRANS_SEGS],
		.connections = counted_connections(c),
	};
}

static const struct rates_point *back(const struct rates_window *w, unsigned i)
{
	return &w->point[(w->next + RATES_POINTS - 1 - i) % RATES_POINTS];
}

/* The oldest one of the window, but at least the one before the newest. */
static const struct rates_point *start(const struct rates_window *w)
{
	unsigned i = 1;

	while (i + 1 < w->count && i + 1 < RATES_POINTS &&
	       back(w, i + 1)->at >= back(w, 0)->at - WINDOW_NS)
		i++;
	return back(w, i);
}

/* How much a counter grew; negative: unknown, or it began anew. */
static double growth(uint64_t before, uint64_t now)
{
	return before == U64_UNKNOWN || now == U64_UNKNOWN || now < before
		? -1 : (double)(now - before);
}

static double a_second(double grown, double seconds)
{
	return grown < 0 ? -1 : grown / seconds;
}

struct rates rates_add(struct rates_window *w, const struct host_sample *now,
		       const struct table_counts *c)
{
	struct rates r = { -1, -1, -1, -1 };
	struct rates_point p = point(now, c);
	const struct rates_point *old;
	double seconds, opened, sent, again;

	if (now->at == TIME_UNKNOWN || (w->count && now->at <= back(w, 0)->at))
		return r;
	w->point[w->next] = p;
	w->next = (w->next + 1) % RATES_POINTS;
	if (++w->count < 2)
		return r;
	old = start(w);
	seconds = (double)(p.at - old->at) / NS_PER_SEC;
	opened = growth(old->opened, p.opened);
	r.opened = a_second(opened, seconds);
	r.reset = a_second(growth(old->resets, p.resets), seconds);
	if (opened >= 0) {
		/* what came and is not in the table any more went */
		double closed = opened - ((double)p.connections -
					  (double)old->connections);

		r.closed = closed > 0 ? closed / seconds : 0;
	}
	sent = growth(old->sent, p.sent);
	again = growth(old->again, p.again);
	if (sent >= 0 && again >= 0)
		/* OutSegs leaves out what is sent again (RFC 4022) */
		r.retrans = sent + again > 0 ? again / (sent + again) : 0;
	return r;
}
