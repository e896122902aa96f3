/*
 * format.h - numbers as people read them
 */
#ifndef VIEW_FORMAT_H
#define VIEW_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* "0.4s" "59s" "12m04s" "3h07m" "2d05h" "41d" "3y": 2 to 6 columns, cut and not
 * rounded. ns; negative as 0. */
void format_duration(struct buf *out, int64_t ns);
/* "2,431" */
void format_count(struct buf *out, uint64_t n);
/* "999" "1.2k" "34M" at most 4 columns, powers of 1000 */
void format_short(struct buf *out, uint64_t n);
/* "128/s" "0.3/s" "<0.1/s" "0/s"; negative: "-" */
void format_rate(struct buf *out, double per_second);
/* share 0…1 as "0.3%"; negative: "-" */
void format_percent(struct buf *out, double share);
/* "12:03:06" or with ms "12:03:06.812", local time */
void format_clock(struct buf *out, int64_t wall_ns, bool ms);
/* RFC 3339 with ms and offset: "2026-11-22T12:03:06.812+00:00" */
void format_rfc3339(struct buf *out, int64_t wall_ns);

/* Puts a '?' for each character from byte `from` on that is not ASCII, for
 * terminals that could not show it. */
void format_ascii(struct buf *out, size_t from);

#endif
