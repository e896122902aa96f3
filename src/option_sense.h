/*
 * option_sense.h - what the options mean together
 *
 * option.c takes them one by one; here is what follows from all of them: what
 * contradicts, how often to look, and the columns nobody named.
 */
#ifndef OPTION_SENSE_H
#define OPTION_SENSE_H

#include "option.h"

/* One line on stderr: "tulpen: OPTION: what: 'arg'" (NULL: none). Returns -1. */
int option_fail(const char *option, const char *what, const char *arg);
/* 0; or -1 after option_fail(). */
int options_make_sense(struct options *o);

#endif
