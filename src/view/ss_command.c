/*
 * ss_command.c - what is shown, as a command line of ss(8)
 *
 * A filter's program asks one test after the other.  For each family and each
 * state its answers to what ss says by options and by "state" are known, so
 * what is left of the program is an expression of ss.  States that leave the
 * same one are put together.
 */
#include "view/ss_command.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/filter_code.h"

/* beyond that nobody would want to read it */
enum { EXPRESSION_MAX = 2000, COMMANDS_MAX = 6 };

/* the words of ss(8) */
static const char *const state_word[STATE_COUNT] = {
	[STATE_ESTABLISHED] = "established", [STATE_SYN_SENT] = "syn-sent",
	[STATE_SYN_RECV] = "syn-recv", [STATE_FIN_WAIT1] = "fin-wait-1",
	[STATE_FIN_WAIT2] = "fin-wait-2", [STATE_TIME_WAIT] = "time-wait",
	[STATE_CLOSE] = "closed", [STATE_CLOSE_WAIT] = "close-wait",
	[STATE_LAST_ACK] = "last-ack", [STATE_LISTEN] = "listening",
	[STATE_CLOSING] = "closing",
};
#define WORDS	(STATES_ALL & ~STATE_BIT(STATE_BOUND) & ~STATE_BIT(STATE_OTHER))

struct writer {
	const struct filter *filter;
	struct buf within;	/* of the groups one has gone into; "" none */
	uint32_t *to;		/* for each test: where it leads */
	uint8_t family, state;
	bool wider;		/* something could not be said */
	bool failed;		/* too much would have to be said */
};

/* What one test asks; false: ss has no word for it. */
static bool put_net(struct buf *out, const char *side, const struct test *t)
{
	char addr[ADDR_TEXT_MAX];
	bool ipv4 = t->net.family == AF_INET;

	addr_print(addr, t->net.family, &t->net.addr);
	buf_printf(out, ipv4 ? "%s %s" : "%s [%s", side, addr);
	if (t->net.bits != (ipv4 ? 32 : 128))
		buf_printf(out, "/%u", t->net.bits);
	buf_puts(out, ipv4 ? "" : "]");
	return true;
}

static bool put_port(struct buf *out, const char *side, const struct test *t)
{
	unsigned low = t->port.low, high = t->port.high;

	if (low == high)
		buf_printf(out, "%s = :%u", side, low);
	else if (!low)
		buf_printf(out, "%s <= :%u", side, high);
	else if (high == UINT16_MAX)
		buf_printf(out, "%s >= :%u", side, low);
	else
		buf_printf(out, "( %s >= :%u and %s <= :%u )", side, low, side,
			   high);
	return true;
}

static bool put_test(struct buf *out, const struct test *t)
{
	switch ((enum test_op)t->op) {
	case TEST_LOCAL_PORT:
		return put_port(out, "sport", t);
	case TEST_REMOTE_PORT:
		return put_port(out, "dport", t);
	case TEST_LOCAL_NET:
		return put_net(out, "src", t);
	case TEST_REMOTE_NET:
		return put_net(out, "dst", t);
	case TEST_DEVICE:
		buf_printf(out, "dev = %u", t->device);
		return true;
	case TEST_MARK:
		buf_printf(out, "fwmark = 0x%x/0x%x", t->mark.value,
			   t->mark.mask);
		return true;
	case TEST_AUTOBOUND:
		buf_puts(out, "autobound");
		return true;
	default:
		return false;
	}
}

/* Does ss have a word for it? */
static bool is_known(const struct test *t)
{
	struct buf none = { 0 };
	bool known = put_test(&none, t);

	buf_free(&none);
	return known;
}

static uint32_t lead(const struct writer *w, uint32_t target)
{
	return target < CODE_REJECT ? w->to[target] : target;
}

/*
 * Where test i leads without ss being asked: the family and the state are known
 * here, and what ss has no words for is taken to hold.  It leads to itself if
 * its answer makes a difference.
 */
static uint32_t settle(const struct writer *w, uint32_t i)
{
	const struct test *t = &w->filter->tests[i];
	uint32_t yes = lead(w, t->yes), no = lead(w, t->no);

	if (t->op == TEST_FAMILY)
		return t->net.family == w->family ? yes : no;
	if (t->op == TEST_STATE)
		return t->states & STATE_BIT(w->state) ? yes : no;
	if (!is_known(t))
		return t->negated ? no : yes;
	return yes == no ? yes : i;
}

/* Which tests can be asked of that family and state? A test that ss does not
 * know among them: it shows more. */
static void look_for_more(struct writer *w)
{
	const struct filter *f = w->filter;
	bool *reached = mem_zalloc(f->count + 1);

	if (f->entry < CODE_REJECT)
		reached[f->entry] = true;
	for (uint32_t i = 0; i < f->count; i++) {
		const struct test *t = &f->tests[i];
		bool fixed = t->op == TEST_STATE || t->op == TEST_FAMILY;
		bool yes = t->op == TEST_STATE ?
			t->states & STATE_BIT(w->state) :
			t->net.family == w->family;

		if (!reached[i])
			continue;
		if (t->yes < CODE_REJECT && (!fixed || yes))
			reached[t->yes] = true;
		if (t->no < CODE_REJECT && (!fixed || !yes))
			reached[t->no] = true;
		w->wider |= !fixed && !is_known(t);
	}
	free(reached);
}

/* Jumps only go forward, so they are settled from the end. */
static uint32_t settle_all(struct writer *w)
{
	look_for_more(w);
	for (uint32_t i = w->filter->count; i-- > 0; )
		w->to[i] = settle(w, i);
	return lead(w, w->filter->entry);
}

static void put_expression(struct writer *w, struct buf *out, uint32_t at);

/* "test and (what follows its yes)", or the same of its no */
static void put_branch(struct writer *w, struct buf *out, const struct test *t,
		       bool yes)
{
	uint32_t to = lead(w, yes ? t->yes : t->no);

	buf_puts(out, yes ? "" : "! ");
	put_test(out, t);
	if (to == CODE_ACCEPT)
		return;
	buf_puts(out, " and ");
	put_expression(w, out, to);
}

/* Always in parentheses: ss takes "and" and "or" from left to right. */
static void put_expression(struct writer *w, struct buf *out, uint32_t at)
{
	const struct test *t = &w->filter->tests[at];
	uint32_t yes = lead(w, t->yes), no = lead(w, t->no);

	w->failed |= out->len > EXPRESSION_MAX;
	if (w->failed)
		return;
	buf_puts(out, "( ");
	if (yes == CODE_ACCEPT && no < CODE_REJECT) {
		put_test(out, t);
		buf_puts(out, " or ");
		put_expression(w, out, no);
	} else if (no == CODE_ACCEPT && yes < CODE_REJECT) {
		buf_puts(out, "! ");
		put_test(out, t);
		buf_puts(out, " or ");
		put_expression(w, out, yes);
	} else if (no == CODE_REJECT || yes == CODE_REJECT) {
		put_branch(w, out, t, no == CODE_REJECT);
	} else {
		buf_puts(out, "( ");
		put_branch(w, out, t, true);
		buf_puts(out, " ) or ( ");
		put_branch(w, out, t, false);
		buf_puts(out, " )");
	}
	buf_puts(out, " )");
}

/* ---- the groups one has gone into --------------------------------------------- */

/* Of one group; the states that it leaves. false: ss has no words for it. */
static bool put_group(struct buf *out, struct column_context *c,
		      const struct restriction *r, unsigned *states)
{
	const char *side = r->group == GROUP_LOCAL ? "src" : "dst";
	struct value v[GROUP_FIELDS] = { { 0 } };
	bool theirs = r->group == GROUP_REMOTE_PORT;

	if (r->group == GROUP_STATE) {
		*states &= r->key.word[1] < STATE_COUNT ?
			   STATE_BIT(r->key.word[1]) : 0;
		return true;
	}
	if (r->group != GROUP_PORT && r->group != GROUP_REMOTE_PORT &&
	    r->group != GROUP_REMOTE && r->group != GROUP_PREFIX &&
	    r->group != GROUP_LOCAL)
		return false;
	groups[r->group].values(c, &r->key, NULL, v);
	if (r->group == GROUP_PORT)
		theirs = group_port_is_theirs(&r->key);
	if (v[0].kind != VALUE_UINT && v[0].kind != VALUE_TEXT)
		return false;
	buf_puts(out, out->len ? " and " : "");
	if (v[0].kind == VALUE_UINT)
		buf_printf(out, "( %s = :%" PRIu64 " )",
			   theirs ? "dport" : "sport", v[0].uint);
	else
		buf_printf(out, strchr(v[0].text, ':') ? "( %s [%s] )" :
			   "( %s %s )", side, v[0].text);
	return true;
}

static void put_within(struct writer *w, const struct view *v,
		       struct column_context *c, unsigned *states)
{
	for (int i = 0; i < v->within_count; i++)
		w->wider |= !put_group(&w->within, c, &v->within[i], states);
}

/* ---- one command for what leaves the same ----------------------------------- */

struct part {
	struct buf expression;	/* "" all of them */
	unsigned states;
	bool ipv4, ipv6;
};

/* What is asked of one family and state; false: none of them match. */
static bool expression_of(struct writer *w, struct buf *out)
{
	uint32_t at = CODE_ACCEPT;

	buf_puts(out, buf_str(&w->within));
	if (w->filter)
		at = settle_all(w);
	if (at == CODE_REJECT)
		return false;
	if (at == CODE_ACCEPT)
		return true;
	buf_puts(out, out->len ? " and " : "");
	put_expression(w, out, at);
	return true;
}

static bool alike(const struct buf *a, const struct buf *b)
{
	return !strcmp(buf_str(a), buf_str(b));
}

/* Puts it to the part with the same expression in that family. */
static bool add_states(struct part *parts, int *n, struct buf *expression,
		       uint8_t family, unsigned states)
{
	bool ipv4 = family == AF_INET;

	for (int i = 0; i < *n; i++) {
		if (parts[i].ipv4 != ipv4 ||
		    !alike(&parts[i].expression, expression))
			continue;
		parts[i].states |= states;
		return true;
	}
	if (*n == COMMANDS_MAX)
		return false;
	parts[*n] = (struct part){ .states = states, .ipv4 = ipv4,
				   .ipv6 = !ipv4 };
	buf_puts(&parts[(*n)++].expression, buf_str(expression));
	return true;
}

/* Both families asked the same are one command. */
static int join_families(struct part *parts, int n)
{
	for (int i = 0; i < n; i++)
		for (int k = i + 1; k < n; k++) {
			if (parts[i].states != parts[k].states ||
			    !alike(&parts[i].expression, &parts[k].expression))
				continue;
			parts[i].ipv4 = parts[i].ipv6 = true;
			buf_free(&parts[k].expression);
			memmove(&parts[k], &parts[k + 1],
				(--n - k) * sizeof(*parts));
			k--;
		}
	return n;
}

static bool make_parts(struct writer *w, const struct view *v,
		       unsigned wanted, struct part *parts, int *n)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct buf b = { 0 };
	bool fits = true;

	for (unsigned i = 0; i < 2 * STATE_COUNT && fits; i++) {
		w->family = families[i / STATE_COUNT];
		w->state = i % STATE_COUNT;
		if (!(wanted & STATE_BIT(w->state)) ||
		    !(w->family == AF_INET ? v->ipv4 : v->ipv6))
			continue;
		buf_reset(&b);
		if (expression_of(w, &b))
			fits = add_states(parts, n, &b, w->family,
					  STATE_BIT(w->state));
	}
	buf_free(&b);
	*n = join_families(parts, *n);
	return fits && !w->failed;
}

static void put_part(struct buf *out, const struct part *p, unsigned needs,
		     bool names)
{
	buf_printf(out, "ss -ta%s%s%s%s%s", names ? "" : "n",
		   needs & NEED_OWNER ? "p" : "",
		   needs & NEED_COOKIE ? "e" : "",
		   needs & (NEED_INFO | NEED_CONG) ? "i" : "",
		   needs & NEED_MEM ? "m" : "");
	if (!p->ipv6)
		buf_puts(out, " -4");
	if (!p->ipv4)
		buf_puts(out, " -6");
	for (size_t i = 0; p->states != WORDS && i < state_order_count; i++)
		if (p->states & STATE_BIT(state_order[i]))
			buf_printf(out, " state %s",
				   state_word[state_order[i]]);
	if (p->expression.len)
		buf_printf(out, " '%s'", p->expression.data);
}

bool ss_command(struct buf *out, const struct view *v,
		struct column_context *c, unsigned needs)
{
	struct writer w = { .filter = v->filter };
	struct part parts[COMMANDS_MAX + 1];
	unsigned states = v->states;
	int n = 0;
	bool fits;

	if (v->filter)
		w.to = mem_array(NULL, v->filter->count + 1, sizeof(*w.to));
	if (v->listeners_only)
		states &= STATE_BIT(STATE_LISTEN);
	put_within(&w, v, c, &states);
	fits = make_parts(&w, v, states & WORDS, parts, &n);
	free(w.to);
	buf_free(&w.within);
	for (int i = 0; i < n; i++) {
		if (fits) {
			buf_puts(out, i ? "; " : "");
			put_part(out, &parts[i], needs, c->names);
		}
		buf_free(&parts[i].expression);
	}
	return fits && n && !w.wider;
}
