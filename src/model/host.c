#include "model/host.h"

#include "model/socket.h"

#define SOCKSTAT(group_, field_) \
	.file = HOST_SOCKSTAT, .group = group_, .field = field_
#define SNMP(field_) \
	.file = HOST_SNMP, .group = "Tcp", .field = field_
#define NETSTAT(field_) \
	.file = HOST_NETSTAT, .group = "TcpExt", .field = field_
#define SYSCTL(name_, word) \
	.file = HOST_SYSCTL, .group = "net/" name_, .field = word

const struct host_info host_values[HOST_VALUE_COUNT] = {
	[HOST_TCP_INUSE] = {
		.name = "tcp_inuse", SOCKSTAT("TCP", "inuse"),
		.help = "TCP sockets over IPv4 that hold a port, TIME_WAIT "
			"aside",
	},
	[HOST_TCP_ORPHAN] = {
		.name = "tcp_orphan", SOCKSTAT("TCP", "orphan"),
		.help = "closed by their program, still finishing, all "
			"namespaces",
	},
	[HOST_TCP_TW] = {
		.name = "tcp_tw", SOCKSTAT("TCP", "tw"),
		.help = "sockets in TIME_WAIT",
	},
	[HOST_TCP_ALLOC] = {
		.name = "tcp_alloc", SOCKSTAT("TCP", "alloc"),
		.help = "TCP sockets of the whole machine, all namespaces",
	},
	[HOST_TCP_MEM_PAGES] = {
		.name = "tcp_mem_pages", SOCKSTAT("TCP", "mem"),
		.help = "pages of memory that TCP holds, all namespaces",
	},
	[HOST_TCP6_INUSE] = {
		.name = "tcp6_inuse", SOCKSTAT("TCP6", "inuse"),
		.help = "TCP sockets over IPv6 that hold a port, TIME_WAIT "
			"aside",
	},
	[HOST_ACTIVE_OPENS] = {
		.name = "active_opens", SNMP("ActiveOpens"), .counter = true,
		.help = "connections we began",
	},
	[HOST_PASSIVE_OPENS] = {
		.name = "passive_opens", SNMP("PassiveOpens"), .counter = true,
		.help = "connections that came in",
	},
	[HOST_ATTEMPT_FAILS] = {
		.name = "attempt_fails", SNMP("AttemptFails"), .counter = true,
		.help = "connections that failed before they were open",
	},
	[HOST_ESTAB_RESETS] = {
		.name = "estab_resets", SNMP("EstabResets"), .counter = true,
		.help = "open connections that were reset",
	},
	[HOST_CURR_ESTAB] = {
		.name = "curr_estab", SNMP("CurrEstab"),
		.help = "connections in ESTABLISHED; since Linux 6.10 also in "
			"CLOSE_WAIT",
	},
	[HOST_IN_SEGS] = {
		.name = "in_segs", SNMP("InSegs"), .counter = true,
		.help = "segments received, bad ones included",
	},
	[HOST_OUT_SEGS] = {
		.name = "out_segs", SNMP("OutSegs"), .counter = true,
		.help = "segments sent, repeated ones aside",
	},
	[HOST_RETRANS_SEGS] = {
		.name = "retrans_segs", SNMP("RetransSegs"), .counter = true,
		.help = "segments sent again",
	},
	[HOST_OUT_RSTS] = {
		.name = "out_rsts", SNMP("OutRsts"), .counter = true,
		.help = "resets we sent",
	},
	[HOST_LISTEN_OVERFLOWS] = {
		.name = "listen_overflows", NETSTAT("ListenOverflows"),
		.counter = true,
		.help = "connections refused: an accept queue was full",
	},
	[HOST_LISTEN_DROPS] = {
		.name = "listen_drops", NETSTAT("ListenDrops"),
		.counter = true,
		.help = "connections that a listener dropped, for any reason",
	},
	[HOST_TIME_WAIT_OVERFLOW] = {
		.name = "time_wait_overflow", NETSTAT("TCPTimeWaitOverflow"),
		.counter = true,
		.help = "TIME_WAIT cut short: tcp_max_tw_buckets was reached",
	},
	[HOST_REQ_QFULL_DROP] = {
		.name = "req_qfull_drop", NETSTAT("TCPReqQFullDrop"),
		.counter = true,
		.help = "SYNs dropped: too many half-open connections",
	},
	[HOST_REQ_QFULL_DOCOOKIES] = {
		.name = "req_qfull_docookies",
		NETSTAT("TCPReqQFullDoCookies"), .counter = true,
		.help = "SYNs answered by a cookie: too many half-open",
	},
	[HOST_SYNCOOKIES_SENT] = {
		.name = "syncookies_sent", NETSTAT("SyncookiesSent"),
		.counter = true,
		.help = "SYN cookies sent",
	},
	[HOST_SYNCOOKIES_FAILED] = {
		.name = "syncookies_failed", NETSTAT("SyncookiesFailed"),
		.counter = true,
		.help = "SYN cookies that came back wrong",
	},
	[HOST_ABORT_ON_MEMORY] = {
		.name = "abort_on_memory", NETSTAT("TCPAbortOnMemory"),
		.counter = true,
		.help = "connections cut: no memory, or too many orphans",
	},
	[HOST_ABORT_ON_TIMEOUT] = {
		.name = "abort_on_timeout", NETSTAT("TCPAbortOnTimeout"),
		.counter = true,
		.help = "connections given up: the other end went silent",
	},
	[HOST_ABORT_ON_LINGER] = {
		.name = "abort_on_linger", NETSTAT("TCPAbortOnLinger"),
		.counter = true,
		.help = "connections cut in FIN_WAIT2, as their program asked "
			"(TCP_LINGER2)",
	},
	[HOST_PORT_FIRST] = {
		.name = "port_first", SYSCTL("ipv4/ip_local_port_range", "0"),
		.help = "lowest port for outgoing connections",
	},
	[HOST_PORT_LAST] = {
		.name = "port_last", SYSCTL("ipv4/ip_local_port_range", "1"),
		.help = "highest port for outgoing connections",
	},
	[HOST_PORTS_RESERVED] = {
		.name = "ports_reserved",
		SYSCTL("ipv4/ip_local_reserved_ports", "ports"),
		.help = "ports of that range that outgoing connections do not "
			"get",
	},
	[HOST_MAX_TW_BUCKETS] = {
		.name = "max_tw_buckets",
		SYSCTL("ipv4/tcp_max_tw_buckets", "0"),
		.help = "most sockets that may be in TIME_WAIT",
	},
	[HOST_MAX_ORPHANS] = {
		.name = "max_orphans", SYSCTL("ipv4/tcp_max_orphans", "0"),
		.help = "most orphans the kernel bears",
	},
	[HOST_SOMAXCONN] = {
		.name = "somaxconn", SYSCTL("core/somaxconn", "0"),
		.help = "longest accept queue a program can ask for",
	},
	[HOST_MAX_SYN_BACKLOG] = {
		.name = "max_syn_backlog",
		SYSCTL("ipv4/tcp_max_syn_backlog", "0"),
		.help = "half-open connections a listener remembers without "
			"SYN cookies",
	},
	[HOST_FIN_TIMEOUT] = {
		.name = "fin_timeout", SYSCTL("ipv4/tcp_fin_timeout", "0"),
		.help = "seconds an orphan may stay in FIN_WAIT2",
	},
	[HOST_TW_REUSE] = {
		.name = "tw_reuse", SYSCTL("ipv4/tcp_tw_reuse", "0"),
		.help = "may connect(2) take a port in TIME_WAIT: 1 yes, 2 on "
			"loopback",
	},
	[HOST_MEM_PRESSURE] = {
		.name = "mem_pressure", SYSCTL("ipv4/tcp_mem", "1"),
		.help = "pages of memory from which on TCP saves, all "
			"namespaces",
	},
	[HOST_MEM_LIMIT] = {
		.name = "mem_limit", SYSCTL("ipv4/tcp_mem", "2"),
		.help = "most pages of memory that TCP may hold, all "
			"namespaces",
	},
};

static const struct host_sample never_read = { .at = TIME_UNKNOWN };

void host_init(struct host *h)
{
	h->now = h->before = never_read;
	for (int v = 0; v < HOST_VALUE_COUNT; v++)
		h->now.value[v] = h->before.value[v] = U64_UNKNOWN;
}

void host_update(struct host *h, const struct host_sample *s)
{
	h->before = h->now;
	h->now = *s;
}

uint64_t host_value(const struct host *h, enum host_value v)
{
	return h->now.value[v];
}

/* A counter that fell was reset, or belongs to another namespace: growth from
 * there is not known.  Nor is it when no time went by. */
bool host_delta(const struct host *h, enum host_value v, uint64_t *delta)
{
	uint64_t now = h->now.value[v], before = h->before.value[v];

	if (!host_values[v].counter || h->before.at == TIME_UNKNOWN ||
	    h->now.at <= h->before.at || now == U64_UNKNOWN ||
	    before == U64_UNKNOWN || now < before)
		return false;
	*delta = now - before;
	return true;
}

double host_rate(const struct host *h, enum host_value v)
{
	uint64_t delta;

	if (!host_delta(h, v, &delta))
		return -1;
	return (double)delta * NS_PER_SEC / (h->now.at - h->before.at);
}
