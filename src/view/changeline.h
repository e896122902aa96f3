/*
 * changeline.h - how one change reads, on the screen and in text
 *
 * Each function appends one part of the line; nothing pads or cuts.
 */
#ifndef VIEW_CHANGELINE_H
#define VIEW_CHANGELINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "view/column.h"

/* "+ opened", "+ opened LISTEN" (other than ESTABLISHED),
 * "~ ESTABLISHED → CLOSE_WAIT", "− TIME_WAIT → closed" */
void changeline_what(struct buf *out, const struct change *ch, bool ascii);
/* "10.0.0.5:443 ← 203.0.113.9:51234"; a listener's own end alone */
void changeline_ends(struct buf *out, const struct column_context *c,
		     const struct change *ch, bool ascii);
/* the same, the arrow at least local_width columns from the beginning */
void changeline_ends_aligned(struct buf *out, const struct column_context *c,
			     const struct change *ch, int local_width,
			     bool ascii);
/*
 * "12:03:06.812" exact, "12:03:05–06" between those seconds, "12:03:06.1–4"
 * between tenths of one second; "12:03:05–06?" inferred.  12 columns as a rule.
 */
void changeline_time(struct buf *out, const struct monitor *m,
		     const struct change *ch, bool ascii);
/* "after 3.2s" "after ≥3.2s"; nothing when the dwell time is unknown */
void changeline_dwell(struct buf *out, const struct change *ch, bool ascii);
/* the owner as known now: of the live socket if there is one, else as logged */
void changeline_owner(struct buf *out, const struct monitor *m,
		      const struct change *ch, bool ascii);
/* the set changeline_owner() tells; *last: it is the last known */
uint32_t change_owner(const struct monitor *m, const struct change *ch,
		      bool *last);

/* "nginx[1201] +3", "(app[77])" when it is the last known, "…", "-", "?" */
void owner_text(struct buf *out, const struct owners *o, uint32_t set,
		bool last_known, bool ascii);
/* The same of a socket, or "(in accept queue)": what the owner column prints. */
void sock_owner_text(struct buf *out, const struct owners *o,
		     const struct sock *s, bool ascii);

#endif
