/*
 * detail_ends.c - both ends of one socket: where they are, who holds them
 *
 * Where the other end is a socket of this host too, it stands beside with its
 * state, its queues and its owner: "who is at the other end".
 */
#include "ui/detail.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/changeline.h"
#include "view/format.h"
#include "view/hosts.h"
#include "view/names.h"

enum {
	INDENT		= 10,	/* half of 80 columns is not much */
	OWNERS_SHOWN	= 4,
	COMMAND_LINES	= 3,	/* of a command line, which may be 4 KiB */
};

static void pair(struct page *p, const char *name, const char *text)
{
	page_pair(p, STYLE_KEY, name, STYLE_NORMAL, text, INDENT);
}

static void dim(struct page *p, const char *name, const char *text)
{
	page_pair(p, STYLE_KEY, name, STYLE_DIM, text, INDENT);
}

/* ---- where ---------------------------------------------------------------- */

/* By hosts(5), where names are wanted at all. */
static void add_name(struct ui *ui, struct page *p, uint8_t family,
		     const struct addr *a)
{
	const char *name = ui->ctx.names ? hosts_name(family, a) : NULL;

	if (name)
		pair(p, "name", name);
}

static void add_kind(struct page *p, uint8_t family, const struct addr *a)
{
	char line[80];

	snprintf(line, sizeof(line), "%s%s", addr_kind(family, a),
		 addr_is_mapped(family, a) ? ", IPv4 on an IPv6 socket" : "");
	dim(p, "", line);
}

static void add_port(struct page *p, uint16_t port)
{
	const char *name = service_name(port);
	char line[64];

	if (!name)
		return;
	snprintf(line, sizeof(line), "%u %s", port, name);
	pair(p, "port", line);
}

static void add_end(struct ui *ui, struct page *p, const struct sock *s,
		    bool local)
{
	const struct sock_id *id = &s->row.id;

	buf_reset(&ui->text);
	column_end_text(&ui->ctx, id, local, &ui->text);
	page_pair(p, STYLE_KEY, "address", STYLE_BOLD, buf_str(&ui->text),
		  INDENT);
	add_kind(p, id->family, local ? &id->local : &id->remote);
	add_name(ui, p, id->family, local ? &id->local : &id->remote);
	add_port(p, local ? id->local_port : id->remote_port);
}

/* ---- who -------------------------------------------------------------------- */

/* Nobody that can be named: why not. */
static const char *why_nobody(const struct ui *ui, const struct sock *s)
{
	if (s->owner <= OWNER_HIDDEN && s->owner != OWNER_NONE &&
	    !strcmp(ui->shown->status.source, "file"))
		return "the file does not tell";
	switch (s->owner) {
	case OWNER_PENDING:
		return ui->shown->status.owners_done && !s->row.inode ?
		       "not known" : "not looked for yet";
	case OWNER_HIDDEN:
		return ui->shown->status.hidden_remedy;
	}
	if (s->row.state == STATE_TIME_WAIT)
		return "nobody: the kernel has it alone";
	return "nobody any more: the kernel finishes it";
}

static const char *who(const struct ui *ui, const struct sock *s)
{
	if (!strcmp(ui->shown->status.source, "file"))
		return "-";
	return s->owner == OWNER_HIDDEN ? "not visible" :
	       s->owner == OWNER_PENDING ? "-" : "none";
}

/* Cut where it would fill the page. */
static void add_command(struct ui *ui, struct page *p,
			const struct process *proc)
{
	int room = COMMAND_LINES * (p->r.w - INDENT);

	if (!*safe_str(proc->command) || room <= 0)
		return;
	buf_reset(&ui->text);
	if (utf8_width(safe_str(proc->command)) > room)
		text_fit(&ui->text, safe_str(proc->command), room, ALIGN_LEFT,
			 ui->ascii);
	else
		buf_puts(&ui->text, safe_str(proc->command));
	if (ui->ascii)
		format_ascii(&ui->text, 0);
	dim(p, "", buf_str(&ui->text));
}

static void add_process(struct ui *ui, struct page *p,
			const struct process *proc, bool first, bool last_known)
{
	buf_reset(&ui->text);
	buf_printf(&ui->text, "%s[%d]", safe_str(proc->name), proc->pid);
	if (ui->ascii)
		format_ascii(&ui->text, 0);
	if (last_known)
		buf_puts(&ui->text, ", as last known");
	pair(p, first ? "process" : "", buf_str(&ui->text));
	add_command(ui, p, proc);
}

/* It waits to be accepted, or will when its handshake is done. */
static bool comes_to_listener(const struct sock *s)
{
	return sock_in_accept_queue(s) || s->row.state == STATE_SYN_RECV;
}

/* Nobody holds it, but it is known who could take it. */
static void add_accepter(struct ui *ui, struct page *p, const struct sock *s)
{
	uint32_t set = table_listener_owner(ui->shown->table, s);

	buf_reset(&ui->text);
	if (set >= OWNER_FIRST)
		owner_text(&ui->text, ui->live->owners, set, false, ui->ascii);
	else
		buf_puts(&ui->text, "none");
	pair(p, "process", buf_str(&ui->text));
	dim(p, "", s->row.state == STATE_SYN_RECV ?
	    "listens there, and can accept it when it is open" :
	    "has not accepted it: it waits in the accept queue");
}

static void add_processes(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct owners *o = ui->live->owners;
	size_t i, n = owners_count(o, s->owner);
	char more[64];

	if (!n && comes_to_listener(s)) {
		add_accepter(ui, p, s);
	} else if (!n) {
		pair(p, "process", who(ui, s));
		dim(p, "", why_nobody(ui, s));
	}
	for (i = 0; i < n && i < OWNERS_SHOWN; i++)
		add_process(ui, p, owners_get(o, s->owner, i), !i,
			    s->owner_last);
	if (i < n) {
		snprintf(more, sizeof(more), "and %zu more hold it", n - i);
		dim(p, "", more);
	}
}

static void add_owner(struct ui *ui, struct page *p, const struct sock *s)
{
	add_processes(ui, p, s);
	if (owners_count(ui->live->owners, s->owner))
		pair(p, "service", detail_column(ui, COL_SERVICE, s));
	if (columns[COL_USER].get(&ui->ctx, s).kind != VALUE_NONE)
		pair(p, "user", detail_column(ui, COL_USER, s));
	if (s->row.id.ifindex)
		pair(p, "device", device_name(s->row.id.ifindex));
}

/* ---- both ---------------------------------------------------------------------- */

void detail_add_local(struct ui *ui, struct page *p, const struct sock *s)
{
	page_title(p, "This end");
	add_end(ui, p, s, true);
	add_owner(ui, p, s);
}

static void add_peer_state(struct ui *ui, struct page *p,
			   const struct sock *peer)
{
	struct buf line = { 0 };
	char name[STATE_TEXT_MAX];

	buf_printf(&line, "%s for ", state_text(name, peer->row.state));
	column_text(&ui->ctx, COL_AGE, peer, &line);
	page_pair(p, STYLE_KEY, "state", peer->live ?
		  style_of_state(peer->row.state) : STYLE_DIM, buf_str(&line),
		  INDENT);
	buf_reset(&line);
	buf_puts(&line, "receive ");
	column_text(&ui->ctx, COL_RECV_Q, peer, &line);
	buf_puts(&line, ", send ");
	column_text(&ui->ctx, COL_SEND_Q, peer, &line);
	pair(p, "queues", buf_str(&line));
	buf_free(&line);
}

/* Nobody whom this network namespace shows. */
static void add_stranger(struct page *p, const struct sock *s)
{
	const struct sock_id *id = &s->row.id;

	pair(p, "process", "-");
	dim(p, "", addr_is_loopback(id->family, &id->remote) ?
	    "no socket of this network namespace: closed already, or in "
	    "another one" :
	    "no socket of this network namespace: on another host, or in a "
	    "container");
}

void detail_add_remote(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct sock *peer = detail_peer(ui, s);

	page_title(p, "The other end");
	if (!s->row.id.remote_port) {
		pair(p, "address", "-");
		dim(p, "", s->row.state == STATE_LISTEN ?
		    "a listener has none: whoever connects gets a socket of "
		    "its own" : "not connected");
		return;
	}
	add_end(ui, p, s, false);
	if (!peer) {
		add_stranger(p, s);
		return;
	}
	if (peer->serial == s->serial)
		pair(p, "", "this very socket: it is connected to itself");
	add_peer_state(ui, p, peer);
	add_owner(ui, p, peer);
	page_pair(p, STYLE_KEY, "x", STYLE_DIM, "goes there, and back", INDENT);
}
