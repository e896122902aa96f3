/*
 * The table of columns, and what each says of the sockets of the scene.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/detail.h"
#include "model/timeline.h"
#include "scene.h"
#include "view/changeline.h"
#include "view/column.h"

struct fixture {
	struct scene scene;
	struct column_context c;
	struct buf text;
};

static int set_up(void **state)
{
	struct fixture *f = mem_zalloc(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	scene_all(&f->scene);
	f->c.monitor = f->scene.monitor;
	f->c.now = clock_mono(&f->scene.clock.clock);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	scene_free(&f->scene);
	buf_free(&f->text);
	free(f);
	return 0;
}

static const char *cell(struct fixture *f, enum column_id id,
			const struct sock *s)
{
	buf_reset(&f->text);
	column_text(&f->c, id, s, &f->text);
	return buf_str(&f->text);
}

#define IS(id, port, remote, want) \
	assert_string_equal(cell(f, id, scene_find(&f->scene, port, remote)), \
			    want)

/* ---- the table ---- */

static void all_is_declared(void **state)
{
	(void)state;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		const struct column *col = &columns[i];

		assert_non_null(col->name);
		assert_non_null(col->json);
		assert_non_null(col->title);
		assert_non_null(col->unit);
		assert_non_null(col->get);
		assert_true(strlen(col->help) > 3 && strlen(col->help) < 90);
		assert_null(strchr(col->help, '\n'));
		assert_true(col->min <= col->norm);
		assert_true(!col->max || col->norm <= col->max);
		assert_true(utf8_width(col->title) <= col->min);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(col->title, columns[j].title);
		/* the unit is told by the key of what is not plain */
		if (strcmp(col->unit, "ms") == 0)
			assert_non_null(strstr(col->json, "_ms"));
	}
}

static void find_list(const char *list, int want)
{
	while (list && *list) {
		size_t n = strcspn(list, ",");

		assert_int_equal(column_find(list, n), want);
		list += n + (list[n] == ',');
	}
}

/* every name leads to its own column, so no two columns share one */
static void names_are_unique(void **state)
{
	(void)state;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		find_list(columns[i].name, i);
		find_list(columns[i].alias, i);
		find_list(columns[i].json, i);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(columns[i].keep, columns[j].keep);
	}
	assert_int_equal(column_find("Recv-Q", 6), COL_RECV_Q);
	assert_int_equal(column_find("PROCESS", 7), COL_OWNER);
	assert_int_equal(column_find("recv", 4), -1);
	assert_int_equal(column_find("", 0), -1);
	assert_int_equal(column_find(",", 1), -1);
}

static void list_is(const char *list, const char *want)
{
	static const uint8_t defaults[] = { COL_STATE, COL_LOCAL };
	uint8_t ids[COLUMN_COUNT];
	const char *bad = NULL;
	size_t bad_len = 0;
	struct buf got = { 0 };
	int n = column_list_parse(list, defaults, 2, ids, NULL, &bad, &bad_len);

	for (int i = 0; i < n; i++)
		buf_printf(&got, "%s ", columns[ids[i]].name);
	if (n < 0)
		buf_printf(&got, "bad %d+%zu", (int)(bad - list), bad_len);
	assert_string_equal(buf_str(&got), want);
	buf_free(&got);
}

static void lists(void **state)
{
	(void)state;
	list_is("state,local", "state local ");
	list_is("process,Recv-Q", "owner recv_q ");
	list_is("+uid,inode", "state local uid inode ");
	list_is("+uid,+inode", "state local uid inode ");
	list_is("+local,uid", "state local uid ");
	list_is("uid,uid,uid", "uid ");
	list_is("", "bad 0+0");
	list_is("+", "bad 1+0");
	list_is("uid,", "bad 4+0");
	list_is("uid,nix,pid", "bad 4+3");
	list_is(",", "bad 0+0");
}

/* ---- the cells ---- */

static void owners(void **state)
{
	struct fixture *f = *state;

	IS(COL_OWNER, SCENE_PORT_HTTPS, 0, "nginx[1201] +3");
	IS(COL_OWNER, SCENE_PORT_HTTPS, 51234, "nginx[1234]");
	IS(COL_OWNER, SCENE_PORT_HIDDEN, 0, "?");
	IS(COL_OWNER, SCENE_PORT_PENDING, 0, "…");
	IS(COL_OWNER, SCENE_PORT_TIME_WAIT, 0, "-");
	IS(COL_OWNER, SCENE_PORT_JAVA, 41111, "(in accept queue)");
	IS(COL_OWNER, SCENE_PORT_EVIL, 0, "a) \\x1b[31mb\\xff[6666]");
	IS(COL_PID, SCENE_PORT_HTTPS, 0, "1201");
	IS(COL_PID, SCENE_PORT_HIDDEN, 0, "-");
	f->c.ascii = true;
	IS(COL_OWNER, SCENE_PORT_PENDING, 0, "...");
	IS(COL_OWNER, 45003, 0, "??????[6001]");
}

static void last_owner(void **state)
{
	struct fixture *f = *state;
	struct sock s = *scene_find(&f->scene, SCENE_PORT_HTTPS, 51234);

	s.owner_last = true;
	assert_string_equal(cell(f, COL_OWNER, &s), "(nginx[1234])");
	assert_string_equal(cell(f, COL_PID, &s), "-");
}

/* A uid that the kernel does not have reads 0, and that is not root. */
static void users(void **state)
{
	struct fixture *f = *state;
	const struct passwd *root = getpwuid(0);

	IS(COL_UID, SCENE_PORT_HTTPS, 0, "0");
	IS(COL_USER, SCENE_PORT_HTTPS, 0, root ? root->pw_name : "0");
	IS(COL_USER, SCENE_PORT_JAVA, 0, "424242");
	IS(COL_UID, SCENE_PORT_TIME_WAIT, 0, "-");
	IS(COL_USER, SCENE_PORT_TIME_WAIT, 0, "-");
	IS(COL_UID, SCENE_PORT_JAVA, 41111, "-");
	IS(COL_USER, SCENE_PORT_HTTPS, 33002, "-");
}

static void queues(void **state)
{
	struct fixture *f = *state;

	IS(COL_RECV_Q, SCENE_PORT_HTTPS, 0, "3/128");
	IS(COL_RECV_Q, SCENE_PORT_EVIL, 0, "0/-");
	IS(COL_RECV_Q, SCENE_PORT_JAVA, 41000, "123456");
	IS(COL_SEND_Q, SCENE_PORT_HTTPS, 0, "-");
	IS(COL_SEND_Q, SCENE_PORT_SYN_SENT, 0, "1");
	IS(COL_LIMIT, SCENE_PORT_HTTPS, 0, "128");
	IS(COL_LIMIT, SCENE_PORT_EVIL, 0, "-");
	IS(COL_LIMIT, SCENE_PORT_SYN_SENT, 0, "-");
}

static void ends(void **state)
{
	struct fixture *f = *state;
	const char *name = service_name(443);

	IS(COL_LOCAL, SCENE_PORT_HTTPS, 0, "0.0.0.0:443");
	IS(COL_REMOTE, SCENE_PORT_HTTPS, 0, "*");
	IS(COL_REMOTE_PORT, SCENE_PORT_HTTPS, 0, "*");
	IS(COL_REMOTE, SCENE_PORT_BOUND, 0, "*");
	IS(COL_LOCAL, 22, 0, "[::]:22");
	IS(COL_LOCAL, SCENE_PORT_JAVA, 41000, "[::ffff:10.0.0.5]:8080");
	IS(COL_LOCAL, 45000, 22, "[fe80::1]%lo:45000");
	IS(COL_REMOTE, 45000, 22, "[fe80::2]%lo:22");
	IS(COL_DEVICE, 45000, 22, "lo");
	IS(COL_DEVICE, SCENE_PORT_HTTPS, 0, "-");
	IS(COL_DIRECTION, SCENE_PORT_HTTPS, 51234, "in");
	IS(COL_DIRECTION, SCENE_PORT_SYN_SENT, 0, "out");
	IS(COL_DIRECTION, SCENE_PORT_HTTPS, 0, "-");
	f->c.names = true;
	buf_reset(&f->text);
	if (name)
		assert_string_equal(name, "https");
	IS(COL_LOCAL, SCENE_PORT_HTTPS, 0,
	   name ? "0.0.0.0:https" : "0.0.0.0:443");
	IS(COL_LOCAL_PORT, SCENE_PORT_HTTPS, 0, name ? "https" : "443");
	/* longer than any name could make it */
	assert_true(strlen(cell(f, COL_LOCAL,
				scene_find(&f->scene, 443, 65535))) < 100);
}

static void others(void **state)
{
	struct fixture *f = *state;

	IS(COL_PROTO, SCENE_PORT_HTTPS, 0, "tcp");
	IS(COL_STATE, SCENE_PORT_HTTPS, 0, "LISTEN");
	IS(COL_STATE, 7778, 0, "unknown(14)");
	IS(COL_INODE, SCENE_PORT_HTTPS, 0, "70000");
	IS(COL_INODE, SCENE_PORT_TIME_WAIT, 0, "-");
	IS(COL_COOKIE, SCENE_PORT_HTTPS, 0, "1000");
	IS(COL_TIMER, SCENE_PORT_HTTPS, 0, "off");
	IS(COL_TIMER, SCENE_PORT_TIME_WAIT, 0, "time-wait");
	IS(COL_EXPIRES, SCENE_PORT_TIME_WAIT, 0, "45s");
	IS(COL_EXPIRES, SCENE_PORT_HTTPS, 0, "-");
	IS(COL_RTT, SCENE_PORT_HTTPS, 51234, "-");
	IS(COL_MEMORY, SCENE_PORT_HTTPS, 51234, "-");
	IS(COL_CONGESTION, SCENE_PORT_HTTPS, 51234, "-");
}

static void ages(void **state)
{
	struct fixture *f = *state;
	struct sock *s = scene_find(&f->scene, SCENE_PORT_JAVA, 40112);

	IS(COL_AGE, SCENE_PORT_HTTPS, 0, "≥2.0s");
	IS(COL_AGE, SCENE_PORT_TIME_WAIT, 0, "15s");
	IS(COL_AGE, SCENE_PORT_SYN_SENT, 0, "1.0s");
	assert_string_equal(cell(f, COL_AGE, s), "0.0s");
	f->c.ascii = true;
	IS(COL_AGE, SCENE_PORT_HTTPS, 0, ">=2.0s");
	s->live = false;
	assert_string_equal(cell(f, COL_AGE, s), "gone");
	s->live = true;
}

/* Exact only where the kernel told of the opening. */
static void connection_ages(void **state)
{
	struct fixture *f = *state;
	struct sock s = *scene_find(&f->scene, SCENE_PORT_HTTPS, 51234);
	struct timeline_step opened = {
		.at = f->c.now - 5 * NS_PER_SEC, .from = STATE_NONE,
		.to = STATE_ESTABLISHED, .certainty = CERTAIN_EXACT,
	};

	IS(COL_CONN_AGE, SCENE_PORT_HTTPS, 0, "≥2.0s");
	IS(COL_CONN_AGE, SCENE_PORT_SYN_SENT, 0, "≥1.0s");
	IS(COL_CONN_AGE, SCENE_PORT_TIME_WAIT, 0, "≥15s");
	s.timeline = NULL;
	timeline_add(&s.timeline, &opened);
	assert_string_equal(cell(f, COL_CONN_AGE, &s), "5.0s");
	s.timeline->step[0].certainty = CERTAIN_BETWEEN;
	assert_string_equal(cell(f, COL_CONN_AGE, &s), "≥0.0s");
	s.timeline->step[0].certainty = CERTAIN_EXACT;
	for (int i = 0; i < TIMELINE_MAX; i++)	/* the first is forgotten */
		timeline_add(&s.timeline, &opened);
	assert_string_equal(cell(f, COL_CONN_AGE, &s), "≥0.0s");
	free(s.timeline);
}

/* ">= 0 s" of what only one pass saw would say nothing */
static void first_pass_has_no_age(void **state)
{
	struct fixture *f = *state;

	scene_free(&f->scene);
	scene_init(&f->scene);
	f->c.monitor = f->scene.monitor;
	scene_pass(&f->scene);
	f->c.now = clock_mono(&f->scene.clock.clock) + NS_PER_SEC / 2;
	IS(COL_AGE, SCENE_PORT_HTTPS, 0, "-");
	IS(COL_AGE, SCENE_PORT_TIME_WAIT, 0, "13s");
	scene_pass(&f->scene);
	f->c.now = clock_mono(&f->scene.clock.clock);
	IS(COL_AGE, SCENE_PORT_HTTPS, 0, "≥1.0s");
}

/* an older kernel's tcp_info ends before what is asked for */
static void details(void **state)
{
	struct fixture *f = *state;
	struct sock s = *scene_find(&f->scene, SCENE_PORT_HTTPS, 51234);
	struct sock_detail d = { .has_mem = true, .mem_count = 9 };

	struct timeline with = { .detail = &d };

	s.timeline = &with;
	assert_string_equal(cell(f, COL_RTT, &s), "-");
	d.info.tcpi_rtt = 40;
	d.info.tcpi_snd_cwnd = 10;
	d.info.tcpi_bytes_sent = 34000000;
	d.info.tcpi_last_data_sent = 1500;
	d.info_len = offsetof(struct tcp_info, tcpi_bytes_sent);
	assert_string_equal(cell(f, COL_RTT, &s), "0.04ms");
	assert_string_equal(cell(f, COL_CWND, &s), "10");
	assert_string_equal(cell(f, COL_BYTES_SENT, &s), "-");
	assert_string_equal(cell(f, COL_LAST_SENT, &s), "-");
	d.info_len = sizeof(d.info);
	assert_string_equal(cell(f, COL_BYTES_SENT, &s), "34M");
	assert_string_equal(cell(f, COL_LAST_SENT, &s), "1.5s");
	assert_string_equal(cell(f, COL_LAST_RECEIVED, &s), "-");
	for (int i = 0; i < 9; i++)
		d.mem[i] = 1u << (4 * i % 32);
	d.mem[8] = 7;
	/* receive 1, forward 1<<16, send queue 1<<20, options 1<<24, backlog
	 * 1<<28 */
	assert_string_equal(cell(f, COL_MEMORY, &s), "286M");
	d.mem_count = 7;
	assert_string_equal(cell(f, COL_MEMORY, &s), "-");
	strcpy(d.congestion, "cubic");
	assert_string_equal(cell(f, COL_CONGESTION, &s), "cubic");
	s.row.state = STATE_LISTEN;
	assert_string_equal(cell(f, COL_RTT, &s), "-");
}

/* no cell of any socket is empty, has an end of line, or is not ASCII where
 * only that can be shown */
static void cells_are_safe(void **state)
{
	struct fixture *f = *state;
	const struct table *t = f->scene.monitor->table;

	for (int ascii = 0; ascii < 2; ascii++) {
		f->c.ascii = ascii;
		for (uint32_t i = 0; i < table_slots(t); i++) {
			const struct sock *s = table_slot(t, i);

			for (int id = 0; s && id < COLUMN_COUNT; id++) {
				const char *p = cell(f, id, s);

				assert_true(*p);
				for (; *p; p++) {
					unsigned char b = (unsigned char)*p;

					assert_true(b >= ' ' && b != 0x7f);
					assert_true(!ascii || b < 0x80);
				}
			}
		}
	}
}

/* ---- order ---- */

/* For each column, both ways, of every two sockets: unknown last, and what
 * prints alike is alike. */
static void order(void **state)
{
	struct fixture *f = *state;
	const struct table *t = f->scene.monitor->table;
	uint32_t slots = table_slots(t);

	for (uint32_t n = 0; n < slots * slots * COLUMN_COUNT * 2; n++) {
		const struct sock *a = table_slot(t, n % slots);
		const struct sock *b = table_slot(t, n / slots % slots);
		enum column_id id = n / slots / slots % COLUMN_COUNT;
		bool reverse = n / slots / slots / COLUMN_COUNT;
		uint64_t key_a[COLUMN_KEY_WORDS], key_b[COLUMN_KEY_WORDS];
		struct value va, vb;
		int got;

		if (!a || !b)
			continue;
		got = compare_by_column(&f->c, id, reverse, a, b);
		assert_int_equal(got,
				 -compare_by_column(&f->c, id, reverse, b, a));
		column_key(&f->c, id, reverse, a, key_a);
		column_key(&f->c, id, reverse, b, key_b);
		va = columns[id].get(&f->c, a);
		vb = columns[id].get(&f->c, b);
		assert_int_equal(va.kind == VALUE_NONE,
				 key_a[0] == KEY_UNKNOWN);
		if (va.kind == VALUE_NONE && vb.kind != VALUE_NONE)
			assert_true(got > 0);
		if (va.kind == VALUE_UINT && vb.kind == VALUE_UINT &&
		    !columns[id].rank && va.uint < vb.uint)
			assert_int_equal(got, reverse ? 1 : -1);
		assert_int_equal(got == 0, memcmp(key_a, key_b,
						  sizeof(key_a)) == 0);
	}
}

/* A full accept queue before any bytes; unknown queues behind all. */
static void full_queues_first(void **state)
{
	struct fixture *f = *state;
	const struct sock *full = scene_find(&f->scene, SCENE_PORT_JAVA, 0);
	const struct sock *bytes = scene_find(&f->scene, SCENE_PORT_JAVA,
					      41000);
	const struct sock *some = scene_find(&f->scene, SCENE_PORT_HTTPS, 0);
	struct sock unknown = *bytes, none = *full;

	unknown.row.recv_q = U32_UNKNOWN;
	none.row.recv_q = none.row.send_q = 0;
	for (int r = 0; r < 2; r++) {
		int sign = r ? 1 : -1;

#define FIRST(a, b)	assert_int_equal(sign, -compare_by_column(&f->c, \
						COL_RECV_Q, r, a, b))
		FIRST(full, bytes);
		FIRST(bytes, some);
		FIRST(some, &none);
		sign = 1;
		FIRST(full, &unknown);
		FIRST(&none, &unknown);
#undef FIRST
	}
}

/* What is said of a width without printing is what printing makes. */
static void check_width(struct fixture *f, int id, const struct sock *s,
			unsigned *known)
{
	int width = column_width(&f->c, id, s);
	const char *text = cell(f, id, s);

	if (width < 0)
		return;
	known[id]++;
	assert_int_equal(width, utf8_width(text));
	assert_int_equal(width, strlen(text));
}

static void widths(void **state)
{
	struct fixture *f = *state;
	const struct table *t = f->scene.monitor->table;
	unsigned known[COLUMN_COUNT] = { 0 };

	for (int round = 0; round < 4; round++) {
		f->c.names = round & 1;
		f->c.ascii = round & 2;
		for (uint32_t i = 0; i < table_slots(t); i++)
			for (int id = 0; id < COLUMN_COUNT; id++)
				if (table_slot(t, i))
					check_width(f, id, table_slot(t, i),
						    known);
	}
	/* what is printed by default never has to be printed twice */
	assert_true(known[COL_STATE] && known[COL_RECV_Q] &&
		    known[COL_SEND_Q] && known[COL_LOCAL] && known[COL_REMOTE]);
}

/* Each length that a byte, a number and a port can have. */
static void widths_of_numbers(void **state)
{
	struct fixture *f = *state;
	struct sock s = *scene_find(&f->scene, SCENE_PORT_JAVA, 41000);
	unsigned known[COLUMN_COUNT] = { 0 }, n = 0;

	for (uint64_t v = 1; v <= U32_UNKNOWN; v *= 10)
		for (int off = -1; off <= 0; off++, n++) {
			s.row.recv_q = s.row.send_q = (uint32_t)(v + off);
			s.row.inode = v * v + off;
			s.row.id.local_port = (uint16_t)(v + off);
			for (int i = 0; i < 4; i++)
				s.row.id.local.b[i] = (uint8_t)
					(v / (uint64_t)(i + 1) + off);
			for (int id = 0; id < COLUMN_COUNT; id++)
				check_width(f, id, &s, known);
		}
	assert_int_equal(known[COL_LOCAL], n);
	assert_int_equal(known[COL_INODE], n);
	assert_int_equal(known[COL_RECV_Q], n);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(all_is_declared),
		TEST(names_are_unique),
		TEST(lists),
		TEST(owners),
		TEST(last_owner),
		TEST(users),
		TEST(queues),
		TEST(ends),
		TEST(others),
		TEST(ages),
		TEST(connection_ages),
		TEST(first_pass_has_no_age),
		TEST(details),
		TEST(cells_are_safe),
		TEST(order),
		TEST(full_queues_first),
		TEST(widths),
		TEST(widths_of_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
