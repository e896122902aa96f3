/*
 * conn.h - the connections of load: made, left to live, ended as planned
 *
 *	conn_setup(&plan, files);
 *	while (time left) {
 *		while (more are due && conn_start())
 *			;
 *		conn_work();		every millisecond
 *	}
 *	while (conn_left())
 *		conn_work();
 *	conn_teardown();
 *
 * On loopback nearly all happens inside the call: when connect() returns, the
 * other end is in the accept queue, and when close() returns, the other end
 * has the FIN.  So nothing is waited for; what is not yet done is tried again
 * at the next tick.
 */
#ifndef BENCH_CONN_H
#define BENCH_CONN_H

#include "ground.h"
#include "truth.h"

struct plan {
	unsigned life_ms;	/* from established to the first close */
	int ending;		/* ENDING_COUNT: a mix by weight */
	bool family[FAMILY_COUNT];
	uint32_t host;		/* the first listener's address, 127/8 */
	uint16_t port;		/* and its port; PORTS from here on are used */
};
enum { LISTENERS = 64, PORT_SPAN = 200, PORTS = FAMILY_COUNT * PORT_SPAN };

/* What is made is counted here. */
extern struct truth truth;

/* The listeners, and the rule that drops SYNs where the plan asks for it. */
void conn_setup(const struct plan *plan, unsigned files_max);
/* False when there is no room for another one now. */
bool conn_start(void);
void conn_work(void);
/* How many have not come to their end. */
unsigned conn_left(void);
/* Closes whatever is open; connections left then are counted as astray. */
void conn_teardown(void);

#endif
