#include "finder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "source/lookup.h"
#include "source/walk.h"

/*
 * KERNEL.md: a walk costs about 5 us a descriptor.  It may take a tenth of
 * one core: after one that took t the next begins no sooner than 10 t later.
 */
#define REST		10
#define REFRESH_NS	(15 * NS_PER_SEC)
/* sockets without an owner that are asked for, 1 to 1.5 us each */
#define UNFOUND_MAX	2048

/* a socket whose owner is looked for */
struct wanted {
	uint64_t inode;
	uint64_t serial;
	uint32_t slot;
	uint32_t set;		/* found so far; we hold a reference */
	uint32_t next;		/* of the same hash bucket; NO_WANTED */
};

#define NO_WANTED	UINT32_MAX

struct finder {
	struct monitor *monitor;
	struct walk *walk;
	struct wanted *wanted;
	uint32_t count, capacity;
	uint32_t *bucket;
	uint32_t buckets;	/* power of two */
	bool running, again;
	struct lookup *lookup;	/* NULL: not to be had */
	int64_t begun, worked, rest_until, refresh_at;
};

struct finder *finder_new(struct monitor *m, const char *procfs)
{
	struct finder *f = mem_zalloc(sizeof(*f));

	f->monitor = m;
	f->walk = walk_new(m->clock, procfs);
	if (!strcmp(procfs, "/proc"))
		f->lookup = lookup_new();
	return f;
}

static void forget(struct finder *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		owners_unref(f->monitor->owners, f->wanted[i].set);
	f->count = 0;
}

void finder_free(struct finder *f)
{
	if (!f)
		return;
	forget(f);
	walk_free(f->walk);
	lookup_free(f->lookup);
	free(f->wanted);
	free(f->bucket);
	free(f);
}

bool finder_running(const struct finder *f)
{
	return f->running;
}

static bool refresh_due(const struct finder *f)
{
	return clock_mono(f->monitor->clock) >= f->refresh_at;
}

static bool holds_inode(const struct sock *s)
{
	return s && s->live && s->row.inode;
}

static bool any_pending(const struct finder *f)
{
	const struct table *t = f->monitor->table;

	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		if (holds_inode(s) && s->owner == OWNER_PENDING)
			return true;
	}
	return false;
}

int64_t finder_due(const struct finder *f)
{
	if (f->running || !(refresh_due(f) || any_pending(f)))
		return FINDER_NOT_DUE;
	return f->rest_until;
}

static void add(struct finder *f, uint32_t slot, const struct sock *s)
{
	if (f->count == f->capacity) {
		f->capacity = f->capacity ? 2 * f->capacity : 256;
		f->wanted = mem_array(f->wanted, f->capacity,
				      sizeof(*f->wanted));
	}
	f->wanted[f->count++] = (struct wanted){
		.inode = s->row.inode, .serial = s->serial, .slot = slot,
		.set = OWNER_PENDING,
	};
}

static uint32_t *bucket_of(const struct finder *f, uint64_t inode)
{
	/* inodes are handed out in a row: a multiplication spreads them */
	uint64_t h = inode * UINT64_C(0x9e3779b97f4a7c15);

	return &f->bucket[(h >> 32) & (f->buckets - 1)];
}

static void build_index(struct finder *f)
{
	f->buckets = 64;
	while (f->buckets < f->count)
		f->buckets *= 2;
	f->bucket = mem_array(f->bucket, f->buckets, sizeof(*f->bucket));
	memset(f->bucket, 0xff, f->buckets * sizeof(*f->bucket));
	for (uint32_t i = 0; i < f->count; i++) {
		uint32_t *head = bucket_of(f, f->wanted[i].inode);

		f->wanted[i].next = *head;
		*head = i;
	}
}

void finder_begin(struct finder *f)
{
	const struct table *t = f->monitor->table;
	bool all = refresh_due(f);

	forget(f);
	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		if (holds_inode(s) && (all || s->owner == OWNER_PENDING))
			add(f, i, s);
	}
	build_index(f);
	f->begun = clock_mono(f->monitor->clock);
	f->worked = 0;
	if (all)
		f->refresh_at = f->begun + REFRESH_NS;
	f->running = true;
	walk_begin(f->walk);
}

static bool is_wanted(void *arg, uint64_t inode)
{
	const struct finder *f = arg;
	uint32_t i = *bucket_of(f, inode);

	while (i != NO_WANTED && f->wanted[i].inode != inode)
		i = f->wanted[i].next;
	return i != NO_WANTED;
}

/* The socket, if it is still the one that was looked for. */
static struct sock *still_there(const struct finder *f, const struct wanted *w)
{
	struct sock *s = table_slot(f->monitor->table, w->slot);

	return holds_inode(s) && s->serial == w->serial &&
	       s->row.inode == w->inode ? s : NULL;
}

static void set_owner(struct finder *f, const struct wanted *w)
{
	struct sock *s = still_there(f, w);

	if (!s || s->owner == w->set)
		return;
	owners_ref(f->monitor->owners, w->set);
	table_set_owner(f->monitor->table, s, w->set);
}

static void found(void *arg, uint64_t inode, int32_t pid, uint64_t start,
		  const char *comm, size_t comm_len)
{
	struct finder *f = arg;

	for (uint32_t i = *bucket_of(f, inode); i != NO_WANTED;
	     i = f->wanted[i].next) {
		struct wanted *w = &f->wanted[i];
		struct sock *s;

		if (w->inode != inode)
			continue;
		w->set = owners_with(f->monitor->owners, w->set, pid, start,
				     comm, comm_len);
		s = still_there(f, w);
		/* a known set is replaced as a whole when the walk is over */
		if (s && owners_count(f->monitor->owners, s->owner) <
			 owners_count(f->monitor->owners, w->set))
			set_owner(f, w);
	}
}

static void count_hidden(struct finder *f, const struct walk_report *r)
{
	const struct table *t = f->monitor->table;
	struct status *st = &f->monitor->status;

	st->hidden_processes = r->hidden;
	st->hidden_remedy = geteuid() ? "root sees them"
				      : "not even root may look";
	st->hidden_sockets = 0;
	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		if (holds_inode(s) && s->owner == OWNER_HIDDEN)
			st->hidden_sockets++;
	}
}

/* Nobody was found; r says that not all could be seen. */
static void set_unfound(struct finder *f, struct wanted *w, struct sock *s,
			enum lookup_answer answer, const struct row *row)
{
	bool there = answer == LOOKUP_FOUND && row->inode == w->inode;

	if (answer != LOOKUP_ERROR && !there) {
		/* closed since the pass: what was known of it stays */
		if (s->owner < OWNER_FIRST)
			table_set_owner(f->monitor->table, s, OWNER_NONE);
	} else if (there && !s->walked) {
		s->walked = true;
		/* opened after the walk had been at its process? */
		table_set_owner(f->monitor->table, s, OWNER_PENDING);
		f->again = true;
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
static void settle_unfound(struct finder *f)
{
	struct lookup_item item[LOOKUP_BATCH];
	struct wanted *asked[LOOKUP_BATCH];
	struct sock *sock[LOOKUP_BATCH];
	uint32_t i = 0, left = UNFOUND_MAX;

	while (i < f->count) {
		size_t n = 0;

		memset(item, 0, sizeof(item));
		for (; i < f->count && n < LOOKUP_BATCH; i++) {
			struct wanted *w = &f->wanted[i];
			struct sock *s = still_there(f, w);

			if (!s || w->set >= OWNER_FIRST)
				continue;
			asked[n] = w;
			sock[n] = s;
			item[n].cookie = s->row.cookie;
			item[n++].id = s->row.id;
		}
		if (f->lookup && left >= n)
			lookup_ask(f->lookup, item, n, 0);
		left -= left >= n ? n : left;
		for (size_t k = 0; k < n; k++)
			set_unfound(f, asked[k], sock[k], item[k].answer,
				    &item[k].row);
	}
}

static void finish(struct finder *f)
{
	const struct walk_report *r = walk_report(f->walk);
	bool all_seen = !r->hidden && !r->hidepid && !r->error;

	f->again = false;
	for (uint32_t i = 0; i < f->count; i++) {
		struct wanted *w = &f->wanted[i];

		if (w->set < OWNER_FIRST && all_seen)
			w->set = OWNER_NONE;
		if (w->set >= OWNER_FIRST || all_seen)
			set_owner(f, w);
	}
	if (!all_seen)
		settle_unfound(f);
	count_hidden(f, r);
	forget(f);
	f->running = false;
	f->rest_until = clock_mono(f->monitor->clock) + REST * f->worked;
	f->monitor->status.owners_done = true;
}

bool finder_again(const struct finder *f)
{
	return f->again;
}

bool finder_step(struct finder *f, int64_t budget_ns)
{
	const struct walk_sink sink = {
		.wanted = is_wanted, .found = found, .arg = f,
	};
	int64_t t0 = clock_mono(f->monitor->clock);
	bool more = walk_step(f->walk, &sink, budget_ns);

	f->worked += clock_mono(f->monitor->clock) - t0;
	if (!more)
		finish(f);
	return more;
}
