#include "wanted.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MIN_BUCKETS = 64, MIN_ITEMS = 64 };

void wants_begin(struct wants *w, uint32_t expected)
{
	uint32_t buckets = MIN_BUCKETS;

	while (buckets < expected && buckets < UINT32_MAX / 2)
		buckets *= 2;
	wants_free(w);
	w->buckets = buckets;
	w->bucket = mem_array(NULL, buckets, sizeof(*w->bucket));
	memset(w->bucket, 0xff, buckets * sizeof(*w->bucket));
}

void wants_free(struct wants *w)
{
	free(w->item);
	free(w->bucket);
	*w = (struct wants){ 0 };
}

void wants_add(struct wants *w, uint64_t inode, uint32_t slot, uint32_t set)
{
	uint32_t *head = &w->bucket[inode & (w->buckets - 1)];

	if (w->count == w->capacity) {
		w->capacity = w->capacity ? 2 * w->capacity : MIN_ITEMS;
		w->item = mem_array(w->item, w->capacity, sizeof(*w->item));
	}
	w->item[w->count] = (struct wanted){
		.inode = inode, .slot = slot, .set = set, .next = *head,
	};
	*head = w->count++;
}

static struct wanted *with_inode(const struct wants *w, uint32_t i,
				 uint64_t inode)
{
	while (i != NO_WANTED && w->item[i].inode != inode)
		i = w->item[i].next;
	return i == NO_WANTED ? NULL : &w->item[i];
}

struct wanted *wants_first(const struct wants *w, uint64_t inode)
{
	return with_inode(w, w->bucket[inode & (w->buckets - 1)], inode);
}

struct wanted *wants_next(const struct wants *w, const struct wanted *after)
{
	return with_inode(w, after->next, after->inode);
}
