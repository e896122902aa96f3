/* pivot_fit.c - which columns of groups have room */
#include "view/pivot_column.h"

static int choose(const struct pivot_context *x, bool rest, uint8_t *ids)
{
	int count = 0;

	for (int i = 0; i < PIVOT_COLUMN_COUNT; i++)
		if (pivot_column_useful(i, x->p->group) &&
		    (i != PCOL_REST || rest) &&
		    (i != PCOL_PROCESS || !x->no_process))
			ids[count++] = (uint8_t)i;
	return count;
}

enum { WIDE = 110 };

/* A number or a title that is cut says nothing; on a wide line a name is more
 * than one state more. */
static uint8_t least(const struct pivot_context *x, enum pivot_column_id id,
		     const char *title, unsigned seen, int width)
{
	const struct pivot_column *col = &pivot_columns[id];
	unsigned min = id == PCOL_GROUP ? groups[x->p->group].min : col->min;

	if (col->align == ALIGN_LEFT && width >= WIDE)
		min = col->norm;
	if (min < (unsigned)utf8_width(title))
		min = (unsigned)utf8_width(title);
	if (col->align == ALIGN_RIGHT && min < seen)
		min = seen;
	return min < UINT8_MAX ? (uint8_t)min : UINT8_MAX;
}

static void fit_ids(struct fit *f, const struct pivot_context *x,
		    unsigned used, const uint8_t *ids, int count,
		    const uint16_t *content, int width, int gap)
{
	struct shape shapes[PIVOT_COLUMN_COUNT];
	uint16_t seen[PIVOT_COLUMN_COUNT];
	char title[PIVOT_COLUMN_COUNT][24];

	for (int i = 0; i < count; i++) {
		const struct pivot_column *col = &pivot_columns[ids[i]];
		bool idle = col->states && !(col->states & used);

		pivot_column_title(title[i], ids[i], x->p, x->c->ascii);
		seen[i] = content ? content[ids[i]] : 0;
		shapes[i] = (struct shape){
			.title = title[i], .align = col->align,
			.min = least(x, ids[i], title[i], seen[i], width),
			.norm = col->norm, .max = col->max,
			/* before all others, still in order */
			.keep = idle ? col->keep / 4 : col->keep,
			.middle = ids[i] == PCOL_GROUP &&
				  groups[x->p->group].middle,
		};
	}
	fit_shapes(f, shapes, content ? seen : NULL, count, width, gap);
	for (int i = 0; i < f->count; i++)
		f->id[i] = ids[f->id[i]];
}

/* The states among ids that some group has and f left out. */
static unsigned left_out(const struct fit *f, const uint8_t *ids, int count,
			 unsigned used)
{
	unsigned states = 0;

	for (int i = 0; i < count; i++)
		states |= pivot_columns[ids[i]].states;
	for (int i = 0; i < f->count; i++)
		states &= ~pivot_columns[f->id[i]].states;
	return states & used;
}

void pivot_fit(struct fit *f, struct pivot_context *x, unsigned used,
	       const uint16_t *content, int width, int gap)
{
	uint8_t ids[PIVOT_COLUMN_COUNT];
	int count = choose(x, false, ids);

	fit_ids(f, x, used, ids, count, content, width, gap);
	x->rest = left_out(f, ids, count, used);
	if (!x->rest)
		return;
	count = choose(x, true, ids);
	fit_ids(f, x, used, ids, count, content, width, gap);
	x->rest = left_out(f, ids, count, used);
}
