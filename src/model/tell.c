#include "model/table_state.h"

#include "model/timeline.h"

static void set_cause(const struct table *t, struct change *c)
{
	const struct event *e = t->cause;
	bool destroyed = e && e->kind == EVENT_DESTROY;

	c->origin = !e ? t->origin :
		    destroyed ? ORIGIN_DESTROY : ORIGIN_TRACE;
	c->bytes_sent = destroyed ? e->bytes_sent : U64_UNKNOWN;
	c->bytes_received = destroyed ? e->bytes_received : U64_UNKNOWN;
	c->rtt_us = destroyed ? e->rtt_us : U32_UNKNOWN;
}

/* What the kernel itself told must be one step; between two passes there may
 * have been several. */
static bool possible(unsigned from, unsigned to, enum certainty certainty)
{
	return certainty == CERTAIN_EXACT ? state_step_allowed(from, to)
					  : state_reachable(from, to);
}

/* An accepted connection is its listener's until somebody has looked. */
static void guess_owner(const struct table *t, const struct sock *s,
			struct change *c)
{
	const struct sock *l = s->direction == DIR_IN && s->inode_unknown ?
			       table_listener_of(t, &s->row.id) : NULL;

	if (!l || l->owner < OWNER_FIRST)
		return;
	c->owner = l->owner;
	c->owner_last = true;
}

static void tell(struct table *t, uint32_t slot, enum change_kind kind,
		 unsigned from, unsigned to, struct change *c)
{
	const struct sock *s = table_at(t, slot);

	c->id = s->row.id;
	c->cookie = s->row.cookie;
	c->serial = s->serial;
	c->slot = slot;
	c->owner = s->owner;
	c->owner_last = s->owner_last;
	/* a socket without inode is said to be root's, and is not */
	c->uid = s->row.uid || s->row.inode ? s->row.uid : U32_UNKNOWN;
	c->direction = s->direction;
	c->kind = kind;
	c->from = from;
	c->to = to;
	if (c->owner < OWNER_FIRST)
		guess_owner(t, s, c);
	set_cause(t, c);
	c->wall = clock_wall_at(t->clock, c->at);
	if (kind == CHANGE_STATE && !possible(from, to, c->certainty))
		t->impossible++;
	timeline_add(&table_at(t, slot)->timeline, &(struct timeline_step){
		.after = c->after, .at = c->at, .from = from, .to = to,
		.certainty = c->certainty, .origin = c->origin,
	});
	if (t->changed)
		t->changed(t->arg, c);
}

static void set_dwell(struct change *c, const struct sock *s)
{
	c->dwell = c->at > s->since ? c->at - s->since : 0;
	c->dwell_certainty = s->since_certainty == CERTAIN_EXACT ?
		c->certainty : s->since_certainty;
}

/* A socket of the same cookie that no step leads to was disconnected and used
 * again in between (connect(2) with AF_UNSPEC). */
static size_t way_between(unsigned from, unsigned to, uint8_t *via)
{
	if (state_reachable(from, to))
		return state_must_pass(from, to, via);
	via[0] = STATE_CLOSE;
	return 1;
}

/*
 * The state changed between two passes.  States it must have passed on the
 * way are told as inferred, and so are the steps from and to them: ESTABLISHED
 * then TIME_WAIT means FIN_WAIT1 in between (but FIN_WAIT2 or CLOSING, nobody
 * knows).
 */
void tell_states(struct table *t, uint32_t slot, unsigned to, int64_t after,
		 int64_t at_ns, enum certainty certainty)
{
	const struct sock *s = table_at(t, slot);
	uint8_t via[STATE_COUNT];
	unsigned from = s->row.state;
	size_t n = way_between(from, to, via);
	/* FIN_WAIT1, then TIME_WAIT by its timer: nobody knows by which way */
	bool skipped = n || (to == STATE_TIME_WAIT &&
			     certainty == CERTAIN_EXACT &&
			     !state_step_allowed(from, to));
	struct change c = { .after = after, .at = at_ns };

	table_announce(t, slot);
	for (size_t i = 0; i <= n; i++) {
		unsigned next = i < n ? via[i] : to;

		c.certainty = skipped ? CERTAIN_INFERRED : certainty;
		c.dwell = TIME_UNKNOWN;
		if (i == n && certainty == CERTAIN_EXACT)
			c.after = at_ns;	/* not so what led there */
		if (i == 0)
			set_dwell(&c, s);
		tell(t, slot, CHANGE_STATE, from, next, &c);
		from = next;
	}
}

void tell_closed(struct table *t, uint32_t slot, int64_t after, int64_t at,
		 enum certainty certainty)
{
	const struct sock *s = table_at(t, slot);
	struct change c = {
		.after = after, .at = at, .certainty = certainty,
	};

	table_announce(t, slot);
	set_dwell(&c, s);
	tell(t, slot, CHANGE_CLOSED, s->row.state, STATE_NONE, &c);
}

void tell_opened(struct table *t, uint32_t slot)
{
	tell_opened_at(t, slot, t->complete_begun,
		       table_at(t, slot)->first_seen, CERTAIN_BETWEEN);
}

void tell_opened_at(struct table *t, uint32_t slot, int64_t after, int64_t at,
		    enum certainty certainty)
{
	const struct sock *s = table_at(t, slot);
	struct change c = {
		.after = after, .at = at, .certainty = certainty,
		.dwell = TIME_UNKNOWN,
	};

	tell(t, slot, CHANGE_OPENED, STATE_NONE, s->row.state, &c);
}
