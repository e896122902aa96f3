/*
 * doer.h - does what was asked for (model/deed.h), in steps
 *
 * Gets the cookies that are missing while the question is on the screen, and
 * when it was answered with yes asks the kernel, a batch at a time.  Before
 * that each target is compared with the table: the socket that was shown must
 * be there still.
 *
 *	doer = doer_new(monitor, "/proc");
 *	while (doer_step(doer, deed))
 *		show_progress();
 *	doer_free(doer);
 */
#ifndef DOER_H
#define DOER_H

#include <stdbool.h>

#include "model/deed.h"
#include "model/monitor.h"

struct doer;

/* procfs: where processes are looked at. */
struct doer *doer_new(struct monitor *m, const char *procfs);
void doer_free(struct doer *d);
/* About a millisecond; true while there is more. */
bool doer_step(struct doer *d, struct deed *deed);

#endif
