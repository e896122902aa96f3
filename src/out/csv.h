/*
 * csv.h - what samples and groups have in common in CSV
 */
#ifndef OUT_CSV_H
#define OUT_CSV_H

#include "out/formats.h"

/* Quoted where it must be. */
void csv_text(struct buf *out, const char *text);
/* "nginx[1201];nginx[1234]"; in parentheses when they are the last known */
void csv_owners(struct buf *out, const struct owners *o, uint32_t set,
		bool last);
/* The first field, and its comma, where samples are repeated. */
void csv_time(struct buf *out, const struct out_options *o,
	      const struct monitor *m);

/* csv_groups.c */
void csv_groups_begin(struct buf *out, const struct out_options *o);
void csv_groups(struct buf *out, const struct out_options *o,
		const struct view *v, struct column_context *c);

#endif
