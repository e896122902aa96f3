/*
 * load.c - connections of a chosen rate, lifetime and ending
 *
 *	tests/live/in-netns.sh load --rate 15000 --seconds 20 --ending mix
 *
 * Makes TCP connections over loopback, both ends in this process, and says
 * exactly what it made: one line of JSON on stdout, one for a person on
 * stderr.  The kernel's own counters are asked whether they agree; exit
 * status 1 if they do not, 2 for wrong usage.
 */
#include "conn.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
	RATE_MAX = 100000,
	SECONDS_MAX = 40,	/* no TIME_WAIT may go before we have counted */
	LIFE_MAX_MS = 10000,
	LATE_MS = 100,		/* to catch up at the end */
	DRAIN_MS = 5000,	/* for the last ones, beyond their lives */
	TW_BUCKETS = 4000000,
};
#define MS		INT64_C(1000000)
#define TICK		(1 * MS)

static struct {
	unsigned rate, seconds, seed;
	struct plan plan;
} opt = {
	.rate = 1000, .seconds = 5, .seed = 1,
	.plan = {
		.ending = FIN_CLIENT, .family = { [FAMILY_4] = true },
		.host = 0x7f4d0001, .port = 20000,
	},
};

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	stopped = sig;
}

static void usage(void)
{
	fprintf(stderr,
		"usage: load [OPTION]...\n"
		"  --rate N        connections a second (1000; at most %d)\n"
		"  --seconds S     how long to start new ones (5; at most %d)\n"
		"  --life MS       from established to the first close (0)\n"
		"  --ending MODE   mix", RATE_MAX, SECONDS_MAX);
	for (int i = 0; i < ENDING_COUNT; i++)
		fprintf(stderr, ", %s", endings[i].name);
	fprintf(stderr, "\n"
		"  --family F      4, 6, mapped or all (4)\n"
		"  --to ADDR       first of %d addresses (127.77.0.1), or ::1\n"
		"  --port PORT     first of %d ports (20000)\n"
		"  --seed N        of the mix (1)\n", LISTENERS, PORTS);
	exit(2);
}

static unsigned parse_number(const char *what, const char *s, unsigned min,
			     unsigned max)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*end || end == s || n < min || n > max) {
		fprintf(stderr, "load: --%s: %s is not from %u to %u\n", what,
			s, min, max);
		exit(2);
	}
	return n;
}

static void parse_family(const char *s)
{
	static const char *const names[FAMILY_COUNT] = { "4", "6", "mapped" };
	bool known = false;

	for (int i = 0; i < FAMILY_COUNT; i++) {
		opt.plan.family[i] = !strcmp(s, "all") || !strcmp(s, names[i]);
		known |= opt.plan.family[i];
	}
	if (!known)
		usage();
}

/* Anything but loopback is refused, the last of the addresses included. */
static void parse_to(const char *s)
{
	struct in_addr v4;

	if (!strcmp(s, "::1")) {
		parse_family("6");
		return;
	}
	if (inet_pton(AF_INET, s, &v4) == 1)
		opt.plan.host = ntohl(v4.s_addr);
	if (inet_pton(AF_INET, s, &v4) != 1 || opt.plan.host >> 24 != 127 ||
	    (opt.plan.host + LISTENERS) >> 24 != 127) {
		fprintf(stderr, "load: --to: %s: only 127/8 and ::1\n", s);
		exit(2);
	}
}

static void parse_ending(const char *s)
{
	opt.plan.ending = strcmp(s, "mix") ? ending_parse(s) : ENDING_COUNT;
	if (opt.plan.ending < 0)
		usage();
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "rate", required_argument, NULL, 'r' },
		{ "seconds", required_argument, NULL, 's' },
		{ "life", required_argument, NULL, 'l' },
		{ "ending", required_argument, NULL, 'e' },
		{ "family", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "port", required_argument, NULL, 'p' },
		{ "seed", required_argument, NULL, 'S' },
		{ 0 },
	};
	int c, i;

	while ((c = getopt_long(argc, argv, "", options, &i)) != -1) {
		const char *name = c == '?' ? NULL : options[i].name;

		if (c == 'r')
			opt.rate = parse_number(name, optarg, 1, RATE_MAX);
		else if (c == 's')
			opt.seconds = parse_number(name, optarg, 1,
						   SECONDS_MAX);
		else if (c == 'l')
			opt.plan.life_ms = parse_number(name, optarg, 0,
							LIFE_MAX_MS);
		else if (c == 'p')
			opt.plan.port = parse_number(name, optarg, 1,
						     65535 - PORTS);
		else if (c == 'S')
			opt.seed = parse_number(name, optarg, 0, UINT32_MAX);
		else if (c == 'e')
			parse_ending(optarg);
		else if (c == 'f')
			parse_family(optarg);
		else if (c == 't')
			parse_to(optarg);
		else
			usage();
	}
	if (optind < argc)
		usage();
}

/* As many as are due by now, a few each millisecond. */
static void run(void)
{
	const unsigned long all = (unsigned long)opt.rate * opt.seconds;
	const int64_t end = truth.start + (opt.seconds * 1000 + LATE_MS) * MS;
	int64_t next = truth.start, deadline;

	while (truth.started < all && !stopped) {
		unsigned long due = (next - truth.start) * opt.rate /
				    INT64_C(1000000000) + 1;

		while (truth.started < due && truth.started < all &&
		       conn_start())
			;
		conn_work();
		/* out of descriptors, or out of time: the rate is not met */
		if (ground_now() > end)
			break;
		next += TICK;
		ground_sleep_until(next);
	}
	truth.stop = ground_now();

	deadline = truth.stop + (opt.plan.life_ms + DRAIN_MS) * MS;
	while (conn_left() && ground_now() < deadline) {
		conn_work();
		ground_sleep_until(ground_now() + TICK);
	}
}

static double seconds_of(const struct timeval *tv)
{
	return tv->tv_sec + tv->tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage used;
	unsigned files;
	bool agrees;
	double cpu, took;

	parse(argc, argv);
	files = ground_enter();
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	signal(SIGPIPE, SIG_IGN);
	srandom(opt.seed);
	/* no TIME_WAIT is cut short, if that may be chosen here */
	ground_set("ipv4/tcp_max_tw_buckets", TW_BUCKETS);
	ground_set("ipv4/tcp_tw_reuse", 0);

	truth_begin(&truth);
	conn_setup(&opt.plan, files);
	truth.start = ground_now();
	run();
	getrusage(RUSAGE_SELF, &used);
	cpu = seconds_of(&used.ru_utime) + seconds_of(&used.ru_stime);
	conn_teardown();
	agrees = truth_end(&truth);

	took = (truth.stop - truth.start) / 1e9;
	printf("{\"rate\":%u,\"seconds\":%u,\"life_ms\":%u,\"ending\":\"%s\","
	       "\"seed\":%u,", opt.rate, opt.seconds, opt.plan.life_ms,
	       opt.plan.ending < ENDING_COUNT ?
	       endings[opt.plan.ending].name : "mix", opt.seed);
	truth_json(&truth, stdout);
	printf(",\"achieved_rate\":%.0f,\"cpu_s\":%.2f,\"agrees\":%s}\n",
	       truth.started / took, cpu, agrees ? "true" : "false");
	fprintf(stderr, "load: ");
	truth_say(&truth, stderr);
	if (truth.started < (unsigned long)opt.rate * opt.seconds && !stopped)
		fprintf(stderr, " %lu short of the rate;", (unsigned long)
			opt.rate * opt.seconds - truth.started);
	fprintf(stderr, " %.2f s of CPU; the kernel %s\n", cpu,
		agrees ? "agrees" : "DOES NOT AGREE");
	return fflush(stdout) || !agrees;
}
