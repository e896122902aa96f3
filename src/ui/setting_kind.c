/* setting_kind.c - yes or no, one of some words, numbers */
#include "ui/setting_kind.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

void setting_quote(struct buf *out, const char *text, size_t n)
{
	struct safe s = safe_text(text, n, 40);

	buf_printf(out, "'%s'", safe_str(s));
	safe_free(&s);
}

int setting_refuse(const struct setting *s, const char *text, size_t n,
		   struct buf *why)
{
	buf_puts(why, "wants ");
	s->kind->wants(s, why);
	if (n) {
		buf_puts(why, ", not ");
		setting_quote(why, text, n);
	} else {
		buf_puts(why, ", and there is nothing");
	}
	return -1;
}

/* A list of two or more words with "or" before the last. */
static void add_words(struct buf *out, const char *(*next)(const void *, int),
		      const void *arg)
{
	for (int i = 0; next(arg, i); i++)
		buf_printf(out, "%s%s", !i ? "" : next(arg, i + 1) ? ", " :
			   " or ", next(arg, i));
}

bool setting_is_word(const char *word, const char *text, size_t n)
{
	return strlen(word) == n && !strncasecmp(word, text, n);
}

/* ---- yes or no ---- */

static void bool_wants(const struct setting *s, struct buf *out)
{
	(void)s;
	buf_puts(out, "yes or no");
}

static void bool_print(const struct setting *s, const void *value,
		       struct buf *out)
{
	(void)s;
	buf_puts(out, *(const bool *)value ? "yes" : "no");
}

static int bool_parse(const struct setting *s, void *value, const char *text,
		      size_t n, struct buf *why)
{
	static const char *const yes[] = { "yes", "true", "on", "1" };
	static const char *const no[] = { "no", "false", "off", "0" };

	for (int i = 0; i < 4; i++) {
		if (setting_is_word(yes[i], text, n) || setting_is_word(no[i], text, n)) {
			*(bool *)value = setting_is_word(yes[i], text, n);
			return 0;
		}
	}
	return setting_refuse(s, text, n, why);
}

static void bool_step(const struct setting *s, void *value, int by)
{
	(void)s;
	(void)by;
	*(bool *)value = !*(bool *)value;
}

const struct setting_kind kind_bool = {
	bool_wants, bool_print, bool_parse, bool_step,
};

/* ---- one of some words ---- */

static const char *choice_word(const void *arg, int i)
{
	const struct setting *s = arg;

	return s->word ? s->word(i) : s->words[i];
}

static void choice_wants(const struct setting *s, struct buf *out)
{
	add_words(out, choice_word, s);
}

static void choice_print(const struct setting *s, const void *value,
			 struct buf *out)
{
	buf_puts(out, choice_word(s, *(const uint8_t *)value));
}

static int choice_parse(const struct setting *s, void *value, const char *text,
			size_t n, struct buf *why)
{
	const char *near;

	for (int i = 0; choice_word(s, i); i++) {
		if (!setting_is_word(choice_word(s, i), text, n))
			continue;
		*(uint8_t *)value = (uint8_t)i;
		return 0;
	}
	setting_refuse(s, text, n, why);
	near = setting_nearest(text, n, choice_word, s);
	if (near)
		buf_printf(why, "; did you mean '%s'?", near);
	return -1;
}

static void choice_step(const struct setting *s, void *value, int by)
{
	int count = 1, at = *(uint8_t *)value;

	/* there is always one */
	while (choice_word(s, count))
		count++;
	*(uint8_t *)value = (uint8_t)((at + by + count) % count);
}

const struct setting_kind kind_choice = {
	choice_wants, choice_print, choice_parse, choice_step,
};

/* ---- numbers ---- */

/* Decimal digits with a point, nothing else: no 1e3, no 0x10, no inf. */
static bool number_parse(const struct setting *s, const char *text, size_t n,
			 double *out)
{
	char copy[32], *end;

	if (!n || n >= sizeof(copy))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)text[i]) && text[i] != '.')
			return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	*out = strtod(copy, &end);
	return end == copy + n && *out >= s->least && *out <= s->most;
}

/* value / unit, a power of ten, without a rest of zeros: "0.25" */
static void number_print(struct buf *out, uint64_t value, uint64_t unit)
{
	uint64_t rest = value % unit;
	int digits = 0;

	buf_printf(out, "%" PRIu64, value / unit);
	if (!rest)
		return;
	for (; unit > 1; unit /= 10)
		digits++;
	for (; rest % 10 == 0; rest /= 10)
		digits--;
	buf_printf(out, ".%0*" PRIu64, digits, rest);
}

static void seconds_wants(const struct setting *s, struct buf *out)
{
	buf_printf(out, "%g to %g seconds", s->least, s->most);
}

static void seconds_print(const struct setting *s, const void *value,
			  struct buf *out)
{
	(void)s;
	number_print(out, *(const int64_t *)value, NS_PER_SEC);
}

static int seconds_parse(const struct setting *s, void *value,
			 const char *text, size_t n, struct buf *why)
{
	double v;

	if (!number_parse(s, text, n, &v))
		return setting_refuse(s, text, n, why);
	*(int64_t *)value = llround(v * NS_PER_SEC);
	return 0;
}

/* The next of steps[] beyond where it stands; the last one stays. */
static uint64_t step_to(const uint64_t *steps, int count, uint64_t now, int by)
{
	for (int i = 0; by > 0 && i < count; i++)
		if (steps[i] > now)
			return steps[i];
	for (int i = count - 1; by < 0 && i >= 0; i--)
		if (steps[i] < now)
			return steps[i];
	return now;
}

static void seconds_step(const struct setting *s, void *value, int by)
{
	static const uint64_t steps[] = {
		100 * NS_PER_MS, 200 * NS_PER_MS, 500 * NS_PER_MS, NS_PER_SEC,
		2 * NS_PER_SEC, 5 * NS_PER_SEC, 10 * NS_PER_SEC,
		30 * NS_PER_SEC, 60 * NS_PER_SEC,
	};

	(void)s;
	*(int64_t *)value = (int64_t)step_to(steps, 9, *(int64_t *)value, by);
}

const struct setting_kind kind_seconds = {
	seconds_wants, seconds_print, seconds_parse, seconds_step,
};

static void percent_wants(const struct setting *s, struct buf *out)
{
	buf_printf(out, "%g to %g percent", s->least, s->most);
}

static void percent_print(const struct setting *s, const void *value,
			  struct buf *out)
{
	(void)s;
	number_print(out, *(const uint32_t *)value, 100);
}

static int percent_parse(const struct setting *s, void *value,
			 const char *text, size_t n, struct buf *why)
{
	double v;

	if (!number_parse(s, text, n, &v))
		return setting_refuse(s, text, n, why);
	*(uint32_t *)value = (uint32_t)lround(v * 100);
	return 0;
}

static void percent_step(const struct setting *s, void *value, int by)
{
	static const uint64_t steps[] = {
		10, 50, 100, 200, 500, 1000, 2000, 5000, 10000,
	};

	(void)s;
	*(uint32_t *)value = (uint32_t)step_to(steps, 9, *(uint32_t *)value,
					       by);
}

const struct setting_kind kind_percent = {
	percent_wants, percent_print, percent_parse, percent_step,
};
