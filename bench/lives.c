/*
 * lives.c - random scripted lives of connections, and what must come of them
 *
 *	tests/live/in-netns.sh lives --count 100 --seed 7
 *
 * Writes one line of JSON for each end of each life: who it is (endpoints,
 * cookie), what was done to it and when, and every state it must have passed
 * through, with the times between which it entered each.  Times are
 * CLOCK_BOOTTIME in ns.
 *
 *	"states"	the socket's states by RFC 9293, TIME_WAIT included
 *	"changes"	what the kernel's state tracepoint reports of it
 *
 * Exit status 1 if the kernel had a held socket in another state than
 * expected, 2 for wrong usage.
 */
#include "life.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	unsigned count, seed, pause_ms, kind;
} opt = { .count = 100, .seed = 1, .pause_ms = 50, .kind = 0 };

static const struct families families[] = {
	{ "IPv4", FAMILY_4, FAMILY_4 },
	{ "IPv6", FAMILY_6, FAMILY_6 },
	{ "mapped", FAMILY_MAPPED, FAMILY_MAPPED },
	{ "IPv4 to mapped", FAMILY_4, FAMILY_MAPPED },
	{ "mapped to IPv4", FAMILY_MAPPED, FAMILY_4 },
};
enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

static void json_endpoint(const char *name, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	char text[INET6_ADDRSTRLEN];

	if (ss->ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
	else if (ss->ss_family == AF_INET6)
		inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
	else
		return;		/* it never had one */
	printf(",\"%s\":\"%s\",\"%s_port\":%u", name, text, name,
	       ntohs(v4->sin_port));
}

static void json_steps(const struct life *life, const struct end *e)
{
	const char *comma = "";

	printf(",\"steps\":[");
	for (unsigned i = 0; i < life->steps_count; i++) {
		const struct step *s = &life->steps[i];

		if (s->role != e->role)
			continue;
		printf("%s{\"step\":\"%s\",\"start_ns\":%lld,\"stop_ns\":%lld}",
		       comma, s->text, (long long)s->start,
		       (long long)s->stop);
		comma = ",";
	}
	printf("]");
}

static void json_entries(const struct end *e, const char *name, bool traced)
{
	const char *comma = "";

	printf(",\"%s\":[", name);
	for (unsigned i = 0; i < e->count; i++) {
		const struct entry *n = &e->entries[i];

		if (traced ? !n->traced : !n->real)
			continue;
		printf("%s{\"from\":\"%s\",\"to\":\"%s\",\"earliest_ns\":%lld,"
		       "\"latest_ns\":%lld}", comma, state_name(n->from),
		       state_name(n->to), (long long)n->earliest,
		       (long long)n->latest);
		comma = ",";
	}
	printf("]");
}

static void json_end(const struct life *life, const struct end *e)
{
	static const char *const names[] = {
		['l'] = "listener", ['c'] = "client", ['d'] = "client2",
		['s'] = "server", ['t'] = "server2",
	};

	printf("{\"id\":%u,\"kind\":\"%s\",\"script\":\"%s\","
	       "\"families\":\"%s\",\"end\":\"%s\"", life->id, life->kind,
	       life->script, life->families->name,
	       names[(unsigned char)e->role]);
	json_endpoint("local", &e->local);
	json_endpoint("remote", &e->remote);
	if (e->held)
		printf(",\"cookie\":\"%llu\"", (unsigned long long)e->cookie);
	if (e->opened)
		printf(",\"opened_ns\":%lld", (long long)e->opened);
	if (e->closed)
		printf(",\"closed_ns\":%lld", (long long)e->closed);
	json_steps(life, e);
	json_entries(e, "states", false);
	json_entries(e, "changes", true);
	if (life->fault[0])
		printf(",\"fault\":\"%s\"", life->fault);
	printf("}\n");
}

static void usage(void)
{
	fprintf(stderr,
		"usage: lives [OPTION]...\n"
		"  --count N    how many lives (100; at most %d)\n"
		"  --seed N     of kinds, families and pauses (1)\n"
		"  --pause MS   at most, between two steps (50)\n"
		"  --kind N     this one of %u kinds only; 0 is all (0)\n",
		LIVES_MAX, kinds_count());
	exit(2);
}

static unsigned number(const char *s, unsigned max)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*end || end == s || n > max)
		usage();
	return n;
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "seed", required_argument, NULL, 's' },
		{ "pause", required_argument, NULL, 'p' },
		{ "kind", required_argument, NULL, 'k' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			opt.count = number(optarg, LIVES_MAX);
		else if (c == 's')
			opt.seed = number(optarg, UINT32_MAX);
		else if (c == 'p')
			opt.pause_ms = number(optarg, 1000);
		else if (c == 'k')
			opt.kind = number(optarg, kinds_count());
		else
			usage();
	}
	if (optind < argc)
		usage();
}

/* Every kind in turn, each round of them in other families. */
static bool live(unsigned id, unsigned *skipped)
{
	struct life life = {
		.id = id, .pause_us = opt.pause_ms * 1000,
		.families = &families[random() % FAMILIES],
	};
	const unsigned n = opt.kind ? opt.kind - 1 : id % kinds_count();
	const struct kind *kind = kind_at(n, life.kind, life.script,
					  sizeof(life.kind),
					  sizeof(life.script));

	if (kind->crossed && !ground_can_hold()) {
		(*skipped)++;
		return true;
	}
	/* both ends are clients there */
	if (kind->crossed && life.families->client != life.families->server)
		life.families = &families[random() % 3];
	life_run(&life);
	for (int i = 0; i < ENDS_MAX; i++)
		if (life.ends[i].used)
			json_end(&life, &life.ends[i]);
	if (life.fault[0])
		fprintf(stderr, "lives: %u, %s (%s): %s\n", id, life.kind,
			life.families->name, life.fault);
	return !life.fault[0];
}

int main(int argc, char **argv)
{
	unsigned bad = 0, skipped = 0;

	parse(argc, argv);
	ground_enter();
	signal(SIGPIPE, SIG_IGN);
	ground_drop_syns(PORT_DROP);
	srandom(opt.seed);
	for (unsigned id = 0; id < opt.count; id++)
		bad += !live(id, &skipped);
	fprintf(stderr, "lives: %u, of %u kinds; %u otherwise than expected",
		opt.count - skipped, kinds_count(), bad);
	if (skipped)
		fprintf(stderr, "; %u not made: no tc with htb to hold packets "
			"with", skipped);
	fprintf(stderr, "\n");
	return fflush(stdout) || bad;
}
