#include "pass.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/share.h"
#include "confirm.h"
#include "source/hostfile.h"

static int64_t now(const struct pass *p)
{
	return clock_mono(p->monitor->clock);
}

bool pass_own_procfs(const struct pass *p)
{
	return !strcmp(p->options.procfs, "/proc");
}

void pass_init(struct pass *p, struct monitor *m, const struct pass_options *o)
{
	memset(p, 0, sizeof(*p));
	p->monitor = m;
	p->options = *o;
	p->only.states = STATES_ALL;
	chooser_init(&p->chooser, o->source, !pass_own_procfs(p));
}

void pass_free(struct pass *p)
{
	confirm_free(p->confirm);
	source_free(p->proc);
	source_free(p->netlink);
	source_free(p->halves);
}

/* ---- the host's counters --------------------------------------------- */

void pass_read_host(struct pass *p)
{
	struct host *h = &p->monitor->counters;
	struct host_sample sample;
	uint64_t first, last;

	hostfile_read(p->options.procfs, p->monitor->clock, &sample);
	host_update(h, &sample);
	first = host_value(h, HOST_PORT_FIRST);
	last = host_value(h, HOST_PORT_LAST);
	if (first <= last && last <= UINT16_MAX)
		table_ephemeral_ports(p->monitor->table, first, last);
}

/* How many sockets a pass will meet: the last pass, or sockstat. */
static uint64_t estimate(const struct pass *p)
{
	const struct host *h = &p->monitor->counters;
	uint64_t full = host_value(h, HOST_TCP_ALLOC);
	uint64_t tw = host_value(h, HOST_TCP_TW);

	if (table_passes(p->monitor->table))
		return table_counts(p->monitor->table)->total;
	if (full == U64_UNKNOWN || tw == U64_UNKNOWN)
		return U64_UNKNOWN;
	return full + tw;
}

/* The same of this namespace alone, as sockstat counts some of the host. */
static uint64_t expected(const struct pass *p)
{
	static const uint8_t parts[] = {
		HOST_TCP_INUSE, HOST_TCP6_INUSE, HOST_TCP_TW,
	};
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(parts); i++) {
		uint64_t n = host_value(&p->monitor->counters, parts[i]);

		sum += n == U64_UNKNOWN ? 0 : n;
	}
	return sum;
}

/* ---- one pass ---------------------------------------------------------- */

static void give_rows(struct pass *p)
{
	table_rows(p->monitor->table, p->row, p->rows);
	p->rows = 0;
}

/* Later passes find most where they were expected, one by one. */
static void take_row(void *arg, const struct row *row)
{
	struct pass *p = arg;

	if (table_passes(p->monitor->table)) {
		table_row(p->monitor->table, row);
		return;
	}
	p->row[p->rows++] = *row;
	if (p->rows == PASS_ROWS)
		give_rows(p);
}

static void take_listener(void *arg, const struct row *row)
{
	table_listener(((struct pass *)arg)->monitor->table, row);
}

/* Where the table is large a message can take the kernel long. */
static void need_netlink(struct pass *p)
{
	uint64_t n = estimate(p);
	struct source *apart;

	if (!p->netlink && pass_own_procfs(p))
		p->netlink = source_netlink(p->monitor->clock);
	if (!p->netlink || p->apart || !p->options.apart ||
	    n == U64_UNKNOWN || n < SOURCE_APART)
		return;
	apart = source_netlink_apart(p->monitor->clock);
	if (!apart)
		return;
	if (p->current == p->netlink)
		p->current = apart;
	source_free(p->netlink);
	p->netlink = apart;
	p->apart = true;
}

/* Is it worth its while to ask for two halves at once?  It takes one more walk
 * over the kernel's hash, in which listeners are not, and a filter leaves little
 * to be halved. */
static bool worth_halving(const struct pass *p)
{
	const unsigned apart = STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_BOUND);
	const uint64_t n = estimate(p);

	if (p->only.bytecode || !(p->only.states & ~apart))
		return false;
	return p->options.once && !table_passes(p->monitor->table) &&
	       pass_own_procfs(p) && n != U64_UNKNOWN && n >= SOURCE_APART &&
	       share_possible();
}

/*
 * Near the middle of those that connect(2) chooses from: of 28 to 54 % of 200,000
 * sockets' the thread was as quick as we with 40 (139 ms in all; 158 with 54), as
 * it has the walk over the BOUND ones besides.
 */
static uint16_t middle_port(const struct pass *p)
{
	const struct host *h = &p->monitor->counters;
	uint64_t first = host_value(h, HOST_PORT_FIRST);
	uint64_t last = host_value(h, HOST_PORT_LAST);

	if (!first || first > last || last > UINT16_MAX)
		return 44000;		/* of the kernel's default */
	return (uint16_t)(first + (last - first) * 40 / 100);
}

static struct source *open_source(struct pass *p, enum source_choice which)
{
	if (which == CHOOSE_NETLINK && worth_halving(p)) {
		if (!p->halves)
			p->halves = source_netlink_halves(p->monitor->clock,
							  middle_port(p));
		if (p->halves)
			return p->halves;
	}
	if (which == CHOOSE_NETLINK) {
		need_netlink(p);
		return p->netlink;
	}
	if (!p->proc)
		p->proc = source_proc(p->monitor->clock, p->options.procfs);
	return p->proc;
}

static enum source_choice which_is(const struct pass *p,
				   const struct source *src)
{
	return src == p->proc ? CHOOSE_PROC : CHOOSE_NETLINK;
}

static void set_failure(struct pass *p, enum source_choice which,
			const char *reason)
{
	struct status *st = &p->monitor->status;

	chooser_failed(&p->chooser, which, reason, now(p));
	snprintf(st->partial, sizeof(st->partial), "%s: %s",
		 which == CHOOSE_PROC ? "proc" : "sock_diag", reason);
	st->stale = table_passes(p->monitor->table) > 0;
	st->fresh_pass = 0;
}

/* Opens and begins the source that is to be read; on failure the other one,
 * if that may be.  NULL: nothing can be read. */
static struct source *begin_source(struct pass *p)
{
	struct status *st = &p->monitor->status;
	const struct source_want want = {
		.needs = p->needs, .states = p->only.states,
		.bytecode = p->only.bytecode,
		.bytecode_len = p->only.bytecode_len,
		.ipv4 = p->options.ipv4, .ipv6 = p->options.ipv6,
	};
	const struct chooser_input in = {
		.needs = p->needs | p->shown,
		.interval = p->options.interval,
		.now = p->begun, .sockets = estimate(p),
	};

	for (;;) {
		enum source_choice which = chooser_pick(&p->chooser, &in,
							st->why);
		struct source *src = open_source(p, which);

		if (src && !source_begin(src, &want)) {
			st->source = src->ops->name;
			return src;
		}
		set_failure(p, which, src && src->report.reason[0]
			    ? src->report.reason : strerror(errno));
		if (!chooser_has_other(&p->chooser, which, p->begun))
			return NULL;
	}
}

/* The pass is over and nothing of it was read: what is known is old. */
static void fail_pass(struct pass *p)
{
	struct status *st = &p->monitor->status;

	p->phase = PHASE_IDLE;
	st->reading = false;
	st->pass_cost = p->worked;
}

static void begin_pass(struct pass *p)
{
	struct status *st = &p->monitor->status;

	p->begun = now(p);
	p->worked = 0;
	p->apart_before = p->options.apart ? clock_apart() : 0;
	pass_read_host(p);
	st->reading = table_passes(p->monitor->table) == 0;
	p->current = begin_source(p);
	if (!p->current) {
		fail_pass(p);
		return;
	}
	table_pass_begin(p->monitor->table, p->current->ops->origin);
	table_expect(p->monitor->table, expected(p));
	table_pass_asked(p->monitor->table, p->begun);
	p->phase = PHASE_READ;
}

static void set_report(struct pass *p)
{
	const struct source_report *r = source_report(p->current);
	struct status *st = &p->monitor->status;

	st->rows = r->rows;
	st->bad_rows = r->bad;
	st->bad_total += r->bad;
	st->partial[0] = '\0';
	if (r->partial || r->reason[0])
		snprintf(st->partial, sizeof(st->partial), "%s: %s",
			 p->current->ops->name,
			 r->reason[0] ? r->reason : "not all could be read");
	else if (r->bad)
		snprintf(st->partial, sizeof(st->partial),
			 "%s: %llu malformed rows skipped",
			 p->current->ops->name, (unsigned long long)r->bad);
	st->unfiltered = r->unfiltered && p->only.bytecode;
	if (r->note[0])
		snprintf(st->note, sizeof(st->note), "%s", r->note);
	/* what broke off is not tried again at once, if there is another */
	if (r->partial && r->error)
		chooser_failed(&p->chooser, which_is(p, p->current), r->reason,
			       now(p));
}

/* Told once, and not asked for again at once: limits not read show "-". */
static void limits_failed(struct pass *p, const char *reason)
{
	struct status *st = &p->monitor->status;

	chooser_failed(&p->chooser, CHOOSE_NETLINK, reason, now(p));
	if (!st->note[0])
		snprintf(st->note, sizeof(st->note), "no limits of listeners: "
			 "sock_diag: %.80s", reason);
}

/* Is there a LISTEN-only dump to read now? */
static bool begin_limits(struct pass *p)
{
	const struct source_want want = {
		.states = STATE_BIT(STATE_LISTEN),
		.ipv4 = p->options.ipv4, .ipv6 = p->options.ipv6,
	};

	if (!((p->needs | p->shown) & NEED_LIMIT) || p->current != p->proc ||
	    !pass_own_procfs(p) ||
	    !chooser_rested(&p->chooser, CHOOSE_NETLINK, now(p)))
		return false;
	need_netlink(p);
	if (p->netlink && !source_begin(p->netlink, &want))
		return true;
	limits_failed(p, strerror(errno));
	return false;
}

static void begin_confirm(struct pass *p)
{
	/* A row that was skipped as malformed is a socket not seen: then
	 * absences mean nothing. */
	p->complete = !source_report(p->current)->partial &&
		      !source_report(p->current)->bad;
	table_pass_end(p->monitor->table, p->complete);
	p->looked_up = 0;
	p->phase = PHASE_CONFIRM;
}

static void read_failed(struct pass *p, const char *reason)
{
	char kept[sizeof(p->current->report.reason)];
	struct source *failed = p->current;

	snprintf(kept, sizeof(kept), "%s", reason);
	table_pass_end(p->monitor->table, false);
	table_pass_settle(p->monitor->table);
	set_failure(p, which_is(p, failed), kept);
	if (chooser_has_other(&p->chooser, which_is(p, failed), now(p)))
		begin_pass(p);
	else
		fail_pass(p);
}

/*
 * Where the text was left off is searched for again from its first row, at each
 * read of 4 KiB, if the connections in that place of the hash are closed by
 * then (tcp_seq_start() of Linux 6.18): under churn a pass over 10,000 rows
 * took minutes of CPU.
 */
static bool text_drags(const struct pass *p)
{
	return p->current == p->proc &&
	       p->worked > p->options.interval / 10 &&
	       chooser_has_other(&p->chooser, CHOOSE_PROC, now(p));
}

static enum source_result step_read(struct pass *p)
{
	const struct source_sink sink = { take_row, p };
	enum source_result r;

	table_asked(p->monitor->table, p->current->asked);
	r = source_step(p->current, &sink, STEP_NS);
	give_rows(p);
	if (r == SOURCE_FAILED) {
		read_failed(p, source_report(p->current)->reason);
		return SOURCE_MORE;
	}
	if (r != SOURCE_DONE && text_drags(p)) {
		read_failed(p, "takes too long while connections close");
		return SOURCE_MORE;
	}
	if (r != SOURCE_DONE)
		return r;
	set_report(p);
	if (p->options.apart)
		p->worked += clock_apart() - p->apart_before;
	p->read_at = now(p);
	p->phase = PHASE_CATCH_UP;
	return SOURCE_MORE;
}

/* What was told while the pass was read explains what it shows; without it a
 * socket that is closed, or opened, by now would be told twice. */
static bool caught_up(const struct pass *p)
{
	return !p->options.catch_up ||
	       p->options.catch_up(p->options.arg, p->read_at);
}

static enum source_result step_catch_up(struct pass *p)
{
	if (!caught_up(p))
		return SOURCE_MORE;
	if (begin_limits(p))
		p->phase = PHASE_LIMITS;
	else
		begin_confirm(p);
	return SOURCE_MORE;
}

static enum source_result step_limits(struct pass *p)
{
	const struct source_sink sink = { take_listener, p };
	const struct source_report *report = source_report(p->netlink);
	enum source_result r = source_step(p->netlink, &sink, STEP_NS);

	if (r == SOURCE_MORE || r == SOURCE_WAIT)
		return r;
	if (report->error)
		limits_failed(p, report->reason);
	begin_confirm(p);
	return SOURCE_MORE;
}

static void finish_pass(struct pass *p)
{
	struct monitor *m = p->monitor;
	struct status *st = &m->status;

	table_pass_settle(m->table);
	st->reading = false;
	st->pass_at = now(p);
	st->pass_wall = clock_wall(m->clock);
	st->pass_cost = p->worked;
	chooser_cost(&p->chooser, which_is(p, p->current), p->worked,
		     p->options.interval, now(p));
	monitor_pass_done(m, !source_report(p->current)->partial);
	if (!p->options.ipv4 || !p->options.ipv6 || p->only.bytecode ||
	    p->only.states != STATES_ALL)
		/* the counters are of all sockets, the table is not */
		m->rates.closed = -1;
	p->phase = PHASE_IDLE;
}

static bool confirm_ready(struct pass *p)
{
	if (!p->confirm && !p->confirm_tried && pass_own_procfs(p)) {
		p->confirm_tried = true;
		p->confirm = confirm_new();
	}
	return p->confirm != NULL;
}

static enum source_result step_confirm(struct pass *p)
{
	struct table *t = p->monitor->table;

	table_asked(t, now(p));
	if (table_absent(t, p->looked_up) && confirm_ready(p) &&
	    confirm_step(p->confirm, t, &p->looked_up, p->needs))
		return SOURCE_MORE;
	if (p->looked_up)
		p->read_at = now(p);
	p->phase = PHASE_SETTLE;
	return SOURCE_MORE;
}

/* What a dump skipped and what ended since then is told by its event, which is
 * exact. */
static enum source_result step_settle(struct pass *p)
{
	if (!caught_up(p))
		return SOURCE_MORE;
	finish_pass(p);
	return SOURCE_DONE;
}

enum source_result pass_step(struct pass *p)
{
	enum source_result r = SOURCE_FAILED;
	const struct clock *clock = p->monitor->clock;
	int64_t t0 = clock_work(clock);
	bool reading = p->phase != PHASE_CATCH_UP;

	switch (p->phase) {
	case PHASE_IDLE:
		begin_pass(p);
		r = SOURCE_MORE;
		break;
	case PHASE_READ:
		r = step_read(p);
		break;
	case PHASE_CATCH_UP:
		r = step_catch_up(p);
		break;
	case PHASE_LIMITS:
		r = step_limits(p);
		break;
	case PHASE_CONFIRM:
		r = step_confirm(p);
		break;
	case PHASE_SETTLE:
		r = step_settle(p);
		break;
	}
	if (reading)		/* events cost what they cost without it */
		p->worked += clock_work(clock) - t0;
	if (r == SOURCE_MORE && p->phase == PHASE_IDLE)
		return SOURCE_FAILED;
	return r;
}

int pass_fd(const struct pass *p)
{
	return source_fd(p->phase == PHASE_LIMITS ? p->netlink : p->current);
}
