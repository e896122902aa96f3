#include "look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/need.h"
#include "source/lookup.h"
#include "source/source.h"

#define STEP_NS		NS_PER_MS

/* Events come all the time: after so many tries to read them all, who was not
 * found is asked for again instead. */
enum { CATCH_UP_TRIES = 20 };

enum phase {
	LOOK_IDLE,
	LOOK_LISTENERS,
	LOOK_REQUESTS,
	LOOK_DUE,
	LOOK_SHOWN,
};

struct shown {
	struct sock_ref row[LOOK_SHOWN_MAX];
	size_t count;
};

struct look {
	struct monitor *monitor;
	struct look_options options;
	struct look_plan plan;
	struct lookup *lookup;		/* NULL: not to be had */
	struct source *netlink;		/* the same */
	enum phase phase;
	bool dumping, found;

	struct requests {
		struct source *source;	/* NULL until first needed */
		bool apart, dumping;
		int64_t asked;		/* mono ns */
		int64_t worked, apart_before;	/* ns */
		int64_t ended;		/* mono ns */
		bool met;		/* the last dump brought some */
		uint64_t sent_again;	/* RetransSegs when it was asked */
	} requests;

	struct shown now, last;
	size_t next;			/* of now.row */

	/* a batch of questions */
	struct lookup_item item[LOOKUP_BATCH];
	struct sock_ref who[LOOKUP_BATCH];
	size_t count;			/* 0: none are asked */
	int64_t asked, answered;	/* mono ns */
	unsigned tries;
};

static int64_t now(const struct look *l)
{
	return clock_mono(l->monitor->clock);
}

struct look *look_new(struct monitor *m, const struct look_options *o)
{
	struct look *l = mem_zalloc(sizeof(*l));

	l->monitor = m;
	l->options = *o;
	l->lookup = lookup_new();
	if (l->lookup)
		l->netlink = source_netlink(m->clock);
	return l;
}

void look_free(struct look *l)
{
	if (!l)
		return;
	lookup_free(l->lookup);
	source_free(l->netlink);
	source_free(l->requests.source);
	free(l);
}

/* ---- small dumps ------------------------------------------------------------ */

static void take_row(void *arg, const struct row *row)
{
	struct look *l = arg;

	l->found |= table_look(l->monitor->table, row, l->asked);
}

static struct source_want want_of(const struct look *l, unsigned states,
				  unsigned needs)
{
	return (struct source_want){
		.needs = needs, .states = states,
		.ipv4 = l->options.ipv4, .ipv6 = l->options.ipv6,
	};
}

/* True while it goes on. */
static bool step_listeners(struct look *l)
{
	const struct source_want want =
		want_of(l, STATE_BIT(STATE_LISTEN), l->plan.needs);
	const struct source_sink sink = { take_row, l };

	if (!l->dumping) {
		l->asked = now(l);
		if (source_begin(l->netlink, &want))
			return false;
		l->dumping = true;
	}
	/* the kernel answers at once; one that does not is asked next time,
	 * rather than waited for in a busy loop */
	l->dumping = source_step(l->netlink, &sink, STEP_NS) == SOURCE_MORE;
	return l->dumping;
}

/*
 * Requests.  The kernel looks at each socket for the few that answer, 0.1 us
 * each: of a million that is too much for each second, and too long to wait
 * for.  There a thread does it, and who takes the answer is the next look.
 * Where most likely there are none, a part of what they may take will do.
 */
#define UNLIKELY_SHARE	4

/*
 * A request that lasts is answered again after a second, which the kernel
 * counts with all segments it sends again (bench/profile/idle.txt); but perhaps
 * not where a local firewall drops the answer, or the accept is deferred.
 */
static bool requests_likely(const struct look *l)
{
	const struct monitor *m = l->monitor;
	const struct table_counts *c = table_counts_now(m->table);
	uint64_t again = host_value(&m->counters, HOST_RETRANS_SEGS);

	return l->requests.met || c->state[STATE_SYN_RECV] ||
	       c->state[STATE_SYN_SENT] || again == U64_UNKNOWN ||
	       again != l->requests.sent_again;
}

static bool requests_due(const struct look *l)
{
	const struct requests *r = &l->requests;
	double share = l->plan.budget;

	if (r->dumping)
		return true;
	if (!l->plan.requests || !l->netlink)
		return false;
	if (!requests_likely(l))
		share /= UNLIKELY_SHARE;
	return now(l) >= r->ended + (int64_t)(r->worked / share);
}

static void take_request(void *arg, const struct row *row)
{
	struct look *l = arg;

	l->requests.met = true;
	l->found |= table_look(l->monitor->table, row, l->requests.asked);
}

static void open_requests(struct look *l)
{
	struct requests *r = &l->requests;
	bool large = table_counts_now(l->monitor->table)->total >= SOURCE_APART;

	if (r->source && (r->apart || !large))
		return;
	source_free(r->source);
	r->source = large ? source_netlink_apart(l->monitor->clock) : NULL;
	r->apart = r->source != NULL;
	if (!r->source)
		r->source = source_netlink(l->monitor->clock);
}

static bool begin_requests(struct look *l)
{
	/* a SYN_SENT was told before it had a port */
	const struct source_want want =
		want_of(l, STATE_BIT(STATE_SYN_RECV) |
			STATE_BIT(STATE_SYN_SENT), 0);
	struct requests *r = &l->requests;

	open_requests(l);
	r->worked = 0;
	r->met = false;
	r->sent_again = host_value(&l->monitor->counters, HOST_RETRANS_SEGS);
	r->apart_before = clock_apart();
	r->asked = now(l);
	r->dumping = r->source && !source_begin(r->source, &want);
	return r->dumping;
}

/* True while there is something to do now. */
static bool step_requests(struct look *l)
{
	const struct source_sink sink = { take_request, l };
	struct requests *r = &l->requests;
	const struct clock *clock = l->monitor->clock;
	int64_t begun = clock_work(clock);
	enum source_result result;

	if (!r->dumping && !begin_requests(l))
		return false;
	result = source_step(r->source, &sink, STEP_NS);
	r->worked += clock_work(clock) - begun;
	if (result == SOURCE_MORE)
		return true;
	r->dumping = result == SOURCE_WAIT && r->apart;
	if (r->dumping)
		return false;
	r->worked += clock_apart() - r->apart_before;
	r->ended = now(l);
	return false;
}

/* ---- look-ups --------------------------------------------------------------- */

static bool can_ask(const struct sock *s)
{
	switch (s->row.state) {
	case STATE_LISTEN:	/* their dump has them */
	case STATE_BOUND:
	case STATE_CLOSE:	/* in no table that is looked up */
		return false;
	}
	return s->live && s->hashed;
}

static void add_question(struct look *l, struct sock_ref who)
{
	const struct sock *s = table_ref(l->monitor->table, who);

	if (!s || !can_ask(s))
		return;
	l->item[l->count] = (struct lookup_item){
		.id = s->row.id, .cookie = s->row.cookie,
	};
	l->who[l->count++] = who;
}

static bool has(const struct shown *s, struct sock_ref who)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->row[i].serial == who.serial)
			return true;
	return false;
}

static void next_questions(struct look *l)
{
	if (l->phase == LOOK_DUE) {
		struct sock_ref due[LOOKUP_BATCH];
		size_t n;

		do {
			n = table_due(l->monitor->table, due, LOOKUP_BATCH);
			for (size_t i = 0; i < n && l->plan.due; i++)
				add_question(l, due[i]);
		} while (n == LOOKUP_BATCH && !l->count);
		return;
	}
	while (l->count < LOOKUP_BATCH && l->next < l->now.count) {
		struct sock_ref who = l->now.row[l->next++];

		if (!l->plan.only_new || !has(&l->last, who))
			add_question(l, who);
	}
}

static void ask(struct look *l)
{
	l->asked = now(l);
	lookup_ask(l->lookup, l->item, l->count,
		   l->phase == LOOK_SHOWN ? l->plan.needs : 0);
	l->answered = now(l);
	l->tries = 0;
}

static void take_answers(struct look *l, bool caught_up)
{
	struct table *t = l->monitor->table;

	for (size_t i = 0; i < l->count; i++) {
		const struct lookup_item *item = &l->item[i];

		if (item->answer == LOOKUP_FOUND)
			l->found |= table_look(t, &item->row, l->asked);
		else if (item->answer == LOOKUP_NONE && caught_up)
			l->found |= table_look_none(t, l->who[i], l->asked);
	}
	l->count = 0;
}

/* True while there are more. */
static bool step_questions(struct look *l)
{
	bool caught_up;

	if (!l->count) {
		next_questions(l);
		if (!l->count)
			return false;
		ask(l);
	}
	caught_up = l->options.catch_up(l->options.catch_up_arg, l->answered);
	if (caught_up || ++l->tries >= CATCH_UP_TRIES)
		take_answers(l, caught_up);
	return true;
}

/* ---- one after the other ------------------------------------------------------- */

static void take_shown(struct look *l, struct shown *s)
{
	s->count = l->options.shown ?
		l->options.shown(l->options.shown_arg, s->row,
				 LOOK_SHOWN_MAX) : 0;
}

/* Those that are not shown any more need no details. */
static void finish_shown(struct look *l)
{
	for (size_t i = 0; i < l->last.count; i++)
		if (!has(&l->now, l->last.row[i]))
			table_drop_detail(l->monitor->table, l->last.row[i]);
	l->last = l->now;
}

void look_begin(struct look *l, const struct look_plan *plan)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->item[i].answer == LOOKUP_FOUND)
			free(l->item[i].row.detail);
	l->count = 0;
	l->dumping = l->found = false;
	l->plan = *plan;
	l->plan.needs &= NEEDS_DETAIL;
	l->phase = l->lookup ? LOOK_LISTENERS : LOOK_IDLE;
}

bool look_running(const struct look *l)
{
	return l->phase != LOOK_IDLE;
}

bool look_step(struct look *l)
{
	switch (l->phase) {
	case LOOK_IDLE:
		return false;
	case LOOK_LISTENERS:
		if (l->plan.listeners && l->netlink && step_listeners(l))
			return true;
		l->phase = requests_due(l) ? LOOK_REQUESTS : LOOK_DUE;
		return true;
	case LOOK_REQUESTS:
		if (step_requests(l))
			return true;
		l->phase = LOOK_DUE;
		return true;
	case LOOK_DUE:
		if (step_questions(l))
			return true;
		l->phase = LOOK_SHOWN;
		l->next = 0;
		take_shown(l, &l->now);
		return true;
	case LOOK_SHOWN:
		if (l->plan.shown && step_questions(l))
			return true;
		if (l->plan.shown)
			finish_shown(l);
		l->phase = LOOK_IDLE;
		return false;
	}
	return false;
}

bool look_missed(struct look *l)
{
	struct shown s;

	take_shown(l, &s);
	for (size_t i = 0; i < s.count; i++)
		if (!has(&l->last, s.row[i]))
			return true;
	return false;
}

void look_forget(struct look *l)
{
	l->last.count = 0;
}

bool look_found(const struct look *l)
{
	return l->found;
}
