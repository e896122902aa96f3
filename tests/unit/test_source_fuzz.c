/*
 * test_source_fuzz.c - damaged bytes through every parser of the sources
 *
 * Captured text and messages, cut at every byte, and with a bit of every byte
 * flipped.  What is read is seldom checked: the sanitizers look for what must
 * not happen.  Each try is in a block of its own size.  The same numbers each
 * run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "source/diag.h"
#include "source/hosttext.h"
#include "source/proc.h"
#include "source/proctext.h"
#include "source/walk.h"
#include "source/walktext.h"

static uint64_t seed = 0x2545f4914f6cdd1d;

static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Tries bytes[len] cut at every byte and flipped at every byte. */
static void damage(const char *bytes, size_t len,
		   void (*try)(const char *bytes, size_t len))
{
	size_t i;

	for (i = 0; i <= len; i++) {
		char *copy = malloc(i ? i : 1);

		memcpy(copy, bytes, i);
		try(copy, i);
		free(copy);
	}
	for (i = 0; i < 2 * len; i++) {
		char *copy = malloc(len);

		memcpy(copy, bytes, len);
		/* one bit, then some byte */
		if (i < len)
			copy[i] ^= 1 << (random_number() & 7);
		else
			copy[i - len] = random_number() >> 32;
		try(copy, len);
		free(copy);
	}
}

static void try_diag(const char *bytes, size_t len)
{
	struct diag_reader r;
	struct diag_message m;
	size_t n = 0;

	diag_reader_init(&r, bytes, len, 1, 1, 1000);
	r.want_detail = true;
	while (diag_next(&r, &m) != DIAG_END) {
		assert_true(++n <= len / NLMSG_HDRLEN + 1);
		if (m.kind == DIAG_ROW && m.row.detail) {
			assert_true(m.detail.info_len <=
				    sizeof(m.detail.info_bytes));
			assert_true(m.detail.mem_count <= 9);
			assert_non_null(memchr(m.detail.congestion, 0, 16));
		}
	}
}

static void damage_messages(const char *name)
{
	struct buf b = fixture(name);
	size_t at = 0;

	/* a few messages at a time: as many places, less to read */
	while (at < b.len) {
		size_t start = at;

		while (at < b.len && at - start < 1200) {
			uint32_t len;

			memcpy(&len, b.data + at, sizeof(len));
			at += NLMSG_ALIGN(len);
		}
		damage(b.data + start, at - start, try_diag);
	}
	buf_free(&b);
}

static void test_diag(void **state)
{
	(void)state;
	damage_messages("diag/tcp.bin");
	damage_messages("diag/tcp6.bin");
	damage_messages("diag/tcp-detail.bin");
}

static uint8_t family;

static void try_line(const char *bytes, size_t len)
{
	const struct proctext little = { .family = family, .hz = 100 };
	const struct proctext big = {
		.family = family, .hz = 0, .big_endian = true,
	};
	struct row a, b;

	/* the byte order changes addresses, and nothing else */
	assert_int_equal(proctext_row(&little, bytes, len, &a),
			 proctext_row(&big, bytes, len, &b));
}

static void damage_lines(const char *name, uint8_t of_family)
{
	struct buf b = fixture(name);
	char *line = b.data, *nl;

	family = of_family;
	for (; (nl = strchr(line, '\n')); line = nl + 1)
		damage(line, nl - line, try_line);
	buf_free(&b);
}

static void test_lines(void **state)
{
	(void)state;
	damage_lines("proc-le/net/tcp", AF_INET);
	damage_lines("proc-le/net/tcp6", AF_INET6);
	damage_lines("proc-be/net/tcp", AF_INET);
}

/* ---- whole passes: one damaged byte costs one or two rows ---- */

static struct buf file;
static size_t file_at;

static ssize_t read_file(int fd, void *buf, size_t n)
{
	size_t left = file.len - file_at, part = 1 + random_number() % 700;

	(void)fd;
	if (n > left)
		n = left;
	if (n > part)
		n = part;
	memcpy(buf, file.data + file_at, n);
	file_at += n;
	return n;
}

static void test_pass(void **state)
{
	const struct source_want want = {
		.states = ~0u, .ipv4 = true, .ipv6 = false,
	};
	char path[4096];
	struct source *s = source_proc(&clock_system,
				       fixture_path(path, "proc-le"));
	struct rows rows = { 0 };
	const struct source_sink sink = { rows_add, &rows };
	size_t i;

	(void)state;
	file = fixture("proc-le/net/tcp");
	proc_set_read(s, read_file);
	for (i = 0; i < file.len; i++) {
		char was = file.data[i];
		const struct source_report *r = source_report(s);

		file.data[i] ^= 1 << (random_number() & 7);
		file_at = rows.count = 0;
		assert_int_equal(source_begin(s, &want), 0);
		while (source_step(s, &sink, NS_PER_SEC) == SOURCE_MORE)
			;
		file.data[i] = was;
		assert_true(rows.count >= 38 && rows.count <= 40);
		assert_true(r->bad <= 2);
		assert_int_equal(r->partial, r->bad > 0);
		/* a lost row is never silent, but for one that became part of
		 * the header line */
		if (i > 150)
			assert_true(r->bad > 0 || rows.count == 40);
	}
	source_free(s);
	rows_free(&rows);
	buf_free(&file);
}

static void try_counters(const char *bytes, size_t len)
{
	hosttext_paired(bytes, len, "Tcp", "OutRsts");
	hosttext_paired(bytes, len, "TcpExt", "TCPAbortOnMemory");
	hosttext_named(bytes, len, "TCP", "mem");
	hosttext_word(bytes, len, 3);
}

static void try_process(const char *bytes, size_t len)
{
	const char *comm;
	size_t comm_len;
	uint64_t start;

	if (!walk_parse_stat(bytes, len, &comm, &comm_len, &start))
		assert_true(comm >= bytes && comm + comm_len < bytes + len);
	walktext_may_hold(bytes, len);
	walktext_socket(bytes, len);
	walktext_hidepid(bytes, len, 0, 21);
}

static void test_others(void **state)
{
	static const char stat[] =
		"4242 (a) (b)) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 "
		"1 0 123456 0 0\n";
	static const char mounts[] =
		"22 28 0:21 / /proc rw,nosuid shared:12 - proc proc "
		"rw,hidepid=invisible,gid=4\n"
		"23 28 0:22 / /sys rw - sysfs sysfs rw\n";
	static const char *const names[] = {
		"proc-le/net/snmp", "proc-le/net/sockstat",
	};
	struct buf b;
	size_t i;

	(void)state;
	damage(stat, sizeof(stat) - 1, try_process);
	damage(mounts, sizeof(mounts) - 1, try_process);
	damage("socket:[123456]", 15, try_process);
	for (i = 0; i < 2; i++) {
		b = fixture(names[i]);
		damage(b.data, b.len, try_counters);
		buf_free(&b);
	}
}

/* Bytes that never were anything. */
static void test_noise(void **state)
{
	char noise[512];
	size_t i, n;

	(void)state;
	for (n = 0; n < 2000; n++) {
		char *copy;

		for (i = 0; i < sizeof(noise); i++)
			noise[i] = random_number() >> 32;
		i = random_number() % sizeof(noise);
		copy = malloc(i ? i : 1);
		memcpy(copy, noise, i);
		try_diag(copy, i);
		try_line(copy, i);
		try_counters(copy, i);
		try_process(copy, i);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diag),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
