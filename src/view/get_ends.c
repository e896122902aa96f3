#include <string.h>
#include <sys/socket.h>

#include "view/column_get.h"

COLUMN_GETTER(local)
{
	(void)c;
	return (struct value){
		.kind = VALUE_ADDR,
		.family = s->row.id.family,
		.addr = &s->row.id.local,
		.port = s->row.id.local_port,
	};
}

COLUMN_GETTER(remote)
{
	(void)c;
	return (struct value){
		.kind = VALUE_ADDR,
		.family = s->row.id.family,
		.addr = &s->row.id.remote,
		.port = s->row.id.remote_port,
	};
}

COLUMN_GETTER(local_port)
{
	(void)c;
	return value_uint(s->row.id.local_port);
}

COLUMN_GETTER(remote_port)
{
	(void)c;
	return value_uint(s->row.id.remote_port);
}

/* Port 0 is no port: "*", as ss(8) has it. */
static void print_port(struct column_context *c, uint16_t port, struct buf *out)
{
	const char *name = c->names && port ? service_name(port) : NULL;

	if (name)
		buf_puts(out, name);
	else if (port)
		buf_uint(out, port);
	else
		buf_char(out, '*');
}

COLUMN_PRINTER(local_port)
{
	print_port(c, s->row.id.local_port, out);
}

COLUMN_PRINTER(remote_port)
{
	print_port(c, s->row.id.remote_port, out);
}

void column_end_text(struct column_context *c, const struct sock_id *id,
		     bool local, struct buf *out)
{
	const struct addr *addr = local ? &id->local : &id->remote;
	uint16_t port = local ? id->local_port : id->remote_port;
	bool brackets = id->family != AF_INET;

	/* neither listeners nor bound sockets have another end */
	if (!local && !port && addr_is_any(addr)) {
		buf_char(out, '*');
		return;
	}
	if (brackets)
		buf_char(out, '[');
	out->len += addr_print(buf_reserve(out, ADDR_TEXT_MAX), id->family,
			       addr);
	if (brackets)
		buf_char(out, ']');
	/* A link-local address means nothing without its link; a device that
	 * was bound to is part of the local name. */
	if (id->ifindex && (local || addr_is_link_local(id->family, addr))) {
		buf_char(out, '%');
		buf_puts(out, device_name(id->ifindex));
	}
	buf_char(out, ':');
	print_port(c, port, out);
}

COLUMN_PRINTER(local)
{
	column_end_text(c, &s->row.id, true, out);
}

COLUMN_PRINTER(remote)
{
	column_end_text(c, &s->row.id, false, out);
}

/* As column_end_text() prints it. */
static int end_width(const struct column_context *c, const struct sock_id *id,
		     bool local)
{
	const struct addr *addr = local ? &id->local : &id->remote;
	uint16_t port = local ? id->local_port : id->remote_port;

	if (!local && !port && addr_is_any(addr))
		return 1;
	if ((c->names && port) || (id->ifindex &&
	    (local || addr_is_link_local(id->family, addr))))
		return -1;
	return (id->family == AF_INET ? 1 : 3) +
	       (int)addr_width(id->family, addr) +
	       (int)(port ? buf_uint_digits(port) : 1);
}

COLUMN_WIDTH(local)
{
	return end_width(c, &s->row.id, true);
}

COLUMN_WIDTH(remote)
{
	return end_width(c, &s->row.id, false);
}

COLUMN_GETTER(direction)
{
	(void)c;
	if (s->direction == DIR_IN)
		return value_text("in");
	if (s->direction == DIR_OUT)
		return value_text("out");
	return value_none();
}

COLUMN_GETTER(device)
{
	(void)c;
	if (!s->row.id.ifindex)
		return value_none();
	return value_text(device_name(s->row.id.ifindex));
}
