#include "conf_line.h"

#include <string.h>

/* a filter, its key, and blanks */
enum { LONGEST = FILTER_TEXT_MAX + 2000 };

size_t conf_mark(const char *text, size_t n)
{
	return n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void trim(const char **s, size_t *n)
{
	while (*n && is_blank(**s)) {
		(*s)++;
		(*n)--;
	}
	while (*n && is_blank((*s)[*n - 1]))
		(*n)--;
}

static void understand(struct line *l)
{
	const char *equals, *text = l->start;
	size_t n = l->len;

	l->kind = memchr(text, '\0', n) ? LINE_NUL :
		  n > LONGEST ? LINE_LONG : LINE_OTHER;
	trim(&text, &n);
	if (!n || *text == '#')
		l->kind = LINE_NOTE;
	equals = memchr(text, '=', n);
	if (l->kind != LINE_OTHER || !equals)
		return;
	l->key = text;
	l->key_len = equals - text;
	trim(&l->key, &l->key_len);
	l->value = equals + 1;
	l->value_len = text + n - l->value;
	trim(&l->value, &l->value_len);
	if (!l->key_len)
		return;
	l->setting = setting_find(l->key, l->key_len);
	l->kind = l->setting ? LINE_SETTING : LINE_UNKNOWN;
}

const char *line_read(struct line *l, const char *text, const char *end)
{
	const char *newline = memchr(text, '\n', end - text);

	*l = (struct line){
		.start = text, .len = (newline ? newline : end) - text,
		.whole = newline != NULL,
	};
	if (newline && l->len && l->start[l->len - 1] == '\r') {
		l->crlf = true;
		l->len--;
	}
	understand(l);
	return newline ? newline + 1 : end;
}
