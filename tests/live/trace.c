/*
 * trace.c - the state trace against connections whose lives are known
 *
 *	trace		everything, as TAP
 *	trace why	"works", or what events_trace() says of why not
 *
 * In a network namespace of its own: nothing else may happen there.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lives.h"
#include "net.h"
#include "source/netns.h"
#include "source/trace.h"

enum {
	LIVES		= 2000,
	EVENTS_MAX	= 100000,
	FIRST_STEPS	= 10,		/* of life_kinds[0], both ends */
	SLACK_NS	= 5000000,
};

static struct life lives[LIVES * LIFE_ENDS];
static const char *life_name[LIVES * LIFE_ENDS];
static unsigned life_count;
static struct event got[EVENTS_MAX];
static bool explained[EVENTS_MAX];
static size_t got_count;

static unsigned tests;
static bool failed;

static void ok(bool holds, const char *what)
{
	printf("%sok %u - %s\n", holds ? "" : "not ", ++tests, what);
	failed |= !holds;
}

static struct events *begin(const struct trace_options *more)
{
	struct trace_options o = { .netns = own_netns() };
	struct events *e;
	char why[160];

	if (more)
		o.ring_size = more->ring_size;
	e = trace_with(&clock_system, &o, why, sizeof(why));
	if (e)
		return e;
	printf("1..0 # SKIP %s\n", why);
	exit(0);
}

static void on_event(void *arg, const struct event *e)
{
	(void)arg;
	if (got_count < EVENTS_MAX)
		got[got_count] = *e;
	got_count++;
}

static const struct events_sink sink = { .event = on_event };

static void drain_all(struct events *e)
{
	while (events_drain(e, &sink, 1000) > 0)
		;
}

/* ---- lives --------------------------------------------------------------- */

static void live(struct events *e, unsigned kind, enum life_family family)
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
	drain_all(e);
}

static size_t steps_expected(void)
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

	for (size_t n = 0; n < got_count; n++) {
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
		if (!right && ++shown > 10)
			return false;
		if (!right && ++shown > 10)
			return false;
		if (!right && ++shown > 10)
			return false;
		if (!right && !strstr(life_name[i], "closes first") && getenv("DUMP")) {
			for (size_t m = n < 12 ? 0 : n - 12; m < n + 5; m++)
				printf("#   %lu %u-%u at %ld %u>%u left %u %ld\n", got[m].row.cookie, got[m].row.id.local_port, got[m].row.id.remote_port,got[m].at, got[m].from, got[m].to, got[m].left, got[m].at - l->begun);
		}
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

static bool all_told(void)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < life_count; i++)
		wrong += !life_is_told(i);
	printf("# %u lives, %u told wrongly\n", life_count, wrong);
	return !wrong;
}

static bool nothing_else(void)
{
	size_t others = 0;

	for (size_t i = 0; i < got_count; i++)
		others += !explained[i];
	printf("# %zu events of nobody we know\n", others);
	return !others;
}

/* In the order of time, but for what two CPUs did at the same moment. */
static bool in_order(void)
{
	int64_t worst = 0, latest = 0;
	size_t late = 0;

	for (size_t i = 0; i < got_count; i++) {
		int64_t back = latest - got[i].at;

		if (back > 0)
			late++;
		else
			latest = got[i].at;
		if (back > worst)
			worst = back;
	}
	printf("# %zu of %zu events after a younger one, by %.1f us at most\n",
	       late, got_count, worst / 1e3);
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

static bool processes_are_right(void)
{
	uint64_t start = own_start();
	bool right = true;

	for (size_t i = 0; i < got_count && right; i++) {
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

static bool ends_are_right(void)
{
	for (size_t i = 0; i < got_count; i++) {
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

/* ---- another namespace --------------------------------------------------- */

/* What happens there must not be told here. */
static bool lives_elsewhere(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct life l[LIFE_ENDS];

		if (unshare(CLONE_NEWNET) || system("ip link set lo up"))
			_exit(1);
		lives_begin();
		for (int i = 0; i < 300; i++) {
			memset(l, 0, sizeof(l));
			life_kinds[i % life_kind_count].make(
				i % LIFE_FAMILIES, l);
		}
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

/* ---- what it leaves behind ----------------------------------------------- */

static const struct {
	const char *name;		/* in /proc/PID/fdinfo */
	int (*open)(uint32_t id);
} held[] = {
	{ "prog_id", bpf_prog_get_fd_by_id },
	{ "map_id", bpf_map_get_fd_by_id },
	{ "link_id", bpf_link_get_fd_by_id },
};

enum { KINDS_HELD = 3, HELD_MAX = 16 };

/* The kernel's ids of what this process holds: "prog_id", "map_id", … */
static unsigned ids_of(const char *what, uint32_t *id, unsigned max)
{
	unsigned n = 0;

	for (int fd = 0; fd < 64; fd++) {
		char path[64], line[128];
		FILE *f;

		snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
		f = fopen(path, "r");
		while (f && fgets(line, sizeof(line), f))
			if (!strncmp(line, what, strlen(what)) && n < max)
				id[n++] = atoi(line + strlen(what) + 1);
		if (f)
			fclose(f);
	}
	return n;
}

/* The kernel frees what nobody holds any more a moment later. */
static bool is_gone(int (*open)(uint32_t id), uint32_t id)
{
	for (int tries = 0; tries < 500; tries++) {
		int fd = open(id);

		if (fd < 0)
			return errno == ENOENT || errno == EPERM;
		close(fd);
		usleep(10000);
	}
	return false;
}

/* A process that ends without a word takes everything with it. */
static bool nothing_is_left(void)
{
	uint32_t id[KINDS_HELD][HELD_MAX] = { 0 };
	unsigned count = 0;
	int end[2];
	bool gone = true;

	if (pipe(end))
		die("pipe");
	if (!fork()) {
		begin(NULL);
		for (int k = 0; k < KINDS_HELD; k++)
			ids_of(held[k].name, id[k], HELD_MAX);
		_exit(write(end[1], id, sizeof(id)) != sizeof(id));
	}
	if (read(end[0], id, sizeof(id)) != sizeof(id))
		die("ids");
	wait(NULL);
	for (int k = 0; k < KINDS_HELD; k++)
		for (int i = 0; i < HELD_MAX && id[k][i]; i++, count++)
			gone &= is_gone(held[k].open, id[k][i]);
	printf("# %u programs, maps and links were there\n", count);
	return gone && count >= 6;
}

/* ---- losing -------------------------------------------------------------- */

static bool losses_are_counted(void)
{
	const struct trace_options small = { .ring_size = getpagesize() };
	struct events *e = begin(&small);
	size_t expected;

	got_count = life_count = 0;
	memset(lives, 0, sizeof(lives));
	for (unsigned i = 0; i < 200; i++) {
		life_kinds[0].make(LIFE_IPV4, &lives[life_count]);
		life_count += life_kinds[0].ends;
	}
	expected = steps_expected();
	drain_all(e);
	printf("# %zu changes, %zu received, %llu lost\n", expected, got_count,
	       (unsigned long long)events_lost(e));
	expected -= got_count + events_lost(e);
	events_free(e);
	return got_count > 0 && !expected;
}

/* ---- waiting ------------------------------------------------------------- */

/* A child lives for a while at this rate; how late do we hear of it? */
static bool is_prompt(unsigned per_second, unsigned lifes)
{
	struct events *e = begin(NULL);
	struct pollfd p = { .fd = events_fd(e), .events = POLLIN };
	int64_t worst = 0;
	unsigned wakes = 0;
	pid_t child = fork();

	if (child == 0) {
		for (unsigned i = 0; i < lifes; i++) {
			struct life l[LIFE_ENDS] = { 0 };

			life_kinds[0].make(LIFE_IPV4, l);
			usleep(1000000 / per_second);
		}
		_exit(0);
	}
	got_count = 0;
	while (got_count < FIRST_STEPS * lifes && poll(&p, 1, 2000) > 0) {
		size_t n = got_count;

		wakes++;
		events_drain(e, &sink, 4096);
		for (; n < got_count && n < EVENTS_MAX; n++)
			if (boottime() - got[n].at > worst)
				worst = boottime() - got[n].at;
	}
	waitpid(child, NULL, 0);
	printf("# %u lives/s: %zu events, %u wakes, %.2f ms late at most\n",
	       per_second, got_count, wakes, worst / 1e6);
	events_free(e);
	return got_count == FIRST_STEPS * lifes && worst < 50000000;
}

static int check(void)
{
	struct events *e = begin(NULL);
	bool elsewhere;

	lives_begin();
	drain_all(e);
	got_count = 0;
	elsewhere = lives_elsewhere();
	srandom(1);
	for (unsigned i = 0; i < LIVES; i++)
		live(e, i % life_kind_count, random() % LIFE_FAMILIES);
	drain_all(e);
	ok(all_told(), "each socket's states are told in order, in time");
	ok(got_count == steps_expected(), "as many as there were");
	ok(nothing_else(), "and nothing else");
	ok(in_order(), "in the order of time");
	ok(!events_lost(e), "nothing was lost");
	ok(processes_are_right(), "the process is told where it is sure");
	ok(ends_are_right(), "endpoints");
	printf("ok %u - what happens in another namespace is not told%s\n",
	       ++tests, elsewhere ? "" : " # SKIP not permitted");
	printf("# %llu by the second program\n",
	       (unsigned long long)trace_again(e));
	events_free(e);
	ok(losses_are_counted(), "what is lost is counted exactly");
	ok(nothing_is_left(), "nothing is left behind");
	ok(is_prompt(5, 10), "one now and then is told at once");
	ok(is_prompt(2000, 4000), "many are told soon, in few wakes");
	printf("1..%u\n", tests);
	return failed;
}

/* ---- the rest ------------------------------------------------------------ */

static int why(void)
{
	char text[160] = "";
	struct events *e = events_trace(&clock_system, own_netns(), text,
					sizeof(text));

	puts(e ? "works" : text);
	events_free(e);
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1)
		return strcmp(argv[1], "why") ? 99 : why();
	return check();
}
