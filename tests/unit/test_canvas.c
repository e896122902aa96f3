#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "ui/canvas.h"

static void assert_shows(const struct canvas *c, const char *want)
{
	struct buf b = { 0 };

	canvas_text(c, &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void test_clips(void **state)
{
	struct canvas c = { 0 };

	(void)state;
	canvas_resize(&c, 5, 2);
	assert_int_equal(canvas_put(&c, 2, 0, -1, STYLE_BOLD, "abcdef"), 3);
	assert_int_equal(canvas_put(&c, 0, 1, 2, STYLE_BOLD, "xyz"), 2);
	canvas_put(&c, 0, 2, -1, STYLE_BOLD, "below");
	canvas_put(&c, 9, 0, -1, STYLE_BOLD, "right");
	canvas_put(&c, 0, -1, -1, STYLE_BOLD, "above");
	assert_shows(&c, "  abc\nxy\n");
	canvas_free(&c);
}

static void test_wide(void **state)
{
	struct canvas c = { 0 };

	(void)state;
	canvas_resize(&c, 5, 1);
	/* the third does not fit into the last column: no half of it */
	assert_int_equal(canvas_put(&c, 0, 0, -1, STYLE_NORMAL, "日本語"), 4);
	assert_shows(&c, "日本\n");
	/* what is left of a half overwritten one is a blank */
	canvas_put(&c, 1, 0, -1, STYLE_NORMAL, "x");
	assert_shows(&c, " x本\n");
	canvas_put(&c, 2, 0, -1, STYLE_NORMAL, "y");
	assert_shows(&c, " xy\n");
	/* a wide one over the right half of one and the left of another */
	canvas_put(&c, 0, 0, -1, STYLE_NORMAL, "日本");
	canvas_put(&c, 1, 0, -1, STYLE_NORMAL, "語");
	assert_shows(&c, " 語\n");
	canvas_free(&c);
}

static void test_combining(void **state)
{
	struct canvas c = { 0 };

	(void)state;
	canvas_resize(&c, 4, 1);
	assert_int_equal(canvas_put(&c, 0, 0, -1, STYLE_NORMAL,
				    "e\xcc\x81x"), 2);
	assert_string_equal(c.cells[0].text, "e\xcc\x81");
	assert_string_equal(c.cells[1].text, "x");
	/* more marks than a cell holds are left out, whole ones */
	canvas_put(&c, 0, 0, -1, STYLE_NORMAL,
		   "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81");
	assert_int_equal(strlen(c.cells[0].text), 11);
	canvas_free(&c);
}

static void test_ascii(void **state)
{
	struct canvas c = { .ascii = true };

	(void)state;
	canvas_resize(&c, 10, 1);
	canvas_put(&c, 0, 0, -1, STYLE_NORMAL, "aé日b");
	canvas_glyph(&c, 6, 0, STYLE_NORMAL, GLYPH_RULE);
	assert_shows(&c, "a?? b -\n");
	canvas_free(&c);
}

static void test_no_control_gets_in(void **state)
{
	struct canvas c = { 0 };

	(void)state;
	canvas_resize(&c, 10, 1);
	canvas_put(&c, 0, 0, -1, STYLE_NORMAL, "a\033[m\x7f");
	assert_shows(&c, "a?[m?\n");
	canvas_free(&c);
}

static void test_looks(void **state)
{
	struct canvas c = { 0 };
	struct buf b = { 0 };

	(void)state;
	canvas_resize(&c, 6, 1);
	canvas_put(&c, 0, 0, -1, STYLE_BOLD, "abc");
	canvas_restyle(&c, 1, 0, 1, STYLE_ALERT);
	canvas_select(&c, 4, 0, 9);
	canvas_styles(&c, &b);
	assert_string_equal(buf_str(&b), "bAb.##\n");
	buf_free(&b);
	canvas_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clips),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_combining),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_no_control_gets_in),
		cmocka_unit_test(test_looks),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("1..0 # SKIP no UTF-8 locale\n");
		return 0;
	}
	return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
