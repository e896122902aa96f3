/*
 * timeline.h - the last changes of one socket
 *
 * Each socket that changed has one of these, owned through sock.timeline; it
 * grows to TIMELINE_MAX steps and then forgets the oldest.  The change log
 * forgets under load; this does not.
 */
#ifndef MODEL_TIMELINE_H
#define MODEL_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

enum { TIMELINE_MAX = 16 };

struct timeline_step {
	int64_t after, at;	/* as in struct change, mono ns */
	uint8_t from, to;
	uint8_t certainty, origin;
};

struct timeline {
	uint32_t total;		/* steps ever told */
	uint16_t count, capacity;
	struct timeline_step step[];	/* oldest first */
};

/* Appends; *t may be NULL and may move. */
void timeline_add(struct timeline **t, const struct timeline_step *step);
/* NULL of NULL; to be freed with free(3). */
struct timeline *timeline_copy(const struct timeline *t);

#endif
