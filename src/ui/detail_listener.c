/*
 * detail_listener.c - who waits for a listener: its accept queue, and those
 * still half open
 *
 * The kernel tells how many wait, not who: they are the connections to that
 * port that no process holds yet.  That takes one look at each socket.
 */
#include "ui/detail.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model/peer.h"

enum { LOOK_MAX = 300000 };	/* slots: a few milliseconds a pass */

/* ---- who ---------------------------------------------------------------------- */

/* Would that connection have come to this listener? */
static bool came_to(const struct sock_id *listener, const struct sock_id *id)
{
	if (id->local_port != listener->local_port)
		return false;
	if (addr_is_any(&listener->local))
		return listener->family == AF_INET6 || id->family == AF_INET;
	return id->family == listener->family &&
	       addr_equal(&id->local, &listener->local);
}

/* The oldest first, as they are accepted. */
static void add_ready(const struct table *t, struct waiting *w,
		      uint32_t slot, const struct sock *s)
{
	int at = w->count;

	w->ready++;
	while (at > 0 && table_ref(t, w->oldest[at - 1])->since > s->since)
		at--;
	if (at == WAITING_SHOWN)
		return;
	if (w->count < WAITING_SHOWN)
		w->count++;
	memmove(&w->oldest[at + 1], &w->oldest[at],
		(size_t)(w->count - at - 1) * sizeof(w->oldest[0]));
	w->oldest[at] = (struct sock_ref){ .slot = slot, .serial = s->serial };
}

void detail_find_waiting(struct ui *ui)
{
	const struct sock_row *r = &ui->detail.sock.row;
	const struct table *t = ui->shown->table;
	struct waiting *w = &ui->detail.waiting;

	memset(w, 0, sizeof(*w));
	if (r->state != STATE_LISTEN || table_slots(t) > LOOK_MAX)
		return;
	w->counted = true;
	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		if (!s || !s->live || !came_to(&r->id, &s->row.id))
			continue;
		if (s->row.state == STATE_SYN_RECV)
			w->requests++;
		else if (sock_in_accept_queue(s))
			add_ready(t, w, i, s);
	}
}

/* ---- what is shown -------------------------------------------------------------- */

static void fact(struct page *p, const char *name, const char *value,
		 const char *note)
{
	page_fact(p, name, value, DETAIL_INDENT, note, DETAIL_THIRD, true);
}

/* The kernel takes one more than the limit (sk_acceptq_is_full()). */
static void add_queue(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct sock_row *r = &s->row;

	fact(p, "accept queue", detail_column(ui, COL_RECV_Q, s),
	     "wait for accept(2), of at most");
	if (r->recv_q == U32_UNKNOWN || r->send_q == U32_UNKNOWN ||
	    r->recv_q <= r->send_q)
		return;
	page_pair(p, STYLE_ALERT, "It is full", STYLE_NORMAL,
		  "New connections are dropped and their clients try again: "
		  "the program accepts too slowly, or the limit is too low "
		  "(listen(2), net.core.somaxconn).", DETAIL_INDENT);
}

static void add_one(struct ui *ui, struct page *p, const struct sock *s,
		    const char *name)
{
	const struct sock *peer = table_peer(ui->shown->table, s);
	struct buf line = { 0 };

	column_end_text(&ui->ctx, &s->row.id, false, &line);
	buf_puts(&line, "  for ");
	column_text(&ui->ctx, COL_AGE, s, &line);
	if (s->row.recv_q != U32_UNKNOWN && s->row.recv_q)
		buf_printf(&line, ", %u B came", s->row.recv_q);
	if (peer) {
		buf_puts(&line, ", from ");
		column_text(&ui->ctx, COL_OWNER, peer, &line);
	}
	page_pair(p, STYLE_KEY, name, STYLE_NORMAL, buf_str(&line),
		  DETAIL_INDENT);
	buf_free(&line);
}

static void add_waiting(struct ui *ui, struct page *p)
{
	const struct waiting *w = &ui->detail.waiting;
	const struct sock *s;
	char line[64];

	for (int i = 0; i < w->count; i++) {
		s = table_ref(ui->shown->table, w->oldest[i]);
		if (s)
			add_one(ui, p, s, i ? "" : "who waits");
	}
	if (w->ready <= (uint32_t)w->count)
		return;
	snprintf(line, sizeof(line), "and %u more", w->ready - w->count);
	page_pair(p, STYLE_KEY, "", STYLE_DIM, line, DETAIL_INDENT);
}

void detail_add_listener(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct waiting *w = &ui->detail.waiting;
	char line[32];

	if (s->row.state != STATE_LISTEN)
		return;
	page_title(p, "Who wants in");
	add_queue(ui, p, s);
	if (!w->counted) {
		page_line(p, STYLE_DIM, "There are too many sockets to look "
			  "for who waits with each pass.");
		return;
	}
	snprintf(line, sizeof(line), "%u", w->requests);
	fact(p, "half open", line, "SYN_RECV: their last ACK is missing");
	add_waiting(ui, p);
}
