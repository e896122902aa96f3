/* actions.c - what the keys of keys.c do */
#include "ui/dialog.h"
#include "ui/diagram.h"
#include "ui/findings.h"
#include "ui/keys.h"
#include "ui/setup.h"
#include "ui/kill.h"
#include "ui/menu.h"

#include <stdio.h>
#include <string.h>

#include "view/filter.h"

static unsigned move(struct ui *ui, enum move m)
{
	enum pane p = ui_pane(ui);

	if (p == PANE_DIAGRAM) {
		diagram_move(ui, m);
		return UI_DRAW;
	}
	if (p == PANE_DIALOG) {
		dialog_move(ui, m);
		return UI_DRAW;
	}
	if (p == PANE_FINDINGS) {
		findings_page_move(ui, m);
		return UI_DRAW;
	}
	scroll_move(ui_scroll(ui, p), m);
	if (p == PANE_LIST && m == MOVE_HOME)
		level_release(ui);
	else if (p == PANE_LIST)
		level_anchor(ui);
	else if (p == PANE_CHANGES)
		changes_moved(ui);
	return UI_DRAW;
}

unsigned act_up(struct ui *ui, int key)
{
	(void)key;
	return move(ui, MOVE_UP);
}

unsigned act_down(struct ui *ui, int key)
{
	(void)key;
	return move(ui, MOVE_DOWN);
}

unsigned act_left(struct ui *ui, int key)
{
	(void)key;
	diagram_beside(ui, -1);
	return UI_DRAW;
}

unsigned act_right(struct ui *ui, int key)
{
	(void)key;
	diagram_beside(ui, 1);
	return UI_DRAW;
}

unsigned act_page_up(struct ui *ui, int key)
{
	(void)key;
	return move(ui, MOVE_PAGE_UP);
}

unsigned act_page_down(struct ui *ui, int key)
{
	(void)key;
	return move(ui, MOVE_PAGE_DOWN);
}

unsigned act_home(struct ui *ui, int key)
{
	(void)key;
	return move(ui, MOVE_HOME);
}

unsigned act_end(struct ui *ui, int key)
{
	(void)key;
	return move(ui, MOVE_END);
}

unsigned act_enter(struct ui *ui, int key)
{
	(void)key;
	switch (ui_pane(ui)) {
	case PANE_DIALOG:
		return dialog_pick(ui, ui->dialog.cursor);
	case PANE_MENU:
		return menu_pick(ui, ui->menu.scroll.cursor);
	case PANE_CHANGES:
		changes_enter(ui);
		/* the socket is in the list */
		ui->diagram.open &= ui->focus == PANE_CHANGES;
		ui->finding_page.open &= ui->focus == PANE_CHANGES;
		break;
	case PANE_DIAGRAM:
		diagram_enter(ui);
		break;
	case PANE_DETAIL:
		return act_other_end(ui, key);
	case PANE_FINDINGS:
		findings_page_enter(ui);
		break;
	default:
		level_in(ui);
	}
	return UI_DRAW;
}

/* Of the socket whose page is open, else of that under the cursor. */
unsigned act_other_end(struct ui *ui, int key)
{
	const struct sock *s = ui->detail.open ? &ui->detail.sock :
			       rows_get(ui, ui_level(ui)->scroll.cursor);

	(void)key;
	if (!s)
		ui_say(ui, true, "there is no socket under the cursor");
	else if (!detail_flip(ui, s))
		ui_say(ui, true, "the other end is no socket of this host");
	return UI_DRAW;
}

/* One thing at a time: popup, pane, socket, held order, level, search. */
unsigned act_back(struct ui *ui, int key)
{
	struct level *l = ui_level(ui);

	if (PANE_BIT(ui_pane(ui)) & PANES_POPUP)
		return act_close(ui, key);
	if (ui_pane(ui) == PANE_CHANGES)
		ui->focus = PANE_LIST;
	else if (ui->finding_page.open)
		ui->finding_page.open = false;
	else if (ui->diagram.open)
		ui->diagram.open = false;
	else if (level_out(ui) || findings_page_back(ui) ||
		 diagram_back(ui))
		;
	else if (l->anchored || ui->follow)
		level_release(ui);
	else if (ui->search.len)
		buf_reset(&ui->search);
	return UI_DRAW;
}

unsigned act_tab(struct ui *ui, int key)
{
	(void)key;
	if (ui->focus == PANE_CHANGES)
		ui->focus = PANE_LIST;
	else if (ui->changes_rect.h > 0)
		ui->focus = PANE_CHANGES;
	else
		ui_say(ui, true, "the screen is too low for the changes");
	return UI_DRAW;
}

unsigned act_pause(struct ui *ui, int key)
{
	(void)key;
	findings_hold(ui->findings, !ui->paused);
	if (!ui->paused) {
		freeze_take(ui);
		return UI_DRAW;
	}
	freeze_drop(ui);
	rows_update(ui);
	return UI_DRAW;
}

unsigned act_follow(struct ui *ui, int key)
{
	struct level *l = ui_level(ui);

	(void)key;
	if (ui->follow) {
		level_release(ui);
	} else if (rows_group(ui, l->scroll.cursor) || l->serial) {
		ui->focus = PANE_LIST;
		ui->follow = rows_group(ui, l->scroll.cursor) ? FOLLOW_GROUP :
								l->serial;
		ui->follow_slot = l->slot;
		l->anchored = false;
		ui->view.held = false;
		rows_update(ui);
	}
	return UI_DRAW;
}

unsigned act_names(struct ui *ui, int key)
{
	(void)key;
	ui->ctx.names = !ui->ctx.names;
	memset(ui->content, 0, sizeof(ui->content));
	ui_say(ui, false, ui->ctx.names ? "services by name" :
					  "services by number");
	return UI_DRAW;
}

static const int64_t intervals[] = {
	100 * NS_PER_MS, 200 * NS_PER_MS, 500 * NS_PER_MS, NS_PER_SEC,
	2 * NS_PER_SEC, 5 * NS_PER_SEC, 10 * NS_PER_SEC, 30 * NS_PER_SEC,
	60 * NS_PER_SEC,
};
enum { INTERVALS = sizeof(intervals) / sizeof(intervals[0]) };

unsigned act_slower(struct ui *ui, int key)
{
	int i;

	(void)key;
	for (i = 0; i < INTERVALS; i++)
		if (intervals[i] > ui->interval)
			break;
	if (i < INTERVALS)
		ui->interval = intervals[i];
	ui_say(ui, false, "every %.1f s", ui->interval / 1e9);
	return UI_DRAW;
}

unsigned act_faster(struct ui *ui, int key)
{
	int i;

	(void)key;
	for (i = INTERVALS - 1; i >= 0; i--)
		if (intervals[i] < ui->interval)
			break;
	if (i >= 0)
		ui->interval = intervals[i];
	ui_say(ui, false, "every %.1f s", ui->interval / 1e9);
	return UI_DRAW;
}

unsigned act_redraw(struct ui *ui, int key)
{
	(void)ui;
	(void)key;
	return UI_DRAW | UI_REPAINT;
}

unsigned act_group(struct ui *ui, int key)
{
	(void)key;
	group_menu_open(ui);
	return UI_DRAW;
}

unsigned act_search(struct ui *ui, int key)
{
	(void)key;
	prompt_open(ui, PROMPT_SEARCH);
	return UI_DRAW;
}

static unsigned search_again(struct ui *ui, int step)
{
	long here = ui->changes.cursor;
	bool found;

	if (!ui->search.len) {
		ui_say(ui, true, "nothing to search for yet: press /");
	} else if (ui->focus == PANE_CHANGES) {
		found = search_change(ui, here + step, step);
		search_said(ui, found, here, ui->changes.cursor, step);
	} else {
		search_go(ui, step, false);
	}
	return UI_DRAW;
}

unsigned act_search_next(struct ui *ui, int key)
{
	(void)key;
	return search_again(ui, 1);
}

unsigned act_search_previous(struct ui *ui, int key)
{
	(void)key;
	return search_again(ui, -1);
}

unsigned act_filter(struct ui *ui, int key)
{
	(void)key;
	ui->focus = PANE_LIST;
	prompt_open(ui, PROMPT_FILTER);
	return UI_DRAW;
}

void act_toggle_state(struct ui *ui, unsigned state)
{
	ui->view.states ^= STATE_BIT(state_slot(state));
	rows_update(ui);
}

unsigned act_state(struct ui *ui, int key)
{
	const struct state_info *info;
	size_t i;

	for (i = 0; i < state_order_count; i++) {
		info = state_info(state_order[i]);
		if (info && info->key == key) {
			act_toggle_state(ui, state_order[i]);
			return UI_DRAW;
		}
	}
	ui_say(ui, true, "no state has the key %c", key);
	return UI_DRAW;
}

unsigned act_all(struct ui *ui, int key)
{
	(void)key;
	ui->view.states = STATES_ALL;
	ui->view.listeners_only = false;
	rows_update(ui);
	return UI_DRAW;
}

unsigned act_listeners(struct ui *ui, int key)
{
	(void)key;
	ui->view.listeners_only = !ui->view.listeners_only;
	rows_update(ui);
	return UI_DRAW;
}

unsigned act_diagram(struct ui *ui, int key)
{
	(void)key;
	ui->focus = PANE_LIST;
	ui->finding_page.open = false;
	if (ui->diagram.open)
		ui->diagram.open = false;
	else if (!diagram_back(ui))
		ui->diagram.open = true;
	return UI_DRAW;
}

unsigned act_findings(struct ui *ui, int key)
{
	(void)key;
	ui->focus = PANE_LIST;
	if (ui->finding_page.open)
		ui->finding_page.open = false;
	else if (!findings_page_back(ui))
		findings_page_open(ui);
	return UI_DRAW;
}

/* The state of whatever is under the cursor; STATE_NONE there is nothing. */
static unsigned state_here(struct ui *ui)
{
	const struct change *ch;
	const struct sock *s;

	switch (ui_pane(ui)) {
	case PANE_DIAGRAM:
		return ui->diagram.node;
	case PANE_DETAIL:
		return ui->detail.sock.row.state;
	case PANE_CHANGES:
		ch = changes_get(ui, ui->changes.cursor);
		return !ch ? STATE_NONE : ch->to ? ch->to : ch->from;
	default:
		s = rows_get(ui, ui_level(ui)->scroll.cursor);
		if (!s && ui_level(ui)->group == GROUP_STATE)
			return (unsigned)ui_level(ui)->key.word[1];
		return s ? s->row.state : STATE_NONE;
	}
}

unsigned act_explain(struct ui *ui, int key)
{
	unsigned state;

	(void)key;
	if (ui->explain.open) {
		ui->explain.open = false;
		return UI_DRAW;
	}
	state = state_here(ui);
	if (state == STATE_NONE) {
		ui_say(ui, true, "there is no state under the cursor");
		return UI_DRAW;
	}
	explain_open(ui, state);
	return UI_DRAW | (ui->explain.open ? UI_SYSCTLS : 0);
}

unsigned act_ladder_next(struct ui *ui, int key)
{
	(void)key;
	explain_pick(ui, 1);
	return UI_DRAW;
}

unsigned act_ladder_previous(struct ui *ui, int key)
{
	(void)key;
	explain_pick(ui, -1);
	return UI_DRAW;
}

unsigned act_help(struct ui *ui, int key)
{
	(void)key;
	ui->help_open = !ui->help_open;
	menu_close(ui);
	ui->help.top = 0;
	ui->help.text = true;
	return UI_DRAW;
}

unsigned act_close(struct ui *ui, int key)
{
	(void)key;
	if (ui->help_open)
		ui->help_open = false;
	else if (ui->explain.open)
		ui->explain.open = false;
	else if (ui->dialog.kind)
		dialog_leave(ui);
	else if (ui->menu.kind)
		menu_close(ui);
	else if (ui->setup.open)
		return setup_cancel(ui);
	return UI_DRAW;
}

unsigned act_kill(struct ui *ui, int key)
{
	(void)key;
	return kill_here(ui);
}

unsigned act_quit(struct ui *ui, int key)
{
	(void)ui;
	(void)key;
	return UI_QUIT;
}
