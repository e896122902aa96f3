/*
 * lives.h - connections on loopback that live and end in known ways
 */
#ifndef LIVE_LIVES_H
#define LIVE_LIVES_H

#include <stdint.h>

enum { LIFE_STEPS = 12, LIFE_ENDS = 3 };

/* What one socket went through. */
struct life {
	uint64_t cookie;
	uint8_t path[LIFE_STEPS];	/* TCP_… states, from CLOSE or LISTEN
					   on */
	uint8_t length;
	uint8_t left;			/* mini-socket of the last step to
					   CLOSE; TCP_CLOSE none, 0 any */
	int64_t begun, ended;		/* CLOCK_BOOTTIME ns */
};

enum life_family { LIFE_IPV4, LIFE_IPV6, LIFE_MAPPED, LIFE_FAMILIES };

struct life_kind {
	const char *name;
	/* l[0] is the client's or the only one, the others servers' */
	void (*make)(enum life_family family, struct life *l);
	unsigned ends;		/* LIFE_ENDS at most */
};

extern const struct life_kind life_kinds[];
extern const unsigned life_kind_count;

/* Opens the listeners the lives need: on every family. */
void lives_begin(void);
int64_t boottime(void);

#endif
