/*
 * rows.h - what the tests of the sources share
 *
 * Fixtures by name, throw-away directories, and a sink that keeps rows.
 */
#ifndef TESTS_UNIT_ROWS_H
#define TESTS_UNIT_ROWS_H

#include "base/buf.h"
#include "source/source.h"

/* The text of $srcdir/tests/fixture/NAME; the test fails without it. */
struct buf fixture(const char *name);
/* its path: path[4096] */
const char *fixture_path(char *path, const char *name);

/* A new directory below TMPDIR; dir[4096]. */
void temp_make(char *dir);
/* Writes dir/name, making the directories on the way. */
void temp_write(const char *dir, const char *name, const void *data,
		size_t len);
/* Removes it with all that is in it. */
void temp_remove(const char *dir);

struct rows {
	struct row *row;
	size_t count, capacity;
};

/* a source_sink's row function; arg: struct rows */
void rows_add(void *arg, const struct row *row);
void rows_free(struct rows *rows);
/* The only row with these ports; the test fails if there is none, or two. */
const struct row *rows_with(const struct rows *rows, int family,
			    uint16_t local_port, uint16_t remote_port);
/* All fields but the detail; prints the first difference. */
bool rows_same(const struct row *a, const struct row *b);

/* One whole pass into rows (emptied first). */
enum source_result rows_pass(struct source *s, struct rows *rows,
			     unsigned needs, int64_t budget);

#endif
