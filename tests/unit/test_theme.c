/*
 * Themes are whole, and as readable as they say: contrasts are those of WCAG,
 * colours those that xterm has; what a colour-blind person sees is computed by
 * the matrices of Machado, Oliveira and Fernandes (2009).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ui/theme.h"

enum { BLACK = 16, WHITE = 231 };

static double linear(int c)
{
	double v = c / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* of the 256, those above the 16 that everybody sets as he likes */
static void rgb(int n, double *v)
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 };

	assert_in_range(n, 16, 255);
	if (n >= 232) {
		v[0] = v[1] = v[2] = linear(8 + 10 * (n - 232));
		return;
	}
	v[0] = linear(steps[(n - 16) / 36]);
	v[1] = linear(steps[(n - 16) / 6 % 6]);
	v[2] = linear(steps[(n - 16) % 6]);
}

static double luminance(int n)
{
	double v[3];

	rgb(n, v);
	return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
}

static double contrast(int a, int b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

static double lab_step(double t)
{
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

enum sight { FULL, NO_RED, NO_GREEN, SIGHTS };

static void lab(int n, enum sight sight, double *out)
{
	static const double see[SIGHTS][3][3] = {
		[FULL] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
		[NO_RED] = { { 0.152286, 1.052583, -0.204868 },
			     { 0.114503, 0.786281, 0.099216 },
			     { -0.003882, -0.048116, 1.051998 } },
		[NO_GREEN] = { { 0.367322, 0.860646, -0.227968 },
			       { 0.280085, 0.672501, 0.047413 },
			       { -0.011820, 0.042940, 0.968881 } },
	};
	double v[3], s[3], x, y, z;

	rgb(n, v);
	for (int i = 0; i < 3; i++) {
		s[i] = 0;
		for (int k = 0; k < 3; k++)
			s[i] += see[sight][i][k] * v[k];
		s[i] = fmin(1, fmax(0, s[i]));
	}
	x = lab_step((0.4124 * s[0] + 0.3576 * s[1] + 0.1805 * s[2]) / 0.9505);
	y = lab_step(0.2126 * s[0] + 0.7152 * s[1] + 0.0722 * s[2]);
	z = lab_step((0.0193 * s[0] + 0.1192 * s[1] + 0.9505 * s[2]) / 1.089);
	out[0] = 116 * y - 16;
	out[1] = 500 * (x - y);
	out[2] = 200 * (y - z);
}

/* how far apart two colours are, for whom they are nearest */
static double apart(int a, int b)
{
	double p[3], q[3], d, least = 1000;

	for (enum sight s = FULL; s < SIGHTS; s++) {
		lab(a, s, p);
		lab(b, s, q);
		d = sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) +
			 pow(p[2] - q[2], 2));
		least = fmin(d, least);
	}
	return least;
}

static void test_the_measure_itself(void **state)
{
	(void)state;
	assert_float_equal(contrast(BLACK, WHITE), 21, 0.01);
	/* red and green of one lightness: far apart, but not for all */
	assert_true(apart(160, 28) < 20);
	assert_true(apart(33, 166) > 60);
}

/* An entry that was forgotten would be black on black. */
static void test_every_look_is_there(void **state)
{
	(void)state;
	for (int t = 0; t < THEME_COUNT; t++) {
		assert_true(themes[t].name && *themes[t].name);
		assert_true(themes[t].help && *themes[t].help);
		assert_int_equal(theme_find(themes[t].name), t);
		for (int i = 0; i < STYLE_COUNT; i++) {
			const struct look *l = &themes[t].look[i];

			if (l->few.color == l->few.background)
				assert_int_equal(l->few.color, -1);
			if (l->some.color == l->some.background)
				assert_int_equal(l->some.color, -1);
			if (l->many.color == l->many.background)
				assert_int_equal(l->many.color, -1);
			assert_in_range(l->few.color + 1, 0, 8);
			assert_in_range(l->few.background + 1, 0, 8);
			assert_in_range(l->some.color + 1, 0, 16);
			assert_in_range(l->some.background + 1, 0, 16);
		}
	}
	assert_int_equal(theme_find("Default"), -1);
	assert_int_equal(theme_find(""), -1);
}

static void test_colors_by_what_there_is(void **state)
{
	const struct look *l = &themes[THEME_LIGHT].look[STYLE_DIM];

	(void)state;
	assert_ptr_equal(look_paint(l, 8), &l->few);
	assert_ptr_equal(look_paint(l, 16), &l->some);
	assert_ptr_equal(look_paint(l, 88), &l->some);
	assert_ptr_equal(look_paint(l, 256), &l->many);
	assert_ptr_equal(look_paint(l, 1 << 24), &l->many);
}

static void test_mono_has_no_color(void **state)
{
	(void)state;
	for (int i = 0; i < STYLE_COUNT; i++)
		for (int colors = 8; colors <= 256; colors *= 2) {
			const struct look *l = &themes[THEME_MONO].look[i];
			const struct paint *p = look_paint(l, colors);

			assert_int_equal(p->color, -1);
			assert_int_equal(p->background, -1);
		}
}

/* The least contrast of a theme's text of 256 colours, where its background is
 * the terminal's: to that. */
static double least_contrast(enum theme_id t, int terminal)
{
	double least = 21;

	for (int i = 0; i < STYLE_COUNT; i++) {
		const struct paint *p = &themes[t].look[i].many;

		if (p->color < 0)
			continue;
		least = fmin(least, contrast(p->color, p->background < 0 ?
					     terminal : p->background));
	}
	return least;
}

static void test_contrast(void **state)
{
	(void)state;
	assert_true(least_contrast(THEME_DEFAULT, BLACK) >= 3.2);
	assert_true(least_contrast(THEME_DEFAULT, WHITE) >= 3.2);
	assert_true(least_contrast(THEME_COLOUR_BLIND, BLACK) >= 3.2);
	assert_true(least_contrast(THEME_COLOUR_BLIND, WHITE) >= 3.2);
	assert_true(least_contrast(THEME_LIGHT, WHITE) >= 3.9);
	assert_true(least_contrast(THEME_HIGH_CONTRAST, WHITE) >= 7);
	/* it does not depend on the terminal */
	for (int i = 0; i < STYLE_COUNT; i++) {
		const struct look *l = &themes[THEME_HIGH_CONTRAST].look[i];

		assert_true(l->few.color >= 0 && l->few.background >= 0);
		assert_true(l->some.color >= 0 && l->some.background >= 0);
		assert_true(l->many.color >= 0 && l->many.background >= 0);
	}
}

/* Those that say something by their colour, beside each other. */
static void test_told_apart_without_red_and_green(void **state)
{
	static const uint8_t together[][5] = {
		{ STYLE_NEW, STYLE_CHANGED, STYLE_GONE, STYLE_DIM },
		{ STYLE_ESTABLISHED, STYLE_CLOSE_WAIT, STYLE_SYN,
		  STYLE_TIME_WAIT },
	};
	const struct look *l = themes[THEME_COLOUR_BLIND].look;

	(void)state;
	for (size_t t = 0; t < sizeof(together) / sizeof(*together); t++)
		for (int i = 0; i < 4; i++)
			for (int k = 0; k < i; k++)
				assert_true(apart(
					l[together[t][i]].many.color,
					l[together[t][k]].many.color) > 18);
	/* of eight: no red text, no green */
	for (int i = 0; i < STYLE_COUNT; i++) {
		assert_true(l[i].few.color != 1 && l[i].few.color != 2);
		assert_true(l[i].few.background != 1 &&
			    l[i].few.background != 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_measure_itself),
		cmocka_unit_test(test_every_look_is_there),
		cmocka_unit_test(test_colors_by_what_there_is),
		cmocka_unit_test(test_mono_has_no_color),
		cmocka_unit_test(test_contrast),
		cmocka_unit_test(test_told_apart_without_red_and_green),
	};

	return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
