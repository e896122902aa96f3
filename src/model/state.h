/*
 * state.h - the TCP states and the ways between them
 *
 * A state is the kernel's number (include/net/tcp_states.h) in a uint8_t.
 * A number this file does not know is kept and printed as "unknown(14)".
 * NEW_SYN_RECV (12) is turned into SYN_RECV by the sources, as the kernel
 * itself does in both of its interfaces.
 */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tcp_state {
	STATE_NONE		= 0,	/* no socket: before opened, after closed */
	STATE_ESTABLISHED	= 1,
	STATE_SYN_SENT		= 2,
	STATE_SYN_RECV		= 3,
	STATE_FIN_WAIT1		= 4,
	STATE_FIN_WAIT2		= 5,
	STATE_TIME_WAIT		= 6,
	STATE_CLOSE		= 7,
	STATE_CLOSE_WAIT	= 8,
	STATE_LAST_ACK		= 9,
	STATE_LISTEN		= 10,
	STATE_CLOSING		= 11,
	STATE_NEW_SYN_RECV	= 12,	/* never in the table */
	STATE_BOUND		= 13,	/* TCP_BOUND_INACTIVE, Linux 6.8 */
	STATE_COUNT		= 14,	/* numbers below this have a name */
	STATE_OTHER		= 0,	/* index of counters for all others */
};

#define STATE_BIT(s)	(1u << (s))
/* every state a filter can choose; STATE_OTHER's bit stands for unknown ones */
#define STATES_ALL	(((1u << STATE_COUNT) - 1) & ~STATE_BIT(STATE_NEW_SYN_RECV))

struct state_info {
	const char *name;	/* as printed everywhere: "CLOSE_WAIT" */
	const char *brief;	/* for narrow columns: "CLOSE_W" */
	const char *alias;	/* other spellings, comma separated */
	char key;		/* screen key that shows or hides it; 0 none */
	const char *meaning;	/* one line: what it means for a person */
};

/* NULL for a number without a name (and for 0 and 12). */
const struct state_info *state_info(unsigned state);

/* Print order: the states in the order they are shown in counters, which is
 * down the columns of the screen's grid; all that have a name. */
extern const uint8_t state_order[];
extern const size_t state_order_count;

enum { STATE_TEXT_MAX = 16 };
/* The name, or "unknown(14)"; dst[STATE_TEXT_MAX]; returns dst. */
const char *state_text(char *dst, unsigned state);

/* Any spelling of ss, netstat or the RFC, in any case, "-" or "_" or none;
 * returns the state or -1. */
int state_parse(const char *s, size_t n);

/* index into an array of STATE_COUNT counters */
static inline unsigned state_slot(unsigned state)
{
	return state < STATE_COUNT ? state : STATE_OTHER;
}

/*
 * The state machine of RFC 9293 as Linux runs it.  STATE_NONE to X: a socket
 * is first seen so (always true); X to STATE_NONE: it is gone (always true).
 * Unknown states go anywhere.  It is one socket's machine: what the tracepoint
 * calls LISTEN > SYN_RECV is the birth of a child.
 */
bool state_step_allowed(unsigned from, unsigned to);
/* By one or more steps, without STATE_NONE, CLOSE or BOUND in between: there a
 * connection ends and another one begins.  Staying the same is no step. */
bool state_reachable(unsigned from, unsigned to);
/*
 * States that every way from `from` to `to` passes through, in order, without
 * the two ends; via[STATE_COUNT]; returns how many.  0 as well when there is
 * no way, or an end is unknown or STATE_NONE.
 */
size_t state_must_pass(unsigned from, unsigned to, uint8_t *via);

#endif
