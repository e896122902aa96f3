/*
 * option_sense.h - what the options mean together
 *
 * option.c takes them one by one; here is what follows from all of them: what
 * contradicts, how often to look, the columns nobody named, and what the config
 * file says.
 */
#ifndef OPTION_SENSE_H
#define OPTION_SENSE_H

#include "option.h"

/* One line on stderr: "tulpen: OPTION: what: 'arg'" (NULL: none). Returns -1. */
int option_fail(const char *option, const char *what, const char *arg);
/* Do these mean to print? Else there is a person and a screen. */
bool options_print(const struct options *o);
/* What the config file says, for the command line to change; screen: also what
 * is the screen's own. */
void options_keep(struct options *o, bool screen);
/* 0; or -1 after option_fail(). */
int options_make_sense(struct options *o);

#endif
