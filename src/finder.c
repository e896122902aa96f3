/*
 * finder.c - finds the owners of sockets: a look, phase by phase
 *
 *	GATHER	which sockets are wanted: those the table lists, or all
 *	LOOK	who holds which: some processes, or all of them
 *	SETTLE	what was found, and what was not, goes to the table
 *	COUNT	how many are hidden, where processes hide
 *	FACTS	what those are that hold sockets
 */
#include "finder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "facts.h"
#include "hunt.h"
#include "source/lookup.h"
#include "wanted.h"

/* After a look that took t the next of its kind begins no sooner than 20 t
 * later, and all known owners are looked for again after 100 t. */
#define REST		20
#define REFRESH_REST	100
#define REFRESH_NS	(15 * NS_PER_SEC)
/*
 * Where the trace tells who connects, what is left is the accepted socket that
 * was not there yet when its listener's processes were looked through: a long
 * look among all comes that seldom then.
 */
#define TRACED_REST	200
#define LONG_LOOK_NS	(50 * NS_PER_MS)
/* sockets without an owner that are asked for, 1 to 1.5 us each */
#define UNFOUND_MAX	2048
/* slots or sockets between two looks at the clock */
enum { BATCH = 1024 };

struct finder {
	struct monitor *monitor;
	struct hunt *hunt;
	struct facts *facts;
	bool facts_due;		/* more is wanted of processes known before */
	struct lookup *lookup;	/* NULL: not to be had */
	struct wants wants;
	bool running, again;
	enum { GATHER, LOOK, SETTLE, COUNT, FACTS } phase;
	uint32_t at;		/* of the slots or sockets of this phase */
	bool all;		/* known owners too */
	bool near;		/* among some processes only */
	uint32_t unfound_left;	/* of UNFOUND_MAX */
	uint32_t hidden;
	size_t left;		/* listed by us: nobody near holds them */
	/* the newest process, and the set of it alone with a reference */
	struct {
		int32_t pid;
		uint64_t start;
		uint32_t set;	/* OWNER_PENDING: none */
	} last;
	int64_t begun, worked;
	int64_t near_at, far_at, refresh_at;	/* no sooner than */
};

struct finder *finder_new(struct monitor *m, const char *procfs)
{
	struct finder *f = mem_zalloc(sizeof(*f));

	f->monitor = m;
	f->hunt = hunt_new(m, procfs);
	f->facts = facts_new(m, procfs);
	if (!strcmp(procfs, "/proc"))
		f->lookup = lookup_new();
	return f;
}

static void forget(struct finder *f)
{
	for (uint32_t i = 0; i < f->wants.count; i++)
		owners_unref(f->monitor->owners, f->wants.item[i].set);
	wants_free(&f->wants);
	owners_unref(f->monitor->owners, f->last.set);
	memset(&f->last, 0, sizeof(f->last));
}

void finder_free(struct finder *f)
{
	if (!f)
		return;
	forget(f);
	hunt_free(f->hunt);
	facts_free(f->facts);
	lookup_free(f->lookup);
	free(f);
}

bool finder_running(const struct finder *f)
{
	return f->running;
}

void finder_want(struct finder *f, unsigned needs)
{
	f->facts_due |= facts_want(f->facts, needs);
}

bool finder_again(const struct finder *f)
{
	return f->again;
}

int64_t finder_due(const struct finder *f)
{
	const uint32_t *slot;
	size_t n;
	bool few = table_ownerless(f->monitor->table, &slot, &n);

	if (f->running)
		return FINDER_NOT_DUE;
	if (clock_mono(f->monitor->clock) >= f->refresh_at)
		return f->far_at;
	if (f->facts_due)
		return f->near_at;
	if (few && !n)
		return FINDER_NOT_DUE;
	return few && n > f->left ? f->near_at : f->far_at;
}

/* ---- which sockets ------------------------------------------------------ */

static void gather(struct finder *f, uint32_t slot)
{
	const struct sock *s = table_slot(f->monitor->table, slot);

	if (s && s->live && s->row.inode &&
	    (f->all || s->owner == OWNER_PENDING))
		wants_add(&f->wants, s->row.inode, slot, OWNER_PENDING);
}

/* The processes that hold the listeners of all that is wanted: false if there
 * is a socket without such a listener, or that they do not hold. */
static bool gather_near(struct finder *f)
{
	const struct owners *o = f->monitor->owners;
	const struct table *t = f->monitor->table;
	uint32_t set, last = OWNER_PENDING;
	bool every = true;

	for (uint32_t i = 0; i < f->wants.count; i++) {
		const struct sock *s = table_slot(t, f->wants.item[i].slot);

		set = s->walked ? OWNER_PENDING : table_listener_owner(t, s);
		if (set < OWNER_FIRST)
			every = false;
		else if (set != last)
			for (size_t k = 0; k < owners_count(o, set); k++)
				hunt_add(f->hunt, owners_get(o, set, k)->pid);
		last = set;
	}
	return every;
}

/*
 * Where a look among all is not due yet, those that need one wait.
 */
static void begin_look(struct finder *f)
{
	bool far = f->again || clock_mono(f->monitor->clock) >= f->far_at;

	f->near = !f->all && f->wants.count <= BATCH &&
		  (gather_near(f) || !far);
	f->again = false;
	hunt_begin(f->hunt, f->near, f->wants.count);
	f->phase = LOOK;
}

void finder_begin(struct finder *f)
{
	struct table *t = f->monitor->table;
	const uint32_t *slot;
	size_t n;

	forget(f);
	f->begun = clock_mono(f->monitor->clock);
	f->worked = 0;
	f->running = true;
	f->all = f->begun >= f->refresh_at;
	f->at = 0;
	f->phase = GATHER;
	if (table_ownerless(t, &slot, &n) && !f->all) {
		wants_begin(&f->wants, n);
		for (size_t i = 0; i < n; i++)
			gather(f, slot[i]);
		f->at = table_slots(t);
	} else {
		wants_begin(&f->wants, table_counts(t)->total);
	}
	table_ownerless_clear(t);
	f->left = 0;
	f->facts_due = false;
}

static bool gather_some(struct finder *f)
{
	uint32_t slots = table_slots(f->monitor->table);

	for (int i = 0; i < BATCH && f->at < slots; i++)
		gather(f, f->at++);
	if (f->at >= slots)
		begin_look(f);
	return true;
}

/* ---- who holds them ----------------------------------------------------- */

static bool is_wanted(void *arg, uint64_t inode)
{
	const struct finder *f = arg;

	return wants_may_have(&f->wants, inode);
}

/* The socket, if it still is the one that was looked for. */
static struct sock *still_there(const struct finder *f, const struct wanted *w)
{
	struct sock *s = table_slot(f->monitor->table, w->slot);

	return s && s->live && s->row.inode == w->inode ? s : NULL;
}

static void set_owner(struct finder *f, const struct wanted *w)
{
	struct sock *s = still_there(f, w);

	if (!s || s->owner == w->set)
		return;
	owners_ref(f->monitor->owners, w->set);
	table_set_owner(f->monitor->table, s, w->set);
}

/* Thousands of sockets in a row are of one process and of no other. */
static uint32_t with_process(struct finder *f, uint32_t set, int32_t pid,
			     uint64_t start, const char *comm, size_t comm_len)
{
	struct owners *o = f->monitor->owners;
	bool alone = set == OWNER_PENDING;
	bool same = f->last.pid == pid && f->last.start == start;

	if (same && set == f->last.set)
		return set;		/* one more descriptor of it */
	if (!same || !alone) {
		set = owners_with(o, set, pid, start, comm, comm_len);
		if (!alone)
			return set;
		owners_unref(o, f->last.set);
		f->last.pid = pid;
		f->last.start = start;
		f->last.set = set;
	}
	owners_ref(o, f->last.set);
	return f->last.set;
}

static void found(void *arg, uint64_t inode, int32_t pid, uint64_t start,
		  const char *comm, size_t comm_len)
{
	struct finder *f = arg;
	const struct owners *o = f->monitor->owners;
	struct wanted *w;
	struct sock *s;

	for (w = wants_first(&f->wants, inode); w;
	     w = wants_next(&f->wants, w)) {
		w->set = with_process(f, w->set, pid, start, comm, comm_len);
		/* in the order of descriptors each socket is a miss of the
		 * cache: not worth it where SETTLE comes soon */
		if (hunt_quick(f->hunt))
			continue;
		s = still_there(f, w);
		/* a known set is replaced as a whole when the look is over */
		if (s && owners_count(o, s->owner) < owners_count(o, w->set))
			set_owner(f, w);
	}
}

static bool look(struct finder *f, int64_t budget_ns)
{
	const struct walk_sink sink = {
		.wanted = is_wanted, .found = found, .arg = f,
	};

	if (!hunt_step(f->hunt, &sink, budget_ns)) {
		f->phase = SETTLE;
		f->at = 0;
		f->unfound_left = UNFOUND_MAX;
	}
	return true;
}

/* ---- and who does not --------------------------------------------------- */

static bool all_seen(const struct finder *f)
{
	const struct walk_report *r = hunt_report(f->hunt);

	return !r->hidden && !r->hidepid && !r->error;
}

static void look_again(struct finder *f, struct sock *s, uint32_t slot)
{
	s->walked = true;
	if (s->owner != OWNER_PENDING)
		table_set_owner(f->monitor->table, s, OWNER_PENDING);
	table_ownerless_add(f->monitor->table, slot);
	f->left++;
	f->again = true;
}

/* Nobody was found, and not all could be seen. */
static void set_unfound(struct finder *f, struct wanted *w, struct sock *s,
			enum lookup_answer answer, const struct row *row)
{
	bool there = answer == LOOKUP_FOUND && row->inode == w->inode;

	if (answer != LOOKUP_ERROR && !there) {
		/* closed since the pass: what was known of it stays */
		if (s->owner < OWNER_FIRST)
			table_set_owner(f->monitor->table, s, OWNER_NONE);
	} else if (there && !s->walked) {
		/* opened after the walk had been at its process? */
		look_again(f, s, w->slot);
	} else {
		table_set_owner(f->monitor->table, s, OWNER_HIDDEN);
	}
}

/*
 * A socket that nobody was found for while some processes were refused may
 * belong to one of those, or have been closed, or opened, during the walk.
 * Asking the kernel tells these apart.  Where there are very many, permission
 * is what lacks.
 */
static void ask_unfound(struct finder *f, struct wanted **w, size_t n)
{
	struct lookup_item item[LOOKUP_BATCH] = { 0 };
	struct sock *s;

	for (size_t i = 0; i < n; i++) {
		s = still_there(f, w[i]);
		item[i].cookie = s->row.cookie;
		item[i].id = s->row.id;
	}
	if (f->lookup && f->unfound_left >= n)
		lookup_ask(f->lookup, item, n, 0);
	f->unfound_left -= f->unfound_left >= n ? n : f->unfound_left;
	for (size_t i = 0; i < n; i++)
		set_unfound(f, w[i], still_there(f, w[i]), item[i].answer,
			    &item[i].row);
}

static bool settle_some(struct finder *f)
{
	struct wanted *unfound[LOOKUP_BATCH];
	bool seen = all_seen(f);
	size_t n = 0;

	for (int i = 0; i < BATCH && f->at < f->wants.count &&
	     n < LOOKUP_BATCH; i++) {
		struct wanted *w = &f->wants.item[f->at++];
		struct sock *s = still_there(f, w);

		if (!s)
			continue;
		if (w->set < OWNER_FIRST && f->near) {
			if (s->owner == OWNER_PENDING)
				look_again(f, s, w->slot);
			continue;
		}
		if (w->set < OWNER_FIRST && seen)
			w->set = OWNER_NONE;
		if (w->set != OWNER_PENDING)
			set_owner(f, w);
		else
			unfound[n++] = w;
	}
	ask_unfound(f, unfound, n);
	if (f->at == f->wants.count) {
		f->phase = COUNT;
		f->at = 0;
		f->hidden = 0;
	}
	return true;
}

static void finish(struct finder *f)
{
	int64_t now = clock_mono(f->monitor->clock);
	bool rare = f->monitor->status.maintained && f->worked > LONG_LOOK_NS;
	int64_t refresh = (rare ? TRACED_REST : REFRESH_REST) * f->worked;

	forget(f);
	f->running = false;
	f->near_at = now + (f->near ? REST * f->worked : 0);
	if (!f->near)
		f->far_at = now + (rare ? TRACED_REST : REST) * f->worked;
	if (f->all)
		f->refresh_at = refresh > REFRESH_NS ? now + refresh :
						       f->begun + REFRESH_NS;
	f->monitor->status.owners_done |= !f->near;
}

static bool count_some(struct finder *f)
{
	const struct walk_report *r = hunt_report(f->hunt);
	const struct table *t = f->monitor->table;
	struct status *st = &f->monitor->status;
	uint32_t slots = table_slots(t);

	if (!f->near && !all_seen(f)) {
		for (int i = 0; i < BATCH && f->at < slots; i++) {
			const struct sock *s = table_slot(t, f->at++);

			f->hidden += s && s->live && s->row.inode &&
				     s->owner == OWNER_HIDDEN;
		}
		if (f->at < slots)
			return true;
	}
	if (!f->near) {
		st->hidden_processes = r->hidden;
		st->hidden_sockets = f->hidden;
		st->hidden_remedy = geteuid() ? "root sees them"
					      : "not even root may look";
	}
	facts_begin(f->facts, f->all);
	f->phase = FACTS;
	return true;
}

static bool learn_some(struct finder *f, int64_t budget_ns)
{
	if (facts_step(f->facts, budget_ns))
		return true;
	finish(f);
	return false;
}

static bool one_phase(struct finder *f, int64_t budget_ns)
{
	switch (f->phase) {
	case GATHER:
		return gather_some(f);
	case LOOK:
		return look(f, budget_ns);
	case SETTLE:
		return settle_some(f);
	case COUNT:
		return count_some(f);
	case FACTS:
		break;
	}
	return learn_some(f, budget_ns);
}

bool finder_step(struct finder *f, int64_t budget_ns)
{
	const struct clock *clock = f->monitor->clock;
	int64_t begun = clock_mono(clock), now = begun;
	bool more;

	do {
		more = one_phase(f, budget_ns - (now - begun));
		f->worked += clock_mono(clock) - now;
		now = clock_mono(clock);
	} while (more && now - begun < budget_ns);
	return more;
}
