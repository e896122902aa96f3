/*
 * text_rows.h - the lines of a table whose columns are as wide as they will be
 */
#ifndef OUT_TEXT_ROWS_H
#define OUT_TEXT_ROWS_H

#include <string.h>

#include "out/formats.h"
#include "view/fit.h"

struct text_table {
	const struct out_options *options;
	const struct view *view;
	const struct column_context *context;
	struct fit fit;
	bool whole[COLUMN_COUNT];	/* of fit: no cell is wider than its
					   column */
	int gap;			/* between two columns */
};

enum {
	/* Sockets in the order of a view come from all over memory: so many
	 * rows ahead they are fetched. */
	TEXT_SOON = 8,
	/* share()d by up to so many pieces at a time, of so many rows or, to
	 * be measured, more */
	TEXT_PIECES = 8, TEXT_PIECE_ROWS = 2048,
};

/* How many pieces of those, the last one perhaps empty. */
static inline unsigned text_pieces(size_t rows)
{
	return rows < (TEXT_PIECES - 1) * TEXT_PIECE_ROWS ?
	       (unsigned)(rows / TEXT_PIECE_ROWS + 1) : TEXT_PIECES;
}

void text_titles(struct buf *out, const struct text_table *t);
/* Of the sockets of the view that live. */
void text_rows(struct buf *out, const struct text_table *t);

/* Of text[len], a string. Nearly all is ASCII, which is seen eight bytes at a
 * time. */
static inline int text_width(const char *text, size_t len)
{
	uint64_t word, all = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, text + i, sizeof(word));
		all |= word;
	}
	for (; i < len; i++)
		all |= (uint64_t)(unsigned char)text[i];
	return all & UINT64_C(0x8080808080808080) ? utf8_width(text) : (int)len;
}

#endif
