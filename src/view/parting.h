/*
 * parting.h - which of some parts, that stand in order, a place is in
 *
 * A sample of the places tells where to part them.  Of most places one word is
 * asked for: the first one that they do not share.  So places that are equal in
 * it stay together, and those that are unlike most go before or behind all.
 *
 *	parting_begin(&p, sample, n);
 *	part = parting_find(&p, &making);	0 … parting_parts(&p) - 1
 */
#ifndef VIEW_PARTING_H
#define VIEW_PARTING_H

#include "view/place.h"

enum { PARTS_MAX = 32, PARTING_SAMPLE = 2048 };

struct parting {
	uint64_t usual[PLACE_WORDS];	/* what most places begin with, */
	unsigned words;			/* so many words of it */
	/* values of the next word at which a part of those begins; the greatest
	 * number where there is none */
	uint64_t divider[PARTS_MAX];
	unsigned dividers;
};

/* The sample is sorted. */
void parting_begin(struct parting *p, const struct place *sample, size_t n);
unsigned parting_parts(const struct parting *p);
unsigned parting_find(const struct parting *p, struct making *at);
/* The first place that belongs to that part. */
struct place parting_from(const struct parting *p, unsigned part);

#endif
