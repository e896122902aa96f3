/*
 * detail.h - what the kernel tells of one socket only on request
 *
 * tcp_info, socket memory and the congestion control's name.  Sources fill
 * one for each row when a column needs it (model/need.h), from one mem_zalloc()
 * block that then belongs to the row.
 */
#ifndef MODEL_DETAIL_H
#define MODEL_DETAIL_H

#include <linux/inet_diag.h>
#include <linux/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/socket.h"

/*
 * What newer kernels than the headers at hand add to tcp_info, by its place:
 * once there, a field stays where it is.
 */
enum info_place {
	INFO_RCV_WND		= 232,	/* u32 bytes, Linux 6.2 */
	INFO_REHASH		= 236,	/* u32 */
	INFO_TOTAL_RTO		= 240,	/* u16, Linux 6.7 */
	INFO_TOTAL_RTO_RECOVERIES = 242,	/* u16 */
	INFO_TOTAL_RTO_TIME	= 244,	/* u32 ms */
	INFO_PLACES_END		= 248,
};

struct sock_detail {
	/*
	 * tcp_info grows with each kernel: info_len bytes were given, the
	 * rest is unknown.  Ask detail_info_has() before reading a field.
	 */
	union {
		struct tcp_info info;
		uint8_t info_bytes[sizeof(struct tcp_info) > INFO_PLACES_END ?
				   sizeof(struct tcp_info) : INFO_PLACES_END];
	};
	uint16_t info_len;
	bool has_mem;
	uint32_t mem[9];		/* SK_MEMINFO_RMEM_ALLOC … DROPS */
	uint8_t mem_count;		/* how many of mem were given */
	char congestion[16];		/* "" unknown; checked to be ASCII
					   letters, digits, _ and - */
	char ulp[16];			/* upper layer: "tls", "mptcp"; "" none
					   or unknown; checked as congestion */
	bool has_shutdown;
	uint8_t shutdown;		/* bit 0 receive, bit 1 send */
	bool has_mark;			/* only with CAP_NET_ADMIN */
	uint32_t mark;			/* SO_MARK */
	uint64_t cgroup;		/* of version 2; 0 unknown */
};

#define detail_info_has(d, field) \
	((d) && (d)->info_len >= offsetof(struct tcp_info, field) + \
				 sizeof((d)->info.field))

/*
 * Bytes of the stream that were sent, each once; U64_UNKNOWN before Linux 4.19.
 * tcpi_bytes_acked is no substitute: it counts our SYN and FIN, and what was
 * not yet confirmed is missing.  tcpi_bytes_sent counts what is sent again.
 */
static inline uint64_t detail_bytes_sent(const struct sock_detail *d)
{
	uint64_t sent, again;

	if (!detail_info_has(d, tcpi_bytes_sent))
		return U64_UNKNOWN;
	sent = d->info.tcpi_bytes_sent;
	again = detail_info_has(d, tcpi_bytes_retrans) ?
		d->info.tcpi_bytes_retrans : 0;
	return sent > again ? sent - again : 0;
}

/*
 * Bytes of the stream that were received.  The kernel counts the other end's
 * FIN as one more (tcp_rcv_nxt_update()), unless that came to a mini-socket.
 * Of a socket that is in CLOSE, nobody can say whether it did: there the count
 * may be one too high, but where no data came at all.
 */
static inline uint64_t detail_bytes_received(const struct sock_detail *d)
{
	const unsigned fin = STATE_BIT(STATE_CLOSE_WAIT) |
			     STATE_BIT(STATE_LAST_ACK) |
			     STATE_BIT(STATE_CLOSING);
	uint64_t n;

	if (!detail_info_has(d, tcpi_bytes_received))
		return U64_UNKNOWN;
	n = d->info.tcpi_bytes_received;
	if (detail_info_has(d, tcpi_data_segs_in) && !d->info.tcpi_data_segs_in)
		return 0;
	return n && (STATE_BIT(d->info.tcpi_state & 31) & fin) ? n - 1 : n;
}

#endif
