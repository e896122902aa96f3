#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"

static FILE *open_golden(const char *name, const char *mode)
{
	const char *dir = getenv("srcdir");
	struct buf path = { 0 };
	FILE *f;

	buf_printf(&path, "%s/tests/golden/%s", dir ? dir : ".", name);
	f = fopen(path.data, mode);
	if (!f)
		fail_msg("%s: cannot be opened; UPDATE=1 makes it", path.data);
	buf_free(&path);
	return f;
}

static void write_golden(const char *name, const struct buf *got)
{
	FILE *f = open_golden(name, "w");

	assert_int_equal(fwrite(got->data, 1, got->len, f), got->len);
	assert_int_equal(fclose(f), 0);
}

static void read_golden(const char *name, struct buf *want)
{
	FILE *f = open_golden(name, "r");
	char part[4096];
	size_t n;

	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(want, part, n);
	fclose(f);
}

/* One line of JSON is long: what stands around the difference. */
static void fail_at(const char *name, int line, const char *a, size_t n,
		    const char *b, size_t m)
{
	enum { BEFORE = 60, AROUND = 120 };
	size_t same = 0;

	while (same < n && same < m && a[same] == b[same])
		same++;
	same = same > BEFORE ? same - BEFORE : 0;
	n -= same;
	m -= same;
	fail_msg("%s:%d: from byte %zu\n-%.*s\n+%.*s", name, line, same,
		 (int)(n < AROUND ? n : AROUND), a + same,
		 (int)(m < AROUND ? m : AROUND), b + same);
}

void golden_check(const char *name, const struct buf *got)
{
	const char *update = getenv("UPDATE");
	struct buf want = { 0 };
	const char *a, *b;
	int line = 1;

	if (update && *update == '1') {
		write_golden(name, got);
		return;
	}
	read_golden(name, &want);
	a = buf_str(&want);
	b = buf_str(got);
	while (*a || *b) {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (n != m || memcmp(a, b, n) != 0 || a[n] != b[m])
			fail_at(name, line, a, n, b, m);
		a += n + (a[n] == '\n');
		b += m + (b[m] == '\n');
		line++;
	}
	assert_int_equal(want.len, got->len);
	buf_free(&want);
}
