/*
 * finding_judge.c - what is too much, for how long
 *
 * A tally is too much when its kind's rule says so; it is told when it was so
 * in two scans in a row, and kept for a few seconds when it is not so in
 * between.
 */
#include "view/finding_part.h"

#include <stdlib.h>

static void heat(const struct findings *f, struct tally *t, int severity)
{
	/* scans may be a minute apart: what counts is the one before */
	if (t->hot_at != TIME_UNKNOWN && f->now - t->hot_at > HOLD_NS &&
	    t->hot_at < f->before)
		t->hot_since = TIME_UNKNOWN;
	if (t->hot_since == TIME_UNKNOWN) {
		t->hot_since = f->now;
		t->hot_count = t->count;
		t->scans = 0;
	}
	t->hot_at = f->now;
	t->severity = severity;
	t->scans++;
}

/* What is so in two of three scans is not over. */
static bool told(const struct findings *f, const struct tally *t)
{
	return t->hot_since != TIME_UNKNOWN && t->scans >= 2 &&
	       (t->kept || f->now - t->hot_at < HOLD_NS);
}

/* What the retransmissions to addresses that are told do not explain. */
static bool explained(const struct findings *f, const struct tally *t)
{
	uint32_t sum = 0;

	if (t->key.kind != FINDING_RETRANSMITTING || t->key.family)
		return false;
	for (uint32_t i = 0; i < f->tallies.count; i++) {
		const struct tally *one = &f->tallies.list[i];

		if (one->key.kind == FINDING_RETRANSMITTING &&
		    one->key.family && one->hot_at == f->now && one->scans > 1)
			sum += one->count;
	}
	return sum >= t->count - t->count / 5;
}

static void add(struct findings *f, const struct tally *t, int severity)
{
	struct finding *one = &f->list[f->count++];

	*one = (struct finding){
		.id = t->id, .kind = t->key.kind,
		.severity = (enum severity)severity, .weight = t->count,
		.since = t->hot_since,
	};
	finding_say(f, t, one);
}

static int worse(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? 1 : -1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* A candidate: its text is made only if there is room for it. */
struct judged {
	const struct tally *tally;
	int severity;
};

static int bigger(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? 1 : -1;
	if (x->tally->count != y->tally->count)
		return x->tally->count < y->tally->count ? 1 : -1;
	return x->tally->id < y->tally->id ? -1 : 1;
}

/* All of a kind first: what one explains another need not tell. */
static void heat_kind(struct findings *f, int kind)
{
	for (uint32_t i = 0; i < f->tallies.count; i++) {
		struct tally *t = &f->tallies.list[i];
		int severity;

		if (t->key.kind != kind || t->kept)
			continue;
		severity = finding_rule(f, t);
		if (severity > CALM)
			heat(f, t, severity);
	}
}

static void judge_kind(struct findings *f, int kind)
{
	static struct judged found[TALLIES_MAX];
	uint32_t n = 0;

	heat_kind(f, kind);
	for (uint32_t i = 0; i < f->tallies.count; i++) {
		const struct tally *t = &f->tallies.list[i];

		if (t->key.kind == kind && told(f, t) && !explained(f, t))
			found[n++] = (struct judged){ t, t->severity };
	}
	qsort(found, n, sizeof(found[0]), bigger);
	for (uint32_t i = 0; i < n && i < FINDINGS_A_KIND; i++)
		add(f, found[i].tally, found[i].severity);
	f->scope.more[kind] = n > FINDINGS_A_KIND ? n - FINDINGS_A_KIND : 0;
}

/* What the host counts itself. */
static void count_host(struct findings *f, enum finding_id kind,
		       enum host_value value, enum host_value limit)
{
	uint64_t n = host_value(&f->m->counters, value);
	uint64_t most = host_value(&f->m->counters, limit);
	struct tally *t = tally_only(&f->tallies, kind);

	if (!t)
		return;
	t->count = n < UINT32_MAX ? (uint32_t)n : 0;
	t->most = most < UINT32_MAX ? (uint32_t)most : 0;
}

void finding_judge(struct findings *f)
{
	count_host(f, FINDING_ORPHANS, HOST_TCP_ORPHAN, HOST_MAX_ORPHANS);
	count_host(f, FINDING_MEMORY, HOST_TCP_MEM_PAGES, HOST_MEM_PRESSURE);
	f->count = 0;
	for (int kind = 0; kind < FINDING_COUNT; kind++)
		judge_kind(f, kind);
	qsort(f->list, f->count, sizeof(*f->list), worse);
}
