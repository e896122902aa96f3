/*
 * explain.h - what each state means for the person who looks at it
 *
 * One const table, written to be read at three in the morning.  What a state
 * means in a line is state_info()->meaning; here is the rest.  What is said of
 * sysctls was read in Documentation/networking/ip-sysctl.rst of Linux 6.18, of
 * retransmission in net/ipv4/tcp_timer.c; the states are those of RFC 9293,
 * section 3.3.2.
 */
#ifndef VIEW_EXPLAIN_H
#define VIEW_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/sysctl.h"

enum explain_part {
	EXPLAIN_CAME,		/* which packet or call brought it here */
	EXPLAIN_TURN,		/* whose turn it is */
	EXPLAIN_LASTS,		/* how long it normally lasts */
	EXPLAIN_KEEPS,		/* what keeps it there */
	EXPLAIN_DO,		/* what to do */
	EXPLAIN_PARTS,
};
/* "Came by", "Whose turn", … */
extern const char *const explain_title[EXPLAIN_PARTS];

struct explain_sysctl {
	enum sysctl id;		/* SYSCTL_NONE ends the list */
	bool matters;		/* false: many think so, but it does not */
	const char *text;
};
enum { EXPLAIN_SYSCTLS = 6 };

struct explain {
	const char *part[EXPLAIN_PARTS];
	struct explain_sysctl sysctl[EXPLAIN_SYSCTLS];
	uint8_t ladder;		/* that shows it best, enum ladder_id */
};

/* NULL for a number without a name */
const struct explain *explain_state(unsigned state);

#endif
