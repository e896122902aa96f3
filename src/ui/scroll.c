#include "ui/scroll.h"

static long limit(long v, long low, long high)
{
	if (v > high)
		v = high;
	return v < low ? low : v;
}

static void clamp_top(struct scroll *s)
{
	s->top = limit(s->top, 0, s->count - s->page);
}

void scroll_clamp(struct scroll *s)
{
	if (s->page < 1)
		s->page = 1;
	s->cursor = limit(s->cursor, 0, s->count - 1);
	if (!s->text) {
		if (s->cursor < s->top)
			s->top = s->cursor;
		if (s->cursor >= s->top + s->page)
			s->top = s->cursor - s->page + 1;
	}
	clamp_top(s);
}

static long step(const struct scroll *s, enum move m)
{
	long page = s->page > 1 ? s->page - 1 : 1;

	switch (m) {
	case MOVE_UP:
		return -1;
	case MOVE_DOWN:
		return 1;
	case MOVE_PAGE_UP:
		return -page;
	case MOVE_PAGE_DOWN:
		return page;
	case MOVE_HOME:
		return -s->count - s->top;
	case MOVE_END:
		return s->count + s->page;
	}
	return 0;
}

void scroll_move(struct scroll *s, enum move m)
{
	long by = step(s, m);

	if (s->text) {
		s->top += by;
	} else {
		s->cursor += by;
		/* a page moves the window as well, so that the cursor stays
		 * where the eye is */
		if (m == MOVE_PAGE_UP || m == MOVE_PAGE_DOWN) {
			s->top += by;
			clamp_top(s);
		}
	}
	scroll_clamp(s);
}

void scroll_wheel(struct scroll *s, int rows)
{
	s->top += rows;
	clamp_top(s);
	if (!s->text)
		s->cursor = limit(s->cursor, s->top, s->top + s->page - 1);
	scroll_clamp(s);
}
