/*
 * group_key.h - the keys, names and fields of groups[], for its own files
 *
 *	group.c		the table: one entry for each kind of group
 *	group_key.c	keys of sockets by their ends, state and user, and
 *			how a key reads
 *	group_owner.c	the same by process, program and service
 */
#ifndef VIEW_GROUP_KEY_H
#define VIEW_GROUP_KEY_H

#include "view/group.h"

#define GROUP_KEY(name) \
	void key_##name(struct column_context *c, const struct sock *s, \
			struct group_key *k)
#define GROUP_TEXT(name) \
	void text_##name(struct column_context *c, const struct group_key *k, \
			 const struct group_owner *o, struct buf *out)
#define GROUP_VALUES(name) \
	void values_##name(struct column_context *c, \
			   const struct group_key *k, \
			   const struct group_owner *o, struct value *v)

GROUP_KEY(port);
GROUP_KEY(remote_port);
GROUP_KEY(remote);
GROUP_KEY(prefix);
GROUP_KEY(local);
GROUP_KEY(process);
GROUP_KEY(program);
GROUP_KEY(service);
GROUP_KEY(state);
GROUP_KEY(user);

GROUP_TEXT(port);
GROUP_TEXT(remote_port);
GROUP_TEXT(addr);
GROUP_TEXT(prefix);
GROUP_TEXT(process);
GROUP_TEXT(program);
GROUP_TEXT(service);
GROUP_TEXT(state);
GROUP_TEXT(user);

GROUP_VALUES(port);
GROUP_VALUES(addr);
GROUP_VALUES(prefix);
GROUP_VALUES(program);
GROUP_VALUES(process);
GROUP_VALUES(service);
GROUP_VALUES(state);
GROUP_VALUES(user);

#endif
