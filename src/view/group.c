#include "view/group.h"

#include <string.h>

#include "view/format.h"
#include "view/group_key.h"

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
		.by_owner = true, .key = key_process, .text = text_process,
		.field = { "process", "pid" }, .values = values_process,
	},
	[GROUP_PROGRAM] = {
		.name = "program", .alias = "command,name",
		.title = "PROGRAM", .menu = "program", .by = "by program",
		.one = "program", .many = "programs", .crumb = "program",
		.help = "all processes of the same name together",
		.min = 12,
		.letter = 'm', .needs = NEED_OWNER,
		.by_owner = true, .key = key_program, .text = text_program,
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
		.by_owner = true, .key = key_service, .text = text_service,
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

bool restriction_other(struct column_context *c, const struct restriction *r,
		       const struct sock *s)
{
	struct group_key k;

	group_key_of(c, r->group, s, &k);
	return group_key_equal(&k, &r->key);
}
