#include <linux/sock_diag.h>

#include "model/detail.h"
#include "view/column_get.h"
#include "view/format.h"

/*
 * For a listener tcp_info holds its queue in fields of other meaning
 * (net/ipv4/tcp.c, tcp_get_info): none of it is shown here.
 */
static const struct sock_detail *detail_of(const struct sock *s)
{
	return s->row.state == STATE_LISTEN ? NULL : sock_detail(s);
}

#define INFO_HAS(s, field)	detail_info_has(detail_of(s), field)
#define INFO(s, field)		(sock_detail(s)->info.field)

/* us; 0 until the first answer came */
COLUMN_GETTER(rtt)
{
	(void)c;
	if (!INFO_HAS(s, tcpi_rtt) || !INFO(s, tcpi_rtt))
		return value_none();
	return value_uint(INFO(s, tcpi_rtt));
}

/* "0.04ms" "12.3ms" "450ms" */
COLUMN_PRINTER(rtt)
{
	struct value v = get_rtt(c, s);
	double ms;

	if (v.kind == VALUE_NONE) {
		buf_char(out, '-');
		return;
	}
	ms = (double)v.uint / 1000;
	buf_printf(out, "%.*fms", ms < 1 ? 2 : ms < 100 ? 1 : 0, ms);
}

COLUMN_GETTER(cwnd)
{
	(void)c;
	if (!INFO_HAS(s, tcpi_snd_cwnd))
		return value_none();
	return value_uint(INFO(s, tcpi_snd_cwnd));
}

COLUMN_GETTER(retrans_total)
{
	(void)c;
	if (!INFO_HAS(s, tcpi_total_retrans))
		return value_none();
	return value_uint(INFO(s, tcpi_total_retrans));
}

COLUMN_GETTER(bytes_sent)
{
	uint64_t n = detail_bytes_sent(detail_of(s));

	(void)c;
	return n == U64_UNKNOWN ? value_none() : value_uint(n);
}

COLUMN_GETTER(bytes_received)
{
	uint64_t n = detail_bytes_received(detail_of(s));

	(void)c;
	return n == U64_UNKNOWN ? value_none() : value_uint(n);
}

/* Both clocks start with the connection: without data they tell its age. */
COLUMN_GETTER(last_sent)
{
	(void)c;
	if (!INFO_HAS(s, tcpi_bytes_sent) || !INFO(s, tcpi_bytes_sent))
		return value_none();
	return value_duration(INFO(s, tcpi_last_data_sent) * NS_PER_MS,
			      CERTAIN_EXACT);
}

COLUMN_GETTER(last_received)
{
	(void)c;
	if (!INFO_HAS(s, tcpi_bytes_received) || !INFO(s, tcpi_bytes_received))
		return value_none();
	return value_duration(INFO(s, tcpi_last_data_recv) * NS_PER_MS,
			      CERTAIN_EXACT);
}

COLUMN_GETTER(congestion)
{
	(void)c;
	const struct sock_detail *d = sock_detail(s);

	if (!d || !d->congestion[0])
		return value_none();
	return value_text(d->congestion);
}

/* The buffers' limits (RCVBUF, SNDBUF) and the drops are not memory, and
 * WMEM_ALLOC is what the device still holds of WMEM_QUEUED. */
COLUMN_GETTER(memory)
{
	static const uint8_t held[] = {
		SK_MEMINFO_RMEM_ALLOC, SK_MEMINFO_FWD_ALLOC,
		SK_MEMINFO_WMEM_QUEUED, SK_MEMINFO_OPTMEM, SK_MEMINFO_BACKLOG,
	};
	const struct sock_detail *d = sock_detail(s);
	uint64_t sum = 0;

	(void)c;
	if (!d || !d->has_mem || d->mem_count <= SK_MEMINFO_BACKLOG)
		return value_none();
	for (size_t i = 0; i < sizeof(held); i++)
		sum += d->mem[held[i]];
	return value_uint(sum);
}

static void print_short(const struct value *v, struct buf *out)
{
	if (v->kind == VALUE_NONE)
		buf_char(out, '-');
	else
		format_short(out, v->uint);
}

COLUMN_PRINTER(bytes_sent)
{
	struct value v = get_bytes_sent(c, s);

	print_short(&v, out);
}

COLUMN_PRINTER(bytes_received)
{
	struct value v = get_bytes_received(c, s);

	print_short(&v, out);
}

COLUMN_PRINTER(memory)
{
	struct value v = get_memory(c, s);

	print_short(&v, out);
}
