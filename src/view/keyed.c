#include "view/keyed.h"

#include <string.h>

/* One byte of the key: to[] is in its order. */
static void by_byte(const struct keyed *from, struct keyed *to, size_t n,
		    unsigned shift)
{
	size_t at[256] = { 0 }, sum = 0;

	for (size_t k = 0; k < n; k++)
		at[from[k].key >> shift & 0xff]++;
	for (unsigned b = 0; b < 256; b++) {
		size_t count = at[b];

		at[b] = sum;
		sum += count;
	}
	for (size_t k = 0; k < n; k++)
		to[at[from[k].key >> shift & 0xff]++] = from[k];
}

static void insert_each(struct keyed *a, size_t n)
{
	for (size_t k = 1; k < n; k++) {
		struct keyed one = a[k];
		size_t j = k;

		for (; j && a[j - 1].key > one.key; j--)
			a[j] = a[j - 1];
		a[j] = one;
	}
}

enum { FEW = 24 };

void keyed_sort(struct keyed *a, struct keyed *spare, size_t n)
{
	struct keyed *from = a, *to = spare, *other;
	uint64_t differ = 0;

	if (n <= FEW) {
		insert_each(a, n);
		return;
	}
	for (size_t k = 1; k < n; k++)
		differ |= a[k].key ^ a[0].key;
	for (unsigned shift = 0; shift < 64; shift += 8) {
		if (!(differ >> shift & 0xff))
			continue;
		by_byte(from, to, n, shift);
		other = from;
		from = to;
		to = other;
	}
	if (from != a)
		memcpy(a, from, n * sizeof(*a));
}
