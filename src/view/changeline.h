/*
 * changeline.h - how one change reads, on the screen and in text
 */
#ifndef VIEW_CHANGELINE_H
#define VIEW_CHANGELINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "view/column.h"

/* "+ opened", "~ ESTABLISHED → CLOSE_WAIT", "− TIME_WAIT → closed": how a
 * change reads, for text and screen. */
void changeline_what(struct buf *out, const struct change *ch, bool ascii);
/* "10.0.0.5:443 ← 203.0.113.9:51234" */
void changeline_ends(struct buf *out, const struct column_context *c,
		      const struct change *ch, bool ascii);
/* "12:03:06.812" exact, "12:03:05–06" between */
void changeline_time(struct buf *out, const struct monitor *m,
		 const struct change *ch, bool ascii);

/* "after 3.2 s" "after ≥ 3.2s"; nothing when the dwell time is unknown */
void changeline_dwell(struct buf *out, const struct change *ch, bool ascii);
/* "nginx[1234] +3", "(app[77])" when it is the last known, "…", "-", "?";
 * also what the owner column prints */
void owner_text(struct buf *out, const struct owners *o, uint32_t set,
		bool last_known, bool ascii);
/* the owner as known now: of the live socket if there is one, else as logged */
void changeline_owner(struct buf *out, const struct monitor *m,
		      const struct change *ch, bool ascii);

#endif
