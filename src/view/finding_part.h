/*
 * finding_part.h - what the files of finding.h share
 *
 * A tally counts the sockets that have one thing in common: struct tally_key.
 * Most keys are of no interest, and a host may have a million; so a scan
 * estimates all of them in a sketch (a counter for each hash), and the next
 * one keeps a tally only of those that the sketch says may be over the
 * threshold.  What is counted of a socket costs no memory of its own.
 */
#ifndef VIEW_FINDING_PART_H
#define VIEW_FINDING_PART_H

#include "view/finding.h"

#include <string.h>

#include "base/addr.h"

struct tally_key {		/* no padding: it is compared as bytes */
	struct addr here, there;
	uint32_t owner;		/* owner set; 0: not told apart by it */
	uint16_t port;		/* local or remote, as the kind has it */
	uint16_t netns;
	uint8_t kind;		/* enum finding_id */
	uint8_t family;		/* of the addresses; 0 there are none */
	uint8_t remote;		/* the port is one of the other end */
	uint8_t zero;
};
_Static_assert(sizeof(struct tally_key) == 44, "padding is not compared");

/* one end of connections, without what is not told apart */
struct tally_end {
	struct addr addr;
	uint16_t port;		/* 0 any */
	uint8_t family;		/* 0: any address */
	uint8_t remote;		/* it is the other end */
};

/*
 * Which value most of them have, in two scans: the first finds the only
 * candidate there can be (Boyer and Moore's vote), the second counts it.
 */
struct vote {
	uint32_t votes;		/* of this scan's candidate */
	uint32_t count;		/* that have the winner of the scan before */
};

struct distinct;		/* how many different ones, about */

struct tally {
	struct tally_key key;
	uint64_t id;
	bool kept;		/* its counts are of an earlier scan: nothing
				   was read anew since */
	/* of this scan */
	uint32_t count;		/* those the finding is about */
	uint32_t all;		/* with the same key, as the kind has it */
	uint32_t extra;		/* as the kind has it */
	uint32_t most;		/* the biggest value among them */
	uint64_t bytes;
	int64_t oldest;		/* mono ns, of those counted: since */
	struct sock_ref sample;	/* that oldest one */
	struct {
		struct vote vote;
		uint32_t candidate;	/* owner set */
		uint32_t set;		/* winner: with a reference of ours */
		bool last;		/* as last known */
		uint32_t known;		/* of how many there is one */
	} owner;
	struct {
		struct vote vote;
		struct tally_end candidate, end;
	} place;
	struct distinct *distinct;	/* NULL: not asked for */
	/* from scan to scan */
	uint32_t before;	/* count of the scan before */
	uint32_t record;	/* the highest count there was */
	int64_t record_at;	/* mono ns */
	uint32_t scans;		/* in a row in which it was too much … */
	int64_t hot_since;	/* … since; mono ns; TIME_UNKNOWN: no */
	int64_t hot_at;		/* … the last time; mono ns */
	uint32_t hot_count;	/* … and the count when that began */
	int severity;		/* the last time */
};

enum {
	SKETCH		= 16384,	/* counters */
	TALLIES_MAX	= 2048,
	INDEX		= 8192,	/* hash of the tallies: a power of 2 */
};

struct tallies {
	uint64_t secret;	/* whoever connects to us chooses keys */
	uint32_t *sketch, *sketch_before;	/* [SKETCH] */
	struct tally *list;
	uint32_t count, capacity;
	uint16_t *index;	/* [INDEX]: number in the list + 1; 0 none */
	uint32_t of[FINDING_COUNT];	/* how many tallies */
	uint32_t floor[FINDING_COUNT];	/* keys below that get none; it rises
					   while there are too many */
	uint64_t refused;	/* of this scan: there was no room */
	uint64_t below;		/* of this scan: below a floor that rose */
	uint64_t newest;	/* id */
};

/* finding_tally.c */
void tallies_init(struct tallies *t);
void tallies_free(struct tallies *t, struct owners *o);
void tallies_begin(struct tallies *t, bool fresh);
/* Settles votes, forgets what was not seen. now: mono ns */
void tallies_end(struct tallies *t, struct owners *o, int64_t now);
/* The tally to count a socket in; NULL: not now. */
struct tally *tally_for(struct tallies *t, const struct tally_key *k);
/* The same, if there is one; the socket is not one that makes one. */
struct tally *tally_known(const struct tallies *t, const struct tally_key *k);
/* made if need be: there is but one of its kind */
struct tally *tally_only(struct tallies *t, enum finding_id kind);
/* Counts one more, in that state since then. */
void tally_add(struct tally *t, const struct table *table,
	       const struct sock *s, int64_t since);
void tally_owner(struct tally *t, uint32_t set, bool last);
void tally_place(struct tally *t, const struct tally_end *e);
void tally_distinct(struct tally *t, const struct addr *a);
uint32_t tally_distinct_count(const struct tally *t);

/* one queue that does not get shorter */
struct suspect {
	uint64_t serial;
	uint32_t slot;
	uint32_t queue;		/* bytes, last time */
	uint32_t first;		/* bytes, when it began */
	uint32_t seen_pass;	/* of the socket, last time */
	uint32_t samples;	/* readings that agree */
	int64_t since;		/* mono ns */
};
enum { SUSPECTS_MAX = 1 << 16 };

/* in the order of slots, as the scan comes by */
struct suspects {
	struct suspect *old, *new;
	size_t old_count, new_count, old_capacity, new_capacity;
	size_t at;		/* in old: those before have been passed */
	uint64_t refused;
};

void suspects_begin(struct suspects *s);
/* The socket has that many bytes in its queue: for how long did these not get
 * less? NULL: not known, for want of room. */
const struct suspect *suspects_add(struct suspects *s, uint32_t slot,
				   const struct sock *sock, uint32_t queue,
				   int64_t now);
void suspects_free(struct suspects *s);
/* readings that prove something */
enum { SUSPECT_SAMPLES = 3 };

struct growth {
	int64_t at;		/* mono ns it grew last; TIME_UNKNOWN never */
	double rate;		/* per second, then */
};

struct findings {
	const struct monitor *m;
	bool ascii;
	struct tallies tallies;
	struct suspects reading, sending;
	struct host_sample host;	/* as of the scan before */
	struct growth growth[HOST_VALUE_COUNT];
	double passive_opens;	/* per second; negative unknown */

	/* the scan under way */
	bool running;
	uint32_t at, slots, looked;
	int64_t now;		/* mono ns it began; ages are as of then */
	int64_t before;		/* mono ns the scan before began */
	int64_t worked;
	bool fresh;		/* queues were read since the scan before */
	uint32_t pass;		/* table_passes() then */
	bool ports;		/* so many connections that ports may run out */
	int64_t due;		/* mono ns */

	struct findings_scope scope, shown_scope;
	struct finding *list, *shown;	/* [FINDINGS_MAX] */
	size_t count, shown_count;
	bool held;
};
enum { FINDINGS_MAX = FINDING_COUNT * FINDINGS_A_KIND };

/* finding_key.c */
/* Ports that connect(2) chooses from; 0 unknown. */
uint32_t finding_ports(const struct findings *f);
/* Its service: our port where others come to us, their end where we go. */
struct tally_end tally_service(const struct findings *f, const struct sock *s);
/* the other end's, without the port */
struct tally_end tally_address(const struct sock *s);
struct tally_key tally_key_of(enum finding_id kind, const struct sock *s,
			    const struct tally_end *e);
struct tally_key tally_key_port(enum finding_id kind, const struct sock *s);
struct tally_key tally_key_to(enum finding_id kind, const struct sock *s);
bool tally_owner_known(const struct sock *s);
/* Of a process; where it cannot be known, of a service. False: not yet. */
bool tally_key_owner(const struct findings *f, enum finding_id kind,
		  const struct sock *s, struct tally_key *k);
/* As tally_for(); a key with an owner set holds it. */
struct tally *tally_of(struct findings *f, const struct tally_key *k);

/* finding_count.c */
void finding_count(struct findings *f, uint32_t slot, const struct sock *s);

/* finding_rule.c: a severity, or less than a note; of one tally, right now */
enum { CALM = -1 };
int finding_rule(const struct findings *f, const struct tally *t);
/* What is not so now, but was not longer ago, is not over. */
#define HOLD_NS		(5 * NS_PER_SEC)

/* finding_judge.c */
/* Makes list anew from the tallies. */
void finding_judge(struct findings *f);
/* Did that counter grow in the last ten seconds? */
bool finding_grows(const struct findings *f, enum host_value v);

/* finding_text.c: title, evidence, subject and filter */
void finding_say(const struct findings *f, const struct tally *t,
		 struct finding *out);

static inline struct tally_key tally_key(enum finding_id kind)
{
	return (struct tally_key){ .kind = (uint8_t)kind };
}

static inline bool tally_of_queues(unsigned kind)
{
	return kind == FINDING_PEER_NOT_READING ||
	       kind == FINDING_NOT_READING || kind == FINDING_RETRANSMITTING;
}

#endif
