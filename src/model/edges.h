/*
 * edges.h - how often each step of the state machine happens, and how long
 * sockets stay in each state
 *
 * Fed with every change.  Counts are kept for each second of the last minute,
 * so a rate over 1, 10 or 60 s is a sum; dwell times go into a histogram of
 * logarithmic buckets for each state, 3 to 6 % wide, from the start on.
 * Inferred changes count as steps; only dwell times whose both ends were seen
 * are taken.
 *
 * A change that happened somewhere between two passes is counted at one moment
 * of that time, many of them evenly spread over it: else a pass each 10 s would
 * look like nothing for 9 s and then everything at once.
 *
 *	e = edges_new();
 *	edges_start(e, now);		when the first pass is over
 *	edges_add(e, &change);		for each change
 *	edges_rate(e, STATE_ESTABLISHED, STATE_CLOSE_WAIT, 10, now);
 *	edges_free(e);
 */
#ifndef MODEL_EDGES_H
#define MODEL_EDGES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/change.h"

struct edges;

/* Steps are between states as in struct change; all without a name are this
 * one, which is in no table. */
enum { EDGES_OTHER = STATE_NEW_SYN_RECV };

struct edges *edges_new(void);
void edges_free(struct edges *e);
/* Watched since then (mono ns); only the first call counts. */
void edges_start(struct edges *e, int64_t at);
void edges_add(struct edges *e, const struct change *c);

/* How many changes from one state to another (STATE_NONE: opened, closed) there
 * ever were. */
uint64_t edges_total(const struct edges *e, unsigned from, unsigned to);
/* Those in the last `seconds` (1 … 60) whole seconds before now (mono ns), per
 * second; negative while the program has not watched that long. */
double edges_rate(const struct edges *e, unsigned from, unsigned to,
		  int seconds, int64_t now);

/* The longest time up to that many seconds (at most 60) that was watched before
 * now; 0: none. */
int edges_window(const struct edges *e, int seconds, int64_t now);

/* Connections, that is sockets in states other than LISTEN, BOUND and CLOSE. */
enum edges_sum {
	EDGES_OPENED,
	EDGES_ACCEPTED,		/* those of them that came in */
	EDGES_CLOSED,
	/*
	 * Of the closed, those that left a state which no orderly end leaves
	 * at once.  Only a trace can tell; between two passes a connection may
	 * well have come to its orderly end.
	 */
	EDGES_RESET,
	EDGES_SUM_COUNT,
};
/* "opened", "accepted", "closed", "reset" */
extern const char *const edges_sum_name[EDGES_SUM_COUNT];
/* As edges_rate(); EDGES_RESET: negative too before anything was traced. */
double edges_sum_rate(const struct edges *e, enum edges_sum what, int seconds,
		      int64_t now);

/* The dwell time (ns) that the share q (0 … 1) of the sockets that left the
 * state stayed in it at most, give or take the bucket's width; TIME_UNKNOWN
 * without a sample. */
int64_t edges_dwell(const struct edges *e, unsigned state, double q);
/* samples in that state's distribution */
uint64_t edges_dwell_count(const struct edges *e, unsigned state);

#endif
