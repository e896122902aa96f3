/*
 * json_edges.c - rates of the state machine's steps and dwell times in JSON
 *
 * A rate is left out for as long as it is not known.
 */
#include "out/json_value.h"

static const struct {
	const char *key;
	int seconds;
} spans[] = {
	{ "per_s_1", 1 }, { "per_s_10", 10 }, { "per_s_60", 60 },
};
enum { SPANS = sizeof(spans) / sizeof(spans[0]) };

static void put_state(struct json_object *o, const char *key, unsigned state)
{
	if (state == STATE_NONE)
		json_put_null(o, key);
	else if (state == EDGES_OTHER)
		json_put_text(o, key, OUT_OTHER_STATE);
	else
		json_put_text(o, key, state_info(state)->name);
}

static void put_rate(struct json_object *o, const char *key, double per_second)
{
	if (per_second >= 0)
		json_put_double(o, key, per_second);
}

static struct json_object *edge(const struct edges *e, unsigned from,
				unsigned to, int64_t now)
{
	struct json_object *o = json_new();

	put_state(o, "from", from);
	put_state(o, "to", to);
	json_put_uint(o, "count", edges_total(e, from, to));
	for (size_t i = 0; i < SPANS; i++)
		put_rate(o, spans[i].key,
			 edges_rate(e, from, to, spans[i].seconds, now));
	return o;
}

static void put_steps(struct json_object *o, const struct edges *e,
		      int64_t now)
{
	struct json_object *list = json_new_array();

	for (unsigned from = 0; from < STATE_COUNT; from++)
		for (unsigned to = 0; to < STATE_COUNT; to++)
			if (edges_total(e, from, to))
				json_append(list, edge(e, from, to, now));
	json_put(o, "edges", list);
}

static void put_sums(struct json_object *o, const struct edges *e, int64_t now)
{
	struct json_object *rates = json_new();

	for (int what = 0; what < EDGES_SUM_COUNT; what++) {
		struct json_object *one = json_new();

		for (size_t i = 0; i < SPANS; i++)
			put_rate(one, spans[i].key,
				 edges_sum_rate(e, (enum edges_sum)what,
						spans[i].seconds, now));
		json_put(rates, edges_sum_name[what], one);
	}
	json_put(o, "rates", rates);
}

static void put_dwell(struct json_object *o, const struct edges *e)
{
	struct json_object *dwell = json_new();

	for (unsigned state = 0; state < STATE_COUNT; state++) {
		struct json_object *one;

		if (!edges_dwell_count(e, state))
			continue;
		one = json_new();
		json_put_double(one, "p50_ms", (double)
				edges_dwell(e, state, 0.50) / NS_PER_MS);
		json_put_double(one, "p99_ms", (double)
				edges_dwell(e, state, 0.99) / NS_PER_MS);
		json_put_uint(one, "count", edges_dwell_count(e, state));
		json_put(dwell, state == EDGES_OTHER ? OUT_OTHER_STATE :
				state_info(state)->name, one);
	}
	json_put(o, "dwell", dwell);
}

void json_put_edges(struct json_object *o, const struct column_context *c)
{
	const struct edges *e = c->monitor->edges;

	put_steps(o, e, c->now);
	put_sums(o, e, c->now);
	put_dwell(o, e);
}
