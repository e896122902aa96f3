#include "model/history.h"

void history_add(struct history *h, int64_t at, const struct table_counts *c)
{
	h->sample[h->next].at = at;
	h->sample[h->next].counts = *c;
	h->next = (h->next + 1) % HISTORY_LEN;
	if (h->count < HISTORY_LEN)
		h->count++;
}

uint32_t history_state(const struct history *h, unsigned back, unsigned state)
{
	unsigned i = (h->next + HISTORY_LEN - 1 - back) % HISTORY_LEN;

	return h->sample[i].counts.state[state_slot(state)];
}

enum {
	TREND_SAMPLES	= 20,	/* looked at */
	TREND_LEAST	= 8,	/* fewer say nothing */
};

/*
 * Mann and Kendall's test: of all pairs of samples, how many more rose than
 * fell.  One jump is no trend (at most half of the pairs see it), noise rises
 * as often as it falls, and a leak of one socket every few samples counts.
 */
int history_trend(const struct history *h, unsigned state)
{
	int n = h->count < TREND_SAMPLES ? h->count : TREND_SAMPLES;
	int pairs = n * (n - 1) / 2, rises = 0;

	if (n < TREND_LEAST)
		return 0;
	for (int old = 1; old < n; old++)
		for (int young = 0; young < old; young++) {
			uint32_t before = history_state(h, old, state);
			uint32_t after = history_state(h, young, state);

			rises += (after > before) - (after < before);
		}
	/* seven tenths */
	return (rises * 10 > pairs * 7) - (rises * 10 < -pairs * 7);
}
