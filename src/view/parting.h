/*
 * parting.h - which of up to 32 parts, that stand in order, a place is in
 *
 * A sample of the places gives the dividers; a part has those from its divider
 * up to the next.
 *
 *	parting_begin(&p, sample, n);
 *	parting_find(&p, makings, n, parts);	0 … p.dividers
 */
#ifndef VIEW_PARTING_H
#define VIEW_PARTING_H

#include "view/place.h"

enum { PARTS_MAX = 32, PARTING_SAMPLE = 2048, PARTING_BATCH = 64 };

struct parting {
	uint64_t divider[PLACE_WORDS][PARTS_MAX];
	unsigned dividers;
	/* of each word what most of them have, among those that have it in the
	 * words before; from low to high (exclusive) */
	struct usual {
		uint64_t word;
		unsigned low, high;
	} usual[PLACE_WORDS];
	unsigned telling;	/* the first word that most do not share */
};

void place_sort(struct place *places, size_t n);
/* The sample is sorted. */
void parting_begin(struct parting *p, const struct place *sample, size_t n);
/* Of n <= PARTING_BATCH places. */
void parting_find(const struct parting *p, struct making *at, size_t n,
		  uint8_t *part);
/* The divider at which the part begins; of the first one zeros. */
struct place parting_from(const struct parting *p, unsigned part);

#endif
