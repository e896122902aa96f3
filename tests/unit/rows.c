/*
 * rows.c - what the tests of the sources share
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rows.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/detail.h"

enum { PATH_LEN = 4096 };

const char *fixture_path(char *path, const char *name)
{
	const char *srcdir = getenv("srcdir");

	snprintf(path, PATH_LEN, "%s/tests/fixture/%s", srcdir ? srcdir : ".",
		 name);
	return path;
}

struct buf fixture(const char *name)
{
	char path[PATH_LEN];
	struct buf b = { 0 };
	FILE *f = fopen(fixture_path(path, name), "r");
	size_t got;

	if (!f)
		fail_msg("%s is missing", path);
	while ((got = fread(buf_reserve(&b, 4096), 1, 4096, f)) > 0)
		b.len += got;
	fclose(f);
	*buf_reserve(&b, 0) = '\0';
	return b;
}

void temp_make(char *dir)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, PATH_LEN, "%s/tulpen.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		fail_msg("%s cannot be made", dir);
}

void temp_write(const char *dir, const char *name, const void *data,
		size_t len)
{
	char path[PATH_LEN + 256], *slash;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (slash = strchr(path + strlen(dir) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	f = fopen(path, "w");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f))
		fail_msg("%s cannot be written", path);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void temp_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void rows_add(void *arg, const struct row *row)
{
	struct rows *rows = arg;

	if (rows->count == rows->capacity) {
		rows->capacity = rows->capacity ? 2 * rows->capacity : 64;
		rows->row = mem_array(rows->row, rows->capacity, sizeof(*row));
	}
	rows->row[rows->count++] = *row;
}

static void empty(struct rows *rows)
{
	while (rows->count)
		free(rows->row[--rows->count].detail);
}

void rows_free(struct rows *rows)
{
	empty(rows);
	free(rows->row);
	*rows = (struct rows){ 0 };
}

const struct row *rows_with(const struct rows *rows, int family,
			    uint16_t local_port, uint16_t remote_port)
{
	const struct row *found = NULL;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		const struct row *r = &rows->row[i];

		if (r->id.family != family || r->id.local_port != local_port ||
		    r->id.remote_port != remote_port)
			continue;
		assert_null(found);
		found = r;
	}
	if (!found)
		fail_msg("no row %u > %u", local_port, remote_port);
	return found;
}

#define SAME(field) \
	do { \
		if (a->field != b->field) { \
			print_message(#field ": %llu, not %llu\n", \
				      (unsigned long long)a->field, \
				      (unsigned long long)b->field); \
			return false; \
		} \
	} while (0)

bool rows_same(const struct row *a, const struct row *b)
{
	SAME(id.family);
	SAME(id.protocol);
	SAME(id.local_port);
	SAME(id.remote_port);
	SAME(id.ifindex);
	SAME(id.netns);
	SAME(cookie);
	SAME(inode);
	SAME(uid);
	SAME(recv_q);
	SAME(send_q);
	SAME(expires_ms);
	SAME(state);
	SAME(timer);
	SAME(retrans);
	return addr_equal(&a->id.local, &b->id.local) &&
	       addr_equal(&a->id.remote, &b->id.remote);
}

enum source_result rows_pass(struct source *s, struct rows *rows,
			     unsigned needs, int64_t budget)
{
	const struct source_want want = {
		.needs = needs, .states = STATES_ALL,
		.ipv4 = true, .ipv6 = true,
	};
	const struct source_sink sink = { rows_add, rows };
	enum source_result r;

	empty(rows);
	if (source_begin(s, &want) < 0)
		return SOURCE_FAILED;
	while ((r = source_step(s, &sink, budget)) <= SOURCE_WAIT) {
		struct pollfd p = { .fd = source_fd(s), .events = POLLIN };

		if (r == SOURCE_WAIT && p.fd >= 0)
			poll(&p, 1, 1000);
	}
	assert_int_equal(source_report(s)->rows, rows->count);
	return r;
}
