/* finding_kinds.c - what is looked for, declared once */
#include "view/finding.h"

#include "view/format.h"

const char *const severity_name[] = {
	[SEVERITY_NOTE]	 = "note",
	[SEVERITY_WARN]	 = "warn",
	[SEVERITY_ALERT] = "ALERT",
};

/*
 * What is said of the kernel was read in Linux 6.18: net/ipv4/tcp_input.c,
 * tcp_timer.c, inet_hashtables.c, inet_timewait_sock.c, and in
 * Documentation/networking/ip-sysctl.rst.
 */
const struct finding_kind finding_kinds[FINDING_COUNT] = {
	[FINDING_CLOSE_WAIT] = {
		.name = "close-wait-leak",
		.title = "connections not closed",
		.why = "The other end has closed, and the kernel waits for "
		       "this process to call close(2). No timeout ends that: "
		       "each one costs a descriptor and memory until the "
		       "process closes it or ends.",
		.remedy = "A bug of the program: it has to close when read(2) "
			  "gives 0, on error paths too, and a pool has to "
			  "drop what the server ended. A restart frees them; "
			  "no setting of the kernel does.",
		.least = 10, .what = "in CLOSE_WAIT of one process",
		.lasts = 20 * NS_PER_SEC,
		.note = "fewer, for 10m",
	},
	[FINDING_ACCEPT_QUEUE] = {
		.name = "accept-queue-full",
		.title = "full accept queue",
		.why = "The kernel has opened these connections, and the "
		       "program does not take them with accept(2). Who comes "
		       "now is dropped: the client sends its SYN again after "
		       "1 s, 3 s, 7 s, and sees a slow or dead server.",
		.remedy = "Find out what the program waits for (threads, "
			  "database, disk). A longer queue helps with bursts "
			  "only: the lower of listen(2)'s backlog and "
			  "somaxconn, both taken when it starts.",
		.least = 1, .what = "listener with its queue at its limit",
		.lasts = NS_PER_SEC,
	},
	[FINDING_DEAD_UPSTREAM] = {
		.name = "dead-upstream",
		.title = "destination that does not answer",
		.why = "Our SYN gets neither an answer nor a reset: the host "
		       "is down, the address is wrong, a firewall drops, or "
		       "its accept queue is full. The program hangs in "
		       "connect(2) for up to 131 s.",
		.remedy = "Try it from here: nc -vz HOST PORT. In the program: "
			  "a connect timeout of its own, and fewer tries at "
			  "once. tcp_syn_retries decides how long the kernel "
			  "tries.",
		.least = 3, .what = "in SYN_SENT to one address and port",
		.lasts = 3 * NS_PER_SEC,
		.note = "fewer, for 10s",
	},
	[FINDING_SYN_FLOOD] = {
		.name = "syn-flood",
		.title = "half-open connections",
		.why = "SYNs come in, we answer, and the last packet of the "
		       "handshake does not come: forged senders (a SYN "
		       "flood), a port scan, or our answers get lost on the "
		       "way.",
		.remedy = "tcp_syncookies has to be 1: then the listener goes "
			  "on for real clients. From many addresses: filter "
			  "upstream. If real clients suffer, see with "
			  "tcpdump whether our SYN+ACKs leave.",
		.least = 64, .what = "in SYN_RECV at one port, and more than "
			"connections come in a second",
		.lasts = NS_PER_SEC,
	},
	[FINDING_PORTS] = {
		.name = "ports-running-out",
		.title = "local ports running out",
		.why = "Each connection from one address to the same "
		       "destination needs a local port of its own. When none "
		       "is left connect(2) fails with EADDRNOTAVAIL, and "
		       "long before that it gets slow.",
		.remedy = "Keep connections open and use them again (a pool, "
			  "keep-alive). Else a wider ip_local_port_range, "
			  "tcp_tw_reuse = 1, or more addresses at either end. "
			  "tcp_fin_timeout does not help.",
		.share = 0.7, .share_of = "ip_local_port_range in use from "
			"one address to one destination",
	},
	[FINDING_FIN_WAIT2] = {
		.name = "fin-wait2-stuck",
		.title = "other end does not close",
		.why = "Our process ended its half with shutdown(2) and waits "
		       "for the other end to close. It holds the socket, so "
		       "no timeout ends that (tcp_fin_timeout is for those "
		       "that no process holds).",
		.remedy = "The other end is at fault: there it is CLOSE_WAIT. "
			  "On this host its process is named above; look at "
			  "that one. Our process needs a timeout, and then "
			  "close(2).",
		.least = 1, .what = "in FIN_WAIT2 that a process holds",
		.lasts = 20 * NS_PER_SEC,
		.note = "fewer than 10, to other hosts",
	},
	[FINDING_PEER_NOT_READING] = {
		.name = "peer-not-reading",
		.title = "other end does not read",
		.why = "The other end's window is zero: its program does not "
		       "read, so that what we have to send stays in Send-Q. "
		       "Our program blocks in write(2), or piles up memory.",
		.remedy = "Look at the reader at the other end; the network is "
			  "not at fault, it answers our probes. Our program "
			  "needs a timeout for sending (SO_SNDTIMEO, "
			  "TCP_USER_TIMEOUT), and a limit on what it piles "
			  "up.",
		.least = 1, .what = "with unsent data and a closed window",
		.lasts = 10 * NS_PER_SEC,
		.share = 0.05, .share_of = "its process's connections",
		.note = "fewer",
	},
	[FINDING_NOT_READING] = {
		.name = "not-reading",
		.title = "process does not read",
		.why = "Data has come in and the process does not read it: it "
		       "hangs in something else, or has forgotten the "
		       "socket. When its buffer is full the other end has to "
		       "stop sending.",
		.remedy = "See what the process does: its threads' stacks, "
			  "strace -p. Bigger buffers (tcp_rmem) only put it "
			  "off.",
		.least = 1, .what = "with unread data that never gets less",
		.lasts = 10 * NS_PER_SEC,
		.share = 0.05, .share_of = "its process's connections",
		.note = "fewer",
	},
	[FINDING_RETRANSMITTING] = {
		.name = "retransmitting",
		.title = "data sent again and again",
		.why = "What we send gets no answer and is sent again, each "
		       "time after twice as long; after 15 times (some 15 "
		       "minutes) the connection is cut. The other end is "
		       "gone, or the path to it loses packets.",
		.remedy = "One address: that host or the path to it. Many at "
			  "once: our own link, a firewall or a conntrack "
			  "table that forgot them. TCP_USER_TIMEOUT or "
			  "tcp_retries2 decide how long it goes on.",
		.least = 1, .what = "with 3 retransmissions in a row",
		.share = 0.05, .share_of = "the open connections",
		.note = "fewer",
	},
	[FINDING_TIME_WAIT] = {
		.name = "time-wait",
		.title = "many in TIME_WAIT",
		.why = "Who closes first keeps the socket for 60 s: we do. "
		       "That is normal, and cheap towards clients; it tells "
		       "that connections are short, and outgoing ones use up "
		       "local ports.",
		.remedy = "To have fewer: keep connections open (keep-alive, a "
			  "pool), or let the other end close first. "
			  "tcp_tw_reuse = 1 lets outgoing ones use a port "
			  "again after 1 s. tcp_fin_timeout does nothing "
			  "here.",
		.least = 1000,
		.what = "in TIME_WAIT of one port or destination",
		.share = 0.8, .share_of = "tcp_max_tw_buckets",
		.note = "less than that share",
	},
	[FINDING_ORPHANS] = {
		.name = "orphans",
		.title = "many orphans",
		.why = "Orphans were closed by their program and still have "
		       "data or a FIN to deliver. Above tcp_max_orphans the "
		       "kernel resets them, and what was not delivered is "
		       "lost.",
		.remedy = "See FIN_WAIT1 and LAST_ACK: other ends that are "
			  "gone or do not read. A lower tcp_orphan_retries "
			  "ends them sooner.",
		.share = 0.5, .share_of = "tcp_max_orphans, all namespaces",
	},
	[FINDING_MEMORY] = {
		.name = "tcp-memory",
		.title = "TCP short of memory",
		.why = "All TCP buffers together are near or above tcp_mem: "
		       "the kernel shrinks windows, then drops packets and "
		       "cuts connections.",
		.remedy = "Find what holds it: sort by RECV-Q or SEND-Q (F6), "
			  "or add the column memory. Raising tcp_mem buys "
			  "time.",
		.share = 1, .share_of = "tcp_mem's second value (pressure), "
			"all namespaces",
	},
};

void finding_threshold(struct buf *out, enum finding_id id)
{
	const struct finding_kind *k = &finding_kinds[id];

	if (k->least) {
		format_count(out, k->least);
		buf_printf(out, " %s", k->what);
		if (k->lasts) {
			buf_puts(out, ", for ");
			if (k->lasts < 10 * NS_PER_SEC)
				buf_printf(out, "%ds",
					   (int)(k->lasts / NS_PER_SEC));
			else
				format_duration(out, k->lasts);
		}
	}
	if (k->share > 0)
		buf_printf(out, "%s%.0f%% of %s", k->least ? "; " : "",
			   100 * k->share, k->share_of);
	if (k->note)
		buf_printf(out, " (a note: %s)", k->note);
}
