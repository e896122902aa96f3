#include "watcher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
#include "source/events.h"
#include "source/lookup.h"
#include "source/netns.h"

struct watcher {
	struct monitor *monitor;
	struct task *opening;		/* NULL: over */
	enum events_choice choice;
	struct events *events;
	char why[sizeof(((struct status *)0)->events_why)];
	struct lookup *lookup;		/* NULL: not to be had */
	uint64_t lost;			/* as of the last look */

	/* a batch of events, and the questions they raise */
	struct event event[LOOKUP_BATCH];
	size_t count;
	struct lookup_item item[LOOKUP_BATCH];
	uint8_t asker[LOOKUP_BATCH];	/* item i is of event[asker[i]] */
	size_t items;
};

/* The thread's. */
static void open_events(void *arg)
{
	struct watcher *w = arg;
	const struct clock *clock = w->monitor->clock;
	char why[sizeof(w->why)] = "";

	if (w->choice != EVENTS_DESTROY)
		w->events = events_trace(clock, own_netns(), w->why,
					 sizeof(w->why));
	if (w->events || w->choice == EVENTS_TRACE)
		return;
	w->events = events_destroy(clock, why, sizeof(why));
	if (!w->events)
		memcpy(w->why, why, sizeof(why));
}

struct watcher *watcher_new(struct monitor *m, enum events_choice choice)
{
	struct watcher *w;

	if (choice == EVENTS_OFF)
		return NULL;
	w = mem_zalloc(sizeof(*w));
	w->monitor = m;
	w->choice = choice;
	w->opening = task_start(open_events, w);
	if (w->opening)
		return w;
	snprintf(m->status.events_why, sizeof(m->status.events_why),
		 "no thread: %s", strerror(errno));
	free(w);
	return NULL;
}

bool watcher_open(struct watcher *w)
{
	struct status *st = &w->monitor->status;

	task_end(w->opening);
	w->opening = NULL;
	memcpy(st->events_why, w->why, sizeof(w->why));
	if (!w->events)
		return false;
	w->lookup = lookup_new();
	st->events = w->events->ops->name;
	st->events_exact = w->events->ops->origin == ORIGIN_TRACE;
	if (st->events_exact)
		st->events_why[0] = '\0';	/* there is no more */
	table_traced(w->monitor->table, st->events_exact);
	return true;
}

void watcher_free(struct watcher *w)
{
	if (!w)
		return;
	task_end(w->opening);
	lookup_free(w->lookup);
	events_free(w->events);
	free(w);
}

int watcher_fd(const struct watcher *w)
{
	return w->opening ? task_fd(w->opening) : events_fd(w->events);
}

/*
 * A mini-socket takes the cookie over that its full socket had at that time.
 * A socket nobody asked for before had none: it gets one for its destroy
 * message, when the mini-socket is made already and will get another.  So that
 * one is asked for by its endpoints; the tracepoint gave all a cookie early.
 */
static struct lookup_item question(const struct event *e)
{
	return (struct lookup_item){
		.id = e->row.id,
		.cookie = e->kind == EVENT_STATE ? e->row.cookie : 0,
	};
}

static void ask(struct watcher *w)
{
	w->items = 0;
	for (size_t i = 0; i < w->count; i++) {
		if (!event_may_leave_mini(&w->event[i]))
			continue;
		w->item[w->items] = question(&w->event[i]);
		w->asker[w->items++] = i;
	}
	if (w->items && w->lookup)
		lookup_ask(w->lookup, w->item, w->items, 0);
}

static enum verdict verdict_of(enum lookup_answer answer)
{
	switch (answer) {
	case LOOKUP_FOUND:
		return VERDICT_ALIVE;
	case LOOKUP_NONE:
	case LOOKUP_NONE_BY_NAME:	/* events know the device */
		return VERDICT_GONE;
	case LOOKUP_ERROR:
		break;
	}
	return VERDICT_UNKNOWN;
}

/* The full socket itself is still there when somebody holds a reference; that
 * is no mini-socket. */
static bool is_mini(const struct row *row)
{
	return row->state == STATE_TIME_WAIT ||
	       (row->state == STATE_FIN_WAIT2 &&
		row->timer == TIMER_TIME_WAIT);
}

static void apply(struct watcher *w)
{
	struct table *t = w->monitor->table;
	size_t next = 0;

	table_asked(t, clock_mono(w->monitor->clock));
	table_events_soon(t, w->event, w->count);
	ask(w);
	for (size_t i = 0; i < w->count; i++) {
		enum verdict mini = VERDICT_GONE;
		struct row *row = NULL;

		if (next < w->items && w->asker[next] == i) {
			mini = verdict_of(w->item[next].answer);
			row = &w->item[next++].row;
			if (mini == VERDICT_ALIVE && !is_mini(row))
				mini = VERDICT_GONE;
		}
		table_event(t, &w->event[i], mini,
			    mini == VERDICT_ALIVE ? row : NULL);
	}
	w->count = 0;
}

static void take(void *arg, const struct event *e)
{
	struct watcher *w = arg;

	w->event[w->count++] = *e;
	w->monitor->status.events_seen++;
	if (w->count == LOOKUP_BATCH)
		apply(w);
}

bool watcher_drain(struct watcher *w, int64_t budget_ns)
{
	const struct events_sink sink = { take, w };
	int64_t until = clock_mono(w->monitor->clock) + budget_ns;
	size_t n;

	do {
		n = events_drain(w->events, &sink, LOOKUP_BATCH);
		apply(w);
	} while (n >= LOOKUP_BATCH && clock_mono(w->monitor->clock) < until);
	return n != 0;
}

int64_t watcher_told(const struct watcher *w)
{
	return w->events->told;
}

bool watcher_lost(struct watcher *w)
{
	uint64_t lost = events_lost(w->events);
	uint64_t missed = table_missed(w->monitor->table);
	bool more;

	/* What the kernel counted is missed, too.  More than that: it has not run
	 * the program at all, as one was seen to do (HACKING.md). */
	if (lost < missed)
		lost = missed;
	more = lost != w->lost;

	w->monitor->status.events_lost = w->lost = lost;
	return more;
}
