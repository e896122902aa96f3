#include "model/monitor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

struct hooks {			/* what the table reports, to log and ear */
	struct monitor monitor;	/* first */
	void (*changed)(void *arg, const struct change *c);
	void *arg;
	/* connections (no listeners) in the table at the last sample */
	uint32_t connections;
	bool has_connections;
};

static void on_change(void *arg, const struct change *c)
{
	struct hooks *h = arg;

	change_log_add(h->monitor.log, c);
	edges_add(h->monitor.edges, c);
	if (h->changed)
		h->changed(h->arg, c);
}

static void read_host_name(char *dst, size_t size)
{
	char raw[256] = "";
	struct safe name;

	if (gethostname(raw, sizeof(raw) - 1))
		strcpy(raw, "?");
	name = safe_text(raw, strlen(raw), size - 4);
	strncpy(dst, safe_str(name), size - 1);
	safe_free(&name);
}

struct monitor *monitor_new(const struct clock *clock, size_t log_limit)
{
	struct hooks *h = mem_zalloc(sizeof(*h));
	struct monitor *m = &h->monitor;

	m->clock = clock;
	read_host_name(m->host, sizeof(m->host));
	m->owners = owners_new();
	m->log = change_log_new(m->owners, log_limit);
	m->edges = edges_new();
	m->table = table_new(clock, m->owners, on_change, h);
	host_init(&m->counters);
	m->status.source = "";
	m->status.events = "";
	m->status.hidden_remedy = "root sees them";
	m->status.pass_at = TIME_UNKNOWN;
	m->status.whole_wall = TIME_UNKNOWN;
	m->rates = (struct rates){ -1, -1, -1, -1 };
	return m;
}

void monitor_free(struct monitor *m)
{
	if (!m)
		return;
	table_free(m->table);
	change_log_free(m->log);
	edges_free(m->edges);
	owners_free(m->owners);
	free(m);
}

void monitor_on_change(struct monitor *m,
		       void (*changed)(void *arg, const struct change *c),
		       void *arg)
{
	struct hooks *h = (struct hooks *)m;

	h->changed = changed;
	h->arg = arg;
}

/* Sockets that ActiveOpens or PassiveOpens counted when they came: a request
 * socket (SYN_RECV) is counted only when it becomes a connection. */
static uint32_t counted_connections(const struct table_counts *c)
{
	return c->total - c->state[STATE_LISTEN] - c->state[STATE_BOUND] -
	       c->state[STATE_CLOSE] - c->state[STATE_SYN_RECV];
}

/*
 * Opened comes from the kernel's counters, so that the connections which live
 * and die between two passes are in it.  What was opened and is not in the
 * table any more was closed.
 */
static void update_rates(struct hooks *h)
{
	struct monitor *m = &h->monitor;
	uint32_t connections = counted_connections(table_counts(m->table));
	uint64_t active, passive, out, again;
	struct rates *r = &m->rates;

	*r = (struct rates){ -1, -1, -1, -1 };
	r->reset = host_rate(&m->counters, HOST_ESTAB_RESETS);
	if (host_delta(&m->counters, HOST_ACTIVE_OPENS, &active) &&
	    host_delta(&m->counters, HOST_PASSIVE_OPENS, &passive)) {
		/* both samples are there, or there were no growths */
		double seconds = (double)(m->counters.now.at -
					  m->counters.before.at) / NS_PER_SEC;
		double opened = (double)(active + passive);
		double grown = (double)connections - (double)h->connections;

		r->opened = opened / seconds;
		if (h->has_connections)
			r->closed = opened > grown ?
				(opened - grown) / seconds : 0;
	}
	if (host_delta(&m->counters, HOST_OUT_SEGS, &out) &&
	    host_delta(&m->counters, HOST_RETRANS_SEGS, &again))
		/* OutSegs leaves out what is sent again (RFC 4022) */
		r->retrans = out + again ?
			(double)again / (double)(out + again) : 0;
	h->connections = connections;
	h->has_connections = true;
}

/* What a pass did not show stays as it was: how much of the table is that? */
static void count_old_rows(struct monitor *m)
{
	struct status *st = &m->status;

	st->old_rows = 0;
	for (uint32_t i = 0; i < table_slots(m->table); i++) {
		const struct sock *s = table_slot(m->table, i);

		st->old_rows += s && s->live && s->seen_pass != st->fresh_pass;
	}
	st->stale = st->old_rows > 0;
}

bool monitor_row_is_old(const struct monitor *m, const struct sock *s)
{
	return m->status.stale && s->live &&
	       s->seen_pass != m->status.fresh_pass;
}

void monitor_pass_done(struct monitor *m, bool whole)
{
	m->status.fresh_pass = table_passes(m->table);
	m->status.stale = false;
	m->status.old_rows = 0;
	if (whole)
		m->status.whole_wall = m->status.pass_wall;
	else
		count_old_rows(m);
	history_add(&m->history, m->status.pass_at, table_counts(m->table));
	edges_start(m->edges, m->status.pass_at);
	update_rates((struct hooks *)m);
}
