#include "view/ladder.h"

#include "model/state.h"

/* short names keep the steps on one line each */
enum {
	LISTEN_ = STATE_LISTEN, ESTAB = STATE_ESTABLISHED,
	SYN_S = STATE_SYN_SENT, SYN_R = STATE_SYN_RECV,
	FIN_1 = STATE_FIN_WAIT1, FIN_2 = STATE_FIN_WAIT2,
	CLOSE_W = STATE_CLOSE_WAIT, LAST_A = STATE_LAST_ACK,
	CLOSING_ = STATE_CLOSING, T_WAIT = STATE_TIME_WAIT,
	CLOSE_ = STATE_CLOSE, SAME = STATE_NONE,
};

/*
 * tcp_fin() makes the ACK of a FIN wait for up to 40 ms, in the hope that the
 * program closes in that time and both fit into one packet.
 */
const struct ladder ladders[LADDER_COUNT] = {
	[LADDER_CONNECT] = {
		"We connect",
		"Stays in SYN_SENT: nobody answers. A reset instead of "
		"SYN+ACK: connection refused.",
		{
			{ WAY_NONE, 0, CLOSE_, LISTEN_, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "connect()", 0 },
			{ WAY_OUT, "SYN", SYN_S, SYN_R, 0, 0 },
			{ WAY_IN, "SYN+ACK", ESTAB, SAME, 0, 0 },
			{ WAY_OUT, "ACK", SAME, ESTAB, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, 0, "accept()" },
		},
	},
	[LADDER_ACCEPT] = {
		"They connect",
		"The listener stays; SYN_RECV is a new socket. Until "
		"accept() it stands in the listener's RECV-Q.",
		{
			{ WAY_NONE, 0, LISTEN_, CLOSE_, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, 0, "connect()" },
			{ WAY_IN, "SYN", SYN_R, SYN_S, 0, 0 },
			{ WAY_OUT, "SYN+ACK", SAME, ESTAB, 0, 0 },
			{ WAY_IN, "ACK", ESTAB, SAME, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "accept()", 0 },
		},
	},
	[LADDER_WE_CLOSE] = {
		"We close first: four packets",
		"Who closes first has the TIME_WAIT. FIN_WAIT2 that stays: "
		"their program does not close.",
		{
			{ WAY_NONE, 0, ESTAB, ESTAB, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "close()", 0 },
			{ WAY_OUT, "FIN", FIN_1, CLOSE_W, 0, 0 },
			{ WAY_IN, "ACK", FIN_2, SAME, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, 0, "close()" },
			{ WAY_IN, "FIN", T_WAIT, LAST_A, 0, 0 },
			{ WAY_OUT, "ACK", SAME, CLOSE_, 0, 0 },
			{ WAY_NONE, 0, CLOSE_, SAME, "after 60 s", 0 },
		},
	},
	[LADDER_THEY_CLOSE] = {
		"They close first: four packets",
		"CLOSE_WAIT lasts until our program calls close(): if it "
		"never does, for ever.",
		{
			{ WAY_NONE, 0, ESTAB, ESTAB, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, 0, "close()" },
			{ WAY_IN, "FIN", CLOSE_W, FIN_1, 0, 0 },
			{ WAY_OUT, "ACK", SAME, FIN_2, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "close()", 0 },
			{ WAY_OUT, "FIN", LAST_A, T_WAIT, 0, 0 },
			{ WAY_IN, "ACK", CLOSE_, SAME, 0, 0 },
			{ WAY_NONE, 0, SAME, CLOSE_, 0, "after 60 s" },
		},
	},
	[LADDER_WE_CLOSE_SHORT] = {
		"We close first: their FIN and ACK in one packet",
		"Their program closed within some 40 ms. We go through "
		"FIN_WAIT2 without a stop; CLOSE_WAIT and LAST_ACK last "
		"moments there.",
		{
			{ WAY_NONE, 0, ESTAB, ESTAB, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "close()", 0 },
			{ WAY_OUT, "FIN", FIN_1, CLOSE_W, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, 0, "close()" },
			{ WAY_IN, "FIN+ACK", T_WAIT, LAST_A, 0, 0 },
			{ WAY_OUT, "ACK", SAME, CLOSE_, 0, 0 },
			{ WAY_NONE, 0, CLOSE_, SAME, "after 60 s", 0 },
		},
	},
	[LADDER_THEY_CLOSE_SHORT] = {
		"They close first: our FIN and ACK in one packet",
		"Our program closed within some 40 ms, so CLOSE_WAIT and "
		"LAST_ACK last moments here: a healthy server.",
		{
			{ WAY_NONE, 0, ESTAB, ESTAB, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, 0, "close()" },
			{ WAY_IN, "FIN", CLOSE_W, FIN_1, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "close()", 0 },
			{ WAY_OUT, "FIN+ACK", LAST_A, T_WAIT, 0, 0 },
			{ WAY_IN, "ACK", CLOSE_, SAME, 0, 0 },
			{ WAY_NONE, 0, SAME, CLOSE_, 0, "after 60 s" },
		},
	},
	[LADDER_BOTH_CLOSE] = {
		"Both close at once",
		"The two FINs meet on the way; both ends have a TIME_WAIT.",
		{
			{ WAY_NONE, 0, ESTAB, ESTAB, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "close()", "close()" },
			{ WAY_NONE, 0, FIN_1, FIN_1, 0, 0 },
			{ WAY_CROSS, "FIN", CLOSING_, CLOSING_, 0, 0 },
			{ WAY_CROSS, "ACK", T_WAIT, T_WAIT, 0, 0 },
			{ WAY_NONE, 0, CLOSE_, CLOSE_, "after 60 s",
			  "after 60 s" },
		},
	},
	[LADDER_BOTH_CONNECT] = {
		"Both connect at once",
		"Rare: each end connects from the very port that the other "
		"one connects to. Nobody listens, one connection comes of "
		"it.",
		{
			{ WAY_NONE, 0, CLOSE_, CLOSE_, 0, 0 },
			{ WAY_NONE, 0, SAME, SAME, "connect()", "connect()" },
			{ WAY_NONE, 0, SYN_S, SYN_S, 0, 0 },
			{ WAY_CROSS, "SYN", SYN_R, SYN_R, 0, 0 },
			{ WAY_CROSS, "SYN+ACK", ESTAB, ESTAB, 0, 0 },
		},
	},
};

int ladder_steps(const struct ladder *l)
{
	int n = 0;

	while (n < LADDER_STEPS &&
	       (l->step[n].here || l->step[n].there || l->step[n].packet ||
		l->step[n].here_does || l->step[n].there_does))
		n++;
	return n;
}
