/*
 * test_proc.c - passes from the text of net/tcp and net/tcp6
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rows.h"
#include "source/proc.h"

#define HEADER	"  sl  local_address rem_address   st tx_queue rx_queue\n"
#define TAIL	" 01 00000000:00000000 00:00000000 00000000  1000        0 7 " \
		"1 00000000831acea6 20 4 30 10 -1"
#define LINE(port) \
	"   0: 0100007F:" port " 0200000A:9EA2" TAIL

struct fake {
	char dir[4096];
	struct source *source;
	struct rows rows;
};

static int setup(void **state)
{
	struct fake *f = calloc(1, sizeof(*f));

	temp_make(f->dir);
	f->source = source_proc(&clock_system, f->dir);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fake *f = *state;

	source_free(f->source);
	rows_free(&f->rows);
	temp_remove(f->dir);
	free(f);
	return 0;
}

static enum source_result pass(struct fake *f)
{
	return rows_pass(f->source, &f->rows, 0, NS_PER_SEC);
}

/* One pass over this tcp, beside an empty tcp6. */
static const struct source_report *read_tcp(struct fake *f, const char *text,
					    size_t len)
{
	temp_write(f->dir, "net/tcp", text, len);
	temp_write(f->dir, "net/tcp6", "", 0);
	assert_int_equal(pass(f), SOURCE_DONE);
	return source_report(f->source);
}

static const struct source_report *read_str(struct fake *f, const char *text)
{
	return read_tcp(f, text, strlen(text));
}

static void test_nothing(void **state)
{
	struct fake *f = *state;
	const struct source_report *r = read_str(f, "");

	assert_int_equal(r->rows, 0);
	assert_int_equal(r->bad, 0);
	assert_false(r->partial);
	r = read_str(f, HEADER);
	assert_int_equal(r->rows, 0);
	assert_int_equal(r->bad, 0);
	assert_false(r->partial);
	r = read_str(f, "   what ever   they  call it\n" LINE("0001") "\n");
	assert_int_equal(r->rows, 1);
	assert_int_equal(r->bad, 0);
}

static void test_missing(void **state)
{
	struct fake *f = *state;

	assert_int_equal(pass(f), SOURCE_FAILED);
	assert_int_equal(f->source->report.error, ENOENT);
	assert_non_null(strstr(f->source->report.reason, "net/tcp: "));

	temp_write(f->dir, "net/tcp6", "", 0);
	assert_int_equal(pass(f), SOURCE_FAILED);

	temp_write(f->dir, "net/tcp", HEADER LINE("0001") "\n",
		   strlen(HEADER LINE("0001") "\n"));
	assert_int_equal(pass(f), SOURCE_DONE);
	assert_string_equal(f->source->report.note, "");
}

static void test_no_ipv6(void **state)
{
	struct fake *f = *state;

	temp_write(f->dir, "net/tcp", HEADER, strlen(HEADER));
	assert_int_equal(pass(f), SOURCE_DONE);
	assert_string_equal(f->source->report.note, "no IPv6");
	assert_false(f->source->report.partial);
	assert_int_equal(f->source->report.error, 0);
}

static void test_neighbours(void **state)
{
	static const char good[] = HEADER LINE("0001") "\n";
	static const char line[] = LINE("0002");
	struct fake *f = *state;
	size_t n;

	for (n = 1; n < sizeof(line) - 3; n++) {
		const struct source_report *r;
		char text[1024];

		snprintf(text, sizeof(text), "%s%.*s\n%s\n", good, (int)n, line,
			 LINE("0003"));
		r = read_str(f, text);
		assert_int_equal(r->bad, 1);
		assert_true(r->partial);
		assert_int_equal(f->rows.count, 2);
		assert_int_equal(f->rows.row[0].id.local_port, 1);
		assert_int_equal(f->rows.row[1].id.local_port, 3);
	}
}

static void test_no_final_newline(void **state)
{
	struct fake *f = *state;
	const struct source_report *r;

	r = read_str(f, HEADER LINE("0001") "\n" LINE("0002"));
	assert_int_equal(r->rows, 2);
	assert_int_equal(r->bad, 0);
	r = read_str(f, HEADER LINE("0001") "\n  1: 0100007F:0002 0200");
	assert_int_equal(r->rows, 1);
	assert_int_equal(r->bad, 1);
}

/* A line of `len` bytes of `fill` between two good ones. */
static void between(struct fake *f, size_t len, int fill, const char *end)
{
	const struct source_report *r;
	struct buf b = { 0 };

	buf_puts(&b, HEADER LINE("0001") "\n");
	memset(buf_reserve(&b, len), fill, len);
	b.len += len;
	buf_puts(&b, "\n");
	buf_puts(&b, LINE("0002"));
	buf_puts(&b, end);
	r = read_tcp(f, b.data, b.len);
	assert_int_equal(r->bad, 1);
	assert_true(r->partial);
	assert_int_equal(f->rows.count, 2);
	assert_int_equal(f->rows.row[1].id.local_port, 2);
	buf_free(&b);
}

static void test_long_line(void **state)
{
	struct fake *f = *state;
	size_t n;

	for (n = PROC_BUFFER - 300; n < PROC_BUFFER + 4; n++)
		between(f, n, 'x', n % 2 ? "\n" : "");
	between(f, 2 * PROC_BUFFER, '0', "\n");
	between(f, 5 * PROC_BUFFER + 77, ' ', "");
	between(f, 3, '\0', "\n");
	between(f, 100000, '\0', "\n");
}

static void test_states(void **state)
{
	const struct source_want listen = {
		.states = STATE_BIT(STATE_LISTEN), .ipv4 = true,
	};
	const struct source_want other = {
		.states = STATE_BIT(STATE_OTHER), .ipv4 = true,
	};
	struct fake *f = *state;
	const struct source_sink sink = { rows_add, &f->rows };
	char path[4096];
	struct source *s = source_proc(&clock_system,
				       fixture_path(path, "proc-le"));

	assert_int_equal(source_begin(s, &listen), 0);
	while (source_step(s, &sink, 0) == SOURCE_MORE)
		;
	assert_int_equal(f->rows.count, 9);
	source_free(s);

	read_str(f, "  0: 0100007F:0001 00000000:0000 0E 00000000:00000000 "
		 "00:00000000 00000000 0 0 7 1 00000000831acea6 20 4 30 10 -1");
	assert_int_equal(f->rows.count, 1);
	assert_int_equal(source_begin(f->source, &other), 0);
	while (source_step(f->source, &sink, 0) == SOURCE_MORE)
		;
	assert_int_equal(f->rows.count, 2);
}

/* ---- read(2) as the test wants it ---- */

static int calls, interrupt_every, fail_at, fail_errno;
static size_t at_most;

static ssize_t odd_read(int fd, void *buf, size_t n)
{
	calls++;
	if (interrupt_every && calls % interrupt_every == 0) {
		errno = EINTR;
		return -1;
	}
	if (fail_at && calls >= fail_at) {
		errno = fail_errno;
		return -1;
	}
	return read(fd, buf, at_most && n > at_most ? at_most : n);
}

static void odd(struct fake *f, size_t limit, int interrupts, int fails)
{
	calls = 0;
	at_most = limit;
	interrupt_every = interrupts;
	fail_at = fails;
	fail_errno = EIO;
	proc_set_read(f->source, odd_read);
}

/* The real host of the fixture, however it is read. */
static void test_short_reads(void **state)
{
	struct fake *f = *state;
	char path[4096];
	struct rows whole = { 0 };
	size_t limit, i;

	source_free(f->source);
	f->source = source_proc(&clock_system, fixture_path(path, "proc-le"));
	assert_int_equal(rows_pass(f->source, &whole, 0, NS_PER_SEC),
			 SOURCE_DONE);
	assert_int_equal(whole.count, 40 + 65);
	assert_int_equal(source_report(f->source)->bad, 0);
	for (limit = 1; limit < 600; limit = limit * 3 / 2 + 1) {
		odd(f, limit, 3, 0);
		assert_int_equal(pass(f), SOURCE_DONE);
		assert_int_equal(f->rows.count, whole.count);
		assert_false(source_report(f->source)->partial);
		for (i = 0; i < whole.count; i++)
			assert_true(rows_same(&whole.row[i], &f->rows.row[i]));
	}
	rows_free(&whole);
}

static void test_eio(void **state)
{
	struct fake *f = *state;
	const struct source_report *r = &f->source->report;
	struct buf b = { 0 };
	int i;

	buf_puts(&b, HEADER);
	for (i = 0; i < 100; i++)
		buf_puts(&b, LINE("0001") "\n");
	temp_write(f->dir, "net/tcp", b.data, b.len);
	temp_write(f->dir, "net/tcp6", HEADER, strlen(HEADER));
	buf_free(&b);
	odd(f, 1000, 0, 4);
	assert_int_equal(pass(f), SOURCE_DONE);
	assert_true(r->partial);
	assert_true(r->rows > 10 && r->rows < 100);
	assert_int_equal(r->bad, 0);
	assert_int_equal(r->error, EIO);
	assert_non_null(strstr(r->reason, "net/tcp: Input/output error"));
	/* nothing at all */
	odd(f, 1000, 0, 1);
	assert_int_equal(pass(f), SOURCE_FAILED);
	assert_int_equal(r->error, EIO);
	/* and well again */
	odd(f, 0, 0, 0);
	assert_int_equal(pass(f), SOURCE_DONE);
	assert_int_equal(r->rows, 100);
	assert_false(r->partial);
	assert_string_equal(r->reason, "");
}

/* Given up half way, it starts from the beginning. */
static void test_begin_again(void **state)
{
	struct fake *f = *state;
	const struct source_want want = { .states = STATES_ALL, .ipv4 = true };
	const struct source_sink sink = { rows_add, &f->rows };

	temp_write(f->dir, "net/tcp", HEADER LINE("0001") "\n" LINE("0002"),
		   strlen(HEADER LINE("0001") "\n" LINE("0002")));
	odd(f, 150, 0, 0);
	assert_int_equal(source_begin(f->source, &want), 0);
	assert_int_equal(source_step(f->source, &sink, 0), SOURCE_MORE);
	assert_int_equal(pass(f), SOURCE_DONE);
	assert_int_equal(f->rows.count, 2);
	assert_int_equal(source_report(f->source)->bad, 0);
}

/* The clock stands still after its budget: a step is one read. */
static void test_steps(void **state)
{
	struct fake *f = *state;
	const struct source_want want = { .states = STATES_ALL, .ipv4 = true };
	const struct source_sink sink = { rows_add, &f->rows };
	int steps = 1;

	temp_write(f->dir, "net/tcp", HEADER LINE("0001") "\n",
		   strlen(HEADER LINE("0001") "\n"));
	odd(f, 10, 0, 0);
	assert_int_equal(source_begin(f->source, &want), 0);
	while (source_step(f->source, &sink, 0) == SOURCE_MORE)
		steps++;
	/* each ten bytes, the end, and nothing more */
	assert_int_equal(steps, (int)strlen(HEADER LINE("0001") "\n") / 10 +
				3);
	assert_int_equal(f->rows.count, 1);
	assert_int_equal(source_fd(f->source), -1);
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_missing),
		TEST(test_no_ipv6),
		TEST(test_neighbours),
		TEST(test_no_final_newline),
		TEST(test_long_line),
		TEST(test_states),
		TEST(test_short_reads),
		TEST(test_eio),
		TEST(test_begin_again),
		TEST(test_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
