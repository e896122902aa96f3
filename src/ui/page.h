/*
 * page.h - lines of text in a scrolled window
 *
 * The text is made anew for each frame; only what is in the window is drawn.
 *
 *	page_begin(&p, canvas, rect, &scroll);
 *	page_line(&p, STYLE_BOLD, "Keys");
 *	page_pair(&p, STYLE_KEY, "F1", "this page", 12);
 *	page_end(&p);
 */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include "ui/canvas.h"
#include "ui/scroll.h"
#include "ui/state.h"

struct page {
	struct canvas *c;
	struct rect r;
	struct scroll *scroll;
	long line;
};

void page_begin(struct page *p, struct canvas *c, struct rect r,
		struct scroll *s);
/* Wrapped at blanks, so that nothing is cut. */
void page_line(struct page *p, enum style style, const char *text);
/* A heading, and a rule from there to the right. */
void page_title(struct page *p, const char *text);
/* The row of the next line, for drawing it oneself; -1 outside the window. */
int page_next(struct page *p);
/* name in the first `indent` columns, text wrapped beside it */
void page_pair(struct page *p, enum style style, const char *name,
	       enum style text_style, const char *text, int indent);
/* The same on one line, with a third text from column `third` on.  Where there
 * is no room for that it goes below if it matters, else it is left out. */
void page_fact(struct page *p, const char *name, const char *text, int indent,
	       const char *more, int third, bool matters);
/* The scroll learns how much there was. Returns that. */
long page_end(struct page *p);

#endif
