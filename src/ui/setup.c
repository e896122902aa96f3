#include "ui/setup.h"

#include <string.h>

#include "ui/keys.h"

enum { WIDTH_LEAST = 3 };

const struct setting *setup_setting(long i)
{
	for (int k = 0; k < settings_count; k++) {
		/* they have a part of their own */
		if (settings_table[k].kind == &kind_columns)
			continue;
		if (!i--)
			return &settings_table[k];
	}
	return NULL;
}

bool setup_has_column(const struct ui *ui, int id)
{
	const struct settings *now = &ui->setup.now;

	return memchr(now->columns, id, now->column_count) != NULL;
}

/* How wide a column is that has no width of its own. */
static unsigned usual_width(const struct ui *ui, int id)
{
	return ui->content[id] ? ui->content[id] : columns[id].norm;
}

struct scroll *setup_scroll(struct ui *ui)
{
	return ui->setup.in_settings ? &ui->setup.settings
				     : &ui->setup.columns;
}

/* ---- from the screen, and to it ---- */

static void take_screen(struct ui *ui, struct settings *s)
{
	*s = ui->kept;
	memcpy(s->columns, ui->columns, ui->column_count);
	s->column_count = (uint8_t)ui->column_count;
	memcpy(s->width, ui->width_of, sizeof(s->width));
	s->delay = ui->interval;
	s->names = ui->ctx.names;
	s->theme = ui->theme;
	s->mouse = ui->mouse;
	/* the sockets' own order, whatever is shown now */
	s->sort = ui->depth ? ui->level[0].sort : ui->view.sort;
	s->reverse = ui->depth ? ui->level[0].reverse : ui->view.reverse;
}

static void set_sort(struct ui *ui, const struct settings *s)
{
	struct level *l = &ui->level[0];

	l->sort = s->sort;
	l->reverse = s->reverse;
	if (ui->depth || (ui->view.sort == s->sort &&
			  ui->view.reverse == s->reverse))
		return;
	ui->view.sort = s->sort;
	ui->view.reverse = s->reverse;
	rows_update(ui);
}

static unsigned show(struct ui *ui, const struct settings *s)
{
	bool looks = ui->theme != s->theme || ui->mouse != s->mouse;

	if (memcmp(ui->columns, s->columns, s->column_count) ||
	    ui->column_count != s->column_count || ui->ctx.names != s->names)
		memset(ui->content, 0, sizeof(ui->content));
	memcpy(ui->columns, s->columns, s->column_count);
	ui->column_count = s->column_count;
	memcpy(ui->width_of, s->width, sizeof(s->width));
	ui->interval = s->delay;
	ui->ctx.names = s->names;
	ui->theme = s->theme;
	ui->mouse = s->mouse;
	set_sort(ui, s);
	return UI_DRAW | (looks ? UI_LOOKS : 0);
}

static void show_listeners(struct ui *ui, bool only)
{
	if (ui->view.listeners_only == only)
		return;
	ui->view.listeners_only = only;
	rows_update(ui);
}

static void open_setup(struct ui *ui)
{
	struct setup *s = &ui->setup;
	int n = 0;

	take_screen(ui, &s->now);
	s->before = s->now;
	s->listeners_before = ui->view.listeners_only;
	for (int i = 0; i < s->now.column_count; i++)
		s->order[n++] = s->now.columns[i];
	for (int id = 0; id < COLUMN_COUNT; id++)
		if (!setup_has_column(ui, id))
			s->order[n++] = (uint8_t)id;
	s->columns = (struct scroll){ .count = COLUMN_COUNT };
	s->settings = (struct scroll){ .count = settings_count - 1 };
	s->in_settings = false;
	s->open = true;
	ui->focus = PANE_LIST;
}

unsigned setup_cancel(struct ui *ui)
{
	ui->setup.open = false;
	show_listeners(ui, ui->setup.listeners_before);
	return show(ui, &ui->setup.before);
}

/* ---- what the keys do ---- */

static int column_here(const struct ui *ui)
{
	return ui->setup.order[ui->setup.columns.cursor];
}

/* Those chosen, in the order of the rows. */
static unsigned columns_changed(struct ui *ui)
{
	struct settings *now = &ui->setup.now;
	bool has[COLUMN_COUNT];

	for (int id = 0; id < COLUMN_COUNT; id++)
		has[id] = setup_has_column(ui, id);
	now->column_count = 0;
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (has[ui->setup.order[i]])
			now->columns[now->column_count++] = ui->setup.order[i];
	return show(ui, now);
}

static unsigned toggle_column(struct ui *ui)
{
	struct settings *now = &ui->setup.now;
	int id = column_here(ui);
	uint8_t *at = memchr(now->columns, id, now->column_count);

	if (!at) {
		now->columns[now->column_count++] = (uint8_t)id;
	} else if (now->column_count > 1) {
		memmove(at, at + 1, now->columns + now->column_count - at - 1);
		now->column_count--;
	} else {
		ui_say(ui, true, "one column has to stay");
	}
	return columns_changed(ui);
}

static unsigned move_column(struct ui *ui, int by)
{
	struct scroll *s = &ui->setup.columns;
	uint8_t *order = ui->setup.order;
	long to = s->cursor + by;
	uint8_t id;

	if (ui->setup.in_settings || to < 0 || to >= COLUMN_COUNT)
		return 0;
	id = order[s->cursor];
	order[s->cursor] = order[to];
	order[to] = id;
	s->cursor = to;
	scroll_clamp(s);
	return columns_changed(ui);
}

static unsigned widen_column(struct ui *ui, int by)
{
	int id = column_here(ui);
	uint8_t *width = &ui->setup.now.width[id];
	int want = (*width ? *width : (int)usual_width(ui, id)) + by;

	if (want >= WIDTH_LEAST && want <= UINT8_MAX)
		*width = (uint8_t)want;
	return show(ui, &ui->setup.now);
}

/* What chooses sockets: as on the screen now, or not at all. */
static bool take_over(struct ui *ui, const struct setting *s)
{
	struct settings *now = &ui->setup.now, was = *now;
	struct settings usual;

	if (s->kind == &kind_states) {
		now->states = ui->view.states;
	} else if (s->kind == &kind_filter) {
		if (ui->filter_text.len >= sizeof(now->filter)) {
			ui_say(ui, true, "a filter of %d characters is the "
			       "most", FILTER_TEXT_MAX - 1);
			return true;
		}
		memset(now->filter, 0, sizeof(now->filter));
		memcpy(now->filter, buf_str(&ui->filter_text),
		       ui->filter_text.len);
	} else {
		return false;
	}
	if (!setting_same(s, &was, now))
		return true;
	settings_default(&usual);
	setting_copy(s, now, &usual);
	if (setting_same(s, &was, now))
		ui_say(ui, false, "there is none on the screen now to take");
	return true;
}

static unsigned step_setting(struct ui *ui, int by)
{
	const struct setting *s = setup_setting(ui->setup.settings.cursor);
	struct settings *now = &ui->setup.now;

	if (!s || take_over(ui, s))
		return UI_DRAW;
	setting_step(s, now, by);
	if (now->listeners != ui->setup.before.listeners ||
	    ui->view.listeners_only != ui->setup.listeners_before)
		show_listeners(ui, now->listeners);
	if (ui->no_color && now->theme != ui->theme)
		ui_say(ui, false, "NO_COLOR is set: no colours until it is not");
	return show(ui, now);
}

static unsigned usual(struct ui *ui, const struct setting *s)
{
	struct settings values;

	settings_default(&values);
	setting_copy(s, &ui->setup.now, &values);
	return show(ui, &ui->setup.now);
}

unsigned act_setup(struct ui *ui, int key)
{
	(void)key;
	open_setup(ui);
	return UI_DRAW;
}

unsigned act_setup_part(struct ui *ui, int key)
{
	(void)key;
	ui->setup.in_settings = !ui->setup.in_settings;
	return UI_DRAW;
}

unsigned act_setup_choose(struct ui *ui, int key)
{
	(void)key;
	return ui->setup.in_settings ? step_setting(ui, 1) : toggle_column(ui);
}

unsigned act_setup_more(struct ui *ui, int key)
{
	(void)key;
	return ui->setup.in_settings ? step_setting(ui, 1) :
				       widen_column(ui, 1);
}

unsigned act_setup_less(struct ui *ui, int key)
{
	(void)key;
	return ui->setup.in_settings ? step_setting(ui, -1) :
				       widen_column(ui, -1);
}

unsigned act_setup_up(struct ui *ui, int key)
{
	(void)key;
	return move_column(ui, -1);
}

unsigned act_setup_down(struct ui *ui, int key)
{
	(void)key;
	return move_column(ui, 1);
}

unsigned act_setup_usual(struct ui *ui, int key)
{
	(void)key;
	if (ui->setup.in_settings)
		return usual(ui, setup_setting(ui->setup.settings.cursor));
	ui->setup.now.width[column_here(ui)] = 0;
	return show(ui, &ui->setup.now);
}

unsigned act_setup_reset(struct ui *ui, int key)
{
	bool in_settings = ui->setup.in_settings;
	unsigned effects;

	(void)key;
	settings_default(&ui->setup.now);
	show_listeners(ui, ui->setup.now.listeners);
	effects = show(ui, &ui->setup.now);
	/* the rows of the columns in their order again */
	{
		struct setup was = ui->setup;

		open_setup(ui);
		ui->setup.now = was.now;
		ui->setup.before = was.before;
		ui->setup.listeners_before = was.listeners_before;
		ui->setup.in_settings = in_settings;
		ui->setup.columns.cursor = was.columns.cursor;
		ui->setup.settings.cursor = was.settings.cursor;
	}
	return effects;
}

unsigned act_setup_save(struct ui *ui, int key)
{
	(void)key;
	ui->setup.open = false;
	return UI_DRAW | UI_KEEP;
}

unsigned setup_click(struct ui *ui, long arg)
{
	struct scroll *s;
	bool again;

	if (arg < 0)
		return 0;
	again = ui->setup.in_settings == (arg >= SETUP_SETTINGS);
	ui->setup.in_settings = arg >= SETUP_SETTINGS;
	arg %= SETUP_SETTINGS;
	s = setup_scroll(ui);
	again = again && s->cursor == arg;
	s->cursor = arg;
	scroll_clamp(s);
	return again ? act_setup_choose(ui, 0) : UI_DRAW;
}

unsigned setup_wheel(struct ui *ui, long arg, int rows)
{
	scroll_wheel(arg >= SETUP_SETTINGS ? &ui->setup.settings :
					     &ui->setup.columns, rows);
	return UI_DRAW;
}

const struct settings *ui_kept_settings(const struct ui *ui)
{
	return &ui->setup.now;
}

void ui_keep_done(struct ui *ui, const char *error)
{
	if (error) {
		ui_say(ui, true, "not saved, holds for this run: %s", error);
		return;
	}
	ui->kept = ui->setup.now;
	ui->config_said = NULL;
	ui_say(ui, false, "saved in %s", ui->config_name);
}

enum theme_id ui_theme(const struct ui *ui)
{
	return ui->no_color ? THEME_MONO : (enum theme_id)ui->theme;
}

bool ui_wants_mouse(const struct ui *ui)
{
	return ui->mouse;
}
