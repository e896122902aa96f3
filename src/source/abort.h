/*
 * abort.h - a socket closed from outside: SOCK_DESTROY over sock_diag
 *
 * The kernel looks a socket up by its endpoints, as a packet would, compares
 * its cookie, and aborts it (tcp_abort()).  With the cookie another socket that
 * has the same endpoints by now is safe: the kernel says ENOENT.  Needs
 * CAP_NET_ADMIN in the network's user namespace.  Not to be mixed up with
 * destroy.c, which only hears of sockets that end.
 *
 *	a = abort_new();
 *	abort_ask(a, items, n);		items[i].error: the kernel's answers
 *	abort_free(a);
 */
#ifndef SOURCE_ABORT_H
#define SOURCE_ABORT_H

#include <stddef.h>

#include "model/socket.h"

struct aborter;

struct abort_item {
	struct sock_id id;	/* in */
	uint64_t cookie;	/* in: never 0 */
	/*
	 * out: 0 it is closed; else the kernel's errno.  EPERM: not without
	 * CAP_NET_ADMIN; ENOENT: none with these endpoints and this cookie is
	 * found (also: it is CLOSE or BOUND, or another listener is found in
	 * its place); EOPNOTSUPP: this kernel cannot; ETIMEDOUT: no answer.
	 */
	int error;
};

enum { ABORT_BATCH = 64 };

/* NULL with errno when there is no sock_diag. */
struct aborter *abort_new(void);
/* The same on a socket made by the caller, which it takes over: for tests. */
struct nlsock;
struct aborter *abort_on(const struct nlsock *nl);
void abort_free(struct aborter *a);
/*
 * Asks for up to ABORT_BATCH sockets to be closed, in this order; each has its
 * answer, some 10 us a socket.  0; or -1 with errno when the request could not
 * be sent, and each has that as its error.
 */
int abort_ask(struct aborter *a, struct abort_item *items, size_t n);

#endif
