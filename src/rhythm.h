/*
 * rhythm.h - when to read the whole table again
 *
 * Passes come each interval as long as they take no more than their share of a
 * core; larger tables are read less often.  Where every change of state is
 * traced, nothing was lost and nobody orders by what only a pass brings, a pass
 * merely makes sure: then a fortieth of that share will do, and the cost follows
 * the churn, not the size.
 *
 *	r = (struct rhythm){ .interval = NS_PER_SEC, .budget = 0.1 };
 *	rhythm_pass(&r, begun, worked, true);	after each pass
 *	when = rhythm_due(&r, needs);		the next one
 *
 * The kernel's own count of sockets (/proc/net/sockstat) costs nothing: when
 * the table gets away from it, a pass comes early (rhythm_drifts()).
 */
#ifndef RHYTHM_H
#define RHYTHM_H

#include <stdbool.h>
#include <stdint.h>

#include "model/monitor.h"

struct rhythm {
	int64_t interval;	/* ns */
	double budget;		/* of one core, for passes */
	/* events have kept the table true since the newest pass began */
	bool maintained;
	int64_t begun, worked;	/* the newest pass: mono ns, ns */
	int64_t apart;		/* the kernel's count less ours, after it */
	bool apart_known;
	int64_t drifting;	/* mono ns: since then; TIME_UNKNOWN: not */
};

/* traced: every change was told since it began. */
void rhythm_pass(struct rhythm *r, int64_t begun, int64_t worked, bool traced);
/* Events were lost: what is known is not sure any more. */
void rhythm_lost(struct rhythm *r);
/* When the next pass is to begin, mono ns. needs: of all rows, enum need. */
int64_t rhythm_due(const struct rhythm *r, unsigned needs);
/* of one core, for small dumps between passes */
double rhythm_small_share(const struct rhythm *r);
/* Right after the host's counters were read and events taken in. True: the table has lost touch, and
 * rhythm_due() says so. */
bool rhythm_drifts(struct rhythm *r, const struct monitor *m);

#endif
