/*
 * filter_field.c - a column, a comparison and a value with its unit
 *
 * What a column holds is told by how it is shown: numbers stand on the right,
 * and those whose unit is a time are times.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "view/filter_parse.h"

struct unit {
	const char *name;
	double factor;
};

/* in ns */
static const struct unit times[] = {
	{ "ns", 1 }, { "us", 1e3 }, { "µs", 1e3 }, { "ms", 1e6 },
	{ "s", 1e9 }, { "sec", 1e9 }, { "m", 60e9 }, { "min", 60e9 },
	{ "h", 3600e9 }, { "d", 86400e9 }, { NULL, 0 },
};

/* k is a thousand, as on the screen */
static const struct unit sizes[] = {
	{ "k", 1e3 }, { "kB", 1e3 }, { "M", 1e6 }, { "MB", 1e6 },
	{ "G", 1e9 }, { "GB", 1e9 }, { "T", 1e12 }, { "TB", 1e12 },
	{ "Ki", 0x1p10 }, { "KiB", 0x1p10 }, { "Mi", 0x1p20 },
	{ "MiB", 0x1p20 }, { "Gi", 0x1p30 }, { "GiB", 0x1p30 },
	{ "B", 1 }, { NULL, 0 },
};

/* 0: there is no such unit */
static double factor_of(const struct unit *units, const char *s, size_t len)
{
	for (; units->name; units++)
		if (strlen(units->name) == len &&
		    !strncasecmp(units->name, s, len))
			return units->factor;
	return 0;
}

/*
 * "1h30m", "1.5G", "42": a sum of numbers with their units.  A time without
 * one could be anything, and is an error.
 */
static bool read_quantity(struct parser *p, const struct unit *units,
			  uint64_t *result)
{
	const char *begin = buf_str(&p->word), *s = begin;
	double sum = 0;

	do {
		char *end;
		double n = strtod(s, &end), factor = 1;
		size_t len = 0;

		if (!isdigit((unsigned char)*s) || !isfinite(n))
			return parse_fail(p, parse_word_at(p, (size_t)(s - begin)),
					  "a number is wanted here");
		while (end[len] && !isdigit((unsigned char)end[len]))
			len++;
		if (len)
			factor = factor_of(units, end, len);
		if (!factor || (!len && units == times && n != 0))
			return parse_fail(p, parse_word_at(p, (size_t)(end - begin)),
					  units == times ?
					  "a unit is wanted here: us ms s m h d" :
					  "units are k M G T, Ki Mi Gi");
		sum += n * factor;
		s = end + len;
	} while (*s);
	if (sum >= 0x1p63)
		return parse_fail(p, p->from, "this is too large");
	*result = (uint64_t)(sum + 0.5);
	return true;
}

/* Numbers up to 2^64 - 1 are exact where they have no unit. */
static bool read_count(struct parser *p, uint64_t *n)
{
	const char *s = buf_str(&p->word);
	char *end;

	errno = 0;
	*n = strtoull(s, &end, 10);
	if (isdigit((unsigned char)*s) && !*end && !errno)
		return true;
	return read_quantity(p, sizes, n);
}

/* as it is printed: hexadecimal */
static bool read_cookie(struct parser *p, uint64_t *n)
{
	const char *s = buf_str(&p->word);
	char *end;

	errno = 0;
	*n = strtoull(s, &end, 16);
	return (isxdigit((unsigned char)*s) && !*end && !errno) ||
	       parse_fail(p, p->from, "a cookie is a hexadecimal number");
}

static double time_unit(const char *unit)
{
	return *unit ? factor_of(times, unit, strlen(unit)) : 0;
}

static uint32_t text_node(struct parser *p, struct test *t)
{
	if (t->compare != CMP_EQ && t->compare != CMP_NE) {
		parse_fail(p, p->from, "text is compared with = != ~ !~ only");
		return NODE_NONE;
	}
	t->text = mem_strdup(buf_str(&p->word));
	return code_test(p->filter, t);
}

static uint32_t number_node(struct parser *p, struct test *t)
{
	const struct column *col = &columns[t->column];
	double unit = time_unit(col->unit);
	bool good;

	if (t->column == COL_COOKIE)
		good = read_cookie(p, &t->number);
	else if (unit)
		good = read_quantity(p, times, &t->number);
	else
		good = read_count(p, &t->number);
	t->scale = unit ? (uint32_t)unit : 1;
	return good ? code_test(p->filter, t) : NODE_NONE;
}

/* By its number, which takes no name to compare. */
static uint32_t user_node(struct parser *p, struct test *t)
{
	const char *name = buf_str(&p->word);
	const struct passwd *user = getpwnam(name);
	char *end;

	t->op = TEST_NUMBER;
	t->column = COL_UID;
	t->scale = 1;
	t->number = user ? user->pw_uid : strtoul(name, &end, 10);
	if (!user && (!isdigit((unsigned char)*name) || *end)) {
		parse_fail(p, p->from, "no user is called so");
		return NODE_NONE;
	}
	if (t->compare != CMP_EQ && t->compare != CMP_NE) {
		parse_fail(p, p->from, "users are compared with = != ~ !~ "
			   "only, uid with < and >");
		return NODE_NONE;
	}
	return code_test(p->filter, t);
}

uint32_t field_parse(struct parser *p, enum column_id id, enum compare cmp)
{
	struct test t = { .column = (uint8_t)id, .compare = (uint8_t)cmp };

	p->filter->needs |= columns[id].needs;
	if (id == COL_USER)
		return user_node(p, &t);
	if (id == COL_OWNER || columns[id].align != ALIGN_RIGHT) {
		t.op = id == COL_OWNER ? TEST_PROCESS : TEST_EQUAL;
		return text_node(p, &t);
	}
	t.op = id == COL_PID ? TEST_PID : TEST_NUMBER;
	return number_node(p, &t);
}

/*
 * The C library compiles a repetition by writing it out, parentheses by calling
 * itself, and tries every way to match a back reference: what has no end of
 * that is refused.
 */
static bool pattern_is_tame(struct parser *p, const char *s)
{
	enum { LENGTH = 512, REPEATED = 256 };
	unsigned long repeated = 1;

	if (strlen(s) > LENGTH)
		return parse_fail(p, p->from, "a pattern ends after %d bytes",
				  LENGTH);
	for (; *s; s++) {
		if (*s == '\\' && s[1]) {
			if (isdigit((unsigned char)*++s))
				return parse_fail(p, p->from, "back references "
						  "are not for patterns here");
			continue;
		}
		if (*s != '{')
			continue;
		for (const char *n = s + 1; *n && *n != '}';) {
			char *end;
			unsigned long times_max = strtoul(n, &end, 10);

			if (end != n && times_max > 1)
				repeated *= times_max < REPEATED ? times_max :
								   REPEATED;
			n = end == n ? n + 1 : end;
		}
		if (repeated > REPEATED)
			return parse_fail(p, p->from, "a pattern repeats at "
					  "most %d times", REPEATED);
	}
	return true;
}

uint32_t field_like(struct parser *p, enum column_id id, enum compare cmp)
{
	struct test t = {
		.op = TEST_LIKE, .column = (uint8_t)id,
		.compare = (uint8_t)cmp,
	};
	const char *pattern = buf_str(&p->word);
	char why[100];
	int error;

	if (!pattern_is_tame(p, pattern))
		return NODE_NONE;
	t.regex = mem_alloc(sizeof(*t.regex));
	error = regcomp(t.regex, pattern, REG_EXTENDED | REG_NOSUB);
	if (error) {
		regerror(error, t.regex, why, sizeof(why));
		free(t.regex);
		parse_fail(p, p->from, "not an extended regular expression: "
			   "%s", why);
		return NODE_NONE;
	}
	p->filter->needs |= columns[id].needs;
	return code_test(p->filter, &t);
}
