#include "truth.h"
#include "ground.h"

#include <netinet/tcp.h>
#include <string.h>

enum { SETTLE_MS = 5000 };

/* Entering TIME_WAIT shows as … > CLOSE: the tracepoint follows the socket,
 * which dies there; what lives on for a minute is another, smaller one. */
#define OPENED	TCP_CLOSE, TCP_SYN_SENT, TCP_ESTABLISHED
#define BORN	TCP_LISTEN, TCP_SYN_RECV, TCP_ESTABLISHED
#define CLOSES	TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE
#define FOLLOWS	TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSE
#define CROSSED	TCP_FIN_WAIT1, TCP_CLOSING, TCP_CLOSE

const struct ending_info endings[ENDING_COUNT] = {
	[FIN_CLIENT] = {
		.name = "fin-client", .weight = 50,
		.client = { OPENED, CLOSES }, .server = { BORN, FOLLOWS },
		.time_waits = 1,
	},
	[FIN_SERVER] = {
		.name = "fin-server", .weight = 25,
		.client = { OPENED, FOLLOWS }, .server = { BORN, CLOSES },
		.time_waits = 1,
	},
	/* The server's FIN waits until the client's has come.  The client's
	 * is acknowledged at once, so only one end sees the crossing. */
	[SIMULTANEOUS] = {
		.name = "simultaneous", .weight = 2,
		.client = { OPENED, CLOSES }, .server = { BORN, CROSSED },
		.time_waits = 2,
	},
	[RST_CLIENT] = {
		.name = "rst-client", .weight = 10,
		.client = { OPENED, TCP_CLOSE }, .server = { BORN, TCP_CLOSE },
		.estab_resets = 2, .out_rsts = 1,
	},
	[RST_SERVER] = {
		.name = "rst-server", .weight = 7,
		.client = { OPENED, TCP_CLOSE }, .server = { BORN, TCP_CLOSE },
		.estab_resets = 2, .out_rsts = 1,
	},
	[REFUSED] = {
		.name = "refused", .weight = 5,
		.client = { TCP_CLOSE, TCP_SYN_SENT, TCP_CLOSE },
		.attempt_fails = 1, .out_rsts = 1,
	},
	[TIMED_OUT] = {
		.name = "timed-out", .weight = 1,
		.client = { TCP_CLOSE, TCP_SYN_SENT, TCP_CLOSE },
		.attempt_fails = 1,
	},
};

static const char *const state_names[STATES] = {
	"", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
	"TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING",
	"NEW_SYN_RECV",
};

static const struct {
	const char *name, *file, *tag;
} kernel_counts[KERNEL_COUNTS] = {
	[ACTIVE_OPENS] = { "ActiveOpens", "/proc/net/snmp", "Tcp" },
	[PASSIVE_OPENS] = { "PassiveOpens", "/proc/net/snmp", "Tcp" },
	[ATTEMPT_FAILS] = { "AttemptFails", "/proc/net/snmp", "Tcp" },
	[ESTAB_RESETS] = { "EstabResets", "/proc/net/snmp", "Tcp" },
	[OUT_RSTS] = { "OutRsts", "/proc/net/snmp", "Tcp" },
	[TIME_WAITS] = { "TW", "/proc/net/netstat", "TcpExt" },
};

int ending_parse(const char *name)
{
	for (int i = 0; i < ENDING_COUNT; i++)
		if (!strcmp(endings[i].name, name))
			return i;
	return -1;
}

static unsigned long made_with_server(const struct truth *t)
{
	unsigned long n = 0;

	for (int i = 0; i < ENDING_COUNT; i++)
		if (endings[i].server[0])
			n += t->made[i];
	return n;
}

static unsigned long made_in_all(const struct truth *t)
{
	unsigned long n = 0;

	for (int i = 0; i < ENDING_COUNT; i++)
		n += t->made[i];
	return n;
}

unsigned long truth_sockets(const struct truth *t)
{
	return t->listeners + t->failed + made_in_all(t) + made_with_server(t);
}

unsigned long truth_expected(const struct truth *t, enum kernel_count what)
{
	unsigned long n = 0;

	if (what == ACTIVE_OPENS)
		return made_in_all(t);
	if (what == PASSIVE_OPENS)
		return made_with_server(t);
	for (int i = 0; i < ENDING_COUNT; i++) {
		const unsigned each[KERNEL_COUNTS] = {
			[ATTEMPT_FAILS] = endings[i].attempt_fails,
			[ESTAB_RESETS] = endings[i].estab_resets,
			[OUT_RSTS] = endings[i].out_rsts,
			[TIME_WAITS] = endings[i].time_waits,
		};

		n += t->made[i] * each[what];
	}
	return n;
}

static unsigned long tw_overflow(void)
{
	return ground_counter("/proc/net/netstat", "TcpExt",
			      "TCPTimeWaitOverflow");
}

void truth_begin(struct truth *t)
{
	for (int i = 0; i < KERNEL_COUNTS; i++)
		t->before[i] = ground_counter(kernel_counts[i].file,
					      kernel_counts[i].tag,
					      kernel_counts[i].name);
	t->tw_overflow = tw_overflow();
}

/* Orphans are in use too; those counted as such are the whole host's. */
static bool sockets_left(void)
{
	return ground_counter("/proc/net/sockstat", "TCP", "inuse") > 0 ||
	       ground_counter("/proc/net/sockstat6", "TCP6", "inuse") > 0;
}

bool truth_end(struct truth *t)
{
	const int64_t deadline = ground_now() + SETTLE_MS * 1000000LL;
	bool agrees = !t->failed && !t->astray;

	while (sockets_left() && ground_now() < deadline)
		ground_sleep_until(ground_now() + 1000000);
	t->settled = ground_now();

	t->tw_overflow = tw_overflow() - t->tw_overflow;
	t->tw_left = ground_counter("/proc/net/sockstat", "TCP", "tw");
	for (int i = 0; i < KERNEL_COUNTS; i++) {
		t->counted[i] = ground_counter(kernel_counts[i].file,
					       kernel_counts[i].tag,
					       kernel_counts[i].name) -
				t->before[i];
		if (i == TIME_WAITS)
			t->counted[i] += t->tw_overflow;
		agrees &= t->counted[i] == truth_expected(t, i);
	}
	return agrees;
}

static void json_changes(const struct truth *t, FILE *out)
{
	unsigned long changes[STATES][STATES] = { 0 }, total = 0;
	const char *comma = "";

	changes[TCP_CLOSE][TCP_LISTEN] = t->listeners;
	changes[TCP_LISTEN][TCP_CLOSE] = t->listeners;
	for (int e = 0; e < ENDING_COUNT; e++) {
		const uint8_t *ends[] = {
			endings[e].client, endings[e].server,
		};

		for (int i = 0; i < 2; i++)
			for (const uint8_t *s = ends[i]; s[0] && s[1]; s++)
				changes[s[0]][s[1]] += t->made[e];
	}
	fprintf(out, "\"changes\":{");
	for (int from = 0; from < STATES; from++)
		for (int to = 0; to < STATES; to++) {
			if (!changes[from][to])
				continue;
			fprintf(out, "%s\"%s>%s\":%lu", comma,
				state_names[from], state_names[to],
				changes[from][to]);
			total += changes[from][to];
			comma = ",";
		}
	fprintf(out, "},\"changes_total\":%lu", total);
}

void truth_json(const struct truth *t, FILE *out)
{
	const char *comma = "";

	fprintf(out, "\"start_ns\":%lld,\"stop_ns\":%lld,\"settled_ns\":%lld,",
		(long long)t->start, (long long)t->stop, (long long)t->settled);
	fprintf(out, "\"started\":%lu,\"established\":%lu,\"refused\":%lu,"
		"\"timed_out\":%lu,\"failed\":%lu,\"astray\":%lu,\"errno\":{",
		t->started, t->established, t->made[REFUSED],
		t->made[TIMED_OUT], t->failed, t->astray);
	for (int i = 0; i < ERRNOS; i++)
		if (t->failed_errno[i]) {
			fprintf(out, "%s\"%s\":%lu", comma, strerrorname_np(i),
				t->failed_errno[i]);
			comma = ",";
		}
	comma = "";
	fprintf(out, "},\"endings\":{");
	for (int i = 0; i < ENDING_COUNT; i++) {
		fprintf(out, "%s\"%s\":%lu", comma, endings[i].name,
			t->made[i]);
		comma = ",";
	}
	fprintf(out, "},\"sockets\":{\"client\":%lu,\"server\":%lu,"
		"\"listener\":%lu,\"total\":%lu},",
		made_in_all(t) + t->failed, made_with_server(t), t->listeners,
		truth_sockets(t));
	json_changes(t, out);
	fprintf(out, ",\"time_waits\":%lu,\"time_wait_overflow\":%lu,"
		"\"time_waits_left\":%lu", truth_expected(t, TIME_WAITS),
		t->tw_overflow, t->tw_left);
	comma = "";
	fprintf(out, ",\"kernel\":{");
	for (int i = 0; i < KERNEL_COUNTS; i++) {
		fprintf(out, "%s\"%s\":{\"made\":%lu,\"counted\":%lu}", comma,
			kernel_counts[i].name, truth_expected(t, i),
			t->counted[i]);
		comma = ",";
	}
	fprintf(out, "}");
}

void truth_say(const struct truth *t, FILE *out)
{
	const double seconds = (t->stop - t->start) / 1e9;

	fprintf(out, "%lu connections in %.2f s (%.0f/s), %lu sockets;",
		t->started, seconds, seconds > 0 ? t->started / seconds : 0,
		truth_sockets(t));
	for (int i = 0; i < KERNEL_COUNTS; i++)
		if (t->counted[i] != truth_expected(t, i))
			fprintf(out, " %s: made %lu, counted %lu;",
				kernel_counts[i].name, truth_expected(t, i),
				t->counted[i]);
}
