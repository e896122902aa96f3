/*
 * need.h - what is looked at, and so has to be read
 *
 * The view collects it from its columns, sort and filter; the sources fetch
 * just that.  What nobody looks at is not computed.  What a sort or a filter
 * compares is needed of all sockets, what a column prints of those shown.
 */
#ifndef MODEL_NEED_H
#define MODEL_NEED_H

enum need {
	NEED_COOKIE	= 1 << 0,	/* sock_diag only */
	NEED_BOUND	= 1 << 1,	/* BOUND sockets: sock_diag only */
	NEED_IFINDEX	= 1 << 2,	/* sock_diag only */
	NEED_INFO	= 1 << 3,	/* tcp_info: sock_diag only */
	NEED_MEM	= 1 << 4,	/* skmeminfo: sock_diag only */
	NEED_CONG	= 1 << 5,	/* congestion control: sock_diag only */
	NEED_OWNER	= 1 << 6,	/* walk /proc/PID/fd */
	NEED_LIMIT	= 1 << 7,	/* listeners' backlog limits */
	NEED_HOST	= 1 << 8,	/* host counters */
	NEED_FRESH	= 1 << 9,	/* queues and timers, which no event
					   tells: the newest of them */
	NEED_MARK	= 1 << 10,	/* mark, control group: sock_diag only */
	NEED_SERVICE	= 1 << 11,	/* of owners: /proc/PID/cgroup */
	NEED_COMMAND	= 1 << 12,	/* of owners: /proc/PID/cmdline */
	NEED_OTHERS	= 1 << 13,	/* sockets that are not shown: whose
					   listener or other end it is */
};

/* what is read of each owner once */
#define NEEDS_PROCESS	(NEED_SERVICE | NEED_COMMAND)
/* what /proc/net/tcp does not have */
#define NEEDS_DIAG	(NEED_COOKIE | NEED_BOUND | NEED_IFINDEX | NEED_INFO | \
			 NEED_MEM | NEED_CONG | NEED_MARK)
/* what comes as a socket's detail */
#define NEEDS_DETAIL	(NEED_INFO | NEED_MEM | NEED_CONG | NEED_MARK)

#endif
