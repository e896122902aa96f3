#include "view/order_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/share.h"
#include "view/parting.h"
#include "view/place_sort.h"

/* A piece is sorted whole up to this many rows: a millisecond or two.  Up to
 * that many it is parted into many, or sorted if most of it is looked at; larger
 * ones are cut around what is looked at. */
enum { SORT_MAX = 16384, PART_MAX = 65536 };

/* Where of a sample of 2048 a row is, is known to 22 (one sigma). */
enum { ERROR_BY_NUMBER = 72, ERROR_BY_PLACE = 8 };

/* The rows of a piece are from all over the table. */
enum { SOON = 12 };

static void place_rows(const struct order_by *by, const uint32_t *rows,
		       uint32_t n, struct place *places)
{
	for (uint32_t k = 0; k < n; k++) {
		if (k + SOON < n)
			by->soon(by->arg, &rows[k + SOON], 1);
		by->place(by->arg, rows[k], &places[k]);
	}
}

/* How many of n rows to look at now; those after them are fetched meanwhile. */
static uint32_t next_batch(const struct order_by *by, const uint32_t *rows,
			   uint32_t n)
{
	if (n <= ORDER_BATCH)
		return n;
	by->soon(by->arg, rows + ORDER_BATCH,
		 n < 2 * ORDER_BATCH ? n - ORDER_BATCH : ORDER_BATCH);
	return ORDER_BATCH;
}

/* ---- sorting ---- */

static bool is_small(const struct order *o, size_t i)
{
	return o->pieces[i].end - order_start(o, i) <= SORT_MAX;
}

static void sort_piece(struct order *o, const struct order_by *by, size_t i)
{
	uint32_t start = order_start(o, i), n = o->pieces[i].end - start;
	uint32_t *rows = mem_array(NULL, n, sizeof(*rows));
	struct place *places = mem_lines(n, sizeof(*places));
	struct keyed *sorted;

	memcpy(rows, o->rows + start, n * sizeof(*rows));
	place_rows(by, rows, n, places);
	sorted = places_sorted(places, n);
	for (uint32_t k = 0; k < n; k++)
		o->rows[start + k] = rows[sorted[k].i];
	o->pieces[i].sorted = true;
	free(sorted);
	free(places);
	free(rows);
}

/* neighbours to be sorted, each by one of two threads */
struct sorting {
	struct order *order;
	const struct order_by *by;
	size_t first;
};

static void sort_one(void *arg, unsigned i)
{
	const struct sorting *s = arg;

	if (!s->order->pieces[s->first + i].sorted)
		sort_piece(s->order, s->by, s->first + i);
}

bool order_sort_pieces(struct order *o, const struct order_by *by, size_t i,
		       size_t to)
{
	struct sorting s = { o, by, i };

	for (; i < o->piece_count && order_start(o, i) < to; i++)
		if (!is_small(o, i))
			break;
	share((unsigned)(i - s.first), sort_one, &s);
	return i > s.first;
}

/* ---- parting ---- */

static struct place *sample_of(const struct order *o, const struct order_by *by,
			       size_t i)
{
	uint32_t start = order_start(o, i), n = o->pieces[i].end - start;
	struct place *sample = mem_array(NULL, PARTING_SAMPLE, sizeof(*sample));
	uint32_t rows[PARTING_SAMPLE];

	for (uint32_t k = 0; k < PARTING_SAMPLE; k++)
		rows[k] = o->rows[start + (uint64_t)k * n / PARTING_SAMPLE];
	place_rows(by, rows, PARTING_SAMPLE, sample);
	place_sort(sample, PARTING_SAMPLE);
	return sample;
}

/* It stays one part only where all rows have the same place, as those that are
 * gone. */
static void replace_piece(struct order *o, size_t i, const struct part *part,
			  unsigned parts)
{
	uint32_t start = order_start(o, i), n = o->pieces[i].end - start;
	const struct place from = o->pieces[i].from;
	const struct place *next = i + 1 < o->piece_count ?
				   &o->pieces[i + 1].from : NULL;
	struct part first[PARTS_MAX];

	/* rows that changed while the order was held may be out of its bounds */
	for (unsigned k = 0; k < parts; k++) {
		first[k] = part[k];
		if (!k || place_compare(&first[k].from, &from) < 0)
			first[k].from = from;
		else if (next && place_compare(next, &first[k].from) < 0)
			first[k].from = *next;
	}
	order_pieces(o, i, i + 1, start, first, parts);
	o->pieces[i].sorted |= o->pieces[i].end - start == n;
}

/* The rows to where their parts begin, the first ones first. */
static void scatter(uint32_t *rows, const uint8_t *in, uint32_t n,
		    const struct part *part)
{
	uint32_t *from = mem_large(n, sizeof(*from));
	uint32_t at[PARTS_MAX], sum = 0;

	memcpy(from, rows, n * sizeof(*from));
	for (unsigned k = 0; k < PARTS_MAX; k++) {
		at[k] = sum;
		sum += part[k].size;
	}
	for (uint32_t k = 0; k < n; k++)
		rows[at[in[k]]++] = from[k];
	mem_large_free(from);
}

/* in: the part of each row; part: where those begin */
static void split(struct order *o, size_t i, const uint8_t *in,
		  struct part part[PARTS_MAX], unsigned parts)
{
	uint32_t start = order_start(o, i), n = o->pieces[i].end - start;

	for (uint32_t k = 0; k < n; k++)
		part[in[k]].size++;
	scatter(o->rows + start, in, n, part);
	replace_piece(o, i, part, parts);
}

static struct parts *parts_of(const struct order *o, const struct order_by *by,
			      size_t i)
{
	struct parts *p = mem_alloc(sizeof(*p));
	struct place *sample = sample_of(o, by, i);

	parting_begin(&p->parting, sample, PARTING_SAMPLE);
	p->in = mem_large(o->pieces[i].end - order_start(o, i), sizeof(*p->in));
	free(sample);
	return p;
}

struct parts *order_piece_parts(const struct order *o,
				const struct order_by *by, size_t i)
{
	if (o->pieces[i].end - order_start(o, i) <= PART_MAX)
		return NULL;
	return parts_of(o, by, i);
}

void order_part_piece(struct order *o, size_t i, const struct parts *p)
{
	struct part part[PARTS_MAX] = { 0 };

	for (unsigned k = 0; k < parting_parts(&p->parting); k++)
		part[k].from = parting_from(&p->parting, k);
	split(o, i, p->in, part, parting_parts(&p->parting));
}

void parts_free(struct parts *p)
{
	if (!p)
		return;
	mem_large_free(p->in);
	free(p);
}

/* Rows that two threads look at, a piece of them each. */
struct telling {
	const struct order_by *by;
	const uint32_t *rows;
	uint32_t n;
	unsigned pieces;
	const struct cuts *cuts;	/* which of them are at or before it, */
	const struct parting *parting;	/* or, if NULL: the part it is in */
	uint8_t *in;
};

static void tell_piece(void *arg, unsigned piece)
{
	const struct telling *t = arg;
	uint32_t k = (uint32_t)share_from(t->n, t->pieces, piece);
	uint32_t end = (uint32_t)share_from(t->n, t->pieces, piece + 1);

	for (uint32_t batch; k < end; k += batch) {
		batch = next_batch(t->by, t->rows + k, end - k);
		if (t->cuts)
			t->by->past(t->by->arg, t->rows + k, batch, t->cuts,
				    t->in + k);
		else
			t->by->part(t->by->arg, t->rows + k, batch, t->parting,
				    t->in + k);
	}
}

/* Fewer are not worth waking somebody. */
enum { TELL_ALONE = 8192, TELL_PIECES = 16 };

static void tell(struct telling *t, const struct order *o, size_t i)
{
	t->rows = o->rows + order_start(o, i);
	t->n = o->pieces[i].end - order_start(o, i);
	t->pieces = t->n > TELL_ALONE ? TELL_PIECES : 1;
	share(t->pieces, tell_piece, t);
}

static void part_into_many(struct order *o, const struct order_by *by, size_t i)
{
	struct parts *p = parts_of(o, by, i);
	struct telling t = { .by = by, .parting = &p->parting, .in = p->in };

	tell(&t, o, i);
	order_part_piece(o, i, p);
	parts_free(p);
}

static void cut(struct order *o, const struct order_by *by, size_t i,
		const struct cuts *c)
{
	uint8_t *past = mem_alloc(o->pieces[i].end - order_start(o, i));
	struct telling t = { .by = by, .cuts = c, .in = past };
	struct part part[PARTS_MAX] = { 0 };

	tell(&t, o, i);
	for (unsigned k = 0; k < c->count; k++)
		part[k + 1].from = c->at[k];
	split(o, i, past, part, c->count + 1);
	free(past);
}

/* Cuts at the sample's low-th and high-th, as far as it has them. */
static void cut_around(struct order *o, const struct order_by *by, size_t i,
		       const struct place *sample, long low, long high)
{
	struct cuts c = { .count = 0 };

	if (low > 0)
		c.at[c.count++] = sample[low];
	if (high < PARTING_SAMPLE)
		c.at[c.count++] = sample[high];
	cut(o, by, i, &c);
}

static bool refine_small(struct order *o, const struct order_by *by, size_t i,
			 size_t looked_at)
{
	uint32_t n = o->pieces[i].end - order_start(o, i);

	if (is_small(o, i) || (n <= PART_MAX && looked_at > n / 2))
		sort_piece(o, by, i);
	else if (n <= PART_MAX || looked_at > n / 8)
		part_into_many(o, by, i);
	else
		return false;
	return true;
}

void order_refine(struct order *o, const struct order_by *by, size_t i,
		  size_t from, size_t to)
{
	uint32_t start = order_start(o, i), end = o->pieces[i].end;
	uint64_t n = end - start;
	struct place *sample;

	if (to > end)
		to = end;
	if (refine_small(o, by, i, to - from))
		return;
	sample = sample_of(o, by, i);
	cut_around(o, by, i, sample,
		   (long)((from - start) * PARTING_SAMPLE / n) -
		   ERROR_BY_NUMBER,
		   (long)((to - start) * PARTING_SAMPLE / n) + ERROR_BY_NUMBER);
	free(sample);
}

void order_refine_row(struct order *o, const struct order_by *by, size_t i,
		      uint32_t row)
{
	struct place *sample, at;
	long before = 0;

	if (refine_small(o, by, i, 1))
		return;
	sample = sample_of(o, by, i);
	by->place(by->arg, row, &at);
	while (before < PARTING_SAMPLE &&
	       place_compare(&sample[before], &at) < 0)
		before++;
	cut_around(o, by, i, sample, before - ERROR_BY_PLACE,
		   before + ERROR_BY_PLACE);
	free(sample);
}
