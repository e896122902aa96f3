#include "view/parting.h"

#include <string.h>

/* ---- the parts ---- */

/* 0: before those that have what is usual; then those; then what is behind */
enum { USUAL = 1, OTHERS = 3, DIVIDERS_MAX = PARTS_MAX - OTHERS };

unsigned parting_parts(const struct parting *p)
{
	return p->dividers + OTHERS;
}

/* some of a sample, from low to high (exclusive) */
struct run {
	size_t low, high;
};

/* The longest with the same word. */
static struct run longest_run(const struct place *sample, struct run in, int word)
{
	struct run best = { in.low, in.low };
	size_t low = in.low;

	for (size_t i = in.low; i < in.high; i++) {
		if (sample[i].word[word] != sample[low].word[word])
			low = i;
		if (i + 1 - low > best.high - best.low)
			best = (struct run){ low, i + 1 };
	}
	return best;
}

/* Returns those that have it. */
static struct run find_usual(struct parting *p, const struct place *sample,
			     size_t n)
{
	struct run most = { 0, n };

	for (p->words = 0; p->words < PLACE_WORDS - 1; p->words++) {
		struct run r = longest_run(sample, most, (int)p->words);

		if (2 * (r.high - r.low) <= n)
			break;
		p->usual[p->words] = sample[r.low].word[p->words];
		most = r;
	}
	return most;
}

void parting_begin(struct parting *p, const struct place *sample, size_t n)
{
	const struct run usual = find_usual(p, sample, n);

	p->dividers = 0;
	memset(p->divider, 0xff, sizeof(p->divider));
	for (size_t i = 1; i <= DIVIDERS_MAX; i++) {
		size_t at = usual.low + i * (usual.high - usual.low) /
					(DIVIDERS_MAX + 1);
		uint64_t x = sample[at].word[p->words];

		if (!p->dividers || p->divider[p->dividers - 1] != x)
			p->divider[p->dividers++] = x;
	}
}

/*
 * One of two halves, without a branch: it would go either way as often, and the
 * processor guesses wrong every other time.  The compiler must not make one
 * either, so it is not told that n is one of few numbers.
 */
static inline unsigned half(const uint64_t *number, unsigned n, unsigned half,
			    uint64_t x)
{
	n += half * (number[n + half - 1] <= x);
	__asm__("" : "+r"(n));
	return n;
}

/* How many of 32 numbers in order are at most x; if all are, 31. */
static inline unsigned at_most_32(const uint64_t number[32], uint64_t x)
{
	unsigned n = half(number, 0, 16, x);

	n = half(number, n, 8, x);
	n = half(number, n, 4, x);
	n = half(number, n, 2, x);
	return half(number, n, 1, x);
}

unsigned parting_find(const struct parting *p, struct making *at)
{
	unsigned n;

	for (unsigned k = 0; k < p->words; k++) {
		uint64_t x = making_word(at, k);

		if (x != p->usual[k])
			return x < p->usual[k] ? 0 : parting_parts(p) - 1;
	}
	n = at_most_32(p->divider, making_word(at, p->words));
	return USUAL + (n < p->dividers ? n : p->dividers);
}

/* The first place behind all that begin so. */
static void go_behind(struct place *at, unsigned words)
{
	while (words-- && !++at->word[words])
		;
}

struct place parting_from(const struct parting *p, unsigned part)
{
	struct place from = { 0 };

	if (part < USUAL)
		return from;
	memcpy(from.word, p->usual, p->words * sizeof(from.word[0]));
	if (part == parting_parts(p) - 1)
		go_behind(&from, p->words);
	else if (part > USUAL)
		from.word[p->words] = p->divider[part - USUAL - 1];
	return from;
}
