/*
 * Numbers as people read them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "view/format.h"

#define SEC	NS_PER_SEC
#define DAY	(86400 * NS_PER_SEC)

static void is(struct buf *b, const char *want)
{
	assert_string_equal(buf_str(b), want);
	buf_free(b);
}

static void duration(void **state)
{
	static const struct {
		int64_t ns;
		const char *want;
	} cases[] = {
		{ INT64_MIN, "0.0s" }, { -1, "0.0s" }, { 0, "0.0s" },
		{ 99999999, "0.0s" }, { 400 * NS_PER_MS, "0.4s" },
		{ 10 * SEC - 1, "9.9s" }, { 10 * SEC, "10s" },
		{ 60 * SEC - 1, "59s" }, { 60 * SEC, "1m00s" },
		{ 724 * SEC, "12m04s" }, { 3600 * SEC - 1, "59m59s" },
		{ 3600 * SEC, "1h00m" }, { 11220 * SEC, "3h07m" },
		{ DAY - 1, "23h59m" }, { DAY, "1d00h" },
		{ 10 * DAY - 1, "9d23h" }, { 41 * DAY, "41d" },
		{ 1000 * DAY - 1, "999d" }, { 1095 * DAY, "3y" },
		{ INT64_MAX, "292y" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = { 0 };

		format_duration(&b, cases[i].ns);
		is(&b, cases[i].want);
	}
}

/* Whatever the number, the column is as wide as was promised. */
static void widths(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int64_t ns = 1; ns > 0 && ns < INT64_MAX / 3; ns += ns / 7 + 1) {
		buf_reset(&b);
		format_duration(&b, ns);
		assert_in_range(b.len, 2, 6);
	}
	for (uint64_t n = 1; n < UINT64_MAX / 3; n += n / 7 + 1) {
		buf_reset(&b);
		format_short(&b, n);
		assert_in_range(b.len, 1, 4);
	}
	buf_free(&b);
}

static void counts(void **state)
{
	static const struct {
		uint64_t n;
		const char *count, *brief;
	} cases[] = {
		{ 0, "0", "0" }, { 999, "999", "999" },
		{ 1000, "1,000", "1.0k" }, { 2431, "2,431", "2.4k" },
		{ 9999, "9,999", "9.9k" }, { 10000, "10,000", "10k" },
		{ 999999, "999,999", "999k" },
		{ 34000000, "34,000,000", "34M" },
		{ UINT64_MAX, "18,446,744,073,709,551,615", "18E" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = { 0 };

		format_count(&b, cases[i].n);
		is(&b, cases[i].count);
		format_short(&b, cases[i].n);
		is(&b, cases[i].brief);
	}
}

/* unknown is never zero, and little is not zero either */
static void rates(void **state)
{
	static const struct {
		double v;
		const char *rate, *percent;
	} cases[] = {
		{ -1, "-", "-" }, { NAN, "-", "-" }, { INFINITY, "-", "-" },
		{ 0, "0/s", "0%" }, { 0.0003, "<0.1/s", "<0.1%" },
		{ 0.003, "<0.1/s", "0.3%" }, { 0.3, "0.3/s", "30%" },
		{ 1, "1/s", "100%" }, { 2.04, "2/s", "204%" },
		{ 9.96, "10/s", "996%" }, { 128.4, "128/s", "12,840%" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = { 0 };

		format_rate(&b, cases[i].v);
		is(&b, cases[i].rate);
		format_percent(&b, cases[i].v);
		is(&b, cases[i].percent);
	}
}

static void set_zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

/* In another zone, and at another second: what one second reads is kept. */
static void set_zone_anew(const char *zone)
{
	struct buf b = { 0 };

	set_zone(zone);
	format_rfc3339(&b, 0);
	buf_free(&b);
}

static void clocks(void **state)
{
	int64_t wall = INT64_C(1795348987) * SEC + 812 * NS_PER_MS + 999;
	struct buf b = { 0 };

	(void)state;
	set_zone("UTC");
	format_clock(&b, wall, false);
	is(&b, "12:03:07");
	format_clock(&b, wall, true);
	is(&b, "12:03:07.812");
	format_rfc3339(&b, wall);
	is(&b, "2026-11-22T12:03:07.812+00:00");
	/* before 1970 the milliseconds still count upwards */
	format_rfc3339(&b, -1);
	is(&b, "1969-12-31T23:59:59.999+00:00");

	set_zone_anew("XXX-05:30");
	format_rfc3339(&b, wall);
	is(&b, "2026-11-22T17:33:07.812+05:30");
	set_zone_anew("XXX+03:30");
	format_rfc3339(&b, wall);
	is(&b, "2026-11-22T08:33:07.812-03:30");
	set_zone("UTC");
}

static void ascii(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_puts(&b, "→ kept: a→日\xff");
	format_ascii(&b, strlen("→ kept: "));
	is(&b, "→ kept: a???");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duration),
		cmocka_unit_test(widths),
		cmocka_unit_test(counts),
		cmocka_unit_test(rates),
		cmocka_unit_test(clocks),
		cmocka_unit_test(ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
