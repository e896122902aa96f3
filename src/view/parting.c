#include "view/parting.h"

#include <string.h>

/* ---- the parts ---- */

enum { OTHERS = 3, DIVIDERS_MAX = PARTS_MAX - OTHERS };

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

unsigned parting_find(const struct parting *p, struct making *at)
{
	for (unsigned k = 0; k < p->words; k++) {
		uint64_t x = making_word(at, k);

		if (x != p->usual[k])
			return x < p->usual[k] ? 0 : parting_parts(p) - 1;
	}
	return parting_of_word(p, making_word(at, p->words));
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

	if (part < PARTING_USUAL)
		return from;
	memcpy(from.word, p->usual, p->words * sizeof(from.word[0]));
	if (part == parting_parts(p) - 1)
		go_behind(&from, p->words);
	else if (part > PARTING_USUAL)
		from.word[p->words] = p->divider[part - PARTING_USUAL - 1];
	return from;
}
