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

struct sock_detail {
	/*
	 * tcp_info grows with each kernel: info_len bytes were given, the
	 * rest is unknown.  Ask detail_info_has() before reading a field.
	 */
	struct tcp_info info;
	uint16_t info_len;
	bool has_mem;
	uint32_t mem[9];		/* SK_MEMINFO_RMEM_ALLOC … DROPS */
	uint8_t mem_count;		/* how many of mem were given */
	char congestion[16];		/* "" unknown; checked to be ASCII
					   letters, digits, _ and - */
	bool has_shutdown;
	uint8_t shutdown;		/* bit 0 receive, bit 1 send */
};

#define detail_info_has(d, field) \
	((d) && (d)->info_len >= offsetof(struct tcp_info, field) + \
				 sizeof((d)->info.field))

#endif
