#include "told.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net.h"

enum {
	LIVES_MAX	= 10000,
	SLACK_NS	= 5000000,
};

static struct life lives[LIVES_MAX];
static const char *life_name[LIVES_MAX];
static unsigned life_count;
static struct event got[TOLD_MAX];
static bool explained[TOLD_MAX];
size_t told_count;

static void on_event(void *arg, const struct event *e)
{
	(void)arg;
	if (told_count < TOLD_MAX)
		got[told_count] = *e;
	told_count++;
}

const struct events_sink told_sink = { .event = on_event };

void told_forget(void)
{
	memset(lives, 0, sizeof(lives));
	memset(explained, 0, sizeof(explained));
	life_count = 0;
	told_count = 0;
}

const struct event *told_event(size_t i)
{
	return &got[i];
}

void told_drain(struct events *e)
{
	while (events_drain(e, &told_sink, 1000) > 0)
		;
}

/* ---- lives --------------------------------------------------------------- */

void told_live(struct events *e, unsigned kind, enum life_family family)
{
	const struct life_kind *k = &life_kinds[kind];
	struct life *l = &lives[life_count];
	int64_t begun = boottime();

	k->make(family, l);
	for (unsigned i = 0; i < k->ends; i++) {
		life_name[life_count + i] = k->name;
		l[i].begun = begun;
		l[i].ended = boottime();
	}
	life_count += k->ends;
	if (e)
		told_drain(e);
}

size_t told_expected(void)
{
	size_t n = 0;

	for (unsigned i = 0; i < life_count; i++)
		n += lives[i].length - 1;
	return n;
}

static bool left_fits(const struct life *l, unsigned step,
		      const struct event *e)
{
	if (e->to != STATE_CLOSE)
		return !e->left;
	if (step + 2 == l->length)
		return e->left == l->left || (!l->left && e->left);
	return e->left == STATE_CLOSE;
}

/* A life's events in the order they came; steps that do not fit are told. */
static bool life_is_told(unsigned i)
{
	const struct life *l = &lives[i];
	static unsigned shown;
	unsigned step = 0;
	int64_t last = l->begun;

	for (size_t n = 0; n < told_count; n++) {
		const struct event *e = &got[n];
		bool right;

		if (e->row.cookie != l->cookie)
			continue;
		right = step + 1 < l->length &&
			e->from == l->path[step] &&
			e->to == l->path[step + 1] &&
			e->at >= last && e->at <= l->ended + SLACK_NS &&
			left_fits(l, step, e);
		if (!right && ++shown > 10)
			return false;
		if (!right) {
			printf("# %s: step %u is %u > %u left %u at %+.3f ms, "
			       "of %.3f\n", life_name[i], step, e->from, e->to,
			       e->left, (e->at - l->begun) / 1e6,
			       (l->ended - l->begun) / 1e6);
			return false;
		}
		explained[n] = true;
		last = e->at;
		step++;
	}
	if (step + 1 != l->length)
		printf("# %s: %u steps of %d\n", life_name[i], step,
		       l->length - 1);
	return step + 1 == l->length;
}

bool told_all(void)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < life_count; i++)
		wrong += !life_is_told(i);
	printf("# %u lives, %u told wrongly\n", life_count, wrong);
	return !wrong;
}

bool told_nothing_else(void)
{
	size_t others = 0;

	for (size_t i = 0; i < told_count; i++)
		others += !explained[i];
	printf("# %zu events of nobody we know\n", others);
	return !others;
}

bool told_in_order(void)
{
	int64_t worst = 0, latest = 0;
	size_t late = 0;

	for (size_t i = 0; i < told_count; i++) {
		int64_t back = latest - got[i].at;

		if (back > 0)
			late++;
		else
			latest = got[i].at;
		if (back > worst)
			worst = back;
	}
	printf("# %zu of %zu events after a younger one, by %.1f us at most\n",
	       late, told_count, worst / 1e3);
	return worst < 1000000;
}

/* ---- ends and processes -------------------------------------------------- */

static uint64_t own_start(void)
{
	char text[1024] = "", *p;
	FILE *f = fopen("/proc/self/stat", "r");
	uint64_t start = 0;

	if (!f || !fread(text, 1, sizeof(text) - 1, f))
		die("/proc/self/stat");
	fclose(f);
	p = strrchr(text, ')');
	for (int field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	if (p)
		start = strtoull(p, NULL, 10);
	return start;
}

static bool by_process(const struct event *e)
{
	return (e->from == STATE_CLOSE && (e->to == STATE_SYN_SENT ||
					   e->to == STATE_LISTEN)) ||
	       (e->from == STATE_LISTEN && e->to == STATE_CLOSE);
}

bool told_processes(void)
{
	uint64_t start = own_start();
	bool right = true;

	for (size_t i = 0; i < told_count && right; i++) {
		const struct event *e = &got[i];

		if (by_process(e))
			right = e->pid == getpid() && e->start == start &&
				!strcmp(e->comm, program_invocation_short_name);
		else
			right = !e->pid && !e->start && !e->comm[0];
		if (!right)
			printf("# %u > %u: pid %d start %llu comm %.16s\n",
			       e->from, e->to, e->pid,
			       (unsigned long long)e->start, e->comm);
	}
	return right;
}

/* What each family's listeners and clients look like; see lives.c. */
static const struct {
	const char *server, *client;
} addresses[LIFE_FAMILIES] = {
	{ "127.0.0.1", "127.0.0.1" },
	{ "::1", "::1" },
	{ "::ffff:127.0.0.2", "::ffff:127.0.0.1" },
};

static bool end_is(int family, const struct addr *a, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	addr_print(text, family, a);
	return !strcmp(text, expected);
}

static bool ends_fit(const struct event *e)
{
	const struct sock_id *id = &e->row.id;
	unsigned server = id->local_port - 7100u;
	unsigned client = id->remote_port - 7100u;
	bool connects = e->from == STATE_CLOSE && e->to == STATE_SYN_SENT;

	if (id->protocol != IPPROTO_TCP || id->netns || id->ifindex)
		return false;
	if (e->to == STATE_LISTEN || (e->from == STATE_LISTEN &&
				      e->to == STATE_CLOSE))
		return id->local_port && !id->remote_port;
	if (server < LIFE_FAMILIES)
		return end_is(id->family, &id->local,
			      addresses[server].server) &&
		       end_is(id->family, &id->remote,
			      addresses[server].client) && id->remote_port;
	if (client < LIFE_FAMILIES)
		return end_is(id->family, &id->remote,
			      addresses[client].server) &&
		       end_is(id->family, &id->local,
			      addresses[client].client) &&
		       !id->local_port == connects;
	return id->remote_port && !id->local_port == connects;
}

bool told_ends(void)
{
	for (size_t i = 0; i < told_count; i++) {
		const struct event *e = &got[i];
		char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

		if (ends_fit(e))
			continue;
		addr_print(local, e->row.id.family, &e->row.id.local);
		addr_print(remote, e->row.id.family, &e->row.id.remote);
		printf("# %u > %u: %s %u - %s %u\n", e->from, e->to, local,
		       e->row.id.local_port, remote, e->row.id.remote_port);
		return false;
	}
	return true;
}
