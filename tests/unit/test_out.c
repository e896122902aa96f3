/*
 * The scene as text, JSON and CSV, held against tests/golden/.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <json-c/json.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "golden.h"
#include "out/out.h"
#include "scene.h"

struct fixture {
	struct scene scene;
	struct out_options o;
	struct column_context c;
	struct view v;
	struct buf out;
};

static int set_up(void **state)
{
	static const uint8_t usual[] = {
		COL_STATE, COL_AGE, COL_RECV_Q, COL_SEND_Q, COL_LOCAL,
		COL_REMOTE, COL_OWNER,
	};
	struct fixture *f = mem_zalloc(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	scene_all(&f->scene);
	f->o.header = true;
	f->o.column_count = sizeof(usual);
	memcpy(f->o.columns, usual, sizeof(usual));
	f->c.monitor = f->scene.monitor;
	f->c.now = clock_mono(&f->scene.clock.clock);
	view_init(&f->v);
	view_update(&f->v, &f->c);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	view_free(&f->v);
	scene_free(&f->scene);
	buf_free(&f->out);
	free(f);
	return 0;
}

static void sample(struct fixture *f, const char *format, bool first)
{
	const struct out_format *fmt = out_format_find(format);

	if (first && fmt->begin)
		fmt->begin(&f->out, &f->o, OUT_SAMPLES);
	fmt->sample(&f->out, &f->o, &f->v, &f->c, first);
}

static void summary(struct fixture *f, const char *format)
{
	const struct out_format *fmt = out_format_find(format);

	if (fmt->begin)
		fmt->begin(&f->out, &f->o, OUT_SUMMARIES);
	fmt->summary(&f->out, &f->o, &f->v, &f->c, true);
}

static void changes(struct fixture *f, const char *format)
{
	const struct out_format *fmt = out_format_find(format);
	const struct change_log *log = f->scene.monitor->log;

	if (fmt->begin)
		fmt->begin(&f->out, &f->o, OUT_CHANGES);
	for (size_t i = change_log_count(log); i--;)
		fmt->change(&f->out, &f->o, &f->c, change_log_get(log, i));
}

static void choose(struct fixture *f, const char *list)
{
	const char *bad;
	size_t len;

	f->o.columns_chosen = true;
	f->o.column_count = column_list_parse(list, NULL, 0, f->o.columns, NULL,
					      &bad, &len);
	assert_true(f->o.column_count > 0);
}

static void check_width(const struct buf *b, int width)
{
	struct buf line = { 0 };

	for (const char *p = b->data; *p;) {
		size_t n = strcspn(p, "\n");

		buf_reset(&line);
		buf_add(&line, p, n);
		assert_true(utf8_width(line.data) <= width);
		assert_true(!n || p[n - 1] != ' ');
		p += n + (p[n] == '\n');
	}
	buf_free(&line);
}

/* ---- text ---- */

static void text_wide(void **state)
{
	struct fixture *f = *state;

	sample(f, "text", true);
	golden_check("sample.txt", &f->out);
}

static void text_80(void **state)
{
	struct fixture *f = *state;

	f->o.width = 80;
	sample(f, "text", true);
	check_width(&f->out, 80);
	golden_check("sample-80.txt", &f->out);
}

static void text_ascii(void **state)
{
	struct fixture *f = *state;

	f->o.width = 80;
	f->o.ascii = f->c.ascii = true;
	sample(f, "text", true);
	changes(f, "text");
	for (size_t i = 0; i < f->out.len; i++)
		assert_true(f->out.data[i] == '\n' ||
			    (f->out.data[i] >= ' ' && f->out.data[i] < 0x7f));
	golden_check("ascii.txt", &f->out);
}

/* What has no room is named; what was asked for by name never leaves. */
static void text_narrow(void **state)
{
	struct fixture *f = *state;

	for (int width = 12; width < 200; width++) {
		f->o.width = width;
		buf_reset(&f->out);
		sample(f, "text", true);
		if (width >= 60)
			check_width(&f->out, width);
	}
	f->o.width = 50;
	buf_reset(&f->out);
	sample(f, "text", true);
	assert_non_null(strstr(f->out.data, "\n(no room for "));
	f->o.columns_chosen = true;
	buf_reset(&f->out);
	sample(f, "text", true);
	assert_null(strstr(f->out.data, "\n(no room for "));
	assert_non_null(strstr(f->out.data, "SEND-Q"));
}

/* Of many rows, by two threads: all there, in their order, each as it is when
 * it is alone. */
static void take_piece(void *arg, struct buf *text)
{
	struct buf *all = arg;

	assert_true(text->len > 0);
	buf_add(all, text->data, text->len);
	buf_reset(text);
}

static size_t count_in_order(const char *text)
{
	unsigned port, last = 0;
	size_t lines = 0;

	for (const char *p = text; *p; p = strchr(p, '\n') + 1, lines++) {
		const char *remote = strstr(p, " 10.7.");

		assert_non_null(remote);
		assert_int_equal(sscanf(remote, " 10.7.%*u.%*u:%u", &port), 1);
		assert_true(port > last);
		last = port;
	}
	return lines;
}

static void text_of_many(void **state)
{
	enum { MANY = 17000 };
	struct fixture *f = *state;
	struct buf drained = { 0 };

	scene_add(&f->scene, STATE_ESTABLISHED, 1024, 0, MANY);
	f->scene.only_more = true;
	scene_pass(&f->scene);
	f->c.now = clock_mono(&f->scene.clock.clock);
	f->v.sort = COL_REMOTE_PORT;
	view_update(&f->v, &f->c);
	f->o.header = false;
	sample(f, "text", true);
	assert_int_equal(count_in_order(f->out.data), MANY);

	f->o.drain = take_piece;
	f->o.drain_arg = &drained;
	buf_free(&f->out);
	sample(f, "text", true);
	assert_int_equal(f->out.len, 0);
	f->o.drain = NULL;
	sample(f, "text", true);
	assert_string_equal(drained.data, f->out.data);
	buf_free(&drained);
}

static void text_repeated(void **state)
{
	struct fixture *f = *state;

	f->o.repeated = true;
	f->v.listeners_only = true;
	choose(f, "state,recv_q,local,user");
	view_update(&f->v, &f->c);
	sample(f, "text", true);
	sample(f, "text", false);
	golden_check("repeated.txt", &f->out);
}

static void text_summary(void **state)
{
	struct fixture *f = *state;

	summary(f, "text");
	golden_check("summary.txt", &f->out);
}

/* Nothing happened yet: no table of it. */
static void text_summary_at_first(void **state)
{
	struct fixture *f = *state;
	struct scene first;

	scene_init(&first);
	scene_pass(&first);
	f->c.monitor = first.monitor;
	summary(f, "text");
	assert_non_null(strstr(f->out.data, "ESTABLISHED"));
	assert_null(strstr(f->out.data, "STEP"));
	scene_free(&first);
}

static void text_changes(void **state)
{
	struct fixture *f = *state;

	changes(f, "text");
	golden_check("changes.txt", &f->out);
}

/* "…" would say that somebody is looking */
static void text_changes_without_owners(void **state)
{
	struct fixture *f = *state;
	struct change ch = *change_log_get(f->scene.monitor->log, 0);

	ch.slot = UINT32_MAX;
	ch.owner = OWNER_PENDING;
	f->scene.monitor->status.owners_wanted = false;
	out_format_find("text")->change(&f->out, &f->o, &f->c, &ch);
	assert_null(strstr(f->out.data, "…"));
	assert_int_equal(f->out.data[f->out.len - 1], '\n');
}

/* ---- JSON ---- */

/* As many scans as it takes, and of what: the scene. */
static struct findings *look(struct fixture *f)
{
	struct findings *found = findings_new(f->scene.monitor, f->o.ascii);

	scene_add(&f->scene, STATE_CLOSE_WAIT, 8080, 0, 12);
	for (int i = 0; i < 25; i++) {
		scene_pass(&f->scene);
		findings_begin(found);
		while (findings_step(found, INT64_MAX))
			;
	}
	return found;
}

static void text_findings_golden(void **state)
{
	struct fixture *f = *state;
	struct findings *found = look(f);

	out_format_find("text")->findings(&f->out, &f->o, found,
					  f->scene.monitor);
	golden_check("findings.txt", &f->out);
	findings_free(found);
}

static void text_no_findings(void **state)
{
	struct fixture *f = *state;
	struct findings *found = findings_new(f->scene.monitor, false);

	out_format_find("text")->findings(&f->out, &f->o, found,
					  f->scene.monitor);
	assert_non_null(strstr(buf_str(&f->out), "No findings.\n"));
	assert_non_null(strstr(buf_str(&f->out), "looked at 0 times"));
	for (int k = 0; k < FINDING_COUNT; k++)
		assert_non_null(strstr(buf_str(&f->out),
				       finding_kinds[k].title));
	findings_free(found);
}

static void json_findings_golden(void **state)
{
	struct fixture *f = *state;
	struct findings *found = look(f);
	struct json_object *o;

	out_format_find("json")->findings(&f->out, &f->o, found,
					  f->scene.monitor);
	golden_check("findings.json", &f->out);
	o = json_tokener_parse(buf_str(&f->out));
	assert_non_null(o);
	json_object_put(o);
	findings_free(found);
}

static void json_goldens(void **state)
{
	struct fixture *f = *state;

	sample(f, "json", true);
	golden_check("sample.json", &f->out);
	buf_reset(&f->out);
	summary(f, "json");
	golden_check("summary.json", &f->out);
	buf_reset(&f->out);
	changes(f, "json");
	golden_check("changes.json", &f->out);
}

static struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	assert_true(json_object_object_get_ex(o, key, &v));
	return v;
}

static bool has(struct json_object *o, const char *key)
{
	return json_object_object_get_ex(o, key, NULL);
}

/* Strict: the UTF-8 is valid, too. */
static struct json_object *parse(const struct buf *b)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *o;

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT |
			       JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, b->data, (int)b->len - 1);
	assert_non_null(o);
	assert_int_equal(json_tokener_get_parse_end(tok), b->len - 1);
	assert_int_equal(strcspn(b->data, "\n"), b->len - 1);
	json_tokener_free(tok);
	return o;
}

static struct json_object *socket_at(struct json_object *list, int port,
				     int remote)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (json_object_get_int(get(o, "local_port")) == port &&
		    (remote < 0 ||
		     json_object_get_int(get(o, "remote_port")) == remote))
			return o;
	}
	fail_msg("no socket with port %d", port);
	return NULL;
}

static void json_is_true(void **state)
{
	struct fixture *f = *state;
	struct json_object *o, *list, *s;

	sample(f, "json", true);
	o = parse(&f->out);
	list = get(o, "sockets");
	/* the closed one is shown on screens only */
	assert_int_equal(json_object_array_length(list), f->v.rows.live);
	assert_string_equal(json_object_get_string(get(o, "partial")),
			    "owners of 1 socket hidden");

	/* unknown: absent. known to be nobody: [] */
	s = socket_at(list, SCENE_PORT_TIME_WAIT, -1);
	assert_false(has(s, "uid") || has(s, "user") || has(s, "inode"));
	assert_int_equal(json_object_array_length(get(s, "owner")), 0);
	assert_false(has(s, "age_at_least"));
	assert_false(has(socket_at(list, SCENE_PORT_HIDDEN, -1), "owner"));
	assert_false(has(socket_at(list, SCENE_PORT_PENDING, -1), "owner"));

	s = socket_at(list, SCENE_PORT_HTTPS, 0);
	assert_int_equal(json_object_array_length(get(s, "owner")), 4);
	assert_int_equal(json_object_get_int(get(s, "recv_q")), 3);
	assert_int_equal(json_object_get_int(get(s, "backlog_limit")), 128);
	assert_false(has(s, "send_q"));
	assert_string_equal(json_object_get_string(get(s, "remote")),
			    "0.0.0.0");
	assert_true(json_object_get_boolean(get(s, "age_at_least")));
	json_object_put(o);
}

/* What the view leaves out is not in the list, but is in the counts. */
static void json_of_a_part(void **state)
{
	struct fixture *f = *state;
	struct json_object *o, *s;

	f->v.listeners_only = true;
	view_update(&f->v, &f->c);
	choose(f, "local,recv_q");
	sample(f, "json", true);
	o = parse(&f->out);
	assert_int_equal(json_object_array_length(get(o, "sockets")), 4);
	assert_int_equal(json_object_get_int(get(get(o, "states"),
						 "ESTABLISHED")), 8);
	s = json_object_array_get_idx(get(o, "sockets"), 0);
	assert_int_equal(json_object_object_length(s), 3);
	assert_true(has(s, "local") && has(s, "local_port"));
	json_object_put(o);
}

static void json_of_nothing(void **state)
{
	struct fixture *f = *state;
	struct scene empty;
	struct json_object *o;

	scene_init(&empty);
	f->c.monitor = empty.monitor;
	empty.monitor->status.source = "proc";
	view_update(&f->v, &f->c);
	sample(f, "json", true);
	o = parse(&f->out);
	assert_int_equal(json_object_array_length(get(o, "sockets")), 0);
	assert_int_equal(json_object_get_int(get(get(o, "states"), "LISTEN")),
			 0);
	assert_true(has(get(o, "states"), "LISTEN"));
	/* proc does not show these: unknown, not none */
	assert_false(has(get(o, "states"), "BOUND"));
	assert_null(get(o, "partial"));
	json_object_put(o);
	scene_free(&empty);
}

/* Counts are of what the filter lets through, and say so. */
static void counts_of_a_part(void **state)
{
	struct fixture *f = *state;
	struct json_object *o;

	f->v.listeners_only = true;
	f->o.filter = "-l";
	view_update(&f->v, &f->c);
	summary(f, "json");
	o = parse(&f->out);
	assert_string_equal(json_object_get_string(get(o, "filter")), "-l");
	assert_int_equal(json_object_get_int(get(get(o, "states"), "LISTEN")),
			 4);
	assert_int_equal(json_object_get_int(get(get(o, "states"),
						 "ESTABLISHED")), 0);
	json_object_put(o);
	buf_reset(&f->out);
	summary(f, "text");
	assert_non_null(strstr(f->out.data, "filter: -l\n"));
	assert_non_null(strstr(f->out.data, "total                  4\n"));
	assert_non_null(strstr(f->out.data, "STEP (all sockets)"));
	buf_reset(&f->out);
	summary(f, "csv");
	assert_non_null(strstr(f->out.data, "LISTEN,4\n"));
	assert_non_null(strstr(f->out.data, "ESTABLISHED,0\n"));
	buf_reset(&f->out);
	sample(f, "json", true);
	o = parse(&f->out);
	assert_string_equal(json_object_get_string(get(o, "filter")), "-l");
	assert_int_equal(json_object_get_int(get(o, "shown")), 4);
	assert_int_equal(json_object_get_int(get(get(o, "states"),
						 "ESTABLISHED")), 8);
	json_object_put(o);
	buf_reset(&f->out);
	f->o.repeated = true;
	sample(f, "text", true);
	assert_non_null(strstr(f->out.data, "4 of 24 sockets  filter: -l\n"));
}

/* n steps in the last ten seconds, each after half a second */
static void add_steps(struct fixture *f, unsigned from, unsigned to, int n)
{
	struct change ch = {
		.kind = CHANGE_STATE, .from = (uint8_t)from, .to = (uint8_t)to,
		.at = f->c.now, .after = f->c.now, .dwell = NS_PER_SEC / 2,
		.certainty = CERTAIN_EXACT, .origin = ORIGIN_TRACE,
	};

	while (n--)
		edges_add(f->scene.monitor->edges, &ch);
}

static struct json_object *edge_between(struct json_object *o, const char *from,
					const char *to)
{
	struct json_object *list = get(o, "edges");

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *e = json_object_array_get_idx(list, i);
		struct json_object *a = get(e, "from"), *b = get(e, "to");

		if (a && b && !strcmp(json_object_get_string(a), from) &&
		    !strcmp(json_object_get_string(b), to))
			return e;
	}
	fail_msg("no edge %s > %s", from, to);
	return NULL;
}

/* What is not known is not there; what never happened, neither. */
static void json_edges(void **state)
{
	struct fixture *f = *state;
	struct json_object *o, *e;

	add_steps(f, STATE_SYN_SENT, STATE_ESTABLISHED, 15);
	add_steps(f, 14, 15, 1);
	f->c.now += 9 * NS_PER_SEC;
	summary(f, "json");
	o = parse(&f->out);
	e = edge_between(o, "SYN_SENT", "ESTABLISHED");
	assert_int_equal(json_object_get_int(get(e, "count")), 15);
	assert_true(json_object_get_double(get(e, "per_s_1")) == 0);
	assert_true(json_object_get_double(get(e, "per_s_10")) == 1.5);
	assert_false(has(e, "per_s_60"));
	edge_between(o, "other", "other");
	/* something was traced: known now, and none */
	e = get(get(o, "rates"), "reset");
	assert_true(json_object_get_double(get(e, "per_s_10")) == 0);
	e = get(get(o, "dwell"), "SYN_SENT");
	assert_true(json_object_get_double(get(e, "p50_ms")) == 500);
	assert_true(json_object_get_double(get(e, "p99_ms")) == 500);
	assert_int_equal(json_object_get_int(get(e, "count")), 15);
	assert_false(has(get(o, "dwell"), "CLOSING"));
	json_object_put(o);
}

static void json_change_of_hidden_owner(void **state)
{
	static const uint32_t unknown[] = { OWNER_PENDING, OWNER_HIDDEN };
	struct fixture *f = *state;
	struct change ch = *change_log_get(f->scene.monitor->log, 0);
	struct json_object *o;

	ch.slot = UINT32_MAX;
	for (size_t i = 0; i < 3; i++) {
		ch.owner = i < 2 ? unknown[i] : OWNER_NONE;
		buf_reset(&f->out);
		out_format_find("json")->change(&f->out, &f->o, &f->c, &ch);
		o = parse(&f->out);
		assert_int_equal(has(o, "owner"), i == 2);
		json_object_put(o);
	}
}

/* ---- CSV ---- */

static void csv_goldens(void **state)
{
	struct fixture *f = *state;

	sample(f, "csv", true);
	golden_check("sample.csv", &f->out);
	buf_reset(&f->out);
	f->o.repeated = true;
	summary(f, "csv");
	golden_check("summary.csv", &f->out);
	buf_reset(&f->out);
	changes(f, "csv");
	golden_check("changes.csv", &f->out);
}

/* RFC 4180: a comma, a quote or an end of line needs quotes around it */
static void csv_quotes(void **state)
{
	struct fixture *f = *state;
	struct owners *o = f->scene.monitor->owners;
	struct table *t = f->scene.monitor->table;
	struct sock *s = scene_find(&f->scene, SCENE_PORT_BOUND, 0);

	table_set_owner(t, s, owners_with(o, OWNER_NONE, 9, 9, "a,\"b\"", 5));
	f->v.states = STATE_BIT(STATE_BOUND);
	view_update(&f->v, &f->c);
	choose(f, "owner,state");
	sample(f, "csv", true);
	assert_string_equal(f->out.data,
			    "owner,state\n\"a,\"\"b\"\"[9]\",BOUND\n");
}

static int fields(const char *line)
{
	int n = 1;
	bool quoted = false;

	for (; *line && *line != '\n'; line++) {
		if (*line == '"')
			quoted = !quoted;
		n += *line == ',' && !quoted;
	}
	return n;
}

/* The names come once; every line has as many fields as there are names. */
static void csv_is_square(void **state)
{
	struct fixture *f = *state;
	int want;

	for (int i = 0; i < COLUMN_COUNT; i++)
		f->o.columns[i] = (uint8_t)(COLUMN_COUNT - 1 - i);
	f->o.column_count = COLUMN_COUNT;
	f->o.repeated = true;
	sample(f, "csv", true);
	sample(f, "csv", false);
	want = fields(f->out.data);
	assert_int_equal(want, COLUMN_COUNT + 3);
	for (const char *p = f->out.data; *p; p = strchr(p, '\n') + 1)
		assert_int_equal(fields(p), want);
	assert_null(strstr(f->out.data + 5, "\ntime,"));
	buf_reset(&f->out);
	changes(f, "csv");
	want = fields(f->out.data);
	for (const char *p = f->out.data; *p; p = strchr(p, '\n') + 1)
		assert_int_equal(fields(p), want);
}

static void formats(void **state)
{
	(void)state;
	assert_null(out_format_find("xml"));
	for (int i = 0; i < out_format_count; i++) {
		const struct out_format *f = &out_formats[i];

		assert_ptr_equal(out_format_find(f->name), f);
		assert_true(f->help && *f->help);
		assert_true(f->sample && f->summary && f->change);
	}
}

static void partial(void **state)
{
	struct fixture *f = *state;
	struct status *st = &f->scene.monitor->status;

	st->hidden_sockets = 0;
	out_partial(&f->out, f->scene.monitor);
	assert_int_equal(f->out.len, 0);
	strcpy(st->partial, "2 rows could not be read");
	st->hidden_sockets = 12;
	out_partial(&f->out, f->scene.monitor);
	assert_string_equal(f->out.data, "2 rows could not be read; "
					 "owners of 12 sockets hidden");
}

/* ---- groups ---- */

static void group_by(struct fixture *f, enum group_id id, bool owners)
{
	f->v.group = (uint8_t)id;
	f->v.group_owners = owners;
	f->o.group = id;
	f->o.group_owners = owners;
	view_update(&f->v, &f->c);
}

static void groups_as_text(void **state)
{
	struct fixture *f = *state;

	group_by(f, GROUP_PORT, true);
	sample(f, "text", true);
	group_by(f, GROUP_REMOTE, false);
	sample(f, "text", true);
	golden_check("groups.txt", &f->out);
}

/* Nothing is wider than the terminal, and no state is lost. */
static void groups_narrow(void **state)
{
	struct fixture *f = *state;

	f->o.width = 80;
	group_by(f, GROUP_PORT, true);
	sample(f, "text", true);
	f->o.ascii = f->c.ascii = true;
	f->o.width = 60;
	group_by(f, GROUP_PROCESS, true);
	sample(f, "text", true);
	check_width(&f->out, 80);
	golden_check("groups-80.txt", &f->out);
}

static void groups_as_csv(void **state)
{
	struct fixture *f = *state;

	group_by(f, GROUP_PROCESS, true);
	sample(f, "csv", true);
	f->o.repeated = true;
	group_by(f, GROUP_STATE, false);
	sample(f, "csv", true);
	golden_check("groups.csv", &f->out);
}

/* Each line is one object; the counts add up. */
static void groups_as_json(void **state)
{
	struct fixture *f = *state;

	for (int id = 1; id < GROUP_COUNT; id++) {
		struct json_object *o, *list, *n;
		uint64_t sum = 0;

		buf_reset(&f->out);
		group_by(f, id, true);
		sample(f, "json", true);
		o = json_tokener_parse(f->out.data);
		assert_non_null(o);
		assert_true(json_object_object_get_ex(o, "groups", &list));
		assert_false(json_object_object_get_ex(o, "sockets", NULL));
		for (size_t i = 0; i < json_object_array_length(list); i++) {
			struct json_object *g =
				json_object_array_get_idx(list, i);

			assert_true(json_object_object_get_ex(g, "total", &n));
			sum += json_object_get_uint64(n);
		}
		assert_int_equal(sum, f->v.rows.live);
		json_object_put(o);
	}
	buf_reset(&f->out);
	group_by(f, GROUP_PORT, true);
	sample(f, "json", true);
	group_by(f, GROUP_USER, false);
	sample(f, "json", true);
	golden_check("groups.json", &f->out);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(text_wide),
		TEST(text_80),
		TEST(text_ascii),
		TEST(text_narrow),
		TEST(text_of_many),
		TEST(text_repeated),
		TEST(text_summary),
		TEST(text_summary_at_first),
		TEST(text_changes),
		TEST(text_changes_without_owners),
		TEST(text_findings_golden),
		TEST(text_no_findings),
		TEST(json_findings_golden),
		TEST(json_goldens),
		TEST(json_is_true),
		TEST(json_of_a_part),
		TEST(json_of_nothing),
		TEST(counts_of_a_part),
		TEST(json_edges),
		TEST(json_change_of_hidden_owner),
		TEST(csv_goldens),
		TEST(csv_quotes),
		TEST(csv_is_square),
		TEST(formats),
		TEST(partial),
		TEST(groups_as_text),
		TEST(groups_narrow),
		TEST(groups_as_csv),
		TEST(groups_as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
