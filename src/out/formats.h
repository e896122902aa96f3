/*
 * formats.h - the formats' entries of out_formats[], and what they share
 */
#ifndef OUT_FORMATS_H
#define OUT_FORMATS_H

#include "out/out.h"
#include "view/pivot_column.h"

/* text.c */
void text_sample(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first);
/* text_groups.c: the same of a view that has groups */
void text_groups(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first);
/* text_line.c */
void text_summary(struct buf *out, const struct out_options *o,
		  const struct view *v, struct column_context *c, bool first);
void text_change(struct buf *out, const struct out_options *o,
		 struct column_context *c, const struct change *ch);
/* The line between samples that says whose the next one is, and how many of
 * the sockets it shows. */
void text_heading(struct buf *out, const struct out_options *o, uint64_t shown,
		  const struct monitor *m, bool first);
/* text_edges.c: the busiest steps; nothing before there was one */
void text_edges(struct buf *out, const struct out_options *o,
		const struct column_context *c);
/* text_findings.c, json_findings.c */
void text_findings(struct buf *out, const struct out_options *o,
		   const struct findings *f, const struct monitor *m);
void json_findings(struct buf *out, const struct out_options *o,
		   const struct findings *f, const struct monitor *m);
/* json.c */
void json_sample(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first);
void json_summary(struct buf *out, const struct out_options *o,
		  const struct view *v, struct column_context *c, bool first);
/* json_change.c */
void json_change(struct buf *out, const struct out_options *o,
		 struct column_context *c, const struct change *ch);
/* csv.c */
void csv_begin(struct buf *out, const struct out_options *o,
	       enum out_what what);
void csv_sample(struct buf *out, const struct out_options *o,
		const struct view *v, struct column_context *c, bool first);
void csv_summary(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first);
void csv_change(struct buf *out, const struct out_options *o,
		struct column_context *c, const struct change *ch);

/* After each row: a good piece is drained. */
void out_row_done(struct buf *out, const struct out_options *o);
/* Appends a piece and empties it, or drains what was there and then the piece. */
void out_piece(struct buf *out, const struct out_options *o, struct buf *piece);
/* Wall clock ns of the newest pass, or of now when there was none. */
int64_t out_time(const struct monitor *m);
/* The sockets a summary counts: those that the view would have.  It need not
 * be updated, as putting them in order is most of that work. */
void out_counts(struct table_counts *n, const struct out_options *o,
		const struct view *v, struct column_context *c);
/* Sockets in states without a name are counted under this one. */
#define OUT_OTHER_STATE	"other"
/*
 * The columns of JSON and CSV: as chosen, but an address and its port are two.
 * all: every column there is. ids[COLUMN_COUNT]; returns how many.
 */
int out_fields(const struct out_options *o, bool all, uint8_t *ids);

#endif
