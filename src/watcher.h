/*
 * watcher.h - takes events from the kernel into the table
 *
 * Opens the best source of events there is and is asked for (trace, else
 * destroy), drains it in order, and looks up what a full socket left behind
 * when it ended.  The monitor's status says what is watched, why not more,
 * and what was lost.
 */
#ifndef WATCHER_H
#define WATCHER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/monitor.h"

enum events_choice { EVENTS_AUTO, EVENTS_TRACE, EVENTS_DESTROY, EVENTS_OFF };

struct watcher;

/* NULL when there is nothing to watch; status.events_why says why. */
struct watcher *watcher_new(struct monitor *m, enum events_choice choice);
void watcher_free(struct watcher *w);
/* poll for POLLIN */
int watcher_fd(const struct watcher *w);
/* Works for about budget_ns; true if there was something to do and there may
 * be more. */
bool watcher_drain(struct watcher *w, int64_t budget_ns);
/* What the kernel told up to that time (mono ns) is in the table. */
int64_t watcher_told(const struct watcher *w);

/* Have events been lost since the last call?  Then a pass is needed. */
bool watcher_lost(struct watcher *w);

#endif
