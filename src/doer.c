#include "doer.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "source/abort.h"
#include "source/lookup.h"
#include "source/pidfd.h"

/* Ending a socket costs the kernel some 10 us, and a RST is sent. */
enum { BATCH = ABORT_BATCH };

struct doer {
	struct monitor *monitor;
	const char *procfs;
	struct lookup *lookup;		/* NULL: not opened yet */
	struct aborter *aborter;	/* the same */
	struct deed_target *who[BATCH];
	struct lookup_item question[BATCH];
	struct abort_item order[BATCH];
	size_t count;			/* of those that are in use */
};

struct doer *doer_new(struct monitor *m, const char *procfs)
{
	struct doer *d = mem_zalloc(sizeof(*d));

	d->monitor = m;
	d->procfs = procfs;
	return d;
}

void doer_free(struct doer *d)
{
	if (!d)
		return;
	lookup_free(d->lookup);
	abort_free(d->aborter);
	free(d);
}

/* ---- the cookies ---------------------------------------------------------- */

static void ask_for(struct doer *d, struct deed_target *t)
{
	d->question[d->count] = (struct lookup_item){
		.id = t->id, .cookie = t->cookie,
	};
	d->who[d->count++] = t;
}

static void take_cookie(struct deed *deed, struct deed_target *t,
			const struct lookup_item *item)
{
	switch (item->answer) {
	case LOOKUP_FOUND:
		if (!deed_same(t, &item->row)) {
			deed_fate(deed, t, FATE_OTHER, 0);
		} else if (!item->row.cookie) {
			deed_fate(deed, t, FATE_UNNAMED, 0);
		} else {
			t->cookie = item->row.cookie;
			t->id.ifindex = item->row.id.ifindex;
		}
		break;
	case LOOKUP_ERROR:
		deed_fate(deed, t, FATE_UNNAMED, 0);
		break;
	default:
		/* without its device one that is bound to one is not found */
		deed_fate(deed, t, t->id.ifindex ? FATE_GONE : FATE_UNNAMED, 0);
	}
}

/* The kernel's names of those that came without; true while there are more. */
static bool step_cookies(struct doer *d, struct deed *deed)
{
	d->count = 0;
	while (d->count < BATCH && deed->next < deed->count) {
		struct deed_target *t = &deed->target[deed->next++];

		if (!t->cookie && t->fate == FATE_OPEN)
			ask_for(d, t);
	}
	if (d->count && !d->lookup)
		d->lookup = lookup_new();
	if (d->lookup)
		lookup_ask(d->lookup, d->question, d->count, 0);
	for (size_t i = 0; i < d->count; i++)
		take_cookie(deed, d->who[i], &d->question[i]);
	if (deed->next < deed->count)
		return true;
	deed->phase = DEED_READY;
	return false;
}

/* ---- closing ---------------------------------------------------------------- */

/* Is what the table has in its place still the socket that was shown? */
static bool recheck(struct doer *d, struct deed *deed, struct deed_target *t)
{
	const struct sock *s = table_ref(d->monitor->table, t->who);

	if (!s || !s->live) {
		deed_fate(deed, t, FATE_GONE, 0);
		return false;
	}
	if (s->row.cookie && s->row.cookie != t->cookie) {
		deed_fate(deed, t, FATE_OTHER, 0);
		return false;
	}
	return true;
}

static void next_orders(struct doer *d, struct deed *deed)
{
	d->count = 0;
	while (d->count < BATCH && deed->next < deed->count) {
		struct deed_target *t = &deed->target[deed->next++];

		if (t->fate != FATE_OPEN || !recheck(d, deed, t))
			continue;
		d->order[d->count] = (struct abort_item){
			.id = t->id, .cookie = t->cookie,
		};
		d->who[d->count++] = t;
	}
}

static void order(struct doer *d)
{
	int error = 0;

	if (!d->count)
		return;
	if (!d->aborter) {
		d->aborter = abort_new();
		error = errno;
	}
	if (d->aborter) {
		abort_ask(d->aborter, d->order, d->count);
		return;
	}
	for (size_t i = 0; i < d->count; i++)
		d->order[i].error = error;
}

/*
 * "No such socket" is also said of a listener behind which another one answers
 * (SO_REUSEPORT, a more specific address), and of one that is only bound.
 */
static void ask_again(struct doer *d, struct deed *deed)
{
	size_t n = 0;

	if (!d->lookup)
		d->lookup = lookup_new();
	for (size_t i = 0; i < d->count; i++) {
		if (d->order[i].error != ENOENT)
			continue;
		d->question[n] = (struct lookup_item){
			.id = d->who[i]->id, .cookie = d->who[i]->cookie,
		};
		d->who[n++] = d->who[i];
	}
	if (d->lookup && n)
		lookup_ask(d->lookup, d->question, n, 0);
	for (size_t i = 0; i < n; i++)
		deed_fate(deed, d->who[i], d->lookup &&
			  d->question[i].answer == LOOKUP_FOUND ?
			  FATE_UNFOUND : FATE_GONE, 0);
}

static bool step_closes(struct doer *d, struct deed *deed)
{
	next_orders(d, deed);
	order(d);
	for (size_t i = 0; i < d->count; i++) {
		int error = d->order[i].error;

		if (!error)
			deed_fate(deed, d->who[i], FATE_DONE, 0);
		else if (error != ENOENT)
			deed_fate(deed, d->who[i], FATE_REFUSED, error);
	}
	ask_again(d, deed);
	if (deed->next < deed->count)
		return true;
	deed->phase = DEED_DONE;
	return false;
}

static bool send_signal(struct doer *d, struct deed *deed)
{
	deed->error = 0;
	if (pidfd_signal(d->procfs, deed->pid, deed->start, deed->sig))
		deed->error = errno;
	deed->phase = DEED_DONE;
	return false;
}

bool doer_step(struct doer *d, struct deed *deed)
{
	switch (deed->phase) {
	case DEED_ASKED:
		return step_cookies(d, deed);
	case DEED_GOING:
		return deed->kind == DEED_SIGNAL ? send_signal(d, deed) :
						   step_closes(d, deed);
	default:
		return false;
	}
}
