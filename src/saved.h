/*
 * saved.h - a table as "ss -D FILE" wrote it, in place of this host's own
 *
 * It is one pass of which nobody knows when it was made, on a host that is not
 * known either: the clock stands still, owners, counters and rates are unknown,
 * and nothing is asked of this kernel.
 */
#ifndef SAVED_H
#define SAVED_H

#include <stdbool.h>

#include "base/clock.h"
#include "model/monitor.h"

/* A clock that stands, for the monitor. */
const struct clock *saved_clock(void);
/* Reads all of the file into the monitor. 0; -1: nothing could be read. What
 * was missing is in status.partial. */
int saved_read(struct monitor *m, const char *path, bool ipv4, bool ipv6);

#endif
