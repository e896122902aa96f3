/*
 * kill.h - K: close what one sees, or signal who holds it
 *
 * kill.c asks and reports, kill_text.c has the words.  What is asked for is a
 * struct deed; the caller of the ui does it (ui_deed()).
 */
#ifndef UI_KILL_H
#define UI_KILL_H

#include "ui/page.h"
#include "ui/state.h"

/* kill.c: all return enum ui_effect */
unsigned kill_here(struct ui *ui);
/* The prompt's: Enter after a number. */
unsigned kill_number(struct ui *ui, const char *text);
/* Before it is drawn. */
void kill_update(struct ui *ui);
/* Nothing is asked any more. */
void kill_drop(struct ui *ui);

/* kill_text.c */
/* "10.0.0.5:443 <- 203.0.113.9:51234" */
void kill_ends(struct buf *out, const struct sock_id *id, int direction);
/* Can the kernel's look-up find one in that state at all? */
bool kill_can_close(unsigned state);
/* What the kernel does, and what both ends see. */
const char *kill_what(unsigned state);
/* Why the kernel refused to close a socket, or to signal; a sentence or two,
 * valid until the next call. */
const char *kill_refusal(int error);
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
