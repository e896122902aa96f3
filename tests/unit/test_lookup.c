/*
 * test_lookup.c - exact look-ups, with the kernel's part played by the test
 *
 * What the real kernel answers is in test_source_live.c.
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

#include "source/diag.h"
#include "source/lookup.h"
#include "source/nlsock.h"

enum { PORTID = 1000, QUEUE = 256 };

/* what recvmsg() will give, in order */
static struct {
	size_t len;
	char bytes[256];
} queue[QUEUE];
static size_t queue_len, queue_at;
static size_t sends;

/* How the test's kernel answers one look-up, or a dump. */
static int (*answer_one)(const struct inet_diag_req_v2 *req,
			 struct inet_diag_msg *reply);
static int (*answer_dump)(const struct inet_diag_req_v2 *req,
			  struct inet_diag_msg *replies, int room);

static void put(uint32_t seq, uint16_t type, const void *payload, size_t len)
{
	struct nlmsghdr h = {
		.nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
		.nlmsg_seq = seq, .nlmsg_pid = PORTID,
	};

	assert_true(queue_len < QUEUE && h.nlmsg_len <= 256);
	memcpy(queue[queue_len].bytes, &h, sizeof(h));
	memcpy(queue[queue_len].bytes + NLMSG_HDRLEN, payload, len);
	queue[queue_len++].len = h.nlmsg_len;
}

static void put_end(uint32_t seq, uint16_t type, int error)
{
	struct nlmsgerr e = { .error = -error };

	put(seq, type, &e, type == NLMSG_DONE ? 4 : sizeof(e));
}

static void answer(const struct nlmsghdr *h)
{
	const struct inet_diag_req_v2 *req = (const void *)(h + 1);
	struct inet_diag_msg reply[8];
	int n, i;

	if (!(h->nlmsg_flags & NLM_F_ROOT)) {
		memset(reply, 0, sizeof(reply));
		n = answer_one(req, reply);
		if (n)
			put_end(h->nlmsg_seq, NLMSG_ERROR, n);
		else
			put(h->nlmsg_seq, SOCK_DIAG_BY_FAMILY, reply,
			    sizeof(reply[0]));
		return;
	}
	memset(reply, 0, sizeof(reply));
	n = answer_dump ? answer_dump(req, reply, 8) : 0;
	for (i = 0; i < n; i++)
		put(h->nlmsg_seq, SOCK_DIAG_BY_FAMILY, &reply[i],
		    sizeof(reply[0]));
	put_end(h->nlmsg_seq, NLMSG_DONE, n < 0 ? -n : 0);
}

static ssize_t fake_sendto(int fd, const void *buf, size_t len, int flags,
			   const struct sockaddr *to, socklen_t to_len)
{
	size_t at;

	(void)fd;
	(void)flags;
	(void)to;
	(void)to_len;
	sends++;
	for (at = 0; at < len; at += DIAG_REQUEST_SIZE)
		answer((const void *)((const char *)buf + at));
	return len;
}

static ssize_t fake_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;

	(void)fd;
	(void)flags;
	if (queue_at == queue_len) {
		errno = EIO;
		return -1;
	}
	*from = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	msg->msg_flags = 0;
	memcpy(msg->msg_iov[0].iov_base, queue[queue_at].bytes,
	       queue[queue_at].len);
	return queue[queue_at++].len;
}

static struct lookup *start(void)
{
	const struct nlsock nl = {
		.fd = -1, .portid = PORTID,
		.sendto = fake_sendto, .recvmsg = fake_recvmsg,
	};

	queue_len = queue_at = sends = 0;
	return lookup_on(&nl);
}

/* 127.0.0.1:port <-> 127.0.0.1:remote_port */
static struct lookup_item item(uint16_t port, uint16_t remote_port,
			       uint64_t cookie)
{
	struct lookup_item i = {
		.id = {
			.family = AF_INET, .protocol = IPPROTO_TCP,
			.local.b = { 127, 0, 0, 1 },
			.local_port = port, .remote_port = remote_port,
		},
		.cookie = cookie,
	};

	if (remote_port)
		i.id.remote = i.id.local;
	return i;
}

/* Finds what was asked for, and gives it this cookie. */
static uint64_t cookie_found;

static int echo(const struct inet_diag_req_v2 *req, struct inet_diag_msg *reply)
{
	reply->idiag_family = req->sdiag_family;
	reply->idiag_state = STATE_ESTABLISHED;
	reply->id = req->id;
	reply->id.idiag_cookie[0] = cookie_found;
	reply->id.idiag_cookie[1] = cookie_found >> 32;
	return 0;
}

static int not_there(const struct inet_diag_req_v2 *req,
		     struct inet_diag_msg *reply)
{
	(void)req;
	(void)reply;
	return ENOENT;
}

static int not_permitted(const struct inet_diag_req_v2 *req,
			 struct inet_diag_msg *reply)
{
	(void)req;
	(void)reply;
	return EPERM;
}

/* The port has a listener: the kernel answers with that. */
static int listener(const struct inet_diag_req_v2 *req,
		    struct inet_diag_msg *reply)
{
	echo(req, reply);
	reply->idiag_state = STATE_LISTEN;
	reply->id.idiag_dport = 0;
	memset(reply->id.idiag_dst, 0, sizeof(reply->id.idiag_dst));
	return 0;
}

static enum lookup_answer ask(struct lookup_item i)
{
	struct lookup *l = start();

	lookup_ask(l, &i, 1, 0);
	lookup_free(l);
	free(i.row.detail);
	return i.answer;
}

static void test_connection(void **state)
{
	(void)state;
	answer_one = echo;
	answer_dump = NULL;
	cookie_found = UINT64_C(0x500000001);
	assert_int_equal(ask(item(1, 2, cookie_found)), LOOKUP_FOUND);
	assert_int_equal(ask(item(1, 2, 0)), LOOKUP_FOUND);
	/* the cookie's lower half alone is not the same socket */
	assert_int_equal(ask(item(1, 2, 1)), LOOKUP_NONE);
	answer_one = not_there;
	assert_int_equal(ask(item(1, 2, 5)), LOOKUP_NONE);
	assert_int_equal(ask(item(1, 2, 0)), LOOKUP_NONE_BY_NAME);
	answer_one = not_permitted;
	assert_int_equal(ask(item(1, 2, 5)), LOOKUP_ERROR);
	answer_one = listener;
	assert_int_equal(ask(item(1, 2, 0)), LOOKUP_NONE_BY_NAME);
	assert_int_equal(ask(item(1, 2, 6)), LOOKUP_NONE);
}

/* four sockets of a dump */
static int some(const struct inet_diag_req_v2 *req,
		struct inet_diag_msg *replies, int room)
{
	int i;

	(void)room;
	if (!req->idiag_states || req->sdiag_family != AF_INET)
		return 0;
	for (i = 0; i < 4; i++) {
		replies[i].idiag_family = AF_INET;
		replies[i].idiag_state = STATE_LISTEN;
		replies[i].id.idiag_sport = htons(80);
		replies[i].id.idiag_src[0] = htonl(0x7f000001);
		replies[i].id.idiag_cookie[0] = 100 + i;
	}
	replies[3].idiag_state = STATE_CLOSE;
	replies[3].id.idiag_sport = htons(81);
	return 4;
}

static int dump_fails(const struct inet_diag_req_v2 *req,
		      struct inet_diag_msg *replies, int room)
{
	(void)replies;
	(void)room;
	return req->idiag_states ? -ENOMEM : 0;
}

/* One of several: the kernel's look-up finds whichever it likes. */
static void test_siblings(void **state)
{
	(void)state;
	answer_one = listener;
	answer_dump = some;
	cookie_found = 100;
	assert_int_equal(ask(item(80, 0, 100)), LOOKUP_FOUND);
	assert_int_equal(ask(item(80, 0, 102)), LOOKUP_FOUND);
	assert_int_equal(ask(item(80, 0, 7)), LOOKUP_NONE);
	answer_one = not_there;
	assert_int_equal(ask(item(80, 0, 101)), LOOKUP_FOUND);
	assert_int_equal(ask(item(80, 0, 0)), LOOKUP_FOUND);
	/* BOUND: by its cookie only */
	assert_int_equal(ask(item(81, 0, 103)), LOOKUP_FOUND);
	assert_int_equal(ask(item(81, 0, 0)), LOOKUP_NONE_BY_NAME);
	answer_dump = dump_fails;
	assert_int_equal(ask(item(80, 0, 101)), LOOKUP_ERROR);
	assert_int_equal(ask(item(80, 0, 0)), LOOKUP_ERROR);
	answer_dump = NULL;
	assert_int_equal(ask(item(80, 0, 101)), LOOKUP_NONE);
}

/* Without tcp_diag everything would be "not there". */
static int no_module(const struct inet_diag_req_v2 *req,
		     struct inet_diag_msg *replies, int room)
{
	(void)req;
	(void)replies;
	(void)room;
	return -ENOENT;
}

static void test_no_module(void **state)
{
	(void)state;
	answer_dump = no_module;
	assert_null(start());
	assert_int_equal(errno, ENOENT);
}

/* It went while we ran: nothing is gone by that. */
static void test_module_goes(void **state)
{
	struct lookup_item items[] = {
		item(1, 2, 5), item(1, 2, 0), item(80, 0, 101),
	};
	enum { N = sizeof(items) / sizeof(items[0]) };
	struct lookup *l;

	(void)state;
	answer_one = not_there;
	answer_dump = NULL;
	l = start();
	answer_dump = no_module;
	lookup_ask(l, items, N, 0);
	for (int i = 0; i < N; i++)
		assert_int_equal(items[i].answer, LOOKUP_ERROR);
	answer_dump = NULL;
	lookup_ask(l, items, N, 0);
	assert_int_equal(items[0].answer, LOOKUP_NONE);
	assert_int_equal(items[1].answer, LOOKUP_NONE_BY_NAME);
	assert_int_equal(items[2].answer, LOOKUP_NONE);
	lookup_free(l);
}

/* Every third is gone; all in few calls. */
static int third(const struct inet_diag_req_v2 *req,
		 struct inet_diag_msg *reply)
{
	return ntohs(req->id.idiag_dport) % 3 ? echo(req, reply) : ENOENT;
}

static void test_batch(void **state)
{
	enum { N = 2 * LOOKUP_BATCH + 5 };
	struct lookup_item items[N];
	struct lookup *l;
	int i;

	(void)state;
	answer_one = third;
	answer_dump = NULL;
	cookie_found = 5;
	l = start();
	for (i = 0; i < N; i++)
		items[i] = item(1, 1 + i, 5);
	assert_int_equal(lookup_ask(l, items, N, 0), 0);
	/* after each it is asked whether it can be asked */
	assert_int_equal(sends, 1 + 2 * 3);
	for (i = 0; i < N; i++) {
		assert_int_equal(items[i].answer, (1 + i) % 3 ? LOOKUP_FOUND :
							      LOOKUP_NONE);
		if ((1 + i) % 3)
			assert_int_equal(items[i].row.id.remote_port, 1 + i);
	}
	lookup_free(l);
}

/* Answers that do not come, or of another question, leave it open. */
static int silent(const struct inet_diag_req_v2 *req,
		  struct inet_diag_msg *reply)
{
	int r = echo(req, reply);

	queue_at = queue_len + 1;	/* it is put next: skip it */
	return r;
}

static void test_lost(void **state)
{
	struct lookup_item i = item(1, 2, 5);
	struct lookup *l;

	(void)state;
	answer_one = silent;
	l = start();
	assert_int_equal(lookup_ask(l, &i, 1, 0), -1);
	assert_int_equal(errno, EIO);
	assert_int_equal(i.answer, LOOKUP_ERROR);
	lookup_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connection),
		cmocka_unit_test(test_siblings),
		cmocka_unit_test(test_no_module),
		cmocka_unit_test(test_module_goes),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
