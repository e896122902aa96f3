/*
 * json.c - a sample as one JSON object on one line
 *
 * json-c writes every value.  Only the list of sockets is opened and closed by
 * hand: a tree of a million of them would take gigabytes.
 */
#include "out/json_value.h"

static void put_states(struct json_object *o, const struct monitor *m,
		       const struct table_counts *n)
{
	struct json_object *states = json_new();

	for (size_t i = 0; i < state_order_count; i++) {
		unsigned state = state_order[i];

		if (view_state_known(m, state))
			json_put_uint(states, state_info(state)->name,
				      n->state[state]);
	}
	if (n->state[STATE_OTHER])
		json_put_uint(states, OUT_OTHER_STATE, n->state[STATE_OTHER]);
	json_put(o, "states", states);
}

static void put_counters(struct json_object *o, const struct monitor *m)
{
	struct json_object *counters = json_new();

	for (int i = 0; i < HOST_VALUE_COUNT; i++) {
		uint64_t n = host_value(&m->counters, (enum host_value)i);

		if (n != U64_UNKNOWN)
			json_put_uint(counters, host_values[i].name, n);
	}
	json_put(o, "counters", counters);
}

struct json_object *json_head(const struct out_options *opt,
			      const struct monitor *m,
			      const struct table_counts *n)
{
	struct json_object *o = json_new();
	struct buf partial = { 0 };

	json_put_time(o, "time", out_time(m));
	json_put_text(o, "host", m->host);
	json_put_text(o, "source", m->status.source);
	out_partial(&partial, m);
	if (partial.len)
		json_put_text(o, "partial", partial.data);
	else
		json_put_null(o, "partial");
	buf_free(&partial);
	if (opt->filter)
		json_put_text(o, "filter", opt->filter);
	put_states(o, m, n);
	return o;
}

void json_sample(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c, bool first)
{
	uint8_t ids[COLUMN_COUNT];
	int count = out_fields(o, !o->columns_chosen, ids);
	struct json_object *head = json_head(o, c->monitor,
					     table_counts(c->monitor->table));
	const char *before = "";

	(void)first;
	json_put_uint(head, "shown", v->rows.live);
	if (view_grouped(v) != GROUP_NONE)
		json_groups_head(head, v);
	json_flush(out, head);
	out->len--;		/* the brace that ends it comes later */
	if (view_grouped(v) != GROUP_NONE) {
		json_groups(out, o, v, c);
		return;
	}
	buf_puts(out, ",\"sockets\":[");
	for (size_t i = 0; i < v->count; i++) {
		const struct sock *s = view_sock(v, c->monitor, i);
		struct json_object *one;

		if (!s || !s->live)
			continue;
		one = json_new();
		for (int j = 0; j < count; j++)
			json_put_column(one, c, ids[j], s);
		if (monitor_row_is_old(c->monitor, s))
			json_put_true(one, "stale");
		buf_puts(out, before);
		json_flush(out, one);
		before = ",";
		out_row_done(out, o);
	}
	buf_puts(out, "]}\n");
}

void json_summary(struct buf *out, const struct out_options *o,
		  const struct view *v, struct column_context *c, bool first)
{
	struct json_object *head;
	struct table_counts n;

	(void)first;
	out_counts(&n, o, v, c);
	head = json_head(o, c->monitor, &n);
	put_counters(head, c->monitor);
	/* always 0: other changes than the state machine allows are a fault */
	json_put_uint(head, "impossible",
		      table_impossible(c->monitor->table));
	json_put_edges(head, c);
	json_flush(out, head);
	buf_char(out, '\n');
}
