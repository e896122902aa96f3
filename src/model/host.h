/*
 * host.h - the kernel's counters of this network namespace
 *
 * Declared once in host_counters[]: where it is read, its title, what it says.
 * Values are uint64_t, U64_UNKNOWN where this kernel does not give one.
 * Counters only grow; gauges are what they are.
 */
#ifndef MODEL_HOST_H
#define MODEL_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum host_file {
	HOST_SOCKSTAT,		/* net/sockstat, net/sockstat6 */
	HOST_SNMP,		/* net/snmp */
	HOST_NETSTAT,		/* net/netstat */
	HOST_SYSCTL,		/* sys/net/… */
};

enum host_value {
	/* gauges */
	HOST_TCP_INUSE, HOST_TCP_ORPHAN, HOST_TCP_TW, HOST_TCP_ALLOC,
	HOST_TCP_MEM_PAGES, HOST_TCP6_INUSE,
	/* counters */
	HOST_ACTIVE_OPENS, HOST_PASSIVE_OPENS, HOST_ATTEMPT_FAILS,
	HOST_ESTAB_RESETS, HOST_CURR_ESTAB, HOST_IN_SEGS, HOST_OUT_SEGS,
	HOST_RETRANS_SEGS, HOST_OUT_RSTS,
	HOST_LISTEN_OVERFLOWS, HOST_LISTEN_DROPS, HOST_TIME_WAIT_OVERFLOW,
	HOST_REQ_QFULL_DROP, HOST_REQ_QFULL_DOCOOKIES, HOST_SYNCOOKIES_SENT,
	HOST_SYNCOOKIES_FAILED, HOST_ABORT_ON_MEMORY, HOST_ABORT_ON_TIMEOUT,
	HOST_ABORT_ON_LINGER,
	/* limits */
	HOST_PORT_FIRST, HOST_PORT_LAST, HOST_PORTS_RESERVED,
	HOST_MAX_TW_BUCKETS,
	HOST_MAX_ORPHANS, HOST_SOMAXCONN, HOST_MAX_SYN_BACKLOG,
	HOST_FIN_TIMEOUT, HOST_TW_REUSE, HOST_MEM_PRESSURE, HOST_MEM_LIMIT,
	HOST_VALUE_COUNT,
};

struct host_info {
	const char *name;	/* ours, for JSON: "listen_overflows" */
	enum host_file file;
	const char *group;	/* "Tcp", "TcpExt", or a sysctl's path below
				   sys/ */
	const char *field;	/* its name there; sysctl: "0", "1": word,
				   "ports": how many of the range */
	bool counter;		/* grows: a rate makes sense */
	const char *help;
};
extern const struct host_info host_values[HOST_VALUE_COUNT];

struct host_sample {
	int64_t at;		/* mono ns; TIME_UNKNOWN: never read */
	uint64_t value[HOST_VALUE_COUNT];
};

struct host {
	struct host_sample now, before;
};

void host_init(struct host *h);
/* s becomes now, now becomes before. */
void host_update(struct host *h, const struct host_sample *s);
uint64_t host_value(const struct host *h, enum host_value v);
/* Per second between the last two samples; negative when unknown. */
double host_rate(const struct host *h, enum host_value v);
/* Growth of a counter between the last two samples; false when unknown, also
 * because they are not apart: whoever divides by the time need not ask. */
bool host_delta(const struct host *h, enum host_value v, uint64_t *delta);

#endif
