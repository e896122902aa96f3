/*
 * fuzz.c - random keys, clicks, passes and sizes: nothing may break
 *
 * No expectations but those of the sanitizers, and of what every frame has to
 * hold: the size asked for, one column a cell, nothing but ASCII where only
 * ASCII can be printed.  SEED=n and STEPS=n in the environment; the seed of a
 * failure is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/scene.h"
#include "base/text.h"
#include "ui/canvas.h"
#include "ui/ui.h"
#include "view/view.h"

static uint64_t seed;

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 11) % n;
}

static int random_key(void)
{
	static const char usual[] =
		"jjjjkkgGsS<>pp tra+-/\\nNl?hq1234567890b:443java\x15\x17";

	switch (pick(8)) {
	case 0:
		return UIKEY_UP + (int)pick(UIKEY_CTRL_C - UIKEY_UP + 1);
	case 1:
		return UIKEY_ENTER;
	case 2:
		return UIKEY_ESC;
	case 3:
		return UIKEY_TAB;
	case 4:
		/* any character, invisible and wide ones too */
		return 1 + (int)pick(pick(2) ? 0x3000 : 0x10ffff);
	default:
		return usual[pick(sizeof(usual) - 1)];
	}
}

static void check_frame(const struct canvas *c, int width, int height,
			bool ascii)
{
	const struct cell *cell;
	const char *next, *p;
	int x, y, w;

	assert_int_equal(c->width, width);
	assert_int_equal(c->height, height);
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++) {
			cell = &c->cells[(size_t)y * width + x];
			assert_true(cell->style < STYLE_COUNT);
			p = cell->text;
			if (!*p) {
				/* only right of a wide one */
				assert_true(x > 0);
				assert_int_equal(utf8_width(cell[-1].text), 2);
				continue;
			}
			assert_true(memchr(p, '\0', CELL_TEXT_MAX) != NULL);
			w = utf8_char_width(utf8_next(p, p + strlen(p),
						      &next));
			assert_true(w == 1 || (x + 1 < width &&
					       !cell[1].text[0]));
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
			if (ascii)
				assert_true((unsigned char)*p < 0x7f);
		}
}

static void random_status(struct status *s)
{
	s->stale = !pick(4);
	s->hidden_sockets = pick(3) * 17;
	s->bad_rows = pick(2) * 3;
	strcpy(s->partial, pick(3) ? "" : "cut short after 3 of 9 rows");
	strcpy(s->note, pick(3) ? "" : "no IPv6 on this host");
}

static struct ui *open_ui(struct monitor *m, bool ascii)
{
	uint8_t shown[COLUMN_COUNT];
	struct ui_options o = {
		.columns = shown, .interval = NS_PER_SEC, .ascii = ascii,
		.names = pick(2),
	};
	int i;

	view_init(&o.view);
	for (i = 0; i < COLUMN_COUNT; i++)
		if (pick(3))
			shown[o.column_count++] = i;
	return ui_new(m, &o);
}

/* One life of a screen, from its first frame to its end. */
static void play(int steps)
{
	struct scene sc;
	struct canvas c = { 0 };
	struct ui *ui;
	bool ascii = pick(2);
	unsigned effects;
	int i, width = 80, height = 24;

	scene_init(&sc);
	ui = open_ui(sc.monitor, ascii);
	ui_resize(ui, width, height);
	for (i = 0; i < steps; i++) {
		switch (pick(12)) {
		case 0:
			width = pick(pick(3) ? 160 : 501);
			height = pick(pick(3) ? 50 : 501);
			ui_resize(ui, width, height);
			break;
		case 1:
			scene_pass(&sc);
			random_status(&sc.monitor->status);
			ui_pass(ui);
			while (ui_find(ui, NS_PER_SEC, &effects))
				;
			break;
		case 2:
		case 3:
			ui_mouse(ui, (int)pick(width + 2) - 1,
				 (int)pick(height + 2) - 1,
				 (enum ui_button)pick(3));
			break;
		case 4:
			if (!pick(40)) {
				scene_bulk(&sc, pick(300));
				ui_pass(ui);
			}
			break;
		default:
			ui_key(ui, random_key());
		}
		/* several keys between two frames, as when typing fast */
		if (pick(3)) {
			ui_draw(ui, &c);
			check_frame(&c, width, height, ascii);
		}
	}
	canvas_free(&c);
	ui_free(ui);
	scene_free(&sc);
}

static void test_random(void **state)
{
	const char *text = getenv("STEPS");
	int steps = text ? atoi(text) : 10000;

	(void)state;
	text = getenv("SEED");
	seed = text ? strtoull(text, NULL, 10) : 20261122;
	for (; steps > 0; steps -= 500) {
		print_message("# SEED=%llu\n", (unsigned long long)seed);
		play(steps < 500 ? steps : 500);
	}
}

static void test_resizes(void **state)
{
	struct scene sc;
	struct canvas c = { 0 };
	struct ui *ui;
	int i, width, height;

	(void)state;
	seed = 2;
	scene_all(&sc);
	ui = open_ui(sc.monitor, false);
	for (i = 0; i < 10000; i++) {
		width = pick(pick(100) ? 140 : 501);
		height = pick(pick(100) ? 40 : 501);
		ui_resize(ui, width, height);
		if (!pick(4))
			ui_key(ui, random_key());
		ui_draw(ui, &c);
		check_frame(&c, width, height, false);
	}
	canvas_free(&c);
	ui_free(ui);
	scene_free(&sc);
}

static void test_huge(void **state)
{
	struct scene sc;
	struct canvas c = { 0 };
	struct ui *ui;

	(void)state;
	seed = 1;
	scene_all(&sc);
	ui = open_ui(sc.monitor, false);
	ui_resize(ui, 1000, 1000);
	ui_draw(ui, &c);
	check_frame(&c, 1000, 1000, false);
	ui_resize(ui, 500, 1);
	ui_draw(ui, &c);
	ui_resize(ui, 1, 500);
	ui_draw(ui, &c);
	check_frame(&c, 1, 500, false);
	canvas_free(&c);
	ui_free(ui);
	scene_free(&sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_resizes),
		cmocka_unit_test(test_huge),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("1..0 # SKIP no UTF-8 locale\n");
		return 0;
	}
	return cmocka_run_group_tests_name("screen fuzz", tests, NULL, NULL);
}
