#include <stdio.h>

#include "model/peer.h"
#include "view/changeline.h"
#include "view/column_get.h"

/*
 * What nobody has looked for, or may see, is unknown.  "Looked, and nobody
 * holds it" is an answer.
 */
COLUMN_GETTER(owner)
{
	(void)c;
	if (s->owner == OWNER_PENDING || s->owner == OWNER_HIDDEN)
		return value_none();
	return (struct value){ .kind = VALUE_OWNERS, .owner = s->owner };
}

COLUMN_PRINTER(owner)
{
	sock_owner_text(out, c->monitor->owners, s, c->ascii);
}

/* The last known process may long be gone, and its number another's. */
COLUMN_GETTER(pid)
{
	const struct process *p = NULL;

	if (!s->owner_last)
		p = owners_get(c->monitor->owners, s->owner, 0);
	return p ? value_uint((uint64_t)p->pid) : value_none();
}

/*
 * Of the first process of which it is known.  Unlike a pid, a service's name
 * stays true when the process has ended.
 */
COLUMN_GETTER(service)
{
	const struct process *p;

	for (size_t i = 0; (p = owners_get(c->monitor->owners, s->owner, i));
	     i++)
		if (*safe_str(p->service))
			return value_text(safe_str(p->service));
	return value_none();
}

COLUMN_GETTER(command)
{
	const struct process *p = owners_get(c->monitor->owners, s->owner, 0);

	return p && *safe_str(p->command) ? value_text(safe_str(p->command)) :
					    value_none();
}

/* As the owner's name, in parentheses where it is the last one known. */
static void print_of_owner(const struct value *v, const struct sock *s,
			   struct buf *out)
{
	bool last = s->owner_last && v->kind == VALUE_TEXT;

	if (last)
		buf_char(out, '(');
	buf_puts(out, v->kind == VALUE_TEXT ? v->text : "-");
	if (last)
		buf_char(out, ')');
}

COLUMN_PRINTER(service)
{
	const struct value v = get_service(c, s);

	print_of_owner(&v, s, out);
}

COLUMN_PRINTER(command)
{
	const struct value v = get_command(c, s);

	print_of_owner(&v, s, out);
}

/* One look into the table's hash for each row that is shown. */
COLUMN_GETTER(other_end)
{
	const struct sock *peer = table_peer(c->monitor->table, s);
	struct buf text = { 0 };

	if (!peer || (peer->owner < OWNER_FIRST && !sock_in_accept_queue(peer)))
		return value_none();
	sock_owner_text(&text, c->monitor->owners, peer, c->ascii);
	snprintf(c->scratch, sizeof(c->scratch), "%s", buf_str(&text));
	buf_free(&text);
	return value_text(c->scratch);
}

/*
 * A socket that no program holds, an orphan or one in the accept queue, is
 * reported as user 0 by most kernels (sock_i_uid()): that is not root.
 */
static bool uid_known(const struct sock *s)
{
	return s->row.uid != U32_UNKNOWN && (s->row.uid || s->row.inode);
}

COLUMN_GETTER(uid)
{
	(void)c;
	return uid_known(s) ? value_uint(s->row.uid) : value_none();
}

COLUMN_GETTER(user)
{
	(void)c;
	return uid_known(s) ? value_text(user_name(s->row.uid)) : value_none();
}
