/*
 * out.h - printing without a screen: text, JSON, CSV
 *
 * A format is one entry of out_formats[].  Everything is appended to a buf;
 * the caller writes it out and sees the errors.  Text may be plain ASCII, for
 * locales that have no more; JSON and CSV are UTF-8 always.
 *
 * A sample has the sockets of the view that are alive; the counts of states
 * beside them are those of the whole host, whatever the view leaves out.  The
 * counts of a summary are those of the view if it has a filter, else the whole
 * host's.
 */
#ifndef OUT_OUT_H
#define OUT_OUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/monitor.h"
#include "view/finding.h"
#include "view/view.h"

struct out_options {
	uint8_t columns[COLUMN_COUNT];
	int column_count;
	int width;		/* of the terminal; 0: as wide as needed */
	bool ascii;		/* the locale cannot print UTF-8 */
	bool names;		/* -r */
	bool header;		/* titles (text, csv) */
	enum group_id group;	/* of the view's samples */
	bool group_owners;	/* who holds them is told */
	bool columns_chosen;	/* by --columns; else JSON prints all it has */
	const char *filter;	/* safe text of what the view was asked to
				   show only; NULL: all there is */
	bool repeated;		/* more samples follow: each tells its time */
	/* Writes out what was appended and empties the buf, so that a million
	 * sockets are never text all at once; NULL: the text is kept. */
	void (*drain)(void *arg, struct buf *out);
	void *drain_arg;
};

enum out_what { OUT_SAMPLES, OUT_SUMMARIES, OUT_CHANGES };

struct out_format {
	const char *name;		/* for --format */
	const char *help;
	bool counts;			/* a sample also counts what it does
					   not show */
	/* called once before the first one; NULL none */
	void (*begin)(struct buf *out, const struct out_options *o,
		      enum out_what what);
	/* NULL, and all below: known by name, but not in this build.
	 * One sample: v was updated. first: the first one of the run. */
	void (*sample)(struct buf *out, const struct out_options *o,
		       const struct view *v, struct column_context *c,
		       bool first);
	/* The per-state counters only. v need not be updated. */
	void (*summary)(struct buf *out, const struct out_options *o,
			const struct view *v, struct column_context *c,
			bool first);
	void (*change)(struct buf *out, const struct out_options *o,
		       struct column_context *c, const struct change *ch);
	/* NULL: not in this format */
	void (*findings)(struct buf *out, const struct out_options *o,
			 const struct findings *f, const struct monitor *m);
};

extern const struct out_format out_formats[];
extern const int out_format_count;
/* NULL if there is none of that name */
const struct out_format *out_format_find(const char *name);

/* Appends why not everything could be shown, the owners hidden from us
 * included; nothing when everything was. */
void out_partial(struct buf *out, const struct monitor *m);

#endif
