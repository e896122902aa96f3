#include "model/monitor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

struct hooks {			/* what the table reports, to log and ear */
	struct monitor monitor;	/* first */
	struct rates_window window;
	struct rates_window counted;	/* rounds that knew the table's size */
	void (*changed)(void *arg, const struct change *c);
	void *arg;
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

static void add_point(struct monitor *m, bool counted)
{
	struct hooks *h = (struct hooks *)m;
	const struct table_counts *c = table_counts(m->table);
	double closed = m->rates.closed;

	m->rates = rates_add(&h->window, &m->counters.now, c);
	m->rates.closed = closed;
	if (!counted)
		return;
	m->rates.closed = rates_add(&h->counted, &m->counters.now, c).closed;
	history_add(&m->history, m->status.pass_at, c);
	edges_start(m->edges, m->status.pass_at);
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
	add_point(m, true);
}

void monitor_round_done(struct monitor *m, bool counted)
{
	if (counted) {
		m->status.pass_at = clock_mono(m->clock);
		m->status.pass_wall = clock_wall(m->clock);
	}
	add_point(m, counted);
}
