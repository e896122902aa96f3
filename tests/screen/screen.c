/*
 * screen.c - plays key scripts against the screen, without a terminal
 *
 * Each scripts/NAME.keys is a script; what it shows is compared with
 * NAME.screen beside it: the text of the frame, then one letter a cell for its
 * look (style.c; '#' is the cursor bar).  UPDATE=1 in the environment writes
 * NAME.screen anew.  A script has one command a line:
 *
 *	size 80x24		before anything else
 *	ascii			as in a locale without UTF-8
 *	pair			with a connection of the host with itself
 *	passes 3		how many passes of the scene are read at first
 *	key Down Enter F6 x	keys by name or character
 *	type some text		each character as a key
 *	mouse left 10 5		left, up or down (wheel), column and row
 *	pass [N]		one more pass, or N
 *	trouble NAME		what findings are about, see below
 *	status ...		sets what the header has to tell, see below
 *	calm			the kernel's counters do not grow any more
 *	leak			CLOSE_WAIT grows, ESTABLISHED falls
 *	crowd			a million sockets in each state
 *	busy			steps between states, each traced
 *	deed ready		the cookies are there
 *	deed part 3		three of what was asked for are done
 *	deed done		so are the others; also gone, other, unfound,
 *				unnamed, and refused EPERM (or another errno)
 *	read-only		K says so
 *	wanted			what w asked to be written, and how
 *	exists It is a ...	something is there already
 *	saved text		it is written; not saved text: it is not
 *	copied			what y or Y copied
 *	sysctls			what UI_SYSCTLS would have read
 *	resize 40x10
 *	said ...		what is wrong in the config file; | ends a line
 *	nocolor			NO_COLOR is set
 *	kept ...		what came of saving: ok, or an error
 *	effects quit draw	what the last key must have asked for
 *	show			the frame; show text: without the looks
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <glob.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "../unit/scene.h"
#include "model/deed.h"
#include "base/text.h"
#include "ui/canvas.h"
#include "ui/ui.h"
#include "view/view.h"

struct play {
	struct scene scene;
	struct ui *ui;
	struct canvas canvas;
	struct buf out;
	int width, height, passes;
	char said[400];
	bool no_color;
	bool ascii, calm, read_only, pair;
	unsigned effects;
};

static const struct {
	const char *name;
	int key;
} key_names[] = {
	{ "Up", UIKEY_UP }, { "Down", UIKEY_DOWN }, { "Left", UIKEY_LEFT },
	{ "Right", UIKEY_RIGHT }, { "PgUp", UIKEY_PAGE_UP },
	{ "PgDn", UIKEY_PAGE_DOWN }, { "Home", UIKEY_HOME },
	{ "End", UIKEY_END }, { "Enter", UIKEY_ENTER }, { "Esc", UIKEY_ESC },
	{ "Tab", UIKEY_TAB }, { "BackTab", UIKEY_BACKTAB },
	{ "Backspace", UIKEY_BACKSPACE }, { "Delete", UIKEY_DELETE },
	{ "F1", UIKEY_F1 }, { "F2", UIKEY_F2 }, { "F3", UIKEY_F3 },
	{ "F4", UIKEY_F4 }, { "F5", UIKEY_F5 }, { "F6", UIKEY_F6 },
	{ "F7", UIKEY_F7 }, { "F8", UIKEY_F8 }, { "F9", UIKEY_F9 },
	{ "F10", UIKEY_F10 }, { "Ctrl-L", UIKEY_CTRL_L },
	{ "Ctrl-C", UIKEY_CTRL_C }, { "Space", ' ' }, { "Ctrl-U", 0x15 },
	{ "Ctrl-W", 0x17 }, { "PasteBegin", UIKEY_PASTE_BEGIN },
	{ "PasteEnd", UIKEY_PASTE_END },
};

static const struct {
	const char *name;
	unsigned bit;
} effect_names[] = {
	{ "draw", UI_DRAW }, { "repaint", UI_REPAINT }, { "quit", UI_QUIT },
	{ "needs", UI_NEEDS }, { "interval", UI_INTERVAL },
	{ "sysctls", UI_SYSCTLS }, { "looks", UI_LOOKS }, { "keep", UI_KEEP }, { "deed", UI_DEED }, { "save", UI_SAVE },
	{ "copy", UI_COPY },
};

static int key_by_name(const char *name)
{
	const char *next;
	size_t i;

	for (i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++)
		if (strcmp(key_names[i].name, name) == 0)
			return key_names[i].key;
	i = utf8_next(name, name + strlen(name), &next);
	if (*next)
		fail_msg("no key \"%s\"", name);
	return i;
}

/* The host of the scene has a name and rates of its own. */
static void dress(struct play *p)
{
	struct monitor *m = p->scene.monitor;

	strcpy(m->host, "web-01");
}

static void find(struct play *p)
{
	unsigned effects;

	while (ui_find(p->ui, NS_PER_SEC, &effects))
		;
}

static void start(struct play *p)
{
	static const struct ui_format formats[] = {
		{ "text", "a table for people", "txt" },
		{ "json", "one object", "json" },
		{ "csv", "RFC 4180", "csv" },
	};
	static const uint8_t shown[] = {
		COL_STATE, COL_AGE, COL_RECV_Q, COL_SEND_Q, COL_LOCAL,
		COL_REMOTE, COL_OWNER,
	};
	struct ui_options o = {
		.columns = shown, .column_count = sizeof(shown),
		.interval = NS_PER_SEC, .ascii = p->ascii,
		.formats = formats, .format_count = 3,
		.no_deeds = p->read_only ? "--read-only: nothing is closed" :
					   NULL,
		.config_name = "~/.config/tulpen/config", .mouse = true,
		.config_said = p->said[0] ? p->said : NULL,
		.no_color = p->no_color,
	};
	int i;

	if (p->ui)
		return;
	scene_init(&p->scene);
	p->scene.pair = p->pair;
	dress(p);
	view_init(&o.view);
	p->ui = ui_new(p->scene.monitor, &o);
	ui_resize(p->ui, p->width, p->height);
	for (i = 0; i < p->passes; i++) {
		scene_pass(&p->scene);
		ui_pass(p->ui);
		find(p);
	}
}

static void show(struct play *p, bool looks)
{
	ui_draw(p->ui, &p->canvas);
	canvas_text(&p->canvas, &p->out);
	if (p->canvas.cursor_x >= 0)
		buf_printf(&p->out, "[cursor at %d %d]\n", p->canvas.cursor_x,
			   p->canvas.cursor_y);
	buf_puts(&p->out, "--------\n");
	if (looks) {
		canvas_styles(&p->canvas, &p->out);
		buf_puts(&p->out, "--------\n");
	}
}

static void press(struct play *p, int key)
{
	/* where things are is known once they were drawn */
	ui_draw(p->ui, &p->canvas);
	p->effects = ui_key(p->ui, key);
}

static void mouse(struct play *p, const char *args)
{
	char button[16] = "";
	int x = 0, y = 0;

	if (sscanf(args, "%15s %d %d", button, &x, &y) != 3)
		fail_msg("mouse left|up|down X Y");
	ui_draw(p->ui, &p->canvas);
	p->effects = ui_mouse(p->ui, x, y, strcmp(button, "up") == 0 ?
			      WHEEL_UP : strcmp(button, "down") == 0 ?
			      WHEEL_DOWN : BUTTON_LEFT);
}

static void check_effects(struct play *p, char *args)
{
	unsigned want = 0;
	char *word;
	size_t i;

	for (word = strtok(args, " "); word; word = strtok(NULL, " "))
		for (i = 0; i < sizeof(effect_names) / sizeof(effect_names[0]);
		     i++)
			if (strcmp(effect_names[i].name, word) == 0)
				want |= effect_names[i].bit;
	assert_int_equal(p->effects, want);
}

/* status worst: all that can be wrong at once; others by name */
static void set_status(struct play *p, const char *what)
{
	struct status *s = &p->scene.monitor->status;
	bool worst = strcmp(what, "worst") == 0;

	if (worst || strcmp(what, "stale") == 0) {
		s->stale = true;
		s->fresh_pass = 0;
	}
	if (worst || strcmp(what, "partial") == 0)
		strcpy(s->partial, "/proc/net/tcp6: Input/output error");
	if (worst || strcmp(what, "bad") == 0)
		s->bad_rows = s->bad_total = 3;
	if (worst || strcmp(what, "hidden") == 0) {
		s->hidden_sockets = 12;
		s->hidden_processes = 40;
	}
	if (worst || strcmp(what, "note") == 0)
		strcpy(s->note, "no IPv6 on this host");
	if (worst || strcmp(what, "why") == 0)
		strcpy(s->why, "tables are large");
	if (strcmp(what, "proc") == 0)
		s->source = "proc";
}

static void leak(struct play *p)
{
	struct monitor *m = p->scene.monitor;
	struct table_counts counts = *table_counts(m->table);
	int i;

	counts.state[STATE_ESTABLISHED] = 2400;
	for (i = 0; i < 20; i++) {
		counts.state[STATE_CLOSE_WAIT] += 1 + i % 3;
		counts.state[STATE_ESTABLISHED] -= 40;
		history_add(&m->history, i * NS_PER_SEC, &counts);
	}
}

static void crowd(struct play *p)
{
	struct monitor *m = p->scene.monitor;
	struct table_counts counts = { .total = 0 };
	size_t i;

	for (i = 0; i < state_order_count; i++)
		counts.state[state_order[i]] = 1234567;
	counts.total = 1234567 * state_order_count;
	history_add(&m->history, m->status.pass_at, &counts);
}

/* For ten seconds up to the newest pass; all were in their state for dwell. */
static void busy(struct play *p)
{
	static const struct {
		uint8_t from, to;
		uint16_t rate;		/* per second */
		int64_t dwell;
	} step[] = {
		{ STATE_NONE, STATE_SYN_SENT, 12, TIME_UNKNOWN },
		{ STATE_NONE, STATE_SYN_RECV, 118, TIME_UNKNOWN },
		{ STATE_SYN_SENT, STATE_ESTABLISHED, 12, 20 * NS_PER_MS },
		{ STATE_SYN_RECV, STATE_ESTABLISHED, 1180, NS_PER_MS / 5 },
		{ STATE_ESTABLISHED, STATE_CLOSE_WAIT, 108, 3 * NS_PER_SEC },
		{ STATE_ESTABLISHED, STATE_FIN_WAIT1, 19, 90 * NS_PER_SEC },
		{ STATE_ESTABLISHED, STATE_NONE, 2, NS_PER_SEC },
		{ STATE_CLOSE_WAIT, STATE_LAST_ACK, 96, NS_PER_MS },
		{ STATE_FIN_WAIT1, STATE_FIN_WAIT2, 19, NS_PER_MS },
		{ STATE_FIN_WAIT2, STATE_TIME_WAIT, 19, 800 * NS_PER_MS },
		{ STATE_SYN_SENT, STATE_SYN_RECV, 1, NS_PER_SEC },
		{ STATE_TIME_WAIT, STATE_NONE, 19, 60 * NS_PER_SEC },
	};
	struct monitor *m = p->scene.monitor;
	struct change c = {
		.after = TIME_UNKNOWN, .origin = ORIGIN_TRACE,
		.certainty = CERTAIN_EXACT, .dwell_certainty = CERTAIN_EXACT,
	};
	size_t i;
	int s, n;

	m->status.events = "trace";
	m->status.events_exact = true;
	edges_start(m->edges, m->status.pass_at - 30 * NS_PER_SEC);
	for (i = 0; i < sizeof(step) / sizeof(step[0]); i++)
		for (s = 0; s < 10; s++)
			for (n = 0; n < step[i].rate; n++) {
				c.from = step[i].from;
				c.to = step[i].to;
				c.dwell = step[i].dwell;
				c.at = m->status.pass_at - s * NS_PER_SEC;
				edges_add(m->edges, &c);
			}
}

static void set_sysctls(struct play *p)
{
	struct sysctls *s = &p->scene.monitor->sysctls;

	/* the others stay unknown */
	strcpy(s->value[SYSCTL_FIN_TIMEOUT], "60");
	strcpy(s->value[SYSCTL_TW_REUSE], "2");
	strcpy(s->value[SYSCTL_PORT_RANGE], "32768 60999");
}

static int error_by_name(const char *name)
{
	static const struct {
		const char *name;
		int error;
	} errors[] = {
		{ "EPERM", EPERM }, { "EOPNOTSUPP", EOPNOTSUPP },
		{ "EINVAL", EINVAL }, { "ESRCH", ESRCH }, { "ESTALE", ESTALE },
		{ "ENOSYS", ENOSYS }, { "EXDEV", EXDEV }, { "EIO", EIO },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (!strcmp(errors[i].name, name))
			return errors[i].error;
	fail_msg("no error \"%s\"", name);
	return 0;
}

/* As src/doer.c would, without a kernel. */
static void play_deed(struct play *p, const char *args)
{
	static const char *const fates[FATE_COUNT] = {
		"", "done", "gone", "other", "unfound", "unnamed", "refused",
	};
	struct deed *d = ui_deed(p->ui);
	char word[16] = "", arg[16] = "";
	size_t n = d->count;
	int fate;

	sscanf(args, "%15s %15s", word, arg);
	for (fate = FATE_COUNT - 1; fate && strcmp(fates[fate], word); fate--)
		;
	if (!strcmp(word, "ready")) {
		d->phase = DEED_READY;
		n = 0;
	} else if (!strcmp(word, "part")) {
		fate = FATE_DONE;
		n = atoi(arg);
		assert_int_equal(d->phase, DEED_GOING);
	} else if (d->phase == DEED_ASKED) {
		d->phase = DEED_READY;	/* what a look-up said */
	} else {
		assert_int_equal(d->phase, DEED_GOING);
		d->phase = DEED_DONE;
	}
	for (size_t i = 0; i < n; i++) {
		if (d->target[i].fate != FATE_OPEN)
			continue;
		deed_fate(d, &d->target[i], fate, fate == FATE_REFUSED ?
			  error_by_name(arg) : 0);
		d->next = i + 1;
	}
	if (d->kind == DEED_SIGNAL && fate == FATE_REFUSED)
		d->error = error_by_name(arg);
	p->effects = ui_deed_step(p->ui);
}

static void pass(struct play *p)
{
	struct host *h = &p->scene.monitor->counters;

	scene_pass(&p->scene);
	if (p->calm)
		memcpy(h->before.value, h->now.value, sizeof(h->now.value));
	ui_pass(p->ui);
	find(p);
}

/* From the next pass on; none: no other sockets are there at all. */
static void trouble(struct play *p, const char *what)
{
	struct scene *sc = &p->scene;
	size_t from = sc->more_count, i;

	if (strcmp(what, "none") == 0)
		sc->only_more = true;
	else if (strcmp(what, "close-wait") == 0)
		scene_add(sc, STATE_CLOSE_WAIT, 8080, 0, 214);
	else if (strcmp(what, "syn-sent") == 0)
		scene_add(sc, STATE_SYN_SENT, 0, 5432, 6);
	else if (strcmp(what, "syn-recv") == 0)
		scene_add(sc, STATE_SYN_RECV, 443, 0, 300);
	else if (strcmp(what, "time-wait") == 0)
		scene_add(sc, STATE_TIME_WAIT, 443, 0, 1500);
	else if (strcmp(what, "unread") == 0)
		scene_add(sc, STATE_ESTABLISHED, 8443, 0, 3);
	else if (strcmp(what, "over") == 0)
		sc->more_count = 0;
	else
		fail_msg("no trouble \"%s\"", what);
	for (i = from; i < sc->more_count; i++) {
		if (strcmp(what, "unread") == 0)
			sc->more[i].recv_q = 4000;
		if (strcmp(what, "syn-sent") == 0) {
			sc->more[i].timer = TIMER_RETRANS;
			sc->more[i].retrans = 4;
		}
	}
}

static void run_line(struct play *p, char *line)
{
	char *args = strchr(line, ' ');
	const char *word;

	args = args ? (*args = '\0', args + 1) : line + strlen(line);
	if (strcmp(line, "size") == 0) {
		assert_int_equal(sscanf(args, "%dx%d", &p->width, &p->height),
				 2);
		return;
	} else if (strcmp(line, "ascii") == 0) {
		p->ascii = true;
		return;
	} else if (strcmp(line, "read-only") == 0) {
		p->read_only = true;
		return;
	} else if (strcmp(line, "pair") == 0) {
		p->pair = true;
		return;
	} else if (strcmp(line, "said") == 0) {
		for (char *s = strcpy(p->said, args); *s; s++)
			*s = *s == '|' ? '\n' : *s;
		return;
	} else if (strcmp(line, "nocolor") == 0) {
		p->no_color = true;
		return;
	} else if (strcmp(line, "passes") == 0) {
		p->passes = atoi(args);
		return;
	}
	start(p);
	if (strcmp(line, "key") == 0) {
		for (word = strtok(args, " "); word; word = strtok(NULL, " "))
			press(p, key_by_name(word));
	} else if (strcmp(line, "type") == 0) {
		const char *end = args + strlen(args), *at = args;

		while (at < end)
			press(p, utf8_next(at, end, &at));
	} else if (strcmp(line, "mouse") == 0) {
		mouse(p, args);
	} else if (strcmp(line, "pass") == 0) {
		for (int n = *args ? atoi(args) : 1; n; n--)
			pass(p);
	} else if (strcmp(line, "trouble") == 0) {
		trouble(p, args);
	} else if (strcmp(line, "calm") == 0) {
		p->calm = true;
	} else if (strcmp(line, "status") == 0) {
		set_status(p, args);
	} else if (strcmp(line, "leak") == 0) {
		leak(p);
	} else if (strcmp(line, "crowd") == 0) {
		crowd(p);
	} else if (strcmp(line, "busy") == 0) {
		busy(p);
	} else if (strcmp(line, "deed") == 0) {
		play_deed(p, args);
	} else if (strcmp(line, "wanted") == 0) {
		struct ui_save s;

		ui_save(p->ui, &s);
		buf_printf(&p->out, "[%s as %d%s%s]\n", s.path, s.format,
			   s.changes ? ", changes" : "",
			   s.replace ? ", replace" : "");
	} else if (strcmp(line, "exists") == 0) {
		ui_save_exists(p->ui, args, "Replace it");
	} else if (strcmp(line, "saved") == 0) {
		ui_saved(p->ui, false, args);
	} else if (strcmp(line, "not") == 0) {
		ui_saved(p->ui, true, args + strlen("saved "));
	} else if (strcmp(line, "copied") == 0) {
		buf_printf(&p->out, "[%s]\n", ui_copied(p->ui));
	} else if (strcmp(line, "sysctls") == 0) {
		set_sysctls(p);
	} else if (strcmp(line, "resize") == 0) {
		assert_int_equal(sscanf(args, "%dx%d", &p->width, &p->height),
				 2);
		ui_resize(p->ui, p->width, p->height);
	} else if (strcmp(line, "kept") == 0) {
		ui_keep_done(p->ui, strcmp(args, "ok") ? args : NULL);
	} else if (strcmp(line, "effects") == 0) {
		check_effects(p, args);
	} else if (strcmp(line, "show") == 0) {
		show(p, strcmp(args, "text") != 0);
	} else {
		fail_msg("unknown command \"%s\"", line);
	}
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b = { 0 };
	char part[4096];
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	return b.data ? b.data : mem_strdup("");
}

/* The frame as it should be and as it is, to be seen at once. */
static void compare(const char *path, const char *got)
{
	char *want;
	bool same;
	FILE *f;

	if (getenv("UPDATE")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(got, f);
		fclose(f);
		return;
	}
	want = read_file(path);
	if (!want)
		fail_msg("no %s; UPDATE=1 makes it", path);
	same = strcmp(want, got) == 0;
	if (!same)
		print_message("---- %s should be\n%s---- but is\n%s", path,
			      want, got);
	free(want);
	if (!same)
		fail_msg("%s differs; if that is right: UPDATE=1", path);
}

static void run_script(void **state)
{
	const char *path = *state;
	char *script = read_file(path), *line, *save, *expected;
	struct play p = { .width = 80, .height = 24, .passes = SCENE_PASSES };

	assert_non_null(script);
	for (line = script; *line; line = save) {
		save = line + strcspn(line, "\n");
		if (*save)
			*save++ = '\0';
		if (*line && *line != '#')
			run_line(&p, line);
	}
	expected = mem_strndup(path, strlen(path) + 8);
	strcpy(strrchr(expected, '.'), "");
	{
		struct buf name = { 0 };

		buf_printf(&name, "%s.screen", expected);
		compare(name.data, buf_str(&p.out));
		buf_free(&name);
	}
	free(expected);
	free(script);
	canvas_free(&p.canvas);
	ui_free(p.ui);
	scene_free(&p.scene);
	buf_free(&p.out);
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	struct CMUnitTest *tests;
	char pattern[4096];
	size_t i;
	int failed;
	glob_t g;

	/* without UTF-8 widths everything would be one column wide */
	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("1..0 # SKIP no UTF-8 locale\n");
		return 0;
	}
	snprintf(pattern, sizeof(pattern), "%s/tests/screen/scripts/*.keys",
		 srcdir ? srcdir : ".");
	if (glob(pattern, 0, NULL, &g) || !g.gl_pathc) {
		fprintf(stderr, "no scripts: %s\n", pattern);
		return 1;
	}
	tests = mem_zalloc(g.gl_pathc * sizeof(*tests));
	for (i = 0; i < g.gl_pathc; i++)
		tests[i] = (struct CMUnitTest){
			.name = strrchr(g.gl_pathv[i], '/') + 1,
			.test_func = run_script,
			.initial_state = g.gl_pathv[i],
		};
	failed = _cmocka_run_group_tests("screen", tests, g.gl_pathc, NULL,
					 NULL);
	free(tests);
	globfree(&g);
	return failed;
}
