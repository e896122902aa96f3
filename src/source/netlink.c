/*
 * netlink.c - passes from sock_diag dumps
 *
 * One dump for both families, or for the one that is wanted.  A kernel that
 * does not know the request for both is asked for each, one after the other.
 * A dump that has to be begun again has given rows already: the table ignores
 * repeats.
 */
#include "source/netlink.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/diag.h"
#include "source/relay.h"

/* Far above what any kernel sends; a length beyond it is nonsense. */
enum { BUFFER_LIMIT = 4 << 20 };

struct netlink {
	struct source source;
	struct nlsock nl;
	struct source_want want;
	uint8_t family[2];	/* of each dump; AF_UNSPEC both */
	unsigned dumps, at;	/* how many, and which one is under way */
	unsigned failed;	/* dumps of which nothing was heard */
	unsigned again;		/* how often this one was begun again */
	bool apart;		/* this kernel refuses one for both families */
	uint32_t seq;
	int64_t heard;		/* mono ns of the last message of this dump */
	bool relayed;		/* messages wait on their way to us */
	bool running;		/* the kernel owes us a DONE */
	bool refused;		/* this kernel does not know want.bytecode */
	bool interrupted;	/* NLM_F_DUMP_INTR was seen */
	uint64_t rows;		/* of this dump */
	char *buf;
	size_t size;
};

static struct netlink *netlink_of(struct source *s)
{
	return (struct netlink *)s;
}

/* "IPv4: ", where that is not said of both. */
static const char *whose(const struct netlink *n)
{
	switch (n->family[n->at]) {
	case AF_INET:
		return "IPv4: ";
	case AF_INET6:
		return "IPv6: ";
	default:
		return "";
	}
}

/* The first reason is told, later ones follow from it. */
static void partial(struct netlink *n, int error, const char *what)
{
	struct source_report *r = &n->source.report;

	r->partial = true;
	r->error = error;
	if (r->reason[0])
		return;
	if (error)
		snprintf(r->reason, sizeof(r->reason), "%s%s: %s",
			 whose(n), what, strerror(error));
	else
		snprintf(r->reason, sizeof(r->reason), "%s%s", whose(n), what);
}

static bool wants_bound(const struct netlink *n)
{
	return n->want.states & STATE_BIT(STATE_BOUND);
}

/*
 * BOUND is answered as CLOSE, so the two are not asked for together; CLOSE
 * by itself is in no hash table and never seen but in passing.
 */
static uint32_t kernel_states(const struct netlink *n)
{
	uint32_t states = n->want.states & ~STATE_BIT(STATE_OTHER);

	if (n->want.states & STATE_BIT(STATE_OTHER))
		states |= ~(STATE_BIT(STATE_COUNT) - 1);
	if (states & STATE_BIT(STATE_SYN_RECV))
		states |= STATE_BIT(STATE_NEW_SYN_RECV);
	if (wants_bound(n))
		states &= ~STATE_BIT(STATE_CLOSE);
	return states;
}

/* the length of an attribute has 16 bits */
enum { BYTECODE_MAX = 60000 };

static int send_request(struct netlink *n)
{
	bool filtered = n->want.bytecode && !n->refused &&
			n->want.bytecode_len <= BYTECODE_MAX;
	size_t room = DIAG_REQUEST_BOTH +
		      (filtered ? diag_bytecode_size(n->want.bytecode_len) : 0);
	char *request = mem_alloc(room);
	size_t len;
	int r;

	if (n->family[n->at] == AF_UNSPEC)
		len = diag_request_both(request, ++n->seq, kernel_states(n),
					n->want.needs);
	else
		len = diag_request_dump(request, ++n->seq, n->family[n->at],
					IPPROTO_TCP, kernel_states(n),
					n->want.needs);
	if (filtered)
		len = diag_request_bytecode(request, n->want.bytecode,
					    n->want.bytecode_len);
	r = nlsock_send(&n->nl, request, len);
	free(request);
	return r;
}

static int start_dump(struct netlink *n)
{
	if (n->running && nlsock_reopen(&n->nl) < 0)
		return -1;
	n->running = false;
	n->interrupted = false;
	n->heard = n->source.asked = clock_mono(n->source.clock);
	if (send_request(n) < 0)
		return -1;
	n->running = true;
	return 0;
}

static enum source_result finish(struct netlink *n)
{
	if (n->dumps && n->failed == n->dumps)
		return SOURCE_FAILED;
	return SOURCE_DONE;
}

/* This dump is over; on to the next. */
static enum source_result next_dump(struct netlink *n)
{
	while (++n->at < n->dumps) {
		n->again = 0;
		n->rows = 0;
		if (!start_dump(n))
			return SOURCE_MORE;
		partial(n, errno, "cannot ask sock_diag");
		n->failed++;
	}
	return finish(n);
}

/* The kernel (or its silence) ended this dump early. */
static enum source_result dump_failed(struct netlink *n, int error,
				      const char *what)
{
	if (!n->rows)
		n->failed++;
	partial(n, error, what);
	return next_dump(n);
}

/* What is to be dumped, one after the other. */
static void plan(struct netlink *n)
{
	n->at = n->dumps = n->failed = n->again = 0;
	if (n->want.ipv4 && n->want.ipv6 && !n->apart) {
		n->family[n->dumps++] = AF_UNSPEC;
		return;
	}
	if (n->want.ipv4)
		n->family[n->dumps++] = AF_INET;
	if (n->want.ipv6)
		n->family[n->dumps++] = AF_INET6;
}

static enum source_result each_family(struct netlink *n)
{
	n->apart = true;
	plan(n);
	if (start_dump(n) < 0)
		return dump_failed(n, errno, "cannot ask sock_diag again");
	return SOURCE_MORE;
}

/* Devices, marks and groups are not known to every kernel; all that it lets
 * through is looked at once more anyway. */
static enum source_result without_bytecode(struct netlink *n, int error)
{
	n->refused = n->source.report.unfiltered = true;
	snprintf(n->source.report.note, sizeof(n->source.report.note),
		 "kernel does not filter: %s", strerror(error));
	if (start_dump(n) < 0)
		return dump_failed(n, errno, "cannot ask sock_diag again");
	return SOURCE_MORE;
}

/*
 * The kernel refused.  Without inet_diag it knows neither family; with
 * IPv4 answered, there is just no IPv6 (which is not told by a dump of both).
 */
static enum source_result dump_refused(struct netlink *n, int error)
{
	struct source_report *r = &n->source.report;

	if (!n->rows && n->want.bytecode && !n->refused &&
	    (error == EINVAL || error == EPERM))
		return without_bytecode(n, error);
	if (!n->rows && n->family[n->at] == AF_UNSPEC &&
	    (diag_is_missing(error) || error == EINVAL))
		return each_family(n);
	if (!n->rows && n->at > n->failed && diag_is_missing(error)) {
		snprintf(r->note, sizeof(r->note), "no IPv6");
		n->failed++;
		return next_dump(n);
	}
	if (!n->rows && diag_is_missing(error)) {
		r->error = error;
		r->partial = true;
		snprintf(r->reason, sizeof(r->reason),
			 "kernel has no inet_diag/tcp_diag (%s)",
			 strerror(error));
		n->failed = n->dumps;
		return SOURCE_FAILED;
	}
	return dump_failed(n, error, "sock_diag");
}

static enum source_result dump_again(struct netlink *n)
{
	n->again++;
	if (start_dump(n) < 0)
		return dump_failed(n, errno, "cannot ask sock_diag again");
	return SOURCE_MORE;
}

/* All of the kernel's answer was read. */
static enum source_result dump_done(struct netlink *n, int error)
{
	n->running = false;
	if (error)
		return dump_refused(n, error);
	if (n->interrupted && n->again < NETLINK_AGAIN)
		return dump_again(n);
	if (n->interrupted)
		partial(n, 0, "the table changed during each dump");
	return next_dump(n);
}

static void give(struct netlink *n, const struct source_sink *sink,
		 struct diag_message *m)
{
	n->source.report.rows++;
	n->rows++;
	n->source.report.bad += m->ignored;
	if (m->row.detail) {
		m->row.detail = mem_alloc(sizeof(m->detail));
		memcpy(m->row.detail, &m->detail, sizeof(m->detail));
	}
	sink->row(sink->arg, &m->row);
}

static enum source_result read_chunk(struct netlink *n,
				     const struct source_sink *sink,
				     size_t len)
{
	struct source_report *report = &n->source.report;
	uint64_t rows = n->rows;
	struct diag_reader r;
	struct diag_message m;

	diag_reader_init(&r, n->buf, len, n->seq, n->seq, n->nl.portid);
	r.bound = wants_bound(n);
	r.want_detail = n->want.needs & (NEED_INFO | NEED_MEM | NEED_CONG |
					 NEED_MARK);
	while (diag_next(&r, &m) != DIAG_END) {
		n->interrupted |= m.interrupted;
		switch (m.kind) {
		case DIAG_ROW:
			give(n, sink, &m);
			break;
		case DIAG_DONE:
			return dump_done(n, m.error);
		case DIAG_ERROR:
			if (m.error)
				return dump_refused(n, m.error);
			break;
		case DIAG_FOREIGN:
			report->bad++;
			break;
		default:
			report->bad++;
			partial(n, 0, "malformed message");
			break;
		}
	}
	if (n->rows != rows)
		n->heard = clock_mono(n->source.clock);
	return SOURCE_MORE;
}

static enum source_result grow(struct netlink *n, size_t len)
{
	if (len <= n->size || len > BUFFER_LIMIT)
		return dump_failed(n, EMSGSIZE, "message too large");
	while (n->size < len)
		n->size *= 2;
	n->buf = mem_array(n->buf, n->size, 1);
	if (start_dump(n) < 0)
		return dump_failed(n, errno, "cannot ask sock_diag again");
	return SOURCE_MORE;
}

static enum source_result nothing_yet(struct netlink *n)
{
	int64_t silence = clock_mono(n->source.clock) - n->heard;

	if (silence < NETLINK_DEADLINE)
		return SOURCE_WAIT;
	return dump_failed(n, ETIMEDOUT, "the dump has no end");
}

/* The kernel fills one message when the one before is taken, the first one when
 * it is asked (netlink_recvmsg(), net/netlink/af_netlink.c). */
static enum source_result read_once(struct netlink *n,
				    const struct source_sink *sink)
{
	int64_t filled = clock_mono(n->source.clock);	/* the next one */
	size_t len;

	switch (nlsock_receive(&n->nl, n->buf, n->size, &len)) {
	case NLSOCK_DATA:
		if (!n->relayed)
			n->source.asked = filled;
		return read_chunk(n, sink, len);
	case NLSOCK_EMPTY:
		return nothing_yet(n);
	case NLSOCK_FOREIGN:
		n->source.report.bad++;
		return SOURCE_MORE;
	case NLSOCK_TRUNCATED:
		return grow(n, len);
	default:
		if (errno == ENOBUFS && n->again < NETLINK_AGAIN)
			return dump_again(n);
		return dump_failed(n, errno, "receiving");
	}
}

static enum source_result netlink_step(struct source *s,
				       const struct source_sink *sink,
				       int64_t budget_ns)
{
	struct netlink *n = netlink_of(s);
	int64_t end = clock_mono(s->clock) + budget_ns;
	enum source_result r;

	if (n->at >= n->dumps)
		return finish(n);
	do {
		r = read_once(n, sink);
	} while (r == SOURCE_MORE && clock_mono(s->clock) < end);
	return r;
}

static int netlink_begin(struct source *s, const struct source_want *w)
{
	struct netlink *n = netlink_of(s);

	n->want = *w;
	n->rows = 0;
	n->refused = false;
	plan(n);
	if (!n->dumps || !start_dump(n))
		return 0;
	partial(n, errno, "cannot ask sock_diag");
	errno = s->report.error;
	return -1;
}

static int netlink_fd(const struct source *s)
{
	return ((const struct netlink *)s)->nl.fd;
}

static void netlink_free(struct source *s)
{
	struct netlink *n = netlink_of(s);

	nlsock_close(&n->nl);
	free(n->buf);
	free(n);
}

static const struct source_ops netlink_ops = {
	.name = "netlink",
	.origin = ORIGIN_NETLINK,
	.begin = netlink_begin,
	.step = netlink_step,
	.fd = netlink_fd,
	.free = netlink_free,
};

struct source *netlink_on(const struct clock *clock, const struct nlsock *nl)
{
	struct netlink *n = mem_zalloc(sizeof(*n));

	n->source.ops = &netlink_ops;
	n->source.clock = clock;
	n->nl = *nl;
	n->size = NLSOCK_BUFFER;
	n->buf = mem_alloc(n->size);
	return &n->source;
}

struct source *source_netlink(const struct clock *clock)
{
	struct nlsock nl;

	if (nlsock_open(&nl) < 0)
		return NULL;
	return netlink_on(clock, &nl);
}

struct source *source_netlink_apart(const struct clock *clock)
{
	struct source *s;
	struct nlsock nl;

	if (relay_open(&nl) < 0)
		return NULL;
	s = netlink_on(clock, &nl);
	netlink_of(s)->relayed = true;
	return s;
}
