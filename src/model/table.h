/*
 * table.h - every live socket, and the changes between passes
 *
 * A pass is folded into the table row by row; repeats within a pass are
 * ignored.  A socket that a pass did not have is only *absent*: dumps skip
 * rows under churn (KERNEL.md).  The caller looks absent ones up and tells
 * the verdict, or the table waits until further passes agree.
 *
 *	table_pass_begin(t, ORIGIN_NETLINK);
 *	table_row(t, &row);			for each row
 *	table_pass_end(t, complete);
 *	for (i = 0; (s = table_absent(t, i)); i++)
 *		table_verdict(t, i, VERDICT_GONE);	as an exact look-up said
 *	table_pass_settle(t);			now closes are reported
 *
 * Sockets live in slots that never move; a slot is reused after its socket
 * is gone and its mark has faded.  The table owns its sockets; it holds a
 * reference to each one's owner set.
 */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/change.h"
#include "model/event.h"
#include "model/owner.h"
#include "model/socket.h"

struct table;

/* a socket, as long as it is the same one: see table_ref() */
struct sock_ref {
	uint32_t slot;
	uint64_t serial;
};

struct table_counts {
	uint32_t state[STATE_COUNT];	/* [STATE_OTHER]: unknown states */
	uint32_t total;
};

/* changed is called for each change, in the order of time as far as known;
 * it must not change the table. */
struct table *table_new(const struct clock *clock, struct owners *owners,
			void (*changed)(void *arg, const struct change *c),
			void *arg);
void table_free(struct table *t);
/* The sockets as they are now, in the same slots, to be read and freed only:
 * it takes in nothing.  It holds references to the owner sets, too. */
struct table *table_copy(const struct table *t);

void table_pass_begin(struct table *t, enum origin origin);
/* The source was asked earlier, at that time (mono ns): it may show what was
 * then, as the kernel fills its first answer at once. */
void table_pass_asked(struct table *t, int64_t at);
/* What comes from now on the kernel wrote at that time or later, mono ns; if it
 * is long ago, so may be what a timer says.  A pass says so when it begins. */
void table_asked(struct table *t, int64_t at);
/* So many sockets are about to come: room is made for all at once. */
void table_expect(struct table *t, uint64_t sockets);
/* Takes over row->detail, here and below. */
void table_row(struct table *t, const struct row *row);
/* The same of rows that were all read by now: quicker where they are new. */
void table_rows(struct table *t, const struct row *rows, size_t n);
/* complete false: absences mean nothing (the pass was cut or bad). */
void table_pass_end(struct table *t, bool complete);

enum verdict {
	VERDICT_UNKNOWN,	/* nobody could say: wait for other passes */
	VERDICT_ALIVE,		/* looked up and found */
	VERDICT_GONE,		/* the look-up knew which socket, and it is not */
	VERDICT_MAYBE_GONE,	/* not found by endpoints alone; the device it
				   is bound to is not known */
};
/* The i-th absent socket between end and settle; NULL past the end. */
const struct sock *table_absent(const struct table *t, size_t i);
void table_verdict(struct table *t, size_t i, enum verdict v);
/* A look-up of the i-th absent socket brought this row: alive, if it is the
 * same socket.  Takes over row->detail. */
void table_found(struct table *t, size_t i, const struct row *row);
/* Reports closes and openings; the pass is over. */
void table_pass_settle(struct table *t);

/*
 * What the kernel told between passes, at any time.  When a full socket ends
 * it may leave a mini-socket: for such events (event_may_leave_mini()) the
 * caller looks the cookie up and tells VERDICT_ALIVE and the row found (its
 * detail is taken over), VERDICT_GONE, or VERDICT_UNKNOWN and NULL.
 */
void table_event(struct table *t, const struct event *e, enum verdict mini,
		 const struct row *row);
/* These come next: the memory they need is on its way then. */
void table_events_soon(const struct table *t, const struct event *e, size_t n);
bool event_may_leave_mini(const struct event *e);
/* Every state change comes as an event: what a pass shows differently waits
 * for its event until the pass is settled. */
void table_traced(struct table *t, bool traced);
/* How often a socket went on, by an event or in a pass, in another state than
 * the one its last event told: something between was not told. */
uint64_t table_missed(const struct table *t);

/*
 * A round is what happens each interval: a pass, or where these are rare less
 * than that.  Looks at single sockets and at a part of them keep true what no
 * event tells:
 *
 *	table_between(t, true);			once
 *	n = table_due(t, due, 64);		who is to be asked for by now
 *	table_look(t, &row, asked);		the kernel's answer, or
 *	table_look_none(t, due[i], asked);	none
 *	table_round(t, counted);		at the end
 */
void table_between(struct table *t, bool between);
/* counted: the counts are those of now, as far as is known. */
void table_round(struct table *t, bool counted);
/* Fills up to max; fewer: there are no more. All of them have a cookie. */
size_t table_due(struct table *t, struct sock_ref *out, size_t max);
/*
 * The row was asked for at that time (mono ns), and all events up to then are
 * in the table.  It is not taken in when an event will explain it, or knows
 * better; nor is a socket that is not known, other than a request (SYN_RECV).
 * Takes over row->detail.  Was there such a socket, and is it as the row says?
 */
bool table_look(struct table *t, const struct row *row, int64_t asked);
/* Asked for by its cookie at that time, it was no more. Was it known still? */
bool table_look_none(struct table *t, struct sock_ref who, int64_t asked);
/* Looks bring details for the few that are shown; rows without one leave them.
 * Of one that is not shown any more, and of all: */
void table_drop_detail(struct table *t, struct sock_ref who);
void table_drop_details(struct table *t);

/* A listener's backlog limit (and cookie) from the LISTEN-only dump. */
void table_listener(struct table *t, const struct row *row);

/* Passes settled so far; the first one reports no changes. */
uint32_t table_passes(const struct table *t);
/* live sockets by state */
const struct table_counts *table_counts(const struct table *t);
/* the same, events since the last round included */
const struct table_counts *table_counts_now(const struct table *t);
/* Live sockets of the last complete pass that the newest one did not show and
 * that are neither found nor known to be closed. */
size_t table_unconfirmed(const struct table *t);
/* Rows the newest pass repeated. */
size_t table_repeated(const struct table *t);
/* Did the newest pass repeat rows, or skip some that a look-up found? */
bool table_uneven(const struct table *t);
/*
 * While on, what a pass finds was there before it: an earlier one skipped it.
 * For the first passes, of which several make the picture to compare with.
 */
void table_baseline(struct table *t, bool on);
/* Changes the state machine does not allow: always 0, or a bug of ours. */
uint64_t table_impossible(const struct table *t);

/* Slots: 0 … table_slots() - 1; NULL for a free one.  Gone sockets are given
 * for as long as they are marked; ask s->live. */
uint32_t table_slots(const struct table *t);
struct sock *table_slot(const struct table *t, uint32_t slot);
/* NULL, too, if the socket is one with a greater serial. */
struct sock *table_slot_until(const struct table *t, uint32_t slot,
			      uint64_t serial);
/* The same of n slots: as far as it can be the sockets are not read yet. */
void table_fetch(const struct table *t, const uint32_t *slots, size_t n,
		 uint64_t serial, struct sock **socks);
/* The sockets from that slot on that lie side by side, *n of them, free ones
 * (serial 0) among them; NULL past the end. */
const struct sock *table_run(const struct table *t, uint32_t slot, uint32_t *n);
/* Which of the 64 slots from that one on, a multiple of 64, have live sockets:
 * a bit each.  It reads none of them. */
uint64_t table_live(const struct table *t, uint32_t slot);
/* Fetches n sockets from memory while other things are done. */
void table_prefetch(const struct table *t, const uint32_t *slots, size_t n);
/* The serial of the newest socket: all that come later have greater ones. */
uint64_t table_newest(const struct table *t);
/* NULL when it is gone for good. */
struct sock *table_ref(const struct table *t, struct sock_ref who);
uint32_t table_slot_of(const struct table *t, const struct sock *s);
/* By endpoints (and cookie when it is not 0): NULL if there is none. */
struct sock *table_find(const struct table *t, const struct sock_id *id,
			uint64_t cookie);
/* The ports connect(2) chooses from, for telling who opened a connection. */
void table_ephemeral_ports(struct table *t, uint16_t first, uint16_t last);
/* Does a listener hold this port (any address)? */
bool table_port_listened(const struct table *t, uint32_t netns,
			 uint16_t port);

/*
 * Slots of the sockets that since the last clear got an inode, and so can have
 * an owner to look for; some of them twice, and some may be gone.  false:
 * there are too many to list, any slot may be one.
 */
bool table_ownerless(const struct table *t, const uint32_t **slots, size_t *n);
void table_ownerless_clear(struct table *t);
/* It is to be looked for again. */
void table_ownerless_add(struct table *t, uint32_t slot);
/*
 * Slots whose socket came, went or changed since the last clear; some of them
 * twice.  What only grows older did not change.  false: too many, or a pass is
 * or was read, so that any may have.
 */
bool table_touched(const struct table *t, const uint32_t **slots, size_t *n);
void table_touched_clear(struct table *t);
/* More is known of processes: any socket may have to be shown anew. */
void table_touch_all(struct table *t);
/* Who holds the listener that accepted it, as far as known: a set that lasts
 * as long as that listener. */
uint32_t table_listener_owner(const struct table *t, const struct sock *s);

/* Sets the owner (takes over the caller's reference), as of now. */
void table_set_owner(struct table *t, struct sock *s, uint32_t set);

#endif
