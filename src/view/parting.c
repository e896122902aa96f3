#include "view/parting.h"

#include <stdlib.h>
#include <string.h>

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
	for (p->telling = 0; p->telling < PLACE_WORDS - 1; p->telling++)
		if (2 * (p->usual[p->telling].high -
			 p->usual[p->telling].low) <= p->dividers)
			break;
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

/* Word by word, among the dividers that are equal so far. */
static unsigned find_one(const struct parting *p, struct making *at)
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

/*
 * The same of many at once.  A processor guesses which half is next, and is
 * wrong as often as not; so there is no branch here, and as one number need not
 * wait for another it is busy meanwhile: a third of the time.
 */
static void at_most_each(const uint64_t *number, unsigned n, const uint64_t *x,
			 unsigned *most, size_t count)
{
	memset(most, 0, count * sizeof(*most));
	for (; n > 1; n -= n / 2)
		for (size_t i = 0; i < count; i++)
			most[i] += n / 2 & -(unsigned)
				   (number[most[i] + n / 2 - 1] <= x[i]);
	for (size_t i = 0; i < count; i++)
		most[i] += number[most[i]] <= x[i];
}

/* Has it what most have, up to the word that tells? */
static bool is_usual(const struct parting *p, struct making *at)
{
	for (unsigned k = 0; k < p->telling; k++)
		if (making_word(at, k) != p->usual[k].word)
			return false;
	return true;
}

void parting_find(const struct parting *p, struct making *at, size_t n,
		  uint8_t *part)
{
	const struct usual all = { .high = p->dividers };
	const struct usual *u = p->telling ? &p->usual[p->telling - 1] : &all;
	const uint64_t *word = p->divider[p->telling] + u->low;
	uint64_t x[PARTING_BATCH];
	unsigned most[PARTING_BATCH];
	bool usual[PARTING_BATCH];

	for (size_t i = 0; i < n; i++) {
		usual[i] = is_usual(p, &at[i]);
		x[i] = usual[i] ? making_word(&at[i], p->telling) : 0;
	}
	at_most_each(word, u->high - u->low, x, most, n);
	for (size_t i = 0; i < n; i++)
		if (usual[i] && !(most[i] && word[most[i] - 1] == x[i]))
			part[i] = (uint8_t)(u->low + most[i]);
		else
			part[i] = (uint8_t)find_one(p, &at[i]);
}

struct place parting_from(const struct parting *p, unsigned part)
{
	struct place from = { 0 };

	for (int k = 0; k < PLACE_WORDS && part; k++)
		from.word[k] = p->divider[k][part - 1];
	return from;
}
