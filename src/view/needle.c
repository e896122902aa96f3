#include "view/needle.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "view/needle_ends.h"

/* what a cell said */
enum said { NOT_ASKED, NO, YES };
enum { OWNER_KINDS = 4 };

/* More sets are not all asked before the sockets are. */
enum { OWNERS_FEW = 512 };

enum { USERS = 64 };

struct needle {
	char *text;
	uint8_t column[COLUMN_COUNT];	/* that can have it */
	int columns;
	uint8_t ask[COLUMN_COUNT];	/* those of them that may have it now, */
	int asks;
	bool local, remote;		/* and these, which are asked last */
	bool across;			/* a blank in it is of cell and cell */
	bool all_processes;
	bool may_be_end;		/* of numbers alone, whatever its kind */
	bool ends_made;			/* that takes a millisecond, */
	struct needle_ends *ends;	/* so when they are asked for */
	uint8_t state[256];		/* enum said */
	struct {
		uint32_t uid;
		uint8_t said;
	} user[USERS];			/* the last one of those with that
					   remainder */
	uint8_t (*owner)[OWNER_KINDS];	/* by set; enum said */
	uint32_t owners;
	uint64_t version;		/* of the owners that were asked */
	bool asked;
	struct buf cell;
};

/*
 * All that may stand in a cell; NULL: anything.  At most one '.' where it is
 * part of a number.
 */
static const char *alphabet(enum column_id id)
{
	switch (id) {
	case COL_AGE:
	case COL_CONN_AGE:
		return "0123456789.smhdygone->=≥";
	case COL_RECV_Q:
		return "0123456789-/";
	case COL_SEND_Q:
	case COL_INODE:
	case COL_PID:
	case COL_UID:
	case COL_RETRANS:
		return "0123456789-";
	default:
		return NULL;
	}
}

static bool can_have(enum column_id id, const char *text)
{
	const char *all = alphabet(id), *dot = strchr(text, '.');

	if (!all)
		return true;
	if (dot && strchr(dot + 1, '.'))
		return false;
	for (; *text; text++) {
		char lower = *text >= 'A' && *text <= 'Z' ? *text + 32 : *text;

		if (!strchr(all, lower))
			return false;
	}
	return true;
}

struct needle *needle_new(const char *text, const uint8_t *column, int count,
			  unsigned how)
{
	struct needle *n = mem_zalloc(sizeof(*n));

	n->text = mem_strdup(text);
	n->across = how & NEEDLE_ACROSS && strchr(text, ' ');
	n->all_processes = how & NEEDLE_ALL;
	n->may_be_end = !text[strspn(text, "0123456789abcdefABCDEF.:[]*")];
	for (int i = 0; i < count; i++)
		if (n->across || can_have(column[i], text))
			n->column[n->columns++] = column[i];
	return n;
}

void needle_free(struct needle *n)
{
	if (!n)
		return;
	buf_free(&n->cell);
	free(n->owner);
	free(n->ends);
	free(n->text);
	free(n);
}

static bool printed(struct needle *n, struct column_context *c,
		    enum column_id id, const struct sock *s)
{
	buf_reset(&n->cell);
	column_text(c, id, s, &n->cell);
	return strcasestr(buf_str(&n->cell), n->text);
}

static bool in_whole_row(struct needle *n, struct column_context *c,
			 const struct sock *s)
{
	buf_reset(&n->cell);
	for (int i = 0; i < n->columns; i++) {
		column_text(c, n->column[i], s, &n->cell);
		buf_char(&n->cell, ' ');
	}
	return strcasestr(buf_str(&n->cell), n->text);
}

static bool in_state(struct needle *n, struct column_context *c,
		     const struct sock *s)
{
	uint8_t *said = &n->state[s->row.state];

	if (*said == NOT_ASKED)
		*said = printed(n, c, COL_STATE, s) ? YES : NO;
	return *said == YES;
}

static bool in_user(struct needle *n, struct column_context *c,
		    const struct sock *s)
{
	const struct value v = columns[COL_UID].get(c, s);
	uint32_t uid = v.kind == VALUE_NONE ? U32_UNKNOWN : (uint32_t)v.uint;

	if (n->user[uid % USERS].uid != uid || !n->user[uid % USERS].said) {
		n->user[uid % USERS].uid = uid;
		n->user[uid % USERS].said = printed(n, c, COL_USER, s) ? YES :
									 NO;
	}
	return n->user[uid % USERS].said == YES;
}

/* What a process would be printed as if it were the first of its set. */
static bool in_processes(struct needle *n, const struct owners *o, uint32_t set)
{
	const struct process *p;

	for (size_t i = 1; (p = owners_get(o, set, i)); i++) {
		buf_reset(&n->cell);
		buf_printf(&n->cell, "%s[%ld]", safe_str(p->name),
			   (long)p->pid);
		if (strcasestr(buf_str(&n->cell), n->text))
			return true;
	}
	return false;
}

static void more_owners(struct needle *n, uint32_t set)
{
	uint32_t room = set + set / 2 + 64;

	n->owner = mem_array(n->owner, room, sizeof(*n->owner));
	memset(n->owner + n->owners, NOT_ASKED,
	       (room - n->owners) * sizeof(*n->owner));
	n->owners = room;
}

/* What is printed depends on no more than the set and this kind. */
static bool in_owner(struct needle *n, struct column_context *c,
		     const struct sock *s)
{
	unsigned kind = s->owner_last | sock_in_accept_queue(s) << 1;
	uint8_t *said;

	if (s->owner >= n->owners)
		more_owners(n, s->owner);
	said = &n->owner[s->owner][kind];
	if (*said == NOT_ASKED)
		*said = printed(n, c, COL_OWNER, s) ||
			(n->all_processes &&
			 in_processes(n, c->monitor->owners, s->owner)) ? YES :
									  NO;
	return *said == YES;
}

static bool any_state(struct needle *n, struct column_context *c)
{
	struct sock s = { .live = true };
	bool any = false;

	for (unsigned state = 0; state <= UINT8_MAX; state++) {
		s.row.state = (uint8_t)state;
		any |= in_state(n, c, &s);
	}
	return any;
}

static bool any_owner(struct needle *n, struct column_context *c)
{
	uint32_t end = owners_end(c->monitor->owners);
	struct sock s = { .row.state = STATE_ESTABLISHED };
	bool any = false;

	if (end > OWNERS_FEW)
		return true;
	for (s.owner = 0; s.owner < end; s.owner++)
		for (unsigned kind = 0; kind < OWNER_KINDS; kind++) {
			s.owner_last = kind & 1;
			s.inode_unknown = !(kind & 2);
			any |= in_owner(n, c, &s);
		}
	return any;
}

void needle_fresh(struct needle *n, struct column_context *c)
{
	uint64_t version = owners_version(c->monitor->owners);

	if (n->asked && n->version == version)
		return;
	n->asked = true;
	n->version = version;
	free(n->owner);
	n->owner = NULL;
	n->owners = 0;
	n->asks = 0;
	n->local = n->remote = false;
	for (int i = 0; i < n->columns; i++) {
		enum column_id id = n->column[i];

		if ((id == COL_STATE && !any_state(n, c)) ||
		    (id == COL_OWNER && !any_owner(n, c)))
			continue;
		if (id == COL_LOCAL)
			n->local = true;
		else if (id == COL_REMOTE)
			n->remote = true;
		else
			n->ask[n->asks++] = id;
	}
}

/* An end whose numbers do not tell all that is printed. */
static bool in_other_end(struct needle *n, struct column_context *c,
			 enum column_id id, const struct sock *s)
{
	/* names of devices or of services may be printed */
	return (n->may_be_end || s->row.id.ifindex || c->names) &&
	       printed(n, c, id, s);
}

static bool in_ends(struct needle *n, struct column_context *c,
		    const struct sock *s)
{
	const struct sock_id *id = &s->row.id;
	bool local, remote;

	if (id->family != AF_INET || !id->local_port || !id->remote_port ||
	    id->ifindex || c->names)
		return (n->local && in_other_end(n, c, COL_LOCAL, s)) ||
		       (n->remote && in_other_end(n, c, COL_REMOTE, s));
	if (!n->ends_made) {
		n->ends = needle_ends_new(n->text);
		n->ends_made = true;
	}
	if (!n->ends)
		return false;
	local = needle_ends_match(n->ends, id->local.b, id->local_port);
	remote = needle_ends_match(n->ends, id->remote.b, id->remote_port);
	return (n->local & local) | (n->remote & remote);
}

static bool in_cell(struct needle *n, struct column_context *c,
		    enum column_id id, const struct sock *s)
{
	switch (id) {
	case COL_STATE:
		return in_state(n, c, s);
	case COL_OWNER:
		return in_owner(n, c, s);
	case COL_USER:
		return in_user(n, c, s);
	default:
		return printed(n, c, id, s);
	}
}

bool needle_anywhere(const struct needle *n)
{
	return n->across || n->asks || n->local || n->remote;
}

bool needle_match(struct needle *n, struct column_context *c,
		  const struct sock *s)
{
	if (n->across)
		return in_whole_row(n, c, s);
	for (int i = 0; i < n->asks; i++)
		if (in_cell(n, c, n->ask[i], s))
			return true;
	return (n->local || n->remote) && in_ends(n, c, s);
}
