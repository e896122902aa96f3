#include "ui/style.h"

#include "model/state.h"

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, DEFAULT = -1 };

/*
 * Those of 256 have about the same contrast to black and to white (relative
 * luminance 0.15 to 0.26), or bring their own background.
 */
const struct style_info style_info[STYLE_COUNT] = {
	[STYLE_NORMAL] = {
		.name = "normal", .letter = '.',
		.few = { DEFAULT, DEFAULT }, .many = { DEFAULT, DEFAULT },
	},
	[STYLE_DIM] = {
		.name = "dim", .letter = 'd',
		.few = { DEFAULT, DEFAULT }, .many = { 244, DEFAULT },
		.dim = true,
	},
	[STYLE_BOLD] = {
		.name = "bold", .letter = 'b',
		.few = { DEFAULT, DEFAULT }, .many = { DEFAULT, DEFAULT },
		.bold = true,
	},
	[STYLE_TITLE] = {
		.name = "title", .letter = 't',
		.few = { WHITE, BLUE }, .many = { 255, 239 },
		.mono_reverse = true,
	},
	[STYLE_SORT_TITLE] = {
		.name = "sort-title", .letter = 'T',
		.few = { WHITE, BLUE }, .many = { 231, 24 },
		.bold = true, .mono_reverse = true,
	},
	[STYLE_HEADER] = {
		.name = "header", .letter = 'h',
		.few = { DEFAULT, DEFAULT }, .many = { DEFAULT, DEFAULT },
		.bold = true,
	},
	[STYLE_WARN] = {
		.name = "warn", .letter = 'w',
		.few = { BLACK, YELLOW }, .many = { 166, DEFAULT },
		.mono_bold = true,
	},
	[STYLE_ALERT] = {
		.name = "alert", .letter = 'A',
		.few = { WHITE, RED }, .many = { 231, 160 },
		.bold = true, .mono_reverse = true,
	},
	[STYLE_KEY] = {
		.name = "key", .letter = 'k',
		.few = { DEFAULT, DEFAULT }, .many = { DEFAULT, DEFAULT },
		.bold = true,
	},
	[STYLE_KEY_LABEL] = {
		.name = "key-label", .letter = 'l',
		.few = { BLACK, CYAN }, .many = { 231, 24 },
		.mono_reverse = true,
	},
	[STYLE_NEW] = {
		.name = "new", .letter = 'n',
		.few = { GREEN, DEFAULT }, .many = { 28, DEFAULT },
		.mono_bold = true,
	},
	[STYLE_CHANGED] = {
		.name = "changed", .letter = 'c',
		.few = { BLACK, YELLOW }, .many = { 136, DEFAULT },
		.mono_bold = true,
	},
	[STYLE_GONE] = {
		.name = "gone", .letter = 'g',
		.few = { RED, DEFAULT }, .many = { 160, DEFAULT },
	},
	[STYLE_RULE] = {
		.name = "rule", .letter = 'r',
		.few = { DEFAULT, DEFAULT }, .many = { 244, DEFAULT },
		.dim = true,
	},
	[STYLE_PROMPT] = {
		.name = "prompt", .letter = 'p',
		.few = { DEFAULT, DEFAULT }, .many = { DEFAULT, DEFAULT },
		.bold = true,
	},
	[STYLE_SPARK] = {
		.name = "spark", .letter = 's',
		.few = { DEFAULT, DEFAULT }, .many = { 31, DEFAULT },
	},
	[STYLE_BUSY] = {
		.name = "busy", .letter = 'B',
		.few = { CYAN, DEFAULT }, .many = { 30, DEFAULT },
		.bold = true,
	},
	[STYLE_MATCH] = {
		.name = "match", .letter = 'm',
		.few = { BLACK, YELLOW }, .many = { 16, 220 },
		.bold = true, .underline = true,
	},
	[STYLE_SELECTED] = {
		.name = "selected", .letter = 'S',
		.few = { BLACK, CYAN }, .many = { 231, 24 },
		.mono_reverse = true,
	},
	[STYLE_LISTEN] = {
		.name = "listen", .letter = 'L',
		.few = { BLUE, DEFAULT }, .many = { 33, DEFAULT },
		.bold = true,
	},
	[STYLE_SYN] = {
		.name = "syn", .letter = 'Y',
		.few = { MAGENTA, DEFAULT }, .many = { 133, DEFAULT },
	},
	[STYLE_ESTABLISHED] = {
		.name = "established", .letter = 'E',
		.few = { GREEN, DEFAULT }, .many = { 28, DEFAULT },
	},
	[STYLE_FIN_WAIT] = {
		.name = "fin-wait", .letter = 'F',
		.few = { DEFAULT, DEFAULT }, .many = { 31, DEFAULT },
	},
	[STYLE_CLOSE_WAIT] = {
		.name = "close-wait", .letter = 'W',
		.few = { RED, DEFAULT }, .many = { 160, DEFAULT },
		.bold = true,
	},
	[STYLE_LAST_ACK] = {
		.name = "last-ack", .letter = 'K',
		.few = { MAGENTA, DEFAULT }, .many = { 166, DEFAULT },
	},
	[STYLE_TIME_WAIT] = {
		.name = "time-wait", .letter = 'I',
		.few = { DEFAULT, DEFAULT }, .many = { 244, DEFAULT },
	},
	[STYLE_CLOSED] = {
		.name = "closed", .letter = 'C',
		.few = { DEFAULT, DEFAULT }, .many = { 137, DEFAULT },
	},
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
