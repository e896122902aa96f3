/*
 * term.h - the terminal; its files alone know ncurses
 *
 * Opens the terminal, reads keys and mouse, paints canvases, and gives the
 * terminal back whole, whatever happens.
 *
 * Signals are the caller's: it blocks them and reads a signalfd, and calls
 * term_size() after SIGWINCH, term_leave() before it stops itself for SIGTSTP
 * and term_enter() after.  ncurses is kept from installing handlers of its
 * own.  Ctrl-C, Ctrl-Z and Ctrl-\ come as signals, not as keys.
 */
#ifndef UI_TERM_H
#define UI_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"
#include "ui/theme.h"
#include "ui/ui.h"

struct term_event {
	enum { TERM_NOTHING, TERM_KEY, TERM_MOUSE, TERM_CLOSED } kind;
	int key;			/* Unicode character or enum ui_key */
	int x, y;
	enum ui_button button;
};

/* 0, or -1 with one line in err[n] that says what is wrong (no terminal, TERM
 * unknown or unset, or without cursor addressing). The locale is the caller's
 * to set before. */
int term_open(char *err, size_t n);
/* Does nothing when not open. Never fails. */
void term_close(void);
/* For suspend: gives the terminal back, and takes it again; after that the
 * next term_paint() has to be of all. */
void term_leave(void);
void term_enter(void);
/* the descriptor to poll for keys */
int term_fd(void);
/* The next event; TERM_NOTHING when there is none yet, TERM_CLOSED when the
 * terminal is gone (also on POLLHUP). Never blocks longer than it takes to
 * tell a lone Esc from an escape sequence (ESCDELAY 5 ms).  ncurses reads
 * ahead: call until TERM_NOTHING. */
struct term_event term_read(void);
/* Asks the kernel for the size; call after SIGWINCH and at the start. */
void term_size(int *width, int *height);
/* Chooses the colours, at any time; a terminal without any gets THEME_MONO.
 * Everything has to be painted then. */
void term_theme(enum theme_id theme);
/* Whether clicks come to us, or the terminal keeps them: at any time. */
void term_mouse(bool on);
/* Writes what differs from the last painted frame; all: everything. */
void term_paint(const struct canvas *c, bool all);
/* Text for the clipboard (OSC 52); false: this terminal cannot be asked.
 * Whether it does it nobody knows. */
bool term_copy(const char *text);
/* Async-signal-safe: puts the terminal back from a signal handler, and waits
 * for one that does not read no longer than a moment.  Does nothing when it is
 * not taken; after it, term_close() writes nothing more. */
void term_emergency(void);

#endif
