#include "ui/save.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ui/dialog.h"
#include "ui/keys.h"
#include "ui/menu.h"

static long count(struct ui *ui)
{
	return ui->format_count;
}

static void entry(struct ui *ui, long i, struct menu_entry *e)
{
	e->text = ui->formats[i].name;
	e->help = ui->formats[i].help;
}

/* Of a host's name only what no shell or file system minds. */
static void add_host(struct buf *b, const char *host)
{
	for (; *host; host++)
		buf_char(b, strchr("/\\'\"`$*?<>|&;() ", *host) ? '-' : *host);
}

/* "tulpen-web-01-20261124-183005.csv": of when, what is shown is */
static void add_default_name(struct ui *ui, struct buf *b)
{
	const struct monitor *m = ui->shown;
	int64_t wall = m->status.pass_at == TIME_UNKNOWN ?
		clock_wall(m->clock) : m->status.pass_wall;
	time_t seconds = (time_t)(wall / NS_PER_SEC);
	char date[32];
	struct tm tm;

	strftime(date, sizeof(date), "%Y%m%d-%H%M%S",
		 localtime_r(&seconds, &tm));
	buf_puts(b, ui->save.changes ? "tulpen-changes-" : "tulpen-");
	add_host(b, m->host);
	buf_printf(b, "-%s.%s", date, ui->formats[ui->save.format].ending);
}

static unsigned pick(struct ui *ui, long i)
{
	struct buf name = { 0 };

	ui->save.format = (int)i;
	ui->save.replace = false;
	add_default_name(ui, &name);
	prompt_open(ui, PROMPT_FILE);
	buf_puts(&ui->prompt.text, buf_str(&name));
	ui->prompt.at = ui->prompt.text.len;
	buf_free(&name);
	return UI_DRAW;
}

static const struct menu_kind sockets_menu = {
	.title = "Write what is shown, as", .foot = "Enter asks for a name",
	.count = count, .entry = entry, .pick = pick,
};

static const struct menu_kind changes_menu = {
	.title = "Write the changes, as", .foot = "Enter asks for a name",
	.count = count, .entry = entry, .pick = pick,
};

/* The formats to choose from. */
static void open_menu(struct ui *ui)
{
	ui->save.changes = ui_pane(ui) == PANE_CHANGES;
	menu_open(ui, ui->save.changes ? &changes_menu : &sockets_menu, 0);
}

unsigned save_named(struct ui *ui, const char *name)
{
	if (!*name) {
		prompt_close(ui);
		return UI_DRAW;
	}
	buf_reset(&ui->save.path);
	buf_puts(&ui->save.path, name);
	prompt_close(ui);
	return UI_DRAW | UI_SAVE;
}

unsigned act_save(struct ui *ui, int key)
{
	(void)key;
	if (ui->save.busy)
		ui_say(ui, true, "%s is still written",
		       buf_str(&ui->save.path));
	else
		open_menu(ui);
	return UI_DRAW;
}

/* ---- it is there already ----------------------------------------------------------- */

static void exists_text(struct ui *ui, struct page *p)
{
	page_line(p, STYLE_BOLD, buf_str(&ui->save.path));
	page_line(p, STYLE_WARN, ui->save.what);
}

static long exists_count(struct ui *ui)
{
	(void)ui;
	return 3;
}

static void exists_answer(struct ui *ui, long i, struct buf *out)
{
	buf_puts(out, i == 0 ? "Do nothing" : i == 1 ? "Choose another name" :
		 ui->save.verb);
}

static unsigned exists_pick(struct ui *ui, long i)
{
	if (i == 0)
		return UI_DRAW;
	if (i == 1) {
		prompt_open(ui, PROMPT_FILE);
		buf_puts(&ui->prompt.text, buf_str(&ui->save.path));
		ui->prompt.at = ui->prompt.text.len;
		return UI_DRAW;
	}
	ui->save.replace = true;
	return UI_DRAW | UI_SAVE;
}

static const struct dialog_kind exists_dialog = {
	.title = "It exists", .text = exists_text, .count = exists_count,
	.answer = exists_answer, .pick = exists_pick,
};

/* ---- the caller's ------------------------------------------------------------------- */

void ui_save(const struct ui *ui, struct ui_save *s)
{
	*s = (struct ui_save){
		.path = buf_str(&ui->save.path), .format = ui->save.format,
		.replace = ui->save.replace, .changes = ui->save.changes,
	};
}

void ui_saving(struct ui *ui)
{
	ui->save.busy = true;
	ui_say(ui, false, "writing %s", buf_str(&ui->save.path));
}

void ui_save_exists(struct ui *ui, const char *what, const char *verb)
{
	ui->save.replace = false;
	snprintf(ui->save.what, sizeof(ui->save.what), "%s", what);
	ui->save.verb = verb;
	dialog_open(ui, &exists_dialog);
}

void ui_saved(struct ui *ui, bool bad, const char *text)
{
	ui->save.busy = ui->save.replace = false;
	ui_say(ui, bad, "%s", text);
}

struct view *ui_view(struct ui *ui)
{
	return &ui->view;
}

struct column_context *ui_context(struct ui *ui)
{
	return &ui->ctx;
}

int ui_columns(const struct ui *ui, uint8_t *ids)
{
	memcpy(ids, ui->columns, (size_t)ui->column_count);
	return ui->column_count;
}

const struct change *ui_change(const struct ui *ui, size_t i)
{
	return changes_get(ui, i);
}

static void add_word(struct buf *out, const char *word)
{
	buf_puts(out, out->len ? " " : "");
	buf_puts(out, word);
}

void ui_restrictions(struct ui *ui, struct buf *out)
{
	const struct view *v = &ui->view;
	struct buf b = { 0 };

	if (v->listeners_only)
		add_word(out, "-l");
	if (!v->ipv6)
		add_word(out, "-4");
	if (!v->ipv4)
		add_word(out, "-6");
	if (v->filter)
		add_word(out, buf_str(&ui->filter_text));
	for (size_t i = 0; i < state_order_count &&
	     (v->states & STATES_ALL) != STATES_ALL; i++) {
		if (!(v->states & STATE_BIT(state_order[i]))) {
			add_word(out, "exclude");
			add_word(out, state_info(state_order[i])->name);
		}
	}
	for (int i = 0; i < v->within_count; i++) {
		buf_reset(&b);
		group_text(&ui->ctx, v->within[i].group, &v->within[i].key,
			   NULL, &b);
		add_word(out, groups[v->within[i].group].name);
		add_word(out, buf_str(&b));
	}
	buf_free(&b);
}
