/*
 * diagram_plan.h - where the boxes and lines of the diagram stand
 *
 * Five tiers of three columns, as RFC 9293 draws it: on the left the way of
 * who is called and of who closes second, in the middle and on the right that
 * of who calls and of who closes first.
 *
 *	0	   CLOSE BOUND
 *	1	LISTEN		   SYN_SENT
 *	2	SYN_RECV   ESTABLISHED
 *	3	CLOSE_WAIT FIN_WAIT1 CLOSING
 *	4	LAST_ACK   FIN_WAIT2 TIME_WAIT
 *
 * diagram_draw.c makes the plan and draws the boxes, diagram_steps.c the lines
 * between them.
 */
#ifndef UI_DIAGRAM_PLAN_H
#define UI_DIAGRAM_PLAN_H

#include "ui/diagram.h"

enum {
	COLUMNS		= 3,
	TIERS		= 4,	/* of boxes, without the line on top */
};

struct plan {
	int x[COLUMNS], bw;	/* of the boxes, and their width */
	int gap;		/* columns between boxes */
	int top;		/* row of CLOSE and BOUND */
	int y[TIERS + 1], bh;	/* of the tiers, from 1 on, and their height */
	int vgap;		/* rows between tiers */
	int bottom;		/* row of the last steps */
	int strip, strip_y;
};

static inline int centre(const struct plan *p, int column)
{
	return p->x[column] + p->bw / 2;
}

/* the row of a tier that horizontal lines meet */
static inline int middle(const struct plan *p, int tier)
{
	return p->y[tier] + 1;
}

/* All steps; half: how wide half of what stands in the middle of the line on
 * top is. */
void diagram_draw_steps(struct ui *ui, struct canvas *c, const struct plan *p,
			int half);

#endif
