/*
 * share.h - work that two threads do at once
 *
 * For what somebody waits for and what falls into pieces that need nothing of
 * each other: then it takes half of the time.
 *
 *	static void add_up(void *arg, unsigned piece);
 *
 *	share(8, add_up, &what);
 *
 * Meanwhile all else stands still, so whatever nobody writes may be read.  What a
 * piece writes no other piece may touch.
 */
#ifndef BASE_SHARE_H
#define BASE_SHARE_H

#include <stdbool.h>

/* May this process run on two processors at once? */
bool share_possible(void);

/*
 * work(arg, piece) for each piece < pieces, in any order; returns when all are
 * done.  The other thread is started when it is first of use, and waits between
 * two calls; where there is none to be had, or no second processor, all are
 * done by the caller.  Not for work to call, nor for any thread but the first.
 */
void share(unsigned pieces, void (*work)(void *arg, unsigned piece), void *arg);

/* The i-th of so many pieces of n: from that one on; of pieces, the end. */
static inline unsigned long share_from(unsigned long n, unsigned pieces,
				       unsigned i)
{
	return n / pieces * i + n % pieces * i / pieces;
}

#endif
