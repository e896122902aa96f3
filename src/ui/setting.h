/*
 * setting.h - what a person can keep, declared once
 *
 * A setting is one entry of settings_table[]: name, kind, help, and where in
 * struct settings its value lies.  The config file, its comments, the setup
 * screen, --config help and the manual page all come from the table.  A kind
 * says how its values are written, read and stepped through; so adding a
 * setting is a field, an entry, and whoever uses it.
 *
 * struct settings holds values only and no pointers: it is copied by
 * assignment.
 */
#ifndef UI_SETTING_H
#define UI_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "view/column.h"

enum { FILTER_TEXT_MAX = 1000 };

struct settings {
	int64_t delay;		/* ns between passes */
	uint32_t budget;	/* of one core, in 1/100 % */
	uint8_t columns[COLUMN_COUNT];
	uint8_t column_count;
	uint8_t width[COLUMN_COUNT];	/* by column id; 0 as its content asks */
	uint8_t sort;		/* enum column_id */
	bool reverse;		/* biggest first */
	uint8_t theme;		/* enum theme_id */
	uint8_t group;		/* enum group_id */
	uint8_t source, events;	/* by sources[], events[] of setting.c */
	bool names, listeners, ascii, mouse, read_only;
	unsigned states;	/* STATE_BIT()s shown */
	char filter[FILTER_TEXT_MAX];	/* "" none */
};

struct setting;

/* How the values of a kind look.  None keeps a pointer to what it is given. */
struct setting_kind {
	/* what the file may have behind "=", for people: appends */
	void (*wants)(const struct setting *s, struct buf *out);
	/* appends the value as the file has it */
	void (*print)(const struct setting *s, const void *value,
		      struct buf *out);
	/* text[n] without blanks around it.  0; -1 with the reason appended to
	 * why, and *value as it was. */
	int (*parse)(const struct setting *s, void *value, const char *text,
		     size_t n, struct buf *why);
	/* the next value (by 1), or the one before (-1); NULL: not by steps */
	void (*step)(const struct setting *s, void *value, int by);
};

struct setting {
	const char *name;	/* in the file: "read-only" */
	const char *option;	/* that wins over the file; NULL none */
	const struct setting_kind *kind;
	size_t offset;		/* in struct settings */
	const char *const *words;	/* of a choice, by number */
	const char *(*word)(int i);	/* the same made; NULL ends them */
	double least, most;	/* of a number, in its unit */
	bool printing;		/* also when printing; else the screen's own */
	bool restart;		/* changed on the screen it holds from the next
				   start on */
	const char *help;	/* one line */
};

extern const struct setting settings_table[];
extern const int settings_count;

/* What holds without a file. */
void settings_default(struct settings *s);
/* by name, '-' as '_'; NULL if there is none */
const struct setting *setting_find(const char *name, size_t n);
void setting_print(const struct setting *s, const struct settings *values,
		   struct buf *out);
int setting_parse(const struct setting *s, struct settings *values,
		  const char *text, size_t n, struct buf *why);
void setting_step(const struct setting *s, struct settings *values, int by);
bool setting_same(const struct setting *s, const struct settings *a,
		  const struct settings *b);
void setting_copy(const struct setting *s, struct settings *to,
		  const struct settings *from);
/* The nearest of words to one that is none, for "did you mean"; NULL: all are
 * far.  next(arg, i) gives the i-th word, NULL behind the last. */
const char *setting_nearest(const char *text, size_t n,
			    const char *(*next)(const void *arg, int i),
			    const void *arg);

extern const struct setting_kind kind_bool, kind_choice, kind_seconds,
	kind_percent, kind_columns, kind_sort, kind_states, kind_filter;

#endif
