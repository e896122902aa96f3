/*
 * timeline.c - is what tulpen told what the scripted lives did?
 *
 *	timeline every LIVES CHANGES	each change is told, exact, in its time
 *	timeline some LIVES CHANGES	what is told is true, however little
 *
 * LIVES is what bench/lives wrote, CHANGES what tulpen --changes --format json
 * did.  Sockets are matched by cookie, and by endpoints where one side has
 * none.  Prints each difference, then one line of figures; exit status 1 if
 * there is a difference.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	STEPS_MAX = 64, NS_PER_MS = 1000000,
	SLACK_NS = 2 * NS_PER_MS,
	/* what is computed from a kernel timer: two jiffies, and how long at
	 * most the answer waited to be read; else it is told between two times */
	TIMER_NS = 30 * NS_PER_MS,
};

/* One state entered.  "" is no connection: CLOSE, BOUND, or no socket. */
struct step {
	const char *from, *to;
	int64_t earliest, latest;	/* CLOCK_BOOTTIME ns */
	bool traced;			/* the kernel reports it */
};

/* What was told; the time is whole ms, rounded down. */
struct told {
	const char *from, *to, *certainty;
	int64_t after, at, dwell;	/* ns; dwell -1: not told */
	bool bound;			/* at least, or at most */
	bool used;
	struct json_object *json;
};

struct end {
	struct json_object *json;
	char name[160];
	uint64_t cookie;
	struct step step[STEPS_MAX];
	unsigned count;
};

static struct end *ends;
static struct told *tolds;
static size_t ends_count, tolds_count;
static struct {
	unsigned changes, exact, missing, differences, dwells;
	int64_t dwell_off;
} sum;

/* ---- reading ------------------------------------------------------------ */

static const char *text(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) || !v)
		return "";
	return json_object_get_string(v);
}

static int64_t number(struct json_object *o, const char *key, int64_t none)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) && v ?
		json_object_get_int64(v) : none;
}

static const char *state(struct json_object *o, const char *key)
{
	const char *s = text(o, key);

	return strcmp(s, "CLOSE") && strcmp(s, "BOUND") ? s : "";
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* Of many tries the one that was not kept waiting between the two. */
static int64_t wall_offset(void)
{
	int64_t least = INT64_MAX, offset = 0;

	for (int i = 0; i < 100; i++) {
		int64_t before = clock_ns(CLOCK_BOOTTIME);
		int64_t wall = clock_ns(CLOCK_REALTIME);
		int64_t took = clock_ns(CLOCK_BOOTTIME) - before;

		if (took < least) {
			least = took;
			offset = wall - before;
		}
	}
	return offset;
}

/* "2026-11-22T09:02:18.641+00:00" as CLOCK_BOOTTIME; TZ is UTC. */
static int64_t when(const char *s)
{
	static int64_t offset;
	struct tm tm = { 0 };
	const char *rest = strptime(s, "%Y-%m-%dT%H:%M:%S", &tm);

	if (!offset)
		offset = wall_offset();
	if (!rest || *rest != '.' || strcmp(rest + 4, "+00:00")) {
		fprintf(stderr, "timeline: not a time in UTC: %s\n", s);
		exit(99);
	}
	return timegm(&tm) * 1000000000LL + atoi(rest + 1) * NS_PER_MS -
		offset;
}

static void *more(void *list, size_t count, size_t size)
{
	list = reallocarray(list, count + 1, size);
	if (!list)
		exit(99);
	memset((char *)list + count * size, 0, size);
	return list;
}

/* The trace shows CLOSE where TIME_WAIT begins, and nothing of what becomes
 * of an orphan's FIN_WAIT2. */
static bool is_traced(struct json_object *changes, const struct step *s)
{
	for (size_t i = 0; i < json_object_array_length(changes); i++) {
		struct json_object *c = json_object_array_get_idx(changes, i);
		const char *to = strcmp(s->to, "TIME_WAIT") ? s->to : "";

		if (!strcmp(state(c, "from"), s->from) &&
		    !strcmp(state(c, "to"), to) &&
		    number(c, "earliest_ns", 0) == s->earliest)
			return true;
	}
	return false;
}

static void add_end(struct json_object *o)
{
	struct json_object *states, *changes;
	struct end *e;

	ends = more(ends, ends_count, sizeof(*ends));
	e = &ends[ends_count++];
	e->json = o;
	e->cookie = strtoull(text(o, "cookie"), NULL, 10);
	snprintf(e->name, sizeof(e->name), "%s, %s: %s", text(o, "id"),
		 text(o, "kind"), text(o, "end"));
	json_object_object_get_ex(o, "states", &states);
	json_object_object_get_ex(o, "changes", &changes);
	for (size_t i = 0; i < json_object_array_length(states); i++) {
		struct json_object *c = json_object_array_get_idx(states, i);
		struct step *s = &e->step[e->count++];

		s->from = state(c, "from");
		s->to = state(c, "to");
		s->earliest = number(c, "earliest_ns", 0);
		s->latest = number(c, "latest_ns", 0);
		if (!strcmp(s->from, "LISTEN") && i == 0)
			s->from = "";		/* a child */
		s->traced = i == 0 || is_traced(changes, s);
	}
}

static bool is_of_lives(struct json_object *o)
{
	int64_t local = number(o, "local_port", 0);
	int64_t remote = number(o, "remote_port", 0);

	return (local >= 21000 && local < 26000) ||
	       (remote >= 21000 && remote < 26000);
}

static void add_told(struct json_object *o)
{
	struct told *t;

	if (!is_of_lives(o)) {
		json_object_put(o);
		return;
	}
	tolds = more(tolds, tolds_count, sizeof(*tolds));
	t = &tolds[tolds_count++];
	t->json = o;
	t->from = state(o, "from");
	t->to = state(o, "to");
	t->certainty = text(o, "certainty");
	t->at = when(text(o, "time"));
	t->after = *text(o, "after") ? when(text(o, "after")) : t->at;
	t->dwell = number(o, "dwell_ms", -1);
	if (t->dwell >= 0)
		t->dwell *= NS_PER_MS;
	t->bound = number(o, "dwell_at_least", 0) ||
		   number(o, "dwell_at_most", 0);
}

static void read_lines(const char *path, void (*add)(struct json_object *o))
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (!file) {
		perror(path);
		exit(99);
	}
	while (getline(&line, &size, file) > 0) {
		struct json_object *o = json_tokener_parse(line);

		if (!o) {
			fprintf(stderr, "timeline: not JSON: %s\n", line);
			exit(99);
		}
		add(o);
	}
	free(line);
	fclose(file);
}

/* ---- which socket is it -------------------------------------------------- */

static bool same_endpoints(struct json_object *a, struct json_object *b)
{
	if (number(a, "local_port", 0) != number(b, "local_port", 0) ||
	    number(a, "remote_port", 0) != number(b, "remote_port", 0) ||
	    strcmp(text(a, "local"), text(b, "local")))
		return false;
	return !number(a, "remote_port", 0) ||
	       !strcmp(text(a, "remote"), text(b, "remote"));
}

static bool someones(uint64_t cookie)
{
	for (size_t i = 0; i < ends_count; i++)
		if (ends[i].cookie == cookie)
			return true;
	return false;
}

static bool is_of(const struct told *t, struct end *e)
{
	uint64_t cookie = strtoull(text(t->json, "cookie"), NULL, 10);

	if (cookie && e->cookie)
		return cookie == e->cookie;
	if (!same_endpoints(t->json, e->json) || (cookie && someones(cookie)))
		return false;
	if (!e->cookie)
		e->cookie = cookie;	/* nobody ever held it */
	return true;
}

/* ---- comparing ------------------------------------------------------------ */

static void differs(const struct end *e, const struct told *t,
		    const char *what)
{
	sum.differences++;
	printf("%s: %s", e ? e->name : "no such socket", what);
	if (t)
		printf(": %s", json_object_to_json_string_ext(t->json,
						JSON_C_TO_STRING_PLAIN));
	printf("\n");
}

/* For a person: how far the told time is from each time it may be. */
static void show_steps(const struct end *e, const struct told *t)
{
	for (unsigned i = 0; i < e->count; i++)
		printf("\t%s > %s at most %.3f ms before, %.3f ms after\n",
		       e->step[i].from, e->step[i].to,
		       (t->at - e->step[i].earliest) / 1e6,
		       (e->step[i].latest - t->after) / 1e6);
}

static void missing(const struct end *e, const struct step *s)
{
	char what[80];

	sum.missing++;
	snprintf(what, sizeof(what), "%s > %s is not told",
		 *s->from ? s->from : "opened", *s->to ? s->to : "closed");
	differs(e, NULL, what);
}

/* One time, which is that of a timer: a pass has no other. */
static bool is_timed(const struct told *t)
{
	return strcmp(text(t->json, "origin"), "trace") && t->after == t->at;
}

/* the told time was cut to whole ms, and so may be up to 1 ms early */
static bool in_time(const struct told *t, const struct step *s)
{
	const bool traced = !strcmp(text(t->json, "origin"), "trace");
	const int64_t slack = SLACK_NS + (is_timed(t) ? TIMER_NS : 0);

	/* the request that waits for the last ACK, or for data, comes first */
	if (!*t->from && !strcmp(t->to, "SYN_RECV") && !traced)
		return t->after <= s->latest;
	return t->at + NS_PER_MS + slack >= s->earliest &&
	       t->after - slack <= s->latest;
}

static void check_dwell(const struct end *e, const struct told *t,
			const struct step *before, const struct step *s)
{
	int64_t least = s->earliest - before->latest;
	int64_t most = s->latest - before->earliest;
	int64_t off = 0;

	if (t->dwell < 0) {
		differs(e, t, "no dwell time");
		return;
	}
	if (t->dwell + NS_PER_MS < least)
		off = least - t->dwell - NS_PER_MS;
	else if (t->dwell > most)
		off = t->dwell - most;
	if (off > SLACK_NS)
		differs(e, t, "another dwell time");
	if (off > sum.dwell_off)
		sum.dwell_off = off;
	sum.dwells++;
}

static void check_step(const struct end *e, const struct told *t,
		       unsigned i)
{
	const struct step *s = &e->step[i];
	bool exact = !strcmp(t->certainty, "exact");

	sum.changes++;
	sum.exact += exact;
	if (s->traced && !exact)
		differs(e, t, "not exact");
	if (!in_time(t, s))
		differs(e, t, "another time"), show_steps(e, t);
	if (i && *s->from && exact && s->traced)
		check_dwell(e, t, &e->step[i - 1], s);
}

static bool is_step(const struct told *t, const struct step *s)
{
	return !strcmp(t->from, s->from) && !strcmp(t->to, s->to);
}

/* Each step, in order.  Only what the kernel does not report may be missing:
 * the end of an orphan's mini-socket, when the program ended before. */
static void check_every(struct end *e)
{
	unsigned next = 0;

	for (size_t i = 0; i < tolds_count; i++) {
		struct told *t = &tolds[i];

		if (t->used || !is_of(t, e))
			continue;
		t->used = true;
		/* a pass saw it bound; no event tells of that */
		if (!*t->from && !*t->to)
			continue;
		while (next < e->count && !is_step(t, &e->step[next]) &&
		       !e->step[next].traced)
			next++;
		if (next < e->count && is_step(t, &e->step[next]))
			check_step(e, t, next++);
		else if (next < e->count)
			differs(e, t, "not what came next");
		else
			differs(e, t, "one too many");
	}
	for (; next < e->count; next++) {
		if (e->step[next].traced)
			missing(e, &e->step[next]);
		else
			sum.missing++;
	}
}

static const char *at_point(const struct end *e, unsigned point)
{
	return point ? e->step[point - 1].to : e->step[0].from;
}

/*
 * Points of a life are 0 before its first step, 1 after it, and so on.  What is
 * told leads from one to a later one, and begins where the one before ended or
 * later; its time is that of the step into the later one.
 */
static bool leads(const struct end *e, const struct told *t, unsigned *point)
{
	for (unsigned i = *point; i < e->count; i++) {
		if (strcmp(at_point(e, i), t->from))
			continue;
		for (unsigned k = i + 1; k <= e->count; k++) {
			if (strcmp(at_point(e, k), t->to) ||
			    !in_time(t, &e->step[k - 1]))
				continue;
			*point = k;
			return true;
		}
	}
	return false;
}

/*
 * Beside a TIME_WAIT whose program keeps the descriptor the full socket is back
 * in CLOSE, with the same cookie: one goes to CLOSE and the other is found.
 */
static bool is_either_half(const struct end *e, const struct told *t)
{
	for (unsigned i = 0; i < e->count; i++) {
		const struct step *s = &e->step[i];

		if (!strcmp(s->to, "TIME_WAIT") && in_time(t, s) &&
		    (!*t->to || (!*t->from && !strcmp(t->to, s->to))))
			return true;
	}
	return false;
}

/* Was its four-tuple used again?  That ends a TIME_WAIT. */
static bool used_again(const struct end *e)
{
	for (const struct end *o = ends; o < ends + ends_count; o++)
		if (o > e && same_endpoints(o->json, e->json))
			return true;
	return false;
}

static void check_some(struct end *e)
{
	unsigned point = 0;

	for (size_t i = 0; i < tolds_count; i++) {
		struct told *t = &tolds[i];
		unsigned before = point;

		if (t->used || !is_of(t, e))
			continue;
		/* one that is bound comes or goes: that is no step, and not all
		 * of its life, should that be short */
		if ((*t->from || *t->to) && !leads(e, t, &point) &&
		    !is_either_half(e, t)) {
			/* without cookies it may be the next one's */
			if (!*text(t->json, "cookie") && used_again(e))
				continue;
			if (!*t->to && used_again(e) &&
			    !strcmp(t->from, "TIME_WAIT"))
				point = e->count;
			else
				differs(e, t, "not in its life"), show_steps(e, t);
		}
		t->used = true;
		sum.changes++;
		sum.exact += !strcmp(t->certainty, "exact");
		if (point > before + 1 && strcmp(t->certainty, "inferred") &&
		    strcmp(t->certainty, "between"))
			differs(e, t, "steps were left out, and not said so");
	}
}

static void check(const char *how)
{
	for (size_t i = 0; i < ends_count; i++) {
		if (!strcmp(how, "every"))
			check_every(&ends[i]);
		else if (ends[i].count)
			check_some(&ends[i]);
	}
	for (size_t i = 0; i < tolds_count; i++)
		if (!tolds[i].used && (*tolds[i].from || *tolds[i].to))
			differs(NULL, &tolds[i], "who is it?");
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: timeline every|some LIVES CHANGES\n");
		return 2;
	}
	read_lines(argv[2], add_end);
	read_lines(argv[3], add_told);
	check(argv[1]);
	printf("%zu ends; %u changes told, %u exact; %u not told; %u dwell "
	       "times, at most %.3f ms off; %u differences\n", ends_count,
	       sum.changes, sum.exact, sum.missing, sum.dwells,
	       sum.dwell_off / 1e6, sum.differences);
	return sum.differences || !sum.changes;
}
