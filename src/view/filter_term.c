/*
 * filter_term.c - words to tests: what ss(8) knows, columns, and bare words
 */
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "view/cgroup.h"
#include "view/filter_parse.h"
#include "view/needle.h"

#define WITHOUT(mask, s)	((mask) & ~STATE_BIT(s))

static bool is_word(const struct parser *p, const char *text)
{
	return p->plain && !p->quoted && !strcasecmp(buf_str(&p->word), text);
}

/* ---- states ------------------------------------------------------------- */

/* The groups of ss(8); 0: no such group. */
static unsigned state_group(const char *name)
{
	const unsigned bucket = STATE_BIT(STATE_SYN_RECV) |
				STATE_BIT(STATE_TIME_WAIT);
	const unsigned connected = STATES_ALL &
		~(STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_CLOSE) |
		  STATE_BIT(STATE_BOUND));

	if (!strcasecmp(name, "all"))
		return STATES_ALL;
	if (!strcasecmp(name, "connected"))
		return connected;
	if (!strcasecmp(name, "synchronized"))
		return WITHOUT(connected, STATE_SYN_SENT);
	if (!strcasecmp(name, "bucket"))
		return bucket;
	if (!strcasecmp(name, "big"))
		return STATES_ALL & ~bucket;
	return 0;
}

/* ss(8) has a spelling of its own. */
static int state_named(const char *name, size_t len)
{
	return !strcasecmp(name, "syn-rcv") ? (int)STATE_SYN_RECV :
					      state_parse(name, len);
}

/* The states of one word; 0 after an error. */
static unsigned read_states(struct parser *p)
{
	unsigned mask;
	int state;

	if (!lex_value(p)) {
		parse_fail(p, p->at, "the name of a state is missing here");
		return 0;
	}
	mask = state_group(buf_str(&p->word));
	state = state_named(buf_str(&p->word), p->word.len);
	if (!mask && state >= 0)
		mask = STATE_BIT(state);
	if (state == STATE_BOUND)
		p->filter->needs |= NEED_BOUND;
	if (!mask)
		parse_fail(p, p->from, "a state is wanted, as listening, or "
			   "all, connected, synchronized, bucket, big");
	return mask;
}

static bool is_exclude(const struct parser *p)
{
	return is_word(p, "exclude") || is_word(p, "excl");
}

/* Is the next word "state" or "exclude" again?  Else it is put back. */
static bool more_states(struct parser *p)
{
	size_t at = p->at, quote_end = p->quote_end;

	if (lex_next(p) == TOKEN_WORD && (is_word(p, "state") || is_exclude(p)))
		return true;
	p->at = at;
	p->quote_end = quote_end;
	return false;
}

static uint32_t states_node(struct parser *p, unsigned mask)
{
	const struct test t = { .op = TEST_STATE, .states = mask };

	return code_test(p->filter, &t);
}

/* "state A state B exclude C": one set, as ss(8) puts it together */
static uint32_t state_set(struct parser *p)
{
	unsigned set = is_exclude(p) ? STATES_ALL : 0;

	do {
		bool exclude = is_exclude(p);
		unsigned mask = read_states(p);

		if (!mask)
			return NODE_NONE;
		set = exclude ? set & ~mask : set | mask;
	} while (more_states(p));
	return states_node(p, set);
}

static uint32_t negated(struct parser *p, enum compare cmp, uint32_t node)
{
	if (node == NODE_NONE || cmp != CMP_NE)
		return node;
	return code_not(p->filter, node);
}

/* ---- what comes behind a name --------------------------------------------- */

/* A comparison that this field understands; CMP_NONE after an error. */
static enum compare take_compare(struct parser *p, const char *known)
{
	enum compare cmp = lex_compare(p, true);

	if (cmp == CMP_NONE)
		return CMP_EQ;		/* ss(8): "dst 10.0.0.1" */
	if (cmp == CMP_EQ || cmp == CMP_NE)
		return cmp;
	if ((cmp == CMP_LIKE || cmp == CMP_UNLIKE) && strchr(known, '~'))
		return cmp;
	if (cmp <= CMP_GE && strchr(known, '<'))
		return cmp;
	parse_fail(p, p->from, "only %s can be said of this", known);
	return CMP_NONE;
}

static bool take_value(struct parser *p, enum compare cmp, const char *what)
{
	bool found = cmp == CMP_LIKE || cmp == CMP_UNLIKE ? lex_pattern(p) :
							    lex_value(p);

	return (found && p->word.len) ||
	       parse_fail(p, found ? p->from : p->at, "%s is missing here",
			  what);
}

static uint32_t end_term(struct parser *p, enum column_id id)
{
	enum compare cmp = take_compare(p, "= != ~ !~");

	if (cmp == CMP_NONE || !take_value(p, cmp, "an address"))
		return NODE_NONE;
	if (cmp >= CMP_LIKE)
		return field_like(p, id, cmp);
	return negated(p, cmp, host_parse(p, id == COL_LOCAL ? SIDE_LOCAL :
							       SIDE_REMOTE));
}

static uint32_t port_term(struct parser *p, enum column_id id)
{
	enum compare cmp = take_compare(p, "= != < > <= >=");

	if (cmp == CMP_NONE || !take_value(p, cmp, "a port"))
		return NODE_NONE;
	return host_port(p, id == COL_LOCAL_PORT ? SIDE_LOCAL : SIDE_REMOTE,
			 cmp);
}

/* a whole number in any form of C's; false: it is not */
static bool read_u32(const char *s, char **end, uint32_t *v)
{
	unsigned long long n;

	errno = 0;
	n = strtoull(s, end, 0);
	*v = (uint32_t)n;
	return *end != s && isdigit((unsigned char)*s) && !errno &&
	       n <= UINT32_MAX;
}

static uint32_t device_term(struct parser *p)
{
	enum compare cmp = take_compare(p, "= != ~ !~");
	struct test t = { .op = TEST_DEVICE };
	char *end;

	if (cmp == CMP_NONE || !take_value(p, cmp, "a device"))
		return NODE_NONE;
	if (cmp >= CMP_LIKE)
		return field_like(p, COL_DEVICE, cmp);
	t.device = if_nametoindex(buf_str(&p->word));
	if (!t.device && (!read_u32(buf_str(&p->word), &end, &t.device) ||
			  *end)) {
		parse_fail(p, p->from, "there is no such device here");
		return NODE_NONE;
	}
	p->filter->needs |= NEED_IFINDEX;
	return negated(p, cmp, code_test(p->filter, &t));
}

/* "0x01/0x03": value and mask */
static uint32_t mark_term(struct parser *p)
{
	enum compare cmp = take_compare(p, "= !=");
	struct test t = { .op = TEST_MARK, .mark.mask = UINT32_MAX };
	uint32_t *value = &t.mark.value, *mask = &t.mark.mask;
	char *end;

	if (cmp == CMP_NONE || !take_value(p, cmp, "a mark"))
		return NODE_NONE;
	if (!read_u32(buf_str(&p->word), &end, value) ||
	    (*end == '/' && !read_u32(end + 1, &end, mask)) || *end) {
		parse_fail(p, p->from, "a mark is a number, or two as in "
			   "0x01/0x03");
		return NODE_NONE;
	}
	p->filter->needs |= NEED_MARK;
	return negated(p, cmp, code_test(p->filter, &t));
}

static uint32_t cgroup_term(struct parser *p)
{
	enum compare cmp = take_compare(p, "= !=");
	struct test t = { .op = TEST_CGROUP };

	if (cmp == CMP_NONE || !take_value(p, cmp, "a control group"))
		return NODE_NONE;
	t.number = cgroup_id(buf_str(&p->word));
	if (!t.number) {
		parse_fail(p, p->from, "there is no such control group here "
			   "(a path below the mount of cgroup2)");
		return NODE_NONE;
	}
	p->filter->needs |= NEED_MARK;
	return negated(p, cmp, code_test(p->filter, &t));
}

static uint32_t state_field(struct parser *p, enum compare cmp)
{
	unsigned mask;

	if (cmp >= CMP_LIKE)
		return take_value(p, cmp, "a pattern") ?
			field_like(p, COL_STATE, cmp) : NODE_NONE;
	if (cmp != CMP_EQ && cmp != CMP_NE) {
		parse_fail(p, p->from, "only = != ~ !~ can be said of this");
		return NODE_NONE;
	}
	mask = read_states(p);
	return mask ? negated(p, cmp, states_node(p, mask)) : NODE_NONE;
}

static uint32_t state_term(struct parser *p)
{
	enum compare cmp = lex_compare(p, false);

	return cmp == CMP_NONE ? state_set(p) : state_field(p, cmp);
}

/* Behind other columns a comparison must be: alone they ask nothing. */
static uint32_t column_term(struct parser *p, enum column_id id)
{
	enum compare cmp = lex_compare(p, true);

	if (cmp == CMP_NONE) {
		parse_fail(p, p->at, "= != < > <= >= or ~ belongs behind %s "
			   "(text to look for: in quotes)", columns[id].name);
		return NODE_NONE;
	}
	if (!take_value(p, cmp, "a value"))
		return NODE_NONE;
	return cmp >= CMP_LIKE ? field_like(p, id, cmp) :
				 field_parse(p, id, cmp);
}

static uint32_t named_column(struct parser *p, enum column_id id)
{
	switch (id) {
	case COL_STATE:
		return state_field(p, take_compare(p, "= != ~ !~"));
	case COL_LOCAL:
	case COL_REMOTE:
		return end_term(p, id);
	case COL_LOCAL_PORT:
	case COL_REMOTE_PORT:
		return port_term(p, id);
	case COL_DEVICE:
		return device_term(p);
	default:
		return column_term(p, id);
	}
}

/* ---- bare words ------------------------------------------------------------ */

static uint32_t text_term(struct parser *p)
{
	static const uint8_t in[] = {
		COL_STATE, COL_REMOTE, COL_LOCAL, COL_USER, COL_OWNER,
	};
	const struct test t = {
		.op = TEST_SEARCH,
		.needle = needle_new(buf_str(&p->word), in, sizeof(in),
				     NEEDLE_ALL),
	};

	p->filter->needs |= NEED_OWNER;
	return code_test(p->filter, &t);
}

/* ":443", "*:443", "443", "8000-8099"; but "::1" is an address */
static bool is_port(const char *s)
{
	if (s[0] == '*' && s[1] == ':')
		return true;
	if (s[0] == ':' && s[1] != ':')
		return true;
	return isdigit((unsigned char)*s) && !s[strspn(s, "0123456789-")];
}

static uint32_t bare_term(struct parser *p)
{
	const char *s = buf_str(&p->word);
	size_t at = p->at, from = p->from;
	uint32_t node;
	int state;

	if (p->quoted || !p->plain)
		return text_term(p);
	if (lex_compare(p, false) != CMP_NONE) {
		parse_fail(p, from, "no field is called so (tulpen --columns "
			   "help lists them)");
		return NODE_NONE;
	}
	p->at = at;
	state = state_named(s, p->word.len);
	if (state == STATE_BOUND)
		p->filter->needs |= NEED_BOUND;
	if (state >= 0)
		return states_node(p, STATE_BIT(state));
	if (is_port(s))
		return host_port(p, SIDE_EITHER, CMP_EQ);
	node = host_bare(p);
	return node != NODE_NONE || p->failed ? node : text_term(p);
}

uint32_t term_parse(struct parser *p)
{
	const struct test autobound = { .op = TEST_AUTOBOUND };
	int id;

	if (is_word(p, "state"))
		return state_term(p);
	if (is_exclude(p))
		return state_set(p);
	if (is_word(p, "fwmark"))
		return mark_term(p);
	if (is_word(p, "cgroup"))
		return cgroup_term(p);
	if (is_word(p, "autobound"))
		return code_test(p->filter, &autobound);
	id = p->plain && !p->quoted ? column_find(buf_str(&p->word),
						  p->word.len) : -1;
	return id >= 0 ? named_column(p, (enum column_id)id) : bare_term(p);
}
