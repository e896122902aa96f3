/*
 * look.h - what is asked for each interval, whatever passes do
 *
 * A pass over a million sockets takes a second, so it cannot come each second.
 * Looks are small: a dump of the listeners alone (their queues), one of the
 * requests for connections (SYN_RECV), and exact look-ups of the sockets that
 * nobody tells the end of (model/round.c) and of those on the screen.
 *
 *	l = look_new(monitor, &options);
 *	look_begin(l, &plan);
 *	while (look_step(l))
 *		;				the table is as true as it gets
 *	look_free(l);
 */
#ifndef LOOK_H
#define LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/monitor.h"

/* more rows than any screen has */
enum { LOOK_SHOWN_MAX = 512 };

struct look_options {
	bool ipv4, ipv6;
	/* Takes events in; true when all up to then (mono ns) are. */
	bool (*catch_up)(void *arg, int64_t until);
	/* Fills in what is on the screen, up to max; NULL: no screen. */
	size_t (*shown)(void *arg, struct sock_ref *rows, size_t max);
	void *catch_up_arg, *shown_arg;
};

struct look_plan {
	bool listeners;		/* their queues */
	bool requests;		/* SYN_RECV, as often as it may be */
	bool due;		/* what table_due() gives */
	bool shown;		/* each row on the screen */
	bool only_new;		/* of these, what the last look had not */
	unsigned needs;		/* enum need: details to bring */
	double budget;		/* of one core, that requests may take */
};

struct look;

/* Without sock_diag it looks at nothing. */
struct look *look_new(struct monitor *m, const struct look_options *o);
void look_free(struct look *l);
/* Gives up what is under way. */
void look_begin(struct look *l, const struct look_plan *plan);
bool look_running(const struct look *l);
/* About a millisecond; true while there is more. */
bool look_step(struct look *l);
/* Is there a row on the screen that the last look had not? */
bool look_missed(struct look *l);
/* All of them are new: other things are asked of them. */
void look_forget(struct look *l);
/* The last one brought an answer of at least one socket. */
bool look_found(const struct look *l);

#endif
