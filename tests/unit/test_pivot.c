/*
 * Groups of sockets: their keys, names, counts, rates, and their order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "scene_view.h"
#include "view/pivot_column.h"
#include "view/update.h"

/* and one pass more, from which on the socket that was closed is gone */
static int set_up(void **state)
{
	struct fixture *f;

	scene_view_set_up(state);
	f = *state;
	scene_pass(&f->scene);
	f->c.now = clock_mono(&f->scene.clock.clock);
	return 0;
}

static void group_by(struct fixture *f, enum group_id id)
{
	f->v.group = (uint8_t)id;
	view_update(&f->v, &f->c);
	assert_int_equal(view_grouped(&f->v), id);
}

/* The group of that name; NULL: there is none. */
static const struct group *named(struct fixture *f, const char *name)
{
	const struct group *g, *found = NULL;
	struct buf text = { 0 };

	for (size_t i = 0; (g = view_group(&f->v, i)); i++) {
		struct group_owner o = group_owner(g);

		buf_reset(&text);
		group_text(&f->c, view_grouped(&f->v), &g->key, &o, &text);
		if (strcmp(buf_str(&text), name))
			continue;
		assert_null(found);	/* no two look the same */
		found = g;
	}
	buf_free(&text);
	return found;
}

static uint32_t total_of(struct fixture *f, const char *name)
{
	const struct group *g = named(f, name);

	if (!g)
		fail_msg("no group \"%s\"", name);
	return g->total;
}

static void check_cell(struct fixture *f, const char *name,
		       enum pivot_column_id id, const char *want)
{
	const struct pivot_context x = { .c = &f->c, .p = &f->v.pivot };
	const struct group *g = named(f, name);
	struct buf text = { 0 };

	assert_non_null(g);
	pivot_column_text(&x, id, g, &text);
	assert_string_equal(buf_str(&text), want);
	buf_free(&text);
}

/* ---- the table ---- */

static void groups_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < GROUP_COUNT; i++) {
		const struct group_info *info = &groups[i];

		assert_true(*info->name && *info->menu && *info->help);
		assert_true(*info->by && *info->one && *info->many);
		assert_non_null(info->crumb);
		assert_true(info->letter);
		assert_int_equal(group_find(info->name, strlen(info->name)), i);
		/* a line of the menu at 80 columns */
		assert_true(utf8_width(info->help) <= 52);
		if (i == GROUP_NONE)
			continue;
		assert_true(*info->title && *info->field[0]);
		assert_non_null(info->key);
		assert_non_null(info->text);
		assert_non_null(info->values);
		for (int k = 0; k < i; k++)
			assert_int_not_equal(info->letter, groups[k].letter);
	}
	assert_int_equal(group_find("Remote_Port", 11), GROUP_REMOTE_PORT);
	assert_int_equal(group_find("por", 3), -1);
}

static void columns_are_whole(void **state)
{
	unsigned states = 0;

	(void)state;
	for (int i = 0; i < PIVOT_COLUMN_COUNT; i++) {
		const struct pivot_column *col = &pivot_columns[i];

		assert_true(*col->name && *col->help && col->keep);
		assert_true(i == PCOL_GROUP || *col->title);
		/* no state is counted in two columns */
		assert_int_equal(states & col->states, 0);
		states |= col->states;
		if (i != PCOL_REST)
			assert_int_equal(pivot_column_find(col->name,
							   strlen(col->name)),
					 i);
	}
	assert_int_equal(states, STATES_ALL);
	assert_int_equal(pivot_column_find("CLOSE-WAIT", 10), PCOL_CLOSE_WAIT);
	assert_int_equal(pivot_column_find("rest", 4), -1);
}

/* ---- keys and counts ---- */

/* What a group should have, by asking every socket. */
static void check_group(struct fixture *f, enum group_id id,
			const struct group *g)
{
	const struct table *t = f->c.monitor->table;
	uint32_t count[STATE_COUNT] = { 0 }, total = 0, fresh = 0;
	uint32_t recv_q = U32_UNKNOWN;

	for (uint32_t k = 0; k < table_slots(t); k++) {
		const struct sock *s = table_slot(t, k);
		struct group_key key;

		if (!s || !s->live || !view_match(&f->v, &f->c, s))
			continue;
		group_key_of(&f->c, id, s, &key);
		if (!group_key_equal(&key, &g->key))
			continue;
		count[state_slot(s->row.state)]++;
		total++;
		fresh += s->mark == MARK_NEW;
		if (s->row.state != STATE_LISTEN &&
		    s->row.recv_q != U32_UNKNOWN &&
		    (recv_q == U32_UNKNOWN || s->row.recv_q > recv_q))
			recv_q = s->row.recv_q;
	}
	assert_memory_equal(count, g->count, sizeof(count));
	assert_int_equal(total, g->total);
	assert_int_equal(fresh, g->fresh);
	assert_int_equal(recv_q, g->recv_q);
}

static void check_counts(struct fixture *f, enum group_id id)
{
	const struct group *g;
	uint32_t sum = 0;

	for (size_t i = 0; (g = view_group(&f->v, i)); i++) {
		check_group(f, id, g);
		sum += g->total;
	}
	assert_int_equal(sum, f->v.rows.live);
	assert_int_equal(sum, f->v.pivot.total);
}

static void counts_add_up(void **state)
{
	struct fixture *f = *state;

	for (int id = 1; id < GROUP_COUNT; id++) {
		group_by(f, id);
		check_counts(f, id);
		assert_int_equal(f->v.rows.live,
				 table_counts(f->c.monitor->table)->total);
	}
	/* and what is left out is in no group */
	f->v.states = STATES_ALL & ~STATE_BIT(STATE_LISTEN);
	for (int id = 1; id < GROUP_COUNT; id++) {
		group_by(f, id);
		check_counts(f, id);
		assert_int_equal(f->v.rows.hidden_by_state, 4);
	}
}

static void ports(void **state)
{
	struct fixture *f = *state;

	group_by(f, GROUP_PORT);
	assert_int_equal(total_of(f, "443 https"), 7);
	assert_int_equal(named(f, "443 https")->count[STATE_LISTEN], 1);
	/* theirs, where we connect */
	assert_int_equal(total_of(f, "→ 443 https"), 1);
	assert_int_equal(total_of(f, "→ 22 ssh"), 1);
	assert_int_equal(total_of(f, "22 ssh"), 1);
	check_cell(f, "443 https", PCOL_PROCESS, "nginx[1201] +3");
	check_cell(f, "443 https", PCOL_QUEUE, "3/128");
	check_cell(f, "8080 http-alt", PCOL_QUEUE, "101/100");
	check_cell(f, "6666", PCOL_QUEUE, "0/-");
	check_cell(f, "443 https", PCOL_FIN_WAIT, "2");
	/* nobody knows who connected */
	assert_int_equal(total_of(f, "7778"), 1);
	f->c.ascii = true;
	assert_non_null(named(f, "> 22 ssh"));
}

static void owners(void **state)
{
	struct fixture *f = *state;

	group_by(f, GROUP_PROCESS);
	/* each kind of "nobody" by itself */
	assert_int_equal(total_of(f, "…"), 1);
	assert_int_equal(total_of(f, "?"), 1);
	assert_int_equal(total_of(f, "(in accept queue)"), 1);
	assert_int_equal(total_of(f, "-"), 5);
	assert_int_equal(total_of(f, "nginx[1201]"), 1);
	assert_int_equal(total_of(f, "nginx[1234]"), 3);
	group_by(f, GROUP_PROGRAM);
	assert_int_equal(total_of(f, "nginx"), 4);
	assert_int_equal(total_of(f, "-"), 5);
	check_cell(f, "nginx", PCOL_PROCESS, "nginx[1201] +3");
}

/* TIME_WAIT has the owner it had, in parentheses; held as well, without. */
static void last_owners(void **state)
{
	struct fixture *f = *state;
	struct owners *o = f->c.monitor->owners;
	struct sock *s = scene_find(&f->scene, 52120, 5432);
	uint32_t set = owners_with(o, OWNER_NONE, 79, 1, "last", 4);

	owners_ref(o, set);
	table_set_owner(f->c.monitor->table, s, set);
	s->owner_last = true;
	group_by(f, GROUP_PROCESS);
	assert_int_equal(total_of(f, "(last[79])"), 1);
	group_by(f, GROUP_PORT);
	check_cell(f, "→ 5432 postgresql", PCOL_PROCESS, "(last[79])");

	s = scene_find(&f->scene, 45003, 443);
	table_set_owner(f->c.monitor->table, s, set);
	group_by(f, GROUP_PROCESS);
	assert_int_equal(total_of(f, "last[79]"), 2);
	assert_null(named(f, "(last[79])"));
}

static void addresses(void **state)
{
	struct fixture *f = *state;

	group_by(f, GROUP_REMOTE);
	/* ::ffff:198.51.100.9 and 198.51.100.9 */
	assert_int_equal(total_of(f, "198.51.100.9"), 2);
	assert_int_equal(total_of(f, "*"), 6);
	assert_int_equal(total_of(f, "fe80::2"), 1);
	group_by(f, GROUP_LOCAL);
	assert_null(named(f, "::ffff:10.0.0.5"));
	assert_int_equal(total_of(f, "::"), 1);
	assert_int_equal(total_of(f, "0.0.0.0"), 2);
	/* the fullest of two listeners */
	check_cell(f, "0.0.0.0", PCOL_QUEUE, "101/100");
	group_by(f, GROUP_PREFIX);
	assert_int_equal(total_of(f, "198.51.100.0/24"), 5);
	assert_int_equal(total_of(f, "2001:db8:1234:5678::/64"), 1);
	assert_int_equal(total_of(f, "*"), 6);
}

static void states_and_users(void **state)
{
	struct fixture *f = *state;

	group_by(f, GROUP_STATE);
	assert_int_equal(total_of(f, "unknown(14)"), 1);
	assert_int_equal(total_of(f, "ESTABLISHED"), 8);
	group_by(f, GROUP_USER);
	/* mini-sockets and orphans are not root's */
	assert_int_equal(total_of(f, "-"), 6);
	assert_int_equal(total_of(f, "root"), 5);
	assert_int_equal(total_of(f, "424242"), 13);
}

/* Going into a group shows the sockets that it counts. */
static void going_in(void **state)
{
	struct fixture *f = *state;
	struct restriction in[64];
	uint32_t total[64];
	const struct group *g;
	size_t n;

	for (int id = 1; id < GROUP_COUNT; id++) {
		group_by(f, id);
		for (n = 0; (g = view_group(&f->v, n)); n++) {
			in[n] = (struct restriction){ (uint8_t)id, g->key };
			total[n] = g->total;
		}
		f->v.group = GROUP_NONE;
		f->v.within_count = 1;
		for (size_t i = 0; i < n; i++) {
			f->v.within[0] = in[i];
			view_update(&f->v, &f->c);
			assert_int_equal(f->v.rows.live, total[i]);
			assert_null(view_group(&f->v, 0));
		}
		f->v.within_count = 0;
	}
}

/* ---- many ---- */

static uint32_t few(uint32_t n)
{
	return (uint32_t)rand() % n;
}

/* Of so many sockets all but one are open, nothing waits at all but one, and
 * all but one have an owner. */
static uint32_t usual = 1;

static void fill(struct fixture *f, int n)
{
	static const uint8_t states[] = {
		STATE_ESTABLISHED, STATE_CLOSE_WAIT, STATE_TIME_WAIT, 14,
	};
	struct table *t = f->scene.monitor->table;
	struct row r;

	srand(5);
	table_pass_begin(t, ORIGIN_NETLINK);
	for (int i = 1; i <= n; i++) {
		r = (struct row){
			.id = {
				.protocol = IPPROTO_TCP, .family = AF_INET,
				.local_port = (uint16_t)(1 + few(3)),
				.remote_port = (uint16_t)(1 + few(5000)),
			},
			.cookie = (uint64_t)i, .inode = (uint64_t)i,
			.uid = few(3), .recv_q = few(usual) ? 0 : few(3),
			.expires_ms = U32_UNKNOWN,
			.state = states[few(usual) ? 0 : few(4)],
		};
		r.id.remote.b[3] = (uint8_t)few(200);
		table_row(t, &r);
	}
	table_pass_end(t, true);
	for (size_t i = 0; table_absent(t, i); i++)
		table_verdict(t, i, VERDICT_GONE);
	table_pass_settle(t);
}

static void many_groups(void **state)
{
	struct fixture *f = *state;

	fill(f, 20000);
	group_by(f, GROUP_REMOTE_PORT);
	assert_in_range(f->v.count, 4000, 5100);
	/* asking each socket for each group would take a while */
	for (size_t i = 0; i + 1 < f->v.count; i++)
		assert_true(view_group(&f->v, i)->total >=
			    view_group(&f->v, i + 1)->total);
	assert_int_equal(f->v.pivot.total, f->v.rows.live);
	group_by(f, GROUP_REMOTE);
	check_counts(f, GROUP_REMOTE);
}

/* Owners that many sockets and groups share are counted once. */
static void processes_are_counted_once(void **state)
{
	struct fixture *f = *state;
	struct table *t = f->c.monitor->table;
	struct owners *o = f->c.monitor->owners;
	const struct group *g;

	fill(f, 3000);
	for (uint32_t i = 0; i < table_slots(t); i++) {
		struct sock *s = table_slot(t, i);
		/* a master, and one of seven children */
		uint32_t set = owners_with(o, OWNER_NONE, 10, 1, "m", 1);

		if (few(2))
			set = owners_with(o, set, 11 + (int)few(7), 1, "c", 1);
		if (s && s->live)
			table_set_owner(t, s, set);
		else
			owners_unref(o, set);
	}
	group_by(f, GROUP_PROGRAM);
	g = named(f, "m");
	assert_int_equal(g->total, 3000);
	assert_int_equal(pivot_processes(&f->v.pivot, g), 8);
	check_cell(f, "m", PCOL_PROCESS, "m[10] +7");
}

/* What says more of who holds a group is less; of equals the first. */
static uint64_t owner_rank(const struct owners *o, const struct sock *s)
{
	static const uint8_t special[] = {
		[OWNER_HIDDEN] = 2, [OWNER_PENDING] = 3, [OWNER_NONE] = 4,
	};

	if (s->owner < OWNER_FIRST)
		return (uint64_t)special[s->owner] << 32;
	return (uint64_t)s->owner_last << 32 |
	       (uint32_t)owners_get(o, s->owner, 0)->pid;
}

/* the first one holds what is gone */
enum { PIDS = 400 };

/* As they are found by asking every socket. */
static void check_owners(struct fixture *f, enum group_id id,
			 const struct group *g)
{
	const struct table *t = f->c.monitor->table;
	const struct owners *o = f->c.monitor->owners;
	uint64_t best = UINT64_MAX;
	bool held[PIDS] = { false };
	uint32_t processes = 0;
	struct group_key key;

	for (uint32_t k = 0; k < table_slots(t); k++) {
		const struct sock *s = table_slot(t, k);

		if (!s || !s->live)
			continue;
		group_key_of(&f->c, id, s, &key);
		if (!group_key_equal(&key, &g->key))
			continue;
		if (owner_rank(o, s) < best)
			best = owner_rank(o, s);
		for (size_t i = 0; owners_get(o, s->owner, i); i++) {
			int32_t pid = owners_get(o, s->owner, i)->pid;

			processes += !held[pid];
			held[pid] = true;
		}
	}
	if (!g->total)
		return;
	assert_int_equal(pivot_processes(&f->v.pivot, g), processes);
	assert_int_equal(owner_rank(o, &(struct sock){
		.owner = g->owner, .owner_last = g->owner_last }), best);
}

/* More owner sets than fit into one word, some last known, some of nobody, and
 * some of sockets that are gone. */
static void give_owners(struct fixture *f)
{
	struct table *t = f->c.monitor->table;
	struct owners *o = f->c.monitor->owners;

	for (uint32_t i = 0; i < table_slots(t); i++) {
		struct sock *s = table_slot(t, i);
		int32_t pid = s && s->live ? 2 + (int32_t)few(PIDS - 3) : 1;
		uint32_t set = few(usual) ? OWNER_FIRST : few(4);

		if (set >= OWNER_FIRST) {
			set = owners_with(o, OWNER_NONE, pid, 1, "c", 1);
			if (few(2))
				set = owners_with(o, set, pid + 1, 1, "c", 1);
		}
		if (s && view_lists(s)) {
			table_set_owner(t, s, set);
			s->owner_last = !few(2 + usual);
		} else {
			owners_unref(o, set);
		}
	}
}

static void owners_of_groups(void **state)
{
	struct fixture *f = *state;
	const struct group *g;

	fill(f, 4000);
	give_owners(f);
	for (int id = 1; id < GROUP_COUNT; id++) {
		group_by(f, id);
		for (size_t i = 0; (g = view_group(&f->v, i)) && i < 200; i++)
			check_owners(f, id, g);
	}
}

static void very_many_alike(void **state)
{
	static const int32_t pids[3][3] = {
		{ 9, 4, 7 }, { 14, 17, 19 }, { 27, 29, 24 },
	};
	struct fixture *f = *state;
	struct table *t = f->c.monitor->table;
	struct owners *o = f->c.monitor->owners;
	const struct group *g;

	usual = UINT32_MAX;
	for (int i = 0; i < 4; i++)
		fill(f, 70000);
	fill(f, 69000);
	usual = 1;
	/* nothing but open connections of three processes, whichever set comes
	 * first, and what is gone of another */
	for (uint32_t turn = 0; turn < 3; turn++) {
		for (uint32_t i = 0; i < table_slots(t); i++) {
			struct sock *s = table_slot(t, i);
			int32_t pid = s && !s->live ? 1 : pids[turn][i % 3];

			if (s && view_lists(s))
				table_set_owner(t, s,
						owners_with(o, OWNER_NONE, pid,
							    1, "c", 1));
		}
		group_by(f, GROUP_REMOTE_PORT);
		for (size_t i = 0; (g = view_group(&f->v, i)); i += 50) {
			check_group(f, GROUP_REMOTE_PORT, g);
			check_owners(f, GROUP_REMOTE_PORT, g);
		}
	}
}

/* So many that open connections are counted by port first. */
static void very_many(void **state)
{
	struct fixture *f = *state;
	struct restriction port = { .group = GROUP_REMOTE_PORT };
	const struct group *g;
	size_t n;

	usual = 10;
	for (n = 0; n < 4; n++)
		fill(f, 79000);	/* until they are not new, */
	fill(f, 81000);		/* as some are; and some are gone */
	fill(f, 80000);
	give_owners(f);
	usual = 1;
	f->v.group_sort = PCOL_TOTAL;
	group_by(f, GROUP_REMOTE_PORT);
	assert_non_null(f->v.pivot.ports);
	assert_int_equal(f->v.pivot.total, f->v.rows.live);
	assert_int_equal(f->v.rows.live, 80000);
	for (n = 0; (g = view_group(&f->v, n)); n++) {
		assert_int_equal(view_find_group(&f->v, &f->c, &g->key), n);
		if (n % 50)
			continue;
		check_group(f, GROUP_REMOTE_PORT, g);
		check_owners(f, GROUP_REMOTE_PORT, g);
	}
	assert_in_range(n, 4900, 5100);
	/* none has that port */
	port.key.word[0] = 64999 << 1 | 1;
	assert_int_equal(view_find_group(&f->v, &f->c, &port.key), -1);
	/* a pass later, into the memory of the first one */
	view_update(&f->v, &f->c);
	for (n = 0; (g = view_group(&f->v, n)); n += 500)
		check_group(f, GROUP_REMOTE_PORT, g);
	/* in small steps */
	view_begin(&f->v, &f->c);
	while (view_step(&f->v, &f->c, 100))
		;
	for (n = 0; (g = view_group(&f->v, n)); n += 500)
		check_owners(f, GROUP_REMOTE_PORT, g);
}

/* ---- order ---- */

static int compare(struct fixture *f, const struct group *a,
		   const struct group *b)
{
	const struct pivot_context x = { .c = &f->c, .p = &f->v.pivot };
	uint64_t ka[COLUMN_KEY_WORDS], kb[COLUMN_KEY_WORDS];

	pivot_column_key(&x, f->v.group_sort, f->v.group_reverse, a, ka);
	pivot_column_key(&x, f->v.group_sort, f->v.group_reverse, b, kb);
	for (int i = 0; i < COLUMN_KEY_WORDS; i++)
		if (ka[i] != kb[i])
			return ka[i] < kb[i] ? -1 : 1;
	return 0;
}

static void every_column_sorts(void **state)
{
	struct fixture *f = *state;
	const struct group *a, *b;

	fill(f, 6000);
	scene_pass(&f->scene);
	for (int i = 0; i < 2 * PIVOT_COLUMN_COUNT; i++) {
		f->v.group_sort = (uint8_t)(i / 2);
		f->v.group_reverse = i % 2;
		group_by(f, i % 4 < 2 ? GROUP_REMOTE_PORT : GROUP_PORT);
		for (size_t k = 1; (b = view_group(&f->v, k)); k++) {
			a = view_group(&f->v, k - 1);
			assert_true(compare(f, a, b) <= 0);
			assert_false(group_key_equal(&a->key, &b->key));
		}
	}
	/* biggest first */
	f->v.group_sort = PCOL_TOTAL;
	f->v.group_reverse = true;
	group_by(f, GROUP_STATE);
	assert_true(view_group(&f->v, 0)->total >
		    view_group(&f->v, f->v.count - 1)->total);
}

static void held_groups_stay(void **state)
{
	struct fixture *f = *state;
	struct group_key before[64];
	size_t n;

	scene_free(&f->scene);
	scene_init(&f->scene);
	f->c.monitor = f->scene.monitor;
	scene_pass(&f->scene);
	f->v.group_sort = PCOL_GROUP;
	f->v.group_reverse = true;
	group_by(f, GROUP_PORT);
	for (n = 0; n < f->v.count; n++)
		before[n] = view_group(&f->v, n)->key;
	f->v.held = true;
	scene_pass(&f->scene);
	scene_pass(&f->scene);
	view_update(&f->v, &f->c);
	/* a connection to a port of its own has come */
	assert_int_equal(f->v.count, n + 1);
	for (size_t i = 0; i < n; i++) {
		assert_true(group_key_equal(&before[i],
					    &view_group(&f->v, i)->key));
		assert_int_equal(view_find_group(&f->v, &f->c, &before[i]), i);
	}
	check_counts(f, GROUP_PORT);
	/* what no longer matches leaves; the others do not move */
	f->v.listeners_only = true;
	view_update(&f->v, &f->c);
	assert_int_equal(f->v.rows.live, 4);
	f->v.held = false;
	f->v.listeners_only = false;
	view_update(&f->v, &f->c);
	check_counts(f, GROUP_PORT);
	for (size_t i = 1; i < f->v.count; i++)
		assert_true(compare(f, view_group(&f->v, i - 1),
				    view_group(&f->v, i)) <= 0);
}

/* In steps of one slot the same comes of it, and the old rows stay so long. */
static void in_steps(void **state)
{
	struct fixture *f = *state;
	struct group_key rows[64];
	size_t n;

	group_by(f, GROUP_PROCESS);
	for (n = 0; n < f->v.count; n++)
		rows[n] = view_group(&f->v, n)->key;
	group_by(f, GROUP_PORT);
	f->v.group = GROUP_PROCESS;
	view_begin(&f->v, &f->c);
	while (view_step(&f->v, &f->c, 1))
		assert_int_equal(view_grouped(&f->v), GROUP_PORT);
	assert_int_equal(f->v.count, n);
	view_ready(&f->v, &f->c, 0, n);
	for (size_t i = 0; i < n; i++)
		assert_true(group_key_equal(&rows[i],
					    &view_group(&f->v, i)->key));
	/* begun anew in the middle, and given up */
	view_begin(&f->v, &f->c);
	view_step(&f->v, &f->c, 5);
	view_begin(&f->v, &f->c);
	view_step(&f->v, &f->c, UINT32_MAX / 2);
	view_begin(&f->v, &f->c);
}

/* ---- rates ---- */

static uint32_t sum_came(struct fixture *f, uint32_t *left)
{
	const struct group *g;
	uint32_t came = 0;

	*left = 0;
	for (size_t i = 0; (g = view_group(&f->v, i)); i++) {
		came += g->came;
		*left += g->left;
	}
	return came;
}

static void rates(void **state)
{
	struct fixture *f = *state;
	struct change_log *log = f->c.monitor->log;
	uint32_t opened = 0, closed = 0, came, left;

	for (size_t i = 0; i < change_log_count(log); i++) {
		opened += change_log_get(log, i)->kind == CHANGE_OPENED;
		closed += change_log_get(log, i)->kind == CHANGE_CLOSED;
	}
	assert_int_equal(opened, 3);
	assert_int_equal(closed, 1);
	for (int id = 1; id < GROUP_COUNT; id++) {
		group_by(f, id);
		assert_int_equal(f->v.pivot.seconds, 3);
		assert_true(f->v.pivot.at_least);
		came = sum_came(f, &left);
		/* with the state the user is forgotten, and from the accept
		 * queue an orphan came */
		if (id == GROUP_STATE || id == GROUP_USER ||
		    groups[id].needs)
			continue;
		assert_int_equal(came, opened);
		assert_int_equal(left, closed);
	}
	group_by(f, GROUP_PORT);
	assert_int_equal(named(f, "443 https")->came, 2);
	check_cell(f, "443 https", PCOL_OPENED, "0.7");
	/* into a state and out of it */
	group_by(f, GROUP_STATE);
	assert_int_equal(named(f, "CLOSE_WAIT")->came, 1);
	assert_int_equal(named(f, "CLOSE_WAIT")->left, 1);
	assert_int_equal(named(f, "LAST_ACK")->came, 1);
	/* of what is shown only */
	f->v.states = STATE_BIT(STATE_CLOSE_WAIT);
	group_by(f, GROUP_PORT);
	assert_int_equal(sum_came(f, &left), 1);
	assert_int_equal(left, 1);
}

/* What comes after the moment that is shown is not of these seconds yet. */
static void rates_end_with_the_pass(void **state)
{
	struct fixture *f = *state;
	uint32_t left;

	/* two sockets were seen first by the third pass, one by the second */
	f->scene.monitor->status.pass_at -= 2 * NS_PER_SEC;
	group_by(f, GROUP_LOCAL);
	assert_int_equal(f->v.pivot.seconds, 1);
	assert_int_equal(sum_came(f, &left), 1);
	assert_int_equal(left, 0);
}

/* The time is long over, or events tell all of it. */
static void rates_are_of_the_last_seconds(void **state)
{
	struct fixture *f = *state;
	uint32_t left;

	f->scene.monitor->status.events_exact = true;
	for (int i = 0; i < 20; i++)
		scene_pass(&f->scene);
	group_by(f, GROUP_PORT);
	assert_int_equal(f->v.pivot.seconds, 10);
	assert_false(f->v.pivot.at_least);
	assert_int_equal(sum_came(f, &left), 0);
	check_cell(f, "443 https", PCOL_OPENED, "0");
}

static void no_rates_yet(void **state)
{
	struct fixture *f = *state;

	scene_free(&f->scene);
	scene_init(&f->scene);
	f->c.monitor = f->scene.monitor;
	group_by(f, GROUP_PORT);	/* nothing was read */
	assert_int_equal(f->v.count, 0);
	scene_pass(&f->scene);
	group_by(f, GROUP_PORT);
	check_cell(f, "443 https", PCOL_OPENED, "-");
	check_cell(f, "443 https", PCOL_CLOSED, "-");
}

/* A log from which the older changes have fallen out. */
static const struct change *short_get(void *arg, size_t i)
{
	const struct fixture *f = arg;

	return i < 3 ? change_log_get(f->scene.monitor->log, i) : NULL;
}

static size_t short_count(void *arg)
{
	(void)arg;
	return 3;
}

static uint64_t short_total(void *arg)
{
	const struct fixture *f = arg;

	return change_log_total(f->scene.monitor->log);
}

static void log_is_too_short(void **state)
{
	struct fixture *f = *state;
	const struct view_log log = {
		.arg = f, .get = short_get, .count = short_count,
		.total = short_total,
	};

	f->v.log = &log;
	group_by(f, GROUP_PORT);
	/* only the last second is covered by what is left */
	assert_int_equal(f->v.pivot.seconds, 1);
}

/* A group all of whose sockets are gone tells that for a while. */
static void gone_groups(void **state)
{
	struct fixture *f = *state;
	struct table *t = f->scene.monitor->table;
	struct row r = {
		.id = { .family = AF_INET, .protocol = IPPROTO_TCP,
			.local_port = 1, .remote_port = 2 },
		.cookie = 7, .state = STATE_ESTABLISHED,
		.uid = U32_UNKNOWN, .recv_q = U32_UNKNOWN,
	};

	table_pass_begin(t, ORIGIN_NETLINK);
	table_row(t, &r);
	table_pass_end(t, true);
	for (size_t i = 0; table_absent(t, i); i++)
		table_verdict(t, i, VERDICT_GONE);
	table_pass_settle(t);
	group_by(f, GROUP_LOCAL);
	assert_int_equal(total_of(f, "10.0.0.5"), 0);
	assert_int_equal(total_of(f, "0.0.0.0"), 1);
	check_cell(f, "0.0.0.0", PCOL_QUEUE, "-");
	assert_int_equal(f->v.rows.live, 1);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, set_up, scene_view_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(groups_are_whole),
		TEST(columns_are_whole),
		TEST(counts_add_up),
		TEST(ports),
		TEST(owners),
		TEST(last_owners),
		TEST(addresses),
		TEST(states_and_users),
		TEST(going_in),
		TEST(many_groups),
		TEST(processes_are_counted_once),
		TEST(owners_of_groups),
		TEST(very_many),
		TEST(very_many_alike),
		TEST(every_column_sorts),
		TEST(held_groups_stay),
		TEST(in_steps),
		TEST(rates),
		TEST(rates_end_with_the_pass),
		TEST(rates_are_of_the_last_seconds),
		TEST(no_rates_yet),
		TEST(log_is_too_short),
		TEST(gone_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
