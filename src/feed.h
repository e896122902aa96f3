/*
 * feed.h - the changes that were not written yet, as text
 *
 * The change log is bounded: whoever follows it asks soon, or misses some and
 * is told how many.
 *
 *	struct feed f = { .log = monitor->log, ... };
 *	if (feed_fresh(&f))
 *		feed_take(&f, &text);		and write text
 */
#ifndef FEED_H
#define FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/change.h"
#include "out/out.h"
#include "view/view.h"

struct feed {
	const struct out_format *format;
	const struct out_options *out;
	struct column_context *context;
	const struct view *view;	/* which ones; NULL all */
	const struct change_log *log;
	uint64_t taken;			/* of the log's total */
	uint64_t missed;		/* fell out of the log before that */
};

/* How many were not taken yet? */
uint64_t feed_fresh(const struct feed *f);
/* Adds them to text. */
void feed_take(struct feed *f, struct buf *text);

#endif
