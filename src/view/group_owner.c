/* group_owner.c - groups by who holds a socket */
#include "view/group_key.h"

#include <string.h>

#include "view/column_get.h"

/* word 0 of those that have no process, and word 1 */
#define NOBODY	UINT64_MAX
enum { HOLDER_PENDING, HOLDER_NONE, HOLDER_HIDDEN, HOLDER_QUEUE };

static void key_of_nobody(const struct sock *s, struct group_key *k)
{
	k->word[0] = NOBODY;
	if (s->owner >= OWNER_FIRST)
		k->word[1] = HOLDER_NONE;
	else if (sock_in_accept_queue(s))
		k->word[1] = HOLDER_QUEUE;
	else if (s->owner == OWNER_PENDING)
		k->word[1] = HOLDER_PENDING;
	else
		k->word[1] = s->owner == OWNER_HIDDEN ? HOLDER_HIDDEN :
							HOLDER_NONE;
}

/* The first 16 bytes as they compare, and a number for the rest. */
static void key_of_name(const char *name, struct group_key *k)
{
	uint8_t bytes[2 * 8] = { 0 };
	size_t n = strlen(name);

	memcpy(bytes, name, n < sizeof(bytes) ? n : sizeof(bytes));
	k->word[0] = key_of_bytes(bytes, 8);
	k->word[1] = key_of_bytes(bytes + 8, 8);
	for (size_t i = sizeof(bytes); i < n; i++)
		k->word[2] = (k->word[2] ^ (uint8_t)name[i]) *
			     UINT64_C(0x100000001b3);
}

/* A pid with its start, so that one used again is another group. */
GROUP_KEY(process)
{
	const struct process *p = owners_get(c->monitor->owners, s->owner, 0);

	if (!p) {
		key_of_nobody(s, k);
		return;
	}
	k->word[0] = (uint32_t)p->pid;
	k->word[1] = p->start;
}

GROUP_KEY(program)
{
	const struct process *p = owners_get(c->monitor->owners, s->owner, 0);

	if (p)
		key_of_name(safe_str(p->name), k);
	else
		key_of_nobody(s, k);
}

/* As the column has it: of the first process that is in one. */
GROUP_KEY(service)
{
	struct value v = columns[COL_SERVICE].get(c, s);

	if (v.kind == VALUE_TEXT)
		key_of_name(v.text, k);
	else
		key_of_nobody(s, k);
}

static const struct process *named_process(struct column_context *c,
					   const struct group_key *k,
					   const struct group_owner *o)
{
	if (k->word[0] == NOBODY || !o)
		return NULL;
	return owners_get(c->monitor->owners, o->set, 0);
}

static void add_nobody(struct buf *out, uint64_t holder, bool ascii)
{
	switch (holder) {
	case HOLDER_PENDING:
		buf_puts(out, ascii ? "..." : "…");
		break;
	case HOLDER_HIDDEN:
		buf_char(out, '?');
		break;
	case HOLDER_QUEUE:
		buf_puts(out, "(in accept queue)");
		break;
	default:
		buf_char(out, '-');
	}
}

static void add_process(struct column_context *c, const struct group_key *k,
			const struct group_owner *o, bool pid, struct buf *out)
{
	const struct process *p = named_process(c, k, o);

	if (!p) {
		add_nobody(out, k->word[1], c->ascii);
		return;
	}
	if (o->last)
		buf_char(out, '(');
	buf_puts(out, safe_str(p->name));
	if (pid)
		buf_printf(out, "[%d]", p->pid);
	if (o->last)
		buf_char(out, ')');
}

GROUP_TEXT(process)
{
	add_process(c, k, o, true, out);
}

GROUP_TEXT(program)
{
	add_process(c, k, o, false, out);
}

GROUP_VALUES(program)
{
	const struct process *p = named_process(c, k, o);

	*v = p ? value_text(safe_str(p->name)) : value_none();
}

GROUP_VALUES(process)
{
	values_program(c, k, o, v);
	v[1] = k->word[0] != NOBODY ? value_uint(k->word[0]) : value_none();
}

GROUP_VALUES(service)
{
	const struct sock s = { .owner = o ? o->set : OWNER_NONE };

	*v = k->word[0] == NOBODY ? value_none() :
				    columns[COL_SERVICE].get(c, &s);
}

GROUP_TEXT(service)
{
	struct value v[GROUP_FIELDS];

	values_service(c, k, o, v);
	if (v->kind == VALUE_TEXT)
		buf_puts(out, v->text);
	else
		add_nobody(out, k->word[1], c->ascii);
}
