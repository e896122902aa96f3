/*
 * Files of "ss -D", whole and hostile.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <byteswap.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rows.h"
#include "source/diag.h"
#include "source/dump.h"

static char dir[4096];

static int set_up(void **state)
{
	(void)state;
	temp_make(dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	temp_remove(dir);
	return 0;
}

static void put_message(struct buf *b, uint16_t type, const void *payload,
			size_t len)
{
	const struct nlmsghdr nlh = {
		.nlmsg_len = (uint32_t)NLMSG_LENGTH(len), .nlmsg_type = type,
		.nlmsg_flags = NLM_F_MULTI, .nlmsg_seq = 123456,
		.nlmsg_pid = 4711,
	};

	buf_add(b, &nlh, sizeof(nlh));
	buf_add(b, payload, len);
	buf_fill(b, '\0', NLMSG_ALIGN(len) - len);
}

static void put_row(struct buf *b, int family, unsigned state, unsigned port)
{
	struct {
		struct inet_diag_msg d;
		struct nlattr attr;
		uint32_t mark;
	} row = {
		.d = {
			.idiag_family = (uint8_t)family,
			.idiag_state = (uint8_t)state,
			.id.idiag_sport = htons((uint16_t)port),
			.id.idiag_cookie = { port },
		},
		.attr = { sizeof(row.attr) + 4, INET_DIAG_MARK },
		.mark = 7,
	};

	put_message(b, SOCK_DIAG_BY_FAMILY, &row, sizeof(row));
}

static void put_done(struct buf *b, int error)
{
	put_message(b, NLMSG_DONE, &error, sizeof(error));
}

/* two families, three rows */
static struct buf good_file(void)
{
	struct buf b = { 0 };

	put_row(&b, AF_INET, STATE_LISTEN, 80);
	put_row(&b, AF_INET, STATE_ESTABLISHED, 81);
	put_done(&b, 0);
	put_row(&b, AF_INET6, STATE_LISTEN, 82);
	put_done(&b, 0);
	return b;
}

struct outcome {
	enum source_result result;
	struct source_report report;
	struct rows rows;
};

static struct outcome read_file(const void *data, size_t len)
{
	struct outcome o = { 0 };
	char path[sizeof(dir) + 8];
	struct source *src;

	temp_write(dir, "dump", data, len);
	snprintf(path, sizeof(path), "%s/dump", dir);
	src = source_dump(&clock_system, path);
	o.result = rows_pass(src, &o.rows, 0, NS_PER_MS);
	o.report = *source_report(src);
	source_free(src);
	return o;
}

static void whole(void **state)
{
	struct buf b = good_file();
	struct outcome o = read_file(b.data, b.len);
	const struct row *r;

	(void)state;
	assert_int_equal(o.result, SOURCE_DONE);
	assert_int_equal(o.rows.count, 3);
	assert_false(o.report.partial);
	assert_int_equal(o.report.bad, 0);
	r = rows_with(&o.rows, AF_INET6, 82, 0);
	assert_int_equal(r->state, STATE_LISTEN);
	assert_true(r->detail && r->detail->has_mark);
	assert_int_equal(r->detail->mark, 7);
	rows_free(&o.rows);
	buf_free(&b);
}

static void told(const struct buf *b, enum source_result result, size_t rows,
		 const char *reason)
{
	struct outcome o = read_file(buf_str(b), b->len);

	assert_string_equal(o.report.reason, reason);
	assert_int_equal(o.result, result);
	assert_int_equal(o.rows.count, rows);
	assert_int_equal(o.report.partial, *reason != '\0');
	rows_free(&o.rows);
}

/* Wherever it is cut, what is before that is shown, and that it was cut is
 * told. */
static void cut_anywhere(void **state)
{
	struct buf b = good_file();

	(void)state;
	for (size_t len = 0; len < b.len; len++) {
		struct outcome o = read_file(b.data, len);
		size_t row = NLMSG_LENGTH(sizeof(struct inet_diag_msg) + 8);
		bool between = len == 2 * row + 20;	/* behind a DONE */

		if (o.result == SOURCE_DONE)
			assert_int_equal(o.report.partial, !between);
		else
			assert_true(len < row);
		assert_int_equal(o.rows.count, (len >= row) + (len >= 2 * row) +
				 (len >= 3 * row + 20));
		rows_free(&o.rows);
	}
	buf_free(&b);
}

static void reasons(void **state)
{
	struct buf b = { 0 };
	struct nlmsghdr nlh;
	uint32_t huge = 0xfffffff0;

	(void)state;
	told(&b, SOURCE_FAILED, 0, "empty: not even ss -D's end");
	buf_puts(&b, "State  Recv-Q Send-Q Local Address:Port\n");
	told(&b, SOURCE_FAILED, 0, "not what ss -D writes");
	buf_reset(&b);
	put_done(&b, 0);
	told(&b, SOURCE_DONE, 0, "");
	put_done(&b, -ENOMEM);
	told(&b, SOURCE_DONE, 0, "the kernel answered: Cannot allocate memory");
	buf_free(&b);

	b = good_file();
	memcpy(b.data + 96, &huge, sizeof(huge));
	told(&b, SOURCE_DONE, 1,
	     "at byte 96: no message can be 4294967280 bytes long");
	memcpy(b.data + 96, "\x0f\0\0\0", 4);
	told(&b, SOURCE_DONE, 1,
	     "at byte 96: no message can be 15 bytes long");
	buf_free(&b);

	b = good_file();
	memcpy(&nlh, b.data, sizeof(nlh));
	nlh.nlmsg_len = bswap_32(nlh.nlmsg_len);
	nlh.nlmsg_type = bswap_16(nlh.nlmsg_type);
	memcpy(b.data, &nlh, sizeof(nlh));
	told(&b, SOURCE_FAILED, 0,
	     "written on a machine with the other byte order");
	buf_free(&b);
}

static void no_file(void **state)
{
	const struct source_want want = { .states = STATES_ALL, .ipv4 = true };
	struct source *src = source_dump(&clock_system, "/no/such/file");
	const struct source_sink sink = { 0 };

	(void)state;
	assert_int_equal(source_begin(src, &want), -1);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(source_report(src)->reason,
			    "No such file or directory");
	source_free(src);
	src = source_dump(&clock_system, "/");
	assert_int_equal(source_begin(src, &want), 0);
	assert_int_equal(source_step(src, &sink, 0), SOURCE_FAILED);
	assert_string_equal(source_report(src)->reason, "Is a directory");
	source_free(src);
}

/* What kernels before 3.3 wrote, states nobody knows, and none at all. */
static void odd_rows(void **state)
{
	struct buf b = { 0 };
	struct outcome o;

	(void)state;
	put_row(&b, AF_INET, 200, 90);
	((struct nlmsghdr *)(void *)b.data)->nlmsg_type = 18;
	put_row(&b, AF_INET, STATE_NONE, 91);
	put_row(&b, 77, STATE_LISTEN, 92);
	put_message(&b, 99, "what", 4);
	put_message(&b, SOCK_DIAG_BY_FAMILY, "short", 5);
	put_done(&b, 0);
	o = read_file(b.data, b.len);
	assert_int_equal(o.result, SOURCE_DONE);
	assert_int_equal(o.rows.count, 1);
	assert_int_equal(o.rows.row[0].state, 200);
	assert_int_equal(o.report.bad, 4);
	rows_free(&o.rows);
	buf_free(&b);
}

/* More than one buffer: no message is lost where two of them meet. */
static void long_file(void **state)
{
	struct buf b = { 0 };
	struct outcome o;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		put_row(&b, AF_INET, STATE_ESTABLISHED, i + 1);
	put_done(&b, 0);
	o = read_file(b.data, b.len);
	assert_int_equal(o.rows.count, 20000);
	for (unsigned i = 0; i < 20000; i++)
		assert_int_equal(o.rows.row[i].id.local_port, i + 1);
	assert_false(o.report.partial);
	rows_free(&o.rows);
	buf_free(&b);
}

/* Bytes changed at random, and random bytes: rows or reasons, and nothing is
 * read that is not there (run it under a sanitizer). */
static void fuzz(void **state)
{
	struct buf good = good_file();

	(void)state;
	srand(1);
	for (int round = 0; round < 4000; round++) {
		struct buf b = { 0 };
		struct outcome o;

		buf_add(&b, good.data, good.len);
		if (round % 4 == 0)
			for (size_t i = 0; i < b.len; i++)
				b.data[i] = (char)rand();
		for (int i = rand() % 8; i >= 0; i--)
			b.data[(size_t)rand() % b.len] = (char)rand();
		b.len -= (size_t)rand() % 3 ? 0 : (size_t)rand() % b.len;
		o = read_file(b.data, b.len);
		assert_true(o.rows.count <= 3);
		if (o.result == SOURCE_FAILED)
			assert_true(o.report.reason[0]);
		rows_free(&o.rows);
		buf_free(&b);
	}
	buf_free(&good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(reasons),
		cmocka_unit_test(no_file),
		cmocka_unit_test(odd_rows),
		cmocka_unit_test(long_file),
		cmocka_unit_test(fuzz),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
