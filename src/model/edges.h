/*
 * edges.h - how often each step of the state machine happens, and how long
 * sockets stay in each state
 *
 * Fed with every change.  Counts are kept for each second of the last minute,
 * so a rate over 1, 10 or 60 s is a sum; dwell times go into a histogram of
 * logarithmic buckets for each state, of about 5 % width.  Inferred changes
 * count as steps; only dwell times whose both ends were seen are taken.
 */
#ifndef MODEL_EDGES_H
#define MODEL_EDGES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/change.h"

struct edges;

struct edges *edges_new(void);
void edges_free(struct edges *e);
void edges_add(struct edges *e, const struct change *c);

/* Changes from one state to another (STATE_NONE: opened, closed) in the last
 * `seconds` (1 … 60) whole seconds before now (mono ns), per second; negative
 * while the program has not watched that long. */
double edges_rate(const struct edges *e, unsigned from, unsigned to,
		  int seconds, int64_t now);
/* All opened / closed / reset alike: sums over edges. Resets: to STATE_NONE
 * or CLOSE from a state that does not end there by itself. */
enum edges_sum { EDGES_OPENED, EDGES_ACCEPTED, EDGES_CLOSED, EDGES_RESET };
double edges_sum_rate(const struct edges *e, enum edges_sum what, int seconds,
		      int64_t now);
/* The dwell time (ns) that the share q (0…1) of sockets stayed in the state at
 * most; TIME_UNKNOWN without a sample. */
int64_t edges_dwell(const struct edges *e, unsigned state, double q);
/* samples in that state's distribution */
uint64_t edges_dwell_count(const struct edges *e, unsigned state);

#endif
