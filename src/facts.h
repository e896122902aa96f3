/*
 * facts.h - what is to be known of the owners' processes, read once
 *
 * The service and the command line of each process that holds a socket, if
 * somebody looks at them (NEEDS_PROCESS).  What was read is kept with the
 * process (model/owner.h) for as long as that is known: so a socket whose
 * process has ended still tells what it was.
 *
 *	facts_want(f, needs);
 *	facts_begin(f, false);
 *	while (facts_step(f, budget))
 *		;
 */
#ifndef FACTS_H
#define FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/monitor.h"

struct facts;

struct facts *facts_new(struct monitor *m, const char *procfs);
void facts_free(struct facts *f);
/* True if that is more than was wanted before: all are to be asked. */
bool facts_want(struct facts *f, unsigned needs);
/* again: those that were read before too, as processes can execute another
 * program, and be put into another group. */
void facts_begin(struct facts *f, bool again);
/* Works about budget_ns; true while there is more. */
bool facts_step(struct facts *f, int64_t budget_ns);

#endif
