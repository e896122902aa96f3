/*
 * app.h - the two ways to run: printing and the screen
 *
 * Both take what the command line said and return the exit status.
 */
#ifndef APP_H
#define APP_H

#include "option.h"
#include "view/view.h"

/* Prints samples or changes to standard output. */
int batch_run(const struct options *o);
/* The interactive screen on the terminal. */
int screen_run(const struct options *o);

/* The view that the options ask for. 0; -1 after the filter's error was
 * printed with a caret under it. */
int app_view(const struct options *o, struct view *v);
/* enum need bits of columns */
unsigned app_column_needs(const uint8_t *ids, int n);
/* can the locale print UTF-8? */
bool app_utf8(void);

#endif
