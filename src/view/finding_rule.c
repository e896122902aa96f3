/*
 * finding_rule.c - what is too much of a kind, and how bad that is
 *
 * What a busy host has without any trouble is a note.
 */
#include "view/finding_part.h"

#include <sys/socket.h>

#define GROWN_NS	(10 * NS_PER_SEC)	/* counters: "now" */
#define GROWING_NS	(60 * NS_PER_SEC)	/* tallies */
#define OLD_NS		(600 * NS_PER_SEC)

bool finding_grows(const struct findings *f, enum host_value v)
{
	const struct growth *g = &f->growth[v];

	return g->at != TIME_UNKNOWN && f->now - g->at < GROWN_NS;
}

static int64_t oldest_age(const struct findings *f, const struct tally *t)
{
	return t->oldest == TIME_UNKNOWN ? 0 : f->now - t->oldest;
}

static bool many(const struct tally *t)
{
	return t->count >= finding_kinds[t->key.kind].least;
}

/* There came more of them in the last minute, after they were first too
 * many. */
static bool growing(const struct findings *f, const struct tally *t)
{
	return t->hot_since != TIME_UNKNOWN && t->count > t->hot_count &&
	       t->record_at > t->hot_since && t->count == t->record &&
	       f->now - t->record_at < GROWING_NS;
}

static int judge_close_wait(const struct findings *f, const struct tally *t)
{
	if (many(t))
		return growing(f, t) ? SEVERITY_ALERT : SEVERITY_WARN;
	/* a few that nobody will ever close */
	return t->count && oldest_age(f, t) >= OLD_NS ? SEVERITY_NOTE : CALM;
}

static int judge_accept_queue(const struct findings *f, const struct tally *t)
{
	if (!t->count)
		return CALM;
	return finding_grows(f, HOST_LISTEN_OVERFLOWS) ? SEVERITY_ALERT :
							 SEVERITY_WARN;
}

/* One that is slow is no news; nor are a few where others get through. */
static int judge_dead_upstream(const struct findings *f,
			       const struct tally *t)
{
	enum { FEW = 10 };

	if (t->all)
		return t->count >= FEW && t->most >= 2 ? SEVERITY_WARN : CALM;
	if (many(t))
		return t->count >= FEW ? SEVERITY_ALERT : SEVERITY_WARN;
	return t->count && oldest_age(f, t) >= 10 * NS_PER_SEC ?
	       SEVERITY_NOTE : CALM;
}

/* The listener's accept queue is full: that is why nobody gets further. */
static bool port_is_full(const struct findings *f, const struct tally *t)
{
	struct tally_key k = t->key;
	const struct tally *full;

	k.kind = FINDING_ACCEPT_QUEUE;
	full = tally_known(&f->tallies, &k);
	return full && full->hot_at != TIME_UNKNOWN &&
	       f->now - full->hot_at < HOLD_NS;
}

/* Where many connections come in some lose a packet at any time. */
static int judge_syn_flood(const struct findings *f, const struct tally *t)
{
	enum { ANY = 3, A_LOT = 256 };
	bool overflows = finding_grows(f, HOST_SYNCOOKIES_SENT) ||
			 finding_grows(f, HOST_REQ_QFULL_DROP) ||
			 finding_grows(f, HOST_REQ_QFULL_DOCOOKIES);

	if (port_is_full(f, t))
		return CALM;
	if (overflows && t->count >= ANY)
		return SEVERITY_ALERT;
	if (!many(t) || t->count <= f->passive_opens)
		return CALM;
	return t->count >= A_LOT ? SEVERITY_ALERT : SEVERITY_WARN;
}

/* May connect(2) take a port whose socket is in TIME_WAIT? */
static bool time_wait_reused(const struct findings *f, const struct tally *t)
{
	uint64_t reuse = host_value(&f->m->counters, HOST_TW_REUSE);
	static const struct addr v6_loopback = { .b = { [15] = 1 } };

	if (reuse != 2)
		return reuse == 1;
	return t->key.family == AF_INET ? t->key.there.b[0] == 127 :
	       addr_equal(&t->key.there, &v6_loopback);
}

static int judge_ports(const struct findings *f, const struct tally *t)
{
	const double much = finding_kinds[FINDING_PORTS].share, most = 0.9;
	double ports = finding_ports(f), used = t->count;

	if (!ports || used / ports < much)
		return CALM;
	if (time_wait_reused(f, t))
		used -= t->all;
	if (used / ports < much)
		return SEVERITY_NOTE;
	return used / ports >= most ? SEVERITY_ALERT : SEVERITY_WARN;
}

/* extra: on this host, where it is plain that the other end has our FIN. */
static int judge_fin_wait2(const struct findings *f, const struct tally *t)
{
	enum { A_LOT = 10 };

	(void)f;
	if (!t->count)
		return CALM;
	return t->extra || t->count >= A_LOT ? SEVERITY_WARN : SEVERITY_NOTE;
}

/* Some always are so: how many of the process's connections? */
static int judge_queue(const struct findings *f, const struct tally *t)
{
	enum { A_LOT = 100 };
	double share = finding_kinds[t->key.kind].share;

	(void)f;
	if (!t->count)
		return CALM;
	return t->count >= A_LOT || t->count >= t->all * share ?
	       SEVERITY_WARN : SEVERITY_NOTE;
}

/* The tally of all addresses is told unless a few addresses explain it. */
static int judge_retransmitting(const struct findings *f,
				const struct tally *t)
{
	enum { SAME_ADDRESS = 3 };
	double share = finding_kinds[FINDING_RETRANSMITTING].share;
	uint32_t open = table_counts(f->m->table)->state[STATE_ESTABLISHED];

	if (t->key.family) {
		if (t->count < SAME_ADDRESS)
			return CALM;
		return 2 * t->count >= t->all ? SEVERITY_WARN : SEVERITY_NOTE;
	}
	if (!t->count)
		return CALM;
	return t->count >= open * share ? SEVERITY_WARN : SEVERITY_NOTE;
}

static int judge_time_wait(const struct findings *f, const struct tally *t)
{
	uint64_t most = host_value(&f->m->counters, HOST_MAX_TW_BUCKETS);
	uint32_t all = table_counts(f->m->table)->state[STATE_TIME_WAIT];

	if (!many(t))
		return CALM;
	if (finding_grows(f, HOST_TIME_WAIT_OVERFLOW))
		return SEVERITY_ALERT;
	return most != U64_UNKNOWN &&
	       all >= most * finding_kinds[FINDING_TIME_WAIT].share ?
	       SEVERITY_WARN : SEVERITY_NOTE;
}

/* count of `most`, both from the host's counters */
static int judge_of_limit(const struct findings *f, const struct tally *t)
{
	double share = finding_kinds[t->key.kind].share;

	(void)f;
	if (!t->most || t->count < t->most * share)
		return CALM;
	return t->count >= t->most * 0.9 && share < 0.9 ? SEVERITY_ALERT :
							   SEVERITY_WARN;
}

static int judge_memory(const struct findings *f, const struct tally *t)
{
	if (finding_grows(f, HOST_ABORT_ON_MEMORY))
		return SEVERITY_ALERT;
	return judge_of_limit(f, t);
}

static int (*const rule[FINDING_COUNT])(const struct findings *f,
					const struct tally *t) = {
	[FINDING_CLOSE_WAIT]		= judge_close_wait,
	[FINDING_ACCEPT_QUEUE]		= judge_accept_queue,
	[FINDING_DEAD_UPSTREAM]		= judge_dead_upstream,
	[FINDING_SYN_FLOOD]		= judge_syn_flood,
	[FINDING_PORTS]			= judge_ports,
	[FINDING_FIN_WAIT2]		= judge_fin_wait2,
	[FINDING_PEER_NOT_READING]	= judge_queue,
	[FINDING_NOT_READING]		= judge_queue,
	[FINDING_RETRANSMITTING]	= judge_retransmitting,
	[FINDING_TIME_WAIT]		= judge_time_wait,
	[FINDING_ORPHANS]		= judge_of_limit,
	[FINDING_MEMORY]		= judge_memory,
};

int finding_rule(const struct findings *f, const struct tally *t)
{
	return rule[t->key.kind](f, t);
}
