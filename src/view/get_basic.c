#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "model/timeline.h"
#include "view/column_get.h"

COLUMN_GETTER(proto)
{
	unsigned protocol = s->row.id.protocol;

	if (protocol == IPPROTO_TCP)
		return value_text("tcp");
	if (protocol == IPPROTO_UDP)
		return value_text("udp");
	snprintf(c->scratch, sizeof(c->scratch), "%u", protocol);
	return value_text(c->scratch);
}

static uint8_t ranks[STATE_COUNT];	/* plus one; 0 has none */

/* Before main(): any thread may ask. */
__attribute__((constructor)) static void make_ranks(void)
{
	for (size_t i = 0; i < state_order_count; i++)
		ranks[state_order[i]] = (uint8_t)(i + 1);
}

/* the order of the counters; unknown states behind them by their number */
uint64_t rank_state(const struct sock *s)
{
	unsigned state = s->row.state;

	if (state < STATE_COUNT && ranks[state])
		return ranks[state] - 1u;
	return STATE_COUNT + (uint64_t)state;
}

COLUMN_GETTER(state)
{
	const struct state_info *info = state_info(s->row.state);

	return value_text(info ? info->name :
			  state_text(c->scratch, s->row.state));
}

COLUMN_WIDTH(state)
{
	return (int)strlen(get_state(c, s).text);
}

/*
 * A socket found in its state tells how long it has been watched, not more.
 * One that only the newest pass saw was not watched at all: "≥0.0s" would
 * say nothing, and look as if it were new.
 */
static bool only_just_found(const struct monitor *m, const struct sock *s)
{
	const struct history *h = &m->history;
	unsigned before;

	if (s->since_certainty != CERTAIN_AT_LEAST)
		return false;
	if (h->count < 2)
		return true;
	before = (h->next + HISTORY_LEN - 2) % HISTORY_LEN;
	return s->first_seen > h->sample[before].at;
}

COLUMN_GETTER(age)
{
	if (!s->live || s->since == TIME_UNKNOWN ||
	    only_just_found(c->monitor, s))
		return value_none();
	return value_duration(c->now - s->since, s->since_certainty);
}

COLUMN_PRINTER(age)
{
	struct value v = get_age(c, s);

	if (s->live)
		value_print(c, &v, out);
	else
		buf_puts(out, "gone");
}

COLUMN_GETTER(recv_q)
{
	(void)c;
	return value_u32(s->row.recv_q);
}

/*
 * Connections and bytes do not compare; but a listener that has to refuse
 * connections is worse than any number of bytes.
 */
uint64_t rank_recv_q(const struct sock *s)
{
	const struct sock_row *r = &s->row;
	bool full = r->state == STATE_LISTEN && r->send_q != U32_UNKNOWN &&
		    r->recv_q && r->recv_q >= r->send_q;

	if (r->recv_q == U32_UNKNOWN)
		return KEY_UNKNOWN;
	return r->recv_q | (full ? UINT64_C(1) << 32 : 0);
}

COLUMN_PRINTER(recv_q)
{
	struct value v = get_recv_q(c, s);

	value_print(c, &v, out);
	if (s->row.state != STATE_LISTEN)
		return;
	v = get_limit(c, s);
	buf_char(out, '/');
	value_print(c, &v, out);
}

COLUMN_WIDTH(recv_q)
{
	struct value v = get_recv_q(c, s);
	int width = value_width(&v);

	if (s->row.state != STATE_LISTEN)
		return width;
	v = get_limit(c, s);
	return width + 1 + value_width(&v);
}

COLUMN_GETTER(send_q)
{
	(void)c;
	if (s->row.state == STATE_LISTEN)
		return value_none();
	return value_u32(s->row.send_q);
}

COLUMN_GETTER(limit)
{
	(void)c;
	if (s->row.state != STATE_LISTEN)
		return value_none();
	return value_u32(s->row.send_q);
}

COLUMN_GETTER(inode)
{
	(void)c;
	return s->row.inode ? value_uint(s->row.inode) : value_none();
}

COLUMN_GETTER(cookie)
{
	(void)c;
	return s->row.cookie ? value_uint(s->row.cookie) : value_none();
}

COLUMN_PRINTER(cookie)
{
	(void)c;
	if (s->row.cookie)
		buf_printf(out, "%llx", (unsigned long long)s->row.cookie);
	else
		buf_char(out, '-');
}

COLUMN_GETTER(timer)
{
	static const char *const name[] = {
		[TIMER_NONE] = "off",
		[TIMER_RETRANS] = "retrans",
		[TIMER_KEEPALIVE] = "keepalive",
		[TIMER_TIME_WAIT] = "time-wait",
		[TIMER_PERSIST] = "persist",
	};
	unsigned timer = s->row.timer;

	if (timer == TIMER_UNKNOWN)
		return value_none();
	if (timer <= TIMER_PERSIST)
		return value_text(name[timer]);
	snprintf(c->scratch, sizeof(c->scratch), "timer %u", timer);
	return value_text(c->scratch);
}

COLUMN_GETTER(expires)
{
	(void)c;
	if (s->row.timer == TIMER_NONE || s->row.expires_ms == U32_UNKNOWN)
		return value_none();
	return value_duration(s->row.expires_ms * NS_PER_MS, CERTAIN_EXACT);
}

COLUMN_GETTER(retrans)
{
	(void)c;
	return value_uint(s->row.retrans);
}

/* Was it opened before our eyes, at a time that the kernel told? */
static bool opening_seen(const struct sock *s)
{
	const struct timeline *t = s->timeline;

	return t && t->count && t->total == t->count &&
	       t->step[0].from == STATE_NONE &&
	       t->step[0].certainty == CERTAIN_EXACT;
}

/* It is at least as old as its state, which a timer may tell exactly. */
COLUMN_GETTER(conn_age)
{
	int64_t known = s->first_seen;

	if (opening_seen(s))
		return value_duration(c->now - s->timeline->step[0].at,
				      CERTAIN_EXACT);
	if (known == TIME_UNKNOWN || only_just_found(c->monitor, s))
		return value_none();
	if (s->since != TIME_UNKNOWN && s->since < known)
		known = s->since;
	return value_duration(c->now - known, CERTAIN_AT_LEAST);
}
