/*
 * proctext.c - one line of /proc/net/tcp or tcp6 to a row
 *
 *  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt
 *   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000
 *   uid  timeout inode
 *     0        0 12410 1 00000000831acea6 100 0 0 10 0
 *
 * A pass may not cost much more than the kernel needs to print it, so the
 * numbers are read by hand and each byte is looked at once.
 */
#include "source/proctext.h"

#include <netinet/in.h>
#include <string.h>

/*
 * Where we are; end is the line's end.  Once bad, all that follows reads as
 * 0 and the line is refused at its end.
 */
struct cursor {
	const char *p, *end;
	bool bad;
};

/* value of a hex digit plus one, 0 for any other byte */
static const uint8_t hex_digit[256] = {
	['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	['A'] = 11, 12, 13, 14, 15, 16,
	['a'] = 11, 12, 13, 14, 15, 16,
};

/* exactly `digits` hex digits; inline, for it is known how many */
static inline __attribute__((always_inline))
uint32_t take_hex(struct cursor *c, int digits)
{
	uint32_t value = 0, wrong = 0;
	int i;

	if (c->end - c->p < digits) {
		c->bad = true;
		return 0;
	}
#pragma GCC unroll 8
	for (i = 0; i < digits; i++) {
		uint32_t d = hex_digit[(uint8_t)c->p[i]] - 1u;

		wrong |= d;
		value = value << 4 | (d & 15);
	}
	c->bad |= wrong > 15;
	c->p += digits;
	return value;
}

/* Hex of unknown width: "%02X" grows when it has to. */
static uint64_t take_long_hex(struct cursor *c)
{
	const char *start = c->p;
	uint64_t value = 0;

	while (c->p < c->end && hex_digit[(uint8_t)*c->p])
		value = value << 4 | (hex_digit[(uint8_t)*c->p++] - 1u);
	c->bad |= c->p == start || c->p - start > 16;
	return value;
}

static uint64_t take_decimal(struct cursor *c)
{
	const char *start = c->p;
	uint64_t value = 0;

	while (c->p < c->end && *c->p >= '0' && *c->p <= '9') {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *c->p - '0', &value))
			c->bad = true;
		c->p++;
	}
	c->bad |= c->p == start;
	return value;
}

static void take_char(struct cursor *c, char want)
{
	if (c->p < c->end && *c->p == want)
		c->p++;
	else
		c->bad = true;
}

/* one or more spaces */
static void take_space(struct cursor *c)
{
	const char *start = c->p;

	while (c->p < c->end && *c->p == ' ')
		c->p++;
	c->bad |= c->p == start;
}

/*
 * The text is "%08X" of each word of an address that lies in memory in
 * network order: on a big-endian host that is the address, else reversed.
 */
static void take_addr(struct cursor *c, const struct proctext *t,
		      struct addr *a)
{
	size_t words = t->family == AF_INET6 ? 4 : 1, i;

	for (i = 0; i < words; i++) {
		uint32_t w = take_hex(c, 8);

		if (t->big_endian != proctext_host_is_big_endian())
			w = __builtin_bswap32(w);
		memcpy(a->b + 4 * i, &w, 4);
	}
}

static uint16_t take_port(struct cursor *c)
{
	take_char(c, ':');
	return take_hex(c, 4);
}

/* ticks to ms, far below overflow or U32_UNKNOWN */
static uint32_t ticks_ms(uint64_t ticks, uint32_t hz)
{
	uint64_t ms;

	if (!hz || ticks > UINT32_MAX)
		return U32_UNKNOWN;
	ms = ticks * 1000 / hz;
	return ms < U32_UNKNOWN ? ms : U32_UNKNOWN;
}

static void take_timer(struct cursor *c, const struct proctext *t,
		       struct row *row)
{
	uint64_t ticks;

	row->timer = take_hex(c, 2);
	take_char(c, ':');
	ticks = take_long_hex(c);
	row->expires_ms = row->timer == TIMER_NONE ? U32_UNKNOWN :
						     ticks_ms(ticks, t->hz);
}

/*
 * "%pK" is as wide as a long, or "(null)".  It is the last field of a
 * mini-socket, where a cut would not be seen otherwise.
 */
static bool is_pointer(const char *p, size_t len)
{
	return len == 16 || len == 8 || (*p == '(' && p[len - 1] == ')');
}

/*
 * What follows the inode: reference count, kernel address, and for full
 * sockets five more.  Only counted; 0 if something is wrong with it.
 */
static int count_rest(const struct cursor *c)
{
	static const char pad[] = "        ";
	const char *p = c->p, *end = c->end, *start;
	int n = 0;

	/* the kernel pads a line to 149 bytes */
	while (end - p >= 8 && !memcmp(end - 8, pad, 8))
		end -= 8;
	for (;;) {
		while (p < end && *p == ' ')
			p++;
		start = p;
		/* a ':' is in no field there: two lines have run together */
		while (p < end && *p > ' ' && *p < 0x7f && *p != ':')
			p++;
		if (p == start)
			return p == end ? n : 0;
		if (++n == 2 && !is_pointer(start, p - start))
			return 0;
	}
}

/* States that mini-sockets are printed with. */
static bool may_be_mini(const struct row *row)
{
	return row->state == STATE_TIME_WAIT || row->state == STATE_SYN_RECV ||
	       row->timer == TIMER_TIME_WAIT || !state_info(row->state);
}

/* Are all fields there? */
static bool is_whole(const struct cursor *c, const struct row *row, bool *mini)
{
	int rest = count_rest(c);

	*mini = rest == 2;
	return rest >= 7 || (*mini && may_be_mini(row));
}

/* See uid_known() in diag.c. */
static uint32_t known_uid(const struct row *row, uint64_t uid, bool mini)
{
	if (row->inode)
		return uid;
	if (mini || row->state == STATE_TIME_WAIT ||
	    row->state == STATE_SYN_RECV || !uid)
		return U32_UNKNOWN;
	return uid;
}

int proctext_row(const struct proctext *t, const char *line, size_t len,
		 struct row *row)
{
	struct cursor c = { .p = line, .end = line + len };
	uint64_t retransmits, uid, probes;
	bool mini;

	memset(row, 0, sizeof(*row));
	row->id.family = t->family;
	row->id.protocol = IPPROTO_TCP;
	while (c.p < c.end && *c.p == ' ')
		c.p++;
	take_decimal(&c);			/* sl */
	take_char(&c, ':');
	take_space(&c);
	take_addr(&c, t, &row->id.local);
	row->id.local_port = take_port(&c);
	take_space(&c);
	take_addr(&c, t, &row->id.remote);
	row->id.remote_port = take_port(&c);
	take_space(&c);
	row->state = take_hex(&c, 2);
	take_space(&c);
	row->send_q = take_hex(&c, 8);
	take_char(&c, ':');
	row->recv_q = take_hex(&c, 8);
	take_space(&c);
	take_timer(&c, t, row);
	take_space(&c);
	retransmits = take_long_hex(&c);
	take_space(&c);
	uid = take_decimal(&c);
	take_space(&c);
	probes = take_decimal(&c);
	take_space(&c);
	row->inode = take_decimal(&c);
	/* a digit run may not be followed by anything but a space */
	take_space(&c);
	if (c.bad || uid > UINT32_MAX || !is_whole(&c, row, &mini))
		return -1;

	if (row->state == STATE_NEW_SYN_RECV)
		row->state = STATE_SYN_RECV;
	/* "timeout" counts keepalive and zero window probes */
	if (row->timer == TIMER_KEEPALIVE || row->timer == TIMER_PERSIST)
		retransmits = probes;
	row->retrans = retransmits < UINT8_MAX ? retransmits : UINT8_MAX;
	row->uid = known_uid(row, uid, mini);
	/* tx_queue of a listener is always 0: its limit is not in the text */
	if (row->state == STATE_LISTEN)
		row->send_q = U32_UNKNOWN;
	return 0;
}
