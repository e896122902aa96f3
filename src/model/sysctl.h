/*
 * sysctl.h - the settings of TCP that a person may ask about
 *
 * Their names stand in one table; their values are text as the kernel prints
 * it.  Whoever asks has them read (source/sysctlfile.h); nobody reads them
 * from pass to pass.
 */
#ifndef MODEL_SYSCTL_H
#define MODEL_SYSCTL_H

enum sysctl {
	SYSCTL_NONE,
	SYSCTL_SOMAXCONN, SYSCTL_PORT_RANGE, SYSCTL_MAX_SYN_BACKLOG,
	SYSCTL_SYNCOOKIES, SYSCTL_ABORT_ON_OVERFLOW, SYSCTL_SYN_RETRIES,
	SYSCTL_SYNACK_RETRIES, SYSCTL_RETRIES2, SYSCTL_KEEPALIVE_TIME,
	SYSCTL_KEEPALIVE_INTVL, SYSCTL_KEEPALIVE_PROBES,
	SYSCTL_ORPHAN_RETRIES, SYSCTL_MAX_ORPHANS, SYSCTL_FIN_TIMEOUT,
	SYSCTL_TW_REUSE, SYSCTL_MAX_TW_BUCKETS,
	SYSCTL_COUNT,
};

/* "net.ipv4.tcp_fin_timeout"; NULL for SYSCTL_NONE */
extern const char *const sysctl_name[SYSCTL_COUNT];

enum { SYSCTL_TEXT_MAX = 32 };

struct sysctls {
	/* printable ASCII, words with one blank between; "" unknown */
	char value[SYSCTL_COUNT][SYSCTL_TEXT_MAX];
};

#endif
