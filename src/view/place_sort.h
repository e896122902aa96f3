/*
 * place_sort.h - places in their order
 */
#ifndef VIEW_PLACE_SORT_H
#define VIEW_PLACE_SORT_H

#include "view/keyed.h"
#include "view/place.h"

void place_sort(struct place *places, uint32_t n);
/* Which of n > 0 places is where, in .i; the caller's, free(3). */
struct keyed *places_sorted(const struct place *places, uint32_t n);

#endif
