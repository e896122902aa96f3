/*
 * finder.h - finds the owners of sockets, in walks over /proc/PID/fd
 *
 * A walk is wanted when the table has sockets whose owner was not looked for
 * yet; now and then it looks at all of them again, because descriptors are
 * passed on and processes fork and exit.  Owners are set as soon as they are
 * found, and sockets nobody was found for when the walk is over.
 *
 *	finder_due(f)		is a walk wanted, and cheap enough by now?
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
/* When the next walk should begin: mono ns. */
#define FINDER_NOT_DUE	INT64_MAX
int64_t finder_due(const struct finder *f);
void finder_begin(struct finder *f);
bool finder_running(const struct finder *f);
/* Works about budget_ns; true while there is more. */
bool finder_step(struct finder *f, int64_t budget_ns);
/* The last walk left some out that another one may find. */
bool finder_again(const struct finder *f);

#endif
