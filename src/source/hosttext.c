/*
 * hosttext.c - numbers out of the kernel's counter files
 */
#include "source/hosttext.h"

#include <stdbool.h>
#include <string.h>

#include "model/socket.h"

/* a piece of the text */
struct span {
	const char *p, *end;
};

/* Cuts the first line off; false when nothing is left. */
static bool take_line(struct span *text, struct span *line)
{
	const char *nl;

	if (text->p == text->end)
		return false;
	nl = memchr(text->p, '\n', text->end - text->p);
	line->p = text->p;
	line->end = nl ? nl : text->end;
	text->p = nl ? nl + 1 : text->end;
	return true;
}

/* Cuts the first word off; false when nothing is left. */
static bool take_word(struct span *line, struct span *word)
{
	while (line->p < line->end && (*line->p == ' ' || *line->p == '\t' ||
				       *line->p == '\n'))
		line->p++;
	word->p = line->p;
	while (line->p < line->end && *line->p != ' ' && *line->p != '\t' &&
	       *line->p != '\n')
		line->p++;
	word->end = line->p;
	return word->p < word->end;
}

static bool word_is(struct span word, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(word.end - word.p) == n && !memcmp(word.p, s, n);
}

/* Does the line begin with "group:"?  Cuts that off. */
static bool take_group(struct span *line, const char *group)
{
	struct span word;

	if (!take_word(line, &word) || word.end[-1] != ':')
		return false;
	word.end--;
	return word_is(word, group);
}

static uint64_t number(struct span word)
{
	uint64_t value = 0;

	for (; word.p < word.end; word.p++) {
		if (*word.p < '0' || *word.p > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *word.p - '0', &value))
			return U64_UNKNOWN;
	}
	return value;
}

uint64_t hosttext_paired(const char *text, size_t len, const char *group,
			 const char *field)
{
	struct span rest = { text, text + len }, names, values, name, value;

	while (take_line(&rest, &names)) {
		if (!take_group(&names, group))
			continue;
		if (!take_line(&rest, &values) || !take_group(&values, group))
			break;
		while (take_word(&names, &name) && take_word(&values, &value))
			if (word_is(name, field))
				return number(value);
	}
	return U64_UNKNOWN;
}

uint64_t hosttext_named(const char *text, size_t len, const char *group,
			const char *field)
{
	struct span rest = { text, text + len }, line, name, value;

	while (take_line(&rest, &line)) {
		if (!take_group(&line, group))
			continue;
		while (take_word(&line, &name) && take_word(&line, &value))
			if (word_is(name, field))
				return number(value);
	}
	return U64_UNKNOWN;
}

uint64_t hosttext_word(const char *text, size_t len, int n)
{
	struct span line = { text, text + len }, word;

	while (take_word(&line, &word))
		if (!n--)
			return number(word);
	return U64_UNKNOWN;
}

/* Cuts a number off; false when there is none. */
static bool take_number(struct span *text, uint64_t *n)
{
	struct span digits = { text->p, text->p };

	while (digits.end < text->end && *digits.end >= '0' &&
	       *digits.end <= '9')
		digits.end++;
	text->p = digits.end;
	*n = number(digits);
	return digits.p < digits.end;
}

uint64_t hosttext_ports(const char *text, size_t len, uint64_t first,
			uint64_t last)
{
	struct span rest = { text, text + len };
	uint64_t from, to, n = 0;

	while (take_number(&rest, &from)) {
		to = from;
		if (rest.p < rest.end && *rest.p == '-') {
			rest.p++;
			if (!take_number(&rest, &to))
				return U64_UNKNOWN;
		}
		if (from < first)
			from = first;
		if (to > last)
			to = last;
		if (from <= to)
			n += to - from + 1;
		if (rest.p < rest.end && *rest.p == ',')
			rest.p++;
	}
	/* anything else is no list */
	return rest.p == rest.end || *rest.p == '\n' ? n : U64_UNKNOWN;
}
