/*
 * column_get.h - the getters and printers of columns.c, for its own files
 *
 *	columns.c	the table: one entry for each column
 *	get_basic.c	state, age, queues, timers
 *	get_ends.c	addresses, ports, direction, device
 *	get_owner.c	processes and users
 *	get_detail.c	what the kernel tells only on request
 */
#ifndef VIEW_COLUMN_GET_H
#define VIEW_COLUMN_GET_H

#include "view/column.h"

#define COLUMN_GETTER(name) \
	struct value get_##name(struct column_context *c, const struct sock *s)
#define COLUMN_PRINTER(name) \
	void print_##name(struct column_context *c, const struct sock *s, \
			  struct buf *out)

static inline struct value value_none(void)
{
	return (struct value){ .kind = VALUE_NONE };
}

static inline struct value value_uint(uint64_t v)
{
	return (struct value){ .kind = VALUE_UINT, .uint = v };
}

static inline struct value value_u32(uint32_t v)
{
	return v == U32_UNKNOWN ? value_none() : value_uint(v);
}

static inline struct value value_text(const char *text)
{
	return (struct value){ .kind = VALUE_TEXT, .text = text };
}

static inline struct value value_duration(int64_t ns, enum certainty certainty)
{
	return (struct value){
		.kind = VALUE_DURATION,
		.certainty = (uint8_t)certainty,
		.ns = ns,
	};
}

#define COLUMN_WIDTH(name) \
	int width_##name(struct column_context *c, const struct sock *s)

/* How many columns that takes, -1 where it is not known without printing. */
int value_width(const struct value *v);
/* Appends what a value of that kind looks like when nothing else is said. */
void value_print(struct column_context *c, const struct value *v,
		 struct buf *out);

/* get_basic.c */
uint64_t rank_state(const struct sock *s);
COLUMN_GETTER(proto);
COLUMN_GETTER(state);
COLUMN_WIDTH(state);
COLUMN_GETTER(age);
COLUMN_PRINTER(age);
uint64_t rank_recv_q(const struct sock *s);
COLUMN_GETTER(recv_q);
COLUMN_PRINTER(recv_q);
COLUMN_WIDTH(recv_q);
COLUMN_GETTER(send_q);
COLUMN_GETTER(limit);
COLUMN_GETTER(inode);
COLUMN_GETTER(cookie);
COLUMN_PRINTER(cookie);
COLUMN_GETTER(timer);
COLUMN_GETTER(expires);
COLUMN_GETTER(retrans);
COLUMN_GETTER(conn_age);

/* get_ends.c */
COLUMN_GETTER(local);
COLUMN_PRINTER(local);
COLUMN_WIDTH(local);
COLUMN_GETTER(remote);
COLUMN_PRINTER(remote);
COLUMN_WIDTH(remote);
COLUMN_GETTER(local_port);
COLUMN_PRINTER(local_port);
COLUMN_GETTER(remote_port);
COLUMN_PRINTER(remote_port);
COLUMN_GETTER(direction);
COLUMN_GETTER(device);

/* get_owner.c */
COLUMN_GETTER(owner);
COLUMN_PRINTER(owner);
COLUMN_GETTER(pid);
COLUMN_GETTER(service);
COLUMN_PRINTER(service);
COLUMN_GETTER(command);
COLUMN_PRINTER(command);
COLUMN_GETTER(other_end);
COLUMN_GETTER(uid);
COLUMN_GETTER(user);

/* get_detail.c */
COLUMN_GETTER(rtt);
COLUMN_PRINTER(rtt);
COLUMN_GETTER(cwnd);
COLUMN_GETTER(retrans_total);
COLUMN_GETTER(bytes_sent);
COLUMN_PRINTER(bytes_sent);
COLUMN_GETTER(bytes_received);
COLUMN_PRINTER(bytes_received);
COLUMN_GETTER(last_sent);
COLUMN_GETTER(last_received);
COLUMN_GETTER(congestion);
COLUMN_GETTER(memory);
COLUMN_PRINTER(memory);

#endif
