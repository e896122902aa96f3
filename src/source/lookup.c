/*
 * lookup.c - one socket asked for by name, over sock_diag
 *
 * Two ways, cheap and exact first:
 *
 * 1. SOCK_DIAG_BY_FAMILY without NLM_F_DUMP runs the kernel's own receive
 *    path look-up.  It finds any connected or mini-socket.  Of listeners it
 *    finds the one that a packet would reach: with SO_REUSEPORT any of
 *    several, never one of a port that a more specific address shadows; and
 *    sockets that are only bound are not in its tables.
 * 2. So what has no remote port and was not found is searched for in a dump
 *    of LISTEN and BOUND sockets, one for each call and family.
 */
#include "source/lookup.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/diag.h"
#include "source/nlsock.h"

struct lookup {
	struct nlsock nl;
	uint32_t seq;			/* the last one used */
	bool dumping;			/* a dump has not come to its end */
	_Alignas(8) char request[LOOKUP_BATCH * NLMSG_ALIGN(DIAG_REQUEST_SIZE)];
	_Alignas(8) char buf[NLSOCK_BUFFER];
};

/* The next datagram of the kernel to l->buf; 0, or -1 with errno. */
static int receive(struct lookup *l, size_t *len)
{
	return nlsock_await(&l->nl, l->buf, sizeof(l->buf), len);
}

void lookup_free(struct lookup *l)
{
	if (!l)
		return;
	nlsock_close(&l->nl);
	free(l);
}

/*
 * Without tcp_diag each look-up would be answered ENOENT, as if the socket
 * were no more.  A dump of no state at all is answered ENOENT then, too, and
 * with nothing otherwise.
 */
static int probe(struct lookup *l)
{
	char request[DIAG_REQUEST_SIZE];
	struct diag_reader reader;
	struct diag_message m;
	size_t len;

	diag_request_dump(request, ++l->seq, AF_INET, IPPROTO_TCP, 0, 0);
	if (nlsock_send(&l->nl, request, sizeof(request)) < 0)
		return -1;
	l->dumping = true;
	while (receive(l, &len) == 0) {
		diag_reader_init(&reader, l->buf, len, l->seq, l->seq,
				 l->nl.portid);
		while (diag_next(&reader, &m) != DIAG_END) {
			if (m.kind != DIAG_DONE && m.kind != DIAG_ERROR)
				continue;
			l->dumping = false;
			errno = m.error;
			return m.error ? -1 : 0;
		}
	}
	return -1;
}

struct lookup *lookup_on(const struct nlsock *nl)
{
	struct lookup *l = mem_zalloc(sizeof(*l));
	int e;

	l->nl = *nl;
	if (!probe(l))
		return l;
	e = errno;
	lookup_free(l);
	errno = e;
	return NULL;
}

struct lookup *lookup_new(void)
{
	struct nlsock nl;

	if (nlsock_open(&nl) < 0)
		return NULL;
	return lookup_on(&nl);
}

static bool is_it(const struct lookup_item *item, const struct row *row)
{
	if (item->cookie && row->cookie)
		return item->cookie == row->cookie;
	return sock_id_equal(&item->id, &row->id) &&
	       (!item->id.ifindex || item->id.ifindex == row->id.ifindex);
}

static void found(struct lookup_item *item, const struct diag_message *m)
{
	item->answer = LOOKUP_FOUND;
	item->row = m->row;
	if (!m->row.detail)
		return;
	item->row.detail = mem_alloc(sizeof(m->detail));
	memcpy(item->row.detail, &m->detail, sizeof(m->detail));
}

static void not_found(struct lookup_item *item)
{
	item->answer = item->cookie ? LOOKUP_NONE : LOOKUP_NONE_BY_NAME;
}

static void answer(struct lookup_item *item, const struct diag_message *m)
{
	if (m->kind == DIAG_ROW && is_it(item, &m->row))
		found(item, m);
	else if (m->kind == DIAG_ROW ||
		 (m->kind == DIAG_ERROR &&
		  (m->error == ENOENT || m->error == ESTALE)))
		not_found(item);
}

/* Can the kernel still be asked?  What it does not find is gone only then. */
static bool still_there(struct lookup *l)
{
	return (!l->dumping || !nlsock_reopen(&l->nl)) && !probe(l);
}

/* All requests of a batch in one sendmsg; 0, or -1 with errno. */
static int ask(struct lookup *l, const struct lookup_item *items, size_t n,
	       unsigned needs)
{
	size_t len = 0, i;

	if (l->dumping && nlsock_reopen(&l->nl) < 0)
		return -1;
	l->dumping = false;
	for (i = 0; i < n; i++)
		len += NLMSG_ALIGN(diag_request_one(l->request + len,
						    l->seq + 1 + i,
						    &items[i].id,
						    items[i].cookie, needs));
	return nlsock_send(&l->nl, l->request, len);
}

static bool is_none(const struct lookup_item *item)
{
	return item->answer == LOOKUP_NONE ||
	       item->answer == LOOKUP_NONE_BY_NAME;
}

/* A module that went since we began would close every socket. */
static void doubt_none(struct lookup *l, struct lookup_item *items, size_t n)
{
	size_t none = 0, i;

	for (i = 0; i < n; i++)
		none += is_none(&items[i]);
	if (!none || still_there(l))
		return;
	for (i = 0; i < n; i++)
		if (is_none(&items[i]))
			items[i].answer = LOOKUP_ERROR;
}

/* Answers one batch; 0, or -1 with errno and the rest unanswered. */
static int ask_batch(struct lookup *l, struct lookup_item *items, size_t n,
		     unsigned needs)
{
	uint32_t first = l->seq + 1;
	size_t open = n, len;
	int r = ask(l, items, n, needs);

	l->seq += n;
	while (!r && open) {
		struct diag_message m;
		struct diag_reader reader;

		if (receive(l, &len) < 0)
			return -1;
		diag_reader_init(&reader, l->buf, len, first, l->seq,
				 l->nl.portid);
		reader.want_detail = needs & NEEDS_DETAIL;
		while (open && diag_next(&reader, &m) != DIAG_END) {
			if (m.kind != DIAG_ROW && m.kind != DIAG_ERROR &&
			    m.kind != DIAG_BAD)
				continue;
			open--;
			answer(&items[m.seq - first], &m);
		}
	}
	return r;
}

/* Not a connection, and the look-up was not the last word on it. */
static bool in_question(const struct lookup_item *item, uint8_t family)
{
	return item->id.family == family && !item->id.remote_port &&
	       item->answer != LOOKUP_FOUND;
}

static void take_listener(struct lookup_item *items, size_t n,
			  const struct diag_message *m)
{
	size_t i;

	for (i = 0; i < n; i++) {
		/* without its cookie nobody means one that is only bound */
		if (m->row.state == STATE_BOUND && !items[i].cookie)
			continue;
		if (in_question(&items[i], m->row.id.family) &&
		    is_it(&items[i], &m->row))
			found(&items[i], m);
	}
}

/* Reads a dump to its end: 0 if it was whole, else -1. */
static int read_listeners(struct lookup *l, struct lookup_item *items,
			  size_t n, unsigned needs)
{
	struct diag_reader reader;
	struct diag_message m;
	bool whole = true;
	size_t len;

	while (receive(l, &len) == 0) {
		diag_reader_init(&reader, l->buf, len, l->seq, l->seq,
				 l->nl.portid);
		reader.bound = true;
		reader.want_detail = needs & NEEDS_DETAIL;
		while (diag_next(&reader, &m) != DIAG_END) {
			if (m.kind == DIAG_ROW)
				take_listener(items, n, &m);
			else if (m.kind == DIAG_DONE && !m.error) {
				l->dumping = false;
				return whole && !m.interrupted ? 0 : -1;
			} else if (m.kind == DIAG_DONE || m.kind == DIAG_ERROR)
				return -1;
			else if (m.kind != DIAG_FOREIGN)
				whole = false;
			whole &= !m.interrupted;
		}
	}
	return -1;
}

static void search_listeners(struct lookup *l, struct lookup_item *items,
			     size_t n, uint8_t family, unsigned needs)
{
	char request[DIAG_REQUEST_SIZE];
	bool whole = false, any = false;
	size_t i;

	for (i = 0; i < n && !any; i++)
		any = in_question(&items[i], family);
	if (!any)
		return;
	diag_request_dump(request, ++l->seq, family, IPPROTO_TCP,
			  STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_BOUND),
			  needs);
	if ((!l->dumping || !nlsock_reopen(&l->nl)) &&
	    !nlsock_send(&l->nl, request, sizeof(request))) {
		l->dumping = true;
		whole = !read_listeners(l, items, n, needs);
	}
	for (i = 0; i < n; i++) {
		if (!in_question(&items[i], family))
			continue;
		if (whole)
			not_found(&items[i]);
		else
			items[i].answer = LOOKUP_ERROR;
	}
}

int lookup_ask(struct lookup *l, struct lookup_item *items, size_t n,
	       unsigned needs)
{
	size_t i;

	for (i = 0; i < n; i++) {
		items[i].answer = LOOKUP_ERROR;
		items[i].row.detail = NULL;
	}
	for (i = 0; i < n; i += LOOKUP_BATCH) {
		size_t part = n - i < LOOKUP_BATCH ? n - i : LOOKUP_BATCH;

		/* ENOBUFS: answers were lost, those stay unanswered */
		int r = ask_batch(l, items + i, part, needs), e = errno;

		doubt_none(l, items + i, part);
		if (r < 0 && e != ENOBUFS) {
			errno = e;
			return -1;
		}
	}
	search_listeners(l, items, n, AF_INET, needs);
	search_listeners(l, items, n, AF_INET6, needs);
	return 0;
}
