/*
 * glyph.h - every sign on the screen that is not ASCII, and its ASCII form
 *
 * A locale that cannot print UTF-8 gets the second form.  Both are one column
 * wide, so that no layout depends on it.
 */
#ifndef UI_GLYPH_H
#define UI_GLYPH_H

#include <stdbool.h>

enum glyph {
	GLYPH_DOT, GLYPH_RULE, GLYPH_CRUMB, GLYPH_MORE,
	GLYPH_UP, GLYPH_DOWN, GLYPH_IN, GLYPH_OUT,
	GLYPH_RISING, GLYPH_FALLING, GLYPH_ASCENDING, GLYPH_DESCENDING,
	GLYPH_NEW, GLYPH_CHANGED, GLYPH_GONE, GLYPH_FOLLOW,
	GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT, GLYPH_SIDE, GLYPH_CARET,
	/* the lines of the busiest step, in the order of those above */
	GLYPH_BUSY_TOP_LEFT, GLYPH_BUSY_TOP_RIGHT, GLYPH_BUSY_BOTTOM_LEFT,
	GLYPH_BUSY_BOTTOM_RIGHT, GLYPH_BUSY_SIDE, GLYPH_BUSY_RULE,
	GLYPH_ARROW_LEFT, GLYPH_ARROW_RIGHT, GLYPH_ARROW_DOWN,
	/* eight levels of a sparkline, lowest first */
	GLYPH_SPARK,
	GLYPH_COUNT = GLYPH_SPARK + 8,
};
enum { SPARK_LEVELS = 8 };

const char *glyph(enum glyph g, bool ascii);

#endif
