#include "view/parting.h"

#include <stdlib.h>

/* Of a sample each eighth is a divider, so that parts differ little. */
enum { OVERSAMPLE = PARTING_SAMPLE / PARTS_MAX };

static int by_place(const void *a, const void *b)
{
	return place_compare(a, b);
}

void place_sort(struct place *places, size_t n)
{
	qsort(places, n, sizeof(*places), by_place);
}

/* the longest run of equal ones */
static struct usual longest_run(const uint64_t *word, unsigned low,
				unsigned high)
{
	struct usual best = { 0 };

	for (unsigned i = low; i < high; i++) {
		if (i > low && word[i] != word[i - 1])
			low = i;
		if (i + 1 - low > best.high - best.low)
			best = (struct usual){ word[i], low, i + 1 };
	}
	return best;
}

static void find_usual(struct parting *p)
{
	struct usual u = { .high = p->dividers };

	for (int k = 0; k < PLACE_WORDS; k++)
		u = p->usual[k] = longest_run(p->divider[k], u.low, u.high);
}

void parting_begin(struct parting *p, const struct place *sample, size_t n)
{
	unsigned parts = (unsigned)(n / OVERSAMPLE);

	p->dividers = 0;
	for (unsigned i = 1; i < parts; i++, p->dividers++)
		for (int k = 0; k < PLACE_WORDS; k++)
			p->divider[k][p->dividers] =
				sample[i * n / parts].word[k];
	find_usual(p);
}

/*
 * How many of n numbers in order are at most x.  Halving, but without a branch
 * that would go either way as often.
 */
static unsigned at_most(const uint64_t *number, unsigned n, uint64_t x)
{
	const uint64_t *at = number;

	while (n > 1) {
		unsigned half = n / 2;

		at += at[half - 1] <= x ? half : 0;
		n -= half;
	}
	return (unsigned)(at - number) + (n && *at <= x);
}

/* How many dividers are at or before that place: word by word, among those that
 * are equal so far. */
unsigned parting_find(const struct parting *p, struct making *at)
{
	unsigned low = 0, high = p->dividers;
	bool usual = true;

	for (unsigned k = 0; k < PLACE_WORDS && low < high; k++) {
		const uint64_t *word = p->divider[k];
		uint64_t x = making_word(at, k);

		usual &= x == p->usual[k].word;
		if (usual) {
			low = p->usual[k].low;
			high = p->usual[k].high;
			continue;
		}
		high = low + at_most(word + low, high - low, x);
		if (high == low || word[high - 1] != x)
			return high;
		low += x ? at_most(word + low, high - low, x - 1) : 0;
	}
	return high;
}

struct place parting_from(const struct parting *p, unsigned part)
{
	struct place from = { 0 };

	for (int k = 0; k < PLACE_WORDS && part; k++)
		from.word[k] = p->divider[k][part - 1];
	return from;
}
