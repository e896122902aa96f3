/*
 * theme.h - which colours the looks of style.h have, declared once
 *
 * A theme is one entry of themes[] and gives every look a colour for terminals
 * of 8, 16 and 256, and attributes.  THEME_MONO is also what a terminal without
 * colours gets.  A new theme is one entry; --theme, the config file and the
 * setup screen take it from here.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdint.h>

#include "ui/style.h"

enum theme_id {
	THEME_DEFAULT, THEME_MONO, THEME_LIGHT, THEME_HIGH_CONTRAST,
	THEME_COLOUR_BLIND,
	THEME_COUNT,
};

enum {
	LOOK_BOLD	= 1 << 0,
	LOOK_DIM	= 1 << 1,	/* where the text has no colour */
	LOOK_UNDERLINE	= 1 << 2,
	LOOK_REVERSE	= 1 << 3,
};

struct paint {
	int16_t color, background;	/* of the terminal; -1 its own */
};

struct look {
	struct paint few, some, many;	/* of 8, of 16, of 256 colours */
	unsigned attributes;		/* LOOK_ bits */
};

struct theme {
	const char *name, *help;
	struct look look[STYLE_COUNT];
};

extern const struct theme themes[THEME_COUNT];

/* -1: there is none of that name */
int theme_find(const char *name);
const struct paint *look_paint(const struct look *l, int colors);

#endif
