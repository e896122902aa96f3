#include "ui/ui.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/peer.h"
#include "ui/dialog.h"
#include "ui/diagram.h"
#include "ui/findings.h"
#include "ui/keys.h"
#include "ui/setup.h"
#include "ui/kill.h"
#include "ui/menu.h"
#include "ui/state.h"

/* below this one line says so */
enum {
	WIDTH_MIN = 40, HEIGHT_MIN = 8, CHANGES_HEIGHT_MIN = 16,
	PAGE_ROOM = 24,		/* rows of a page before there is more */
};
enum { MESSAGE_PASSES = 4 };

/* of all rows and of those shown, in one number */
static unsigned needs_now(const struct ui *ui)
{
	return ui_needs(ui) | ui_shown_needs(ui) << 16;
}

/* The changes as the view asks for them: while paused those of then. */
static const struct change *log_get(void *arg, size_t i)
{
	return changes_get(arg, i);
}

static size_t log_count(void *arg)
{
	return changes_count(arg);
}

static uint64_t log_total(void *arg)
{
	return changes_total(arg);
}

/* As the command line asked: one level in, so that Esc shows the sockets. */
static void start_grouped(struct ui *ui)
{
	if (ui->view.group == GROUP_NONE)
		return;
	ui->level[++ui->depth] = (struct level){
		.group = ui->view.group, .sort = ui->view.group_sort,
		.reverse = ui->view.group_reverse,
	};
}

struct ui *ui_new(struct monitor *m, const struct ui_options *o)
{
	struct ui *ui = mem_zalloc(sizeof(*ui));

	ui->live = m;
	ui->shown = m;
	ui->ctx.monitor = m;
	ui->ctx.names = o->names;
	ui->ctx.ascii = ui->ascii = o->ascii;
	ui->view = o->view;
	buf_puts(&ui->filter_text, o->filter_text ? o->filter_text : "");
	memcpy(ui->columns, o->columns, o->column_count);
	if (o->kept)
		ui->kept = *o->kept;
	else
		settings_default(&ui->kept);
	if (o->width)
		memcpy(ui->width_of, o->width, sizeof(ui->width_of));
	ui->theme = o->theme;
	ui->no_color = o->no_color;
	ui->mouse = o->mouse;
	ui->config_name = o->config_name ? o->config_name : "no file";
	ui->config_said = o->config_said;
	ui->column_count = o->column_count;
	ui->interval = ui->interval_told = o->interval;
	ui->no_deeds = o->no_deeds;
	ui->formats = o->formats;
	ui->format_count = o->format_count;
	ui->level[0].sort = ui->view.sort;
	ui->level[0].reverse = ui->view.reverse;
	ui->log = (struct view_log){
		.arg = ui, .get = log_get, .count = log_count,
		.total = log_total,
	};
	ui->view.log = &ui->log;
	ui->focus = PANE_LIST;
	ui->help.text = ui->detail.scroll.text = true;
	ui->facts.at = ui->facts.interval = TIME_UNKNOWN;
	ui->facts.change_rate = -1;
	ui->facts.change_total = change_log_total(m->log);
	diagram_init(ui);
	ui->findings = findings_new(m, o->ascii);
	start_grouped(ui);
	rows_update(ui);
	ui->needs_told = needs_now(ui);
	return ui;
}

void ui_free(struct ui *ui)
{
	if (!ui)
		return;
	if (ui->detail.open)
		detail_close(ui);
	kill_drop(ui);
	if (ui->paused)
		freeze_drop(ui);
	findings_page_free(ui);
	findings_free(ui->findings);
	view_free(&ui->view);
	buf_free(&ui->filter_text);
	buf_free(&ui->prompt.text);
	free(ui->prompt.before);
	search_free(ui);
	buf_free(&ui->search);
	buf_free(&ui->save.path);
	buf_free(&ui->copy);
	buf_free(&ui->text);
	free(ui->hits);
	free(ui);
}

void ui_resize(struct ui *ui, int width, int height)
{
	ui->status_height = 0;
	ui->width = width > 0 ? width : 0;
	ui->height = height > 0 ? height : 0;
	memset(ui->content, 0, sizeof(ui->content));
	memset(ui->group_content, 0, sizeof(ui->group_content));
}

/* Rates are taken here once, so that drawing twice tells the same. */
static void note_facts(struct ui *ui)
{
	const struct monitor *m = ui->live;
	struct facts *f = &ui->facts;
	uint64_t total = change_log_total(m->log), new;
	int64_t at = m->status.pass_at;

	f->unconfirmed = table_unconfirmed(m->table);
	if (at == TIME_UNKNOWN || at == f->at)
		return;
	f->interval = TIME_UNKNOWN;
	f->change_rate = -1;
	new = total - f->change_total;
	if (f->at != TIME_UNKNOWN && at > f->at) {
		f->interval = at - f->at;
		f->change_rate = new * 1e9 / f->interval;
	}
	f->change_total = total;
	f->at = at;
}

void ui_pass(struct ui *ui)
{
	/* an answer has been read by then; the keys come back */
	if (++ui->message_passes > MESSAGE_PASSES)
		ui_unsay(ui);
	note_facts(ui);
	ui->status_shorter++;
	/* sampling goes on while paused, but nothing of it is shown */
	if (ui->paused)
		return;
	status_note_overflows(ui);
	diagram_note(ui);
	detail_update(ui);
	/* what is under way would never end if each pass began it again */
	if (ui_busy(ui) != UI_IDLE)
		ui->rows_due = true;
	else
		rows_refresh(ui);
}

enum ui_busy ui_busy(const struct ui *ui)
{
	if (ui->view.scan && ui->hurry && ui->prompt.kind == PROMPT_NONE)
		return UI_HURRY;
	if (ui->seek.on && !ui->view.scan)
		return UI_SEEKING;
	return ui->view.scan ? UI_BUSY : UI_IDLE;
}

unsigned ui_work(struct ui *ui, int64_t budget)
{
	int64_t until = clock_mono(ui->live->clock) + budget;

	if (rows_step(ui, until) || search_step(ui, until))
		return 0;
	if (ui->rows_due)
		rows_refresh(ui);
	return UI_DRAW;
}

bool ui_find(struct ui *ui, int64_t budget, unsigned *effects)
{
	size_t before = findings_raised(ui->findings);
	uint32_t scans = findings_scope(ui->findings)->scans;

	*effects = 0;
	if (findings_due(ui->findings))
		findings_begin(ui->findings);
	if (findings_step(ui->findings, clock_mono(ui->live->clock) +
			  budget) || findings_due(ui->findings))
		return true;
	if (ui->finding_page.open ?
	    findings_scope(ui->findings)->scans != scans :
	    findings_raised(ui->findings) != before)
		*effects = UI_DRAW;
	return false;
}

enum pane ui_pane(const struct ui *ui)
{
	if (ui->prompt.kind != PROMPT_NONE)
		return PANE_PROMPT;
	if (ui->help_open)
		return PANE_HELP;
	if (ui->explain.open)
		return PANE_EXPLAIN;
	if (ui->dialog.kind)
		return PANE_DIALOG;
	if (ui->menu.kind)
		return PANE_MENU;
	if (ui->setup.open)
		return PANE_SETUP;
	if (ui->focus == PANE_CHANGES)
		return PANE_CHANGES;
	if (ui->finding_page.open)
		return PANE_FINDINGS;
	if (ui->diagram.open)
		return PANE_DIAGRAM;
	return ui->detail.open ? PANE_DETAIL : PANE_LIST;
}

struct level *ui_level(struct ui *ui)
{
	return &ui->level[ui->depth];
}

struct scroll *ui_scroll(struct ui *ui, enum pane p)
{
	switch (p) {
	case PANE_CHANGES:
		return &ui->changes;
	case PANE_DETAIL:
		return &ui->detail.scroll;
	case PANE_SETUP:
		return setup_scroll(ui);
	case PANE_DIAGRAM:
		return &ui->diagram.scroll;
	case PANE_FINDINGS:
		return &ui->finding_page.scroll;
	case PANE_HELP:
		return &ui->help;
	case PANE_EXPLAIN:
		return &ui->explain.scroll;
	case PANE_MENU:
		return &ui->menu.scroll;
	case PANE_DIALOG:
		return &ui->dialog.scroll;
	default:
		return &ui_level(ui)->scroll;
	}
}

void ui_say(struct ui *ui, bool bad, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ui->message, sizeof(ui->message), fmt, ap);
	va_end(ap);
	ui->message_bad = bad;
	ui->message_passes = 0;
}

bool ui_unsay(struct ui *ui)
{
	bool said = ui->message[0];

	ui->message[0] = '\0';
	return said;
}

unsigned ui_effects(struct ui *ui, unsigned e)
{
	unsigned needs = needs_now(ui);

	if (needs != ui->needs_told)
		e |= UI_NEEDS;
	if (ui->interval != ui->interval_told)
		e |= UI_INTERVAL;
	ui->needs_told = needs;
	ui->interval_told = ui->interval;
	return e;
}

/* A paste is text for a prompt; elsewhere it means nothing. */
static unsigned paste_key(struct ui *ui, int key)
{
	bool prompt = ui_pane(ui) == PANE_PROMPT;

	if (key == UIKEY_PASTE_BEGIN || key == UIKEY_PASTE_END) {
		ui->pasting = key == UIKEY_PASTE_BEGIN;
		if (!ui->pasting && prompt)
			prompt_pasted(ui);
		return prompt ? UI_DRAW : 0;
	}
	/* lines become words of the one line there is */
	if (key == UIKEY_ENTER || key == UIKEY_TAB)
		key = ' ';
	return prompt && key >= ' ' && key < KEY_BASE_ ?
	       prompt_key(ui, key) : 0;
}

unsigned ui_key(struct ui *ui, int key)
{
	const struct action *a;
	enum pane pane = ui_pane(ui);
	unsigned e = 0, picked;

	if (ui->pasting || key == UIKEY_PASTE_BEGIN || key == UIKEY_PASTE_END)
		return ui_effects(ui, paste_key(ui, key));
	if (ui_unsay(ui))
		e = UI_DRAW;
	if (pane == PANE_PROMPT)
		return ui_effects(ui, e | prompt_key(ui, key));
	ui->seek.on = false;
	if (pane == PANE_MENU && menu_letter(ui, key, &picked))
		return ui_effects(ui, e | picked);
	a = action_of_key(key, pane);
	if (!a)
		return e;
	return ui_effects(ui, e | a->run(ui, key));
}

void ui_hit(struct ui *ui, struct rect at, enum hit_kind kind, long arg)
{
	if (ui->hit_count == ui->hit_capacity) {
		ui->hit_capacity = 2 * ui->hit_capacity + 64;
		ui->hits = mem_array(ui->hits, ui->hit_capacity,
				     sizeof(*ui->hits));
	}
	ui->hits[ui->hit_count++] = (struct hit){ at, kind, arg };
}

unsigned ui_needs(const struct ui *ui)
{
	/* the changes name their process, findings need the queues' limits;
	 * who looks at findings wants to know of queues soon */
	return NEED_HOST | NEED_OWNER | NEED_LIMIT | view_needs(&ui->view) |
	       (ui->finding_page.open ? NEED_FRESH : 0);
}

unsigned ui_shown_needs(const struct ui *ui)
{
	unsigned needs = 0;
	int i;

	/* groups show no socket */
	for (i = 0; ui->view.group == GROUP_NONE && i < ui->column_count; i++)
		needs |= columns[ui->columns[i]].needs;
	/* one socket in full: everything there is */
	for (i = 0; ui->detail.open && i < COLUMN_COUNT; i++)
		needs |= columns[i].needs;
	return ui->detail.open ? needs | NEEDS_DETAIL : needs;
}

static bool add_shown(const struct ui *ui, const struct sock *s,
		      struct sock_ref *rows, size_t n)
{
	uint32_t slot = s && s->live ? table_slot_of(ui->live->table, s)
				     : UINT32_MAX;

	if (slot == UINT32_MAX)
		return false;
	rows[n] = (struct sock_ref){ .slot = slot, .serial = s->serial };
	return true;
}

size_t ui_shown(struct ui *ui, struct sock_ref *rows, size_t max)
{
	const struct scroll *s = &ui->level[ui->depth].scroll;
	size_t n = 0;

	if (ui->paused)
		return 0;
	if (ui->detail.open) {
		rows[0].slot = ui->detail.slot;
		rows[0].serial = ui->detail.sock.serial;
		n = table_ref(ui->live->table, rows[0]) ? 1 : 0;
		return n + add_shown(ui, table_peer(ui->live->table,
						    &ui->detail.sock), rows, n);
	}
	for (long i = 0; i < s->page && n < max; i++)
		n += add_shown(ui, rows_get(ui, s->top + i), rows, n);
	return n;
}

int64_t ui_interval(const struct ui *ui)
{
	return ui->interval;
}

static void draw_too_small(struct ui *ui, struct canvas *c)
{
	char text[80];

	snprintf(text, sizeof(text), "%dx%d is too small, %dx%d needed",
		 ui->width, ui->height, WIDTH_MIN, HEIGHT_MIN);
	if ((int)strlen(text) > ui->width)
		snprintf(text, sizeof(text), "%dx%d needed", WIDTH_MIN,
			 HEIGHT_MIN);
	canvas_put(c, 0, ui->height / 2, -1, STYLE_WARN, text);
}

/* The setup below the list, which shows what is chosen; alone, where there is
 * no room for both. */
static void draw_setup(struct ui *ui, struct canvas *c, int top, int bottom)
{
	int height = setup_height(ui, bottom - top);
	struct rect r = { 0, top + 1, ui->width, bottom - top - 1 - height };

	ui->list_rect = r;
	if (r.h > 0) {
		list_rule_draw(ui, c, top);
		if (view_grouped(&ui->view) != GROUP_NONE)
			groups_draw(ui, c, r);
		else
			list_draw(ui, c, r);
	}
	setup_draw(ui, c, (struct rect){ 0, bottom - height, ui->width,
					 height });
}

/* Shares the rows from top to bottom (exclusive) among list and changes. */
static void draw_panes(struct ui *ui, struct canvas *c, int top, int bottom)
{
	int rest = bottom - top, changes = 0;
	struct rect r = { .w = ui->width };

	if (ui->height >= CHANGES_HEIGHT_MIN)
		changes = rest / 3 < 4 ? 4 : rest / 3;
	/* a page has much to tell, and its own changes are on it */
	if (changes && ui->detail.open)
		changes = rest < PAGE_ROOM ? 0 : 4;
	/* the diagram first: it cannot scroll */
	if (changes && ui->diagram.open)
		changes = diagram_spare(ui->width, rest - 1);
	if (ui->finding_page.open)
		changes = findings_page_spare(rest);
	ui->changes_rect = (struct rect){ 0 };
	if (ui->setup.open) {
		draw_setup(ui, c, top, bottom);
		return;
	}
	if (!changes && ui->focus == PANE_CHANGES)
		ui->focus = PANE_LIST;
	if (changes) {
		r.h = changes - 1;
		r.y = bottom - r.h;
		ui->changes_rect = r;
		changes_rule_draw(ui, c, r.y - 1);
		changes_draw(ui, c, r);
	}
	r.y = top + 1;
	r.h = rest - 1 - changes;
	ui->list_rect = r;
	if (ui->finding_page.open) {
		findings_page_draw(ui, c, top, r);
		return;
	}
	if (ui->diagram.open) {
		diagram_draw(ui, c, top, r);
		return;
	}
	list_rule_draw(ui, c, top);
	if (ui->detail.open)
		detail_draw(ui, c, r);
	else if (view_grouped(&ui->view) != GROUP_NONE)
		groups_draw(ui, c, r);
	else
		list_draw(ui, c, r);
}

void ui_draw(struct ui *ui, struct canvas *c)
{
	int y;

	c->ascii = ui->ascii;
	canvas_resize(c, ui->width, ui->height);
	ui->hit_count = 0;
	if (ui->width < WIDTH_MIN || ui->height < HEIGHT_MIN) {
		draw_too_small(ui, c);
		return;
	}
	if (!ui->paused)
		ui->ctx.now = clock_mono(ui->live->clock);
	y = header_draw(ui, c);
	/* the diagram has all the counts itself, findings need the room */
	if (!ui->diagram.open && !ui->finding_page.open)
		y += counters_draw(ui, c, y);
	draw_panes(ui, c, y, ui->height - 1);
	keybar_draw(ui, c, ui->height - 1);
	if (ui->menu.kind)
		menu_draw(ui, c, ui->list_rect);
	kill_update(ui);
	if (ui->dialog.kind)
		dialog_draw(ui, c);
	if (ui->explain.open)
		explain_draw(ui, c);
	if (ui->help_open)
		help_draw(ui, c);
	if (ui->prompt.kind != PROMPT_NONE)
		prompt_draw(ui, c, ui->height - 1);
}
