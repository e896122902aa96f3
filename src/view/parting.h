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

/* Part 0 is before those that have what is usual; then come those, then what is
 * behind. */
enum { PARTING_USUAL = 1 };

/*
 * One of two halves, without a branch: it would go either way as often, and the
 * processor guesses wrong every other time.  The compiler must not make one
 * either, so it is not told that n is one of few numbers.
 */
static inline unsigned parting_half(const uint64_t *number, unsigned n,
				    unsigned half, uint64_t x)
{
	n += half * (number[n + half - 1] <= x);
	__asm__("" : "+r"(n));
	return n;
}

/* How many of 32 numbers in order are at most x; if all are, 31. */
static inline unsigned parting_at_most(const uint64_t number[32], uint64_t x)
{
	unsigned n = parting_half(number, 0, 16, x);

	n = parting_half(number, n, 8, x);
	n = parting_half(number, n, 4, x);
	n = parting_half(number, n, 2, x);
	return parting_half(number, n, 1, x);
}

/* The part of a place that begins with what is usual and has that next word. */
static inline unsigned parting_of_word(const struct parting *p, uint64_t x)
{
	unsigned n = parting_at_most(p->divider, x);

	return PARTING_USUAL + (n < p->dividers ? n : p->dividers);
}

/* The first place that belongs to that part. */
struct place parting_from(const struct parting *p, unsigned part);

#endif
