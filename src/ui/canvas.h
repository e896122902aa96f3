/*
 * canvas.h - a grid of styled cells: what a frame looks like
 *
 * Every pane draws into a canvas; only term_paint.c turns it into a terminal's
 * language.  So all of the screen but term*.c runs without a terminal, and a
 * test compares frames as text and styles.  Text given to it is UTF-8 and
 * already safe; cells outside the grid are clipped, a wide character never
 * leaves half of itself.  With ascii set, what is not ASCII shows as '?'.
 */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ui/glyph.h"
#include "ui/style.h"

enum { CELL_TEXT_MAX = 12 };

struct cell {
	char text[CELL_TEXT_MAX];	/* one character and its combining
					   marks, NUL terminated; "" is the
					   right half of a wide one */
	uint8_t style;			/* enum style */
	bool selected;			/* under the cursor bar */
};

struct canvas {
	int width, height;
	bool ascii;		/* canvas_glyph() draws the ASCII form */
	int cursor_x, cursor_y;	/* where typing goes; -1 none */
	struct cell *cells;	/* height rows of width */
};

void canvas_resize(struct canvas *c, int width, int height);
void canvas_free(struct canvas *c);
/* Draws s from x on, no further than max columns (<0: to the edge); returns
 * the columns used. */
int canvas_put(struct canvas *c, int x, int y, int max, enum style style,
	       const char *s);
/* One sign of glyph.h; returns 1. */
int canvas_glyph(struct canvas *c, int x, int y, enum style style,
		 enum glyph g);
/* n times the same sign, or blanks */
void canvas_fill(struct canvas *c, int x, int y, int n, enum style style,
		 enum glyph g);
void canvas_blank(struct canvas *c, int x, int y, int n, enum style style);
/* Changes the look of cells that are already drawn. */
void canvas_restyle(struct canvas *c, int x, int y, int n, enum style style);
void canvas_select(struct canvas *c, int x, int y, int n);
/* The frame as lines of text, trailing blanks cut; and as one style letter a
 * cell, '#' under the cursor bar, for tests. */
void canvas_text(const struct canvas *c, struct buf *out);
void canvas_styles(const struct canvas *c, struct buf *out);

#endif
