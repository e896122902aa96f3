/*
 * keyed.h - rows sorted by a number each
 *
 * By its bytes, from the last to the first: numbers that are of one piece of a
 * table have few bytes in which they differ, and the others take no time.
 */
#ifndef VIEW_KEYED_H
#define VIEW_KEYED_H

#include <stddef.h>
#include <stdint.h>

struct keyed {
	uint64_t key;
	uint32_t i;		/* the caller's */
};

/* Those with equal keys stay in their order.  spare: room for n more. */
void keyed_sort(struct keyed *a, struct keyed *spare, size_t n);

#endif
