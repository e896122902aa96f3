/*
 * setup.h - the setup screen: what a person wants to have each time
 *
 * Below the list, which shows at once what is tried: the columns on the left,
 * all other settings of setting.h on the right.  What is listed is what is
 * saved.  Most of it is taken from the screen as it is; what chooses sockets
 * (filter, states, listeners, group) is the file's until a person takes it over
 * here, so that what he only looks for now does not stay for ever.
 *
 * F2 saves: the ui has the caller write ui_kept_settings() and tell by
 * ui_keep_done().  Esc puts everything back as it was.
 */
#ifndef UI_SETUP_H
#define UI_SETUP_H

#include "ui/state.h"

/* Everything as it was before. Returns enum ui_effect. */
unsigned setup_cancel(struct ui *ui);
struct scroll *setup_scroll(struct ui *ui);
/* How many of the rows below the header it takes. */
int setup_height(const struct ui *ui, int rest);
void setup_draw(struct ui *ui, struct canvas *c, struct rect r);
/* A row of a part, as HIT_SETUP has it. */
unsigned setup_click(struct ui *ui, long arg);
unsigned setup_wheel(struct ui *ui, long arg, int rows);

/* for setup_draw.c */
/* The i-th row of the settings; NULL behind the last. */
const struct setting *setup_setting(long i);
bool setup_has_column(const struct ui *ui, int id);

#endif
