/*
 * Text made safe for a terminal, and fitted into columns.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void check_safe(const char *bytes, size_t n, const char *want)
{
	struct safe t = safe_text(bytes, n, 0);

	assert_string_equal(safe_str(t), want);
	safe_free(&t);
	assert_string_equal(safe_str(t), "");
}

/* a literal's bytes, NULs included */
#define SAFE(literal, want) check_safe(literal, sizeof(literal) - 1, want)

static size_t put_utf8(char *p, uint32_t cp)
{
	if (cp < 0x80) {
		p[0] = cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = 0xc0 | cp >> 6;
		p[1] = 0x80 | (cp & 0x3f);
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = 0xe0 | cp >> 12;
		p[1] = 0x80 | (cp >> 6 & 0x3f);
		p[2] = 0x80 | (cp & 0x3f);
		return 3;
	}
	p[0] = 0xf0 | cp >> 18;
	p[1] = 0x80 | (cp >> 12 & 0x3f);
	p[2] = 0x80 | (cp >> 6 & 0x3f);
	p[3] = 0x80 | (cp & 0x3f);
	return 4;
}

/* Whatever is in it, a terminal may see it. */
static void assert_harmless(const char *s)
{
	const char *end = s + strlen(s);
	int marks = 2;			/* none at the beginning */

	while (s < end) {
		const char *next;
		int32_t cp = utf8_next(s, end, &next);

		assert_true(cp >= 0x20 && cp != 0x7f);
		assert_false(cp >= 0x80 && cp < 0xa0);
		assert_false(cp >= 0x200b && cp <= 0x200f);
		assert_false(cp >= 0x2028 && cp <= 0x202e);
		assert_false(cp >= 0x2060 && cp <= 0x206f);
		assert_false(cp == 0xfeff || cp == 0x061c || cp == 0xad);
		assert_false(cp >= 0xe0000 && cp < 0xe1000);
		marks = utf8_char_width(cp) ? 0 : marks + 1;
		assert_true(marks <= 2);
		s = next;
	}
}

static void every_byte(void **state)
{
	(void)state;
	for (unsigned b = 0; b < 256; b++) {
		char bytes[3] = { 'a', b, 'z' }, want[16];

		if (b >= 0x20 && b < 0x7f)
			snprintf(want, sizeof(want), "a%cz", b);
		else
			snprintf(want, sizeof(want), "a\\x%02xz", b);
		check_safe(bytes, 3, want);
	}
}

static void every_character(void **state)
{
	(void)state;
	for (uint32_t cp = 0x80; cp <= 0x10ffff; cp++) {
		char bytes[8] = "a", back[8];
		const char *next;
		size_t n;
		struct safe t;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		n = put_utf8(bytes + 1, cp);
		assert_int_equal(utf8_next(bytes + 1, bytes + 1 + n, &next),
				 cp);
		assert_ptr_equal(next, bytes + 1 + n);
		/* cut short it is no character, and one byte long */
		assert_int_equal(utf8_next(bytes + 1, bytes + n, &next), -1);
		assert_ptr_equal(next, bytes + 2);
		t = safe_text(bytes, n + 1, 0);
		assert_harmless(t.s);
		if (t.s[1] == '\\')
			assert_int_equal(strtoul(t.s + 3, NULL, 16), cp);
		else
			assert_memory_equal(t.s + 1, bytes + 1, n);
		/* alone: no mark begins a text */
		safe_free(&t);
		t = safe_text(bytes + 1, n, 0);
		assert_harmless(t.s);
		snprintf(back, sizeof(back), "%.*s", (int)n, bytes + 1);
		if (t.s[0] != '\\')
			assert_string_equal(t.s, back);
		safe_free(&t);
	}
}

static void hostile_text(void **state)
{
	(void)state;
	SAFE("", "");
	SAFE("nginx", "nginx");
	SAFE("a\\b", "a\\b");
	SAFE("\x1b]52;c;aGk=\x07", "\\x1b]52;c;aGk=\\x07");
	SAFE("\x1b[2J\x9b""31m", "\\x1b[2J\\x9b31m");
	SAFE("two\nlines\ttab\r", "two\\x0alines\\x09tab\\x0d");
	SAFE("nul\0in", "nul\\x00in");
	SAFE("del\x7f", "del\\x7f");
	SAFE("\xc2\x9b""31m", "\\u009b31m");		/* C1 as UTF-8 */
	SAFE("\xe2\x80\xae""gnp", "\\u202egnp");	/* RLO */
	SAFE("a\xe2\x80\x8b""b", "a\\u200bb");		/* zero width */
	SAFE("\xef\xbb\xbfx", "\\ufeffx");		/* BOM */
	SAFE("\xe2\x80\xa8", "\\u2028");
	SAFE("\xf3\xa0\x80\x81", "\\U000e0001");	/* tag */
	SAFE("\xef\xbf\xbf", "\\uffff");		/* noncharacter */
	SAFE("\xf4\x8f\xbf\xbf", "\\U0010ffff");
	/* overlong, surrogate, too big, lonely, cut */
	SAFE("\xc0\xaf", "\\xc0\\xaf");
	SAFE("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
	SAFE("\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf");
	SAFE("\xed\xa0\x80", "\\xed\\xa0\\x80");
	SAFE("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	SAFE("\xbf", "\\xbf");
	SAFE("\xe4\xb8", "\\xe4\\xb8");
	SAFE("\xe4\xb8x", "\\xe4\\xb8x");
	SAFE("\xff\xfe", "\\xff\\xfe");
	/* what is harmless stays */
	SAFE("Größe 中文 🌷", "Größe 中文 🌷");
}

/* at most two marks on a character, none without one */
static void marks(void **state)
{
	(void)state;
	SAFE("e\u0301", "e\u0301");
	SAFE("e\u0301\u0302", "e\u0301\u0302");
	SAFE("e\u0301\u0302\u0303\u0304x",
	     "e\u0301\u0302\\u0303\\u0304x");
	SAFE("\u0301e", "\\u0301e");
	SAFE("\x1b\u0301", "\\x1b\\u0301");
	SAFE("a\x1b\u0301", "a\\x1b\\u0301");
	SAFE("a\u0300\u0301\u0302\u0303b\u0304",
	     "a\u0300\u0301\\u0302\\u0303b\u0304");
	SAFE("ab\u0301c\u0302", "ab\u0301c\u0302");
	/* 🌷 and two marks of three bytes fit a screen cell, four do not */
	SAFE("🌷\u20d0\u20d1", "🌷\u20d0\u20d1");
	SAFE("🌷\U00010a01\U00010a02", "🌷\U00010a01\\U00010a02");
}

static void limits(void **state)
{
	static const char text[] = "abc中文";
	static const char *const want[] = {
		"abc中文", "a...", "ab...", "abc...", "abc...", "abc...",
		"abc中...", "abc中...", "abc中...", "abc中文", "abc中文",
	};

	(void)state;
	for (size_t limit = 0; limit <= 10; limit++) {
		struct safe t = safe_text(text, strlen(text), limit);

		assert_string_equal(safe_str(t), want[limit]);
		safe_free(&t);
	}
	for (size_t limit = 1; limit < 5; limit++) {
		struct safe t = safe_text("🌷x", 5, limit);

		assert_string_equal(safe_str(t), limit < 4 ? "..." : "🌷...");
		safe_free(&t);
	}
	for (size_t limit = 1; limit < 4; limit++) {
		struct safe t = safe_text("\xe4\xb8\xad\xe4", 4, limit);

		assert_string_equal(safe_str(t), limit < 3 ? "..." : "中...");
		safe_free(&t);
	}
}

static void random_bytes(void **state)
{
	(void)state;
	srandom(3);
	for (int i = 0; i < 50000; i++) {
		/* exactly as long: reading past the end is found */
		size_t n = random() % 24;
		char *bytes = malloc(n ? n : 1);
		struct safe t;

		for (size_t k = 0; k < n; k++)
			bytes[k] = random() % 3 ? random()
						: 0x80 + random() % 64;
		t = safe_text(bytes, n, random() % 3 ? 0 : random() % 20);
		assert_harmless(safe_str(t));
		safe_free(&t);
		free(bytes);
	}
}

static void widths(void **state)
{
	(void)state;
	assert_int_equal(utf8_width(""), 0);
	assert_int_equal(utf8_width("abc"), 3);
	assert_int_equal(utf8_width("a中b"), 4);
	assert_int_equal(utf8_width("e\u0301"), 1);
	assert_int_equal(utf8_width("🌷"), 2);
	assert_int_equal(utf8_width("…"), 1);
	assert_int_equal(utf8_char_width(0), 0);
	assert_int_equal(utf8_char_width(-1), 1);
	assert_int_equal(utf8_char_width(0x378), 1);	/* unassigned */
}

static void check_fit(const char *s, int width, enum text_align align,
		      const char *want)
{
	struct buf b = { 0 };

	text_fit(&b, s, width, align, 0);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void check_middle(const char *s, int width, const char *want)
{
	struct buf b = { 0 };

	text_fit_middle(&b, s, width, 0);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void fits(void **state)
{
	struct buf b = { 0 };

	(void)state;
	check_fit("abc", 5, ALIGN_LEFT, "abc  ");
	check_fit("abc", 5, ALIGN_RIGHT, "  abc");
	check_fit("abc", 3, ALIGN_LEFT, "abc");
	check_fit("abcd", 3, ALIGN_LEFT, "ab…");
	check_fit("abcd", 3, ALIGN_RIGHT, "ab…");
	check_fit("abcd", 1, ALIGN_LEFT, "…");
	check_fit("abcd", 0, ALIGN_LEFT, "");
	check_fit("abcd", -1, ALIGN_LEFT, "");
	check_fit("", 2, ALIGN_LEFT, "  ");
	check_fit("中文字", 6, ALIGN_LEFT, "中文字");
	check_fit("中文字", 5, ALIGN_LEFT, "中文…");
	check_fit("中文字", 4, ALIGN_LEFT, "中… ");
	check_fit("中文字", 4, ALIGN_RIGHT, " 中…");
	check_fit("e\u0301e\u0301e\u0301", 2, ALIGN_LEFT, "e\u0301…");
	text_fit(&b, "abcd", 3, ALIGN_LEFT, 1);
	text_fit_middle(&b, "abcd", 3, 1);
	assert_string_equal(b.data, "ab~a~d");
	buf_free(&b);
	check_middle("10.0.0.5:443", 12, "10.0.0.5:443");
	check_middle("10.0.0.5:443", 14, "10.0.0.5:443  ");
	check_middle("[2001:db8::1]:443", 11, "[2001…]:443");
	check_middle("abcdefgh", 4, "a…gh");
	check_middle("abcdefgh", 2, "…h");
	check_middle("abcdefgh", 1, "…");
	check_middle("中文字中文字", 5, "中…字");
	check_middle("中文字中文字", 6, "中…字 ");
	check_middle("xe\u0301e\u0301e\u0301", 3, "x…e\u0301");
}

/* exactly that wide, whatever the text; never half a character */
static void fit_is_exact(void **state)
{
	static const char *const piece[] = {
		"a", "中", "e\u0301", "🌷", ":", "é", "\u0302",
	};

	(void)state;
	srandom(4);
	for (int i = 0; i < 20000; i++) {
		char text[128] = "";
		struct buf b = { 0 };
		int width = random() % 20;

		for (int n = random() % 16; n; n--)
			strcat(text, piece[random() % 7]);
		switch (i % 3) {
		case 0:
			text_fit(&b, text, width, ALIGN_LEFT, 0);
			break;
		case 1:
			text_fit(&b, text, width, ALIGN_RIGHT, 1);
			break;
		default:
			text_fit_middle(&b, text, width, 0);
		}
		assert_int_equal(utf8_width(buf_str(&b)), width);
		buf_free(&b);
	}
}

/* LANG=C: nothing is known of any character, and nothing breaks */
static void in_the_c_locale(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_ALL, "C"));
	assert_int_equal(utf8_char_width(0x4e2d), 1);
	assert_int_equal(utf8_width("a中b"), 3);
	SAFE("e\u0301\u0302\u0303", "e\u0301\u0302\\u0303");
	SAFE("\xe2\x80\xae 中", "\\u202e 中");
	check_fit("中文字", 2, ALIGN_LEFT, "中…");
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte),
		cmocka_unit_test(every_character),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(marks),
		cmocka_unit_test(limits),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(widths),
		cmocka_unit_test(fits),
		cmocka_unit_test(fit_is_exact),
		cmocka_unit_test(in_the_c_locale),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
