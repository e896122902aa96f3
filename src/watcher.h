/*
 * watcher.h - takes events from the kernel into the table
 *
 * Opens the best source of events there is and is asked for (trace, else
 * destroy), drains it in order, and looks up what a full socket left behind
 * when it ended.  The monitor's status says what is watched, why not more,
 * and what was lost.
 *
 * Opening it takes a tenth of a second and more (libbpf reads the types of the
 * whole kernel, 4 KiB at a time), in which a key would wait: a thread does it.
 *
 *	w = watcher_new(monitor, EVENTS_AUTO);
 *	poll watcher_fd(w), then
 *	if (watcher_open(w))
 *		poll watcher_fd(w), and each time
 *		watcher_drain(w, budget);
 *	watcher_free(w);
 */
#ifndef WATCHER_H
#define WATCHER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/monitor.h"

enum events_choice { EVENTS_AUTO, EVENTS_TRACE, EVENTS_DESTROY, EVENTS_OFF };

struct watcher;

/* Begins to open it.  NULL when there is nothing to watch; status.events_why
 * says why. */
struct watcher *watcher_new(struct monitor *m, enum events_choice choice);
/* Once, when watcher_fd() is readable (before, it waits): false when there is
 * nothing to watch, and status.events_why says why.  The others but
 * watcher_free() are for after that. */
bool watcher_open(struct watcher *w);
void watcher_free(struct watcher *w);
/* poll for POLLIN; another one when it is open */
int watcher_fd(const struct watcher *w);
/* Works for about budget_ns; true if there was something to do and there may
 * be more. */
bool watcher_drain(struct watcher *w, int64_t budget_ns);
/* What the kernel told up to that time (mono ns) is in the table. */
int64_t watcher_told(const struct watcher *w);

/* Have events been lost since the last call?  Then a pass is needed.  The kernel
 * is asked: not for each drain.  status.events_lost is as of then. */
bool watcher_lost(struct watcher *w);

#endif
