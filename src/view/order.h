/*
 * order.h - rows in order, as far as somebody looks
 *
 * To show forty of a million rows it takes no sorted million.  The rows stand
 * in pieces: all of a piece come before all of the next one, but inside a piece
 * they have no order until somebody looks into it.  A piece that is too large
 * to be sorted then is parted first, around what is looked at.
 *
 *	order_set(&order, rows, capacity, &cuts, size);
 *	order_ready(&order, &by, from, to);
 *	draw(order.rows[from …]);
 *	order_sift(&order, bits, keep, arg);	some leave …
 *	order_insert(&order, &by, rows, n);	… and some come
 *	order_free(&order);
 *
 * What a row is only the caller knows: it is a number that has a place.
 */
#ifndef VIEW_ORDER_H
#define VIEW_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/parting.h"

/* Places that divide rows: those from the first on are behind it, … */
enum { CUTS_MAX = 2 };
struct cuts {
	struct place at[CUTS_MAX];	/* in order */
	unsigned count;
};

struct piece {
	/* of its rows none comes before that place, of the pieces before it
	 * all do; of the first one zeros */
	struct place from;
	uint32_t end;		/* its first row is the end of the one before */
	bool sorted;
};

struct order {
	uint32_t *rows;
	size_t count, capacity;
	struct piece *pieces;
	size_t piece_count, piece_capacity;
};

/* While so many rows are looked at the next ones are on their way from memory;
 * a processor waits for no more than some 20 at once. */
enum { ORDER_BATCH = 16 };

/*
 * What a large piece can become.  Who has to look at all of its rows for a reason
 * of his own fills it on the way, and that costs little: most of what it takes is
 * to read the rows.
 */
struct parts {
	struct parting parting;
	uint8_t *in;		/* which one each row of the piece is in */
};

/* Where a row stands now; two threads may ask at once. */
struct order_by {
	void (*place)(void *arg, uint32_t row, struct place *p);
	/* Of n <= ORDER_BATCH rows: how many of the cuts are at or before each, */
	void (*past)(void *arg, const uint32_t *rows, uint32_t n,
		     const struct cuts *c, uint8_t *past);
	/* and which part each is in.  Either need not be as dear as places. */
	void (*part)(void *arg, const uint32_t *rows, uint32_t n,
		     const struct parting *p, uint8_t *part);
	/* They will be asked for. */
	void (*soon)(void *arg, const uint32_t *rows, uint32_t n);
	void *arg;
};

void order_free(struct order *o);
/* To be freed, too. */
struct order order_copy(const struct order *from);
/* Capacity for so many rows, and some that come. */
static inline size_t order_room(size_t rows)
{
	return rows + rows / 64 + 64;
}
/* Other rows, in place of what there was: size[0] … size[cuts->count] of them
 * before, between and behind the cuts.  Takes over rows, which has room for
 * `capacity`. */
void order_set(struct order *o, uint32_t *rows, size_t capacity,
	       const struct cuts *cuts, const size_t *size);
/* Brings the rows from … to (exclusive) into their order. */
void order_ready(struct order *o, const struct order_by *by, size_t from,
		 size_t to);
/* Where the row stands now; -1 nowhere.  It is where it belongs only after
 * order_ready(). */
long order_find(const struct order *o, uint32_t row);
/* The same, and brings it there. */
long order_ready_row(struct order *o, const struct order_by *by, uint32_t row);
/* The piece that has the i-th row: from … to (exclusive); is it sorted? */
bool order_piece(const struct order *o, size_t i, size_t *from, size_t *to);
/* Of that piece, to be filled; NULL: it is small. */
struct parts *order_parts(const struct order *o, const struct order_by *by,
			  size_t i);
/* The piece that has the i-th row becomes these. */
void order_part(struct order *o, size_t i, const struct parts *p);
void parts_free(struct parts *p);
/* Those leave for which keep() says false; the rest stays where it is.  Only
 * rows whose bits are set are asked for, all if bits is NULL. */
void order_sift(struct order *o, const uint64_t *bits,
		bool (*keep)(void *arg, uint32_t row), void *arg);
/* Puts n rows where they belong. */
void order_insert(struct order *o, const struct order_by *by,
		  const uint32_t *rows, size_t n);
/* Puts n rows behind all others, wherever they belong. */
void order_append(struct order *o, const uint32_t *rows, size_t n);

#endif
