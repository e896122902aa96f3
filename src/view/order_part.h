/*
 * order_part.h - the inside of an order, for its own files
 *
 *	order.c		rows in pieces: looking, leaving, coming
 *	order_part.c	a piece into smaller ones, or in order
 */
#ifndef VIEW_ORDER_PART_H
#define VIEW_ORDER_PART_H

#include "view/order.h"

struct part {
	struct place from;
	uint32_t size;
};

/* order.c */
uint32_t order_start(const struct order *o, size_t piece);
/* Those of the parts that have rows become pieces in place of those from i to
 * past, which began at row start. */
void order_pieces(struct order *o, size_t i, size_t past, uint32_t start,
		  const struct part *part, unsigned parts);

/* order_part.c: sorts the pieces from the i-th on that are small enough and begin
 * before row `to`, up to the first that is not; false: that is the i-th. */
bool order_sort_pieces(struct order *o, const struct order_by *by, size_t i,
		       size_t to);
/* One step towards order in the piece at … */
/* … the rows from … to (exclusive), */
void order_refine(struct order *o, const struct order_by *by, size_t piece,
		  size_t from, size_t to);
/* … this row. */
void order_refine_row(struct order *o, const struct order_by *by, size_t piece,
		      uint32_t row);
/* NULL: it is small */
struct parts *order_piece_parts(const struct order *o,
				const struct order_by *by, size_t piece);
void order_part_piece(struct order *o, size_t piece, const struct parts *p);

#endif
