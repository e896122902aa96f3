#include "view/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A piece is sorted whole up to this many rows: a millisecond or two. */
enum { PIECE_MAX = 16384 };
/* Of a sample each eighth is a divider, so that pieces differ little. */
enum { OVERSAMPLE = PARTING_SAMPLE / PARTS_MAX };

static int by_place(const void *a, const void *b)
{
	return place_compare(a, b);
}

/* ---- parting ---- */

/* the longest run of equal ones */
static struct usual longest_run(const uint64_t *word, unsigned low,
				unsigned high)
{
	struct usual best = { 0 };

	for (unsigned i = low; i < high; i++) {
		if (i > low && word[i] != word[i - 1])
			low = i;
		if (i + 1 - low > best.high - best.low)
			best = (struct usual){ word[i], low, i + 1 };
	}
	return best;
}

static void find_usual(struct parting *p)
{
	struct usual u = { .high = p->dividers };

	for (int k = 0; k < PLACE_WORDS; k++)
		u = p->usual[k] = longest_run(p->divider[k], u.low, u.high);
}

void parting_begin(struct parting *p, struct place *sample, size_t n)
{
	unsigned parts = (unsigned)(n / OVERSAMPLE);

	qsort(sample, n, sizeof(*sample), by_place);
	memset(p->size, 0, sizeof(p->size));
	p->dividers = 0;
	p->row = NULL;
	p->part = NULL;
	p->count = p->capacity = 0;
	for (unsigned i = 1; i < parts; i++, p->dividers++)
		for (int k = 0; k < PLACE_WORDS; k++)
			p->divider[k][p->dividers] =
				sample[i * n / parts].word[k];
	find_usual(p);
}

/*
 * How many of n numbers in order are at most x.  Counting takes more steps than
 * halving, but they do not wait for one another, nor go wrong at a branch that
 * goes either way as often.
 */
static unsigned at_most(const uint64_t *number, unsigned n, uint64_t x)
{
	enum { BLOCK = 16 };
	unsigned blocks = 0, count = 0, end;

	for (unsigned i = BLOCK - 1; i < n; i += BLOCK)
		blocks += number[i] <= x;
	blocks *= BLOCK;
	end = blocks + BLOCK < n ? blocks + BLOCK : n;
	for (unsigned i = blocks; i < end; i++)
		count += number[i] <= x;
	return blocks + count;
}

/* How many dividers are at or before that place: word by word, among those that
 * are equal so far. */
static unsigned find_part(const struct parting *p, const struct place *at)
{
	unsigned low = 0, high = p->dividers;
	bool usual = true;

	for (int k = 0; k < PLACE_WORDS && low < high; k++) {
		const uint64_t *word = p->divider[k];
		uint64_t x = at->word[k];

		usual &= x == p->usual[k].word;
		if (usual) {
			low = p->usual[k].low;
			high = p->usual[k].high;
			continue;
		}
		high = low + at_most(word + low, high - low, x);
		if (high == low || word[high - 1] != x)
			return high;
		low += x ? at_most(word + low, high - low, x - 1) : 0;
	}
	return high;
}

void parting_add(struct parting *p, uint32_t row, const struct place *at)
{
	unsigned part = find_part(p, at);

	if (p->count == p->capacity) {
		p->capacity = p->capacity ? p->capacity + p->capacity / 2 : 256;
		p->row = mem_array(p->row, p->capacity, sizeof(*p->row));
		p->part = mem_array(p->part, p->capacity, sizeof(*p->part));
	}
	p->row[p->count] = row;
	p->part[p->count++] = (uint8_t)part;
	p->size[part]++;
}

/* The rows to where their parts begin, the first ones first. */
static void scatter(const struct parting *p, uint32_t *to)
{
	uint32_t at[PARTS_MAX], sum = 0;

	for (unsigned i = 0; i < PARTS_MAX; i++) {
		at[i] = sum;
		sum += p->size[i];
	}
	for (size_t i = 0; i < p->count; i++)
		to[at[p->part[i]]++] = p->row[i];
}

void parting_free(struct parting *p)
{
	free(p->row);
	free(p->part);
	p->row = NULL;
	p->part = NULL;
	p->count = p->capacity = 0;
}

/* ---- pieces ---- */

void order_free(struct order *o)
{
	free(o->rows);
	free(o->pieces);
	*o = (struct order){ 0 };
}

static void reserve_pieces(struct order *o, size_t more)
{
	if (o->piece_count + more < o->piece_capacity)
		return;
	o->piece_capacity = o->piece_count + more + PARTS_MAX;
	o->pieces = mem_array(o->pieces, o->piece_capacity, sizeof(*o->pieces));
}

/* The parts that have rows become pieces in place of those from i to past,
 * which began at row start. */
static void put_parts(struct order *o, size_t i, size_t past, uint32_t start,
		      const uint32_t *size)
{
	size_t n = 0;

	for (unsigned k = 0; k < PARTS_MAX; k++)
		n += size[k] != 0;
	reserve_pieces(o, n);
	memmove(o->pieces + i + n, o->pieces + past,
		(o->piece_count - past) * sizeof(*o->pieces));
	o->piece_count += n - (past - i);
	for (unsigned k = 0; k < PARTS_MAX; k++) {
		if (!size[k])
			continue;
		start += size[k];
		o->pieces[i++] = (struct piece){ .end = start,
						 .sorted = size[k] == 1 };
	}
}

static void make_room(struct order *o, size_t count)
{
	if (count <= o->capacity && count >= o->capacity / 4)
		return;
	o->capacity = count + count / 16 + 16;
	o->rows = mem_array(o->rows, o->capacity, sizeof(*o->rows));
}

void parting_end(struct parting *p, struct order *o)
{
	make_room(o, p->count);
	o->count = p->count;
	scatter(p, o->rows);
	put_parts(o, 0, o->piece_count, 0, p->size);
	parting_free(p);
}

static uint32_t piece_start(const struct order *o, size_t i)
{
	return i ? o->pieces[i - 1].end : 0;
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

	*from = piece_start(o, piece);
	*to = o->pieces[piece].end;
	return o->pieces[piece].sorted;
}

/* The first word in which places differ, and whose place it is: comparing those
 * alone settles nearly everything. */
struct leading {
	uint64_t word;
	uint32_t i;
};

static int by_leading(const void *pa, const void *pb, void *arg)
{
	const struct leading *a = pa, *b = pb;
	const struct place *places = arg;

	if (a->word != b->word)
		return a->word < b->word ? -1 : 1;
	return place_compare(&places[a->i], &places[b->i]);
}

static int differ_from(const struct place *places, uint32_t n)
{
	int k = PLACE_WORDS - 1;

	for (uint32_t i = 1; i < n; i++)
		for (int j = 0; j < k; j++)
			if (places[i].word[j] != places[0].word[j])
				k = j;
	return k;
}

/* The rows of a piece are from all over the table. */
enum { SOON = 12 };

static void sort_piece(struct order *o, const struct order_by *by, size_t i)
{
	uint32_t start = piece_start(o, i), n = o->pieces[i].end - start;
	uint32_t *rows = mem_array(NULL, n, sizeof(*rows));
	struct place *places = mem_array(NULL, n, sizeof(*places));
	struct leading *leading = mem_array(NULL, n, sizeof(*leading));
	int word;

	memcpy(rows, o->rows + start, n * sizeof(*rows));
	for (uint32_t k = 0; k < n; k++) {
		if (k + SOON < n)
			by->soon(by->arg, rows[k + SOON]);
		by->place(by->arg, rows[k], &places[k]);
	}
	word = differ_from(places, n);
	for (uint32_t k = 0; k < n; k++)
		leading[k] = (struct leading){ places[k].word[word], k };
	qsort_r(leading, n, sizeof(*leading), by_leading, places);
	for (uint32_t k = 0; k < n; k++)
		o->rows[start + k] = rows[leading[k].i];
	o->pieces[i].sorted = true;
	free(leading);
	free(places);
	free(rows);
}

/* One that is too large to be sorted at once, as what order_append() put in can
 * be.  It stays one part only where all rows have the same place. */
static void part_piece(struct order *o, const struct order_by *by, size_t i)
{
	uint32_t start = piece_start(o, i), n = o->pieces[i].end - start;
	struct place *sample = mem_array(NULL, PARTING_SAMPLE, sizeof(*sample));
	struct parting *p = mem_alloc(sizeof(*p));
	struct place at;

	for (uint32_t k = 0; k < PARTING_SAMPLE; k++)
		by->place(by->arg,
			  o->rows[start + (uint64_t)k * n / PARTING_SAMPLE],
			  &sample[k]);
	parting_begin(p, sample, PARTING_SAMPLE);
	for (uint32_t k = 0; k < n; k++) {
		by->place(by->arg, o->rows[start + k], &at);
		parting_add(p, o->rows[start + k], &at);
	}
	scatter(p, o->rows + start);
	put_parts(o, i, i + 1, start, p->size);
	o->pieces[i].sorted |= o->pieces[i].end - start == n;
	parting_free(p);
	free(p);
	free(sample);
}

void order_ready(struct order *o, const struct order_by *by, size_t from,
		 size_t to)
{
	if (to > o->count)
		to = o->count;
	while (from < to) {
		size_t i = piece_at(o, from);

		if (!o->pieces[i].sorted &&
		    o->pieces[i].end - piece_start(o, i) > PIECE_MAX) {
			part_piece(o, by, i);
			continue;
		}
		if (!o->pieces[i].sorted)
			sort_piece(o, by, i);
		from = o->pieces[i].end;
	}
}

long order_find(const struct order *o, uint32_t row)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->rows[i] == row)
			return (long)i;
	return -1;
}

/* ---- holding ---- */

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
			n--;
		o->pieces[n++] = p;
	}
	o->piece_count = n;
}

void order_keep(struct order *o, bool (*keep)(void *arg, uint32_t row),
		void *arg)
{
	size_t n = 0, row = 0;

	for (size_t i = 0; i < o->piece_count; i++) {
		for (; row < o->pieces[i].end; row++)
			if (keep(arg, o->rows[row]))
				o->rows[n++] = o->rows[row];
		o->pieces[i].end = (uint32_t)n;
	}
	o->count = n;
	join_pieces(o);
}

void order_append(struct order *o, const uint32_t *rows, size_t n)
{
	if (!n)
		return;
	make_room(o, o->count + n);
	memcpy(o->rows + o->count, rows, n * sizeof(*rows));
	o->count += n;
	reserve_pieces(o, 1);
	o->pieces[o->piece_count++] = (struct piece){
		.end = (uint32_t)o->count, .sorted = n == 1,
	};
}
