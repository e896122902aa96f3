/*
 * group.h - by what sockets can be grouped, declared once
 *
 * A kind of group is one entry of groups[]: its names, the letter that picks
 * it, what data it needs, and what a socket's key is.  Sockets with equal keys
 * are one group.  What is not known has a key, too: the counts of all groups
 * add up to all sockets.  The menu, --group, JSON, CSV, the help page and the
 * manual page come from the table; pivot.h counts.
 *
 * A restriction is a group one has gone into: a kind and a key.
 *
 * An IPv4 address is the same group on an IPv6 socket (::ffff:127.0.0.1): the
 * question is which host it is, not how the program listens.
 */
#ifndef VIEW_GROUP_H
#define VIEW_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/column.h"

enum group_id {
	GROUP_NONE,		/* sockets, each by itself */
	GROUP_PORT, GROUP_PROCESS, GROUP_PROGRAM, GROUP_SERVICE,
	GROUP_REMOTE, GROUP_PREFIX,
	GROUP_REMOTE_PORT, GROUP_LOCAL, GROUP_STATE, GROUP_USER,
	GROUP_COUNT,
};

enum { GROUP_KEY_WORDS = 3 };

/* Compared word by word, keys are in an order that makes sense. */
struct group_key {
	uint64_t word[GROUP_KEY_WORDS];
};

struct restriction {
	uint8_t group;		/* enum group_id, not GROUP_NONE */
	struct group_key key;
};

enum { GROUP_FIELDS = 2 };

/* What names a group beside its key: the owner of one of its sockets. */
struct group_owner {
	uint32_t set;		/* its first process is the group's, where the
				   group is by process or program */
	bool last;		/* all of them are last known owners */
};

struct group_info {
	const char *name;	/* for --group: "remote-port" */
	const char *alias;	/* other names, comma separated; NULL none */
	const char *title;	/* of the column: "PORT" */
	const char *menu;	/* "service port" */
	const char *by;		/* "by port": in the breadcrumb */
	const char *one, *many;	/* "port", "ports": so many groups */
	const char *crumb;	/* before the name of one: "port"; "" nothing */
	const char *help;	/* one line, for people */
	char letter;		/* picks it in the menu */
	unsigned needs;		/* enum need */
	uint8_t min;		/* columns its name wants at least */
	bool middle;		/* a long name is cut in the middle */
	bool owners;		/* the name is that of a process: PROCESS would
				   say it twice */
	bool by_owner;		/* of a real owner set all sockets are in one */
	bool states;		/* each group is one state: columns of states
				   would say it twice */
	void (*key)(struct column_context *c, const struct sock *s,
		    struct group_key *k);
	/* Appends the name of the group, UTF-8. */
	void (*text)(struct column_context *c, const struct group_key *k,
		     const struct group_owner *o, struct buf *out);
	/* What identifies it in JSON and CSV; NULL ends the names. */
	const char *field[GROUP_FIELDS];
	void (*values)(struct column_context *c, const struct group_key *k,
		       const struct group_owner *o, struct value *v);
};

extern const struct group_info groups[GROUP_COUNT];

/* By name or alias, in any case, "-" or "_"; -1: there is none. */
int group_find(const char *name, size_t len);

/* All words, those not used 0. */
void group_key_of(struct column_context *c, enum group_id id,
		  const struct sock *s, struct group_key *k);
/* A key of GROUP_PORT: we connect to it. Such a key means the same to
 * GROUP_REMOTE_PORT. */
bool group_port_is_theirs(const struct group_key *k);
/* The name of a group, ASCII if c->ascii. Appends. */
void group_text(struct column_context *c, enum group_id id,
		const struct group_key *k, const struct group_owner *o,
		struct buf *out);

static inline bool group_key_equal(const struct group_key *a,
				   const struct group_key *b)
{
	for (int i = 0; i < GROUP_KEY_WORDS; i++)
		if (a->word[i] != b->word[i])
			return false;
	return true;
}

/*
 * Word 0 of a key of GROUP_PORT: our port where others connect to us, theirs
 * where we connect, and 1 below it if it is theirs.
 */
static inline uint64_t group_port_word(const struct sock *s)
{
	const struct sock_id *id = &s->row.id;
	bool theirs = s->direction == DIR_OUT && s->row.state != STATE_LISTEN;

	return theirs ? (uint64_t)id->remote_port << 1 | 1 :
			(uint64_t)id->local_port << 1;
}

/* Of a million sockets most have that port at neither end: no more is asked of
 * these. */
static inline bool restriction_port(const struct restriction *r,
				    const struct sock *s)
{
	uint64_t word = r->key.word[0];

	return word >> 1 == (word & 1 ? s->row.id.remote_port :
					s->row.id.local_port) &&
	       word == group_port_word(s);
}

bool restriction_other(struct column_context *c, const struct restriction *r,
		       const struct sock *s);
static inline bool restriction_match(struct column_context *c,
				     const struct restriction *r,
				     const struct sock *s)
{
	return r->group == GROUP_PORT ? restriction_port(r, s) :
					restriction_other(c, r, s);
}

#endif
