/* json_groups.c - the groups of a sample, one object each */
#include <string.h>

#include "out/json_value.h"

void json_groups_head(struct json_object *head, const struct view *v)
{
	const struct pivot *p = &v->pivot;

	json_put_text(head, "group", groups[p->group].name);
	if (!p->seconds)
		return;
	json_put_uint(head, "rates_s", (uint64_t)p->seconds);
	if (p->at_least)
		json_put_true(head, "rates_at_least");
}

/* What makes it that group; nothing of what is not known. */
static void put_key(struct json_object *o, struct column_context *c,
		    enum group_id id, const struct group *g)
{
	const struct group_owner owner = group_owner(g);
	struct value v[GROUP_FIELDS] = { 0 };
	struct buf label = { 0 };

	group_label(c, id, g, &label);
	json_put_text(o, "label", buf_str(&label));
	buf_free(&label);
	groups[id].values(c, &g->key, &owner, v);
	for (int i = 0; i < GROUP_FIELDS && groups[id].field[i]; i++) {
		if (v[i].kind == VALUE_UINT)
			json_put_uint(o, groups[id].field[i], v[i].uint);
		else if (v[i].kind == VALUE_TEXT)
			json_put_text(o, groups[id].field[i], v[i].text);
	}
}

static void put_states(struct json_object *o, const struct monitor *m,
		       const struct group *g)
{
	struct json_object *states = json_new();

	for (size_t i = 0; i < state_order_count; i++) {
		unsigned s = state_order[i];

		if (view_state_known(m, s))
			json_put_uint(states, state_info(s)->name,
				      g->count[s]);
	}
	if (g->count[STATE_OTHER])
		json_put_uint(states, OUT_OTHER_STATE, g->count[STATE_OTHER]);
	json_put(o, "states", states);
}

static void put_known(struct json_object *o, const char *key, uint32_t n)
{
	if (n != U32_UNKNOWN)
		json_put_uint(o, key, n);
}

static struct json_object *one_group(const struct view *v,
				     struct column_context *c,
				     const struct group *g)
{
	const struct pivot *p = &v->pivot;
	struct json_object *o = json_new();

	put_key(o, c, p->group, g);
	if (v->group_owners) {
		json_put_owner(o, p->owners, g->owner, g->owner_last);
		if (group_processes_known(g))
			json_put_uint(o, "processes", pivot_processes(p, g));
	}
	json_put_uint(o, "total", g->total);
	put_states(o, c->monitor, g);
	if (p->seconds) {
		json_put_double(o, "opened_per_s", group_rate(p, g->came));
		json_put_double(o, "closed_per_s", group_rate(p, g->left));
	}
	put_known(o, "waiting", g->waiting);
	put_known(o, "backlog_limit", g->limit);
	put_known(o, "recv_q", g->recv_q);
	return o;
}

void json_groups(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c)
{
	const struct group *g;
	const char *before = "";

	buf_puts(out, ",\"groups\":[");
	for (size_t i = 0; (g = view_group(v, i)); i++) {
		buf_puts(out, before);
		json_flush(out, one_group(v, c, g));
		before = ",";
		out_row_done(out, o);
	}
	buf_puts(out, "]}\n");
}
