/*
 * How one change reads.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <time.h>

#include "scene.h"
#include "view/changeline.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	scene_all(&scene);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_free(&scene);
	return 0;
}

static void is(struct buf *b, const char *want)
{
	assert_string_equal(buf_str(b), want);
	buf_free(b);
}

static struct change a_change(void)
{
	struct change ch = {
		.id = {
			.family = AF_INET, .protocol = IPPROTO_TCP,
			.local = { { 10, 0, 0, 5 } }, .local_port = 443,
			.remote = { { 203, 0, 113, 9 } }, .remote_port = 51234,
		},
		.slot = UINT32_MAX,
		.bytes_sent = U64_UNKNOWN, .bytes_received = U64_UNKNOWN,
		.rtt_us = U32_UNKNOWN,
		.kind = CHANGE_STATE,
		.from = STATE_ESTABLISHED, .to = STATE_CLOSE_WAIT,
		.dwell = TIME_UNKNOWN,
	};

	return ch;
}

static void what(void **state)
{
	struct change ch = a_change();
	struct buf b = { 0 };

	(void)state;
	changeline_what(&b, &ch, false);
	is(&b, "~ ESTABLISHED → CLOSE_WAIT");
	changeline_what(&b, &ch, true);
	is(&b, "~ ESTABLISHED -> CLOSE_WAIT");
	ch.kind = CHANGE_OPENED;
	ch.from = STATE_NONE;
	ch.to = STATE_ESTABLISHED;
	changeline_what(&b, &ch, false);
	is(&b, "+ opened");
	ch.to = STATE_LISTEN;
	changeline_what(&b, &ch, false);
	is(&b, "+ opened LISTEN");
	ch.kind = CHANGE_CLOSED;
	ch.from = 14;
	ch.to = STATE_NONE;
	changeline_what(&b, &ch, false);
	is(&b, "− unknown(14) → closed");
	changeline_what(&b, &ch, true);
	is(&b, "- unknown(14) -> closed");
}

static void ends(void **state)
{
	struct column_context c = { .monitor = scene.monitor };
	struct change ch = a_change();
	struct buf b = { 0 };

	(void)state;
	changeline_ends(&b, &c, &ch, false);
	is(&b, "10.0.0.5:443 – 203.0.113.9:51234");
	changeline_ends(&b, &c, &ch, true);
	is(&b, "10.0.0.5:443 - 203.0.113.9:51234");
	ch.direction = DIR_IN;
	changeline_ends_aligned(&b, &c, &ch, 14, false);
	is(&b, "10.0.0.5:443   ← 203.0.113.9:51234");
	ch.direction = DIR_OUT;
	changeline_ends_aligned(&b, &c, &ch, 5, true);
	is(&b, "10.0.0.5:443 -> 203.0.113.9:51234");
	ch.id.remote = (struct addr){ { 0 } };
	ch.id.remote_port = 0;
	changeline_ends_aligned(&b, &c, &ch, 14, true);
	is(&b, "10.0.0.5:443");
}

static const char *when(struct buf *b, int64_t wall, int64_t span,
			unsigned certainty, bool ascii)
{
	struct change ch = a_change();

	ch.wall = wall;
	ch.at = INT64_C(1000) * NS_PER_SEC;
	ch.after = ch.at - span;
	ch.certainty = (uint8_t)certainty;
	buf_reset(b);
	changeline_time(b, scene.monitor, &ch, ascii);
	return b->data;
}

static void times(void **state)
{
	int64_t wall = scene.clock.wall_ns - 188 * NS_PER_MS;
	int64_t s = NS_PER_SEC;
	struct buf b = { 0 };

	(void)state;
	assert_string_equal(when(&b, wall, 0, CERTAIN_EXACT, false),
			    "12:03:06.812");
	assert_string_equal(when(&b, wall, s, CERTAIN_BETWEEN, false),
			    "12:03:05–06");
	assert_string_equal(when(&b, wall, s, CERTAIN_BETWEEN, true),
			    "12:03:05-06");
	assert_string_equal(when(&b, wall, s, CERTAIN_INFERRED, false),
			    "12:03:05–06?");
	/* within one second, within a tenth, over a minute's end, and long */
	assert_string_equal(when(&b, wall, s / 2, CERTAIN_BETWEEN, false),
			    "12:03:06.3–8");
	assert_string_equal(when(&b, wall, s / 1000, CERTAIN_BETWEEN, false),
			    "12:03:06.8");
	assert_string_equal(when(&b, wall, 10 * s, CERTAIN_BETWEEN, false),
			    "12:02:56–06");
	assert_string_equal(when(&b, wall, 3600 * s, CERTAIN_BETWEEN, false),
			    "11:03–12:03");
	buf_free(&b);
}

static void dwell(void **state)
{
	struct change ch = a_change();
	struct buf b = { 0 };

	(void)state;
	changeline_dwell(&b, &ch, false);
	is(&b, "");
	ch.dwell = 3200 * NS_PER_MS;
	ch.dwell_certainty = CERTAIN_BETWEEN;
	changeline_dwell(&b, &ch, false);
	is(&b, "after 3.2s");
	ch.dwell_certainty = CERTAIN_AT_LEAST;
	changeline_dwell(&b, &ch, false);
	is(&b, "after ≥3.2s");
	changeline_dwell(&b, &ch, true);
	is(&b, "after >=3.2s");
	ch.dwell_certainty = CERTAIN_EXACT;
	ch.dwell = 48 * NS_PER_MS;
	changeline_dwell(&b, &ch, false);
	is(&b, "after 48ms");
	ch.dwell = NS_PER_MS / 4;
	changeline_dwell(&b, &ch, false);
	is(&b, "after 0.2ms");
	ch.dwell = 3200 * NS_PER_MS;
	ch.dwell_certainty = CERTAIN_AT_MOST;
	ch.bytes_sent = 1234;
	ch.bytes_received = 0;
	ch.rtt_us = 0;		/* never measured */
	changeline_dwell(&b, &ch, false);
	is(&b, "after ≤3.2s, sent 1.2k got 0");
	ch.rtt_us = 1250;
	changeline_dwell(&b, &ch, true);
	is(&b, "after <=3.2s, sent 1.2k got 0 rtt 1.25ms");
}

/* What is found later is told of earlier changes, too, but only of the same
 * socket. */
static void owner(void **state)
{
	const struct table *t = scene.monitor->table;
	struct sock *s = scene_find(&scene, SCENE_PORT_HTTPS, 51234);
	struct change ch = a_change();
	struct buf b = { 0 };

	(void)state;
	ch.owner = OWNER_PENDING;
	changeline_owner(&b, scene.monitor, &ch, false);
	is(&b, "…");
	ch.slot = table_slot_of(t, s);
	ch.serial = s->serial;
	changeline_owner(&b, scene.monitor, &ch, false);
	is(&b, "nginx[1234]");
	ch.serial++;
	ch.owner = s->owner;
	ch.owner_last = true;
	changeline_owner(&b, scene.monitor, &ch, true);
	is(&b, "(nginx[1234])");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what),
		cmocka_unit_test(ends),
		cmocka_unit_test(times),
		cmocka_unit_test(dwell),
		cmocka_unit_test(owner),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
