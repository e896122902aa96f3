/*
 * save.h - w: what is shown, written to a file
 *
 * save.c asks for format and name; the caller of the ui writes (ui_save()).
 */
#ifndef UI_SAVE_H
#define UI_SAVE_H

#include "ui/state.h"

/* The prompt's: Enter after a name. Returns enum ui_effect. */
unsigned save_named(struct ui *ui, const char *name);

#endif
