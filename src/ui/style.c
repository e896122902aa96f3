#include "ui/style.h"

#include "model/state.h"

const struct style_info style_info[STYLE_COUNT] = {
	[STYLE_NORMAL] = { "normal", '.' },
	[STYLE_DIM] = { "dim", 'd' },
	[STYLE_BOLD] = { "bold", 'b' },
	[STYLE_TITLE] = { "title", 't' },
	[STYLE_SORT_TITLE] = { "sort-title", 'T' },
	[STYLE_HEADER] = { "header", 'h' },
	[STYLE_WARN] = { "warn", 'w' },
	[STYLE_ALERT] = { "alert", 'A' },
	[STYLE_KEY] = { "key", 'k' },
	[STYLE_KEY_LABEL] = { "key-label", 'l' },
	[STYLE_NEW] = { "new", 'n' },
	[STYLE_CHANGED] = { "changed", 'c' },
	[STYLE_GONE] = { "gone", 'g' },
	[STYLE_RULE] = { "rule", 'r' },
	[STYLE_PROMPT] = { "prompt", 'p' },
	[STYLE_SPARK] = { "spark", 's' },
	[STYLE_BUSY] = { "busy", 'B' },
	[STYLE_MATCH] = { "match", 'm' },
	[STYLE_SELECTED] = { "selected", 'S' },
	[STYLE_LISTEN] = { "listen", 'L' },
	[STYLE_SYN] = { "syn", 'Y' },
	[STYLE_ESTABLISHED] = { "established", 'E' },
	[STYLE_FIN_WAIT] = { "fin-wait", 'F' },
	[STYLE_CLOSE_WAIT] = { "close-wait", 'W' },
	[STYLE_LAST_ACK] = { "last-ack", 'K' },
	[STYLE_TIME_WAIT] = { "time-wait", 'I' },
	[STYLE_CLOSED] = { "closed", 'C' },
};

enum style style_of_state(unsigned state)
{
	static const uint8_t style[STATE_COUNT] = {
		[STATE_LISTEN]		= STYLE_LISTEN,
		[STATE_SYN_SENT]	= STYLE_SYN,
		[STATE_SYN_RECV]	= STYLE_SYN,
		[STATE_ESTABLISHED]	= STYLE_ESTABLISHED,
		[STATE_FIN_WAIT1]	= STYLE_FIN_WAIT,
		[STATE_FIN_WAIT2]	= STYLE_FIN_WAIT,
		[STATE_CLOSING]		= STYLE_FIN_WAIT,
		[STATE_CLOSE_WAIT]	= STYLE_CLOSE_WAIT,
		[STATE_LAST_ACK]	= STYLE_LAST_ACK,
		[STATE_TIME_WAIT]	= STYLE_TIME_WAIT,
		[STATE_CLOSE]		= STYLE_CLOSED,
		[STATE_BOUND]		= STYLE_CLOSED,
	};

	/* STYLE_NORMAL is 0: also for states without a name */
	return state < STATE_COUNT ? style[state] : STYLE_NORMAL;
}
