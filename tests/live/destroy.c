/*
 * destroy.c - many short connections, and what the destroy events say of them
 *
 *	destroy all N	makes N connections over loopback, IPv4 and IPv6, closed
 *			from either end or reset, and waits for the events of
 *			both ends: each once, ends, cookie and bytes as they were
 *	destroy tiny N	the same with the smallest receive buffer, which is not
 *			read meanwhile: what is not seen must be told as lost
 *
 * Prints what it found; exits with 1 if that was wrong.  Nobody else may close
 * sockets in this network namespace.
 */
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/events.h"

enum { PORT4 = 5001, PORT6 = 5002, PATIENCE_MS = 5000, MOST_BYTES = 5000 };

struct end {
	uint64_t cookie;
	struct sockaddr_storage local, remote;
	uint64_t sent, received;
	bool disconnected;	/* by SO_LINGER 0: only the cookie is left */
	unsigned seen;
};

static struct end *ends;
static size_t end_count, wrong;
static uint64_t strangers;
static int64_t spent;		/* ns in events_drain() */
static size_t drained;
static struct events *events;

static uint64_t cookie_of(int fd)
{
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		die("SO_COOKIE");
	return cookie;
}

/* ---- what was, against what is told ---- */

static bool same_end(const struct sockaddr_storage *ss, int family,
		     const struct addr *a, uint16_t port)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;

	if (ss->ss_family != family)
		return false;
	if (family == AF_INET)
		return !memcmp(&v4->sin_addr, a->b, 4) &&
		       ntohs(v4->sin_port) == port;
	return !memcmp(&v6->sin6_addr, a->b, 16) &&
	       ntohs(v6->sin6_port) == port;
}

static void complain(const struct end *e, const struct event *ev,
		     const char *what)
{
	if (wrong++ < 10)
		printf("%s: cookie %llx, sent %llu not %llu, received %llu "
		       "not %llu\n", what, (unsigned long long)e->cookie,
		       (unsigned long long)ev->bytes_sent,
		       (unsigned long long)e->sent,
		       (unsigned long long)ev->bytes_received,
		       (unsigned long long)e->received);
}

static void check(struct end *e, const struct event *ev)
{
	const struct sock_id *id = &ev->row.id;

	if (e->seen++)
		complain(e, ev, "seen again");
	if (ev->after > ev->at || ev->at > clock_mono(&clock_system))
		complain(e, ev, "wrong times");
	if (ev->reached != REACHED_ESTABLISHED)
		complain(e, ev, "not known to have been open");
	if (e->disconnected) {
		if (id->remote_port || ev->bytes_sent != U64_UNKNOWN)
			complain(e, ev, "more known than there is");
		return;
	}
	if (!same_end(&e->local, id->family, &id->local, id->local_port) ||
	    !same_end(&e->remote, id->family, &id->remote, id->remote_port))
		complain(e, ev, "other ends");
	/* the other end's FIN may be counted as a byte received */
	if (ev->bytes_sent != e->sent ||
	    ev->bytes_received - e->received > 1)
		complain(e, ev, "other bytes");
	if (ev->rtt_us == U32_UNKNOWN)
		complain(e, ev, "no rtt");
}

static int compare_cookies(const void *a, const void *b)
{
	const struct end *x = a, *y = b;

	return (x->cookie > y->cookie) - (x->cookie < y->cookie);
}

static struct event *kept;
static size_t kept_count, kept_cap;

/* Only kept: which sockets there were is sorted out at the end. */
static void take(void *arg, const struct event *e)
{
	(void)arg;
	if (kept_count == kept_cap) {
		kept_cap = kept_cap ? 2 * kept_cap : 1024;
		kept = realloc(kept, kept_cap * sizeof(*kept));
		if (!kept)
			die("realloc");
	}
	kept[kept_count++] = *e;
}

static void drain(void)
{
	const struct events_sink sink = { .event = take };
	int64_t start = clock_mono(&clock_system);
	size_t n = events_drain(events, &sink, 4096);

	if (n)
		spent += clock_mono(&clock_system) - start;
	drained += n;
}

/* Until n are seen or lost, or nothing comes any more. */
static void drain_all(size_t n)
{
	struct pollfd p = { .fd = events_fd(events), .events = POLLIN };

	while (kept_count + events_lost(events) < n &&
	       poll(&p, 1, PATIENCE_MS) > 0)
		drain();
}

static void sort_out(void)
{
	qsort(ends, end_count, sizeof(*ends), compare_cookies);
	for (size_t i = 0; i < kept_count; i++) {
		const struct end key = { .cookie = kept[i].row.cookie };
		struct end *e = bsearch(&key, ends, end_count, sizeof(*ends),
					compare_cookies);

		if (e)
			check(e, &kept[i]);
		else
			strangers++;
	}
}

/* ---- short connections ---- */

static struct end *note(int fd, uint64_t sent, uint64_t received)
{
	struct end *e = &ends[end_count++];
	socklen_t len = sizeof(e->local);

	e->cookie = cookie_of(fd);
	e->sent = sent;
	e->received = received;
	if (getsockname(fd, (struct sockaddr *)&e->local, &len))
		die("getsockname");
	len = sizeof(e->remote);
	if (getpeername(fd, (struct sockaddr *)&e->remote, &len))
		die("getpeername");
	return e;
}

static void talk(int from, int to, size_t n)
{
	static char bytes[MOST_BYTES];
	size_t got = 0;

	if (write(from, bytes, n) != (ssize_t)n)
		die("write");
	while (got < n) {
		ssize_t part = read(to, bytes, n - got);

		if (part <= 0)
			die("read");
		got += (size_t)part;
	}
}

static void short_connection(int listener, bool v6, unsigned i)
{
	const struct linger linger = { .l_onoff = 1 };
	int client = v6 ? net_connect(AF_INET6, "::1", PORT6) :
			  net_connect(AF_INET, "127.0.0.1", PORT4);
	int server = net_accept(listener);
	size_t up = i % MOST_BYTES, down = i * 7 % MOST_BYTES;
	bool reset = i % 3 == 2;

	talk(client, server, up);
	talk(server, client, down);
	note(client, up, down)->disconnected = reset;
	note(server, down, up);
	if (reset && setsockopt(client, SOL_SOCKET, SO_LINGER, &linger,
				sizeof(linger)))
		die("SO_LINGER");
	if (i % 3 == 1) {
		close(server);
		close(client);
	} else {
		close(client);
		close(server);
	}
}

static void make(unsigned n, bool read_meanwhile)
{
	int v4 = net_listen(AF_INET, "127.0.0.1", PORT4, 16);
	int v6 = net_listen(AF_INET6, "::1", PORT6, 16);

	ends = calloc(2 * n, sizeof(*ends));
	if (!ends)
		die("calloc");
	for (unsigned i = 0; i < n; i++) {
		short_connection(i % 2 ? v6 : v4, i % 2, i);
		if (read_meanwhile && i % 100 == 0)
			drain();
	}
	drain_all(end_count);
	sort_out();
}

/* Returns what was wrong. */
static size_t report(bool tiny)
{
	uint64_t lost = events_lost(events);
	size_t missed = 0;

	for (size_t i = 0; i < end_count; i++)
		missed += !ends[i].seen;
	printf("%zu sockets: %zu seen, %llu lost, %llu strangers, %zu wrong; "
	       "buffer %zu KiB, %.0f ns an event\n", end_count,
	       end_count - missed, (unsigned long long)lost,
	       (unsigned long long)strangers, wrong, events->buffer / 1024,
	       drained ? (double)spent / (double)drained : 0);
	wrong += strangers + events->bad;
	wrong += missed != lost;
	wrong += tiny != (lost > 0);
	return wrong;
}

int main(int argc, char **argv)
{
	bool tiny = argc == 3 && !strcmp(argv[1], "tiny");
	char why[200] = "";

	if (argc != 3 || (!tiny && strcmp(argv[1], "all"))) {
		fprintf(stderr, "usage: destroy all|tiny N\n");
		return 99;
	}
	events = events_destroy(&clock_system, why, sizeof(why));
	if (!events) {
		fprintf(stderr, "destroy: %s\n", why);
		return 99;
	}
	if (tiny)
		net_option(events_fd(events), SOL_SOCKET, SO_RCVBUF, 1);
	make((unsigned)atoi(argv[2]), !tiny);
	return report(tiny) ? 1 : 0;
}
