#include "ui/term.h"

#include "ui/term_curses.h"

static attr_t attributes(unsigned bits, bool has_color)
{
	/* a grey says "dim"; A_DIM on top would be too much */
	return (bits & LOOK_BOLD ? A_BOLD : 0) |
	       (bits & LOOK_UNDERLINE ? A_UNDERLINE : 0) |
	       (bits & LOOK_REVERSE ? A_REVERSE : 0) |
	       (bits & LOOK_DIM && !has_color ? A_DIM : 0);
}

/* Pair i + 1 is style i's: 0 is the terminal's own. */
static void setup_style(int i, const struct look *l)
{
	const struct paint *p = look_paint(l, COLORS);

	term.attr_of[i] = attributes(l->attributes, p->color >= 0);
	term.pair_of[i] = 0;
	if ((p->color >= 0 || p->background >= 0) && i < COLOR_PAIRS - 1 &&
	    init_pair(i + 1, p->color, p->background) == OK)
		term.pair_of[i] = i + 1;
}

void term_theme(enum theme_id theme)
{
	term.theme = theme;
	if (!term.screen)
		return;
	/* not before somebody wants them: it tells the terminal */
	if (theme != THEME_MONO && !term.colored && has_colors()) {
		start_color();
		use_default_colors();
		term.colored = true;
	}
	if (!term.colored)
		theme = THEME_MONO;
	for (int i = 0; i < STYLE_COUNT; i++)
		setup_style(i, &themes[theme].look[i]);
	term.painted = false;
}
