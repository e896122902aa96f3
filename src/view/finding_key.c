/* finding_key.c - what sockets have in common, to be counted as one */
#include "view/finding_part.h"

uint32_t finding_ports(const struct findings *f)
{
	uint64_t first = host_value(&f->m->counters, HOST_PORT_FIRST);
	uint64_t last = host_value(&f->m->counters, HOST_PORT_LAST);
	uint64_t kept = host_value(&f->m->counters, HOST_PORTS_RESERVED);

	if (first == U64_UNKNOWN || last == U64_UNKNOWN || last < first ||
	    last > UINT16_MAX)
		return 0;
	if (kept > last - first)	/* also when it is not known */
		kept = 0;
	return (uint32_t)(last - first + 1 - kept);
}

struct tally_end tally_service(const struct findings *f,
				   const struct sock *s)
{
	const struct sock_id *id = &s->row.id;
	bool ours = s->direction == DIR_IN ||
		    (s->direction == DIR_UNKNOWN &&
		     table_port_listened(f->m->table, id->netns,
					 id->local_port));

	if (ours)
		return (struct tally_end){ .port = id->local_port };
	return (struct tally_end){
		.addr = id->remote, .port = id->remote_port,
		.family = id->family, .remote = 1,
	};
}

struct tally_end tally_address(const struct sock *s)
{
	return (struct tally_end){
		.addr = s->row.id.remote, .family = s->row.id.family,
		.remote = 1,
	};
}

struct tally_key tally_key_of(enum finding_id kind, const struct sock *s,
			       const struct tally_end *e)
{
	struct tally_key k = tally_key(kind);

	k.there = e->addr;
	k.port = e->port;
	k.family = e->family;
	k.remote = e->remote;
	k.netns = s->row.id.netns;
	return k;
}

struct tally_key tally_key_port(enum finding_id kind, const struct sock *s)
{
	const struct tally_end e = { .port = s->row.id.local_port };

	return tally_key_of(kind, s, &e);
}

struct tally_key tally_key_to(enum finding_id kind, const struct sock *s)
{
	const struct tally_end e = {
		.addr = s->row.id.remote, .port = s->row.id.remote_port,
		.family = s->row.id.family, .remote = 1,
	};

	return tally_key_of(kind, s, &e);
}

bool tally_owner_known(const struct sock *s)
{
	return s->owner >= OWNER_FIRST && !s->owner_last;
}

bool tally_key_owner(const struct findings *f, enum finding_id kind,
		     const struct sock *s, struct tally_key *k)
{
	struct tally_end e;

	if (tally_owner_known(s)) {
		*k = tally_key(kind);
		k->owner = s->owner;
		return true;
	}
	if (s->owner == OWNER_PENDING && f->m->status.owners_wanted &&
	    !f->m->status.owners_done)
		return false;
	e = tally_service(f, s);
	*k = tally_key_of(kind, s, &e);
	return true;
}

struct tally *tally_of(struct findings *f, const struct tally_key *k)
{
	uint32_t before = f->tallies.count;
	struct tally *t = tally_for(&f->tallies, k);

	if (f->tallies.count != before)
		owners_ref(f->m->owners, k->owner);
	return t;
}
