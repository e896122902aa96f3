/*
 * scan.h - a look at all sockets of a table, in steps, for a view
 *
 *	update.c	what is to be looked for, and what becomes of it
 *	scan.c		the look
 */
#ifndef VIEW_SCAN_H
#define VIEW_SCAN_H

#include "view/grouping.h"
#include "view/update.h"

struct view_scan {
	uint32_t at, slots;		/* the next; all there were */
	uint64_t newest;
	int64_t now;			/* ages are compared as of then */
	bool held, all;			/* all: nothing is kept from being shown */
	bool ports;			/* nothing but groups of ports and states
					   keeps any */
	uint8_t sort;
	bool reverse, moves, unsettled;
	size_t live, hidden_by_state;
	struct row_list gone;
	/* unless held */
	struct cuts cuts;
	struct row_list part[CUTS_MAX + 1];
	/* held: bits of slots that match, whose socket the view may have,
	 * cannot have */
	uint64_t *stay, *fresh;
	struct grouping *groups;	/* NULL: the rows will be sockets */
};

/* Looks at the next n slots, or some more; true: there are others. */
bool scan_step(struct view *v, struct column_context *c, uint32_t n);

#endif
