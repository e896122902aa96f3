/*
 * test_abort.c - closing sockets, with the kernel's part played by the test
 *
 * What the real kernel does is in tests/live/kill.sh.
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
#include <string.h>

#include "source/abort.h"
#include "source/diag.h"
#include "source/nlsock.h"

enum { PORTID = 1000 };

static char answers[8192];
static size_t answers_len, sent;
static int send_error;
static bool silent;

static void put(uint32_t seq, int error)
{
	struct nlmsghdr h = {
		.nlmsg_len = NLMSG_LENGTH(sizeof(struct nlmsgerr)),
		.nlmsg_type = NLMSG_ERROR, .nlmsg_seq = seq,
		.nlmsg_pid = PORTID,
	};
	struct nlmsgerr e = { .error = -error };

	memcpy(answers + answers_len, &h, sizeof(h));
	memcpy(answers + answers_len + NLMSG_HDRLEN, &e, sizeof(e));
	answers_len += NLMSG_ALIGN(h.nlmsg_len);
}

/* The remote port says what is answered. */
static ssize_t fake_sendto(int fd, const void *buf, size_t len, int flags,
			   const struct sockaddr *to, socklen_t to_len)
{
	(void)fd, (void)flags, (void)to, (void)to_len;
	if (send_error) {
		errno = send_error;
		return -1;
	}
	for (size_t at = 0; at < len; at += NLMSG_ALIGN(DIAG_REQUEST_SIZE)) {
		struct inet_diag_req_v2 req;
		struct nlmsghdr h;

		memcpy(&h, (const char *)buf + at, sizeof(h));
		memcpy(&req, (const char *)buf + at + NLMSG_HDRLEN,
		       sizeof(req));
		assert_int_equal(h.nlmsg_type, SOCK_DESTROY);
		assert_int_equal(h.nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
		assert_int_equal(req.sdiag_family, AF_INET);
		assert_int_equal(req.sdiag_protocol, IPPROTO_TCP);
		assert_int_equal(req.id.idiag_cookie[0], 0x55667788);
		assert_int_equal(req.id.idiag_cookie[1], 0x11223344);
		assert_int_equal(ntohs(req.id.idiag_sport), 443);
		assert_int_equal(req.id.idiag_if, 7);
		put(h.nlmsg_seq, ntohs(req.id.idiag_dport));
		sent++;
	}
	return len;
}

static ssize_t fake_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;
	size_t n = answers_len;

	(void)fd, (void)flags;
	if (silent || !n) {
		errno = EAGAIN;
		return -1;
	}
	*from = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	msg->msg_flags = 0;
	memcpy(msg->msg_iov[0].iov_base, answers, n);
	answers_len = 0;
	return n;
}

static struct aborter *start(void)
{
	const struct nlsock nl = {
		.fd = -1, .portid = PORTID,
		.sendto = fake_sendto, .recvmsg = fake_recvmsg,
	};

	answers_len = sent = 0;
	send_error = 0;
	silent = false;
	return abort_on(&nl);
}

static struct abort_item item(int error)
{
	return (struct abort_item){
		.id = {
			.family = AF_INET, .protocol = IPPROTO_TCP,
			.local_port = 443, .remote_port = error, .ifindex = 7,
		},
		.cookie = UINT64_C(0x1122334455667788), .error = -1,
	};
}

static void test_each_has_its_answer(void **state)
{
	struct abort_item items[] = {
		item(0), item(ENOENT), item(EPERM), item(EOPNOTSUPP), item(0),
		item(ESTALE),
	};
	const int want[] = { 0, ENOENT, EPERM, EOPNOTSUPP, 0, ENOENT };
	struct aborter *a = start();

	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(abort_ask(a, items, 6), 0);
		for (int i = 0; i < 6; i++)
			assert_int_equal(items[i].error, want[i]);
	}
	assert_int_equal(sent, 12);
	abort_free(a);
}

static void test_a_whole_batch(void **state)
{
	struct abort_item items[ABORT_BATCH];
	struct aborter *a = start();

	(void)state;
	for (int i = 0; i < ABORT_BATCH; i++)
		items[i] = item(i);
	assert_int_equal(abort_ask(a, items, ABORT_BATCH), 0);
	for (int i = 0; i < ABORT_BATCH; i++)
		assert_int_equal(items[i].error, i);
	abort_free(a);
}

static void test_not_sent(void **state)
{
	struct abort_item items[] = { item(0), item(0) };
	struct aborter *a = start();

	(void)state;
	send_error = ENOBUFS;
	assert_int_equal(abort_ask(a, items, 2), -1);
	assert_int_equal(items[0].error, ENOBUFS);
	assert_int_equal(items[1].error, ENOBUFS);
	abort_free(a);
}

/* Nobody knows whether it was done: never "closed". */
static void test_no_answer(void **state)
{
	struct abort_item items[] = { item(0) };
	struct aborter *a = start();

	(void)state;
	silent = true;
	assert_int_equal(abort_ask(a, items, 1), 0);
	assert_int_equal(items[0].error, ETIMEDOUT);
	abort_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_has_its_answer),
		cmocka_unit_test(test_a_whole_batch),
		cmocka_unit_test(test_not_sent),
		cmocka_unit_test(test_no_answer),
	};

	return cmocka_run_group_tests_name("abort", tests, NULL, NULL);
}
