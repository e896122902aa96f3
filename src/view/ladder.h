/*
 * ladder.h - how connections begin and end, packet by packet, at both ends
 *
 * A ladder is read downwards: at each step a packet goes out or comes in, or
 * both ends send at once; then either end may be in another state.  "Here" is
 * this host.  States are as Linux passes through them.
 */
#ifndef VIEW_LADDER_H
#define VIEW_LADDER_H

#include <stdint.h>

enum ladder_id {
	LADDER_CONNECT, LADDER_ACCEPT, LADDER_WE_CLOSE, LADDER_THEY_CLOSE,
	LADDER_WE_CLOSE_SHORT, LADDER_THEY_CLOSE_SHORT, LADDER_BOTH_CLOSE,
	LADDER_BOTH_CONNECT,
	LADDER_COUNT,
};

enum ladder_way { WAY_NONE, WAY_OUT, WAY_IN, WAY_CROSS };

struct ladder_step {
	enum ladder_way way;
	const char *packet;	/* "SYN+ACK"; NULL without one */
	/* the state after it; STATE_NONE: still the same */
	uint8_t here, there;
	/* what a program calls, or what happens; NULL nothing */
	const char *here_does, *there_does;
};
enum { LADDER_STEPS = 10 };

struct ladder {
	const char *title;
	const char *note;	/* what to know about it */
	struct ladder_step step[LADDER_STEPS];	/* the first has both states;
						   one without any ends it */
};

extern const struct ladder ladders[LADDER_COUNT];

/* how many steps it has */
int ladder_steps(const struct ladder *l);

#endif
