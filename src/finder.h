/*
 * finder.h - finds the owners of sockets
 *
 * Looks when the table has sockets whose owner was not looked for yet: first
 * among the processes that hold their listeners, then among all; now and then
 * for all sockets again, because descriptors are passed on and processes fork
 * and exit.  Where much is to be looked through and BPF is permitted the
 * kernel tells (source/taskfile.h), else it is a walk over /proc/PID/fd
 * (source/walk.h).  Sockets nobody was found for are settled at the end.
 *
 *	finder_due(f)		is a look wanted, and cheap enough by now?
 *	finder_begin(f);
 *	while (finder_step(f, budget))
 *		;
 */
#ifndef FINDER_H
#define FINDER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/monitor.h"

struct finder;

struct finder *finder_new(struct monitor *m, const char *procfs);
void finder_free(struct finder *f);
/* What is to be known of the processes: enum need, of NEEDS_PROCESS. */
void finder_want(struct finder *f, unsigned needs);
/* When the next look should begin: mono ns. */
#define FINDER_NOT_DUE	INT64_MAX
int64_t finder_due(const struct finder *f);
void finder_begin(struct finder *f);
bool finder_running(const struct finder *f);
/* Works about budget_ns; true while there is more. */
bool finder_step(struct finder *f, int64_t budget_ns);
/* The last look left some out that another one may find. */
bool finder_again(const struct finder *f);

#endif
