/* The counters: at a million sockets no number is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "scene.h"
#include "ui/canvas.h"
#include "ui/ui.h"
#include "view/view.h"

static bool shows(const struct canvas *c, const char *s)
{
	struct buf b = { 0 };
	bool found;

	canvas_text(c, &b);
	found = strstr(buf_str(&b), s);
	buf_free(&b);
	return found;
}

static void million(void **state)
{
	static const uint8_t shown[] = { COL_STATE, COL_LOCAL };
	struct ui_options o = {
		.columns = shown, .column_count = sizeof(shown),
		.interval = NS_PER_SEC,
	};
	struct table_counts counts = { 0 };
	struct canvas c = { 0 };
	struct scene sc;
	struct ui *ui;
	char want[32];

	(void)state;
	scene_all(&sc);
	view_init(&o.view);
	sc.monitor->status.source = "netlink";	/* counts BOUND, too */
	ui = ui_new(sc.monitor, &o);
	for (size_t i = 0; i < state_order_count; i++)
		counts.state[state_order[i]] = 12000001 + i;
	history_add(&sc.monitor->history, sc.monitor->status.pass_at, &counts);
	for (int w = 80; w < 210; w++) {
		ui_resize(ui, w, 24 + w % 30);
		ui_draw(ui, &c);
		assert_true(shows(&c, "ESTABLISHED "));
		for (size_t i = 0; i < state_order_count; i++) {
			snprintf(want, sizeof(want), " 12,000,0%02zu", 1 + i);
			if (!shows(&c, want))
				fail_msg("%d wide: no%s", w, want);
		}
	}
	canvas_free(&c);
	ui_free(ui);
	scene_free(&sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(million),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
