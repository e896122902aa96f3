/*
 * scene.h - a small host with every state, built in code for tests
 *
 * The monitor is filled through the table's own calls, pass by pass, by a
 * clock that stands still between them: what is printed from it is the same
 * on every machine.  The zone is set to UTC.
 *
 *	struct scene sc;
 *	scene_init(&sc);		nothing read yet
 *	scene_pass(&sc);		12:03:05, each further pass a second on
 *	scene_free(&sc);
 * or, with all SCENE_PASSES already read:
 *	scene_all(&sc);
 *
 * Passes after the last one repeat it (TIME_WAIT timers go on running).
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <stddef.h>

#include "base/clock.h"
#include "model/monitor.h"
#include "view/column.h"

enum {
	SCENE_PASSES = 3,
	/* local ports by which a test finds its socket */
	SCENE_PORT_HTTPS = 443,		/* LISTEN, queue 3/128, nginx +3 */
	SCENE_PORT_JAVA = 8080,		/* LISTEN, queue full: 101/100 */
	SCENE_PORT_GONE = 52118,	/* closed by the third pass */
	SCENE_PORT_TIME_WAIT = 52120,	/* 15 s old at the third pass */
	SCENE_PORT_SYN_SENT = 39004,
	SCENE_PORT_BOUND = 9999,
	SCENE_PORT_HIDDEN = 45001,	/* owner hidden */
	SCENE_PORT_PENDING = 45002,	/* owner not looked for yet */
	SCENE_PORT_EVIL = 6666,		/* process name with escape bytes */
};

struct scene {
	struct clock_fake clock;
	struct monitor *monitor;
	unsigned pass;		/* passes read so far */
	bool pair;		/* and a connection of the host with itself */
	/* sockets beside its own, from the next pass on; those with an inode
	 * are java's */
	struct row *more;
	size_t more_count;
	bool only_more;		/* and none of its own */
};

void scene_init(struct scene *sc);
void scene_pass(struct scene *sc);
void scene_all(struct scene *sc);
void scene_free(struct scene *sc);

/* n more in that state: of local_port with as many clients, or (remote_port)
 * towards 192.0.2.99.  The newest one is returned, to be changed; NULL for 0. */
struct row *scene_add(struct scene *sc, unsigned state, unsigned local_port,
		      unsigned remote_port, size_t n);

/* One pass of n sockets beside the scene's: for measuring. Uses a clock one
 * second on; the scene's own sockets are gone after it. */
void scene_bulk(struct scene *sc, size_t n);

/* scene_pair.c: the rows of that connection, how many; and their owners. */
size_t scene_pair_rows(struct table *t);
void scene_pair_owners(struct monitor *m);

/* The live socket with these ports (remote 0: any); NULL if there is none. */
struct sock *scene_find(const struct scene *sc, unsigned local_port,
			unsigned remote_port);

/* By the keys of a column: <0, 0, >0. */
int compare_by_column(struct column_context *c, enum column_id id, bool reverse,
		      const struct sock *a, const struct sock *b);

#endif
