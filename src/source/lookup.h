/*
 * lookup.h - one socket asked for by name, over sock_diag
 *
 * SOCK_DIAG_BY_FAMILY without NLM_F_DUMP finds exactly one socket.  Used to
 * confirm an absence and to refresh what is on the screen.  Requests are sent
 * many at a time; each call is synchronous (the kernel answers within the
 * sendmsg) and costs a few microseconds a socket.
 */
#ifndef SOURCE_LOOKUP_H
#define SOURCE_LOOKUP_H

#include <stddef.h>

#include "model/socket.h"
#include "source/source.h"

struct lookup;

enum lookup_answer {
	LOOKUP_ERROR,		/* nobody could say */
	LOOKUP_FOUND,		/* row filled */
	LOOKUP_NONE,		/* asked by cookie: this socket is no more */
	LOOKUP_NONE_BY_NAME,	/* asked without cookie: nothing with these
				   endpoints and this device */
};

struct lookup_item {
	struct sock_id id;	/* in */
	uint64_t cookie;	/* in: 0 any */
	enum lookup_answer answer;	/* out */
	struct row row;		/* out; row.detail belongs to the caller */
};

/* NULL with errno when there is no sock_diag for TCP. */
struct lookup *lookup_new(void);
/* The same on a socket made by the caller, which it takes over: for tests. */
struct nlsock;
struct lookup *lookup_on(const struct nlsock *nl);
void lookup_free(struct lookup *l);
/*
 * Answers up to n items (at most LOOKUP_BATCH are taken at once; more is
 * fine).  needs: NEED_INFO and so on.  A listener that merely has the port is
 * never taken for the connection that was asked for.  Listeners and BOUND
 * sockets the kernel's look-up cannot tell apart are searched for in a small
 * dump; BOUND ones only by cookie.  Returns 0, or -1 with errno when sock_diag
 * failed: what it did not answer is LOOKUP_ERROR, and so is what it did not
 * find while there is no sock_diag for TCP any more.
 */
enum { LOOKUP_BATCH = 64 };
int lookup_ask(struct lookup *l, struct lookup_item *items, size_t n,
	       unsigned needs);

#endif
