/*
 * filter_match.c - what a test says of a socket
 *
 * A million sockets are asked with each pass: whatever can be said from the
 * numbers of a row is said here, without a call.
 */
#include <netinet/in.h>
#include <string.h>

#include "model/detail.h"
#include "view/filter_code.h"

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return !rest || !((a[whole] ^ b[whole]) >> (8 - rest));
}

/*
 * As the kernel does it (inet_diag_bc_run): IPv4 is found in IPv6's dress, too,
 * but not the other way round.
 */
static bool net_contains(const struct test *t, uint8_t family,
			 const struct addr *addr)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *b = addr->b;

	if (family != t->net.family) {
		if (t->net.family != AF_INET ||
		    memcmp(b, mapped, sizeof(mapped)) != 0)
			return false;
		b += sizeof(mapped);
	}
	return same_bits(b, t->net.addr.b, t->net.bits);
}

static bool in_range(const struct test *t, uint16_t port)
{
	return port >= t->port.low && port <= t->port.high;
}

static bool ordered(enum compare cmp, uint64_t a, uint64_t b)
{
	switch (cmp) {
	case CMP_EQ:
		return a == b;
	case CMP_NE:
		return a != b;
	case CMP_LT:
		return a < b;
	case CMP_GT:
		return a > b;
	case CMP_LE:
		return a <= b;
	case CMP_GE:
		return a >= b;
	default:
		return false;
	}
}

/* What is at least 5s may be more than anything, but is less than nothing
 * above that for certain. */
static bool duration_holds(const struct test *t, const struct value *v)
{
	uint64_t ns = v->ns > 0 ? (uint64_t)v->ns : 0;

	if (v->certainty == CERTAIN_AT_LEAST && t->compare != CMP_GT &&
	    t->compare != CMP_GE)
		return t->compare == CMP_NE && ns > t->number;
	return ordered(t->compare, ns, t->number);
}

static bool number_holds(const struct test *t, struct column_context *c,
			 const struct sock *s)
{
	const struct value v = columns[t->column].get(c, s);
	uint64_t n;

	if (v.kind == VALUE_DURATION)
		return duration_holds(t, &v);
	if (v.kind != VALUE_UINT)
		return false;
	if (__builtin_mul_overflow(v.uint, t->scale, &n))
		n = UINT64_MAX;
	return ordered(t->compare, n, t->number);
}

/* "!=": none of them is it. */
static bool pid_holds(const struct test *t, const struct owners *o,
		      const struct sock *s)
{
	enum compare cmp = t->compare == CMP_NE ? CMP_EQ : t->compare;
	const struct process *p;

	if (s->owner_last || s->owner < OWNER_FIRST)
		return false;
	for (size_t i = 0; (p = owners_get(o, s->owner, i)); i++)
		if (ordered(cmp, (uint64_t)p->pid, t->number))
			return t->compare != CMP_NE;
	return t->compare == CMP_NE;
}

static bool mark_holds(const struct test *t, const struct sock *s)
{
	const struct sock_detail *d = sock_detail(s);

	return d && d->has_mark && (d->mark & t->mark.mask) == t->mark.value;
}

static bool cgroup_holds(const struct test *t, const struct sock *s)
{
	const struct sock_detail *d = sock_detail(s);

	return d && d->cgroup == t->number;
}

/* Without the kernel's word: the port is one of those connect(2) chooses. */
static bool autobound(const struct host *h, const struct sock *s)
{
	uint64_t first = host_value(h, HOST_PORT_FIRST);
	uint64_t last = host_value(h, HOST_PORT_LAST);

	return first <= last && last <= UINT16_MAX &&
	       s->row.id.local_port >= first && s->row.id.local_port <= last;
}

static bool test_holds(const struct filter *f, const struct test *t,
		       struct column_context *c, const struct sock *s)
{
	const struct sock_id *id = &s->row.id;

	switch ((enum test_op)t->op) {
	case TEST_STATE:
		return t->states & STATE_BIT(state_slot(s->row.state));
	case TEST_FAMILY:
		return id->family == t->net.family;
	case TEST_LOCAL_PORT:
		return in_range(t, id->local_port);
	case TEST_REMOTE_PORT:
		return in_range(t, id->remote_port);
	case TEST_LOCAL_NET:
		return net_contains(t, id->family, &id->local);
	case TEST_REMOTE_NET:
		return net_contains(t, id->family, &id->remote);
	case TEST_DEVICE:
		return id->ifindex == t->device;
	case TEST_MARK:
		return mark_holds(t, s);
	case TEST_CGROUP:
		return cgroup_holds(t, s);
	case TEST_AUTOBOUND:
		return autobound(&c->monitor->counters, s);
	case TEST_NUMBER:
		return number_holds(t, c, s);
	case TEST_PID:
		return pid_holds(t, c->monitor->owners, s);
	default:
		return test_text(f, t, c, s);
	}
}

bool filter_match(const struct filter *f, struct column_context *c,
		  const struct sock *s)
{
	uint32_t at = f->entry;

	while (at < CODE_REJECT) {
		const struct test *t = &f->tests[at];

		at = test_holds(f, t, c, s) ? t->yes : t->no;
	}
	return at == CODE_ACCEPT;
}
