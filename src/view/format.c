#include "view/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

enum { DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60 };

/* two digits; v < 100 */
static void add_two(struct buf *out, unsigned v)
{
	char digits[2] = { (char)('0' + v / 10), (char)('0' + v % 10) };

	buf_add(out, digits, 2);
}

/* "12m04s": the bigger unit as it is, the smaller one in two digits */
static void add_pair(struct buf *out, uint64_t big, char big_unit,
		     unsigned small, char small_unit)
{
	buf_uint(out, big);
	buf_char(out, big_unit);
	add_two(out, small);
	buf_char(out, small_unit);
}

void format_duration(struct buf *out, int64_t ns)
{
	uint64_t s, tenths;

	if (ns < 0)
		ns = 0;
	tenths = (uint64_t)ns / (NS_PER_SEC / 10);
	s = tenths / 10;
	if (s < 10) {
		char text[4] = { (char)('0' + s), '.',
				 (char)('0' + tenths % 10), 's' };

		buf_add(out, text, sizeof(text));
	} else if (s < MINUTE_S) {
		buf_uint(out, s);
		buf_char(out, 's');
	} else if (s < HOUR_S) {
		add_pair(out, s / MINUTE_S, 'm', s % MINUTE_S, 's');
	} else if (s < DAY_S) {
		add_pair(out, s / HOUR_S, 'h', s % HOUR_S / MINUTE_S, 'm');
	} else if (s < 10 * DAY_S) {
		add_pair(out, s / DAY_S, 'd', s % DAY_S / HOUR_S, 'h');
	} else if (s < 1000 * UINT64_C(86400)) {
		buf_uint(out, s / DAY_S);
		buf_char(out, 'd');
	} else {
		buf_uint(out, s / DAY_S / 365);
		buf_char(out, 'y');
	}
}

void format_count(struct buf *out, uint64_t n)
{
	char text[32], *end = text + sizeof(text), *p = end;
	int digits = 0;

	do {
		if (digits && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
		digits++;
	} while (n /= 10);
	buf_add(out, p, (size_t)(end - p));
}

void format_short(struct buf *out, uint64_t n)
{
	static const char unit[] = "kMGTPE";
	uint64_t scale = 1;
	int u = -1;

	if (n < 1000) {
		buf_uint(out, n);
		return;
	}
	while (n / scale >= 1000) {
		scale *= 1000;
		u++;
	}
	buf_uint(out, n / scale);
	if (n / scale < 10) {	/* cut, not rounded: never "10.0k" */
		buf_char(out, '.');
		buf_uint(out, n % scale / (scale / 10));
	}
	buf_char(out, unit[u]);
}

/*
 * Two significant digits below ten, none behind the point above it, and no
 * ".0".  What is not nothing never reads as zero.
 */
static void add_figure(struct buf *out, double v)
{
	uint64_t tenths = (uint64_t)(v * 10 + 0.5);

	if (v > 0 && !tenths) {
		buf_puts(out, "<0.1");
	} else if (tenths < 100 && tenths % 10) {
		buf_uint(out, tenths / 10);
		buf_char(out, '.');
		buf_uint(out, tenths % 10);
	} else {
		format_count(out, (uint64_t)(v + 0.5));
	}
}

/* infinite and not a number are as unknown as negative */
static bool is_figure(double v)
{
	return v >= 0 && v < 1e18;
}

void format_rate(struct buf *out, double per_second)
{
	if (!is_figure(per_second)) {
		buf_char(out, '-');
		return;
	}
	add_figure(out, per_second);
	buf_puts(out, "/s");
}

void format_percent(struct buf *out, double share)
{
	if (!is_figure(share)) {
		buf_char(out, '-');
		return;
	}
	add_figure(out, share * 100);
	buf_char(out, '%');
}

/* Seconds rounded down, so that the rest is never negative. */
static time_t split(int64_t wall_ns, unsigned *ms)
{
	int64_t s = wall_ns / NS_PER_SEC, rest = wall_ns % NS_PER_SEC;

	if (rest < 0) {
		rest += NS_PER_SEC;
		s--;
	}
	*ms = (unsigned)(rest / NS_PER_MS);
	return (time_t)s;
}

void format_clock(struct buf *out, int64_t wall_ns, bool ms)
{
	unsigned milli;
	time_t t = split(wall_ns, &milli);
	struct tm tm;

	if (!localtime_r(&t, &tm)) {
		buf_char(out, '-');
		return;
	}
	add_two(out, (unsigned)tm.tm_hour);
	buf_char(out, ':');
	add_two(out, (unsigned)tm.tm_min);
	buf_char(out, ':');
	add_two(out, (unsigned)tm.tm_sec);
	if (ms)
		buf_printf(out, ".%03u", milli);
}

/* The same second stands on many lines: what it reads is kept. */
void format_rfc3339(struct buf *out, int64_t wall_ns)
{
	static char second[24], zone[48];
	static time_t kept = -1;
	unsigned milli;
	time_t t = split(wall_ns, &milli);

	if (t != kept || t == -1) {
		struct tm tm;
		long offset;

		if (!localtime_r(&t, &tm)) {
			buf_char(out, '-');
			return;
		}
		offset = tm.tm_gmtoff / 60;
		strftime(second, sizeof(second), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(zone, sizeof(zone), "%c%02ld:%02ld",
			 offset < 0 ? '-' : '+', labs(offset) / 60,
			 labs(offset) % 60);
		kept = t;
	}
	buf_puts(out, second);
	buf_char(out, '.');
	buf_char(out, (char)('0' + milli / 100));
	add_two(out, milli % 100);
	buf_puts(out, zone);
}

void format_ascii(struct buf *out, size_t from)
{
	const char *p = out->data + from, *end = out->data + out->len;
	char *to = out->data + from;

	while (p < end) {
		const char *next;
		int32_t cp = utf8_next(p, end, &next);

		/* never longer than what it stands for */
		*to++ = cp >= 0 && cp < 0x80 ? *p : '?';
		p = next;
	}
	out->len = (size_t)(to - out->data);
	*to = '\0';
}
