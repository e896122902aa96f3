/*
 * diagram.h - the state machine of RFC 9293, live
 *
 * A box for each state with its count, how it grows and how long half of its
 * sockets stay; a line for each step with how often it happens.  The numbers
 * are taken once a pass, so that they stand still while paused.  Where there
 * is no room for the drawing the same numbers make a list.
 *
 *	diagram_init(ui);
 *	diagram_note(ui);			after each pass
 *	diagram_draw(ui, c, rule_y, rect);	while ui->diagram.open
 */
#ifndef UI_DIAGRAM_H
#define UI_DIAGRAM_H

#include "ui/scroll.h"
#include "ui/state.h"

void diagram_init(struct ui *ui);
void diagram_note(struct ui *ui);

/* keys and mouse */
void diagram_move(struct ui *ui, enum move m);
void diagram_beside(struct ui *ui, int by);	/* -1 left, 1 right */
void diagram_enter(struct ui *ui);
/* Comes back from the sockets of a state; false: was not there. */
bool diagram_back(struct ui *ui);
unsigned diagram_click(struct ui *ui, unsigned state);

/* How many of `rows` it leaves to the changes, with their rule; 0 none. */
int diagram_spare(int width, int rows);
/* Its rule on line `rule`, and all else in r. */
void diagram_draw(struct ui *ui, struct canvas *c, int rule, struct rect r);

/* ---- shared by its files ------------------------------------------------- */

/* in the order of a connection's life; all that have a name */
extern const uint8_t diagram_order[];
enum { DIAGRAM_NODES = 12 };

/* Steps from any state of one set (STATE_BIT()s, bit 0: no socket) to any of
 * another, per second; negative: unknown. */
double diagram_rate(const struct ui *ui, unsigned from, unsigned to);
/* "118/s", "-" unknown; "≥118/s" where only passes see the steps, and then "-"
 * for none: they may all have come and gone in between. */
void diagram_rate_text(const struct ui *ui, double rate, struct buf *out);
/* Steps that have no line in the drawing, per second; and those of them by
 * which a connection ended amid its life: reset, refused, given up. */
double diagram_not_drawn(const struct ui *ui);
double diagram_cut_off(const struct ui *ui);
/* "3.2s", "12ms": that half, or most (99 %), stayed at most; "-" unknown */
void diagram_dwell(const struct ui *ui, unsigned state, bool most,
		   struct buf *out);
/* "1,902", or short where that is wider than max; "-" unknown */
void diagram_count(const struct ui *ui, unsigned state, int max,
		   struct buf *out);
/* Is there room for the drawing? */
bool diagram_fits(int width, int rows);
void diagram_draw_boxes(struct ui *ui, struct canvas *c, struct rect r);
void diagram_draw_list(struct ui *ui, struct canvas *c, struct rect r);
/* "in: SYN_RECV 118/s, new 3/s"; or all the ways out */
void diagram_steps_text(const struct ui *ui, unsigned state, bool in,
			bool brief, struct buf *out);

#endif
