#include "model/peer.h"

#include <string.h>
#include <sys/socket.h>

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_mapped(const struct addr *a)
{
	return !memcmp(a->b, mapped, sizeof(mapped));
}

static void map(struct addr *a)
{
	memmove(a->b + sizeof(mapped), a->b, 4);
	memcpy(a->b, mapped, sizeof(mapped));
}

static void unmap(struct addr *a)
{
	memmove(a->b, a->b + sizeof(mapped), 4);
	memset(a->b + 4, 0, sizeof(mapped));
}

/* The same end as a socket of the other family has it; false: it cannot. */
static bool other_family(struct sock_id *id)
{
	if (id->family == AF_INET) {
		id->family = AF_INET6;
		map(&id->local);
		map(&id->remote);
		return true;
	}
	if (!is_mapped(&id->local) || !is_mapped(&id->remote))
		return false;
	id->family = AF_INET;
	unmap(&id->local);
	unmap(&id->remote);
	return true;
}

struct sock *table_peer(const struct table *t, const struct sock *s)
{
	struct sock_id id = s->row.id;
	struct sock *peer;

	if (!id.remote_port)
		return NULL;
	id.local = s->row.id.remote;
	id.remote = s->row.id.local;
	id.local_port = s->row.id.remote_port;
	id.remote_port = s->row.id.local_port;
	peer = table_find(t, &id, 0);
	return peer || !other_family(&id) ? peer : table_find(t, &id, 0);
}
