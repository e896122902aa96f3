/*
 * truth.h - what was made, and what the kernel's own counters say of it
 *
 *	truth_begin(&truth);
 *	truth.made[FIN_CLIENT]++;	for each that came to its end
 *	agrees = truth_end(&truth);	when every socket is closed
 *	truth_json(&truth, stdout);
 *
 * Each ending is one entry of a table: which states either end passes
 * through, as the state tracepoint reports them, and what the kernel counts.
 * All totals follow from how many of each were made.
 */
#ifndef BENCH_TRUTH_H
#define BENCH_TRUTH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum ending {
	FIN_CLIENT, FIN_SERVER, SIMULTANEOUS, RST_CLIENT, RST_SERVER, REFUSED,
	TIMED_OUT, ENDING_COUNT,
};

struct ending_info {
	const char *name;
	unsigned weight;	/* in a mix, of 100 */
	/* what each socket passes through; ends with 0 */
	uint8_t client[8], server[8];
	unsigned time_waits, estab_resets, attempt_fails, out_rsts;
};
extern const struct ending_info endings[ENDING_COUNT];
/* -1: no such name */
int ending_parse(const char *name);

enum kernel_count {
	ACTIVE_OPENS, PASSIVE_OPENS, ATTEMPT_FAILS, ESTAB_RESETS, OUT_RSTS,
	TIME_WAITS, KERNEL_COUNTS,
};

enum { ERRNOS = 134, STATES = 13 };

struct truth {
	int64_t start, stop;		/* CLOCK_BOOTTIME ns: of starting */
	int64_t settled;		/* no socket left but in TIME_WAIT */
	unsigned long started, established;
	unsigned long made[ENDING_COUNT];
	unsigned long listeners;
	/* connects that failed as they should not; only the client's socket
	 * was made, and how far it came is not known */
	unsigned long failed, failed_errno[ERRNOS];
	/* ended otherwise than asked for, or not in time */
	unsigned long astray;
	unsigned long before[KERNEL_COUNTS], counted[KERNEL_COUNTS];
	unsigned long tw_overflow;	/* TIME_WAITs the kernel left out */
	/* There when all is settled.  Fewer than were entered if a SYN with
	 * the same four-tuple took some over, as it may where the server has
	 * the TIME_WAIT and the client's port is free again. */
	unsigned long tw_left;
};

void truth_begin(struct truth *t);
/* Waits up to 5 s for the last sockets to go; true: all counters agree. */
bool truth_end(struct truth *t);

unsigned long truth_expected(const struct truth *t, enum kernel_count what);
/* Sockets ever made: what an observer should see opened, and closed. */
unsigned long truth_sockets(const struct truth *t);
/* Members of an object, without the braces. */
void truth_json(const struct truth *t, FILE *out);
/* One line a person reads. */
void truth_say(const struct truth *t, FILE *out);

#endif
