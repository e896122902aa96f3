#include "view/info.h"

#include <linux/sock_diag.h>
#include <string.h>

#include "base/clock.h"
#include "view/format.h"

/* "1.23", "12.3", "123" */
static void put_three_digits(struct buf *out, double v)
{
	buf_printf(out, "%.*f", v < 10 ? 2 : v < 100 ? 1 : 0, v);
}

static void put_rate(struct buf *out, uint64_t bytes)
{
	static const char *const unit[] = { "", "k", "M", "G", "T" };
	double bits = 8 * (double)bytes;
	int i = 0;

	while (bits >= 1000 && i < 4) {
		bits /= 1000;
		i++;
	}
	put_three_digits(out, bits);
	buf_printf(out, " %sbit/s", unit[i]);
}

/* As fine as the kernel says, up to some seconds. */
static void put_us(struct buf *out, uint64_t us)
{
	double ms = (double)us / 1000;

	if (us >= 10 * 1000 * 1000)
		format_duration(out, (int64_t)us * 1000);
	else
		buf_printf(out, "%.*fms", ms < 10 ? 3 : ms < 100 ? 2 : 0, ms);
}

void info_number(struct buf *out, enum info_unit unit, uint64_t n)
{
	switch (unit) {
	case INFO_US:
		put_us(out, n);
		return;
	case INFO_MS:
		if (n < 10000)
			buf_printf(out, "%ums", (unsigned)n);
		else
			format_duration(out, (int64_t)n * NS_PER_MS);
		return;
	case INFO_RATE:
		put_rate(out, n);
		return;
	case INFO_BYTES:
		format_count(out, n);
		buf_puts(out, " B");
		return;
	case INFO_SEGMENTS:
	case INFO_COUNT:
		format_count(out, n);
		return;
	}
}

static uint64_t number_of(const struct sock_detail *d,
			  const struct info_fact *f, uint64_t *max)
{
	const uint8_t *p = d->info_bytes + f->offset;
	uint64_t n8;
	uint32_t n4;
	uint16_t n2;

	switch (f->size) {
	case 1:
		*max = UINT8_MAX;
		return *p;
	case 2:
		memcpy(&n2, p, sizeof(n2));
		*max = UINT16_MAX;
		return n2;
	case 4:
		memcpy(&n4, p, sizeof(n4));
		*max = UINT32_MAX;
		return n4;
	default:
		memcpy(&n8, p, sizeof(n8));
		*max = UINT64_MAX;
		return n8;
	}
}

bool info_text(const struct sock_detail *d, const struct info_fact *f,
	       struct buf *out)
{
	size_t from = out->len;
	uint64_t n, max;

	if (!d)
		return false;
	if (f->size && d->info_len < f->offset + f->size)
		return false;
	if (f->print) {
		f->print(d, out);
		return out->len > from;
	}
	n = number_of(d, f, &max);
	if ((f->not_zero && !n) || (f->not_max && n == max))
		return false;
	info_number(out, (enum info_unit)f->unit, n);
	return true;
}

/* ---- what is no plain number ------------------------------------------------ */

#define INFO(field)	(d->info.tcpi_##field)
/* detail_info_has() where there is a detail for certain */
#define HAS(field)	(d->info_len >= offsetof(struct tcp_info,	\
						 tcpi_##field) +	\
			 sizeof(INFO(field)))

/* tcp_info's 2^31 - 1: nothing was lost yet that would have set it */
static void print_ssthresh(const struct sock_detail *d, struct buf *out)
{
	if (INFO(snd_ssthresh) >= INT32_MAX)
		buf_puts(out, "not set yet");
	else
		format_count(out, INFO(snd_ssthresh));
}

static void print_ca_state(const struct sock_detail *d, struct buf *out)
{
	static const char *const name[] = {
		[TCP_CA_Open]	  = "open: all is well",
		[TCP_CA_Disorder] = "disorder: ACKs out of order",
		[TCP_CA_CWR]	  = "CWR: told to slow down",
		[TCP_CA_Recovery] = "recovery: sends again at once",
		[TCP_CA_Loss]	  = "loss: after a timeout",
	};

	if (INFO(ca_state) < sizeof(name) / sizeof(name[0]))
		buf_puts(out, name[INFO(ca_state)]);
}

static void print_congestion(const struct sock_detail *d, struct buf *out)
{
	buf_puts(out, d->congestion);
}

static void print_delivery(const struct sock_detail *d, struct buf *out)
{
	if (!INFO(delivery_rate))
		return;
	put_rate(out, INFO(delivery_rate));
	if (INFO(delivery_rate_app_limited))
		buf_puts(out, ", had no more to send");
}

static void print_sent_again(const struct sock_detail *d, struct buf *out)
{
	format_count(out, INFO(total_retrans));
	if (!INFO(total_retrans))
		return;
	if (HAS(data_segs_out) && INFO(data_segs_out)) {
		buf_puts(out, ", ");
		format_percent(out, (double)INFO(total_retrans) /
				    INFO(data_segs_out));
	}
	if (HAS(bytes_retrans) && INFO(bytes_retrans)) {
		buf_puts(out, ", ");
		info_number(out, INFO_BYTES, INFO(bytes_retrans));
	}
}

static void print_bytes_sent(const struct sock_detail *d, struct buf *out)
{
	uint64_t n = detail_bytes_sent(d);

	if (n != U64_UNKNOWN)
		info_number(out, INFO_BYTES, n);
}

static void print_bytes_received(const struct sock_detail *d, struct buf *out)
{
	uint64_t n = detail_bytes_received(d);

	if (n != U64_UNKNOWN)
		info_number(out, INFO_BYTES, n);
}

/* Both clocks begin with the connection: without data they tell its age. */
static void print_last_sent(const struct sock_detail *d, struct buf *out)
{
	if (HAS(bytes_sent) && !INFO(bytes_sent))
		return;
	info_number(out, INFO_MS, INFO(last_data_sent));
	buf_puts(out, " ago");
}

static void print_last_received(const struct sock_detail *d, struct buf *out)
{
	if (HAS(bytes_received) && !INFO(bytes_received))
		return;
	info_number(out, INFO_MS, INFO(last_data_recv));
	buf_puts(out, " ago");
}

static void print_last_ack(const struct sock_detail *d, struct buf *out)
{
	info_number(out, INFO_MS, INFO(last_ack_recv));
	buf_puts(out, " ago");
}

/* "12ms, 34.0% of busy" */
static void print_share(const struct sock_detail *d, struct buf *out,
			uint64_t us)
{
	if (!us)
		return;
	put_us(out, us);
	if (!INFO(busy_time))
		return;
	buf_puts(out, ", ");
	format_percent(out, (double)us / (double)INFO(busy_time));
	buf_puts(out, " of that");
}

static void print_rwnd_limited(const struct sock_detail *d, struct buf *out)
{
	print_share(d, out, INFO(rwnd_limited));
}

static void print_sndbuf_limited(const struct sock_detail *d, struct buf *out)
{
	print_share(d, out, INFO(sndbuf_limited));
}

static void add_option(struct buf *out, size_t from, const char *name)
{
	if (out->len > from)
		buf_char(out, ' ');
	buf_puts(out, name);
}

static void print_options(const struct sock_detail *d, struct buf *out)
{
	static const struct {
		uint8_t bit;
		const char *name;
	} option[] = {
		{ TCPI_OPT_TIMESTAMPS, "timestamps" },
		{ TCPI_OPT_SACK, "sack" },
		{ TCPI_OPT_ECN, "ecn" },
		{ TCPI_OPT_ECN_SEEN, "ecn-seen" },
		{ TCPI_OPT_SYN_DATA, "fastopen" },
	};
	size_t from = out->len;

	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++)
		if (INFO(options) & option[i].bit)
			add_option(out, from, option[i].name);
	if (INFO(options) & TCPI_OPT_WSCALE) {
		add_option(out, from, "window-scale ");
		buf_printf(out, "%u/%u", INFO(snd_wscale), INFO(rcv_wscale));
	}
	if (*d->ulp)
		add_option(out, from, d->ulp);
	if (out->len == from)
		buf_puts(out, "none");
}

/* ---- memory --------------------------------------------------------------- */

static bool mem_has(const struct sock_detail *d, int i)
{
	return d->has_mem && i < d->mem_count;
}

/* "5,120 of 131,072 B, 4%" */
static void print_buffer(const struct sock_detail *d, struct buf *out,
			 int used, int limit)
{
	if (!mem_has(d, used))
		return;
	format_count(out, d->mem[used]);
	if (mem_has(d, limit) && d->mem[limit]) {
		buf_puts(out, " of ");
		info_number(out, INFO_BYTES, d->mem[limit]);
		buf_puts(out, ", ");
		format_percent(out, (double)d->mem[used] / d->mem[limit]);
	} else {
		buf_puts(out, " B");
	}
}

static void print_receive_buffer(const struct sock_detail *d, struct buf *out)
{
	print_buffer(d, out, SK_MEMINFO_RMEM_ALLOC, SK_MEMINFO_RCVBUF);
}

static void print_send_buffer(const struct sock_detail *d, struct buf *out)
{
	print_buffer(d, out, SK_MEMINFO_WMEM_QUEUED, SK_MEMINFO_SNDBUF);
}

static void print_mem(const struct sock_detail *d, struct buf *out, int i)
{
	if (mem_has(d, i) && d->mem[i])
		info_number(out, INFO_BYTES, d->mem[i]);
}

static void print_device(const struct sock_detail *d, struct buf *out)
{
	print_mem(d, out, SK_MEMINFO_WMEM_ALLOC);
}

static void print_forward(const struct sock_detail *d, struct buf *out)
{
	print_mem(d, out, SK_MEMINFO_FWD_ALLOC);
}

static void print_optmem(const struct sock_detail *d, struct buf *out)
{
	print_mem(d, out, SK_MEMINFO_OPTMEM);
}

static void print_backlog(const struct sock_detail *d, struct buf *out)
{
	print_mem(d, out, SK_MEMINFO_BACKLOG);
}

static void print_drops(const struct sock_detail *d, struct buf *out)
{
	if (mem_has(d, SK_MEMINFO_DROPS))
		format_count(out, d->mem[SK_MEMINFO_DROPS]);
}

/* ---- the tables ------------------------------------------------------------- */

#define FIELD(field)							\
	.offset = offsetof(struct tcp_info, tcpi_##field),		\
	.size = sizeof(((struct tcp_info *)0)->tcpi_##field)
#define PLACE(place, bytes)	.offset = place, .size = bytes

static const struct info_fact path[] = {
	{ "round trip", "smoothed", FIELD(rtt), INFO_US, .not_zero = true },
	{ "varies by", "mean deviation", FIELD(rttvar), INFO_US,
	  .not_zero = true },
	{ "shortest", "of the last minutes",
	  FIELD(min_rtt), INFO_US, .not_zero = true, .not_max = true },
	{ "as receiver", "by the data that came", FIELD(rcv_rtt),
	  INFO_US, .not_zero = true },
	{ "resend after", "without an ACK (RTO)", FIELD(rto), INFO_US,
	  .not_zero = true },
	{ "delays ACKs", "so long at most", FIELD(ato), INFO_US,
	  .not_zero = true },
	{ "segment", "at most, to them (MSS)", FIELD(snd_mss), INFO_BYTES,
	  .not_zero = true },
	{ "  they send", "at most, as seen", FIELD(rcv_mss), INFO_BYTES,
	  .not_zero = true },
	{ "  we offered", "MSS we told them", FIELD(advmss), INFO_BYTES,
	  .not_zero = true },
	{ "path MTU", "largest packet on the way", FIELD(pmtu), INFO_BYTES,
	  .not_zero = true },
	{ "options", "", FIELD(options), .print = print_options },
};

static const struct info_fact congestion[] = {
	{ "control", "algorithm", .print = print_congestion },
	{ "window", "segments in flight at most", FIELD(snd_cwnd),
	  INFO_SEGMENTS },
	{ "in flight", "segments without an ACK", FIELD(unacked),
	  INFO_SEGMENTS },
	{ "slow start", "below so many segments", FIELD(snd_ssthresh),
	  .print = print_ssthresh },
	{ "state", "", FIELD(ca_state), .print = print_ca_state },
	{ "pacing", "as fast as it sends", FIELD(pacing_rate), INFO_RATE,
	  .not_zero = true, .not_max = true },
	{ "  at most", "set by the program", FIELD(max_pacing_rate), INFO_RATE,
	  .not_zero = true, .not_max = true },
	{ "delivery", "", FIELD(delivery_rate), .print = print_delivery },
	{ "their window", "what they will take", FIELD(snd_wnd), INFO_BYTES },
	{ "our window", "what we offer", PLACE(INFO_RCV_WND, 4), INFO_BYTES },
	{ "  may grow", "up to (rcv_ssthresh)", FIELD(rcv_ssthresh),
	  INFO_BYTES, .not_zero = true },
	{ "  space", "for a round trip's data", FIELD(rcv_space), INFO_BYTES,
	  .not_zero = true },
};

static const struct info_fact loss[] = {
	{ "sent again", "segments in all its life", FIELD(total_retrans),
	  .print = print_sent_again },
	{ "  unanswered", "timeouts in a row", FIELD(retransmits), INFO_COUNT,
	  .not_zero = true },
	{ "  on the way", "sent again, in flight", FIELD(retrans),
	  INFO_SEGMENTS, .not_zero = true },
	{ "probes", "in a row without an answer", FIELD(probes), INFO_COUNT,
	  .not_zero = true },
	{ "backoff", "times RTO was doubled", FIELD(backoff),
	  INFO_COUNT, .not_zero = true },
	{ "lost", "segments, as it seems", FIELD(lost),
	  INFO_SEGMENTS, .not_zero = true },
	{ "sacked", "segments behind a gap", FIELD(sacked),
	  INFO_SEGMENTS, .not_zero = true },
	{ "timeouts", "in its whole life", PLACE(INFO_TOTAL_RTO, 2),
	  INFO_COUNT, .not_zero = true },
	{ "  recovered", "of these", PLACE(INFO_TOTAL_RTO_RECOVERIES, 2),
	  INFO_COUNT, .not_zero = true },
	{ "  lasted", "altogether", PLACE(INFO_TOTAL_RTO_TIME, 4), INFO_MS,
	  .not_zero = true },
	{ "other paths", "tried after timeouts", PLACE(INFO_REHASH, 4),
	  INFO_COUNT, .not_zero = true },
	{ "reordering", "so late is not yet lost", FIELD(reordering),
	  INFO_SEGMENTS, .not_zero = true },
	{ "  seen", "times", FIELD(reord_seen), INFO_COUNT, .not_zero = true },
	{ "duplicates", "resent for nothing (DSACK)", FIELD(dsack_dups),
	  INFO_SEGMENTS, .not_zero = true },
	{ "out of order", "segments, coming in", FIELD(rcv_ooopack),
	  INFO_SEGMENTS, .not_zero = true },
	{ "CE marks", "segments, congested (ECN)", FIELD(delivered_ce),
	  INFO_SEGMENTS, .not_zero = true },
};

static const struct info_fact volume[] = {
	{ "sent", "each byte once", FIELD(bytes_sent),
	  .print = print_bytes_sent },
	{ "  acknowledged", "SYN and FIN count too", FIELD(bytes_acked),
	  INFO_BYTES, .not_zero = true },
	{ "received", "", FIELD(bytes_received),
	  .print = print_bytes_received },
	{ "segments out", "", FIELD(segs_out), INFO_SEGMENTS,
	  .not_zero = true },
	{ "  with data", "", FIELD(data_segs_out), INFO_SEGMENTS,
	  .not_zero = true },
	{ "  delivered", "acknowledged, SYN too", FIELD(delivered),
	  INFO_SEGMENTS, .not_zero = true },
	{ "segments in", "", FIELD(segs_in), INFO_SEGMENTS, .not_zero = true },
	{ "  with data", "", FIELD(data_segs_in), INFO_SEGMENTS,
	  .not_zero = true },
};

static const struct info_fact program[] = {
	{ "sent data", "", FIELD(last_data_sent), .print = print_last_sent },
	{ "got data", "", FIELD(last_data_recv), .print = print_last_received },
	{ "got an ACK", "", FIELD(last_ack_recv), .print = print_last_ack },
	{ "busy", "time with data to send", FIELD(busy_time), INFO_US,
	  .not_zero = true },
	{ "  their window", "was full: they are slow",
	  FIELD(rwnd_limited), .print = print_rwnd_limited },
	{ "  our buffer", "was full (SO_SNDBUF)",
	  FIELD(sndbuf_limited), .print = print_sndbuf_limited },
};

static const struct info_fact memory[] = {
	{ "receive buffer", "taken of limit",
	  .print = print_receive_buffer },
	{ "send buffer", "", .print = print_send_buffer },
	{ "in the device", "of what was sent", .print = print_device },
	{ "in reserve", "", .print = print_forward },
	{ "options", "filters and the like", .print = print_optmem },
	{ "backlog", "came while it was locked", .print = print_backlog },
	{ "drops", "packets without room", .print = print_drops },
};

#define GROUP(title, facts)	\
	{ title, facts, sizeof(facts) / sizeof((facts)[0]) }

const struct info_group info_groups[INFO_GROUPS] = {
	[INFO_PATH]	  = GROUP("Path", path),
	[INFO_CONGESTION] = GROUP("Congestion and windows", congestion),
	[INFO_LOSS]	  = GROUP("Loss", loss),
	[INFO_VOLUME]	  = GROUP("Volume", volume),
	[INFO_PROGRAM]	  = GROUP("Activity", program),
	[INFO_MEMORY]	  = GROUP("Memory", memory),
};
