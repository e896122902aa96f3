#include "sampler.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chooser.h"
#include "confirm.h"
#include "finder.h"
#include "source/hostfile.h"
#include "source/source.h"

#define STEP_NS		NS_PER_MS

enum phase {
	PHASE_IDLE,
	PHASE_READ,		/* the source gives rows */
	PHASE_LIMITS,		/* the LISTEN-only dump */
	PHASE_CONFIRM,		/* look-ups of absent sockets */
};

struct sampler {
	struct monitor *monitor;
	struct sampler_options options;
	unsigned needs;

	struct chooser chooser;
	struct source *proc, *netlink;	/* NULL until first used */
	struct source *current;		/* one of them */
	struct confirm *confirm;	/* NULL: not to be had */
	bool confirm_tried;
	struct finder *finder;
	struct watcher *watcher;	/* NULL: no events */

	enum phase phase;
	int64_t begun, worked;
	bool complete;
	size_t looked_up;		/* absent sockets asked for so far */

	/* with a loop */
	struct loop *loop;
	struct loop_timer *timer, *finder_timer;
	struct loop_work *pass_work, *finder_work;
	void (*settled)(void *arg, enum sampler_news n);
	void *arg;
};

static int64_t now(const struct sampler *s)
{
	return clock_mono(s->monitor->clock);
}

/* Only the kernel's own procfs goes with the kernel's sock_diag. */
static bool own_procfs(const struct sampler *s)
{
	return !strcmp(s->options.procfs, "/proc");
}

struct sampler *sampler_new(struct monitor *m,
			    const struct sampler_options *o)
{
	struct sampler *s = mem_zalloc(sizeof(*s));

	s->monitor = m;
	s->options = *o;
	m->status.interval = o->interval;
	chooser_init(&s->chooser, o->source, !own_procfs(s));
	s->finder = finder_new(m, o->procfs);
	return s;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	finder_free(s->finder);
	watcher_free(s->watcher);
	confirm_free(s->confirm);
	source_free(s->proc);
	source_free(s->netlink);
	free(s);
}

/* ---- the host's counters --------------------------------------------- */

static void read_host(struct sampler *s)
{
	struct host *h = &s->monitor->counters;
	struct host_sample sample;
	uint64_t first, last;

	hostfile_read(s->options.procfs, s->monitor->clock, &sample);
	host_update(h, &sample);
	first = host_value(h, HOST_PORT_FIRST);
	last = host_value(h, HOST_PORT_LAST);
	if (first <= last && last <= UINT16_MAX)
		table_ephemeral_ports(s->monitor->table, first, last);
}

/* How many sockets a pass will meet: the last pass, or sockstat. */
static uint64_t estimate(const struct sampler *s)
{
	const struct host *h = &s->monitor->counters;
	uint64_t full = host_value(h, HOST_TCP_ALLOC);
	uint64_t tw = host_value(h, HOST_TCP_TW);

	if (table_passes(s->monitor->table))
		return table_counts(s->monitor->table)->total;
	if (full == U64_UNKNOWN || tw == U64_UNKNOWN)
		return U64_UNKNOWN;
	return full + tw;
}

/* ---- one pass ---------------------------------------------------------- */

static void take_row(void *arg, const struct row *row)
{
	table_row(((struct sampler *)arg)->monitor->table, row);
}

static void take_listener(void *arg, const struct row *row)
{
	table_listener(((struct sampler *)arg)->monitor->table, row);
}

static void need_netlink(struct sampler *s)
{
	if (!s->netlink && own_procfs(s))
		s->netlink = source_netlink(s->monitor->clock);
}

static struct source *open_source(struct sampler *s, enum source_choice which)
{
	if (which == CHOOSE_NETLINK) {
		need_netlink(s);
		return s->netlink;
	}
	if (!s->proc)
		s->proc = source_proc(s->monitor->clock, s->options.procfs);
	return s->proc;
}

static enum source_choice which_is(const struct sampler *s,
				   const struct source *src)
{
	return src == s->proc ? CHOOSE_PROC : CHOOSE_NETLINK;
}

static void set_failure(struct sampler *s, enum source_choice which,
			const char *reason)
{
	struct status *st = &s->monitor->status;

	chooser_failed(&s->chooser, which, reason, now(s));
	snprintf(st->partial, sizeof(st->partial), "%s: %s",
		 which == CHOOSE_PROC ? "proc" : "sock_diag", reason);
	st->stale = table_passes(s->monitor->table) > 0;
	st->fresh_pass = 0;
}

/* Opens and begins the source that is to be read; on failure the other one,
 * if that may be.  NULL: nothing can be read. */
static struct source *begin_source(struct sampler *s)
{
	struct status *st = &s->monitor->status;
	const struct source_want want = {
		.needs = s->needs, .states = STATES_ALL,
		.ipv4 = s->options.ipv4, .ipv6 = s->options.ipv6,
	};
	const struct chooser_input in = {
		.needs = s->needs, .interval = s->options.interval,
		.now = s->begun, .sockets = estimate(s),
	};

	for (;;) {
		enum source_choice which = chooser_pick(&s->chooser, &in,
							st->why);
		struct source *src = open_source(s, which);

		if (src && !source_begin(src, &want)) {
			st->source = src->ops->name;
			return src;
		}
		set_failure(s, which, src && src->report.reason[0]
			    ? src->report.reason : strerror(errno));
		if (!chooser_has_other(&s->chooser, which, s->begun))
			return NULL;
	}
}

/* The pass is over and nothing of it was read: what is known is old. */
static void fail_pass(struct sampler *s)
{
	struct status *st = &s->monitor->status;

	s->phase = PHASE_IDLE;
	st->reading = false;
	st->pass_cost = s->worked;
}

static void begin_pass(struct sampler *s)
{
	struct status *st = &s->monitor->status;

	s->begun = now(s);
	s->worked = 0;
	read_host(s);
	st->reading = table_passes(s->monitor->table) == 0;
	s->current = begin_source(s);
	if (!s->current) {
		fail_pass(s);
		return;
	}
	table_pass_begin(s->monitor->table, s->current->ops->origin);
	s->phase = PHASE_READ;
}

static void set_report(struct sampler *s)
{
	const struct source_report *r = source_report(s->current);
	struct status *st = &s->monitor->status;

	st->rows = r->rows;
	st->bad_rows = r->bad;
	st->bad_total += r->bad;
	st->partial[0] = '\0';
	if (r->partial || r->reason[0])
		snprintf(st->partial, sizeof(st->partial), "%s: %s",
			 s->current->ops->name,
			 r->reason[0] ? r->reason : "not all could be read");
	else if (r->bad)
		snprintf(st->partial, sizeof(st->partial),
			 "%s: %llu malformed rows skipped",
			 s->current->ops->name, (unsigned long long)r->bad);
	if (r->note[0])
		snprintf(st->note, sizeof(st->note), "%s", r->note);
	/* what broke off is not tried again at once, if there is another */
	if (r->partial && r->error)
		chooser_failed(&s->chooser, which_is(s, s->current), r->reason,
			       now(s));
}

/* Told once, and not asked for again at once: limits not read show "-". */
static void limits_failed(struct sampler *s, const char *reason)
{
	struct status *st = &s->monitor->status;

	chooser_failed(&s->chooser, CHOOSE_NETLINK, reason, now(s));
	if (!st->note[0])
		snprintf(st->note, sizeof(st->note), "no limits of listeners: "
			 "sock_diag: %.80s", reason);
}

/* Is there a LISTEN-only dump to read now? */
static bool begin_limits(struct sampler *s)
{
	const struct source_want want = {
		.states = STATE_BIT(STATE_LISTEN),
		.ipv4 = s->options.ipv4, .ipv6 = s->options.ipv6,
	};

	if (!(s->needs & NEED_LIMIT) || s->current != s->proc ||
	    !own_procfs(s) ||
	    !chooser_rested(&s->chooser, CHOOSE_NETLINK, now(s)))
		return false;
	need_netlink(s);
	if (s->netlink && !source_begin(s->netlink, &want))
		return true;
	limits_failed(s, strerror(errno));
	return false;
}

static void begin_confirm(struct sampler *s)
{
	/* A row that was skipped as malformed is a socket not seen: then
	 * absences mean nothing. */
	s->complete = !source_report(s->current)->partial &&
		      !source_report(s->current)->bad;
	table_pass_end(s->monitor->table, s->complete);
	s->looked_up = 0;
	s->phase = PHASE_CONFIRM;
}

static void read_failed(struct sampler *s, const char *reason)
{
	char kept[sizeof(s->current->report.reason)];
	struct source *failed = s->current;

	snprintf(kept, sizeof(kept), "%s", reason);
	table_pass_end(s->monitor->table, false);
	table_pass_settle(s->monitor->table);
	set_failure(s, which_is(s, failed), kept);
	if (chooser_has_other(&s->chooser, which_is(s, failed), now(s)))
		begin_pass(s);
	else
		fail_pass(s);
}

static enum source_result step_read(struct sampler *s)
{
	const struct source_sink sink = { take_row, s };
	enum source_result r = source_step(s->current, &sink, STEP_NS);

	if (r == SOURCE_FAILED) {
		read_failed(s, source_report(s->current)->reason);
		return SOURCE_MORE;
	}
	if (r != SOURCE_DONE)
		return r;
	set_report(s);
	if (begin_limits(s))
		s->phase = PHASE_LIMITS;
	else
		begin_confirm(s);
	return SOURCE_MORE;
}

static enum source_result step_limits(struct sampler *s)
{
	const struct source_sink sink = { take_listener, s };
	const struct source_report *report = source_report(s->netlink);
	enum source_result r = source_step(s->netlink, &sink, STEP_NS);

	if (r == SOURCE_MORE || r == SOURCE_WAIT)
		return r;
	if (report->error)
		limits_failed(s, report->reason);
	begin_confirm(s);
	return SOURCE_MORE;
}

/* What was told while the pass was read explains what the pass shows. */
#define DRAIN_NS	(100 * NS_PER_MS)

void sampler_drain(struct sampler *s)
{
	if (s->watcher)
		watcher_drain(s->watcher, DRAIN_NS);
}

static void finish_pass(struct sampler *s)
{
	struct monitor *m = s->monitor;
	struct status *st = &m->status;

	sampler_drain(s);
	table_pass_settle(m->table);
	st->reading = false;
	st->pass_at = now(s);
	st->pass_wall = clock_wall(m->clock);
	st->pass_cost = s->worked;
	chooser_cost(&s->chooser, which_is(s, s->current), s->worked,
		     s->options.interval, now(s));
	monitor_pass_done(m, !source_report(s->current)->partial);
	if (!s->options.ipv4 || !s->options.ipv6)
		/* the counters are of both families, the table is not */
		m->rates.closed = -1;
	s->phase = PHASE_IDLE;
}

static bool confirm_ready(struct sampler *s)
{
	if (!s->confirm && !s->confirm_tried && own_procfs(s)) {
		s->confirm_tried = true;
		s->confirm = confirm_new();
	}
	return s->confirm != NULL;
}

static enum source_result step_confirm(struct sampler *s)
{
	struct table *t = s->monitor->table;

	if (table_absent(t, s->looked_up) && confirm_ready(s) &&
	    confirm_step(s->confirm, t, &s->looked_up, s->needs))
		return SOURCE_MORE;
	finish_pass(s);
	return SOURCE_DONE;
}

/* One step; SOURCE_DONE or SOURCE_FAILED when the pass is over. */
static enum source_result step_pass(struct sampler *s)
{
	enum source_result r = SOURCE_FAILED;
	int64_t t0 = now(s);

	switch (s->phase) {
	case PHASE_IDLE:
		begin_pass(s);
		r = SOURCE_MORE;
		break;
	case PHASE_READ:
		r = step_read(s);
		break;
	case PHASE_LIMITS:
		r = step_limits(s);
		break;
	case PHASE_CONFIRM:
		r = step_confirm(s);
		break;
	}
	s->worked += now(s) - t0;
	if (r == SOURCE_MORE && s->phase == PHASE_IDLE)
		return SOURCE_FAILED;
	return r;
}

static int wait_fd(const struct sampler *s)
{
	return source_fd(s->phase == PHASE_LIMITS ? s->netlink : s->current);
}

static bool walk_due_by(const struct sampler *s, int64_t when)
{
	int64_t due = finder_due(s->finder);

	return due != FINDER_NOT_DUE && due <= when;
}

/* ---- without a loop ---------------------------------------------------- */

static int one_pass(struct sampler *s)
{
	enum source_result r;

	while ((r = step_pass(s)) == SOURCE_MORE || r == SOURCE_WAIT) {
		struct pollfd p = { .fd = wait_fd(s), .events = POLLIN };

		if (r == SOURCE_WAIT && p.fd >= 0)
			poll(&p, 1, 100);
	}
	return r == SOURCE_FAILED ? -1 : 0;
}

/*
 * A table that moves while it is read gives some rows twice and skips others
 * (KERNEL.md).  The first sample has no earlier one to fill the gaps from, so
 * it reads a little more when it sees that this happens.
 */
enum { FIRST_PASSES = 3 };

int sampler_pass(struct sampler *s)
{
	struct table *t = s->monitor->table;
	bool first = table_passes(t) == 0;

	if (one_pass(s))
		return -1;
	while (first && table_repeated(t) && table_passes(t) < FIRST_PASSES)
		if (one_pass(s))
			return -1;
	if (s->needs & NEED_OWNER && walk_due_by(s, now(s))) {
		finder_begin(s->finder);
		while (finder_step(s->finder, NS_PER_SEC))
			;
	}
	return 0;
}

bool sampler_partial(const struct sampler *s)
{
	const struct status *st = &s->monitor->status;

	return st->partial[0] || st->bad_rows || st->stale ||
	       (s->needs & NEED_OWNER && st->hidden_sockets);
}

/* ---- with a loop --------------------------------------------------------- */

static void next_pass_at(struct sampler *s)
{
	int64_t due = s->begun + s->options.interval;
	/* at most half of one core when passes take longer than that */
	int64_t rested = now(s) + s->worked;

	loop_timer_set(s->timer, due > rested ? due : rested);
}

static void plan_walk(struct sampler *s)
{
	int64_t due = s->needs & NEED_OWNER ? finder_due(s->finder)
					    : FINDER_NOT_DUE;

	loop_timer_set(s->finder_timer,
		       due == FINDER_NOT_DUE ? TIME_UNKNOWN : due);
}

static void on_readable(void *arg, int fd, short revents)
{
	struct sampler *s = arg;

	(void)revents;
	loop_fd(s->loop, fd, 0, NULL, NULL);
	loop_work_start(s->pass_work);
}

/* How long a source may say nothing before it is asked again (and notices
 * that it waited too long). */
#define SILENCE_NS	(100 * NS_PER_MS)

static bool pass_step(void *arg)
{
	struct sampler *s = arg;

	switch (step_pass(s)) {
	case SOURCE_MORE:
		return true;
	case SOURCE_WAIT:
		loop_fd(s->loop, wait_fd(s), POLLIN, on_readable, s);
		loop_timer_set(s->timer, now(s) + SILENCE_NS);
		return false;
	case SOURCE_DONE:
	case SOURCE_FAILED:
		break;
	}
	next_pass_at(s);
	plan_walk(s);
	s->settled(s->arg, NEWS_PASS);
	return false;
}

static void on_timer(void *arg)
{
	struct sampler *s = arg;

	if (s->phase != PHASE_IDLE && wait_fd(s) >= 0)
		loop_fd(s->loop, wait_fd(s), 0, NULL, NULL);
	loop_work_start(s->pass_work);
}

static bool walk_one_step(void *arg)
{
	struct sampler *s = arg;

	if (finder_step(s->finder, STEP_NS))
		return true;
	plan_walk(s);
	s->settled(s->arg, NEWS_OWNERS);
	return false;
}

static void on_walk_due(void *arg)
{
	struct sampler *s = arg;

	if (finder_running(s->finder))
		return;
	finder_begin(s->finder);
	loop_work_start(s->finder_work);
}

static void on_events(void *arg, int fd, short revents)
{
	struct sampler *s = arg;

	(void)fd;
	(void)revents;
	watcher_drain(s->watcher, STEP_NS);
	if (watcher_lost(s->watcher) && s->phase == PHASE_IDLE)
		loop_timer_set(s->timer, now(s));
	s->settled(s->arg, NEWS_EVENTS);
}

static void watch(struct sampler *s)
{
	if (own_procfs(s))
		s->watcher = watcher_new(s->monitor, s->options.events);
	if (s->watcher)
		loop_fd(s->loop, watcher_fd(s->watcher), POLLIN, on_events, s);
}

void sampler_start(struct sampler *s, struct loop *loop,
		   void (*settled)(void *arg, enum sampler_news n), void *arg)
{
	s->loop = loop;
	s->settled = settled;
	s->arg = arg;
	s->timer = loop_timer(loop, on_timer, s);
	s->finder_timer = loop_timer(loop, on_walk_due, s);
	s->pass_work = loop_work(loop, pass_step, s);
	s->finder_work = loop_work(loop, walk_one_step, s);
	watch(s);
	loop_work_start(s->pass_work);
}

void sampler_stop(struct sampler *s)
{
	if (s->watcher)
		loop_fd(s->loop, watcher_fd(s->watcher), 0, NULL, NULL);
	s->loop = NULL;
}

void sampler_want(struct sampler *s, unsigned needs)
{
	unsigned more = needs & ~s->needs;

	s->needs = needs;
	s->monitor->status.owners_wanted = needs & NEED_OWNER;
	/* what is newly looked at should not have to wait for the interval */
	if (s->loop && more && s->phase == PHASE_IDLE)
		loop_timer_set(s->timer, now(s));
}

void sampler_interval(struct sampler *s, int64_t interval_ns)
{
	s->options.interval = interval_ns;
	s->monitor->status.interval = interval_ns;
	if (s->loop && s->phase == PHASE_IDLE)
		next_pass_at(s);
}
