/*
 * test_diag.c - sock_diag as bytes
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "model/need.h"
#include "rows.h"
#include "source/diag.h"

enum { SEQ = 7, PORTID = 1000 };

/* A message being built; in a block of its own size when read. */
struct message {
	char bytes[2048];
	size_t len;
};

static struct nlmsghdr *header(struct message *m)
{
	return (struct nlmsghdr *)m->bytes;
}

static void begin(struct message *m, uint16_t type, const void *payload,
		  size_t len)
{
	memset(m, 0, sizeof(*m));
	m->len = NLMSG_LENGTH(len);
	*header(m) = (struct nlmsghdr){
		.nlmsg_len = m->len, .nlmsg_type = type, .nlmsg_seq = SEQ,
		.nlmsg_pid = PORTID, .nlmsg_flags = NLM_F_MULTI,
	};
	memcpy(m->bytes + NLMSG_HDRLEN, payload, len);
}

static void attribute(struct message *m, uint16_t type, const void *data,
		      size_t len)
{
	struct nlattr a = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	m->len = NLMSG_ALIGN(m->len);
	memcpy(m->bytes + m->len, &a, sizeof(a));
	memcpy(m->bytes + m->len + NLA_HDRLEN, data, len);
	m->len += NLA_HDRLEN + len;
	header(m)->nlmsg_len = m->len;
}

static struct inet_diag_msg established(void)
{
	struct inet_diag_msg d = {
		.idiag_family = AF_INET, .idiag_state = STATE_ESTABLISHED,
		.id.idiag_sport = htons(443), .id.idiag_dport = htons(50000),
		.id.idiag_src = { htonl(0x7f000001) },
		.id.idiag_dst = { htonl(0x0a000002) },
		.id.idiag_cookie = { 0x89abcdef, 0x01234567 },
		.id.idiag_if = 3, .idiag_rqueue = 11, .idiag_wqueue = 12,
		.idiag_uid = 1000, .idiag_inode = 4242,
	};

	return d;
}

static struct diag_reader reader;
static struct diag_message got;

/* Reads the first message of len bytes. */
static enum diag_kind read_first(const void *bytes, size_t len)
{
	char *copy = malloc(len ? len : 1);
	enum diag_kind kind;

	memcpy(copy, bytes, len);
	diag_reader_init(&reader, copy, len, SEQ, SEQ, PORTID);
	reader.want_detail = true;
	kind = diag_next(&reader, &got);
	/* all the rest as well, for the sanitizer */
	if (kind != DIAG_END) {
		struct diag_message rest;

		while (diag_next(&reader, &rest) != DIAG_END)
			;
	}
	free(copy);
	return kind;
}

static enum diag_kind read_msg(const struct message *m)
{
	return read_first(m->bytes, m->len);
}

static enum diag_kind read_diag(const struct inet_diag_msg *d)
{
	struct message m;

	begin(&m, SOCK_DIAG_BY_FAMILY, d, sizeof(*d));
	return read_msg(&m);
}

static void test_request_both(void **state)
{
	struct {
		struct nlmsghdr h;
		struct inet_diag_req r;
	} q;

	(void)state;
	assert_int_equal(sizeof(q), DIAG_REQUEST_BOTH);
	assert_int_equal(diag_request_both(&q, 7, 0xc02, NEED_MEM), sizeof(q));
	assert_int_equal(q.h.nlmsg_len, sizeof(q));
	assert_int_equal(q.h.nlmsg_type, TCPDIAG_GETSOCK);
	assert_int_equal(q.h.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(q.h.nlmsg_seq, 7);
	assert_int_equal(q.r.idiag_states, 0xc02);
	assert_int_equal(q.r.idiag_ext, 1 << (INET_DIAG_SKMEMINFO - 1));
}

static void test_request(void **state)
{
	const struct sock_id id = {
		.family = AF_INET6, .protocol = IPPROTO_TCP,
		.local.b = { [0] = 0xfe, [1] = 0x80, [15] = 1 },
		.remote.b = { [15] = 2 },
		.local_port = 443, .remote_port = 50000, .ifindex = 4,
	};
	struct {
		struct nlmsghdr h;
		struct inet_diag_req_v2 r;
	} q;

	(void)state;
	assert_int_equal(sizeof(q), DIAG_REQUEST_SIZE);
	assert_int_equal(diag_request_dump(&q, 5, AF_INET, IPPROTO_TCP, 0xc02,
					   0), sizeof(q));
	assert_int_equal(q.h.nlmsg_len, sizeof(q));
	assert_int_equal(q.h.nlmsg_type, SOCK_DIAG_BY_FAMILY);
	assert_int_equal(q.h.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(q.h.nlmsg_seq, 5);
	assert_int_equal(q.r.sdiag_family, AF_INET);
	assert_int_equal(q.r.idiag_states, 0xc02);
	assert_int_equal(q.r.idiag_ext, 0);

	diag_request_one(&q, 6, &id, UINT64_C(0x123456789abcdef0), NEED_INFO);
	assert_int_equal(q.h.nlmsg_flags, NLM_F_REQUEST);
	assert_int_equal(q.r.idiag_ext, 1 << (INET_DIAG_INFO - 1));
	assert_memory_equal(q.r.id.idiag_src, id.local.b, 16);
	assert_memory_equal(q.r.id.idiag_dst, id.remote.b, 16);
	assert_int_equal(q.r.id.idiag_sport, htons(443));
	assert_int_equal(q.r.id.idiag_dport, htons(50000));
	assert_int_equal(q.r.id.idiag_if, 4);
	assert_int_equal(q.r.id.idiag_cookie[0], 0x9abcdef0);
	assert_int_equal(q.r.id.idiag_cookie[1], 0x12345678);
	diag_request_one(&q, 6, &id, 0, ~0u);
	assert_int_equal(q.r.id.idiag_cookie[0], INET_DIAG_NOCOOKIE);
	assert_int_equal(q.r.id.idiag_cookie[1], INET_DIAG_NOCOOKIE);
	/* whatever is needed, key bytes are not: MD5SIG is not even a bit */
	assert_int_equal(q.r.idiag_ext, 1 << (INET_DIAG_INFO - 1) |
			 1 << (INET_DIAG_SKMEMINFO - 1) |
			 1 << (INET_DIAG_CONG - 1));
}

static void test_row(void **state)
{
	struct inet_diag_msg d = established();
	const struct row *r = &got.row;
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_int_equal(read_diag(&d), DIAG_ROW);
	addr_print(text, AF_INET, &r->id.local);
	assert_string_equal(text, "127.0.0.1");
	addr_print(text, AF_INET, &r->id.remote);
	assert_string_equal(text, "10.0.0.2");
	assert_int_equal(r->id.local_port, 443);
	assert_int_equal(r->id.remote_port, 50000);
	assert_int_equal(r->id.family, AF_INET);
	assert_int_equal(r->id.protocol, IPPROTO_TCP);
	assert_int_equal(r->id.ifindex, 3);
	assert_int_equal(r->state, STATE_ESTABLISHED);
	assert_true(r->cookie == UINT64_C(0x0123456789abcdef));
	assert_int_equal(r->recv_q, 11);
	assert_int_equal(r->send_q, 12);
	assert_int_equal(r->uid, 1000);
	assert_int_equal(r->inode, 4242);
	assert_int_equal(r->timer, TIMER_NONE);
	assert_int_equal(r->expires_ms, U32_UNKNOWN);
	assert_null(r->detail);
}

/* IPv4 has four bytes: what the kernel left in the others is not ours. */
static void test_ipv4_rest(void **state)
{
	struct inet_diag_msg d = established();

	(void)state;
	d.id.idiag_src[2] = 0x5a5a5a5a;
	d.id.idiag_dst[3] = 0x5a5a5a5a;
	assert_int_equal(read_diag(&d), DIAG_ROW);
	assert_int_equal(got.row.id.local.b[8], 0);
	assert_int_equal(got.row.id.remote.b[15], 0);
}

static void test_states(void **state)
{
	struct inet_diag_msg d = established();

	(void)state;
	d.idiag_state = STATE_NEW_SYN_RECV;
	read_diag(&d);
	assert_int_equal(got.row.state, STATE_SYN_RECV);
	d.idiag_state = 14;
	read_diag(&d);
	assert_int_equal(got.row.state, 14);
}

/* The kernel calls BOUND 7: what was asked for tells it from CLOSE. */
static void test_bound(void **state)
{
	struct inet_diag_msg d = established();
	struct message m;

	(void)state;
	d.idiag_state = STATE_CLOSE;
	d.id.idiag_dport = 0;
	read_diag(&d);
	assert_int_equal(got.row.state, STATE_CLOSE);
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	diag_reader_init(&reader, m.bytes, m.len, SEQ, SEQ, PORTID);
	reader.bound = true;
	assert_int_equal(diag_next(&reader, &got), DIAG_ROW);
	assert_int_equal(got.row.state, STATE_BOUND);
	/* reset after it was connected: that one is CLOSE */
	d.id.idiag_dport = 1;
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	diag_reader_init(&reader, m.bytes, m.len, SEQ, SEQ, PORTID);
	reader.bound = true;
	assert_int_equal(diag_next(&reader, &got), DIAG_ROW);
	assert_int_equal(got.row.state, STATE_CLOSE);
}

static void test_uid(void **state)
{
	static const struct {
		uint8_t state, timer;
		uint32_t uid, inode, want;
	} cases[] = {
		{ STATE_TIME_WAIT, TIMER_TIME_WAIT, 0, 0, U32_UNKNOWN },
		{ STATE_FIN_WAIT2, TIMER_TIME_WAIT, 0, 0, U32_UNKNOWN },
		{ STATE_FIN_WAIT2, TIMER_TIME_WAIT, 5, 0, U32_UNKNOWN },
		{ STATE_SYN_RECV, TIMER_RETRANS, 0, 0, U32_UNKNOWN },
		{ STATE_NEW_SYN_RECV, TIMER_RETRANS, 5, 0, U32_UNKNOWN },
		/* an orphan of an old kernel, and of a new one */
		{ STATE_LAST_ACK, TIMER_RETRANS, 0, 0, U32_UNKNOWN },
		{ STATE_LAST_ACK, TIMER_RETRANS, 33, 0, 33 },
		{ STATE_ESTABLISHED, TIMER_NONE, 0, 9, 0 },
		{ STATE_SYN_RECV, TIMER_RETRANS, 33, 9, 33 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inet_diag_msg d = established();

		d.idiag_state = cases[i].state;
		d.idiag_timer = cases[i].timer;
		d.idiag_uid = cases[i].uid;
		d.idiag_inode = cases[i].inode;
		read_diag(&d);
		assert_int_equal(got.row.uid, cases[i].want);
	}
}

static void test_timer(void **state)
{
	struct inet_diag_msg d = established();

	(void)state;
	d.idiag_timer = TIMER_RETRANS;
	d.idiag_expires = 204;
	d.idiag_retrans = 3;
	read_diag(&d);
	assert_int_equal(got.row.timer, TIMER_RETRANS);
	assert_int_equal(got.row.expires_ms, 204);
	assert_int_equal(got.row.retrans, 3);
	/* overdue */
	d.idiag_expires = -4;
	read_diag(&d);
	assert_int_equal(got.row.expires_ms, 0);
}

static void test_lengths(void **state)
{
	struct inet_diag_msg d = established();
	struct message m;
	uint32_t len;
	size_t n;

	(void)state;
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	for (len = 0; len < 16; len++) {
		header(&m)->nlmsg_len = len;
		assert_int_equal(read_msg(&m), DIAG_CUT);
	}
	/* a header, but no whole inet_diag_msg */
	for (; len < m.len; len++) {
		header(&m)->nlmsg_len = len;
		assert_int_equal(read_msg(&m), DIAG_BAD);
	}
	header(&m)->nlmsg_len = m.len + 1;
	assert_int_equal(read_msg(&m), DIAG_CUT);
	header(&m)->nlmsg_len = UINT32_MAX;
	assert_int_equal(read_msg(&m), DIAG_CUT);
	header(&m)->nlmsg_len = UINT32_MAX - 2;
	assert_int_equal(read_msg(&m), DIAG_CUT);
	header(&m)->nlmsg_len = m.len;
	assert_int_equal(read_msg(&m), DIAG_ROW);
	for (n = 1; n < m.len; n++)
		assert_int_equal(read_first(m.bytes, n), DIAG_CUT);
	assert_int_equal(read_first(m.bytes, 0), DIAG_END);
}

/* A malformed message is skipped, the next is read; a cut ends it all. */
static void test_neighbours(void **state)
{
	struct inet_diag_msg d = established();
	struct message m, both;

	(void)state;
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	memcpy(both.bytes, m.bytes, m.len);
	memcpy(both.bytes + m.len, m.bytes, m.len);
	both.len = 2 * m.len;
	((struct inet_diag_msg *)(both.bytes + NLMSG_HDRLEN))->idiag_family =
		AF_UNIX;
	diag_reader_init(&reader, both.bytes, both.len, SEQ, SEQ, PORTID);
	assert_int_equal(diag_next(&reader, &got), DIAG_BAD);
	assert_int_equal(diag_next(&reader, &got), DIAG_ROW);
	assert_int_equal(diag_next(&reader, &got), DIAG_END);
	header(&both)->nlmsg_len = 3;
	diag_reader_init(&reader, both.bytes, both.len, SEQ, SEQ, PORTID);
	assert_int_equal(diag_next(&reader, &got), DIAG_CUT);
	assert_int_equal(diag_next(&reader, &got), DIAG_END);
}

static void test_attribute_lengths(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 2, 3, 13, 255, 65535 };
	static const char nest[1000] = "\xff\xff\xff\xff";
	struct inet_diag_msg d = established();
	struct message m;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
		attribute(&m, INET_DIAG_CONG, "cubic", 6);
		at = NLMSG_ALIGN(m.len);
		attribute(&m, INET_DIAG_INFO, "12345678", 8);
		memcpy(m.bytes + at, &lengths[i], 2);
		assert_int_equal(read_msg(&m), DIAG_ROW);
		assert_int_equal(got.ignored, 1);
		assert_string_equal(got.detail.congestion, "cubic");
		assert_int_equal(got.detail.info_len, 0);
	}
	/* a tail too short for a header */
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	m.len = header(&m)->nlmsg_len += 3;
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_int_equal(got.ignored, 1);
	/* a nest of anything is an attribute like others */
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_ULP_INFO | NLA_F_NESTED, nest, sizeof(nest));
	attribute(&m, INET_DIAG_CONG, "bbr", 4);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_int_equal(got.ignored, 0);
	assert_string_equal(got.detail.congestion, "bbr");
}

static void test_tcp_info(void **state)
{
	struct inet_diag_msg d = established();
	struct tcp_info info = { .tcpi_rtt = 1234, .tcpi_bytes_received = 7 };
	char longer[sizeof(info) + 64] = { 0 };
	size_t upto_rtt = offsetof(struct tcp_info, tcpi_rtt) + 4;
	struct message m;

	(void)state;
	memcpy(longer, &info, sizeof(info));
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_INFO, longer, sizeof(longer));
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_int_equal(got.detail.info_len, sizeof(got.detail.info_bytes));
	assert_int_equal(got.detail.info.tcpi_rtt, 1234);
	assert_int_equal(got.detail.info.tcpi_bytes_received, 7);

	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_INFO, longer, upto_rtt);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_true(detail_info_has(got.row.detail, tcpi_rtt));
	assert_false(detail_info_has(got.row.detail, tcpi_bytes_received));
	assert_int_equal(got.detail.info.tcpi_rtt, 1234);
	assert_int_equal(got.detail.info.tcpi_bytes_received, 0);

	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_INFO, longer, upto_rtt - 1);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_false(detail_info_has(got.row.detail, tcpi_rtt));
}

static void test_attributes(void **state)
{
	struct inet_diag_msg d = established();
	uint32_t mem[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	struct message m;

	(void)state;
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_SKMEMINFO, mem, sizeof(mem));
	attribute(&m, INET_DIAG_SHUTDOWN, "\2", 1);
	attribute(&m, INET_DIAG_CONG, "cubic\0junk", 10);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_int_equal(got.detail.mem_count, 9);
	assert_int_equal(got.detail.mem[8], 9);
	assert_true(got.detail.has_shutdown);
	assert_int_equal(got.detail.shutdown, 2);
	assert_string_equal(got.detail.congestion, "cubic");

	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_SKMEMINFO, mem, 7);
	attribute(&m, INET_DIAG_SHUTDOWN, "", 0);
	attribute(&m, INET_DIAG_CONG, "a\x1b[31m", 7);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_int_equal(got.detail.mem_count, 1);
	assert_false(got.detail.has_shutdown);
	assert_string_equal(got.detail.congestion, "");

	/* not terminated, and longer than any name may be */
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_CONG, "abcdefghijklmnopqrst", 20);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_string_equal(got.detail.congestion, "");
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_CONG, "abcdefghijklmnop", 16);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_string_equal(got.detail.congestion, "");
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	attribute(&m, INET_DIAG_CONG, "abcdefghijklmno", 15);
	assert_int_equal(read_msg(&m), DIAG_ROW);
	assert_string_equal(got.detail.congestion, "abcdefghijklmno");
	assert_int_equal(got.detail.info_len, 0);
}

static void test_ends(void **state)
{
	struct nlmsgerr error = { .error = -ENOENT };
	int32_t done = 0;
	struct message m;

	(void)state;
	begin(&m, NLMSG_ERROR, &error, sizeof(error));
	assert_int_equal(read_msg(&m), DIAG_ERROR);
	assert_int_equal(got.error, ENOENT);
	assert_true(diag_is_missing(got.error));
	/* NETLINK_CAP: the errno only; and not even that */
	begin(&m, NLMSG_ERROR, &error, 4);
	assert_int_equal(read_msg(&m), DIAG_ERROR);
	assert_int_equal(got.error, ENOENT);
	begin(&m, NLMSG_ERROR, &error, 3);
	assert_int_equal(read_msg(&m), DIAG_ERROR);
	assert_int_equal(got.error, EBADMSG);
	error.error = 0;
	begin(&m, NLMSG_ERROR, &error, sizeof(error));
	assert_int_equal(read_msg(&m), DIAG_ERROR);
	assert_int_equal(got.error, 0);
	error.error = INT32_MIN;
	begin(&m, NLMSG_ERROR, &error, sizeof(error));
	assert_int_equal(read_msg(&m), DIAG_ERROR);
	assert_int_equal(got.error, EBADMSG);

	begin(&m, NLMSG_DONE, &done, sizeof(done));
	assert_int_equal(read_msg(&m), DIAG_DONE);
	assert_int_equal(got.error, 0);
	done = -ENOMEM;
	begin(&m, NLMSG_DONE, &done, sizeof(done));
	assert_int_equal(read_msg(&m), DIAG_DONE);
	assert_int_equal(got.error, ENOMEM);
	begin(&m, NLMSG_DONE, &done, 0);
	assert_int_equal(read_msg(&m), DIAG_DONE);
	assert_int_equal(got.error, 0);
	begin(&m, NLMSG_NOOP, &done, 0);
	assert_int_equal(read_msg(&m), DIAG_BAD);
}

static void test_foreign(void **state)
{
	struct inet_diag_msg d = established();
	struct message m;

	(void)state;
	begin(&m, SOCK_DIAG_BY_FAMILY, &d, sizeof(d));
	header(&m)->nlmsg_seq = SEQ - 1;
	assert_int_equal(read_msg(&m), DIAG_FOREIGN);
	header(&m)->nlmsg_seq = SEQ + 1;
	assert_int_equal(read_msg(&m), DIAG_FOREIGN);
	header(&m)->nlmsg_seq = SEQ;
	header(&m)->nlmsg_pid = 0;
	assert_int_equal(read_msg(&m), DIAG_FOREIGN);
	/* a range that wraps */
	header(&m)->nlmsg_pid = PORTID;
	header(&m)->nlmsg_seq = 1;
	diag_reader_init(&reader, m.bytes, m.len, UINT32_MAX - 1, 1, PORTID);
	assert_int_equal(diag_next(&reader, &got), DIAG_ROW);
	assert_int_equal(got.seq, 1);
	header(&m)->nlmsg_seq = 2;
	diag_reader_init(&reader, m.bytes, m.len, UINT32_MAX - 1, 1, PORTID);
	assert_int_equal(diag_next(&reader, &got), DIAG_FOREIGN);
	header(&m)->nlmsg_flags |= NLM_F_DUMP_INTR;
	diag_reader_init(&reader, m.bytes, m.len, 2, 2, PORTID);
	diag_next(&reader, &got);
	assert_true(got.interrupted);
}

/* What a real kernel said, with the text it printed at the same time. */
static size_t read_capture(const char *name, struct rows *rows, size_t *detail)
{
	struct buf b = fixture(name);
	size_t done = 0;

	diag_reader_init(&reader, b.data, b.len, 1, 1, PORTID);
	reader.bound = true;
	reader.want_detail = true;
	*detail = 0;
	while (diag_next(&reader, &got) != DIAG_END) {
		assert_int_equal(got.ignored, 0);
		if (got.kind == DIAG_DONE) {
			done++;
			continue;
		}
		assert_int_equal(got.kind, DIAG_ROW);
		*detail += detail_info_has(got.row.detail, tcpi_rtt) &&
			   got.row.detail->has_mem &&
			   got.row.detail->congestion[0];
		got.row.detail = NULL;
		rows_add(rows, &got.row);
	}
	buf_free(&b);
	return done;
}

static void test_capture(void **state)
{
	struct rows diag = { 0 }, text = { 0 };
	char path[4096];
	struct source *s = source_proc(&clock_system,
				       fixture_path(path, "proc-le"));
	size_t i, detail;

	(void)state;
	rows_pass(s, &text, 0, NS_PER_SEC);
	assert_int_equal(read_capture("diag/tcp.bin", &diag, &detail), 1);
	assert_int_equal(detail, 0);
	for (i = 0; i < text.count; i++) {
		const struct row *a = &text.row[i], *b;

		if (a->id.family != AF_INET || a->state == STATE_LISTEN)
			continue;
		b = rows_with(&diag, AF_INET, a->id.local_port,
			      a->id.remote_port);
		assert_int_equal(a->state, b->state);
		assert_int_equal(a->inode, b->inode);
		assert_int_equal(a->uid, b->uid);
		assert_int_equal(a->recv_q, b->recv_q);
		assert_int_equal(a->send_q, b->send_q);
		assert_int_equal(a->timer, b->timer);
		assert_int_equal(a->retrans, b->retrans);
		assert_true(b->cookie != 0);
		assert_true(addr_equal(&a->id.local, &b->id.local));
		assert_true(addr_equal(&a->id.remote, &b->id.remote));
	}
	rows_with(&diag, AF_INET, 4114, 0);	/* BOUND: not in the text */
	i = diag.count;
	diag.count = 0;
	assert_int_equal(read_capture("diag/tcp-detail.bin", &diag, &detail),
			 1);
	assert_int_equal(diag.count, i);
	/* all but mini-sockets and what is only bound */
	assert_true(detail >= 35 && detail < diag.count);
	diag.count = 0;
	assert_int_equal(read_capture("diag/tcp6.bin", &diag, &detail), 1);
	assert_true(diag.count >= 65);
	source_free(s);
	rows_free(&diag);
	rows_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_request_both),
		cmocka_unit_test(test_row),
		cmocka_unit_test(test_ipv4_rest),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_uid),
		cmocka_unit_test(test_timer),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_attribute_lengths),
		cmocka_unit_test(test_tcp_info),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
