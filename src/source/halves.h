/*
 * halves.h - inside of the source of two halves, for its tests only
 */
#ifndef SOURCE_HALVES_H
#define SOURCE_HALVES_H

#include "source/source.h"

/* Takes over both sources. */
struct source *halves_on(struct source *near, struct source *far,
			 uint16_t port);

#endif
