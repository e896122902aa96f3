/*
 * order.h - rows in order, as far as somebody looks
 *
 * To show forty of a million rows it takes no sorted million.  The rows are
 * parted first: a sample of them gives up to 255 dividers, and one look at each
 * row tells between which two it belongs.  That leaves pieces of some thousand
 * rows that stand where they belong, without order inside; a piece is sorted
 * when somebody looks into it.  So any page, the last one too, costs one piece.
 *
 *	parting_begin(&p, sample, n);
 *	for each row
 *		parting_add(&p, row, &place);	in steps, if need be
 *	parting_end(&p, &order);
 *	order_ready(&order, &by, from, to);
 *	draw(order.rows[from …]);
 *	order_free(&order);
 *
 * What a row is only the caller knows: it is a number that has a place.
 */
#ifndef VIEW_ORDER_H
#define VIEW_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/place.h"

enum { PARTS_MAX = 256, PARTING_SAMPLE = 2048 };

struct piece {
	uint32_t end;		/* its first row is the end of the one before */
	bool sorted;
};

struct order {
	uint32_t *rows;
	size_t count, capacity;
	struct piece *pieces;
	size_t piece_count, piece_capacity;
};

/* where a row stands now */
struct order_by {
	void (*place)(void *arg, uint32_t row, struct place *p);
	void (*soon)(void *arg, uint32_t row);	/* it will be asked for */
	void *arg;
};

void order_free(struct order *o);
/* Brings the rows from … to (exclusive) into their order. */
void order_ready(struct order *o, const struct order_by *by, size_t from,
		 size_t to);
/* Where the row stands now; -1 nowhere.  It is where it belongs only after
 * order_ready(). */
long order_find(const struct order *o, uint32_t row);
/* The piece that has the i-th row: from … to (exclusive); is it sorted? */
bool order_piece(const struct order *o, size_t i, size_t *from, size_t *to);
/* The others leave; the rest keeps its order. */
void order_keep(struct order *o, bool (*keep)(void *arg, uint32_t row),
		void *arg);
/* Puts n rows behind all others, which stay where they are. */
void order_append(struct order *o, const uint32_t *rows, size_t n);

struct parting {
	uint64_t divider[PLACE_WORDS][PARTS_MAX];
	unsigned dividers;
	/* of each word what most of them have, among those that have it in the
	 * words before; from low to high */
	struct usual {
		uint64_t word;
		unsigned low, high;
	} usual[PLACE_WORDS];
	uint32_t *row;
	uint8_t *part;		/* of each row */
	size_t count, capacity;
	uint32_t size[PARTS_MAX];
};

/* The sample is sorted in doing so. */
void parting_begin(struct parting *p, struct place *sample, size_t n);
void parting_add(struct parting *p, uint32_t row, const struct place *at);
/* Into o, in place of what it had; p holds nothing any more. */
void parting_end(struct parting *p, struct order *o);
void parting_free(struct parting *p);

#endif
