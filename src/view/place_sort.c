/* place_sort.c - places in their order */
#include "view/place_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The first word in which those places differ, or the last one. */
static int differ_in(const struct place *places, const struct keyed *a,
		     uint32_t n)
{
	const struct place *first = &places[a[0].i];
	int word = PLACE_WORDS - 1;

	for (uint32_t k = 1; k < n; k++)
		for (int i = 0; i < word; i++)
			if (places[a[k].i].word[i] != first->word[i])
				word = i;
	return word;
}

/* By that word, and then those that are equal in it by one behind it. */
static void sort(const struct place *places, struct keyed *a,
		 struct keyed *spare, uint32_t n)
{
	int word = differ_in(places, a, n);

	for (uint32_t k = 0; k < n; k++)
		a[k].key = places[a[k].i].word[word];
	keyed_sort(a, spare, n);
	if (word == PLACE_WORDS - 1)
		return;
	for (uint32_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && a[to].key == a[from].key; to++)
			;
		if (to - from > 1)
			sort(places, a + from, spare, to - from);
	}
}

struct keyed *places_sorted(const struct place *places, uint32_t n)
{
	struct keyed *a = mem_lines(2 * (size_t)n, sizeof(*a));

	for (uint32_t k = 0; k < n; k++)
		a[k].i = k;
	sort(places, a, a + n, n);
	return a;
}

void place_sort(struct place *places, uint32_t n)
{
	struct keyed *sorted = places_sorted(places, n);
	struct place *from = mem_lines(n, sizeof(*from));

	memcpy(from, places, n * sizeof(*from));
	for (uint32_t k = 0; k < n; k++)
		places[k] = from[sorted[k].i];
	free(from);
	free(sorted);
}
