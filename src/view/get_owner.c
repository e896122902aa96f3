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

COLUMN_GETTER(uid)
{
	(void)c;
	return value_u32(s->row.uid);
}

COLUMN_GETTER(user)
{
	(void)c;
	if (s->row.uid == U32_UNKNOWN)
		return value_none();
	return value_text(user_name(s->row.uid));
}
