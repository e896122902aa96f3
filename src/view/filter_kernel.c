/*
 * filter_kernel.c - a filter's tests as the kernel's own (inet_diag)
 *
 * An instruction of the kernel's goes on with the next one if it holds, and
 * jumps forward if not: to any other one, to the end of the program, which
 * lets the socket through, or four bytes behind it, which does not
 * (inet_diag_bc_audit, inet_diag_bc_run).  There is none for states; a mask
 * of them is sent beside the program.
 *
 * What the kernel cannot ask is taken to hold.  A test whose yes leads to a
 * match is then left out by its yes, a negated one by its no: so nothing is
 * lost that matches.
 */
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/filter_code.h"

/*
 * The kernel follows each jump from the start when it is handed a program: time
 * that grows with the square of its length, 2 ms for this one.
 */
enum { PROGRAM_MAX = 16384 };

struct address {
	struct inet_diag_bc_op op;
	struct inet_diag_hostcond cond;
};

/* Does the kernel give the answer that filter_match() gives? */
static bool is_exact(const struct test *t)
{
	switch ((enum test_op)t->op) {
	case TEST_LOCAL_PORT:
	case TEST_REMOTE_PORT:
	case TEST_LOCAL_NET:
	case TEST_REMOTE_NET:
	case TEST_DEVICE:
		return true;
	default:
		return false;
	}
}

/*
 * Can it be asked at all?  Of marks and groups the kernel knows more than it
 * tells, and "autobound" is what it says of each TIME_WAIT: so it may say no
 * where we would, but not where we would say yes.
 */
static bool is_known(const struct test *t)
{
	if (t->op == TEST_AUTOBOUND || t->op == TEST_MARK ||
	    t->op == TEST_CGROUP)
		return !t->negated;
	return is_exact(t);
}

/* Where it leads when it is left out. */
static uint32_t around(const struct test *t)
{
	return t->negated ? t->no : t->yes;
}

/*
 * to[i]: the test that is asked in place of test i, which is itself if the
 * kernel can ask it and its answer makes a difference.  Jumps only go forward,
 * so they are settled from the end.
 */
static uint32_t lead(const uint32_t *to, uint32_t target)
{
	return target < CODE_REJECT ? to[target] : target;
}

static uint32_t *leave_out(const struct filter *f)
{
	uint32_t *to = mem_array(NULL, f->count + 1, sizeof(*to));

	for (uint32_t i = f->count; i-- > 0;) {
		const struct test *t = &f->tests[i];

		if (!is_known(t))
			to[i] = lead(to, around(t));
		else if (lead(to, t->yes) == lead(to, t->no))
			to[i] = lead(to, t->yes);
		else
			to[i] = i;
	}
	return to;
}

/*
 * Which tests anything leads to, now that some are left out.  The kernel begins
 * with the first one that is written, so no other may be.
 */
static bool *find_asked(const struct filter *f, const uint32_t *to)
{
	bool *asked = mem_zalloc(f->count + 1);
	uint32_t entry = lead(to, f->entry);

	if (entry < CODE_REJECT)
		asked[entry] = true;
	for (uint32_t i = 0; i < f->count; i++) {
		uint32_t yes = lead(to, f->tests[i].yes);
		uint32_t no = lead(to, f->tests[i].no);

		if (asked[i] && yes < CODE_REJECT)
			asked[yes] = true;
		if (asked[i] && no < CODE_REJECT)
			asked[no] = true;
	}
	return asked;
}

/* ---- one test ---------------------------------------------------------- */

static void put_op(struct buf *b, uint8_t code, uint8_t yes, uint16_t no)
{
	const struct inet_diag_bc_op op = { code, yes, no };

	buf_add(b, &op, sizeof(op));
}

/* family 0: the port alone */
static void put_end(struct buf *b, bool remote, const struct test *net,
		    int port)
{
	struct address a = {
		.op.code = remote ? INET_DIAG_BC_D_COND : INET_DIAG_BC_S_COND,
		.cond = { .port = port },
	};
	size_t len = 0;

	if (net) {
		a.cond.family = net->net.family;
		a.cond.prefix_len = net->net.bits;
		len = net->net.family == AF_INET ? 4 : 16;
	}
	a.op.yes = (uint8_t)(sizeof(a) + len);
	buf_add(b, &a, sizeof(a));
	if (net)
		buf_add(b, net->net.addr.b, len);
}

static void put_limit(struct buf *b, uint8_t code, uint16_t port)
{
	put_op(b, code, 2 * sizeof(struct inet_diag_bc_op), 0);
	put_op(b, 0, 0, port);
}

static void put_ports(struct buf *b, bool remote, const struct test *t)
{
	if (t->port.low == t->port.high) {
		put_end(b, remote, NULL, t->port.low);
		return;
	}
	if (t->port.low)
		put_limit(b, remote ? INET_DIAG_BC_D_GE : INET_DIAG_BC_S_GE,
			  t->port.low);
	if (t->port.high < UINT16_MAX || !t->port.low)
		put_limit(b, remote ? INET_DIAG_BC_D_LE : INET_DIAG_BC_S_LE,
			  t->port.high);
}

/* The instructions of a test; where they jump to is filled in later. */
static void put_test(struct buf *b, const struct test *t)
{
	const size_t op = sizeof(struct inet_diag_bc_op);

	switch ((enum test_op)t->op) {
	case TEST_LOCAL_PORT:
	case TEST_REMOTE_PORT:
		put_ports(b, t->op == TEST_REMOTE_PORT, t);
		return;
	case TEST_LOCAL_NET:
	case TEST_REMOTE_NET:
		put_end(b, t->op == TEST_REMOTE_NET, t, -1);
		return;
	case TEST_DEVICE:
		put_op(b, INET_DIAG_BC_DEV_COND, op + sizeof(t->device), 0);
		buf_add(b, &t->device, sizeof(t->device));
		return;
	case TEST_MARK:
		put_op(b, INET_DIAG_BC_MARK_COND, op + sizeof(t->mark), 0);
		buf_add(b, &t->mark, sizeof(t->mark));
		return;
	case TEST_CGROUP:
		put_op(b, INET_DIAG_BC_CGROUP_COND, op + sizeof(t->number), 0);
		buf_add(b, &t->number, sizeof(t->number));
		return;
	default:
		put_op(b, INET_DIAG_BC_AUTO, op, 0);
		return;
	}
}

/* ---- the whole ------------------------------------------------------------ */

struct program {
	const struct filter *f;
	const uint32_t *to;
	const bool *asked;
	struct buf code;
	size_t *place;		/* of each test that is asked */
};

/*
 * Writes the tests that are asked, one behind the other, each with a jump behind
 * it to where its yes leads.  False: too long.
 */
static bool put_all(struct program *p)
{
	for (uint32_t i = 0; i < p->f->count; i++) {
		if (!p->asked[i])
			continue;
		p->place[i] = p->code.len;
		put_test(&p->code, &p->f->tests[i]);
		put_op(&p->code, INET_DIAG_BC_JMP, 4, 0);
		if (p->code.len > PROGRAM_MAX)
			return false;
	}
	return true;
}

static size_t place_of(const struct program *p, uint32_t target)
{
	target = lead(p->to, target);
	if (target == CODE_ACCEPT)
		return p->code.len;
	if (target == CODE_REJECT)
		return p->code.len + 4;
	return p->place[target];
}

static void set_jump(struct program *p, size_t at, size_t target)
{
	uint16_t no = (uint16_t)(target - at);

	memcpy(p->code.data + at + offsetof(struct inet_diag_bc_op, no), &no,
	       sizeof(no));
}

static void set_jumps(struct program *p)
{
	for (uint32_t i = 0; i < p->f->count; i++) {
		const struct test *t = &p->f->tests[i];
		size_t at = p->place[i];
		struct inet_diag_bc_op op;

		if (!p->asked[i])
			continue;
		for (;; at += op.yes) {
			memcpy(&op, p->code.data + at, sizeof(op));
			if (op.code == INET_DIAG_BC_JMP)
				break;
			set_jump(p, at, place_of(p, t->no));
		}
		set_jump(p, at, place_of(p, t->yes));
	}
}

/* Which states does anything match in? */
static uint32_t matching_states(const struct filter *f)
{
	uint32_t *reach = mem_array(NULL, f->count + 1, sizeof(*reach));
	uint32_t found = 0;

	/* of each test, the states in which it is asked */
	memset(reach, 0, (f->count + 1) * sizeof(*reach));
	if (f->entry == CODE_ACCEPT)
		found = STATES_ALL;
	else if (f->entry < f->count)
		reach[f->entry] = STATES_ALL;
	for (uint32_t i = 0; i < f->count; i++) {
		const struct test *t = &f->tests[i];
		bool state = t->op == TEST_STATE;
		uint32_t yes = state ? reach[i] & t->states : reach[i];
		uint32_t no = state ? reach[i] & ~t->states : reach[i];

		if (t->yes < f->count)
			reach[t->yes] |= yes;
		if (t->no < f->count)
			reach[t->no] |= no;
		found |= t->yes == CODE_ACCEPT ? yes : 0;
		found |= t->no == CODE_ACCEPT ? no : 0;
	}
	free(reach);
	return found;
}

void filter_kernel(const struct filter *f, struct filter_kernel *k)
{
	struct program p = { .f = f };
	uint32_t *to;
	bool *asked;

	*k = (struct filter_kernel){ .states = STATES_ALL };
	if (!f)
		return;
	k->states = matching_states(f);
	p.to = to = leave_out(f);
	p.asked = asked = find_asked(f, to);
	p.place = mem_zalloc((f->count + 1) * sizeof(*p.place));
	if (lead(to, f->entry) < CODE_REJECT && put_all(&p)) {
		set_jumps(&p);
		k->bytecode = p.code.data;
		k->len = p.code.len;
	} else {
		buf_free(&p.code);
	}
	free(p.place);
	free(asked);
	free(to);
}
