/*
 * rates.h - what the header shows a second, over the last five
 *
 * From the kernel's counters, so that connections which live and die between
 * two passes are in it.  Averaged, because the kernel lets TIME_WAIT sockets
 * go in clumps: over one second a steady load looks like an incident.
 */
#ifndef MODEL_RATES_H
#define MODEL_RATES_H

#include <stdint.h>

#include "model/host.h"
#include "model/table.h"

struct rates {			/* per second; negative: unknown */
	double opened, closed, reset;
	double retrans;		/* share of all segments sent, 0…1 */
};

enum { RATES_POINTS = 64 };

struct rates_window {
	struct rates_point {
		int64_t at;		/* mono ns of the counters */
		/* U64_UNKNOWN where the kernel gives none */
		uint64_t opened, resets, sent, again;
		uint64_t connections;	/* in the table */
	} point[RATES_POINTS];
	unsigned next, count;
};

/* Takes the newest counters in, and the table as of about the same time; gives
 * the rates between them and those of some five seconds ago, or of the last
 * pass where that is longer ago. */
struct rates rates_add(struct rates_window *w, const struct host_sample *now,
		       const struct table_counts *c);

#endif
