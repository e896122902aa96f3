/* The diagram: every state can be walked to, at every size nothing overlaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "scene.h"
#include "ui/canvas.h"
#include "ui/diagram.h"
#include "ui/keys.h"
#include "view/view.h"

static const int arrows[] = {
	UIKEY_UP, UIKEY_DOWN, UIKEY_LEFT, UIKEY_RIGHT,
};

static struct ui *open_at(struct scene *sc, int width, int height)
{
	static const uint8_t shown[] = { COL_STATE, COL_LOCAL };
	struct ui_options o = {
		.columns = shown, .column_count = sizeof(shown),
		.interval = NS_PER_SEC,
	};
	struct ui *ui;

	scene_all(sc);
	view_init(&o.view);
	ui = ui_new(sc->monitor, &o);
	ui_resize(ui, width, height);
	ui_pass(ui);
	ui_key(ui, 'd');
	return ui;
}

/* From that state by arrows: which can be reached? */
static unsigned reached(struct ui *ui, unsigned from, struct canvas *c)
{
	unsigned seen = STATE_BIT(from), todo = seen, s;
	size_t i;

	while (todo) {
		s = __builtin_ctz(todo);
		todo &= todo - 1;
		for (i = 0; i < 4; i++) {
			ui->diagram.node = s;
			ui_draw(ui, c);
			ui_key(ui, arrows[i]);
			if (!(seen & STATE_BIT(ui->diagram.node)))
				todo |= STATE_BIT(ui->diagram.node);
			seen |= STATE_BIT(ui->diagram.node);
		}
	}
	return seen;
}

static void test_every_state_is_reached(void **state)
{
	static const struct { int w, h; } sizes[] = { { 80, 24 }, { 60, 12 } };
	struct canvas c = { 0 };
	struct scene sc;
	struct ui *ui;
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		ui = open_at(&sc, sizes[i].w, sizes[i].h);
		for (k = 0; k < DIAGRAM_NODES; k++)
			assert_int_equal(reached(ui, diagram_order[k], &c),
					 STATES_ALL & ~1u);
		ui_free(ui);
		scene_free(&sc);
	}
	canvas_free(&c);
}

static bool shows(struct canvas *c, const char *s)
{
	struct buf b = { 0 };
	bool found;

	canvas_text(c, &b);
	found = strstr(buf_str(&b), s);
	buf_free(&b);
	return found;
}

/* At any size all counts are there, or the list says how many are not. */
static void test_any_size(void **state)
{
	struct canvas c = { 0 };
	struct table_counts counts = { 0 };
	struct scene sc;
	struct ui *ui = open_at(&sc, 80, 24);
	char want[16];
	int w, h, i;

	(void)state;
	/* each its own, as long as they get */
	for (i = 0; i < DIAGRAM_NODES; i++)
		counts.state[diagram_order[i]] = 1000001 + i;
	history_add(&sc.monitor->history, sc.monitor->status.pass_at, &counts);
	for (w = 60; w < 210; w += 3)
		for (h = 12; h < 70; h += 3) {
			ui_resize(ui, w, h);
			ui_draw(ui, &c);
			assert_true(shows(&c, "diagram"));
			if (ui->diagram.as_list &&
			    ui->diagram.scroll.page < DIAGRAM_NODES) {
				assert_true(shows(&c, " of 12 "));
				continue;
			}
			for (i = 0; i < DIAGRAM_NODES; i++) {
				snprintf(want, sizeof(want), "1,000,0%02d",
					 1 + i);
				if (!shows(&c, want))
					fail_msg("%dx%d: no %s", w, h, want);
			}
		}
	canvas_free(&c);
	ui_free(ui);
	scene_free(&sc);
}

/* What is not known is a dash, where only passes look as well. */
static void test_rates(void **state)
{
	struct buf b = { 0 };
	struct scene sc;
	struct ui *ui = open_at(&sc, 80, 24);

	(void)state;
	ui->diagram.exact = false;
	diagram_rate_text(ui, 0, &b);
	diagram_rate_text(ui, -1, &b);
	diagram_rate_text(ui, 12, &b);
	assert_string_equal(buf_str(&b), "--≥12/s");
	ui->diagram.exact = true;
	buf_reset(&b);
	diagram_rate_text(ui, 0, &b);
	diagram_rate_text(ui, -1, &b);
	assert_string_equal(buf_str(&b), "0/s-");
	buf_free(&b);
	ui_free(ui);
	scene_free(&sc);
}

/* Enter and Esc leave everything as it was. */
static void test_in_and_out(void **state)
{
	struct scene sc;
	struct ui *ui = open_at(&sc, 80, 24);
	unsigned before = STATES_ALL & ~STATE_BIT(STATE_TIME_WAIT);

	(void)state;
	ui->view.states = before;
	ui->view.listeners_only = true;
	ui->diagram.node = STATE_CLOSE_WAIT;
	ui_key(ui, UIKEY_ENTER);
	assert_false(ui->diagram.open);
	assert_int_equal(ui->view.states, STATE_BIT(STATE_CLOSE_WAIT));
	assert_int_equal(rows_live(ui), 2);
	ui_key(ui, UIKEY_ESC);
	assert_true(ui->diagram.open);
	assert_int_equal(ui->view.states, before);
	assert_true(ui->view.listeners_only);
	ui_key(ui, UIKEY_ESC);
	assert_false(ui->diagram.open);
	assert_int_equal(ui->view.states, before);
	ui_free(ui);
	scene_free(&sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state_is_reached),
		cmocka_unit_test(test_any_size),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_in_and_out),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("diagram", tests, NULL, NULL);
}
