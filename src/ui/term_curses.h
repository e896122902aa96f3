/*
 * term_curses.h - ncurses, for the files of the terminal
 *
 * The only file that includes ncurses, and only src/ui/term*.c include it; all
 * else sees ui/term.h.
 *
 *	term.c			takes the terminal and gives it back
 *	term_emergency.c	gives it back from a signal handler
 *	term_keys.c		what is typed and clicked
 *	term_style.c		looks to colours and attributes
 *	term_paint.c		canvases to the terminal
 */
#ifndef UI_TERM_CURSES_H
#define UI_TERM_CURSES_H

#include <curses.h>
#include <stdbool.h>
#include <stdio.h>
#include <term.h>

#include "ui/canvas.h"
#include "ui/keyseq.h"
#include "ui/theme.h"

/* curses.h has names of its own for what text and styles call theirs */
#undef lines
#undef columns

struct terminal {
	SCREEN *screen;		/* NULL: not open */
	FILE *in, *out;
	bool own_files;		/* in and out are /dev/tty, opened by us */
	bool cooked;		/* given back: by term_leave() */
	struct canvas last;	/* as painted last */
	cchar_t *line;		/* room for one row, last.width + 1 */
	bool painted;
	bool pastes;		/* it can say where a paste begins and ends */
	struct keyseq seq;
	short pair_of[STYLE_COUNT];
	attr_t attr_of[STYLE_COUNT];
	enum theme_id theme;
	bool no_mouse;		/* the terminal keeps it */
	bool colored;		/* start_color() was called */
};
extern struct terminal term;

/* Has its entry in terminfo this capability? */
bool term_has(const char *name);

/* term_emergency.c */
/* Keeps the modes as they are now, to put them back. 0; -1 with errno. */
int emergency_keep(int fd);
/* Makes ready what to write; again whenever the size changes. */
void emergency_prepare(void);
/* true: from now on term_emergency() gives the terminal back */
void emergency_arm(bool on);
bool emergency_armed(void);

#endif
