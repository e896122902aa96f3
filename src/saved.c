#include "saved.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "source/dump.h"

const struct clock *saved_clock(void)
{
	static struct clock_fake still;

	clock_fake_init(&still, clock_mono(&clock_system),
			clock_wall(&clock_system));
	return &still.clock;
}

static void take_row(void *arg, const struct row *row)
{
	table_row(arg, row);
}

static enum source_result read_all(struct source *src, struct table *t,
				   const struct source_want *want)
{
	const struct source_sink sink = { take_row, t };
	enum source_result r = SOURCE_FAILED;

	if (source_begin(src, want))
		return r;
	while ((r = source_step(src, &sink, NS_PER_SEC)) == SOURCE_MORE)
		;
	return r;
}

static void set_status(struct monitor *m, const struct source_report *r,
		       const char *path)
{
	struct status *st = &m->status;
	struct safe name = safe_text(path, strlen(path), 60);

	st->source = "file";
	st->saved = true;
	st->rows = r->rows;
	st->bad_rows = st->bad_total = r->bad;
	st->pass_at = clock_mono(m->clock);
	st->pass_wall = clock_wall(m->clock);
	snprintf(st->why, sizeof(st->why), "%s", safe_str(name));
	snprintf(m->host, sizeof(m->host), "-");
	if (r->partial)
		snprintf(st->partial, sizeof(st->partial), "%s: %s",
			 safe_str(name), r->reason);
	else if (r->bad)
		snprintf(st->partial, sizeof(st->partial),
			 "%s: %llu malformed messages skipped", safe_str(name),
			 (unsigned long long)r->bad);
	safe_free(&name);
}

/* Its inodes are numbers of another host's. */
static void hide_owners(struct table *t)
{
	for (uint32_t i = 0; i < table_slots(t); i++) {
		struct sock *s = table_slot(t, i);

		if (s && s->live)
			table_set_owner(t, s, OWNER_HIDDEN);
	}
}

int saved_read(struct monitor *m, const char *path, bool ipv4, bool ipv6)
{
	const struct source_want want = {
		.states = STATES_ALL, .ipv4 = ipv4, .ipv6 = ipv6,
	};
	struct source *src = source_dump(&clock_system, path);
	enum source_result r;

	table_baseline(m->table, true);
	table_pass_begin(m->table, src->ops->origin);
	r = read_all(src, m->table, &want);
	table_pass_end(m->table, r == SOURCE_DONE);
	table_pass_settle(m->table);
	set_status(m, source_report(src), path);
	hide_owners(m->table);
	if (r == SOURCE_DONE)
		monitor_pass_done(m, true);
	source_free(src);
	return r == SOURCE_DONE ? 0 : -1;
}
