/*
 * timeline.h - the last changes of one socket, and its detail
 *
 * Each socket that changed has one of these, owned through sock.timeline; it
 * grows to TIMELINE_MAX steps and then forgets the oldest.  The change log
 * forgets under load; this does not.
 *
 * What the kernel told of the socket on request hangs on it too: most sockets
 * of a large table have neither, and two pointers would be 8 MB of a million.
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

struct sock_detail;

struct timeline {
	struct sock_detail *detail;	/* owned; NULL: none was asked for */
	uint32_t total;		/* steps ever told */
	uint16_t count, capacity;
	struct timeline_step step[];	/* oldest first */
};

/* Appends; *t may be NULL and may move. */
void timeline_add(struct timeline **t, const struct timeline_step *step);
/* Takes over the detail, NULL for none; *t may be NULL and may move. */
void timeline_set_detail(struct timeline **t, struct sock_detail *detail);
/* NULL of NULL; to be freed with timeline_free(). */
struct timeline *timeline_copy(const struct timeline *t);
void timeline_free(struct timeline *t);

#endif
