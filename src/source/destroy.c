/*
 * destroy.c - the sockets that die, as sock_diag's multicast tells them
 *
 * The kernel sends one message for each full TCP socket that goes away, to
 * everybody who joined (net/core/sock_diag.c, sock_diag_broadcast_destroy()):
 * from a worker and so a moment later.  A message is state CLOSE, the ends,
 * the cookie, and tcp_info with the final counts.  It says neither user nor
 * process.  recvmmsg(2) was tried and brings nothing: of the 0.7 us that a
 * message costs, most is the kernel's own.
 *
 * Messages that find the receive buffer full are dropped.  ENOBUFS tells of
 * that once, and from then on all are dropped until the buffer is empty; how
 * many is in SO_MEMINFO (Linux 4.12), so what is lost is counted exactly.
 */
#include "source/events.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/diag.h"
#include "source/lookup.h"
#include "source/nlsock.h"

/*
 * Asked for, in bytes: a message takes 1280 of twice that many, so that there
 * is room for 52,000 of them, or 1.7 s of 30,000 a second.  Others than root
 * get at most net.core.rmem_max: 6,500 for the 4 MiB usual today.
 */
#define BUFFER_WANTED	(32 << 20)

enum { MESSAGE_MAX = 8192 };

struct destroy {
	struct events events;	/* first */
	struct nlsock nl;
	int64_t empty;		/* nothing was there to be read: mono ns */
	uint64_t lost;
	uint32_t drops;		/* the kernel's count, as of `lost` */
	_Alignas(8) char buf[MESSAGE_MAX];
};

/* What the kernel dropped on this socket since it was made; it wraps. */
static int read_drops(int fd, uint32_t *drops)
{
	uint32_t mem[SK_MEMINFO_VARS];
	socklen_t len = sizeof(mem);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, mem, &len) ||
	    len <= SK_MEMINFO_DROPS * sizeof(mem[0]))
		return -1;
	*drops = mem[SK_MEMINFO_DROPS];
	return 0;
}

/* full: how many times there was an ENOBUFS. */
static void count_drops(struct destroy *d, unsigned full)
{
	uint32_t drops;

	if (read_drops(d->nl.fd, &drops) < 0) {
		d->lost += full;
		return;
	}
	d->lost += (uint32_t)(drops - d->drops);
	d->drops = drops;
}

/*
 * tcp_disconnect() leaves these as they were: the path's MTU is set when a SYN
 * is sent, the smallest round trip (not ~0) and the other end's window by the
 * handshake.
 */
static enum event_reached reached(const struct sock_detail *d)
{
	const struct tcp_info *i = &d->info;

	if (!detail_info_has(d, tcpi_snd_wnd))	/* before Linux 5.4 */
		return REACHED_UNKNOWN;
	if (i->tcpi_snd_wnd || i->tcpi_min_rtt != UINT32_MAX || i->tcpi_rtt)
		return REACHED_ESTABLISHED;
	return i->tcpi_pmtu ? REACHED_SYN_SENT : REACHED_NOTHING;
}

static void fill(struct event *e, const struct diag_message *m, int64_t after,
		 int64_t at)
{
	const struct sock_detail *d = m->row.detail;

	*e = (struct event){
		.row = m->row,
		.kind = EVENT_DESTROY,
		.after = after,
		.at = at,
		.bytes_sent = U64_UNKNOWN,
		.bytes_received = U64_UNKNOWN,
		.rtt_us = U32_UNKNOWN,
	};
	e->row.detail = NULL;
	if (d)
		e->reached = reached(d);
	/* else disconnected, which wiped them, or never connected */
	if (d && m->row.id.remote_port) {
		e->bytes_sent = detail_bytes_sent(d);
		e->bytes_received = detail_bytes_received(d);
		if (detail_info_has(d, tcpi_rtt))
			e->rtt_us = d->info.tcpi_rtt;
	}
}

/* One datagram of the kernel; what cannot be read is lost. */
static size_t take(struct destroy *d, size_t len, int64_t at,
		   const struct events_sink *sink)
{
	struct diag_reader r;
	struct diag_message m;
	struct event e;
	size_t n = 0;

	/* multicast answers nobody: no sequence number, no port id */
	diag_reader_init(&r, d->buf, len, 0, 0, 0);
	r.want_detail = true;
	while (diag_next(&r, &m) != DIAG_END) {
		if (m.kind != DIAG_ROW || m.row.id.protocol != IPPROTO_TCP) {
			d->events.bad++;
			d->lost++;
			continue;
		}
		d->events.bad += m.ignored;
		fill(&e, &m, d->empty, at);
		sink->event(sink->arg, &e);
		n++;
	}
	return n;
}

static size_t destroy_drain(struct events *events,
			    const struct events_sink *sink, size_t max)
{
	struct destroy *d = (struct destroy *)events;
	int64_t before = clock_mono(events->clock);
	size_t n = 0, len;
	unsigned full = 0;

	/* what is not for us costs time as well */
	for (size_t reads = 0; reads < max; reads++) {
		switch (nlsock_receive(&d->nl, d->buf, sizeof(d->buf), &len)) {
		case NLSOCK_DATA:
			before = clock_mono(events->clock);
			n += take(d, len, before, sink);
			continue;
		case NLSOCK_TRUNCATED:
			d->lost++;
			events->bad++;
			continue;
		case NLSOCK_FOREIGN:
			events->bad++;
			continue;
		case NLSOCK_ERROR:
			if (errno != ENOBUFS)
				break;
			full++;
			continue;
		case NLSOCK_EMPTY:
			d->empty = before;
			break;
		}
		/* also after an error: it is not to be waited for */
		events->told = before;
		break;
	}
	count_drops(d, full);
	return n;
}

static int destroy_fd(const struct events *e)
{
	return ((const struct destroy *)e)->nl.fd;
}

static uint64_t destroy_lost(const struct events *e)
{
	return ((const struct destroy *)e)->lost;
}

static void destroy_free(struct events *e)
{
	nlsock_close(&((struct destroy *)e)->nl);
	free(e);
}

static const struct events_ops destroy_ops = {
	.name = "destroy",
	.origin = ORIGIN_DESTROY,
	.fd = destroy_fd,
	.drain = destroy_drain,
	.lost = destroy_lost,
	.free = destroy_free,
};

struct events *events_destroy_on(const struct clock *clock,
				 const struct nlsock *nl)
{
	struct destroy *d = mem_zalloc(sizeof(*d));

	d->events.ops = &destroy_ops;
	d->events.clock = clock;
	d->nl = *nl;
	d->events.told = d->empty = clock_mono(clock);
	read_drops(d->nl.fd, &d->drops);
	return &d->events;
}

/* As much as we are given; returns what that is, 0 if nobody can say. */
static size_t enlarge_buffer(int fd)
{
	int size = BUFFER_WANTED;
	socklen_t len = sizeof(size);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &len) || size < 0)
		return 0;
	/* the kernel doubles what it is asked for, socket(7) */
	return (size_t)size / 2;
}

static int join(int fd)
{
	static const int groups[] = {
		SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY,
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			       &groups[i], sizeof(groups[i])))
			return -1;
	return 0;
}

/* Without tcp_diag one may join, and never hears anything. */
static bool tcp_diag_there(void)
{
	struct lookup *l = lookup_new();

	lookup_free(l);
	return l || !diag_is_missing(errno);
}

struct events *events_destroy(const struct clock *clock, char *why, size_t n)
{
	struct events *e;
	struct nlsock nl;
	size_t buffer;

	if (!tcp_diag_there()) {
		snprintf(why, n, "the kernel has no tcp_diag");
		return NULL;
	}
	if (nlsock_open(&nl) < 0) {
		snprintf(why, n, "no sock_diag socket: %s", strerror(errno));
		return NULL;
	}
	buffer = enlarge_buffer(nl.fd);
	if (join(nl.fd) < 0) {
		snprintf(why, n, "the destroy groups cannot be joined: %s",
			 strerror(errno));
		nlsock_close(&nl);
		return NULL;
	}
	e = events_destroy_on(clock, &nl);
	e->buffer = buffer;
	return e;
}
