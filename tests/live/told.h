/*
 * told.h - are the changes of sockets told as they were made?
 *
 *	told_forget();
 *	told_live(e, 0, LIFE_IPV4);		a life, and what is told of it
 *	told_drain(e);				whatever is left
 *	told_all() && told_nothing_else() && …	with comments of TAP
 */
#ifndef LIVE_TOLD_H
#define LIVE_TOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "lives.h"
#include "source/events.h"

extern const struct events_sink told_sink;
/* events since told_forget(), and the steps that were made */
extern size_t told_count;
size_t told_expected(void);
/* the i-th event, i below TOLD_MAX */
enum { TOLD_MAX = 100000 };
const struct event *told_event(size_t i);

void told_forget(void);
void told_drain(struct events *e);
/* e: NULL for not reading yet */
void told_live(struct events *e, unsigned kind, enum life_family family);

/* Each socket's steps came in their order and in its time. */
bool told_all(void);
/* After that: all events were of one of the lives. */
bool told_nothing_else(void);
/* In the order of time, but for what two CPUs did at the same moment. */
bool told_in_order(void);
/* This process, where it is sure. */
bool told_processes(void);
bool told_ends(void);

#endif
