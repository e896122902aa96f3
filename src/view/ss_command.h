/*
 * ss_command.h - what is shown, as a command line of ss(8)
 *
 *	ss_command(&out, &view, &ctx, needs)
 *
 * appends for example
 *
 *	ss -tanp state established '( sport = :443 )'
 *
 * which shows the same sockets.  ss puts states beside its expression, not into
 * it: where other things are asked of one state than of another, it takes more
 * than one command, joined by ";".
 */
#ifndef VIEW_SS_COMMAND_H
#define VIEW_SS_COMMAND_H

#include <stdbool.h>

#include "base/buf.h"
#include "view/view.h"

/*
 * needs: enum need bits of the columns shown, which become options.  Returns
 * whether ss shows the same; false: it has no words for a part of the filter and
 * shows more, or (nothing appended) it would take too many of them.  BOUND
 * sockets are left aside: ss had no word for them before 6.8.
 */
bool ss_command(struct buf *out, const struct view *v,
		struct column_context *c, unsigned needs);

#endif
