/* csv_groups.c - groups with commas, the names as in JSON */
#include <string.h>

#include "out/csv.h"

void csv_groups_begin(struct buf *out, const struct out_options *o)
{
	const struct group_info *info = &groups[o->group];

	if (o->repeated)
		buf_puts(out, "time,");
	buf_puts(out, "label,");
	for (int i = 0; i < GROUP_FIELDS && info->field[i]; i++)
		buf_printf(out, "%s,", info->field[i]);
	if (o->group_owners)
		buf_puts(out, "owner,processes,");
	buf_puts(out, "total,");
	for (size_t i = 0; i < state_order_count; i++)
		buf_printf(out, "%s,", state_info(state_order[i])->name);
	buf_puts(out, OUT_OTHER_STATE ",rates_s,rates_at_least,opened_per_s,"
		 "closed_per_s,waiting,backlog_limit,recv_q\n");
}

static void add_key(struct buf *out, struct column_context *c,
		    enum group_id id, const struct group *g)
{
	const struct group_owner owner = group_owner(g);
	struct value v[GROUP_FIELDS] = { 0 };
	struct buf label = { 0 };

	group_label(c, id, g, &label);
	csv_text(out, buf_str(&label));
	buf_free(&label);
	groups[id].values(c, &g->key, &owner, v);
	for (int i = 0; i < GROUP_FIELDS && groups[id].field[i]; i++) {
		buf_char(out, ',');
		if (v[i].kind == VALUE_UINT)
			buf_uint(out, v[i].uint);
		else if (v[i].kind == VALUE_TEXT)
			csv_text(out, v[i].text);
	}
}

static void add_states(struct buf *out, const struct monitor *m,
		       const struct group *g)
{
	for (size_t i = 0; i < state_order_count; i++) {
		buf_char(out, ',');
		if (view_state_known(m, state_order[i]))
			buf_uint(out, g->count[state_order[i]]);
	}
	buf_char(out, ',');
	buf_uint(out, g->count[STATE_OTHER]);
}

static void add_rates(struct buf *out, const struct pivot *p,
		      const struct group *g)
{
	if (!p->seconds) {
		buf_puts(out, ",,,,");
		return;
	}
	buf_printf(out, ",%d,%s,%.3f,%.3f", p->seconds,
		   p->at_least ? "true" : "", group_rate(p, g->came),
		   group_rate(p, g->left));
}

static void add_known(struct buf *out, uint32_t n)
{
	buf_char(out, ',');
	if (n != U32_UNKNOWN)
		buf_uint(out, n);
}

void csv_groups(struct buf *out, const struct out_options *o,
		const struct view *v, struct column_context *c)
{
	const struct pivot *p = &v->pivot;
	const struct group *g;

	for (size_t i = 0; (g = view_group(v, i)); i++) {
		csv_time(out, o, c->monitor);
		add_key(out, c, p->group, g);
		if (v->group_owners) {
			buf_char(out, ',');
			csv_owners(out, p->owners, g->owner, g->owner_last);
			buf_char(out, ',');
			if (group_processes_known(g))
				buf_uint(out, pivot_processes(p, g));
		}
		buf_printf(out, ",%u", g->total);
		add_states(out, c->monitor, g);
		add_rates(out, p, g);
		add_known(out, g->waiting);
		add_known(out, g->limit);
		add_known(out, g->recv_q);
		buf_char(out, '\n');
		out_row_done(out, o);
	}
}
