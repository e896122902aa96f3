/* json_findings.c - findings as one JSON object on one line */
#include "out/json_value.h"

static struct json_object *texts(const struct finding *one)
{
	struct json_object *list = json_new_array();

	for (int i = 0; i < one->evidence_count; i++)
		json_append(list, json_text(one->evidence[i]));
	return list;
}

static struct json_object *finding(const struct finding *one)
{
	static const char *const severity[] = {
		[SEVERITY_NOTE] = "note", [SEVERITY_WARN] = "warn",
		[SEVERITY_ALERT] = "alert",
	};
	const struct finding_kind *k = &finding_kinds[one->kind];
	struct json_object *o = json_new();
	struct buf b = { 0 };

	json_put_text(o, "kind", k->name);
	json_put_text(o, "severity", severity[one->severity]);
	json_put_text(o, "title", one->title);
	json_put_text(o, "subject", one->subject);
	json_put_uint(o, "count", one->weight);
	json_put(o, "evidence", texts(one));
	json_put_text(o, "why", k->why);
	json_put_text(o, "remedy", k->remedy);
	finding_threshold(&b, one->kind);
	json_put_text(o, "threshold", buf_str(&b));
	buf_free(&b);
	if (one->filter[0])
		json_put_text(o, "filter", one->filter);
	return o;
}

static struct json_object *scope(const struct findings_scope *s)
{
	struct json_object *o = json_new();

	json_put_uint(o, "sockets", s->sockets);
	json_put_uint(o, "scans", s->scans);
	if (s->at != TIME_UNKNOWN)
		json_put_uint(o, "watched_ms",
			      (uint64_t)(s->at - s->begun) / NS_PER_MS);
	json_put_uint(o, "unwatched", s->unwatched);
	return o;
}

static struct json_object *more(const struct findings_scope *s)
{
	struct json_object *o = json_new();

	for (int k = 0; k < FINDING_COUNT; k++)
		if (s->more[k])
			json_put_uint(o, finding_kinds[k].name, s->more[k]);
	return o;
}

void json_findings(struct buf *out, const struct out_options *o,
		   const struct findings *f, const struct monitor *m)
{
	struct json_object *head = json_head(o, m, table_counts(m->table));
	struct json_object *list = json_new_array();
	const struct finding *one;

	for (size_t i = 0; (one = findings_get(f, i)); i++)
		json_append(list, finding(one));
	json_put(head, "looked_at", scope(findings_scope(f)));
	json_put(head, "findings", list);
	json_put(head, "not_listed", more(findings_scope(f)));
	json_flush(out, head);
	buf_char(out, '\n');
}
