/*
 * table_state.h - the inside of a table, for its own files
 *
 *	table.c		what is in it, and reading it
 *	fold.c		rows into sockets: which socket is it, what changed
 *	settle.c	passes: what was absent, what is new
 *	round.c		between passes: what nobody tells
 *	apply.c		events into sockets
 *	nameless.c	destroyed sockets that had lost their other end
 *	ownerless.c	whose owner nobody has looked for yet
 *	touched.c	what changed since somebody looked
 *	tell.c		changes, as they are reported
 */
#ifndef MODEL_TABLE_STATE_H
#define MODEL_TABLE_STATE_H

#include "model/slots.h"
#include "model/table.h"

/* TCP_TIMEWAIT_LEN of include/net/tcp.h: fixed, no sysctl changes it */
#define TIME_WAIT_NS	(60 * NS_PER_SEC)

enum {
	PASS_TIMES	= 8,	/* more than the misses that matter */
	/* sock.misses of one that an event, not a pass, told to be gone */
	MISSES_TOLD	= 7,
	DUE_SECONDS	= 64,	/* more than a TIME_WAIT lives */
	LISTENED	= 64,
};

struct slot_list {
	uint32_t *slot;
	size_t count, capacity;
};

/* a row that an event may still explain */
struct deferred_row {
	struct row row;
	int64_t read;			/* mono ns */
	uint32_t seen_pass;		/* of its socket, before */
};

/* destroy events without a remote end, nameless.c */
struct nameless {
	struct event *event;		/* at 0: taken */
	size_t count, capacity;
};

struct table {
	const struct clock *clock;
	struct owners *owners;
	void (*changed)(void *arg, const struct change *c);
	void *arg;

	struct slots slots;
	uint64_t last_serial;
	struct table_counts counts, published;
	uint16_t *listeners;		/* [port]: how many listen on it */
	uint32_t listeners_changed;	/* how often */
	/* ends that were asked for last: the listener is deep in its chain, and
	 * thousands of connections ask for the same one */
	struct listened {
		struct sock_id id;
		uint32_t as_of;		/* listeners_changed; 0 nothing */
		bool yes;
	} *listened;			/* [LISTENED] */
	uint16_t ephemeral_first, ephemeral_last;

	/* the pass under way, and those before it */
	uint32_t pass;
	uint32_t settled;
	uint32_t complete;		/* of those, passes without a gap */
	bool whole;			/* nothing missing in this one */
	int64_t complete_begun;		/* the newest complete one: mono ns */
	bool bound_shown;		/* that one's source shows BOUND */
	enum origin origin;
	int64_t tick;			/* mono ns, the last time asked for */
	unsigned until_tick;		/* how often it will do once more */
	int64_t asked;			/* mono ns, see table_asked() */
	int64_t begun[PASS_TIMES];	/* [pass % PASS_TIMES] mono ns */
	uint32_t newest;		/* slot of the newest row; SLOT_NONE */
	size_t repeated, unconfirmed;
	bool uneven;			/* this pass repeated or skipped */
	bool baseline;			/* what is found was there before */
	uint64_t impossible;

	/* events */
	bool traced;
	uint64_t missed;		/* see table_missed() */
	const struct event *cause;	/* being applied; NULL: a pass */
	struct slot_list unborn;	/* no local port yet, not hashed */
	struct nameless nameless;
	struct {
		struct deferred_row *row;
		size_t count, capacity;
	} deferred;

	struct slot_list ownerless;
	bool ownerless_many;		/* more than the list holds */

	struct slot_list touched;
	bool touched_many;		/* more than the list holds */
	bool passing;			/* a pass is under way */

	struct slot_list opened;	/* by this pass, to be reported */
	struct slot_list absent;	/* not seen by this pass */
	uint8_t *verdict;		/* [absent.capacity] */
	struct slot_list marked;	/* live: new or changed */
	struct slot_list gone;		/* marked, to be freed */

	/* an interval each: with a pass or without */
	uint32_t round;
	int64_t round_began;		/* mono ns */
	bool between;			/* passes may be far apart: file */
	struct {
		struct slot_list bucket[DUE_SECONDS];
		uint32_t second;	/* mono s: those before are empty */
	} due;
};

static inline struct sock *table_at(const struct table *t, uint32_t slot)
{
	return slots_at(&t->slots, slot);
}

/* LISTEN, BOUND and CLOSE have no other end. */
static inline bool state_connects(unsigned state)
{
	return state != STATE_LISTEN && state != STATE_BOUND &&
	       state != STATE_CLOSE;
}

/* when the last pass that had the socket began, or any time before that; mono
 * ns.  The pass under way need not have what an event brought in meanwhile, which
 * may have happened, and be over, before it began. */
static inline int64_t table_last_seen(const struct table *t,
				      const struct sock *s)
{
	return !s->inode_unknown && t->pass - s->seen_pass < PASS_TIMES ?
		t->begun[s->seen_pass % PASS_TIMES] : s->first_seen;
}

/* the time now, or that of the event or row being applied */
int64_t table_now(struct table *t);
void table_now_is_old(struct table *t);
/* It is asked for once, for all until it is old. */
void table_now_stays(struct table *t);

void slot_list_add(struct slot_list *l, uint32_t slot);

/* The pass under way, or the newest one, has the socket. */
static inline void table_see(struct table *t, uint32_t slot)
{
	struct sock *s = table_at(t, slot);

	s->seen_pass = t->pass;
	s->misses = 0;
	slots_see(&t->slots, slot);
}

/* Rounds since it was marked; marks fade before this starts again. */
static inline unsigned table_mark_age(const struct table *t,
				      const struct sock *s)
{
	return (t->round - s->mark_round) & 7;
}

/* touched.c */
void table_touch_more(struct table *t, uint32_t slot);

/* The socket in slot is not what it was, or is not there any more. */
static inline void table_touch(struct table *t, uint32_t slot)
{
	if (!t->touched_many)
		table_touch_more(t, slot);
}

/* table.c */
/* Counts s as it is now by +1 or -1. */
void table_count(struct table *t, const struct sock *s, int by);
void table_find_direction(const struct table *t, struct sock *s);
void table_mark(struct table *t, uint32_t slot, enum mark mark);
/* Its state changed: marks it, unless it is new. */
void table_mark_changed(struct table *t, uint32_t slot);
/* It is gone: told, out of the counts, kept as a ghost while marked. */
void table_close(struct table *t, uint32_t slot);
void table_close_at(struct table *t, uint32_t slot, int64_t after, int64_t at,
		    enum certainty certainty);
/* The owner of a connection that nobody looked for while it was alive: its
 * listener's, as the last known. */
void table_borrow_owner(const struct table *t, struct sock *s);
/* The listener that can have accepted a connection to this end. */
const struct sock *table_listener_of(const struct table *t,
				     const struct sock_id *id);

/* fold.c */
/* Of a new socket: all of the row. */
void table_keep_row(struct sock *s, const struct row *row);
/* Is the row (same endpoints) that socket? */
bool table_same(const struct sock *s, const struct row *row);
void table_update(struct table *t, uint32_t slot, const struct row *row);
/* The socket of this row, by endpoints; SLOT_NONE if there is none. */
uint32_t table_find_row(const struct table *t, const struct row *row);
/* Takes the row in, whatever events may say later. */
void table_fold(struct table *t, const struct row *row);

/* apply.c */
/* The socket that waits for its port and may be this row's. */
uint32_t table_unborn(const struct table *t, const struct row *row);
/* It goes on in that state, and no event told so: if one told in which it was,
 * another one is missing. */
void table_note_missed(struct table *t, const struct sock *s, unsigned state);
/* It waits no more: it has a port, or is gone. */
void table_born(struct table *t, uint32_t slot);
/* Keeps the row (of the socket in slot, or of a new one) for later, if events
 * are traced and may explain it. */
bool table_defer(struct table *t, uint32_t slot, const struct row *row);
void table_settle_deferred(struct table *t);
/* Tells the whole life of a socket that no pass has seen. */
void table_short_life(struct table *t, const struct event *e,
		      enum verdict mini, const struct row *row);

/* nameless.c */
void nameless_add(struct table *t, const struct event *e);
/* Tells those that nobody claimed. */
void nameless_settle(struct table *t);

/* round.c */
/* Files it, if no event will tell what becomes of it. */
void table_file(struct table *t, uint32_t slot);
/* A socket has these endpoints from now on: mini-sockets that had them are
 * asked for soon. */
void table_file_others(struct table *t, uint32_t slot);
void table_due_free(struct table *t);

/* The socket in slot is new or was changed. */
static inline void table_note(struct table *t, uint32_t slot)
{
	table_touch(t, slot);
	if (t->between && !table_at(t, slot)->filed)
		table_file(t, slot);
}

/* settle.c */
void table_fade_marks(struct table *t);
/* Tells the opening of a socket that a pass found, unless it was told. */
void table_announce(struct table *t, uint32_t slot);

/* tell.c */
void tell_opened(struct table *t, uint32_t slot);
void tell_opened_at(struct table *t, uint32_t slot, int64_t after, int64_t at,
		    enum certainty certainty);
void tell_closed(struct table *t, uint32_t slot, int64_t after, int64_t at,
		 enum certainty certainty);
/* From its state to `to` in (after, at]. */
void tell_states(struct table *t, uint32_t slot, unsigned to, int64_t after,
		 int64_t at, enum certainty certainty);

#endif
