#include "view/explain.h"

#include "model/state.h"
#include "view/ladder.h"

const char *const explain_title[EXPLAIN_PARTS] = {
	[EXPLAIN_CAME]	= "Came by",
	[EXPLAIN_TURN]	= "Whose turn",
	[EXPLAIN_LASTS]	= "Lasts",
	[EXPLAIN_KEEPS]	= "What keeps it",
	[EXPLAIN_DO]	= "What to do",
};

static const struct explain explains[STATE_COUNT] = {
	[STATE_LISTEN] = {
		.part = {
			"listen(2); no packet. Each SYN makes a socket of its "
			"own, this one stays.",
			"Ours: the program has to accept(2) what waits in "
			"RECV-Q.",
			"As long as the server runs.",
			"The program, until it closes the socket or ends.",
			"RECV-Q at its limit: the program accepts too slowly, "
			"and the kernel drops SYNs and last ACKs. Find out "
			"what it waits for. A longer queue helps with bursts "
			"only; its limit is the lower of listen(2)'s backlog "
			"and somaxconn.",
		},
		.sysctl = {
			{ SYSCTL_SOMAXCONN, true,
			  "caps the backlog; taken at listen(2), so start the "
			  "program again" },
			{ SYSCTL_ABORT_ON_OVERFLOW, true,
			  "1: a full queue resets clients, which tells them, "
			  "instead of letting them try again" },
			{ SYSCTL_MAX_SYN_BACKLOG, false,
			  "is about half-open connections without SYN "
			  "cookies, not about RECV-Q" },
		},
		.ladder = LADDER_ACCEPT,
	},
	[STATE_SYN_SENT] = {
		.part = {
			"connect(2): we sent a SYN.",
			"Theirs: a SYN+ACK, or a reset if nothing listens "
			"there.",
			"One round trip: milliseconds.",
			"No answer: the host is down, the address is wrong, "
			"or a firewall drops. The SYN is sent again, and "
			"after some two minutes connect(2) fails "
			"(ETIMEDOUT).",
			"See whether they all go to one REMOTE address, and "
			"try it from here: nc -vz HOST PORT. In the program: "
			"a connect timeout of its own, and a limit on tries "
			"at once.",
		},
		.sysctl = {
			{ SYSCTL_SYN_RETRIES, true,
			  "tries before connect(2) fails: 6 take 131 s, 3 "
			  "take 19 s (Linux 6.5 and later)" },
			{ SYSCTL_PORT_RANGE, true,
			  "one of these ports for each connection to the same "
			  "destination" },
			{ SYSCTL_RETRIES2, false,
			  "counts only once the connection is open" },
		},
		.ladder = LADDER_CONNECT,
	},
	[STATE_SYN_RECV] = {
		.part = {
			"Their SYN came to a listener, or met ours on the way "
			"(both connect at once); we sent SYN+ACK.",
			"Theirs: the ACK that completes it.",
			"One round trip: milliseconds.",
			"Our SYN+ACK or their ACK is lost, the sender's "
			"address is forged (a SYN flood), or the accept queue "
			"is full, so that their ACK is ignored. Given up "
			"after 63 s.",
			"A listener with a full RECV-Q: see LISTEN. Many "
			"addresses of which none gets further: a flood; "
			"tcp_syncookies has to be 1. Else answers get lost on "
			"the way: tcpdump shows where.",
		},
		.sysctl = {
			{ SYSCTL_SYNACK_RETRIES, true,
			  "tries before it is given up: 5 take 63 s, 2 take "
			  "7 s" },
			{ SYSCTL_SYNCOOKIES, true,
			  "1: a full queue of these answers with cookies and "
			  "does not drop" },
			{ SYSCTL_MAX_SYN_BACKLOG, true,
			  "the limit for each listener, with SYN cookies "
			  "off; else the backlog is" },
			{ SYSCTL_SYN_RETRIES, false,
			  "is about the connections that we open" },
		},
		.ladder = LADDER_ACCEPT,
	},
	[STATE_ESTABLISHED] = {
		.part = {
			"The end of the handshake: their SYN+ACK if we "
			"connected, their ACK if they did.",
			"The programs': whoever has something to send, or has "
			"done.",
			"As long as both want: the kernel never ends an idle "
			"connection.",
			"Both programs. A dead other end goes unnoticed until "
			"we send something, or keepalive asks.",
			"RECV-Q grows: our program does not read. SEND-Q "
			"grows: theirs does not, or packets get lost "
			"(RETRANS). Too many and idle: a pool that leaks; an "
			"idle timeout or SO_KEEPALIVE in the program helps.",
		},
		.sysctl = {
			{ SYSCTL_KEEPALIVE_TIME, true,
			  "idle seconds before the first probe; only where "
			  "the program set SO_KEEPALIVE" },
			{ SYSCTL_KEEPALIVE_INTVL, true,
			  "seconds between probes" },
			{ SYSCTL_KEEPALIVE_PROBES, true,
			  "probes without an answer until it is cut" },
			{ SYSCTL_RETRIES2, true,
			  "how long sent data may stay unanswered: 15 is 15 "
			  "minutes or more" },
			{ SYSCTL_FIN_TIMEOUT, false,
			  "ends no open connection" },
		},
		.ladder = LADDER_CONNECT,
	},
	[STATE_FIN_WAIT1] = {
		.part = {
			"Our program closed: we sent a FIN, behind all data "
			"not yet sent.",
			"Theirs: the ACK of our FIN.",
			"One round trip: milliseconds.",
			"The other end or the path is dead; or it does not "
			"read, so that our FIN has to wait behind the data in "
			"SEND-Q.",
			"SEND-Q above 0: look at the reader at the other end. "
			"Else nothing: the kernel sends the FIN again and "
			"gives up after 100 s or more.",
		},
		.sysctl = {
			{ SYSCTL_ORPHAN_RETRIES, true,
			  "tries without an answer until it is dropped; 0 "
			  "means 8, that is 100 s or more" },
			{ SYSCTL_RETRIES2, true,
			  "the same where a process still holds it: it did "
			  "shutdown(2), not close(2)" },
			{ SYSCTL_MAX_ORPHANS, true,
			  "more closed sockets than that which no process "
			  "holds, and they are reset" },
			{ SYSCTL_FIN_TIMEOUT, false,
			  "is for FIN_WAIT2, and this is FIN_WAIT1" },
		},
		.ladder = LADDER_WE_CLOSE,
	},
	[STATE_FIN_WAIT2] = {
		.part = {
			"The ACK of our FIN.",
			"Theirs: their program has to close, then its FIN "
			"comes.",
			"Until the other end has done; after a full close "
			"that is usually milliseconds.",
			"Their program does not close: there it is CLOSE_WAIT. "
			"If no process of ours holds it, it is dropped after "
			"tcp_fin_timeout. If one does (it only did "
			"shutdown(2)), there is no limit.",
			"No PROCESS: it goes by itself. A PROCESS: that one "
			"waits for the other end to finish and needs a "
			"timeout. On loopback the culprit is on this host: "
			"look at CLOSE_WAIT.",
		},
		.sysctl = {
			{ SYSCTL_FIN_TIMEOUT, true,
			  "seconds until it is dropped when no process holds "
			  "it" },
			{ SYSCTL_MAX_ORPHANS, true,
			  "more closed sockets than that which no process "
			  "holds, and they are reset" },
			{ SYSCTL_ORPHAN_RETRIES, false,
			  "our FIN was answered: nothing is sent again" },
		},
		.ladder = LADDER_WE_CLOSE,
	},
	[STATE_CLOSE_WAIT] = {
		.part = {
			"Their FIN; the kernel has acknowledged it.",
			"Ours: the program that holds it has to close(2) it.",
			"Until the program reads the end of file: "
			"milliseconds.",
			"Only the program: it forgot the socket, or hangs in "
			"something else. No timeout ends this state.",
			"It is a bug of the program in PROCESS: it has to "
			"close when read(2) gives 0, on error paths too. "
			"RECV-Q above 1: it has not even read what came. "
			"Starting it again frees them all.",
		},
		.sysctl = {
			{ SYSCTL_KEEPALIVE_TIME, true,
			  "only where the program set SO_KEEPALIVE: cuts those "
			  "whose other end is gone" },
			{ SYSCTL_FIN_TIMEOUT, false,
			  "is for FIN_WAIT2 and does nothing here" },
			{ SYSCTL_TW_REUSE, false,
			  "is for TIME_WAIT and does nothing here" },
		},
		.ladder = LADDER_THEY_CLOSE,
	},
	[STATE_LAST_ACK] = {
		.part = {
			"Our program closed after theirs had: we sent our "
			"FIN.",
			"Theirs: the ACK of our FIN.",
			"One round trip: milliseconds.",
			"The ACK does not come: the other end is gone, or a "
			"firewall between has forgotten the connection; or "
			"data in SEND-Q stands before our FIN.",
			"Nothing here: the kernel sends the FIN again and "
			"gives up after 100 s or more. Many to one address: "
			"look at the path to it.",
		},
		.sysctl = {
			{ SYSCTL_ORPHAN_RETRIES, true,
			  "tries without an answer until it is dropped; 0 "
			  "means 8, that is 100 s or more" },
			{ SYSCTL_RETRIES2, true,
			  "the same where a process still holds it: it did "
			  "shutdown(2), not close(2)" },
			{ SYSCTL_MAX_ORPHANS, true,
			  "more closed sockets than that which no process "
			  "holds, and they are reset" },
			{ SYSCTL_FIN_TIMEOUT, false,
			  "is for FIN_WAIT2 and does nothing here" },
		},
		.ladder = LADDER_THEY_CLOSE,
	},
	[STATE_CLOSING] = {
		.part = {
			"Both ends closed at once: their FIN came before the "
			"ACK of ours.",
			"Theirs: the ACK of our FIN, which is on its way.",
			"One round trip, then TIME_WAIT.",
			"That ACK is lost: our FIN is sent again.",
			"Nothing, it is rare. Many of them: both programs "
			"close at the same moment, say by equal timeouts.",
		},
		.sysctl = {
			{ SYSCTL_ORPHAN_RETRIES, true,
			  "tries without an answer until it is dropped; 0 "
			  "means 8, that is 100 s or more" },
			{ SYSCTL_FIN_TIMEOUT, false,
			  "is for FIN_WAIT2 and does nothing here" },
		},
		.ladder = LADDER_BOTH_CLOSE,
	},
	[STATE_TIME_WAIT] = {
		.part = {
			"Their FIN, after we had closed first; we sent the "
			"last ACK. Or, where both closed at once, the ACK of "
			"our FIN.",
			"Nobody's: only the clock.",
			"60 s, fixed in the kernel (TCP_TIMEWAIT_LEN): no "
			"setting makes it shorter, and tcp_tw_recycle is gone "
			"since Linux 4.12.",
			"It is meant to: a late packet must not get into the "
			"next connection with the same ports, and the last "
			"ACK may have to be sent again. No process and no "
			"descriptor is held, only the pair of ports.",
			"Thousands are normal at the end that closes first. "
			"It is trouble only when connect(2) fails with "
			"EADDRNOTAVAIL: keep connections open (pool, "
			"keep-alive), let the other end close first, widen "
			"the port range, or use more addresses.",
		},
		.sysctl = {
			{ SYSCTL_TW_REUSE, true,
			  "1: a new outgoing connection may take the ports "
			  "over after 1 s, where both ends use timestamps; "
			  "2: on loopback only" },
			{ SYSCTL_PORT_RANGE, true,
			  "the ports for connections to one destination" },
			{ SYSCTL_MAX_TW_BUCKETS, true,
			  "above that many they end at once; a guard, not to "
			  "be lowered" },
			{ SYSCTL_FIN_TIMEOUT, false,
			  "does not shorten TIME_WAIT; it is for FIN_WAIT2" },
		},
		.ladder = LADDER_WE_CLOSE,
	},
	[STATE_CLOSE] = {
		.part = {
			"A reset or a timeout cut it, or it never was "
			"connected; the program still holds it.",
			"Ours: close(2) it, or connect(2) again.",
			"Until the program notices.",
			"The program's descriptor.",
			"A few are harmless. A growing number is a leak of "
			"descriptors: see /proc/PID/fd.",
		},
		.sysctl = {
			{ SYSCTL_FIN_TIMEOUT, false,
			  "ends nothing that a program holds" },
		},
		.ladder = LADDER_CONNECT,
	},
	[STATE_BOUND] = {
		.part = {
			"bind(2) without listen(2) or connect(2), or a cut "
			"connection whose port was bound; no packet.",
			"Ours: listen(2), connect(2) or close(2).",
			"Microseconds, between bind(2) and the next call.",
			"The program.",
			"\"Address already in use\" and nobody listens: this "
			"holds the port. Only sock_diag shows it: --source "
			"netlink, Linux 6.8 or later.",
		},
		.sysctl = {
			{ SYSCTL_PORT_RANGE, true,
			  "bind(2) to port 0 takes one of these" },
		},
		.ladder = LADDER_CONNECT,
	},
};

const struct explain *explain_state(unsigned state)
{
	if (!state_info(state))
		return NULL;
	return &explains[state];
}
