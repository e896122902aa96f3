#include "view/pick.h"

#include "view/update.h"

bool pick_begin(struct pick *p, const struct view *v, struct column_context *c,
		size_t row, bool last)
{
	struct placing by;

	*p = (struct pick){ .last = last, .best = -1 };
	if (row >= v->count ||
	    order_piece(&v->rows.order, row, &p->from, &p->to))
		return false;
	p->next = p->from;
	placing_begin(&by, v, c);
	p->parts = order_parts(&v->rows.order, &by.by, row);
	return true;
}

bool pick_stands(const struct pick *p, const struct view *v)
{
	size_t from, to;

	return p->from < v->count &&
	       !order_piece(&v->rows.order, p->from, &from, &to) &&
	       from == p->from && to == p->to;
}

/* The i-th row, which is wanted: is it to be picked rather than the best one? */
static bool better(struct pick *p, const struct view *v,
		   struct column_context *c, size_t i)
{
	struct placing by;
	struct place at;

	if (p->best >= 0 && p->parts) {
		uint8_t x = p->parts->in[i - p->from];
		uint8_t y = p->parts->in[(size_t)p->best - p->from];

		if (x != y && (x < y) == p->last)
			return false;
	}
	placing_begin(&by, v, c);
	by.by.place(&by, v->rows.order.rows[i], &at);
	if (p->best >= 0 && (place_compare(&at, &p->at) < 0) == p->last)
		return false;
	p->at = at;
	return true;
}

static void tell_parts(struct pick *p, const struct view *v,
		       struct column_context *c, struct sock *const *s,
		       size_t n)
{
	struct parts *parts = p->parts;
	struct placing by;

	placing_begin(&by, v, c);
	placing_parts(&by, v->rows.order.rows + p->next, s, n, &parts->parting,
		      parts->in + (p->next - p->from));
}

bool pick_step(struct pick *p, const struct view *v, struct column_context *c,
	       bool (*wanted)(void *arg, size_t row, const struct sock *s),
	       void *arg)
{
	struct sock *s[VIEW_BATCH];
	size_t n = p->to - p->next;

	if (n > VIEW_BATCH)
		n = VIEW_BATCH;
	view_soon(v, c->monitor, p->next + n, n);
	view_socks(v, c->monitor, p->next, n, s);
	if (p->parts)
		tell_parts(p, v, c, s, n);
	for (size_t i = 0; i < n; i++, p->next++)
		if (wanted(arg, p->next, s[i]) && better(p, v, c, p->next))
			p->best = (long)p->next;
	return p->next < p->to;
}

long pick_end(struct pick *p, struct view *v, struct column_context *c)
{
	struct placing by;
	long row = -1;

	if (p->best >= 0) {
		uint32_t best = v->rows.order.rows[p->best];

		if (p->parts)
			order_part(&v->rows.order, p->from, p->parts);
		placing_begin(&by, v, c);
		row = order_ready_row(&v->rows.order, &by.by, best);
		}
	pick_free(p);
	return row;
}

void pick_free(struct pick *p)
{
	parts_free(p->parts);
	p->parts = NULL;
}
