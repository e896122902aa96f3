#include "ui/term_curses.h"

#include <stdlib.h>

/* Colours by how many the terminal has; attributes always. */
void term_style_setup(void)
{
	const char *no_color = getenv("NO_COLOR");
	bool color = has_colors() && !(no_color && *no_color);
	const struct style_info *s;
	int i, fg, bg;

	if (color) {
		start_color();
		use_default_colors();
	}
	for (i = 0; i < STYLE_COUNT; i++) {
		s = &style_info[i];
		fg = COLORS >= 256 ? s->many.color : s->few.color;
		bg = COLORS >= 256 ? s->many.background : s->few.background;
		term.attr_of[i] = (s->bold ? A_BOLD : 0) |
				  (s->underline ? A_UNDERLINE : 0);
		term.pair_of[i] = 0;
		if (!color) {
			term.attr_of[i] |= (s->mono_reverse ? A_REVERSE : 0) |
					   (s->mono_bold ? A_BOLD : 0) |
					   (s->dim ? A_DIM : 0);
			continue;
		}
		/* a grey of 256 says "dim"; A_DIM on top would be too much */
		if (s->dim && fg < 0)
			term.attr_of[i] |= A_DIM;
		if ((fg >= 0 || bg >= 0) && i < COLOR_PAIRS - 1 &&
		    init_pair(i + 1, fg, bg) == OK)
			term.pair_of[i] = i + 1;
	}
}
