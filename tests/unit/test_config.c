/*
 * The config file as text: what is wrong is said with its line and costs
 * nothing but that line; what is written reads as the same.
 *
 * tests/fixture/config/NN.conf are broken files, NN.expected what is said of
 * each, and the settings that are other than the default after it; UPDATE=1
 * writes these anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "conf.h"
#include "model/state.h"
#include "ui/theme.h"
#include "view/group.h"

static void read_whole(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return;
	while ((n = fread(buf_reserve(out, 4096), 1, 4096, f)) > 0)
		out->len += n;
	buf_reserve(out, 1)[0] = '\0';
	fclose(f);
}

static void parse(struct conf *c, const char *name, const char *text,
		  size_t n)
{
	memset(c, 0, sizeof(*c));
	settings_default(&c->kept);
	c->name = mem_strdup(name);
	conf_parse(c, text, n);
}

static void assert_same(const struct settings *a, const struct settings *b)
{
	for (int i = 0; i < settings_count; i++)
		if (!setting_same(&settings_table[i], a, b))
			fail_msg("%s differs", settings_table[i].name);
}

/* What a file of tests/fixture/config comes to. */
static void tell(const char *name, const struct buf *text, struct buf *out)
{
	struct settings usual;
	struct conf c;

	parse(&c, name, buf_str(text), text->len);
	buf_add(out, buf_str(&c.said), c.said.len);
	buf_puts(out, "----\n");
	settings_default(&usual);
	for (int i = 0; i < settings_count; i++) {
		if (setting_same(&settings_table[i], &usual, &c.kept))
			continue;
		buf_printf(out, "%s = ", settings_table[i].name);
		setting_print(&settings_table[i], &c.kept, out);
		buf_char(out, '\n');
	}
	conf_close(&c);
}

static void compare(const char *path, const struct buf *got)
{
	struct buf want = { 0 };
	FILE *f;

	if (getenv("UPDATE")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fwrite(got->data, 1, got->len, f);
		fclose(f);
	}
	read_whole(path, &want);
	assert_string_equal(buf_str(got), buf_str(&want));
	buf_free(&want);
}

static void each_fixture(void (*test)(const char *name, const struct buf *text,
				      const char *path))
{
	const char *srcdir = getenv("srcdir");
	char pattern[4096];
	glob_t g;

	snprintf(pattern, sizeof(pattern), "%s/tests/fixture/config/*.conf",
		 srcdir ? srcdir : ".");
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	assert_true(g.gl_pathc >= 20);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		const char *path = g.gl_pathv[i];
		struct buf text = { 0 };

		read_whole(path, &text);
		assert_true(text.len);
		test(strrchr(path, '/') + 1, &text, path);
		buf_free(&text);
	}
	globfree(&g);
}

static void one_is_told(const char *name, const struct buf *text,
			const char *path)
{
	struct buf out = { 0 }, expected = { 0 };

	tell(name, text, &out);
	buf_printf(&expected, "%.*s.expected", (int)(strlen(path) - 5), path);
	compare(expected.data, &out);
	/* each says something, of a line, and no sequence gets through */
	assert_int_equal(strncmp(out.data, name, strlen(name)), 0);
	for (const char *p = out.data; *p; p++)
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
	buf_free(&out);
	buf_free(&expected);
}

static void test_what_is_wrong_is_told(void **state)
{
	(void)state;
	each_fixture(one_is_told);
}

/* Is each line of the one in the other, as it was or as a comment, or as the
 * new value of its key? */
static void assert_lines_kept(const struct buf *old, const struct buf *new)
{
	const char *p = old->data, *end = old->data + old->len;

	while (p < end) {
		const char *newline = memchr(p, '\n', end - p);
		size_t n = (newline ? newline : end) - p;

		assert_non_null(memmem(new->data, new->len, p, n));
		p += n + 1;
	}
}

/* Saved with the values they came to, broken files keep every line. */
static void one_is_kept(const char *name, const struct buf *text,
			const char *path)
{
	struct buf out = { 0 }, again = { 0 };
	struct conf c, d;

	(void)path;
	parse(&c, name, buf_str(text), text->len);
	conf_text(&c.kept, buf_str(text), text->len, &out);
	assert_lines_kept(text, &out);
	parse(&d, name, out.data, out.len);
	assert_same(&c.kept, &d.kept);
	conf_text(&d.kept, out.data, out.len, &again);
	assert_int_equal(again.len, out.len);
	assert_memory_equal(again.data, out.data, out.len);
	conf_close(&c);
	conf_close(&d);
	buf_free(&out);
	buf_free(&again);
}

static void test_what_is_wrong_is_kept(void **state)
{
	(void)state;
	each_fixture(one_is_kept);
}

static void test_by_hand(void **state)
{
	static const char old[] =
		"# mine\n"
		"  delay=2\n"
		"frobnicate = yes\n"
		"; odd\n"
		"theme =  light\n"
		"names = maybe\n"
		"delay = 3";
	static const char want[] =
		"# mine\n"
		"  delay=2\n"
		"frobnicate = yes\n"
		"; odd\n"
		"theme = mono\n"
		"# names = maybe\n"
		"names = yes\n"
		"delay = 3\n"
		"\n# columns: ";
	struct buf out = { 0 };
	struct settings s;

	(void)state;
	settings_default(&s);
	s.delay = 2 * NS_PER_SEC;
	s.theme = THEME_MONO;
	s.names = true;
	conf_text(&s, old, strlen(old), &out);
	assert_int_equal(strncmp(out.data, want, strlen(want)), 0);
	assert_non_null(strstr(out.data, "\nsort = +state\n"));
	assert_null(strstr(out.data, "\ntheme = light"));
	buf_free(&out);
}

static uint64_t seed = 1;

static unsigned dice(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % n;
}

static void random_settings(struct settings *s)
{
	static const char *const filters[] = {
		"", ":443", "state established", "process ~ ^java", "'#x'",
		"rtt > 50ms or retrans > 3", "sport = :22 not src 10.0.0.0/8",
	};
	uint8_t order[COLUMN_COUNT] = { 0 };

	settings_default(s);
	s->delay = (NS_PER_SEC / 10) + (int64_t)dice(1000000) * 3599900;
	s->budget = 1 + dice(10000);
	for (int i = 0; i < COLUMN_COUNT; i++) {
		int k = (int)dice(i + 1);

		order[i] = order[k];
		order[k] = (uint8_t)i;
	}
	s->column_count = (uint8_t)(1 + dice(COLUMN_COUNT));
	memcpy(s->columns, order, s->column_count);
	for (int i = 0; i < s->column_count; i++)
		s->width[s->columns[i]] = dice(2) ? dice(256) : 0;
	s->sort = (uint8_t)dice(COLUMN_COUNT);
	s->reverse = dice(2);
	s->theme = (uint8_t)dice(THEME_COUNT);
	s->group = (uint8_t)dice(GROUP_COUNT);
	s->source = (uint8_t)dice(3);
	s->events = (uint8_t)dice(4);
	s->names = dice(2);
	s->listeners = dice(2);
	s->ascii = dice(2);
	s->mouse = dice(2);
	s->read_only = dice(2);
	s->states = dice(4) ? dice(STATES_ALL + 1) & STATES_ALL : STATES_ALL;
	if (s->states)
		s->states |= STATE_BIT(STATE_OTHER);
	if (s->states == STATE_BIT(STATE_OTHER))
		s->states = 0;
	strcpy(s->filter, filters[dice(7)]);
}

/* Written, read, written again: the same settings, the same text. */
static void round_trip(const struct settings *s)
{
	struct buf first = { 0 }, second = { 0 }, over = { 0 };
	struct settings usual;
	struct conf c;

	conf_text(s, "", 0, &first);
	parse(&c, "x", first.data, first.len);
	assert_string_equal(buf_str(&c.said), "");
	assert_same(s, &c.kept);
	assert_memory_equal(s->columns, c.kept.columns, s->column_count);
	assert_memory_equal(s->width, c.kept.width, sizeof(s->width));
	assert_int_equal(s->delay, c.kept.delay);
	assert_int_equal(s->states, c.kept.states);
	conf_text(&c.kept, "", 0, &second);
	assert_string_equal(first.data, second.data);
	conf_text(&c.kept, first.data, first.len, &over);
	assert_string_equal(first.data, over.data);
	conf_close(&c);
	/* over the default file: as if written anew */
	buf_reset(&first);
	buf_reset(&over);
	settings_default(&usual);
	conf_text(&usual, "", 0, &first);
	conf_text(s, first.data, first.len, &over);
	assert_string_equal(over.data, second.data);
	buf_free(&first);
	buf_free(&second);
	buf_free(&over);
}

static void test_round_trip(void **state)
{
	struct settings s;

	(void)state;
	settings_default(&s);
	round_trip(&s);
	for (int i = 0; i < 500; i++) {
		random_settings(&s);
		round_trip(&s);
	}
}

/* Bytes of all kinds: no crash, no message without a line, bounded. */
static void test_noise(void **state)
{
	char text[3000];
	struct conf c;
	struct buf out = { 0 };

	(void)state;
	for (int i = 0; i < 300; i++) {
		size_t n = dice(sizeof(text));

		for (size_t k = 0; k < n; k++)
			text[k] = dice(8) ? "delay=\n, #:x1\r\0"[dice(15)] :
				  (char)dice(256);
		parse(&c, "noise", text, n);
		assert_true(c.said.len < 100 * 200);
		buf_reset(&out);
		conf_text(&c.kept, text, n, &out);
		conf_close(&c);
	}
	buf_free(&out);
}

static void test_table_is_whole(void **state)
{
	struct settings s, t;

	(void)state;
	settings_default(&s);
	assert_true(settings_count <= 64);
	for (int i = 0; i < settings_count; i++) {
		const struct setting *set = &settings_table[i];
		struct buf b = { 0 };

		assert_true(set->name && *set->name && set->help && *set->help);
		assert_non_null(set->kind);
		assert_ptr_equal(setting_find(set->name, strlen(set->name)),
				 set);
		set->kind->wants(set, &b);
		assert_true(b.len);
		buf_free(&b);
		/* there and back again */
		t = s;
		setting_step(set, &t, 1);
		if (set->kind->step)
			assert_false(setting_same(set, &s, &t));
		setting_step(set, &t, -1);
		assert_true(setting_same(set, &s, &t));
	}
	assert_null(setting_find("dela", 4));
	assert_null(setting_find("", 0));
	assert_non_null(setting_find("read_only", 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_whole),
		cmocka_unit_test(test_what_is_wrong_is_told),
		cmocka_unit_test(test_what_is_wrong_is_kept),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
