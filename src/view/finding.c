/* finding.c - scans over the table, a step at a time */
#include "view/finding_part.h"

#include <stdlib.h>

#include "base/mem.h"

/* Of one core that scans may take. */
#define SHARE	0.003
/* Never more often than that: passes come a second apart, or nearly. */
#define EVERY_NS	(NS_PER_SEC - NS_PER_SEC / 10)

enum { SLOTS_A_LOOK = 512 };	/* between two looks at the clock */

struct findings *findings_new(const struct monitor *m, bool ascii)
{
	struct findings *f = mem_zalloc(sizeof(*f));

	f->m = m;
	f->ascii = ascii;
	tallies_init(&f->tallies);
	f->list = mem_array(NULL, FINDINGS_MAX, sizeof(*f->list));
	f->shown = mem_array(NULL, FINDINGS_MAX, sizeof(*f->shown));
	f->scope.begun = f->scope.at = f->host.at = TIME_UNKNOWN;
	f->shown_scope = f->scope;
	for (int v = 0; v < HOST_VALUE_COUNT; v++)
		f->growth[v].at = TIME_UNKNOWN;
	f->passive_opens = -1;
	f->due = TIME_UNKNOWN;
	return f;
}

void findings_free(struct findings *f)
{
	if (!f)
		return;
	tallies_free(&f->tallies, f->m->owners);
	suspects_free(&f->reading);
	suspects_free(&f->sending);
	free(f->list);
	free(f->shown);
	free(f);
}

/* A saved file does not change: as often as it takes to tell anything. */
static bool file_due(const struct findings *f)
{
	enum { LOOKS = 4 };

	return !strcmp(f->m->status.source, "file") &&
	       f->scope.scans < LOOKS;
}

bool findings_due(const struct findings *f)
{
	return !f->running && f->m->status.pass_at != TIME_UNKNOWN &&
	       !f->m->status.reading &&
	       (f->due == TIME_UNKNOWN || file_due(f) ||
		clock_mono(f->m->clock) >= f->due);
}

/* From the scan before to the newest sample. */
static void note_growth(struct findings *f)
{
	const struct host_sample *now = &f->m->counters.now;
	struct host_sample *before = &f->host;
	double seconds = (now->at - before->at) / 1e9;

	if (before->at == TIME_UNKNOWN || now->at == TIME_UNKNOWN) {
		*before = *now;
		return;
	}
	if (now->at <= before->at)
		return;
	for (int v = 0; v < HOST_VALUE_COUNT; v++) {
		uint64_t a = before->value[v], b = now->value[v];
		bool known = host_values[v].counter && a != U64_UNKNOWN &&
			     b != U64_UNKNOWN && b >= a;

		if (v == HOST_PASSIVE_OPENS)
			f->passive_opens = known ? (b - a) / seconds : -1;
		if (!known || a == b)
			continue;
		f->growth[v].at = now->at;
		f->growth[v].rate = (b - a) / seconds;
	}
	*before = *now;
}

void findings_begin(struct findings *f)
{
	const struct table *t = f->m->table;
	uint32_t ports = finding_ports(f);

	if (f->running)
		return;
	f->running = true;
	f->now = clock_mono(f->m->clock);
	f->at = f->looked = 0;
	f->slots = table_slots(t);
	f->worked = 0;
	f->fresh = !f->scope.scans || table_passes(t) != f->pass;
	f->pass = table_passes(t);
	f->ports = ports && table_counts(t)->total >=
			    ports * finding_kinds[FINDING_PORTS].share;
	note_growth(f);
	tallies_begin(&f->tallies, f->fresh);
	if (f->fresh) {
		suspects_begin(&f->reading);
		suspects_begin(&f->sending);
	}
	if (f->scope.begun == TIME_UNKNOWN)
		f->scope.begun = f->now;
}

static void publish(struct findings *f)
{
	struct finding *spare = f->shown;

	if (f->held)
		return;
	f->shown = f->list;
	f->shown_count = f->count;
	f->shown_scope = f->scope;
	f->list = spare;
}

static void end(struct findings *f)
{
	int64_t every = (int64_t)(f->worked / SHARE);

	f->running = false;
	tallies_end(&f->tallies, f->m->owners, f->now);
	f->scope.scans++;
	f->before = f->scope.at;
	f->scope.at = f->now;
	f->scope.sockets = f->looked;
	f->scope.cost = f->worked;
	f->scope.every = every > EVERY_NS ? every : EVERY_NS;
	f->scope.unwatched = f->tallies.refused + f->tallies.below +
			     f->reading.refused + f->sending.refused;
	f->due = f->now + f->scope.every;
	finding_judge(f);
	publish(f);
}

bool findings_step(struct findings *f, int64_t until)
{
	const struct table *t = f->m->table;
	int64_t begun = clock_mono(f->m->clock), now = begun;
	bool done = !f->running;

	while (!done) {
		for (int n = 0; n < SLOTS_A_LOOK && f->at < f->slots; n++) {
			const struct sock *s = table_slot(t, f->at);

			if (s && s->live) {
				f->looked++;
				finding_count(f, f->at, s);
			}
			f->at++;
		}
		now = clock_mono(f->m->clock);
		done = f->at >= f->slots;
		if (now >= until)
			break;
	}
	f->worked += now - begun;
	if (done && f->running)
		end(f);
	return f->running;
}

void findings_hold(struct findings *f, bool hold)
{
	f->held = hold;
}

const struct finding *findings_get(const struct findings *f, size_t i)
{
	return i < f->shown_count ? &f->shown[i] : NULL;
}

size_t findings_raised(const struct findings *f)
{
	size_t n = 0;

	while (n < f->shown_count && f->shown[n].severity > SEVERITY_NOTE)
		n++;
	return n;
}

const struct findings_scope *findings_scope(const struct findings *f)
{
	return &f->shown_scope;
}
