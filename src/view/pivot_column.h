/*
 * pivot_column.h - what can be said of a group, declared once
 *
 * A column of a pivot is one entry of pivot_columns[]; the screen, text, JSON,
 * CSV, --sort, the sort menu and the help come from it, as with columns[].
 */
#ifndef VIEW_PIVOT_COLUMN_H
#define VIEW_PIVOT_COLUMN_H

#include "view/fit.h"
#include "view/pivot.h"

enum pivot_column_id {
	PCOL_GROUP, PCOL_PROCESS, PCOL_TOTAL,
	PCOL_LISTEN, PCOL_SYN_SENT, PCOL_SYN_RECV, PCOL_ESTABLISHED,
	PCOL_CLOSE_WAIT, PCOL_FIN_WAIT, PCOL_CLOSING, PCOL_LAST_ACK,
	PCOL_TIME_WAIT, PCOL_CLOSE, PCOL_BOUND, PCOL_OTHER,
	PCOL_REST,		/* the states that have no room */
	PCOL_OPENED, PCOL_CLOSED, PCOL_QUEUE,
	PIVOT_COLUMN_COUNT,
};

/* whose group it is */
struct pivot_context {
	struct column_context *c;
	const struct pivot *p;
	bool no_process;	/* is not shown */
	unsigned rest;		/* STATE_BIT()s that PCOL_REST counts */
};

struct pivot_column {
	const char *name;	/* in --sort: "opened" */
	const char *alias;	/* other names, comma separated; NULL none */
	const char *json;	/* JSON key, where it is one; else NULL */
	const char *title;	/* NULL: the group's */
	const char *help;
	enum text_align align;
	uint8_t min, norm, max;	/* columns; max 0: no limit */
	uint8_t keep;		/* which leave a narrow screen: lowest first */
	bool descending;	/* biggest first is what people want to see */
	bool rate;		/* at least, where the pivot says so */
	unsigned states;	/* STATE_BIT()s it counts; 0 no state */
	void (*text)(const struct pivot_context *x, const struct group *g,
		     struct buf *out);
	/* Its place in the order, KEY_UNKNOWN if it is not known; NULL: the
	 * column has a key of several words. */
	uint64_t (*rank)(const struct pivot_context *x, const struct group *g);
};

extern const struct pivot_column pivot_columns[PIVOT_COLUMN_COUNT];

/* by name or alias, any case; -1 if there is none */
int pivot_column_find(const char *name, size_t len);
/* Does it say something of groups of that kind that they do not say
 * themselves? */
bool pivot_column_useful(enum pivot_column_id id, enum group_id group);
/* "PORT", "OPEN/S"; "≥OPEN/S" when it is at least: title[24], returned */
const char *pivot_column_title(char *title, enum pivot_column_id id,
			       const struct pivot *p, bool ascii);
/* One cell, unfitted. Appends. */
void pivot_column_text(const struct pivot_context *x, enum pivot_column_id id,
		       const struct group *g, struct buf *out);
/* As column_key(). */
void pivot_column_key(const struct pivot_context *x, enum pivot_column_id id,
		      bool reverse, const struct group *g, uint64_t *key);
/* Sockets of these states (STATE_BIT()s); -1 none of them can be known. */
int64_t group_states(const struct pivot_context *x, const struct group *g,
		     unsigned states);
/* per second; negative unknown */
double group_rate(const struct pivot *p, uint32_t changes);

/*
 * Chooses the columns for a line of that width.  States that no group has
 * (used: those that have some) leave first; if others must leave, PCOL_REST
 * comes, and counts what x->rest is set to.  No number is cut.  content: the
 * widest text of each column seen, by id; NULL unknown.  The ids in f are enum
 * pivot_column_id.
 */
void pivot_fit(struct fit *f, struct pivot_context *x, unsigned used,
	       const uint16_t *content, int width, int gap);

#endif
