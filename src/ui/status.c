/*
 * status.c - all that the header has to be honest about
 *
 * The most urgent comes first.  What is ordinary and only good to know is
 * marked a nicety and may be left out; nothing else ever is without saying so.
 */
#include "ui/state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "view/format.h"

struct pile {
	struct status_line *lines;
	int count;
};

static void add(struct pile *p, enum status_weight weight, bool nicety,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void add(struct pile *p, enum status_weight weight, bool nicety,
		const char *fmt, ...)
{
	struct status_line *l = &p->lines[p->count];
	va_list ap;

	if (p->count == STATUS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
	l->weight = weight;
	l->nicety = nicety;
	l->brief[0] = '\0';
	p->count++;
}

/* The form for narrow screens of what was added last. */
static void brief(struct pile *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void brief(struct pile *p, const char *fmt, ...)
{
	struct status_line *l = &p->lines[p->count - 1];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(l->brief, sizeof(l->brief), fmt, ap);
	va_end(ap);
}

/* "2,431 sockets", "1 socket": text of the caller's scratch */
static const char *number(struct buf *b, uint64_t n, const char *what)
{
	buf_reset(b);
	format_count(b, n);
	buf_printf(b, " %s%s", what, n == 1 ? "" : "s");
	return buf_str(b);
}

static const char *clock_text(struct buf *b, int64_t wall)
{
	buf_reset(b);
	format_clock(b, wall, false);
	return buf_str(b);
}

static void add_stale(struct pile *p, const struct status *s, struct buf *b)
{
	char rows[32];

	if (!s->old_rows) {
		add(p, STATUS_ALERT, false, "STALE: rows of %s",
		    clock_text(b, s->pass_wall));
		return;
	}
	snprintf(rows, sizeof(rows), "%s", number(b, s->old_rows, "row"));
	if (s->whole_wall == TIME_UNKNOWN)
		add(p, STATUS_ALERT, false, "STALE: %s", rows);
	else
		add(p, STATUS_ALERT, false, "STALE: %s, last whole pass %s",
		    rows, clock_text(b, s->whole_wall));
	brief(p, "STALE: %s", rows);
}

static void add_pass(struct ui *ui, struct pile *p)
{
	const struct status *s = &ui->shown->status;
	struct buf *b = &ui->text;

	if (ui->paused) {
		add(p, STATUS_ALERT, false, "PAUSED at %s, Space goes on",
		    clock_text(b, s->pass_wall));
		brief(p, "PAUSED");
	}
	if (s->stale)
		add_stale(p, s, b);
	if (s->reading || s->pass_at == TIME_UNKNOWN)
		add(p, STATUS_WARN, false, "reading%s",
		    ui->ascii ? "..." : "…");
	if (s->partial[0])
		add(p, STATUS_WARN, false, "partial: %s", s->partial);
	if (s->bad_rows)
		add(p, STATUS_WARN, false, "%s malformed",
		    number(b, s->bad_rows, "row"));
	else if (s->bad_total)
		add(p, STATUS_WARN, false, "%s malformed so far",
		    number(b, s->bad_total, "row"));
	if (facts_shown(ui)->unconfirmed)
		/* every busy host has some: they wait for the next pass */
		add(p, STATUS_PLAIN, false, "%s not confirmed yet",
		    number(b, facts_shown(ui)->unconfirmed, "close"));
	if (table_impossible(ui->live->table))
		add(p, STATUS_WARN, false, "%s (a fault of tulpen)",
		    number(b, table_impossible(ui->live->table),
			   "impossible change"));
}

static const struct {
	enum host_value counter;
	const char *text, *brief;
} overflows[OVERFLOWS] = {
	{ HOST_LISTEN_OVERFLOWS, "accept queue overflow", "accept overflow" },
	{ HOST_LISTEN_DROPS, "listeners drop", "listen drops" },
	{ HOST_REQ_QFULL_DROP, "SYN queue full", "SYN queue full" },
	{ HOST_TIME_WAIT_OVERFLOW, "too many in TIME_WAIT", "TIME_WAIT full" },
	{ HOST_ABORT_ON_MEMORY, "cut for lack of memory", "no memory" },
};

void status_note_overflows(struct ui *ui)
{
	const struct host *h = &ui->live->counters;
	uint64_t delta;
	int i;

	/* what could not be read anew was told before */
	if (h->now.at == ui->overflow_sample)
		return;
	ui->overflow_sample = h->now.at;
	for (i = 0; i < OVERFLOWS; i++) {
		if (!host_delta(h, overflows[i].counter, &delta) || !delta)
			continue;
		ui->overflow_at[i] = ui->live->status.pass_at;
		ui->overflow_rate[i] = host_rate(h, overflows[i].counter);
	}
}

/* Said for a while: one burst between two looks must not be missed. */
static void add_overflows(struct ui *ui, struct pile *p)
{
	int64_t now = ui->shown->status.pass_at;
	struct buf b = { 0 };
	int i;

	for (i = 0; i < OVERFLOWS; i++) {
		if (!ui->overflow_at[i] ||
		    now - ui->overflow_at[i] > 10 * NS_PER_SEC)
			continue;
		/* each overflow of an accept queue is also a drop */
		if (overflows[i].counter == HOST_LISTEN_DROPS &&
		    ui->overflow_at[0] == ui->overflow_at[i] &&
		    ui->overflow_rate[0] >= ui->overflow_rate[i])
			continue;
		buf_reset(&b);
		format_rate(&b, ui->overflow_rate[i]);
		add(p, STATUS_ALERT, false, "%s %s", overflows[i].text,
		    buf_str(&b));
		brief(p, "%s %s", overflows[i].brief, buf_str(&b));
	}
	buf_free(&b);
}

/* The names of hidden states as long as they are few, else how many. */
static void hidden_states(const struct ui *ui, char *dst, size_t n)
{
	unsigned hidden = STATES_ALL & ~ui->view.states;
	size_t i, len = 0;

	if (__builtin_popcount(hidden) > 3) {
		snprintf(dst, n, "%d states", __builtin_popcount(hidden));
		return;
	}
	dst[0] = '\0';
	for (i = 0; i < state_order_count && len < n; i++)
		if (hidden & STATE_BIT(state_order[i]))
			len += snprintf(dst + len, n - len, "%s%s",
					len ? " " : "",
					state_info(state_order[i])->name);
}

/* "only CLOSE_WAIT" says more than "12 states off". */
static void add_states(struct ui *ui, struct pile *p)
{
	unsigned shown = ui->view.states & STATES_ALL;
	const char *hidden = number(&ui->text, rows_hidden_by_state(ui),
				    "socket");
	char names[64];

	if (shown == STATES_ALL)
		return;
	if (__builtin_popcount(shown) == 1 &&
	    state_info(__builtin_ctz(shown))) {
		snprintf(names, sizeof(names), "only %s",
			 state_info(__builtin_ctz(shown))->name);
		add(p, STATUS_WARN, false, "%s, %s hidden", names, hidden);
	} else {
		hidden_states(ui, names, sizeof(names));
		strncat(names, " off", sizeof(names) - strlen(names) - 1);
		add(p, STATUS_WARN, false, "%s: %s", names, hidden);
	}
	brief(p, "%s", names);
}

/* The first line of what is wrong in the config file, and how many more. */
static void add_config(struct ui *ui, struct pile *p)
{
	const char *said = ui->config_said;
	int lines = 0;

	for (const char *s = said; s && *s; s++)
		lines += *s == '\n';
	if (!lines)
		return;
	if (lines == 1)
		add(p, STATUS_WARN, false, "%.*s", (int)strcspn(said, "\n"),
		    said);
	else
		add(p, STATUS_WARN, false, "%.*s (and %d more: tulpen -s says "
		    "all)", (int)strcspn(said, "\n"), said, lines - 1);
	brief(p, "config file: %d wrong", lines);
}

static void add_selection(struct ui *ui, struct pile *p)
{
	const struct view *v = &ui->view;

	if (v->filter && ui->filter_text.len)
		add(p, STATUS_WARN, false, "FILTER: %s",
		    buf_str(&ui->filter_text));
	add_states(ui, p);
	if (v->listeners_only)
		add(p, STATUS_WARN, false, "listeners only");
	if (!v->ipv4 || !v->ipv6)
		add(p, STATUS_WARN, false, v->ipv4 ? "IPv4 only" :
						     "IPv6 only");
}

static const char *count_processes(struct buf *b, uint32_t n)
{
	buf_reset(b);
	format_count(b, n);
	buf_puts(b, n == 1 ? " process" : " processes");
	return buf_str(b);
}

static void add_owners(struct ui *ui, struct pile *p)
{
	const struct status *s = &ui->shown->status;

	if (s->hidden_sockets) {
		add(p, STATUS_WARN, false, "owners of %s not visible, %s",
		    number(&ui->text, s->hidden_sockets, "socket"),
		    s->hidden_remedy);
		brief(p, "%" PRIu32 " owner%s not visible", s->hidden_sockets,
		      s->hidden_sockets == 1 ? "" : "s");
	} else if (s->hidden_processes)
		/* but no socket whose owner we miss */
		add(p, STATUS_PLAIN, true, "%s not readable",
		    count_processes(&ui->text, s->hidden_processes));
	if (s->owners_wanted && !s->owners_done && !s->saved)
		add(p, STATUS_PLAIN, false, "looking for owners");
	if (s->owners_wanted && s->owners_why[0])
		add(p, STATUS_PLAIN, true, "owners by a walk over /proc: %s",
		    s->owners_why);
}

static void seconds(char *dst, size_t n, int64_t ns)
{
	snprintf(dst, n, "%.*f", ns < 10 * NS_PER_SEC ? 1 : 0, ns / 1e9);
}

static void add_events(struct ui *ui, struct pile *p)
{
	const struct status *s = &ui->shown->status;

	if (s->events_lost) {
		add(p, STATUS_ALERT, false, "%s LOST",
		    number(&ui->text, s->events_lost, "event"));
		brief(p, "%" PRIu64 " LOST", s->events_lost);
	}
	if (s->events[0] && s->events_why[0]) {
		add(p, STATUS_PLAIN, false, "%s (no trace: %s)", s->events,
		    s->events_why);
		brief(p, "%s", s->events);
	} else if (s->events[0]) {
		add(p, STATUS_PLAIN, false, "%s", s->events);
	} else if (s->events_why[0]) {
		add(p, STATUS_PLAIN, false, "no events: %s", s->events_why);
		brief(p, "no events");
	}
}

/* clearly more than the interval */
static bool is_late(const struct status *s, int64_t real)
{
	return real != TIME_UNKNOWN && !s->reading &&
	       real > s->interval + s->interval / 5;
}

/* How often all is read, how often what is shown, and how often that should
 * be. */
static void add_rhythm(struct ui *ui, struct pile *p)
{
	const struct status *s = &ui->shown->status;
	int64_t real = facts_shown(ui)->interval;
	char asked[24], got[24], all[24];
	bool rare = is_late(s, s->pass_every);

	if (s->saved)
		return;
	seconds(asked, sizeof(asked), s->interval ? s->interval :
						    ui->interval);
	seconds(got, sizeof(got), real);
	seconds(all, sizeof(all), s->pass_every);
	if (rare && !s->maintained) {
		add(p, STATUS_WARN, false,
		    "large table: all every %s s, shown rows every %s s", all,
		    asked);
		brief(p, "all %s s, shown %s s", all, asked);
		return;
	}
	if (is_late(s, real) && strcmp(asked, got)) {
		add(p, STATUS_WARN, false, "every %s s, not %s", got, asked);
		brief(p, "%s s", got);
	} else {
		add(p, STATUS_PLAIN, true, "every %s s", asked);
		brief(p, "%s s", asked);
	}
	if (rare) {
		add(p, STATUS_PLAIN, false, "kept by events, read every %s s",
		    all);
		brief(p, "read %s s", all);
	}
}

static void add_source(struct ui *ui, struct pile *p)
{
	const struct status *s = &ui->shown->status;

	if (s->source[0] && s->why[0]) {
		add(p, STATUS_PLAIN, false, "%s (%s)", s->source, s->why);
		brief(p, "%s", s->source);
	} else if (s->source[0])
		add(p, STATUS_PLAIN, false, "%s", s->source);
	add_rhythm(ui, p);
	if (s->note[0])
		add(p, STATUS_PLAIN, false, "%s", s->note);
	if (s->pass_at != TIME_UNKNOWN)
		add(p, STATUS_PLAIN, true, "pass %.*f ms",
		    s->pass_cost < 10 * NS_PER_MS ? 1 : 0,
		    s->pass_cost / 1e6);
}

int status_lines(struct ui *ui, struct status_line *lines)
{
	const struct history *h = &ui->shown->history;
	struct pile p = { .lines = lines };
	uint32_t other;

	add_pass(ui, &p);
	add_overflows(ui, &p);
	add_selection(ui, &p);
	add_config(ui, &p);
	add_owners(ui, &p);
	other = h->count ? history_state(h, 0, STATE_OTHER) : 0;
	if (other) {
		add(&p, STATUS_WARN, false, "%s in unknown states",
		    number(&ui->text, other, "socket"));
		brief(&p, "%" PRIu32 " unknown", other);
	}
	add_source(ui, &p);
	add_events(ui, &p);
	return p.count;
}
