/*
 * conf_line.h - one line of the config file
 *
 *	while (text < end)
 *		text = line_read(&l, text, end);
 */
#ifndef CONF_LINE_H
#define CONF_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/setting.h"

struct line {
	enum {
		LINE_NOTE,		/* a comment, or nothing */
		LINE_SETTING,		/* a key that is known */
		LINE_UNKNOWN,		/* one that is not */
		LINE_NUL, LINE_LONG,
		LINE_OTHER,		/* no "key = value" */
	} kind;
	const char *start;		/* all of it … */
	size_t len;			/* … without its end */
	bool crlf, whole;		/* ends so; ends at all */
	const char *key, *value;	/* without blanks around them */
	size_t key_len, value_len;
	const struct setting *setting;	/* LINE_SETTING */
};

/* Where the next line begins. text < end. */
const char *line_read(struct line *l, const char *text, const char *end);
/* How many bytes of a byte order mark it begins with. */
size_t conf_mark(const char *text, size_t n);

#endif
