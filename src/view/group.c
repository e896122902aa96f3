#include "view/group.h"

#include <string.h>
#include <sys/socket.h>

#include "view/changeline.h"
#include "view/column_get.h"
#include "view/format.h"

#define KEY(name) static void key_##name(struct column_context *c, \
	const struct sock *s, struct group_key *k)
#define TEXT(name) static void text_##name(struct column_context *c, \
	const struct group_key *k, const struct group_owner *o, struct buf *out)
#define VALUES(name) static void values_##name(struct column_context *c, \
	const struct group_key *k, const struct group_owner *o, struct value *v)

/* ---- ports ---- */

/* word 0: the port, and 1 below it if it is the other end's */
bool group_port_is_theirs(const struct group_key *k)
{
	return k->word[0] & 1;
}

/* Our port where others connect to us, theirs where we connect. */
KEY(port)
{
	const struct sock_id *id = &s->row.id;
	bool ours = s->direction == DIR_IN || s->row.state == STATE_LISTEN;

	if (!ours && s->direction == DIR_UNKNOWN)
		ours = !id->remote_port ||
		       table_port_listened(c->monitor->table, id->netns,
					   id->local_port);
	if (ours || s->direction != DIR_OUT)
		k->word[0] = (uint64_t)id->local_port << 1;
	else
		k->word[0] = (uint64_t)id->remote_port << 1 | 1;
}

KEY(remote_port)
{
	(void)c;
	k->word[0] = (uint64_t)s->row.id.remote_port << 1 | 1;
}

static void add_port(struct buf *out, uint64_t port)
{
	const char *name = port ? service_name((uint16_t)port) : NULL;

	if (!port) {
		buf_char(out, '*');
		return;
	}
	buf_uint(out, port);
	if (name)
		buf_printf(out, " %s", name);
}

TEXT(port)
{
	(void)o;
	if (group_port_is_theirs(k))
		buf_puts(out, c->ascii ? "> " : "→ ");
	add_port(out, k->word[0] >> 1);
}

TEXT(remote_port)
{
	(void)c;
	(void)o;
	add_port(out, k->word[0] >> 1);
}

/* A socket that has no other end has no such port either. */
VALUES(port)
{
	(void)c;
	(void)o;
	v[0] = k->word[0] >> 1 ? value_uint(k->word[0] >> 1) : value_none();
	v[1] = value_text(group_port_is_theirs(k) ? "remote" : "local");
}

/* ---- addresses ---- */

/* word 0 */
enum { ADDR_IPV4, ADDR_IPV6, ADDR_NO_OTHER_END };

static void key_of_addr(int family, const struct addr *a, struct group_key *k)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (family == AF_INET || !memcmp(a->b, mapped, sizeof(mapped))) {
		k->word[0] = ADDR_IPV4;
		k->word[1] = key_of_bytes(a->b + (family == AF_INET ? 0 : 12),
					  4);
		return;
	}
	k->word[0] = ADDR_IPV6;
	k->word[1] = key_of_bytes(a->b, 8);
	k->word[2] = key_of_bytes(a->b + 8, 8);
}

KEY(remote)
{
	(void)c;
	if (s->row.id.remote_port)
		key_of_addr(s->row.id.family, &s->row.id.remote, k);
	else
		k->word[0] = ADDR_NO_OTHER_END;
}

KEY(prefix)
{
	key_remote(c, s, k);
	if (k->word[0] == ADDR_IPV4)
		k->word[1] &= ~UINT64_C(0xff);
	k->word[2] = 0;
}

KEY(local)
{
	(void)c;
	key_of_addr(s->row.id.family, &s->row.id.local, k);
}

static void bytes_of_key(uint64_t key, uint8_t *b, int n)
{
	for (; n--; key >>= 8)
		b[n] = (uint8_t)key;
}

static int addr_of_key(const struct group_key *k, struct addr *a)
{
	memset(a, 0, sizeof(*a));
	if (k->word[0] == ADDR_IPV4) {
		bytes_of_key(k->word[1], a->b, 4);
		return AF_INET;
	}
	bytes_of_key(k->word[1], a->b, 8);
	bytes_of_key(k->word[2], a->b + 8, 8);
	return AF_INET6;
}

TEXT(addr)
{
	struct addr a;
	int family;

	(void)c;
	(void)o;
	if (k->word[0] == ADDR_NO_OTHER_END) {
		buf_char(out, '*');
		return;
	}
	family = addr_of_key(k, &a);
	out->len += addr_print(buf_reserve(out, ADDR_TEXT_MAX), family, &a);
}

TEXT(prefix)
{
	text_addr(c, k, o, out);
	if (k->word[0] != ADDR_NO_OTHER_END)
		buf_puts(out, k->word[0] == ADDR_IPV4 ? "/24" : "/64");
}

/* Into the context's scratch, as a getter's text is. */
static struct value scratch_text(struct column_context *c,
				 const struct buf *text)
{
	size_t n = text->len < sizeof(c->scratch) - 1 ? text->len :
						      sizeof(c->scratch) - 1;

	memcpy(c->scratch, buf_str(text), n);
	c->scratch[n] = '\0';
	return value_text(c->scratch);
}

static struct value made_text(struct column_context *c,
			      void (*text)(struct column_context *c,
					   const struct group_key *k,
					   const struct group_owner *o,
					   struct buf *out),
			      const struct group_key *k)
{
	struct buf b = { 0 };
	struct value v;

	text(c, k, NULL, &b);
	v = scratch_text(c, &b);
	buf_free(&b);
	return v;
}

VALUES(addr)
{
	(void)o;
	*v = k->word[0] == ADDR_NO_OTHER_END ? value_none() :
					      made_text(c, text_addr, k);
}

VALUES(prefix)
{
	(void)o;
	*v = k->word[0] == ADDR_NO_OTHER_END ? value_none() :
					      made_text(c, text_prefix, k);
}

/* ---- owners ---- */

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
KEY(process)
{
	const struct process *p = owners_get(c->monitor->owners, s->owner, 0);

	if (!p) {
		key_of_nobody(s, k);
		return;
	}
	k->word[0] = (uint32_t)p->pid;
	k->word[1] = p->start;
}

KEY(program)
{
	const struct process *p = owners_get(c->monitor->owners, s->owner, 0);

	if (p)
		key_of_name(safe_str(p->name), k);
	else
		key_of_nobody(s, k);
}

/* As the column has it: of the first process that is in one. */
KEY(service)
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

TEXT(process)
{
	add_process(c, k, o, true, out);
}

TEXT(program)
{
	add_process(c, k, o, false, out);
}

VALUES(program)
{
	const struct process *p = named_process(c, k, o);

	*v = p ? value_text(safe_str(p->name)) : value_none();
}

VALUES(process)
{
	values_program(c, k, o, v);
	v[1] = k->word[0] != NOBODY ? value_uint(k->word[0]) : value_none();
}

VALUES(service)
{
	const struct sock s = { .owner = o ? o->set : OWNER_NONE };

	*v = k->word[0] == NOBODY ? value_none() :
				    columns[COL_SERVICE].get(c, &s);
}

TEXT(service)
{
	struct value v[GROUP_FIELDS];

	values_service(c, k, o, v);
	if (v->kind == VALUE_TEXT)
		buf_puts(out, v->text);
	else
		add_nobody(out, k->word[1], c->ascii);
}

/* ---- state, user ---- */

KEY(state)
{
	(void)c;
	k->word[0] = columns[COL_STATE].rank(s);
	k->word[1] = s->row.state;
}

TEXT(state)
{
	char text[STATE_TEXT_MAX];

	(void)c;
	(void)o;
	buf_puts(out, state_text(text, (unsigned)k->word[1]));
}

VALUES(state)
{
	(void)o;
	*v = made_text(c, text_state, k);
}

KEY(user)
{
	struct value v = columns[COL_UID].get(c, s);

	k->word[0] = v.kind == VALUE_NONE ? UINT64_MAX : v.uint;
}

TEXT(user)
{
	(void)c;
	(void)o;
	buf_puts(out, k->word[0] == UINT64_MAX ? "-" :
		      user_name((uint32_t)k->word[0]));
}

VALUES(user)
{
	(void)c;
	(void)o;
	v[0] = v[1] = value_none();
	if (k->word[0] == UINT64_MAX)
		return;
	v[0] = value_text(user_name((uint32_t)k->word[0]));
	v[1] = value_uint(k->word[0]);
}

/* ---- the table ---- */

/* No letter is one that moves in a menu: j k g G h ? q. */
const struct group_info groups[GROUP_COUNT] = {
	[GROUP_NONE] = {
		.name = "none", .alias = "sockets,off", .title = "",
		.menu = "sockets", .by = "sockets",
		.one = "socket", .many = "sockets", .crumb = "",
		.help = "each socket by itself, not grouped",
		.letter = 'x',
	},
	[GROUP_PORT] = {
		.name = "port", .alias = "service-port,ports",
		.title = "PORT", .menu = "port", .by = "by port",
		.one = "port", .many = "ports", .crumb = "port",
		.help = "service port: ours, or theirs (→) where we connect",
		.min = 12,
		.letter = 'p',
		.key = key_port, .text = text_port,
		.field = { "port", "side" }, .values = values_port,
	},
	[GROUP_PROCESS] = {
		.name = "process", .alias = "owner,pid,processes",
		.title = "PROCESS", .menu = "process", .by = "by process",
		.one = "process", .many = "processes", .crumb = "",
		.help = "who holds it: the first process; (last known)",
		.min = 20,
		.letter = 'o', .needs = NEED_OWNER, .owners = true,
		.key = key_process, .text = text_process,
		.field = { "process", "pid" }, .values = values_process,
	},
	[GROUP_PROGRAM] = {
		.name = "program", .alias = "command,name",
		.title = "PROGRAM", .menu = "program", .by = "by program",
		.one = "program", .many = "programs", .crumb = "program",
		.help = "all processes of the same name together",
		.min = 12,
		.letter = 'm', .needs = NEED_OWNER,
		.key = key_program, .text = text_program,
		.field = { "program" }, .values = values_program,
	},
	[GROUP_SERVICE] = {
		.name = "service", .alias = "unit,container,cgroup",
		.title = "SERVICE", .menu = "service",
		.by = "by service",
		.one = "service", .many = "services", .crumb = "",
		.help = "systemd unit or container of the process",
		.min = 18,
		.letter = 'c', .needs = NEED_OWNER | NEED_SERVICE,
		.key = key_service, .text = text_service,
		.field = { "service" }, .values = values_service,
	},
	[GROUP_REMOTE] = {
		.name = "remote", .alias = "address,peer,dst,client",
		.title = "REMOTE", .menu = "remote address",
		.by = "by remote address",
		.one = "address", .many = "addresses", .crumb = "",
		.help = "host at the other end; ::ffff:1.2.3.4 is 1.2.3.4",
		.min = 15,
		.letter = 'a', .middle = true,
		.key = key_remote, .text = text_addr,
		.field = { "remote" }, .values = values_addr,
	},
	[GROUP_PREFIX] = {
		.name = "prefix", .alias = "network,net,subnet",
		.title = "NETWORK", .menu = "remote network",
		.by = "by remote network",
		.one = "network", .many = "networks", .crumb = "",
		.help = "network of the other end: IPv4 /24, IPv6 /64",
		.min = 16,
		.letter = 'n', .middle = true,
		.key = key_prefix, .text = text_prefix,
		.field = { "network" }, .values = values_prefix,
	},
	[GROUP_REMOTE_PORT] = {
		.name = "remote-port", .alias = "rport,dport",
		.title = "RPORT", .menu = "remote port",
		.by = "by remote port",
		.one = "remote port", .many = "remote ports",
		.crumb = "remote port",
		.help = "port of the other end; * has none",
		.min = 12,
		.letter = 'r',
		.key = key_remote_port, .text = text_remote_port,
		.field = { "remote_port" }, .values = values_port,
	},
	[GROUP_LOCAL] = {
		.name = "local", .alias = "local-address,src",
		.title = "LOCAL", .menu = "local address",
		.by = "by local address",
		.one = "local address", .many = "local addresses",
		.crumb = "local",
		.help = "address of this end",
		.min = 15,
		.letter = 'l', .middle = true,
		.key = key_local, .text = text_addr,
		.field = { "local" }, .values = values_addr,
	},
	[GROUP_STATE] = {
		.name = "state", .alias = "states,st",
		.title = "STATE", .menu = "state", .by = "by state",
		.one = "state", .many = "states", .crumb = "",
		.help = "TCP state; rates: came into it, left it",
		.min = 11,
		.letter = 's', .states = true,
		.key = key_state, .text = text_state,
		.field = { "state" }, .values = values_state,
	},
	[GROUP_USER] = {
		.name = "user", .alias = "uid,users",
		.title = "USER", .menu = "user", .by = "by user",
		.one = "user", .many = "users", .crumb = "user",
		.help = "user it belongs to; - not known, as of TIME_WAIT",
		.min = 8,
		.letter = 'u',
		.key = key_user, .text = text_user,
		.field = { "user", "uid" }, .values = values_user,
	},
};

/* ---- all of them ---- */

int group_find(const char *name, size_t len)
{
	for (int i = 0; i < GROUP_COUNT; i++)
		if (name_in_list(groups[i].name, name, len) ||
		    name_in_list(groups[i].alias, name, len))
			return i;
	return -1;
}

void group_key_of(struct column_context *c, enum group_id id,
		  const struct sock *s, struct group_key *k)
{
	memset(k, 0, sizeof(*k));
	groups[id].key(c, s, k);
}

void group_text(struct column_context *c, enum group_id id,
		const struct group_key *k, const struct group_owner *o,
		struct buf *out)
{
	size_t from = out->len;

	groups[id].text(c, k, o, out);
	if (c->ascii)
		format_ascii(out, from);
}

bool restriction_match(struct column_context *c, const struct restriction *r,
		       const struct sock *s)
{
	struct group_key k;

	group_key_of(c, r->group, s, &k);
	return group_key_equal(&k, &r->key);
}
