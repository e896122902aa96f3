/*
 * parting.h - which of up to 32 parts, that stand in order, a place is in
 *
 * A sample of the places gives the dividers; a part has those from its divider
 * up to the next.
 *
 *	parting_begin(&p, sample, n);
 *	part = parting_find(&p, &making);	0 … p.dividers
 */
#ifndef VIEW_PARTING_H
#define VIEW_PARTING_H

#include "view/place.h"

enum { PARTS_MAX = 32, PARTING_SAMPLE = 2048 };

struct parting {
	uint64_t divider[PLACE_WORDS][PARTS_MAX];
	unsigned dividers;
	/* What most of them have in their first words, so many: these tell
	 * little.  The dividers that have it are those from low on, and the next
	 * word of theirs tells; the greatest number where there is none. */
	struct {
		uint64_t word[PLACE_WORDS];
		unsigned words;
		unsigned low;
		uint64_t next[PARTS_MAX];
	} usual;
};

void place_sort(struct place *places, size_t n);
/* The sample is sorted. */
void parting_begin(struct parting *p, const struct place *sample, size_t n);
unsigned parting_find(const struct parting *p, struct making *at);
/* The divider at which the part begins; of the first one zeros. */
struct place parting_from(const struct parting *p, unsigned part);

#endif
