/*
 * relay.h - sock_diag asked by another thread
 *
 * The kernel fills one message of a dump in one go, and walks over all sockets
 * that do not belong into it on the way: over a million for the first request
 * (SYN_RECV) or the first IPv6 socket, a tenth of a second in which a key would
 * wait.  So a thread asks in our place and passes on what it hears.  The two
 * share nothing but a pair of sockets; the thread ends when ours is closed.
 */
#ifndef SOURCE_RELAY_H
#define SOURCE_RELAY_H

#include "source/nlsock.h"

/* As nlsock_open(), and used in the same way: but an answer takes a moment even
 * if the kernel has it.  0, or -1 with errno. */
int relay_open(struct nlsock *n);

#endif
