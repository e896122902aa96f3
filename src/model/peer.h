/*
 * peer.h - the socket at the other end, if that is in the table too
 *
 * A connection of this host with itself, over loopback or an address of its
 * own, is two sockets with the same endpoints swapped.
 */
#ifndef MODEL_PEER_H
#define MODEL_PEER_H

#include "model/table.h"

/*
 * NULL: it is not there.  One end can be an IPv6 socket with mapped addresses
 * (::ffff:127.0.0.1) and the other IPv4.  A socket that is connected to itself
 * is its own other end.
 */
struct sock *table_peer(const struct table *t, const struct sock *s);

#endif
