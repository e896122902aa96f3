/*
 * fit.h - which columns fit into a line, and how wide each is
 *
 * Columns leave a narrow line in the order of their `keep`; what is left over
 * goes to those whose content wants it, one column at a time: first to numbers,
 * then to all up to their usual width, then to addresses, then to the rest.
 */
#ifndef VIEW_FIT_H
#define VIEW_FIT_H

#include <stdint.h>

#include "view/column.h"

/* what fitting has to know of a column */
struct shape {
	const char *title;
	enum text_align align;
	uint8_t min, norm, max, keep;	/* as in struct column */
	bool middle;
};

struct fit {
	uint8_t id[COLUMN_COUNT];
	uint16_t width[COLUMN_COUNT];
	int count;
	int total;		/* columns of the line, gaps included */
};

/*
 * ids[count]: columns wanted in their order; content[i]: the widest text seen
 * for ids[i], 0 unknown (content NULL: all); width of the line, gap between
 * columns.  At least one column stays, unless width is 0 or less.
 */
void fit_columns(struct fit *f, const uint8_t *ids, const uint16_t *content,
		 int count, int width, int gap);
struct shape shape_of_column(enum column_id id);
/* The same for columns of another kind: shapes[count <= COLUMN_COUNT]; the ids
 * in f are numbers of shapes. */
void fit_shapes(struct fit *f, const struct shape *shapes,
		const uint16_t *content, int count, int width, int gap);

#endif
