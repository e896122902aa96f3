#include "model/sysctl.h"

#include <stddef.h>

const char *const sysctl_name[SYSCTL_COUNT] = {
	[SYSCTL_SOMAXCONN]	   = "net.core.somaxconn",
	[SYSCTL_PORT_RANGE]	   = "net.ipv4.ip_local_port_range",
	[SYSCTL_MAX_SYN_BACKLOG]   = "net.ipv4.tcp_max_syn_backlog",
	[SYSCTL_SYNCOOKIES]	   = "net.ipv4.tcp_syncookies",
	[SYSCTL_ABORT_ON_OVERFLOW] = "net.ipv4.tcp_abort_on_overflow",
	[SYSCTL_SYN_RETRIES]	   = "net.ipv4.tcp_syn_retries",
	[SYSCTL_SYNACK_RETRIES]	   = "net.ipv4.tcp_synack_retries",
	[SYSCTL_RETRIES2]	   = "net.ipv4.tcp_retries2",
	[SYSCTL_KEEPALIVE_TIME]	   = "net.ipv4.tcp_keepalive_time",
	[SYSCTL_KEEPALIVE_INTVL]   = "net.ipv4.tcp_keepalive_intvl",
	[SYSCTL_KEEPALIVE_PROBES]  = "net.ipv4.tcp_keepalive_probes",
	[SYSCTL_ORPHAN_RETRIES]	   = "net.ipv4.tcp_orphan_retries",
	[SYSCTL_MAX_ORPHANS]	   = "net.ipv4.tcp_max_orphans",
	[SYSCTL_FIN_TIMEOUT]	   = "net.ipv4.tcp_fin_timeout",
	[SYSCTL_TW_REUSE]	   = "net.ipv4.tcp_tw_reuse",
	[SYSCTL_MAX_TW_BUCKETS]	   = "net.ipv4.tcp_max_tw_buckets",
};
