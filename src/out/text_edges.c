/*
 * text_edges.c - the busiest steps of the state machine, for people
 */
#include <stdlib.h>

#include "base/text.h"
#include "out/formats.h"
#include "view/format.h"

enum {
	SHOWN		= 8,
	LABEL_WIDTH	= 27,	/* "ESTABLISHED → CLOSE_WAIT" */
	RATE_WIDTH	= 8,
	ALL		= STATE_COUNT * STATE_COUNT,
};

static const int spans[] = { 1, 10, 60 };
enum { SPANS = sizeof(spans) / sizeof(spans[0]) };

struct edge {
	unsigned from, to;
	uint64_t total;
	double rate[SPANS];
};

/* By what happens now; while that is not known, by what ever did. */
static int busier(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	for (int i = 1; i >= 0; i--)
		if (x->rate[i] != y->rate[i])
			return x->rate[i] < y->rate[i] ? 1 : -1;
	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	if (x->from != y->from)
		return (int)x->from - (int)y->from;
	return (int)x->to - (int)y->to;
}

static size_t collect(struct edge *list, const struct edges *e, int64_t now)
{
	size_t n = 0;

	for (unsigned from = 0; from < STATE_COUNT; from++)
		for (unsigned to = 0; to < STATE_COUNT; to++) {
			struct edge *one = &list[n];

			one->total = edges_total(e, from, to);
			if (!one->total)
				continue;
			one->from = from;
			one->to = to;
			for (size_t i = 0; i < SPANS; i++)
				one->rate[i] = edges_rate(e, from, to,
							  spans[i], now);
			n++;
		}
	return n;
}

static void add_state(struct buf *out, unsigned state, const char *none)
{
	buf_puts(out, state == STATE_NONE ? none :
		      state == EDGES_OTHER ? OUT_OTHER_STATE :
		      state_info(state)->name);
}

static void add_padded(struct buf *out, const struct buf *text, int width)
{
	int used = utf8_width(buf_str(text));

	buf_fill(out, ' ', used < width ? (size_t)(width - used) : 1);
	buf_puts(out, buf_str(text));
}

static void add_edge(struct buf *out, const struct edge *e, bool ascii)
{
	struct buf text = { 0 };
	size_t line = out->len;
	int label;

	add_state(out, e->from, "opened");
	buf_puts(out, ascii ? " -> " : " → ");
	add_state(out, e->to, "closed");
	label = utf8_width(out->data + line);
	buf_fill(out, ' ', label < LABEL_WIDTH ?
			   (size_t)(LABEL_WIDTH - label) : 0);
	for (size_t i = 0; i < SPANS; i++) {
		buf_reset(&text);
		format_rate(&text, e->rate[i]);
		add_padded(out, &text, RATE_WIDTH);
	}
	buf_reset(&text);
	format_count(&text, e->total);
	add_padded(out, &text, RATE_WIDTH + 4);
	buf_char(out, '\n');
	buf_free(&text);
}

void text_edges(struct buf *out, const struct out_options *o,
		const struct column_context *c)
{
	struct edge list[ALL];
	size_t n = collect(list, c->monitor->edges, c->now);

	if (!n)
		return;
	qsort(list, n, sizeof(list[0]), busier);
	buf_char(out, '\n');
	if (o->header)
		buf_printf(out, "%-*s%*s%*s%*s%*s\n", LABEL_WIDTH,
			   o->filter ? "STEP (all sockets)" : "STEP",
			   RATE_WIDTH, "1 S", RATE_WIDTH, "10 S", RATE_WIDTH,
			   "60 S", RATE_WIDTH + 4, "IN ALL");
	for (size_t i = 0; i < n && i < SHOWN; i++)
		add_edge(out, &list[i], o->ascii);
	if (n > SHOWN)
		buf_printf(out, "(and %zu more)\n", n - SHOWN);
}
