#include "model/timeline.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/detail.h"

enum { TIMELINE_FIRST = 4 };

static struct timeline *resize(struct timeline *t, uint16_t capacity)
{
	struct timeline *larger = mem_array(t, 1, sizeof(*t) + capacity *
					    sizeof(t->step[0]));

	if (!t)
		memset(larger, 0, sizeof(*larger));
	larger->capacity = capacity;
	return larger;
}

static bool is_full(const struct timeline *t)
{
	return !t || t->count == t->capacity;
}

void timeline_add(struct timeline **t, const struct timeline_step *step)
{
	if (is_full(*t) && (!*t || (*t)->capacity < TIMELINE_MAX))
		*t = resize(*t, *t && (*t)->capacity ? 2 * (*t)->capacity
						     : TIMELINE_FIRST);
	if ((*t)->count == TIMELINE_MAX) {
		(*t)->count--;
		memmove(&(*t)->step[0], &(*t)->step[1],
			(*t)->count * sizeof((*t)->step[0]));
	}
	(*t)->step[(*t)->count++] = *step;
	(*t)->total++;
}

void timeline_set_detail(struct timeline **t, struct sock_detail *detail)
{
	if (!*t && !detail)
		return;
	if (!*t)
		*t = resize(NULL, 0);
	free((*t)->detail);
	(*t)->detail = detail;
}

struct timeline *timeline_copy(const struct timeline *t)
{
	struct timeline *copy;

	if (!t)
		return NULL;
	copy = mem_alloc(sizeof(*t) + t->count * sizeof(t->step[0]));
	memcpy(copy, t, sizeof(*t) + t->count * sizeof(t->step[0]));
	copy->capacity = t->count;
	if (t->detail) {
		copy->detail = mem_alloc(sizeof(*t->detail));
		*copy->detail = *t->detail;
	}
	return copy;
}

void timeline_free(struct timeline *t)
{
	if (!t)
		return;
	free(t->detail);
	free(t);
}
