/*
 * kill.h - K: close what one sees, or signal who holds it
 *
 * What is asked for is a struct deed; the caller of the ui does it (ui_deed()).
 *
 *	kill.c		the question about one socket
 *	kill_signal.c	which signal
 *	kill_many.c	the question about all that are shown, or a group
 *	kill_report.c	how it goes, and what came of it
 *	kill_text.c	the words
 */
#ifndef UI_KILL_H
#define UI_KILL_H

#include "ui/page.h"
#include "ui/state.h"

/* Those that return unsigned return enum ui_effect. */
unsigned kill_here(struct ui *ui);
/* The prompt's: Enter after a number. */
unsigned kill_number(struct ui *ui, const char *text);
/* Before it is drawn. */
void kill_update(struct ui *ui);
/* Nothing is asked any more. */
void kill_drop(struct ui *ui);

/* A look-up may have found that the socket cannot be closed. */
void kill_looked_up(struct ui *ui);
/* The ends of the socket, a line. */
void kill_add_ends(struct ui *ui, struct page *p, enum style style,
		   const char *before);
/* kill_signal.c: to that owner of the socket */
unsigned kill_ask_signal(struct ui *ui, long owner);
/* kill_many.c: group NULL: all rows */
unsigned kill_ask_several(struct ui *ui, const struct group *group);
/* kill_report.c: yes was said */
unsigned kill_go(struct ui *ui);

/* kill_text.c */
/* "10.0.0.5:443 <- 203.0.113.9:51234" */
void kill_ends(struct buf *out, const struct sock_id *id, int direction);
/* Can the kernel's look-up find one in that state at all? */
bool kill_can_close(unsigned state);
/* What the kernel does, and what both ends see. */
const char *kill_what(unsigned state);
/* Why the kernel refused to signal; a sentence or two, valid until the next
 * call. */
const char *kill_no_signal(int error);
/* All that are asked for, counted. */
void kill_add_sum(struct ui *ui, struct page *p);
/* What came of them so far. */
void kill_add_fates(struct ui *ui, struct page *p);
/* What came of one that was not closed; "" it was. */
const char *kill_fate(const struct deed_target *t);

struct kill_signal {
	int number;
	const char *name, *what;
};
extern const struct kill_signal kill_signals[];
extern const int kill_signal_count;

#endif
