#include "view/fit.h"

#include <string.h>

#include "base/text.h"

struct wish {
	uint16_t base, want;	/* columns: the least, and enough */
	bool stays;
};

/* What is in a column may need less than its least width, never less than its
 * title does. */
static void make_wish(struct wish *w, const struct shape *col, unsigned seen)
{
	unsigned title = (unsigned)utf8_width(col->title);
	unsigned want = col->norm;

	if (seen) {
		want = seen > title ? seen : title;
		if (col->max && want > col->max)
			want = col->max;
	}
	w->want = (uint16_t)want;
	w->base = want < col->min ? w->want : col->min;
	w->stays = true;
}

static int total_of(const struct wish *w, int count, int gap)
{
	int total = 0;

	for (int i = 0; i < count; i++)
		if (w[i].stays)
			total += w[i].base + (total ? gap : 0);
	return total;
}

/* The one that leaves next; the one to the right when two are alike. */
static int least_kept(const struct wish *w, const struct shape *shapes,
		      int count)
{
	int least = -1;

	for (int i = 0; i < count; i++)
		if (w[i].stays && (least < 0 || shapes[i].keep <=
						shapes[least].keep))
			least = i;
	return least;
}

static void drop_columns(struct wish *w, const struct shape *shapes, int count,
			 int width, int gap)
{
	for (int left = count; left > 1; left--) {
		if (total_of(w, count, gap) <= width)
			return;
		w[least_kept(w, shapes, count)].stays = false;
	}
	/* the last one takes what there is */
	for (int i = 0; i < count; i++)
		if (w[i].stays && w[i].base > width)
			w[i].base = w[i].want = (uint16_t)width;
}

/* who gets what is left over, one after the other */
enum stage {
	STAGE_NUMBERS,		/* a cut number says nothing */
	STAGE_USUAL,		/* all of them, up to their usual width */
	STAGE_ADDRESSES,
	STAGE_REST,
	STAGE_COUNT,
};

static uint16_t limit_of(const struct wish *w, const struct shape *col,
			 enum stage stage)
{
	switch (stage) {
	case STAGE_NUMBERS:
		return col->align == ALIGN_RIGHT ? w->want : 0;
	case STAGE_USUAL:
		return w->want < col->norm ? w->want : col->norm;
	case STAGE_ADDRESSES:
		return col->middle ? w->want : 0;
	default:
		return w->want;
	}
}

/* One column each in turn, so that two addresses stay alike in width. */
static int grow(struct wish *w, const struct shape *shapes, int count,
		enum stage stage, int spare)
{
	bool grown = true;

	while (spare > 0 && grown) {
		grown = false;
		for (int i = 0; i < count && spare > 0; i++) {
			if (!w[i].stays ||
			    w[i].base >= limit_of(&w[i], &shapes[i], stage))
				continue;
			w[i].base++;
			spare--;
			grown = true;
		}
	}
	return spare;
}

void fit_shapes(struct fit *f, const struct shape *shapes,
		const uint16_t *content, int count, int width, int gap)
{
	struct wish w[COLUMN_COUNT];
	int spare;

	memset(f, 0, sizeof(*f));
	if (count > COLUMN_COUNT)
		count = COLUMN_COUNT;
	if (count <= 0 || width <= 0)
		return;
	for (int i = 0; i < count; i++)
		make_wish(&w[i], &shapes[i], content ? content[i] : 0);
	drop_columns(w, shapes, count, width, gap);
	spare = width - total_of(w, count, gap);
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
		spare = grow(w, shapes, count, stage, spare);

	for (int i = 0; i < count; i++) {
		if (!w[i].stays)
			continue;
		f->id[f->count] = (uint8_t)i;
		f->width[f->count] = w[i].base;
		f->count++;
	}
	f->total = total_of(w, count, gap);
}

struct shape shape_of_column(enum column_id id)
{
	const struct column *col = &columns[id];

	return (struct shape){
		.title = col->title, .align = col->align, .min = col->min,
		.norm = col->norm, .max = col->max, .keep = col->keep,
		.middle = col->middle,
	};
}

void fit_columns(struct fit *f, const uint8_t *ids, const uint16_t *content,
		 int count, int width, int gap)
{
	struct shape shapes[COLUMN_COUNT];

	if (count > COLUMN_COUNT)
		count = COLUMN_COUNT;
	for (int i = 0; i < count; i++)
		shapes[i] = shape_of_column(ids[i]);
	fit_shapes(f, shapes, content, count, width, gap);
	for (int i = 0; i < f->count; i++)
		f->id[i] = ids[f->id[i]];
}
