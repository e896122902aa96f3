/*
 * test_destroy.c - destroy events, with the kernel's part played by the test
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/detail.h"
#include "rows.h"
#include "source/events.h"
#include "source/nlsock.h"

/* one datagram, or a refusal of recvmsg() */
struct answer {
	int error;
	uint32_t sender;	/* port id; 0 the kernel */
	size_t len;
	char bytes[16384];
};

enum { ANSWERS = 32, EVENTS = 64 };

static const struct tcp_info no_info;

static struct answer script[ANSWERS];
static size_t script_len, script_at;
static int64_t tick;		/* each reading takes that long */
static struct clock_fake now;

static struct event seen[EVENTS];
static size_t seen_count;
static struct events *events;

static ssize_t fake_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;
	size_t room = msg->msg_iov[0].iov_len;
	struct answer *a;

	(void)fd;
	assert_true(flags & MSG_DONTWAIT);
	clock_fake_advance(&now, tick);
	if (script_at == script_len) {
		errno = EAGAIN;
		return -1;
	}
	a = &script[script_at++];
	if (a->error) {
		errno = a->error;
		return -1;
	}
	*from = (struct sockaddr_nl){
		.nl_family = AF_NETLINK, .nl_pid = a->sender,
	};
	msg->msg_namelen = sizeof(*from);
	msg->msg_flags = a->len > room ? MSG_TRUNC : 0;
	memcpy(msg->msg_iov[0].iov_base, a->bytes,
	       a->len < room ? a->len : room);
	return a->len;
}

static void take(void *arg, const struct event *e)
{
	(void)arg;
	assert_true(seen_count < EVENTS);
	seen[seen_count++] = *e;
}

static size_t drain(size_t max)
{
	const struct events_sink sink = { .event = take };
	size_t before = seen_count, n = events_drain(events, &sink, max);

	assert_int_equal(n, seen_count - before);
	return n;
}

static struct answer *answer(const void *bytes, size_t len)
{
	struct answer *a = &script[script_len++];

	assert_true(script_len <= ANSWERS && len <= sizeof(a->bytes));
	memset(a, 0, sizeof(*a));
	memcpy(a->bytes, bytes, len);
	a->len = len;
	return a;
}

static void answer_error(int error)
{
	answer("", 0)->error = error;
}

static void forget(void)
{
	script_len = script_at = seen_count = 0;
}

static int setup(void **state)
{
	const struct nlsock nl = {
		/* a port id of ours, which multicast does not bear */
		.fd = -1, .portid = 1000, .recvmsg = fake_recvmsg,
	};

	(void)state;
	forget();
	tick = 0;
	clock_fake_init(&now, 100 * NS_PER_SEC, NS_PER_SEC);
	events = events_destroy_on(&now.clock, &nl);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	events_free(events);
	return 0;
}

/* ---- what the kernel sent ---- */

#define MAPPED	"::ffff:"
#define NOT	U64_UNKNOWN
#define NOTHING	REACHED_NOTHING
#define OPEN	REACHED_ESTABLISHED

/* The captured messages, in their order. */
static const struct {
	const char *local, *remote;
	uint16_t local_port, remote_port;
	uint64_t sent, received;
	bool fin;	/* came while it was a full socket */
	uint8_t reached;
} captured[] = {
	{ "127.0.0.1", "0.0.0.0", 41001, 0, NOT, NOT, false, NOTHING },
	{ "127.0.0.1", "127.0.0.1", 41001, 1001, 5, 3, false, OPEN },
	{ "127.0.0.1", "127.0.0.1", 1001, 41001, 3, 5, true, OPEN },
	{ "127.0.0.1", "0.0.0.0", 1001, 0, NOT, NOT, false, NOTHING },
	{ "::1", "::", 41002, 0, NOT, NOT, false, NOTHING },
	{ "::1", "::1", 1002, 41002, 1234, 70000, false, OPEN },
	{ "::1", "::1", 41002, 1002, 70000, 1234, true, OPEN },
	{ "::1", "::", 1002, 0, NOT, NOT, false, NOTHING },
	{ "127.0.0.2", "0.0.0.0", 41003, 0, NOT, NOT, false, NOTHING },
	{ "127.0.0.2", "127.0.0.1", 41003, 1003, 1, 0, false, OPEN },
	{ MAPPED "127.0.0.1", MAPPED "127.0.0.2", 1003, 41003, 0, 1, true,
	  OPEN },
	{ "::", "::", 1003, 0, NOT, NOT, false, NOTHING },
	{ "0.0.0.0", "0.0.0.0", 0, 0, NOT, NOT, false, NOTHING },
	{ "127.0.0.1", "127.0.0.1", 41004, 0, NOT, NOT, false,
	  REACHED_SYN_SENT },
	/* reset by their own program */
	{ "127.0.0.1", "127.0.0.1", 41005, 0, NOT, NOT, false, OPEN },
	{ "127.0.0.1", "127.0.0.1", 1005, 41005, 3, 5, false, OPEN },
	{ "127.0.0.1", "0.0.0.0", 1005, 0, NOT, NOT, false, NOTHING },
};
enum { CAPTURED = sizeof(captured) / sizeof(captured[0]) };

/* One datagram each, as the kernel sends them. */
static void answer_captured(void)
{
	struct buf b = fixture("diag/destroy.bin");
	uint32_t len;

	for (size_t at = 0; at < b.len; at += NLMSG_ALIGN(len)) {
		memcpy(&len, b.data + at, sizeof(len));
		answer(b.data + at, len);
	}
	assert_int_equal(script_len, CAPTURED);
	buf_free(&b);
}

static void check_end(const struct row *r, const struct addr *a,
		      const char *want)
{
	char text[ADDR_TEXT_MAX];

	addr_print(text, r->id.family, a);
	assert_string_equal(text, want);
}

static void test_captured(void **state)
{
	(void)state;
	answer_captured();
	assert_int_equal(drain(1000), CAPTURED);
	for (size_t i = 0; i < CAPTURED; i++) {
		const struct event *e = &seen[i];

		assert_int_equal(e->kind, EVENT_DESTROY);
		check_end(&e->row, &e->row.id.local, captured[i].local);
		check_end(&e->row, &e->row.id.remote, captured[i].remote);
		assert_int_equal(e->row.id.local_port, captured[i].local_port);
		assert_int_equal(e->row.id.remote_port,
				 captured[i].remote_port);
		assert_int_equal(e->row.id.protocol, IPPROTO_TCP);
		assert_int_equal(e->row.state, STATE_CLOSE);
		assert_int_equal(e->row.inode, 0);
		assert_int_equal(e->row.uid, U32_UNKNOWN);
		assert_null(e->row.detail);
		assert_true(e->row.cookie != 0);
		assert_true(e->bytes_sent == captured[i].sent);
		assert_true(e->bytes_received == captured[i].received +
						 captured[i].fin);
		/* a handshake measures it */
		assert_int_equal(e->rtt_us == U32_UNKNOWN,
				 captured[i].sent == NOT);
		assert_true(e->rtt_us != 0);
		assert_int_equal(e->reached, captured[i].reached);
	}
	assert_int_equal(seen[1].row.cookie, 0x4d6dac);
	assert_int_equal(seen[1].rtt_us, 5730);
	assert_int_equal(events->bad, 0);
	assert_int_equal(events_lost(events), 0);
}

/* It happened between the last time that nothing was there and the reading. */
static void test_times(void **state)
{
	int64_t start = now.mono_ns, empty;

	(void)state;
	answer_captured();
	tick = 1000;
	assert_int_equal(drain(3), 3);
	assert_int_equal(drain(1000), CAPTURED - 3);
	for (int i = 0; i < CAPTURED; i++) {
		assert_true(seen[i].after == start);
		assert_true(seen[i].at == start + (i + 1) * tick);
	}
	/* the reading that found nothing began when the last one had ended */
	empty = now.mono_ns - tick;
	forget();
	clock_fake_advance(&now, NS_PER_SEC);
	answer_captured();
	drain(1000);
	assert_true(seen[0].after == empty);
	assert_true(seen[0].at == empty + NS_PER_SEC + 2 * tick);
}

static void test_max(void **state)
{
	(void)state;
	assert_int_equal(drain(10), 0);
	answer_captured();
	for (int i = 0; i < CAPTURED; i++)
		assert_int_equal(drain(1), 1);
	assert_int_equal(drain(1), 0);
}

/* ---- what it could send ---- */

/* One message: header, inet_diag_msg, and tcp_info of info_len bytes. */
static struct answer *answer_info(const struct tcp_info *info, size_t info_len)
{
	const struct inet_diag_msg d = {
		.idiag_family = AF_INET, .idiag_state = STATE_CLOSE,
		.id.idiag_sport = htons(1), .id.idiag_dport = htons(2),
		.id.idiag_cookie = { 5 },
	};
	const struct nlattr a = {
		.nla_len = NLA_HDRLEN + info_len, .nla_type = INET_DIAG_INFO,
	};
	struct answer *s = answer("", 0);
	struct nlmsghdr h = { .nlmsg_type = SOCK_DIAG_BY_FAMILY };

	memcpy(s->bytes + NLMSG_HDRLEN, &d, sizeof(d));
	s->len = NLMSG_HDRLEN + sizeof(d);
	memcpy(s->bytes + s->len, &a, sizeof(a));
	memcpy(s->bytes + s->len + NLA_HDRLEN, info,
	       info_len < sizeof(*info) ? info_len : sizeof(*info));
	s->len += a.nla_len;
	h.nlmsg_len = s->len;
	memcpy(s->bytes, &h, sizeof(h));
	return s;
}

/* Older kernels give less, newer ones more. */
static void test_info_lengths(void **state)
{
	const struct tcp_info info = {
		.tcpi_rtt = 77, .tcpi_bytes_received = 500,
		.tcpi_bytes_acked = 1234, .tcpi_bytes_sent = 1000,
		.tcpi_bytes_retrans = 300, .tcpi_data_segs_in = 1,
	};
	size_t len;

	(void)state;
	for (len = 0; len <= sizeof(info) + 64; len++) {
		const struct event *e = seen;
		uint64_t sent = 700;

		forget();
		answer_info(&info, len);
		assert_int_equal(drain(10), 1);
		assert_int_equal(e->row.cookie, 5);
		assert_int_equal(e->rtt_us, len >= 72 ? 77 : U32_UNKNOWN);
		assert_true(e->bytes_received ==
			    (len >= 136 ? 500 : U64_UNKNOWN));
		if (len < offsetof(struct tcp_info, tcpi_bytes_retrans) + 8)
			sent = 1000;
		if (len < offsetof(struct tcp_info, tcpi_bytes_retrans))
			sent = U64_UNKNOWN;
		assert_true(e->bytes_sent == sent);
		assert_int_equal(e->reached,
				 len >= offsetof(struct tcp_info, tcpi_snd_wnd)
				 + 4 ? OPEN : REACHED_UNKNOWN);
	}
	assert_int_equal(events->bad, 0);
	assert_int_equal(events_lost(events), 0);
}

static void test_without_info(void **state)
{
	struct answer *a = answer_info(&no_info, 0);
	uint32_t len = NLMSG_LENGTH(sizeof(struct inet_diag_msg));

	(void)state;
	memcpy(a->bytes, &len, sizeof(len));
	a->len = len;
	assert_int_equal(drain(10), 1);
	assert_true(seen[0].bytes_sent == U64_UNKNOWN);
	assert_true(seen[0].bytes_received == U64_UNKNOWN);
	assert_int_equal(seen[0].rtt_us, U32_UNKNOWN);
	assert_int_equal(seen[0].reached, REACHED_UNKNOWN);
	assert_int_equal(events->bad, 0);
}

/* Of live sockets the state says whether the FIN is among the bytes. */
static void test_bytes_received(void **state)
{
	struct sock_detail d = { .info_len = sizeof(d.info) };

	(void)state;
	d.info.tcpi_bytes_received = 10;
	assert_int_equal(detail_bytes_received(&d), 0);
	d.info.tcpi_data_segs_in = 1;
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		d.info.tcpi_state = s;
		assert_int_equal(detail_bytes_received(&d),
				 s == STATE_CLOSE_WAIT ||
				 s == STATE_LAST_ACK ||
				 s == STATE_CLOSING ? 9 : 10);
	}
	d.info_len = 20;
	assert_true(detail_bytes_received(&d) == U64_UNKNOWN);
	assert_true(detail_bytes_received(NULL) == U64_UNKNOWN);
}

static void test_foreign(void **state)
{
	(void)state;
	answer_captured();
	for (size_t i = 0; i < script_len; i++)
		script[i].sender = 4711;
	assert_int_equal(drain(1000), 0);
	assert_int_equal(events->bad, CAPTURED);
	/* the kernel never said any of it */
	assert_int_equal(events_lost(events), 0);
}

/* Somebody who sends to us for ever does not hold us for ever. */
static void test_foreign_flood(void **state)
{
	(void)state;
	answer_captured();
	for (size_t i = 0; i < script_len; i++)
		script[i].sender = 4711;
	assert_int_equal(drain(5), 0);
	assert_int_equal(script_at, 5);
}

static void test_unreadable(void **state)
{
	static char bytes[sizeof(script[0].bytes)];

	(void)state;
	answer(bytes, sizeof(bytes));		/* does not fit */
	answer(bytes, 100);			/* length 0 */
	answer(bytes, 0);
	answer_info(&no_info, 0);
	script[3].bytes[8] = 1;			/* an answer to a request */
	answer_info(&no_info, 0);
	script[4].bytes[16] = 99;		/* no address family of ours */
	answer_info(&no_info, 0);
	assert_int_equal(drain(100), 1);
	assert_int_equal(script_at, script_len);
	assert_int_equal(events->bad, 4);
	assert_int_equal(events_lost(events), 4);
}

/* UDP has groups of its own, which are not joined. */
static void test_protocol(void **state)
{
	enum { PROTOCOL = NLMSG_HDRLEN + sizeof(struct inet_diag_msg) };
	struct nlattr a;

	(void)state;
	answer_captured();
	memcpy(&a, script[2].bytes + PROTOCOL, sizeof(a));
	assert_int_equal(a.nla_type, INET_DIAG_PROTOCOL);
	script[2].bytes[PROTOCOL + NLA_HDRLEN] = IPPROTO_UDP;
	assert_int_equal(drain(100), CAPTURED - 1);
	assert_int_equal(events->bad, 1);
	assert_int_equal(events_lost(events), 1);
}

/* Here is no socket that could say how many: one each time. */
static void test_enobufs(void **state)
{
	(void)state;
	answer_error(EINTR);
	answer_error(ENOBUFS);
	answer_info(&no_info, 0);
	answer_error(ENOBUFS);
	assert_int_equal(drain(100), 1);
	assert_int_equal(events_lost(events), 2);
	assert_int_equal(events->bad, 0);
	/* whatever else there is to say does not hang */
	answer_error(ENOMEM);
	answer_info(&no_info, 0);
	assert_int_equal(drain(100), 0);
	assert_int_equal(drain(100), 1);
	assert_int_equal(events_lost(events), 2);
}

/* ---- damaged ---- */

/* Each message gives an event or is told to be lost. */
static void try_bytes(const char *bytes, size_t len)
{
	uint64_t lost = events_lost(events);

	forget();
	answer(bytes, len);
	drain(10);
	if (len)
		assert_true(seen_count + events_lost(events) - lost >= 1);
	for (size_t i = 0; i < seen_count; i++) {
		assert_null(seen[i].row.detail);
		assert_int_equal(seen[i].row.id.protocol, IPPROTO_TCP);
	}
}

static void test_damaged(void **state)
{
	struct buf b = fixture("diag/destroy.bin");
	uint32_t seed = 1, len, at;

	(void)state;
	for (at = 0; at < b.len; at += NLMSG_ALIGN(len)) {
		memcpy(&len, b.data + at, sizeof(len));
		for (uint32_t i = 0; i < len; i++)
			try_bytes(b.data + at, i);
		for (uint32_t i = 0; i < len; i++) {
			char was = b.data[at + i];

			for (int bit = 0; bit < 8; bit++) {
				b.data[at + i] = was ^ (1 << bit);
				try_bytes(b.data + at, len);
			}
			seed = seed * 1103515245 + 12345;
			b.data[at + i] = seed >> 24;
			try_bytes(b.data + at, len);
			b.data[at + i] = was;
		}
	}
	buf_free(&b);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_captured),
		TEST(test_times),
		TEST(test_max),
		TEST(test_info_lengths),
		TEST(test_without_info),
		TEST(test_bytes_received),
		TEST(test_foreign),
		TEST(test_foreign_flood),
		TEST(test_unreadable),
		TEST(test_protocol),
		TEST(test_enobufs),
		TEST(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
