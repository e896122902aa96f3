/*
 * test_netlink.c - the dump source, with the kernel's part played by the test
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

#include "model/detail.h"
#include "rows.h"
#include "source/diag.h"
#include "source/netlink.h"

enum { PORTID = 1000, ANSWERS = 64 };

/* one datagram, or a refusal of recvmsg() */
struct answer {
	int error;
	uint32_t sender;	/* port id; 0 the kernel */
	int32_t off_seq;	/* beside the right sequence number */
	uint32_t portid;
	uint16_t flags;
	size_t len;
	char bytes[NLSOCK_BUFFER * 2];
};

/*
 * The kernel: what it answers to each request in turn ("script"), and the
 * requests it got.  Once the script is at its end, it has nothing to say.
 */
static struct answer script[ANSWERS];
static size_t script_len, script_at;
static union {
	struct nlmsghdr h;
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 r;
		struct nlattr code;
		char bytes[8];
	};
	struct {
		struct nlmsghdr head;
		struct inet_diag_req r;
		struct nlattr code;
		char bytes[8];
	} both;			/* families, the older request */
} requests[ANSWERS];
static size_t request_count;
static int send_error, interrupts;

static ssize_t fake_sendto(int fd, const void *buf, size_t len, int flags,
			   const struct sockaddr *to, socklen_t to_len)
{
	(void)fd;
	(void)flags;
	(void)to;
	(void)to_len;
	if (send_error) {
		errno = send_error;
		return -1;
	}
	assert_true(len <= sizeof(requests[0]) && request_count < ANSWERS);
	memcpy(&requests[request_count++], buf, len);
	return len;
}

static void stamp(struct answer *a)
{
	struct nlmsghdr *h = (struct nlmsghdr *)a->bytes;
	size_t left = a->len;

	while (left >= sizeof(*h) && h->nlmsg_len >= sizeof(*h)) {
		size_t step = NLMSG_ALIGN(h->nlmsg_len);

		h->nlmsg_seq = requests[request_count - 1].h.nlmsg_seq +
			       a->off_seq;
		h->nlmsg_pid = a->portid;
		h->nlmsg_flags |= a->flags;
		if (step >= left)
			break;
		left -= step;
		h = (void *)((char *)h + step);
	}
}

static ssize_t fake_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;
	size_t room = msg->msg_iov[0].iov_len;
	struct answer *a;

	(void)fd;
	assert_true(flags & MSG_DONTWAIT);
	if (interrupts && interrupts--) {
		errno = EINTR;
		return -1;
	}
	if (script_at == script_len) {
		errno = EAGAIN;
		return -1;
	}
	a = &script[script_at++];
	if (a->error) {
		errno = a->error;
		return -1;
	}
	stamp(a);
	*from = (struct sockaddr_nl){
		.nl_family = AF_NETLINK, .nl_pid = a->sender,
	};
	msg->msg_namelen = sizeof(*from);
	msg->msg_flags = a->len > room ? MSG_TRUNC : 0;
	memcpy(msg->msg_iov[0].iov_base, a->bytes,
	       a->len < room ? a->len : room);
	return a->len;
}

static struct answer *next_answer(void)
{
	struct answer *a = &script[script_len++];

	assert_true(script_len <= ANSWERS);
	memset(a, 0, sizeof(*a));
	a->portid = PORTID;
	return a;
}

static void add(struct answer *a, uint16_t type, const void *payload,
		size_t len)
{
	struct nlmsghdr h = {
		.nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
		.nlmsg_flags = NLM_F_MULTI,
	};

	memcpy(a->bytes + a->len, &h, sizeof(h));
	memcpy(a->bytes + a->len + NLMSG_HDRLEN, payload, len);
	a->len += NLMSG_SPACE(len);
}

static void add_row_of(struct answer *a, uint16_t type, int family,
		       uint16_t port)
{
	struct inet_diag_msg d = {
		.idiag_family = family, .idiag_state = STATE_ESTABLISHED,
		.id.idiag_sport = htons(port), .id.idiag_dport = htons(1),
		.id.idiag_cookie = { port }, .idiag_inode = port,
	};

	add(a, type, &d, sizeof(d));
}

static void add_row(struct answer *a, int family, uint16_t port)
{
	add_row_of(a, SOCK_DIAG_BY_FAMILY, family, port);
}

static void add_done(struct answer *a, int error)
{
	int32_t code = -error;

	add(a, NLMSG_DONE, &code, sizeof(code));
}

static void add_error(struct answer *a, int error)
{
	struct nlmsgerr e = { .error = -error };

	add(a, NLMSG_ERROR, &e, sizeof(e));
}

/* one datagram with n rows from port `first` */
static struct answer *rows_answer(int family, uint16_t first, int n)
{
	struct answer *a = next_answer();

	while (n--)
		add_row(a, family, first++);
	return a;
}

static struct answer *done_answer(void)
{
	struct answer *a = next_answer();

	add_done(a, 0);
	return a;
}

static struct answer *errno_answer(int error)
{
	struct answer *a = next_answer();

	a->error = error;
	return a;
}

/* ---- the tests ---- */

static struct source *source;
static struct rows rows;
static const struct source_report *report;
static struct clock_fake now;

static int setup(void **state)
{
	const struct nlsock nl = {
		.fd = -1, .portid = PORTID,
		.sendto = fake_sendto, .recvmsg = fake_recvmsg,
	};

	(void)state;
	script_len = script_at = request_count = 0;
	send_error = interrupts = 0;
	clock_fake_init(&now, NS_PER_SEC, NS_PER_SEC);
	source = netlink_on(&now.clock, &nl);
	report = source_report(source);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	source_free(source);
	rows_free(&rows);
	return 0;
}

/* Until it is over or waits; time goes by only while it waits. */
static enum source_result run(unsigned needs, bool ipv6)
{
	const struct source_want want = {
		.needs = needs, .states = STATES_ALL,
		.ipv4 = true, .ipv6 = ipv6,
	};
	const struct source_sink sink = { rows_add, &rows };
	enum source_result r;
	int steps = 0;

	if (source_begin(source, &want) < 0)
		return SOURCE_FAILED;
	while ((r = source_step(source, &sink, 0)) <= SOURCE_WAIT) {
		if (r == SOURCE_WAIT)
			clock_fake_advance(&now, NS_PER_SEC);
		assert_true(++steps < 10000);
	}
	assert_int_equal(report->rows, rows.count);
	return r;
}

/* A kernel that cannot run the program is asked for everything. */
static void test_bytecode(void **state)
{
	static const char code[8] = "program";
	const struct source_want want = {
		.states = STATES_ALL, .ipv4 = true,
		.bytecode = code, .bytecode_len = sizeof(code),
	};
	const struct source_sink sink = { rows_add, &rows };

	(void)state;
	add_error(next_answer(), EINVAL);
	add_done(rows_answer(AF_INET, 1, 3), 0);
	assert_int_equal(source_begin(source, &want), 0);
	while (source_step(source, &sink, 0) == SOURCE_MORE)
		;
	assert_int_equal(rows.count, 3);
	assert_false(report->partial);
	assert_string_equal(report->note,
			    "kernel does not filter: Invalid argument");
	assert_int_equal(request_count, 2);
	assert_int_equal(requests[0].h.nlmsg_len, DIAG_REQUEST_SIZE +
			 sizeof(struct nlattr) + sizeof(code));
	assert_int_equal(requests[0].code.nla_type, INET_DIAG_REQ_BYTECODE);
	assert_int_equal(requests[0].code.nla_len,
			 sizeof(struct nlattr) + sizeof(code));
	assert_memory_equal(requests[0].bytes, code, sizeof(code));
	assert_int_equal(requests[1].h.nlmsg_len, DIAG_REQUEST_SIZE);
}

static void are_all_states(uint32_t states)
{
	assert_true(states & STATE_BIT(STATE_ESTABLISHED));
	assert_true(states & STATE_BIT(STATE_BOUND));
	assert_false(states & STATE_BIT(STATE_CLOSE));
	assert_true(states & STATE_BIT(STATE_NEW_SYN_RECV));
}

static void test_whole(void **state)
{
	(void)state;
	rows_answer(AF_INET, 1, 3);
	rows_answer(AF_INET6, 4, 2);
	add_row_of(next_answer(), TCPDIAG_GETSOCK, AF_INET6, 6);
	done_answer();
	interrupts = 2;
	assert_int_equal(run(0, true), SOURCE_DONE);
	assert_int_equal(rows.count, 6);
	assert_int_equal(report->bad, 0);
	assert_false(report->partial);
	assert_string_equal(report->reason, "");
	assert_int_equal(request_count, 1);
	assert_int_equal(requests[0].h.nlmsg_type, TCPDIAG_GETSOCK);
	assert_int_equal(requests[0].h.nlmsg_len, DIAG_REQUEST_BOTH);
	assert_int_equal(requests[0].both.r.idiag_ext, 0);
	are_all_states(requests[0].both.r.idiag_states);
	assert_int_equal(rows.row[5].id.family, AF_INET6);
	assert_int_equal(rows.row[5].id.local_port, 6);
}

static void test_one_family(void **state)
{
	(void)state;
	add_done(rows_answer(AF_INET, 1, 3), 0);
	assert_int_equal(run(NEED_INFO, false), SOURCE_DONE);
	assert_int_equal(rows.count, 3);
	assert_int_equal(request_count, 1);
	assert_int_equal(requests[0].h.nlmsg_type, SOCK_DIAG_BY_FAMILY);
	assert_int_equal(requests[0].r.sdiag_family, AF_INET);
	assert_int_equal(requests[0].r.idiag_ext, 1 << (INET_DIAG_INFO - 1));
	are_all_states(requests[0].r.idiag_states);
}

/* A kernel that does not know the request for both, and is not asked again. */
static void test_each_family(void **state)
{
	(void)state;
	add_error(next_answer(), EOPNOTSUPP);
	add_done(rows_answer(AF_INET, 1, 5), 0);
	add_done(rows_answer(AF_INET6, 6, 1), 0);
	assert_int_equal(run(0, true), SOURCE_DONE);
	assert_int_equal(rows.count, 6);
	assert_false(report->partial);
	assert_string_equal(report->reason, "");
	assert_string_equal(report->note, "");
	assert_int_equal(request_count, 3);
	assert_int_equal(requests[0].h.nlmsg_type, TCPDIAG_GETSOCK);
	assert_int_equal(requests[1].r.sdiag_family, AF_INET);
	assert_int_equal(requests[2].r.sdiag_family, AF_INET6);
	are_all_states(requests[1].r.idiag_states);
	are_all_states(requests[2].r.idiag_states);

	rows_free(&rows);
	request_count = 0;
	add_done(rows_answer(AF_INET, 1, 5), 0);
	add_done(rows_answer(AF_INET6, 6, 1), 0);
	assert_int_equal(run(0, true), SOURCE_DONE);
	assert_int_equal(rows.count, 6);
	assert_int_equal(request_count, 2);
	assert_int_equal(requests[0].r.sdiag_family, AF_INET);
}

static void test_detail(void **state)
{
	struct inet_diag_msg d = { .idiag_family = AF_INET };
	char payload[sizeof(d) + 12] = { 0 };
	struct nlattr a = { .nla_len = 10, .nla_type = INET_DIAG_CONG };
	struct answer *answer = next_answer();

	(void)state;
	memcpy(payload, &d, sizeof(d));
	memcpy(payload + sizeof(d), &a, sizeof(a));
	memcpy(payload + sizeof(d) + 4, "cubic", 6);
	add(answer, SOCK_DIAG_BY_FAMILY, payload, sizeof(payload));
	/* a length past the end: the row stays, the attribute is counted */
	a.nla_len = 1000;
	memcpy(payload + sizeof(d), &a, sizeof(a));
	add(answer, SOCK_DIAG_BY_FAMILY, payload, sizeof(payload));
	add_done(answer, 0);
	assert_int_equal(run(NEED_CONG, false), SOURCE_DONE);
	assert_int_equal(requests[0].r.idiag_ext, 1 << (INET_DIAG_CONG - 1));
	assert_int_equal(rows.count, 2);
	assert_string_equal(rows.row[0].detail->congestion, "cubic");
	assert_string_equal(rows.row[1].detail->congestion, "");
	assert_int_equal(report->bad, 1);
	assert_false(report->partial);
}

static void test_no_end(void **state)
{
	(void)state;
	rows_answer(AF_INET, 1, 3);
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(rows.count, 3);
	assert_true(report->partial);
	assert_int_equal(report->error, ETIMEDOUT);
	assert_true(now.mono_ns >= NS_PER_SEC + NETLINK_DEADLINE);
	assert_true(now.mono_ns <= 3 * NS_PER_SEC + NETLINK_DEADLINE);
}

static void test_silence(void **state)
{
	(void)state;
	assert_int_equal(run(0, true), SOURCE_FAILED);
	assert_int_equal(report->error, ETIMEDOUT);
	assert_true(report->reason[0]);
}

static void test_truncated(void **state)
{
	struct answer *a = next_answer();
	int i;

	(void)state;
	for (i = 0; i < 600; i++)
		add_row(a, AF_INET, 1000 + i);
	assert_true(a->len > NLSOCK_BUFFER);
	/* asked again, with room */
	script[script_len] = *a;
	script_len++;
	done_answer();
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(request_count, 2);
	assert_true(requests[0].h.nlmsg_seq != requests[1].h.nlmsg_seq);
	assert_int_equal(rows.count, 600);
	assert_false(report->partial);
	assert_int_equal(report->bad, 0);
}

static void test_strangers(void **state)
{
	(void)state;
	rows_answer(AF_INET, 1, 1)->sender = 4711;
	rows_answer(AF_INET, 2, 2)->off_seq = -1;
	rows_answer(AF_INET, 4, 1)->portid = 1;
	done_answer()->off_seq = 1;
	done_answer()->sender = 4711;
	rows_answer(AF_INET, 9, 1);
	done_answer();
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(rows.count, 1);
	assert_int_equal(rows.row[0].id.local_port, 9);
	assert_int_equal(report->bad, 6);
	assert_false(report->partial);
}

/* Somebody else's chatter does not put the deadline off. */
static void test_chatter(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 30; i++) {
		errno_answer(EAGAIN);
		rows_answer(AF_INET, 1, 1)->off_seq = 5;
	}
	assert_int_equal(run(0, false), SOURCE_FAILED);
	assert_int_equal(report->error, ETIMEDOUT);
	assert_true(script_at < script_len);
}

static void test_interrupted_once(void **state)
{
	(void)state;
	rows_answer(AF_INET, 1, 2)->flags = NLM_F_DUMP_INTR;
	done_answer();
	rows_answer(AF_INET, 1, 3);
	done_answer();
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(request_count, 2);
	assert_int_equal(rows.count, 5);
	assert_false(report->partial);
}

static void test_interrupted_always(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		rows_answer(AF_INET, 1, 2);
		done_answer()->flags = NLM_F_DUMP_INTR;
	}
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(request_count, 1 + NETLINK_AGAIN);
	assert_true(report->partial);
	assert_string_equal(report->reason,
			    "IPv4: the table changed during each dump");
}

static void test_no_buffers(void **state)
{
	int i;

	(void)state;
	rows_answer(AF_INET, 1, 2);
	errno_answer(ENOBUFS);
	rows_answer(AF_INET, 1, 3);
	done_answer();
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(request_count, 2);
	assert_false(report->partial);

	for (i = 0; i < 10; i++) {
		rows_answer(AF_INET, 1, 1);
		errno_answer(ENOBUFS);
	}
	rows_free(&rows);
	request_count = 0;
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(request_count, 1 + NETLINK_AGAIN);
	assert_true(report->partial);
	assert_int_equal(report->error, ENOBUFS);
}

static void test_no_module(void **state)
{
	(void)state;
	add_error(next_answer(), EOPNOTSUPP);
	add_error(next_answer(), ENOENT);
	assert_int_equal(run(0, true), SOURCE_FAILED);
	assert_int_equal(report->error, ENOENT);
	assert_non_null(strstr(report->reason, "no inet_diag/tcp_diag"));
	assert_int_equal(request_count, 2);

	add_error(next_answer(), EOPNOTSUPP);
	assert_int_equal(run(0, true), SOURCE_FAILED);
	assert_int_equal(report->error, EOPNOTSUPP);
}

static void test_no_ipv6(void **state)
{
	(void)state;
	add_error(next_answer(), EOPNOTSUPP);
	add_done(rows_answer(AF_INET, 1, 2), 0);
	add_error(next_answer(), ENOENT);
	assert_int_equal(run(0, true), SOURCE_DONE);
	assert_int_equal(rows.count, 2);
	assert_false(report->partial);
	assert_string_equal(report->note, "no IPv6");
}

static void test_error_after_rows(void **state)
{
	(void)state;
	add_error(next_answer(), EINVAL);
	add_error(rows_answer(AF_INET, 1, 2), EPERM);
	add_done(rows_answer(AF_INET6, 3, 2), 0);
	assert_int_equal(run(0, true), SOURCE_DONE);
	assert_int_equal(rows.count, 4);
	assert_true(report->partial);
	assert_int_equal(report->error, EPERM);
	assert_non_null(strstr(report->reason, "IPv4: sock_diag: Operation"));
}

static void test_done_with_error(void **state)
{
	(void)state;
	add_done(rows_answer(AF_INET, 1, 2), ENOMEM);
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(rows.count, 2);
	assert_true(report->partial);
	assert_int_equal(report->error, ENOMEM);
}

static void test_cut_error(void **state)
{
	struct answer *a = next_answer();

	(void)state;
	add(a, NLMSG_ERROR, "\1\2", 2);
	assert_int_equal(run(0, false), SOURCE_FAILED);
	assert_int_equal(report->error, EBADMSG);
}

static void test_acks_ignored(void **state)
{
	(void)state;
	add_error(next_answer(), 0);
	add_done(rows_answer(AF_INET, 1, 1), 0);
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(rows.count, 1);
	assert_false(report->partial);
}

static void test_malformed(void **state)
{
	struct answer *a = rows_answer(AF_INET, 1, 3);
	struct nlmsghdr *second = (void *)(a->bytes +
				NLMSG_SPACE(sizeof(struct inet_diag_msg)));

	(void)state;
	second->nlmsg_len = 4;
	add_done(rows_answer(AF_INET, 4, 1), 0);
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(rows.count, 2);
	assert_int_equal(report->bad, 1);
	assert_true(report->partial);
}

static void test_no_socket(void **state)
{
	(void)state;
	send_error = ECONNREFUSED;
	assert_int_equal(run(0, true), SOURCE_FAILED);
	assert_int_equal(report->error, ECONNREFUSED);
	assert_true(report->reason[0]);
	send_error = 0;
	errno_answer(EIO);
	errno_answer(EIO);
	assert_int_equal(run(0, true), SOURCE_FAILED);
	assert_int_equal(report->error, EIO);
}

/* A pass given up does not leak into the next one. */
static void test_begin_again(void **state)
{
	const struct source_want want = { .states = STATES_ALL, .ipv4 = true };
	const struct source_sink sink = { rows_add, &rows };

	(void)state;
	rows_answer(AF_INET, 1, 1);
	assert_int_equal(source_begin(source, &want), 0);
	assert_int_equal(source_step(source, &sink, 0), SOURCE_MORE);
	rows_free(&rows);
	rows_answer(AF_INET, 2, 1)->off_seq = -1;
	add_done(rows_answer(AF_INET, 3, 1), 0);
	assert_int_equal(run(0, false), SOURCE_DONE);
	assert_int_equal(rows.count, 1);
	assert_int_equal(rows.row[0].id.local_port, 3);
}

/* A message is filled when the one before is taken, however late that one, or
 * this one, is read. */
static void test_asked(void **state)
{
	const struct source_want want = { .states = STATES_ALL, .ipv4 = true };
	const struct source_sink sink = { rows_add, &rows };
	int64_t begun = now.mono_ns;

	(void)state;
	rows_answer(AF_INET, 1, 1);
	rows_answer(AF_INET, 2, 1);
	done_answer();
	assert_int_equal(source_begin(source, &want), 0);
	clock_fake_advance(&now, NS_PER_SEC);
	assert_int_equal(source->asked, begun);
	source_step(source, &sink, 0);
	clock_fake_advance(&now, NS_PER_SEC);
	assert_int_equal(source->asked, begun + NS_PER_SEC);
	source_step(source, &sink, 0);
	assert_int_equal(source->asked, begun + 2 * NS_PER_SEC);
	assert_int_equal(rows.count, 2);
}

static void test_close_asked_alone(void **state)
{
	const struct source_want want = {
		.states = STATE_BIT(STATE_CLOSE) | STATE_BIT(STATE_OTHER),
		.ipv4 = true,
	};

	(void)state;
	assert_int_equal(source_begin(source, &want), 0);
	assert_true(requests[0].r.idiag_states & STATE_BIT(STATE_CLOSE));
	assert_false(requests[0].r.idiag_states & STATE_BIT(STATE_BOUND));
	assert_true(requests[0].r.idiag_states & STATE_BIT(14));
	assert_false(requests[0].r.idiag_states & 1);
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_whole),
		TEST(test_one_family),
		TEST(test_each_family),
		TEST(test_bytecode),
		TEST(test_detail),
		TEST(test_no_end),
		TEST(test_silence),
		TEST(test_truncated),
		TEST(test_strangers),
		TEST(test_chatter),
		TEST(test_interrupted_once),
		TEST(test_interrupted_always),
		TEST(test_no_buffers),
		TEST(test_no_module),
		TEST(test_no_ipv6),
		TEST(test_error_after_rows),
		TEST(test_done_with_error),
		TEST(test_cut_error),
		TEST(test_acks_ignored),
		TEST(test_malformed),
		TEST(test_no_socket),
		TEST(test_begin_again),
		TEST(test_asked),
		TEST(test_close_asked_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
