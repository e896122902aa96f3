#include "view/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/order_part.h"

void order_free(struct order *o)
{
	mem_large_free(o->rows);
	free(o->pieces);
	*o = (struct order){ 0 };
}

struct order order_copy(const struct order *from)
{
	struct order to = *from;

	to.capacity = order_room(to.count);
	to.rows = mem_large(to.capacity, sizeof(*to.rows));
	if (to.count)
		memcpy(to.rows, from->rows, to.count * sizeof(*to.rows));
	to.piece_capacity = to.piece_count;
	to.pieces = mem_array(NULL, to.piece_count, sizeof(*to.pieces));
	if (to.piece_count)
		memcpy(to.pieces, from->pieces,
		       to.piece_count * sizeof(*to.pieces));
	return to;
}

void order_pieces(struct order *o, size_t i, size_t past, uint32_t start,
		  const struct part *part, unsigned parts)
{
	size_t n = 0;

	for (unsigned k = 0; k < parts; k++)
		n += part[k].size != 0;
	if (o->piece_count + n > o->piece_capacity) {
		o->piece_capacity = o->piece_count + n + 16;
		o->pieces = mem_array(o->pieces, o->piece_capacity,
				      sizeof(*o->pieces));
	}
	if (past < o->piece_count)
		memmove(o->pieces + i + n, o->pieces + past,
			(o->piece_count - past) * sizeof(*o->pieces));
	o->piece_count += n - (past - i);
	for (unsigned k = 0; k < parts; k++) {
		if (!part[k].size)
			continue;
		start += part[k].size;
		o->pieces[i++] = (struct piece){
			.from = part[k].from, .end = start,
			.sorted = part[k].size == 1,
		};
	}
	if (o->piece_count)
		memset(&o->pieces[0].from, 0, sizeof(o->pieces[0].from));
}

void order_set(struct order *o, uint32_t *rows, size_t capacity,
	       const struct cuts *cuts, const size_t *size)
{
	struct part part[CUTS_MAX + 1] = { 0 };

	o->count = 0;
	for (unsigned k = 0; k <= cuts->count; k++) {
		part[k].size = (uint32_t)size[k];
		if (k)
			part[k].from = cuts->at[k - 1];
		o->count += size[k];
	}
	mem_large_free(o->rows);
	o->rows = rows;
	o->capacity = capacity;
	order_pieces(o, 0, o->piece_count, 0, part, cuts->count + 1);
}

/* ---- looking ---- */

uint32_t order_start(const struct order *o, size_t piece)
{
	return piece ? o->pieces[piece - 1].end : 0;
}

/* the piece that has the row there */
static size_t piece_at(const struct order *o, size_t row)
{
	size_t low = 0, high = o->piece_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (row < o->pieces[mid].end)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

bool order_piece(const struct order *o, size_t i, size_t *from, size_t *to)
{
	size_t piece = piece_at(o, i);

	*from = order_start(o, piece);
	*to = o->pieces[piece].end;
	return o->pieces[piece].sorted;
}

struct parts *order_parts(const struct order *o, const struct order_by *by,
			  size_t i)
{
	return order_piece_parts(o, by, piece_at(o, i));
}

void order_part(struct order *o, size_t i, const struct parts *p)
{
	order_part_piece(o, piece_at(o, i), p);
}

void order_ready(struct order *o, const struct order_by *by, size_t from,
		 size_t to)
{
	if (to > o->count)
		to = o->count;
	while (from < to) {
		size_t i = piece_at(o, from);

		if (o->pieces[i].sorted)
			from = o->pieces[i].end;
		else if (!order_sort_pieces(o, by, i, to))
			order_refine(o, by, i, from, to);
	}
}

long order_find(const struct order *o, uint32_t row)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->rows[i] == row)
			return (long)i;
	return -1;
}

long order_ready_row(struct order *o, const struct order_by *by, uint32_t row)
{
	long i;

	while ((i = order_find(o, row)) >= 0) {
		size_t piece = piece_at(o, (size_t)i);

		if (o->pieces[piece].sorted)
			break;
		order_refine_row(o, by, piece, row);
	}
	return i;
}

/* ---- leaving ---- */

/* Empty pieces go, and neighbours that are in order become one. */
static void join_pieces(struct order *o)
{
	uint32_t start = 0;
	size_t n = 0;

	for (size_t i = 0; i < o->piece_count; i++) {
		struct piece p = o->pieces[i];

		if (p.end == start)
			continue;
		start = p.end;
		if (n && p.sorted && o->pieces[n - 1].sorted)
			o->pieces[n - 1].end = p.end;
		else
			o->pieces[n++] = p;
	}
	o->piece_count = n;
	if (n)
		memset(&o->pieces[0].from, 0, sizeof(o->pieces[0].from));
}

void order_sift(struct order *o, const uint64_t *bits,
		bool (*keep)(void *arg, uint32_t row), void *arg)
{
	uint32_t *rows = o->rows;
	size_t n = 0, at = 0;

	for (size_t i = 0; i < o->piece_count; i++) {
		for (; at < o->pieces[i].end; at++) {
			uint32_t row = rows[at];

			rows[n] = row;
			n += (bits && !(bits[row / 64] >> row % 64 & 1)) ||
			     keep(arg, row);
		}
		o->pieces[i].end = (uint32_t)n;
	}
	o->count = n;
	join_pieces(o);
}

/* ---- coming ---- */

static void make_room(struct order *o, size_t more)
{
	if (o->count + more <= o->capacity)
		return;
	o->capacity = order_room(o->count + more);
	o->rows = mem_array(o->rows, o->capacity, sizeof(*o->rows));
}

void order_append(struct order *o, const uint32_t *rows, size_t n)
{
	struct part part = { .size = (uint32_t)n };

	if (!n)
		return;
	memset(&part.from, 0xff, sizeof(part.from));
	make_room(o, n);
	memcpy(o->rows + o->count, rows, n * sizeof(*rows));
	order_pieces(o, o->piece_count, o->piece_count, (uint32_t)o->count,
		     &part, 1);
	o->count += n;
}

struct coming {
	struct place at;
	uint32_t row;
	uint32_t before;	/* it goes before the row there */
};

static int by_place(const void *a, const void *b)
{
	const struct coming *x = a, *y = b;

	return place_compare(&x->at, &y->at);
}

/* the last piece that begins at or before it */
static size_t piece_for(const struct order *o, const struct place *at)
{
	size_t low = 0, high = o->piece_count;

	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (place_compare(&o->pieces[mid].from, at) <= 0)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static uint32_t row_for(const struct order *o, const struct order_by *by,
			size_t piece, const struct place *at)
{
	uint32_t low = order_start(o, piece), high = o->pieces[piece].end;
	struct place there;

	if (!o->pieces[piece].sorted)
		return high;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		by->place(by->arg, o->rows[mid], &there);
		if (place_compare(&there, at) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* From the last one on, so that each row is moved once. */
static void put_between(struct order *o, const struct coming *c, size_t n)
{
	uint32_t *rows = o->rows;
	size_t end = o->count;

	o->count += n;
	while (n--) {
		size_t before = c[n].before;

		memmove(rows + before + n + 1, rows + before,
			(end - before) * sizeof(*rows));
		rows[before + n] = c[n].row;
		end = before;
	}
}

void order_insert(struct order *o, const struct order_by *by,
		  const uint32_t *rows, size_t n)
{
	struct coming *c;
	size_t piece = 0;
	uint32_t come = 0;

	if (!n)
		return;
	if (!o->piece_count) {
		order_append(o, rows, n);
		memset(&o->pieces[0].from, 0, sizeof(o->pieces[0].from));
		return;
	}
	c = mem_array(NULL, n, sizeof(*c));
	for (size_t i = 0; i < n; i++) {
		c[i].row = rows[i];
		by->place(by->arg, rows[i], &c[i].at);
	}
	qsort(c, n, sizeof(*c), by_place);
	make_room(o, n);
	/* ends are those of before up to the last piece that was come to */
	for (size_t i = 0; i < n; i++)
		c[i].before = row_for(o, by, piece_for(o, &c[i].at), &c[i].at);
	for (size_t i = 0; i < n; i++) {
		size_t to = piece_for(o, &c[i].at);

		for (; piece < to; piece++)
			o->pieces[piece].end += come;
		come++;
	}
	for (; piece < o->piece_count; piece++)
		o->pieces[piece].end += come;
	put_between(o, c, n);
	free(c);
}
