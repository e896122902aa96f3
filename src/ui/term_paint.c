#include "ui/term.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/term_curses.h"

/* One row in the language of ncurses; returns how many characters. */
static int make_line(const struct cell *row, int width)
{
	wchar_t text[CELL_TEXT_MAX];
	const struct cell *cell;
	const char *p, *end;
	int x, n = 0, len, style;
	attr_t attr;

	for (x = 0; x < width; x++) {
		cell = &row[x];
		if (!cell->text[0])
			continue;
		len = 0;
		end = cell->text + strlen(cell->text);
		for (p = cell->text; p < end && len < CCHARW_MAX; )
			text[len++] = utf8_next(p, end, &p);
		text[len] = L'\0';
		style = cell->style;
		attr = term.attr_of[style];
		if (cell->selected && style != STYLE_MATCH) {
			/* bold black of eight colours is grey: unreadable */
			attr &= term.pair_of[STYLE_SELECTED] && COLORS < 256 ?
				0 : A_BOLD;
			attr |= term.attr_of[STYLE_SELECTED];
			style = STYLE_SELECTED;
		}
		setcchar(&term.line[n++], text, attr, term.pair_of[style],
			 NULL);
	}
	return n;
}

static void paint_row(const struct canvas *c, int y, bool all)
{
	size_t at = (size_t)y * c->width;
	size_t size = c->width * sizeof(*c->cells);

	if (!all && memcmp(&c->cells[at], &term.last.cells[at], size) == 0)
		return;
	memcpy(&term.last.cells[at], &c->cells[at], size);
	mvadd_wchnstr(y, 0, term.line, make_line(&c->cells[at], c->width));
}

void term_paint(const struct canvas *c, bool all)
{
	int y;

	if (!term.screen || term.cooked)
		return;
	if (term.last.width != c->width || term.last.height != c->height ||
	    !term.line) {
		canvas_resize(&term.last, c->width, c->height);
		term.line = mem_array(term.line, c->width + 1,
				      sizeof(*term.line));
		term.painted = false;
	}
	if (all)
		clearok(curscr, TRUE);
	for (y = 0; y < c->height && y < LINES; y++)
		paint_row(c, y, all || !term.painted);
	term.painted = true;
	if (c->cursor_x >= 0 && c->cursor_y >= 0) {
		leaveok(stdscr, FALSE);
		curs_set(1);
		move(c->cursor_y, c->cursor_x);
	} else {
		curs_set(0);
		leaveok(stdscr, TRUE);
	}
	refresh();
}
