/*
 * history.h - the last samples of each state's count, for sparkline and trend
 */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include <stdint.h>

#include "model/table.h"

enum { HISTORY_LEN = 64 };

struct history {
	struct {
		int64_t at;			/* mono ns */
		struct table_counts counts;
	} sample[HISTORY_LEN];
	unsigned next, count;
};

void history_add(struct history *h, int64_t at, const struct table_counts *c);
/* back = 0 the newest; back < h->count is the caller's promise */
uint32_t history_state(const struct history *h, unsigned back, unsigned state);
/* +1 grows steadily, -1 falls steadily, 0 neither or too few samples. */
int history_trend(const struct history *h, unsigned state);

#endif
