/*
 * save.h - w: what is shown, written to a file
 *
 * save.c asks for format and name; the caller of the ui writes (ui_save()).
 */
#ifndef UI_SAVE_H
#define UI_SAVE_H

#include "ui/state.h"

/* The formats to choose from. */
void save_menu_open(struct ui *ui);
/* The prompt's: Enter after a name. Returns enum ui_effect. */
unsigned save_named(struct ui *ui, const char *name);

extern const struct menu_kind save_menu;

#endif
