#include "model/state.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct state_info infos[STATE_COUNT] = {
	[STATE_LISTEN] = {
		.name = "LISTEN", .brief = "LISTEN", .key = '1',
		.alias = "listening",
		.meaning = "Waits for connections to its port.",
	},
	[STATE_SYN_SENT] = {
		.name = "SYN_SENT", .brief = "SYN_S", .key = '2',
		.alias = "syn-sent",
		.meaning = "We asked to connect, nobody has answered yet.",
	},
	[STATE_SYN_RECV] = {
		.name = "SYN_RECV", .brief = "SYN_R", .key = '3',
		.alias = "syn-recv,syn-received,syn-rcvd,new-syn-recv",
		.meaning = "Somebody asked, we answered, the last "
			   "confirmation is missing.",
	},
	[STATE_ESTABLISHED] = {
		.name = "ESTABLISHED", .brief = "ESTAB", .key = '4',
		.alias = "estab",
		.meaning = "Open: data can flow both ways.",
	},
	[STATE_FIN_WAIT1] = {
		.name = "FIN_WAIT1", .brief = "FIN_W1", .key = '5',
		.alias = "fin-wait-1",
		.meaning = "We closed; the other end has not confirmed it "
			   "yet.",
	},
	[STATE_FIN_WAIT2] = {
		.name = "FIN_WAIT2", .brief = "FIN_W2", .key = '6',
		.alias = "fin-wait-2",
		.meaning = "We closed, the other end knows and has not "
			   "closed yet.",
	},
	[STATE_CLOSE_WAIT] = {
		.name = "CLOSE_WAIT", .brief = "CLOSE_W", .key = '7',
		.alias = "close-wait",
		.meaning = "The other end closed; our program has not "
			   "closed yet.",
	},
	[STATE_LAST_ACK] = {
		.name = "LAST_ACK", .brief = "LAST_A", .key = '8',
		.alias = "last-ack",
		.meaning = "Both ends closed; our close is not confirmed "
			   "yet.",
	},
	[STATE_CLOSING] = {
		.name = "CLOSING", .brief = "CLOSING", .key = '9',
		.alias = NULL,
		.meaning = "Both ends closed at once; our close is not "
			   "confirmed yet.",
	},
	[STATE_TIME_WAIT] = {
		.name = "TIME_WAIT", .brief = "T_WAIT", .key = '0',
		.alias = "time-wait",
		.meaning = "Over; its ports stay reserved for 60 s against "
			   "stray packets.",
	},
	[STATE_CLOSE] = {
		.name = "CLOSE", .brief = "CLOSE",
		.alias = "closed,unconn,unconnected",
		.meaning = "Not connected.",
	},
	/* no digit is left; b is free */
	[STATE_BOUND] = {
		.name = "BOUND", .brief = "BOUND", .key = 'b',
		.alias = "bound-inactive",
		.meaning = "Holds a port, but neither listens nor is "
			   "connected.",
	},
};

/* the columns of the counters' grid, three states each, from the left */
const uint8_t state_order[] = {
	STATE_LISTEN, STATE_ESTABLISHED, STATE_TIME_WAIT,
	STATE_SYN_SENT, STATE_SYN_RECV, STATE_CLOSING,
	STATE_FIN_WAIT1, STATE_FIN_WAIT2, STATE_BOUND,
	STATE_CLOSE_WAIT, STATE_LAST_ACK, STATE_CLOSE,
};
const size_t state_order_count = sizeof(state_order);

const struct state_info *state_info(unsigned state)
{
	if (state >= STATE_COUNT || !infos[state].name)
		return NULL;
	return &infos[state];
}

const char *state_text(char *dst, unsigned state)
{
	const struct state_info *info = state_info(state);

	/* the kernel's number is one byte */
	if (info)
		snprintf(dst, STATE_TEXT_MAX, "%s", info->name);
	else
		snprintf(dst, STATE_TEXT_MAX, "unknown(%u)", state & 0xff);
	return dst;
}

/* The next letter or digit of a spelling, lower case; -1 at the end. */
static int next_letter(const char **p, const char *end)
{
	while (*p < end && (**p == '-' || **p == '_'))
		++*p;
	return *p < end ? tolower((unsigned char)*(*p)++) : -1;
}

/* FIN_WAIT1, fin-wait-1 and FinWait1 are the same word */
static bool same_word(const char *a, size_t a_len, const char *b, size_t b_len)
{
	const char *a_end = a + a_len, *b_end = b + b_len;
	int c;

	do {
		c = next_letter(&a, a_end);
		if (c != next_letter(&b, b_end))
			return false;
	} while (c >= 0);
	return true;
}

/* list: words with commas between, or NULL */
static bool word_in_list(const char *s, size_t n, const char *list)
{
	while (list && *list) {
		size_t len = strcspn(list, ",");

		if (same_word(s, n, list, len))
			return true;
		list += len + (list[len] == ',');
	}
	return false;
}

int state_parse(const char *s, size_t n)
{
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (infos[i].name && (word_in_list(s, n, infos[i].name) ||
				      word_in_list(s, n, infos[i].brief) ||
				      word_in_list(s, n, infos[i].alias)))
			return i;
	return -1;
}

/*
 * One socket's steps in Linux (net/ipv4/tcp.c, tcp_input.c).
 * - LISTEN goes nowhere but away: the tracepoint's LISTEN > SYN_RECV is the
 *   child, another socket, which is first seen in SYN_RECV.
 * - SYN_SENT > SYN_RECV is a simultaneous open; SYN_RECV > FIN_WAIT1 is a
 *   close(2) before the last ACK came.
 * - FIN_WAIT1 never goes to TIME_WAIT at once: tcp_rcv_state_process() sets
 *   FIN_WAIT2 even when one segment brings both the ACK and the FIN.
 * - From everywhere a socket can fall to CLOSE (reset, timeout, disconnect);
 *   it is seen as BOUND if the program had bound it to its port.
 */
#define S(name)		STATE_BIT(STATE_##name)
#define UNCONNECTED	(S(CLOSE) | S(BOUND))

static const uint16_t steps[STATE_COUNT] = {
	[STATE_CLOSE]	    = S(BOUND) | S(LISTEN) | S(SYN_SENT),
	[STATE_BOUND]	    = S(CLOSE) | S(LISTEN) | S(SYN_SENT),
	[STATE_LISTEN]	    = UNCONNECTED,
	[STATE_SYN_SENT]    = UNCONNECTED | S(SYN_RECV) | S(ESTABLISHED),
	[STATE_SYN_RECV]    = UNCONNECTED | S(ESTABLISHED) | S(FIN_WAIT1),
	[STATE_ESTABLISHED] = UNCONNECTED | S(FIN_WAIT1) | S(CLOSE_WAIT),
	[STATE_FIN_WAIT1]   = UNCONNECTED | S(FIN_WAIT2) | S(CLOSING),
	[STATE_FIN_WAIT2]   = UNCONNECTED | S(TIME_WAIT),
	[STATE_CLOSING]	    = UNCONNECTED | S(TIME_WAIT),
	[STATE_TIME_WAIT]   = UNCONNECTED,
	[STATE_CLOSE_WAIT]  = UNCONNECTED | S(LAST_ACK),
	[STATE_LAST_ACK]    = UNCONNECTED,
};

/*
 * Steps that exist, but are so rare that nothing is concluded from them: a
 * Fast Open SYN that carries a FIN (tcp_fastopen_add_skb()).
 */
static const uint16_t rare_steps[STATE_COUNT] = {
	[STATE_SYN_RECV]    = S(CLOSE_WAIT),
};

/* Is either end "no socket" or a number we know nothing of? */
static bool anything_goes(unsigned from, unsigned to)
{
	return !state_info(from) || !state_info(to);
}

bool state_step_allowed(unsigned from, unsigned to)
{
	return anything_goes(from, to) ||
	       ((steps[from] | rare_steps[from]) & STATE_BIT(to));
}

/*
 * The states that can follow `from`, however many steps later, without
 * setting foot in `avoid`.  What reaches CLOSE or BOUND has ended: a socket
 * that is connected again from there starts anew.
 */
static unsigned states_after(unsigned from, unsigned avoid)
{
	unsigned seen = 0, todo = steps[from] & ~avoid;

	while (todo) {
		unsigned s = __builtin_ctz(todo);

		todo &= ~STATE_BIT(s);
		seen |= STATE_BIT(s);
		if (!(STATE_BIT(s) & UNCONNECTED))
			todo |= steps[s] & ~(seen | avoid);
	}
	return seen;
}

bool state_reachable(unsigned from, unsigned to)
{
	return anything_goes(from, to) ||
	       (states_after(from, 0) & STATE_BIT(to));
}

size_t state_must_pass(unsigned from, unsigned to, uint8_t *via)
{
	unsigned between;
	size_t n = 0;

	if (anything_goes(from, to) || !state_reachable(from, to))
		return 0;
	/* `to` ends every way: from there on is not of interest */
	between = states_after(from, STATE_BIT(from) | STATE_BIT(to));
	for (; between; between &= between - 1) {
		unsigned s = __builtin_ctz(between);
		size_t i = n;

		if (states_after(from, STATE_BIT(s)) & STATE_BIT(to))
			continue;	/* there is a way around it */
		for (; i && state_reachable(s, via[i - 1]); i--)
			via[i] = via[i - 1];
		via[i] = s;
		n++;
	}
	return n;
}
