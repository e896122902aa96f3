/* setting_near.c - "did you mean …?" */
#include "ui/setting.h"

#include <ctype.h>
#include <string.h>

/* How many letters have to be changed, put in, left out or swapped. */
static int distance(const char *a, size_t n, const char *b)
{
	enum { MAX = 24 };
	int row[3][MAX + 1];
	size_t m = strlen(b);

	if (n > MAX || m > MAX)
		return MAX;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		int *now = row[i % 3], *last = row[(i + 2) % 3];

		now[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			int x = tolower((unsigned char)a[i - 1]);
			int y = tolower((unsigned char)b[j - 1]);
			int best = last[j - 1] + (x != y);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && x != y &&
			    x == tolower((unsigned char)b[j - 2]) &&
			    y == tolower((unsigned char)a[i - 2]) &&
			    row[(i + 1) % 3][j - 2] + 1 < best)
				best = row[(i + 1) % 3][j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

const char *setting_nearest(const char *text, size_t n,
			    const char *(*next)(const void *arg, int i),
			    const void *arg)
{
	const char *best = NULL;
	int least = n < 4 ? 2 : n < 8 ? 3 : 4;

	for (int i = 0; n && next(arg, i); i++) {
		int d = distance(text, n, next(arg, i));

		if (d < least) {
			least = d;
			best = next(arg, i);
		}
	}
	return best;
}
