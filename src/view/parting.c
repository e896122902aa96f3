#include "view/parting.h"

#include <stdlib.h>

/* Each so many of a sample is a divider, so that parts differ little. */
enum { OVERSAMPLE = PARTING_SAMPLE / PARTS_MAX };

static int by_place(const void *a, const void *b)
{
	return place_compare(a, b);
}

void place_sort(struct place *places, size_t n)
{
	qsort(places, n, sizeof(*places), by_place);
}

/* equal ones, from low to high (exclusive) */
struct run {
	unsigned low, high;
};

static struct run longest_run(const uint64_t *word, unsigned low, unsigned high)
{
	struct run best = { 0 };

	for (unsigned i = low; i < high; i++) {
		if (i > low && word[i] != word[i - 1])
			low = i;
		if (i + 1 - low > best.high - best.low)
			best = (struct run){ low, i + 1 };
	}
	return best;
}

static void find_usual(struct parting *p)
{
	struct run all = { 0, p->dividers };
	unsigned k;

	for (k = 0; k < PLACE_WORDS - 1; k++) {
		struct run r = longest_run(p->divider[k], all.low, all.high);

		if (2 * (r.high - r.low) <= p->dividers)
			break;
		all = r;
		p->usual.word[k] = p->divider[k][r.low];
	}
	p->usual.words = k;
	p->usual.low = all.low;
	for (unsigned i = 0; i < PARTS_MAX; i++)
		p->usual.next[i] = all.low + i < all.high ?
				   p->divider[k][all.low + i] : UINT64_MAX;
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

/* How many of n numbers in order are at most x. */
static unsigned at_most(const uint64_t *number, unsigned n, uint64_t x)
{
	unsigned low = 0;

	while (low < n) {
		unsigned mid = (low + n) / 2;

		if (number[mid] <= x)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

/*
 * The same of 32, without a branch: it would go either way as often, and the
 * processor guesses wrong every other time.  The compiler must not make one
 * either, so it is not told that n is a number of few.  If all are, it is 31.
 */
static inline unsigned at_most_32(const uint64_t number[32], uint64_t x)
{
	unsigned n = 0;

	for (unsigned half = 16; half; half /= 2) {
		n += half * (number[n + half - 1] <= x);
		__asm__("" : "+r"(n));
	}
	return n;
}

/* Word by word, among the dividers that are equal so far. */
static unsigned find_any(const struct parting *p, struct making *at)
{
	unsigned low = 0, high = p->dividers;

	for (unsigned k = 0; k < PLACE_WORDS && low < high; k++) {
		const uint64_t *word = p->divider[k];
		uint64_t x = making_word(at, k);

		high = low + at_most(word + low, high - low, x);
		if (high == low || word[high - 1] != x)
			return high;
		low += x ? at_most(word + low, high - low, x - 1) : 0;
	}
	return high;
}

/* How many dividers are at or before that place. */
unsigned parting_find(const struct parting *p, struct making *at)
{
	unsigned n;
	uint64_t x;

	for (unsigned k = 0; k < p->usual.words; k++)
		if (making_word(at, k) != p->usual.word[k])
			return find_any(p, at);
	x = making_word(at, p->usual.words);
	n = at_most_32(p->usual.next, x);
	if (n && p->usual.next[n - 1] == x)
		return find_any(p, at);
	return p->usual.low + n;
}

struct place parting_from(const struct parting *p, unsigned part)
{
	struct place from = { 0 };

	for (int k = 0; k < PLACE_WORDS && part; k++)
		from.word[k] = p->divider[k][part - 1];
	return from;
}
