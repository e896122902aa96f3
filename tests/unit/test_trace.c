/*
 * test_trace.c - what the BPF program wrote, to events
 *
 * The bytes are a ring's on x86-64, captured on Linux 6.18.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/trace.h"
#include "source/trace_record.h"

enum { RECORDS = 35, FIRST_COOKIE = 13860457 };

static struct trace_record records[RECORDS];

/* The fixture has the byte order of the machine it was made on. */
static bool readable(void)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

static int load(void **state)
{
	const char *srcdir = getenv("srcdir");
	char path[4096];
	FILE *f;
	size_t n;

	(void)state;
	snprintf(path, sizeof(path), "%s/tests/fixture/trace/records.bin",
		 srcdir ? srcdir : ".");
	f = fopen(path, "rb");
	if (!f)
		return -1;
	n = fread(records, sizeof(records[0]), RECORDS, f);
	fclose(f);
	return n == RECORDS ? 0 : -1;
}

static struct event event_of(unsigned i)
{
	struct event e;

	memset(&e, 0xa5, sizeof(e));
	assert_int_equal(trace_event(&records[i], sizeof(records[i]), 100, &e),
			 0);
	return e;
}

static void assert_addr(const struct event *e, const char *local,
			const char *remote)
{
	char text[ADDR_TEXT_MAX];

	addr_print(text, e->row.id.family, &e->row.id.local);
	assert_string_equal(text, local);
	addr_print(text, e->row.id.family, &e->row.id.remote);
	assert_string_equal(text, remote);
}

/* The lives in the order of tests/live/lives.c: listeners, a client that waits
 * for its peer, one that leaves an orphan, one that connects twice. */
static void test_steps(void **state)
{
	static const struct {
		uint8_t cookie, from, to, left;
		uint16_t local_port, remote_port;
	} steps[RECORDS] = {
		{ 0, STATE_CLOSE, STATE_LISTEN, 0, 7100, 0 },
		{ 1, STATE_CLOSE, STATE_LISTEN, 0, 7101, 0 },
		{ 2, STATE_CLOSE, STATE_LISTEN, 0, 7102, 0 },
		{ 3, STATE_CLOSE, STATE_SYN_SENT, 0, 0, 7100 },
		{ 3, STATE_SYN_SENT, STATE_ESTABLISHED, 0, 45886, 7100 },
		{ 4, STATE_LISTEN, STATE_SYN_RECV, 0, 7100, 45886 },
		{ 4, STATE_SYN_RECV, STATE_ESTABLISHED, 0, 7100, 45886 },
		{ 3, STATE_ESTABLISHED, STATE_FIN_WAIT1, 0, 45886, 7100 },
		{ 4, STATE_ESTABLISHED, STATE_CLOSE_WAIT, 0, 7100, 45886 },
		{ 3, STATE_FIN_WAIT1, STATE_FIN_WAIT2, 0, 45886, 7100 },
		{ 4, STATE_CLOSE_WAIT, STATE_LAST_ACK, 0, 7100, 45886 },
		{ 3, STATE_FIN_WAIT2, STATE_CLOSE, STATE_TIME_WAIT,
		  45886, 7100 },
		{ 4, STATE_LAST_ACK, STATE_CLOSE, STATE_CLOSE, 7100, 45886 },
		{ 5, STATE_CLOSE, STATE_SYN_SENT, 0, 0, 7101 },
		{ 5, STATE_SYN_SENT, STATE_ESTABLISHED, 0, 40136, 7101 },
		{ 6, STATE_LISTEN, STATE_SYN_RECV, 0, 7101, 40136 },
		{ 6, STATE_SYN_RECV, STATE_ESTABLISHED, 0, 7101, 40136 },
		{ 5, STATE_ESTABLISHED, STATE_FIN_WAIT1, 0, 40136, 7101 },
		{ 6, STATE_ESTABLISHED, STATE_CLOSE_WAIT, 0, 7101, 40136 },
		{ 5, STATE_FIN_WAIT1, STATE_FIN_WAIT2, 0, 40136, 7101 },
		{ 5, STATE_FIN_WAIT2, STATE_CLOSE, STATE_FIN_WAIT2,
		  40136, 7101 },
		{ 6, STATE_CLOSE_WAIT, STATE_LAST_ACK, 0, 7101, 40136 },
		{ 6, STATE_LAST_ACK, STATE_CLOSE, STATE_CLOSE, 7101, 40136 },
		{ 7, STATE_CLOSE, STATE_SYN_SENT, 0, 0, 7102 },
		{ 7, STATE_SYN_SENT, STATE_ESTABLISHED, 0, 48930, 7102 },
		{ 8, STATE_LISTEN, STATE_SYN_RECV, 0, 7102, 48930 },
		{ 8, STATE_SYN_RECV, STATE_ESTABLISHED, 0, 7102, 48930 },
		{ 7, STATE_ESTABLISHED, STATE_CLOSE, STATE_CLOSE,
		  48930, 7102 },
		{ 8, STATE_ESTABLISHED, STATE_CLOSE, STATE_CLOSE,
		  7102, 48930 },
		{ 7, STATE_CLOSE, STATE_SYN_SENT, 0, 0, 7102 },
		{ 7, STATE_SYN_SENT, STATE_ESTABLISHED, 0, 48940, 7102 },
		{ 9, STATE_LISTEN, STATE_SYN_RECV, 0, 7102, 48940 },
		{ 9, STATE_SYN_RECV, STATE_ESTABLISHED, 0, 7102, 48940 },
		{ 7, STATE_ESTABLISHED, STATE_CLOSE, STATE_CLOSE,
		  48940, 7102 },
		{ 9, STATE_ESTABLISHED, STATE_CLOSE, STATE_CLOSE,
		  7102, 48940 },
	};
	int64_t last = 0;

	(void)state;
	for (unsigned i = 0; readable() && i < RECORDS; i++) {
		struct event e = event_of(i);

		assert_int_equal(e.kind, EVENT_STATE);
		assert_int_equal(e.row.cookie, FIRST_COOKIE + steps[i].cookie);
		assert_int_equal(e.from, steps[i].from);
		assert_int_equal(e.to, steps[i].to);
		assert_int_equal(e.left, steps[i].left);
		assert_int_equal(e.row.state, steps[i].to);
		assert_int_equal(e.row.id.local_port, steps[i].local_port);
		assert_int_equal(e.row.id.remote_port, steps[i].remote_port);
		assert_true(e.at > last && e.after == e.at);
		last = e.at;
	}
}

static void test_ends(void **state)
{
	struct event e;

	(void)state;
	if (!readable())
		return;
	e = event_of(0);
	assert_int_equal(e.row.id.family, AF_INET);
	assert_addr(&e, "127.0.0.1", "0.0.0.0");
	e = event_of(5);
	assert_addr(&e, "127.0.0.1", "127.0.0.1");
	e = event_of(15);
	assert_int_equal(e.row.id.family, AF_INET6);
	assert_addr(&e, "::1", "::1");
	e = event_of(25);
	assert_int_equal(e.row.id.family, AF_INET6);
	assert_addr(&e, "::ffff:127.0.0.2", "::ffff:127.0.0.1");
}

/* Known where it is sure, and nowhere else. */
static void test_process(void **state)
{
	(void)state;
	for (unsigned i = 0; readable() && i < RECORDS; i++) {
		struct event e = event_of(i);
		bool sure = e.from == STATE_CLOSE;

		assert_int_equal(e.pid, sure ? 26903 : 0);
		assert_int_equal(e.start, sure ? 742970 : 0);
		assert_string_equal(e.comm, sure ? "web-7" : "");
	}
}

/* A tick is what the host that runs us says, not always 10 ms. */
static void test_ticks(void **state)
{
	struct trace_record r = { .family = AF_INET, .start = 2999999999 };
	struct event e;

	(void)state;
	assert_int_equal(trace_event(&r, sizeof(r), 100, &e), 0);
	assert_int_equal(e.start, 299);
	assert_int_equal(trace_event(&r, sizeof(r), 1000, &e), 0);
	assert_int_equal(e.start, 2999);
}

static void test_unknown(void **state)
{
	struct trace_record r = { .family = AF_INET6, .ifindex = 7,
				  .from = STATE_NEW_SYN_RECV, .to = 77 };
	struct event e;

	(void)state;
	memset(r.comm, 'x', sizeof(r.comm));
	assert_int_equal(trace_event(&r, sizeof(r), 100, &e), 0);
	assert_int_equal(e.from, STATE_SYN_RECV);
	assert_int_equal(e.to, 77);
	assert_int_equal(e.row.id.ifindex, 7);
	assert_int_equal(e.row.id.netns, 0);
	assert_int_equal(e.row.id.protocol, IPPROTO_TCP);
	assert_int_equal(e.row.uid, U32_UNKNOWN);
	assert_int_equal(e.row.recv_q, U32_UNKNOWN);
	assert_int_equal(e.row.send_q, U32_UNKNOWN);
	assert_int_equal(e.row.expires_ms, U32_UNKNOWN);
	assert_int_equal(e.row.timer, TIMER_UNKNOWN);
	assert_null(e.row.detail);
	assert_true(e.bytes_sent == U64_UNKNOWN);
	assert_true(e.bytes_received == U64_UNKNOWN);
	assert_int_equal(e.rtt_us, U32_UNKNOWN);
	assert_memory_equal(e.comm, "xxxxxxxxxxxxxxxx", 16);
}

/* A ring of another program's: no event, and nothing read past its end. */
static void test_no_record(void **state)
{
	struct trace_record r = { .family = AF_INET };
	uint8_t bytes[sizeof(r) + 1] = { 0 };
	struct event e;

	(void)state;
	for (size_t n = 0; n < sizeof(r); n++) {
		uint8_t *cut = malloc(n + !n);

		assert_non_null(cut);
		memcpy(cut, &r, n);
		assert_int_equal(trace_event(cut, n, 100, &e), -1);
		free(cut);
	}
	assert_int_equal(trace_event(bytes, sizeof(bytes), 100, &e), -1);
	r.family = AF_UNIX;
	assert_int_equal(trace_event(&r, sizeof(r), 100, &e), -1);
	/* and it may stand anywhere */
	r.family = AF_INET;
	memcpy(bytes + 1, &r, sizeof(r));
	assert_int_equal(trace_event(bytes + 1, sizeof(r), 100, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_no_record),
	};

	return cmocka_run_group_tests_name("trace", tests, load, NULL);
}
