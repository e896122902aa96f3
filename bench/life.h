/*
 * life.h - one scripted life of a connection, and what must come of it
 *
 * A kind of life is a line of steps "END.DO": who does what, in which order.
 * Ends are l (a listener), c and d (sockets that connect) and s and t (what
 * the listener accepts).  A "+" before a step: at once, else after a random
 * pause.  What a script leaves open is closed at its end.
 *
 *	life_run(&life)		does it (life.c), step by step (step.c)
 *	model_…()		says which states that leads to (model.c)
 *
 * lives.c chooses lives, and writes one line for each end of each.
 * After each step the kernel is asked (TCP_INFO; sock_diag for sockets that
 * nobody holds) until every socket is where the model says, and the answers
 * bound when it got there.  Most of it happens inside the system call; but the
 * other end may delay its ACK of a FIN for 40 ms.
 */
#ifndef BENCH_LIFE_H
#define BENCH_LIFE_H

#include "ground.h"

#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>

enum { ENDS_MAX = 5, ENTRIES_MAX = 24, STEPS_MAX = 32, SCRIPT_MAX = 256 };

/* One state entered, and between which times (CLOCK_BOOTTIME ns). */
struct entry {
	uint8_t from, to;
	int64_t earliest, latest;
	/* As the state tracepoint reports it: there the mini-sockets of
	 * TIME_WAIT and of an orphan's FIN_WAIT2 are CLOSE. */
	bool traced;
	bool real;		/* what the socket really is in, by RFC 9293 */
};

struct end {
	char role;
	int fd;			/* -1: not yet, or not any more */
	bool used;		/* a socket in the kernel, now or once */
	bool held;		/* ever had a descriptor */
	bool orphan;		/* its descriptor was closed */
	bool unread;		/* data waits to be read */
	bool slow;		/* what it sends can be held back */
	uint8_t state;		/* really */
	uint8_t traced;		/* for the kernel's full socket */
	struct end *peer;
	struct sockaddr_storage local, remote;
	uint64_t cookie;	/* 0: nobody ever held it, so unknown */
	int64_t opened, closed;	/* descriptor; 0: never */
	struct entry entries[ENTRIES_MAX];
	unsigned count, settled;	/* entries; those with both times */
	int64_t asked;		/* when the kernel was last asked */
	uint8_t seen;		/* and what it said */
};

struct step {
	char text[24];
	char role;
	int64_t start, stop;
};

struct kind {
	const char *name;
	const char *script;
	bool crossed;		/* needs ground_can_hold() */
};
/* Kinds with x and y in their script are two: x the client, or the server. */
unsigned kinds_count(void);
/* The n-th, its script written out to dst; NULL beyond the last. */
const struct kind *kind_at(unsigned n, char *name, char *script,
			   size_t name_size, size_t script_size);

/* Families of the connecting and the listening side. */
struct families {
	const char *name;
	enum ground_family client, server;
};

struct life {
	unsigned id;
	char kind[80], script[SCRIPT_MAX];
	const struct families *families;
	unsigned pause_us;	/* at most, between steps */
	bool full;		/* the accept queue takes no more */
	bool deferred;		/* accepts only with data */
	struct end ends[ENDS_MAX];
	struct step steps[STEPS_MAX];
	unsigned steps_count;
	char fault[160];	/* "" if all was as the model says */
};

/* Where the ports of lives begin; each takes its own of each thousand. */
enum {
	PORT_LISTEN = 21000, PORT_NOBODY = 22000, PORT_DROP = 23000,
	PORT_C = 24000, PORT_D = 25000, LIVES_MAX = 1000,
};
void life_run(struct life *life);
/* The first one is kept. */
void life_fault(struct life *life, const char *why);
/* One thing done, and the model told (step.c). */
void life_do(struct life *life, struct end *e, const char *what);

/* The kernel's word (ask.c). */
uint8_t ask_held(const struct end *e);
/* Found by its endpoints; CLOSE: there is none. */
uint8_t ask_unheld(const struct end *e);

const char *state_name(unsigned state);

/* ---- the model -------------------------------------------------------- */

struct end *life_end(struct life *life, char role);
void model_enter(struct end *e, uint8_t state);
void model_connect(struct life *life, struct end *e);	/* to the listener */
void model_fin(struct end *e);
void model_reset(struct end *e);
void model_data(struct life *life, struct end *e);
void model_orphan(struct end *e);
void model_stop(struct life *life, struct end *e);	/* listener, SYN_SENT */
/* What crossed arrives. */
void model_settle(struct end *a, struct end *b);

#endif
