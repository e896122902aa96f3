/*
 * scroll.h - a window over rows, with a cursor or without
 *
 * count and page are told by whoever draws; all else follows.
 */
#ifndef UI_SCROLL_H
#define UI_SCROLL_H

#include <stdbool.h>

enum move {
	MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_HOME, MOVE_END,
};

struct scroll {
	long count;		/* rows there are */
	long page;		/* rows that can be seen at once */
	long top;		/* first one seen */
	long cursor;		/* unused when text is set */
	bool text;		/* no cursor: moves move the window */
};

void scroll_move(struct scroll *s, enum move m);
/* by the wheel: the window moves, the cursor only if it must */
void scroll_wheel(struct scroll *s, int rows);
/* Brings top and cursor back into range, and the cursor into the window. */
void scroll_clamp(struct scroll *s);

#endif
