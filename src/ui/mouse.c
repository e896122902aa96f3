/* mouse.c - what the mouse does to what was drawn under it */
#include "ui/dialog.h"
#include "ui/diagram.h"
#include "ui/findings.h"
#include "ui/keys.h"
#include "ui/setup.h"
#include "ui/menu.h"

enum { WHEEL_ROWS = 3 };

/* the last one drawn lies on top; NULL none */
static const struct hit *hit_at(const struct ui *ui, int x, int y)
{
	size_t i;

	for (i = ui->hit_count; i-- > 0; ) {
		const struct rect *r = &ui->hits[i].at;

		if (x >= r->x && x < r->x + r->w &&
		    y >= r->y && y < r->y + r->h)
			return &ui->hits[i];
	}
	return NULL;
}

static enum pane pane_of(const struct ui *ui, const struct hit *h)
{
	switch (h->kind) {
	case HIT_CHANGES:
		return PANE_CHANGES;
	case HIT_MENU:
		return PANE_MENU;
	case HIT_TEXT:
		return ui->help_open ? PANE_HELP :
		       ui->explain.open ? PANE_EXPLAIN :
		       ui->finding_page.open ? PANE_FINDINGS : PANE_DETAIL;
	case HIT_FINDING:
		return PANE_FINDINGS;
	case HIT_NODE:
		return PANE_DIAGRAM;
	case HIT_DIALOG:
		return PANE_DIALOG;
	case HIT_SETUP:
		return PANE_SETUP;
	default:
		return PANE_LIST;
	}
}

static unsigned wheel(struct ui *ui, const struct hit *h, int rows)
{
	enum pane p = pane_of(ui, h);
	struct scroll *s = ui_scroll(ui, p);

	if (p == PANE_SETUP)
		return setup_wheel(ui, h->arg, rows);
	scroll_wheel(s, rows);
	ui->dialog.paged = p == PANE_DIALOG;
	if (p == PANE_FINDINGS)
		ui->finding_page.moved = false;
	if (p == PANE_LIST && (s->top > 0 || s->cursor > 0))
		level_anchor(ui);
	if (p == PANE_CHANGES)
		changes_moved(ui);
	return UI_DRAW;
}

static unsigned click_row(struct ui *ui, const struct hit *h)
{
	enum pane p = pane_of(ui, h);
	struct scroll *s = ui_scroll(ui, p);

	if (p == PANE_CHANGES || p == PANE_LIST)
		ui->focus = p;
	if (h->arg < 0 || s->text)
		return UI_DRAW;
	s->cursor = h->arg;
	scroll_clamp(s);
	if (p == PANE_LIST)
		level_anchor(ui);
	else if (p == PANE_CHANGES)
		changes_moved(ui);
	else
		return menu_pick(ui, h->arg);
	return UI_DRAW;
}

/* The first click on an answer only goes there: it may do harm. */
static unsigned click_answer(struct ui *ui, long i)
{
	if (i < 0)
		return 0;
	if (i == ui->dialog.cursor)
		return dialog_pick(ui, i);
	ui->dialog.cursor = i;
	return UI_DRAW;
}

static unsigned click(struct ui *ui, const struct hit *h)
{
	switch (h->kind) {
	case HIT_TITLE:
		act_sort_by(ui, (int)h->arg);
		return UI_DRAW;
	case HIT_STATE:
		act_toggle_state(ui, h->arg);
		return UI_DRAW;
	case HIT_NODE:
		return diagram_click(ui, h->arg);
	case HIT_DIALOG:
		return click_answer(ui, h->arg);
	case HIT_SETUP:
		return setup_click(ui, h->arg);
	case HIT_FINDING:
		return findings_page_click(ui, h->arg);
	case HIT_ACTION:
		return ui_key(ui, actions[h->arg].keys[0]);
	default:
		return click_row(ui, h);
	}
}

unsigned ui_mouse(struct ui *ui, int x, int y, enum ui_button b)
{
	const struct hit *hit = hit_at(ui, x, y);
	struct hit h;

	/* typing goes on until Enter or Esc */
	if (!hit || ui->prompt.kind != PROMPT_NONE)
		return 0;
	h = *hit;
	ui_unsay(ui);
	ui->seek.on = false;
	/* under a popup nothing reacts but the key bar */
	if ((ui->help_open || ui->explain.open) && h.kind != HIT_TEXT &&
	    h.kind != HIT_ACTION)
		return 0;
	if (ui->dialog.kind && !ui->help_open && h.kind != HIT_DIALOG &&
	    h.kind != HIT_ACTION)
		return 0;
	if (ui->setup.open && !ui->help_open && h.kind != HIT_SETUP &&
	    h.kind != HIT_ACTION)
		return 0;
	if (ui->menu.kind && h.kind != HIT_MENU && h.kind != HIT_ACTION)
		return 0;
	switch (b) {
	case WHEEL_UP:
		return ui_effects(ui, wheel(ui, &h, -WHEEL_ROWS));
	case WHEEL_DOWN:
		return ui_effects(ui, wheel(ui, &h, WHEEL_ROWS));
	default:
		return ui_effects(ui, click(ui, &h));
	}
}
