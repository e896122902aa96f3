/*
 * chooser.h - which source to read next, and why
 *
 * DESIGN.md, "Which source": the text of /proc unless it cannot be read, is
 * too slow for the interval, or lacks what the screen shows.  A source that
 * failed rests for a while before it is tried again.
 */
#ifndef CHOOSER_H
#define CHOOSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum source_choice { CHOOSE_AUTO, CHOOSE_PROC, CHOOSE_NETLINK };

struct chooser {
	enum source_choice choice;
	bool no_diag;			/* this procfs is not the kernel's own */
	int64_t proc_rests, netlink_rests;	/* mono ns; TIME_UNKNOWN */
	char proc_failure[80], netlink_failure[80];
	int slow_passes;		/* of proc, in a row */
	int64_t slow_until;		/* mono ns: stay away from it */
};

struct chooser_input {
	unsigned needs;			/* enum need */
	int64_t interval;		/* ns */
	int64_t now;			/* mono ns */
	uint64_t sockets;		/* estimate; U64_UNKNOWN */
};

void chooser_init(struct chooser *c, enum source_choice choice, bool no_diag);
/* CHOOSE_PROC or CHOOSE_NETLINK; why[80] is "" when there is nothing to say. */
enum source_choice chooser_pick(const struct chooser *c,
				const struct chooser_input *in, char *why);
/* The pass failed altogether: reason for people. */
void chooser_failed(struct chooser *c, enum source_choice which,
		    const char *reason, int64_t now);
/* Has it not failed for a while? */
bool chooser_rested(const struct chooser *c, enum source_choice which,
		    int64_t now);
/* What a complete pass of it cost. */
void chooser_cost(struct chooser *c, enum source_choice which, int64_t cost,
		  int64_t interval, int64_t now);
/* May the other one be tried after `which` failed? */
bool chooser_has_other(const struct chooser *c, enum source_choice which,
		       int64_t now);

#endif
