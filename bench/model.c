#include "life.h"

static const char *const state_names[] = {
	"", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
	"TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING",
};

const char *state_name(unsigned state)
{
	return state_names[state];
}

struct end *life_end(struct life *life, char role)
{
	for (int i = 0; i < ENDS_MAX; i++)
		if (life->ends[i].role == role)
			return &life->ends[i];
	return NULL;
}

static void note(struct end *e, uint8_t from, uint8_t to, bool traced,
		 bool real)
{
	if (e->count < ENTRIES_MAX)
		e->entries[e->count++] = (struct entry){
			.from = from, .to = to, .traced = traced, .real = real,
		};
}

/*
 * A mini-socket takes the place of the full one: on entering TIME_WAIT, and
 * already in FIN_WAIT2 if nobody holds it.  The full one goes to CLOSE then,
 * and what comes after is reported by nobody.
 */
static void become_mini(struct end *e)
{
	if (e->traced == TCP_CLOSE)
		return;
	note(e, e->traced, TCP_CLOSE, true, false);
	e->traced = TCP_CLOSE;
}

void model_enter(struct end *e, uint8_t state)
{
	const bool mini = state == TCP_TIME_WAIT ||
		(e->state == TCP_FIN_WAIT2 && e->traced == TCP_CLOSE);

	note(e, e->state, state, !mini, true);
	e->state = state;
	if (!mini)
		e->traced = state;
	if (state == TCP_TIME_WAIT || (state == TCP_FIN_WAIT2 && e->orphan))
		become_mini(e);
}

void model_orphan(struct end *e)
{
	e->orphan = true;
	if (e->state != TCP_FIN_WAIT2)
		return;
	/* close() sets the state it finds, and that is reported too */
	note(e, TCP_FIN_WAIT2, TCP_FIN_WAIT2, true, false);
	become_mini(e);
}

static void become_established(struct life *life, struct end *client)
{
	struct end *child = life_end(life, 's');

	if (child->used)
		child = life_end(life, 't');
	child->used = true;
	child->state = child->traced = TCP_LISTEN;	/* it is a clone */
	child->peer = client;
	client->peer = child;
	model_enter(child, TCP_SYN_RECV);
	model_enter(child, TCP_ESTABLISHED);
}

void model_connect(struct life *life, struct end *e)
{
	model_enter(e, TCP_SYN_SENT);
	if (life->full)
		return;
	model_enter(e, TCP_ESTABLISHED);
	if (!life->deferred)
		become_established(life, e);
}

void model_data(struct life *life, struct end *e)
{
	if (!e->peer) {
		become_established(life, e);
		e->peer->unread = true;
	} else if (e->peer->orphan) {
		model_reset(e);		/* nobody there to read it */
	} else {
		e->peer->unread = true;
	}
}

void model_fin(struct end *e)
{
	struct end *peer = e->peer;

	if (e->state == TCP_ESTABLISHED && peer == e) {
		model_enter(e, TCP_FIN_WAIT1);
		model_enter(e, TCP_CLOSING);
		model_enter(e, TCP_TIME_WAIT);
	} else if (e->state == TCP_ESTABLISHED && e->slow) {
		model_enter(e, TCP_FIN_WAIT1);	/* and no further for now */
	} else if (e->state == TCP_ESTABLISHED) {
		model_enter(e, TCP_FIN_WAIT1);
		model_enter(e, TCP_FIN_WAIT2);
		if (peer)
			model_enter(peer, TCP_CLOSE_WAIT);
	} else if (e->state == TCP_CLOSE_WAIT) {
		model_enter(e, TCP_LAST_ACK);
		model_enter(e, TCP_CLOSE);
		model_enter(peer, TCP_TIME_WAIT);
	}
}

void model_reset(struct end *e)
{
	struct end *peer = e->peer;

	if (e->state == TCP_CLOSE || e->state == TCP_TIME_WAIT)
		return;
	model_enter(e, TCP_CLOSE);
	if (peer && peer != e && peer->state != TCP_CLOSE)
		model_enter(peer, TCP_CLOSE);
}

/* A listener takes with it what it has not handed out. */
void model_stop(struct life *life, struct end *e)
{
	if (e->state == TCP_LISTEN)
		for (int i = 0; i < ENDS_MAX; i++) {
			struct end *child = &life->ends[i];

			if (child != e && child->used && !child->held)
				model_reset(child);
		}
	model_enter(e, TCP_CLOSE);
}

void model_settle(struct end *a, struct end *b)
{
	struct end *const both[] = { a, b };

	for (int i = 0; i < 2; i++) {
		const bool opening = both[i]->state == TCP_SYN_SENT;

		both[i]->peer = both[!i];
		model_enter(both[i], opening ? TCP_SYN_RECV : TCP_CLOSING);
		model_enter(both[i], opening ? TCP_ESTABLISHED : TCP_TIME_WAIT);
		both[i]->slow = false;
	}
}
