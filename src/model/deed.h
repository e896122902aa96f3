/*
 * deed.h - what a person wants done to sockets or to a process, and what came
 * of it
 *
 * A deed begins as a question.  Its targets are taken at that moment, from what
 * is on the screen: only they are touched, each only while it is the same
 * socket.  Whoever asks (the screen) and whoever does it (src/doer.h) share the
 * struct; neither knows the other.
 *
 *	deed_begin(&d, DEED_CLOSE);
 *	deed_add(&d, sock, slot);		each that is shown
 *						phase DEED_ASKED: the doer gets
 *						missing cookies
 *	d.phase == DEED_READY			it has them
 *	deed_go(&d);				yes, it was said
 *	d.phase == DEED_DONE			each target has its fate
 *	deed_free(&d);
 */
#ifndef MODEL_DEED_H
#define MODEL_DEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/socket.h"
#include "model/table.h"

enum deed_kind { DEED_CLOSE, DEED_SIGNAL };

enum deed_phase {
	DEED_NONE,		/* nothing is asked */
	DEED_ASKED,		/* a question; the cookies are looked up */
	DEED_READY,		/* a question; nothing is missing */
	DEED_GOING,		/* yes: it is being done */
	DEED_DONE,
};

enum deed_fate {
	FATE_OPEN,		/* not done yet */
	FATE_DONE,		/* the kernel did it */
	FATE_GONE,		/* was no more, before we came */
	FATE_OTHER,		/* another socket has its endpoints by now */
	FATE_UNFOUND,		/* lives, but the kernel's look-up does not find
				   it: another listener stands in front */
	FATE_UNNAMED,		/* its cookie could not be had */
	FATE_REFUSED,		/* deed.error says why; all the same errno */
	FATE_COUNT,
};

struct deed_target {
	struct sock_ref who;
	struct sock_id id;
	uint64_t cookie;	/* 0 not known yet */
	uint64_t inode;
	uint32_t owner;		/* owner set, while it is asked only */
	uint8_t state;		/* when it was asked */
	uint8_t fate;
	int error;		/* FATE_REFUSED: errno */
};

/* more than that at once is a mistake, and would take long to count */
enum { DEED_MAX = 100000 };

struct deed {
	enum deed_kind kind;
	enum deed_phase phase;
	/* DEED_CLOSE */
	struct deed_target *target;
	size_t count, capacity;
	size_t next;		/* the doer's: the next one to look at */
	size_t of[FATE_COUNT];	/* how many */
	bool stopped;		/* by a person, before it was over */
	/* DEED_SIGNAL */
	int32_t pid;
	uint64_t start;
	int sig;
	/* errno of what was refused first; 0 nothing was */
	int error;
};

/* In place of what was asked before. */
void deed_begin(struct deed *d, enum deed_kind kind);
/* Nothing is asked any more. */
void deed_free(struct deed *d);
void deed_add(struct deed *d, const struct sock *s, uint32_t slot);
/* A signal's: to whom. */
void deed_to(struct deed *d, int32_t pid, uint64_t start, int sig);
void deed_go(struct deed *d);
/* No further target is touched. */
void deed_stop(struct deed *d);

/* The doer's: what became of a target.  error: errno, if refused. */
void deed_fate(struct deed *d, struct deed_target *t, enum deed_fate fate,
	       int error);
/* Can this row, which has the target's endpoints, be that socket? */
bool deed_same(const struct deed_target *t, const struct row *row);

/* What is asked for, counted: how many, in which states, whose. */
enum { DEED_OWNERS = 3 };
struct deed_sum {
	uint32_t state[STATE_COUNT];
	struct {
		uint32_t set;		/* owner set */
		uint32_t count;
	} owner[DEED_OWNERS];		/* the most; count 0: no more */
	uint32_t others;		/* of owners that are not listed */
};
void deed_sum(const struct deed *d, struct deed_sum *sum);

#endif
