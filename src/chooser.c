#include "chooser.h"

#include <stdio.h>
#include <string.h>

#include "model/need.h"
#include "model/socket.h"

/* One pass can be slow because the host was busy with something else. */
#define SLOW_PASSES	3
#define SLOW_NS		(60 * NS_PER_SEC)
#define RETRY_NS	(30 * NS_PER_SEC)
/* of the interval that a pass over the text may take */
#define PROC_SHARE	0.02
/* KERNEL.md: 0.50-0.64 s for 209 k sockets */
#define PROC_NS_A_ROW	2700

void chooser_init(struct chooser *c, enum source_choice choice, bool no_diag)
{
	memset(c, 0, sizeof(*c));
	c->choice = choice;
	c->no_diag = no_diag;
	c->proc_rests = TIME_UNKNOWN;
	c->netlink_rests = TIME_UNKNOWN;
	c->slow_until = TIME_UNKNOWN;
}

static const char *need_text(unsigned needs)
{
	if (needs & NEED_INFO)
		return "tcp_info wanted";
	if (needs & NEED_MEM)
		return "socket memory wanted";
	if (needs & NEED_CONG)
		return "congestion control wanted";
	if (needs & NEED_COOKIE)
		return "cookies wanted";
	if (needs & NEED_IFINDEX)
		return "devices wanted";
	return "BOUND sockets wanted";
}

static enum source_choice pick_auto(const struct chooser *c,
				    const struct chooser_input *in, char *why)
{
	double allowed = PROC_SHARE * (double)in->interval;

	if (c->no_diag)
		return CHOOSE_PROC;
	if (in->now < c->netlink_rests) {
		snprintf(why, 80, "sock_diag: %.60s", c->netlink_failure);
		return CHOOSE_PROC;
	}
	if (in->now < c->proc_rests) {
		snprintf(why, 80, "proc: %.60s", c->proc_failure);
		return CHOOSE_NETLINK;
	}
	if (in->needs & NEEDS_DIAG) {
		snprintf(why, 80, "%s", need_text(in->needs));
		return CHOOSE_NETLINK;
	}
	if (in->sockets != U64_UNKNOWN &&
	    (double)in->sockets * PROC_NS_A_ROW > allowed) {
		snprintf(why, 80, "large table");
		return CHOOSE_NETLINK;
	}
	if (in->now < c->slow_until) {
		snprintf(why, 80, "proc was slow");
		return CHOOSE_NETLINK;
	}
	return CHOOSE_PROC;
}

enum source_choice chooser_pick(const struct chooser *c,
				const struct chooser_input *in, char *why)
{
	why[0] = '\0';
	if (c->choice == CHOOSE_AUTO)
		return pick_auto(c, in, why);
	strcpy(why, "asked for");
	return c->choice;
}

void chooser_failed(struct chooser *c, enum source_choice which,
		    const char *reason, int64_t now)
{
	bool proc = which == CHOOSE_PROC;
	char *kept = proc ? c->proc_failure : c->netlink_failure;

	snprintf(kept, sizeof(c->proc_failure), "%s", reason);
	*(proc ? &c->proc_rests : &c->netlink_rests) = now + RETRY_NS;
}

void chooser_cost(struct chooser *c, enum source_choice which, int64_t cost,
		  int64_t interval, int64_t now)
{
	if (which != CHOOSE_PROC)
		return;
	if ((double)cost <= PROC_SHARE * (double)interval)
		c->slow_passes = 0;
	else if (++c->slow_passes == SLOW_PASSES) {
		c->slow_passes = 0;
		c->slow_until = now + SLOW_NS;
	}
}

bool chooser_rested(const struct chooser *c, enum source_choice which,
		    int64_t now)
{
	return now >= (which == CHOOSE_PROC ? c->proc_rests : c->netlink_rests);
}

bool chooser_has_other(const struct chooser *c, enum source_choice which,
		       int64_t now)
{
	if (c->choice != CHOOSE_AUTO || c->no_diag)
		return false;
	return chooser_rested(c, which == CHOOSE_PROC ? CHOOSE_NETLINK :
						       CHOOSE_PROC, now);
}
