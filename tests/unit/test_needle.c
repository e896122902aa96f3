/*
 * Whether a row has a text is what printing it would have said.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scene.h"
#include "view/needle.h"
#include "view/needle_ends.h"

struct fixture {
	struct scene scene;
	struct column_context c;
	uint8_t column[COLUMN_COUNT];
};

static int set_up(void **state)
{
	struct fixture *f = mem_zalloc(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	srand(11);
	scene_all(&f->scene);
	f->c.monitor = f->scene.monitor;
	f->c.now = clock_mono(&f->scene.clock.clock);
	for (uint8_t i = 0; i < COLUMN_COUNT; i++)
		f->column[i] = i;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	scene_free(&f->scene);
	free(f);
	return 0;
}

static unsigned few(unsigned n)
{
	return (unsigned)rand() % n;
}

static void whole_row(struct fixture *f, const struct sock *s, struct buf *out)
{
	buf_reset(out);
	for (int i = 0; i < COLUMN_COUNT; i++) {
		column_text(&f->c, f->column[i], s, out);
		buf_char(out, ' ');
	}
}

/* each prints all columns of a row, some 0.3 ms of work */
static unsigned rounds(void)
{
	return getenv("UNDER_VALGRIND") ? 5 : 100;
}

static unsigned found;

static void check(struct fixture *f, const char *text, const struct sock *s,
		  const char *row)
{
	struct needle *n = needle_new(text, f->column, COLUMN_COUNT,
					      NEEDLE_ACROSS);
	bool has = strcasestr(row, text);

	needle_fresh(n, &f->c);
	assert_true(needle_anywhere(n) || !has);
	if (needle_match(n, &f->c, s) != has)
		fail_msg("\"%s\" %s \"%s\"", text, has ? "is in" : "is not in",
			 row);
	/* what it remembers by now says the same */
	assert_int_equal(needle_match(n, &f->c, s), has);
	found += has;
	needle_free(n);
}

/* A piece of some row, now and then with an error in it. */
static void cut_out(const char *row, char *text)
{
	size_t len = strlen(row), at = few((unsigned)len), n = 1 + few(24);

	if (n > len - at)
		n = len - at;
	memcpy(text, row + at, n);
	text[n] = '\0';
	if (!few(3))
		text[few((unsigned)n)] = "0123456789.:-~x"[few(15)];
}

/* Each row of the scene, which has all there is, against pieces of others. */
static void scene_rows(void **state)
{
	struct fixture *f = *state;
	const struct table *t = f->scene.monitor->table;
	struct buf a = { 0 }, b = { 0 };
	char text[32];

	for (uint32_t i = 0; i < table_slots(t); i++) {
		if (!table_slot(t, i))
			continue;
		whole_row(f, table_slot(t, i), &a);
		for (unsigned k = rounds(); k > 0; k--) {
			uint32_t other = few(table_slots(t));

			if (!table_slot(t, other))
				continue;
			whole_row(f, table_slot(t, other), &b);
			cut_out(buf_str(&b), text);
			check(f, text, table_slot(t, i), buf_str(&a));
		}
	}
	assert_true(found > rounds());
	buf_free(&a);
	buf_free(&b);
}

/* In that column alone. */
static void check_cell(struct fixture *f, const char *text, uint8_t column,
		       const struct sock *s)
{
	struct needle *n = needle_new(text, &column, 1, 0);
	struct buf cell = { 0 };

	column_text(&f->c, column, s, &cell);
	needle_fresh(n, &f->c);
	if (needle_match(n, &f->c, s) != !!strcasestr(buf_str(&cell), text))
		fail_msg("\"%s\" in \"%s\"", text, buf_str(&cell));
	buf_free(&cell);
	needle_free(n);
}

/* Each of them, as it is printed. */
static void ports(void **state)
{
	static const char *const texts[] = {
		":0", ":00", ":01", ":1", ":9", ":19", ":655", ":6553",
		":65535", ":65536", ":99999", ":123456", ":7000", ".4:70", ":",
		"4:1", "5", "70",
	};
	static const uint8_t addr[] = { 1, 2, 3, 4 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct needle_ends *e = needle_ends_new(texts[i]);

		assert_non_null(e);
		for (unsigned port = 0; port <= UINT16_MAX; port++) {
			char end[32];

			snprintf(end, sizeof(end), "1.2.3.4:%u", port);
			assert_int_equal(needle_ends_match(e, addr,
							   (uint16_t)port) != 0,
					 strstr(end, texts[i]) != NULL);
		}
		free(e);
	}
}

/* Ends, with the texts that people type: dots, colons, parts of numbers. */
static void ends(void **state)
{
	static const char *const texts[] = {
		"1", "12", "255", "256", "0", "00", ".", "..", ".1", "1.",
		".0.", "0.1", "10.0.0.1", "10.0.0.1:", "1:8", ":80", ":8", ":",
		".1:80", "0.0.1:808", "1.1.1.1.1", "::", ":1:", "1:1.", "127.",
		"65535", "6553", ":65535", "99999", "999999", "010", ".010",
		"1.2.3.4:5678", "", "10.", "a", "~", "1 ", " 1", "[", "0x", "%",
	};
	struct fixture *f = *state;
	struct sock s = { .live = 1, .row = { .state = STATE_ESTABLISHED } };
	struct buf row = { 0 };

	s.row.id.protocol = IPPROTO_TCP;
	for (unsigned k = rounds(); k > 0; k--) {
		s.row.id.family = few(10) ? AF_INET : AF_INET6;
		for (int i = 0; i < 4; i++) {
			s.row.id.local.b[i] = (uint8_t)(few(2) ? few(256) :
							few(12));
			s.row.id.remote.b[i] = (uint8_t)few(256);
		}
		s.row.id.local_port = few(10) ? (uint16_t)few(65536) : 80;
		s.row.id.remote_port = few(10) ? (uint16_t)few(65536) : 0;
		s.row.id.ifindex = few(10) ? 0 : 1;
		f->c.names = !few(10);
		whole_row(f, &s, &row);
		for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
			check(f, texts[i], &s, buf_str(&row));
			check_cell(f, texts[i], COL_LOCAL, &s);
			check_cell(f, texts[i], COL_REMOTE, &s);
		}
	}
	buf_free(&row);
}

/* What the needle says of a socket of that set. */
static bool is_zebra(struct fixture *f, struct needle *n, uint32_t set)
{
	struct sock s = { .live = 1, .row = { .state = STATE_ESTABLISHED } };

	s.owner = set;
	needle_fresh(n, &f->c);
	return needle_anywhere(n) && needle_match(n, &f->c, &s);
}

/* Processes take other names, and sets the numbers of others: what was said of
 * them is not kept. */
static void owners_change(void **state)
{
	struct fixture *f = *state;
	struct owners *o = f->scene.monitor->owners;
	struct needle *n = needle_new("zebra", f->column, COLUMN_COUNT,
					      NEEDLE_ACROSS);
	uint32_t horse, zebra, both, other;

	assert_false(is_zebra(f, n, OWNER_NONE));
	horse = owners_with(o, OWNER_NONE, 77, 1, "horse", 5);
	zebra = owners_with(o, OWNER_NONE, 78, 1, "horse", 5);
	assert_false(is_zebra(f, n, horse));
	assert_false(is_zebra(f, n, zebra));
	zebra = owners_with(o, zebra, 78, 1, "zebra", 5);
	assert_false(is_zebra(f, n, horse));
	assert_true(is_zebra(f, n, zebra));

	owners_ref(o, horse);
	both = owners_with(o, horse, 79, 1, "mule", 4);
	other = owners_with(o, OWNER_NONE, 79, 1, "mule", 4);
	assert_false(is_zebra(f, n, both));
	owners_unref(o, both);
	owners_ref(o, zebra);
	assert_int_equal(owners_with(o, zebra, 79, 1, "mule", 4), both);
	assert_true(is_zebra(f, n, both));

	owners_unref(o, both);
	owners_unref(o, other);
	owners_unref(o, zebra);
	owners_unref(o, horse);
	needle_free(n);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(scene_rows),
		TEST(ends),
		TEST(ports),
		TEST(owners_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
