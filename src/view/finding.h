/*
 * finding.h - the program's own diagnosis: what is wrong, and the evidence
 *
 * What is looked for is one const table: finding_kinds[].  The table of sockets
 * is scanned a step at a time; sockets are counted by what they have in common
 * (a process, a port, a destination), and what is over its threshold, and stays
 * so, is a finding.  Nothing is raised by one scan alone.  The time between
 * scans grows with what one costs, so that they take 0.3 % of a core at most.
 *
 * A finding owns its text: it can be read until the next scan is over.
 *
 *	f = findings_new(monitor, ascii);
 *	if (findings_due(f))			after each pass
 *		findings_begin(f);
 *	while (findings_step(f, until))		until it is over
 *		look_at_the_keyboard();
 *	for (i = 0; (one = findings_get(f, i)); i++)
 *		puts(one->title);
 *	findings_free(f);			before the monitor
 *
 *	table	finding_kinds.c	 what is looked for
 *	scan	finding.c	 when, and over what
 *	count	finding_count.c	 what one socket counts for
 *		finding_queue.c	 queues that nobody empties
 *		finding_key.c	 as what it is counted
 *		finding_tally.c	 the counts
 *	judge	finding_rule.c	 what is too much of it
 *		finding_judge.c	 for how long
 *	words	finding_text.c	 how that is said
 *		finding_words.c	 of what pieces
 */
#ifndef VIEW_FINDING_H
#define VIEW_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/monitor.h"

enum finding_id {
	FINDING_CLOSE_WAIT, FINDING_ACCEPT_QUEUE, FINDING_DEAD_UPSTREAM,
	FINDING_SYN_FLOOD, FINDING_PORTS, FINDING_FIN_WAIT2,
	FINDING_PEER_NOT_READING, FINDING_NOT_READING,
	FINDING_RETRANSMITTING, FINDING_TIME_WAIT, FINDING_ORPHANS,
	FINDING_MEMORY,
	FINDING_COUNT,
};

enum severity {
	SEVERITY_NOTE,		/* good to know; busy hosts are like that */
	SEVERITY_WARN,		/* somebody should look at it */
	SEVERITY_ALERT,		/* connections are lost, or soon will be */
};
extern const char *const severity_name[];	/* "note", "warn", "ALERT" */

struct finding_kind {
	const char *name;	/* "close-wait-leak" */
	const char *title;	/* "connections not closed" */
	const char *why;	/* the cause, and why it matters */
	const char *remedy;	/* what to do, and what does not help */
	/* raised at: */
	uint32_t least;		/* of `what`; 0: `share` decides */
	const char *what;	/* "in CLOSE_WAIT, of one process" */
	int64_t lasts;		/* ns each of them has been so; 0: two looks */
	double share;		/* 0 … 1 of share_of; 0: does not matter */
	const char *share_of;
	const char *note;	/* what less than that is only a note; NULL */
};
extern const struct finding_kind finding_kinds[FINDING_COUNT];
/* "10 in CLOSE_WAIT of one process, each for 20s" */
void finding_threshold(struct buf *out, enum finding_id id);

enum { EVIDENCE_MAX = 6, FINDING_TEXT = 200, FINDINGS_A_KIND = 8 };

struct finding {
	uint64_t id;		/* the same as long as it stays */
	enum finding_id kind;
	enum severity severity;
	uint64_t weight;	/* sockets it is about, to put them in order */
	int64_t since;		/* mono ns: seen since */
	char title[FINDING_TEXT];	/* in a line, safe to print */
	char evidence[EVIDENCE_MAX][FINDING_TEXT];
	int evidence_count;
	char subject[64];	/* for the breadcrumb: "java[888]" */
	char filter[320];	/* shows its sockets; "" there are none */
};

/* what the findings are of */
struct findings_scope {
	uint32_t scans;		/* complete ones */
	int64_t begun;		/* mono ns the first one began; TIME_UNKNOWN */
	int64_t at;		/* … the newest one; TIME_UNKNOWN */
	int64_t every;		/* ns between the newest and the next */
	int64_t cost;		/* ns of work the newest took */
	uint32_t sockets;	/* it looked at */
	uint64_t unwatched;	/* sockets it had no room to follow */
	uint32_t more[FINDING_COUNT];	/* findings beyond the first of a
					   kind, not listed */
};

struct findings;

/* Reads the monitor, which has to live longer. */
struct findings *findings_new(const struct monitor *m, bool ascii);
void findings_free(struct findings *f);
bool findings_due(const struct findings *f);
/* Begins a scan, unless one is under way. */
void findings_begin(struct findings *f);
/* Goes on with it until then (mono ns); true: there is more. */
bool findings_step(struct findings *f, int64_t until);
/* While held, scans go on and what findings_get() gives stays as it is. */
void findings_hold(struct findings *f, bool hold);

/* Worst first; NULL past the end. */
const struct finding *findings_get(const struct findings *f, size_t i);
/* Those that are more than a note. */
size_t findings_raised(const struct findings *f);
const struct findings_scope *findings_scope(const struct findings *f);

#endif
