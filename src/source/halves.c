/*
 * halves.c - one pass over sock_diag, by two sources side by side
 *
 * Each asks for the sockets that the other leaves out, one of them through a
 * thread (relay.h): the kernel answers both at once, and takes no lock that they
 * share.  For a single pass that somebody waits for, and a table so large that
 * the second walk over the kernel's hash does not matter.
 *
 * What halves well on any host is the port that one of the ends took from the
 * ephemeral ones, be it ours or the other's.  A socket without another end is
 * the thread's; so BOUND, for which there is another table to walk over, is asked
 * for once only.
 */
#include <linux/inet_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/halves.h"

/* three comparisons, and a word for the number of each */
enum { OPS = 6, OP = sizeof(struct inet_diag_bc_op), TEST = 2 * OP };

struct halves {
	struct source source;
	struct source *near, *far;	/* far: what the thread hears */
	uint16_t port;
	struct inet_diag_bc_op near_code[OPS], far_code[OPS];
	enum source_result near_result, far_result;
};

static struct halves *halves_of(struct source *s)
{
	return (struct halves *)s;
}

/*
 * The kernel goes on by `yes` bytes if it is so, else by `no`; just at the end
 * the socket is taken, beyond it not.
 */
static void put_test(struct inet_diag_bc_op *op, uint8_t code, uint16_t port,
		     uint16_t no)
{
	op[0] = (struct inet_diag_bc_op){ .code = code, .yes = TEST, .no = no };
	op[1] = (struct inet_diag_bc_op){ .no = port };
}

enum {
	END = 3 * TEST,		/* from the first test */
	BEYOND = END + OP,
};

/* near: the other end has a port, and one of both ports is not below `port`.
 * far: all others. */
static void make_code(struct halves *h)
{
	uint16_t below = h->port - 1;

	put_test(h->near_code, INET_DIAG_BC_D_GE, 1, BEYOND);
	put_test(h->near_code + 2, INET_DIAG_BC_D_LE, below, END - TEST);
	put_test(h->near_code + 4, INET_DIAG_BC_S_GE, h->port,
		 BEYOND - 2 * TEST);

	put_test(h->far_code, INET_DIAG_BC_D_GE, 1, END);
	put_test(h->far_code + 2, INET_DIAG_BC_D_LE, below, BEYOND - TEST);
	put_test(h->far_code + 4, INET_DIAG_BC_S_LE, below, BEYOND - 2 * TEST);
}

/* Both are begun, or the pass is: one alone would read a half. */
static int halves_begin(struct source *s, const struct source_want *w)
{
	struct halves *h = halves_of(s);
	struct source_want near = *w, far = *w;

	h->near_result = h->far_result = SOURCE_MORE;
	near.states &= ~STATE_BIT(STATE_BOUND);
	near.bytecode = h->near_code;
	near.bytecode_len = sizeof(h->near_code);
	far.bytecode = h->far_code;
	far.bytecode_len = sizeof(h->far_code);
	if (w->bytecode || source_begin(h->far, &far) < 0) {
		h->far_result = SOURCE_DONE;
		memset(&h->far->report, 0, sizeof(h->far->report));
		near = *w;
	}
	if (!source_begin(h->near, &near))
		return 0;
	s->report = h->near->report;
	return -1;
}

static void add_report(struct source_report *to, const struct source_report *r)
{
	to->rows += r->rows;
	to->bad += r->bad;
	to->partial |= r->partial;
	if (!to->error)
		to->error = r->error;
	if (!to->reason[0])
		snprintf(to->reason, sizeof(to->reason), "%s", r->reason);
	if (!to->note[0])
		snprintf(to->note, sizeof(to->note), "%s", r->note);
}

static enum source_result finish(struct halves *h)
{
	struct source_report *r = &h->source.report;

	*r = h->near->report;
	add_report(r, &h->far->report);
	if (h->near_result == h->far_result)
		return h->near_result;
	r->partial = true;		/* one of them failed */
	return SOURCE_DONE;
}

static enum source_result halves_step(struct source *s,
				      const struct source_sink *sink,
				      int64_t budget_ns)
{
	struct halves *h = halves_of(s);

	if (h->near_result < SOURCE_DONE)
		h->near_result = source_step(h->near, sink, budget_ns);
	if (h->far_result < SOURCE_DONE)
		h->far_result = source_step(h->far, sink, budget_ns);
	if (h->near_result >= SOURCE_DONE && h->far_result >= SOURCE_DONE)
		return finish(h);
	return h->near_result == SOURCE_MORE || h->far_result == SOURCE_MORE ?
		SOURCE_MORE : SOURCE_WAIT;
}

/* The thread's: near's own is filled by whoever reads it. */
static int halves_fd(const struct source *s)
{
	return source_fd(((const struct halves *)s)->far);
}

static void halves_free(struct source *s)
{
	struct halves *h = halves_of(s);

	source_free(h->near);
	source_free(h->far);
	free(h);
}

static const struct source_ops halves_ops = {
	.name = "netlink",
	.origin = ORIGIN_NETLINK,
	.begin = halves_begin,
	.step = halves_step,
	.fd = halves_fd,
	.free = halves_free,
};

struct source *halves_on(struct source *near, struct source *far,
			 uint16_t port)
{
	struct halves *h = mem_zalloc(sizeof(*h));

	h->source.ops = &halves_ops;
	h->source.clock = near->clock;
	h->near = near;
	h->far = far;
	h->port = port > 1 ? port : 2;
	make_code(h);
	return &h->source;
}

struct source *source_netlink_halves(const struct clock *clock, uint16_t port)
{
	struct source *near = source_netlink(clock);
	struct source *far = source_netlink_apart(clock);

	if (near && far)
		return halves_on(near, far, port);
	source_free(near);
	source_free(far);
	return NULL;
}
