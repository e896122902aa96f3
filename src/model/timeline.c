#include "model/timeline.h"

#include <string.h>

#include "base/mem.h"

enum { TIMELINE_FIRST = 4 };

static struct timeline *grow(struct timeline *t)
{
	uint16_t capacity = t ? 2 * t->capacity : TIMELINE_FIRST;
	struct timeline *larger = mem_array(t, 1, sizeof(*t) + capacity *
					    sizeof(t->step[0]));

	if (!t)
		memset(larger, 0, sizeof(*larger));
	larger->capacity = capacity;
	return larger;
}

void timeline_add(struct timeline **t, const struct timeline_step *step)
{
	if (!*t || ((*t)->count == (*t)->capacity &&
		    (*t)->capacity < TIMELINE_MAX))
		*t = grow(*t);
	if ((*t)->count == TIMELINE_MAX) {
		(*t)->count--;
		memmove(&(*t)->step[0], &(*t)->step[1],
			(*t)->count * sizeof((*t)->step[0]));
	}
	(*t)->step[(*t)->count++] = *step;
	(*t)->total++;
}

struct timeline *timeline_copy(const struct timeline *t)
{
	struct timeline *copy;

	if (!t)
		return NULL;
	copy = mem_alloc(sizeof(*t) + t->count * sizeof(t->step[0]));
	memcpy(copy, t, sizeof(*t) + t->count * sizeof(t->step[0]));
	copy->capacity = t->count;
	return copy;
}
