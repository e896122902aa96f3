/*
 * keys.h - what a person can do, declared once
 *
 * Key dispatch, the key bar, the help page and the manual page all come from
 * actions[].  A key is bound once; a test sees to it.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include "ui/state.h"

enum key_group {
	KEYS_MOVE, KEYS_SHOW, KEYS_FIND, KEYS_RUN, KEYS_SETUP, KEY_GROUP_COUNT,
};
extern const char *const key_group_name[KEY_GROUP_COUNT];

enum { ACTION_KEYS_MAX = 12 };

struct action {
	const char *name;	/* "sort-reverse" */
	const char *keys_text;	/* for people: "s F6" */
	int keys[ACTION_KEYS_MAX];	/* 0 ends it */
	const char *bar_key;	/* on the key bar: "F6"; NULL not there */
	const char *bar_label;	/* "Sort" */
	const char *help;	/* one line */
	enum key_group group;
	unsigned panes;		/* PANE_BIT()s where it works */
	/* returns enum ui_effect bits */
	unsigned (*run)(struct ui *ui, int key);
};

extern const struct action actions[];
extern const int action_count;

/* NULL if the key does nothing in that pane */
const struct action *action_of_key(int key, enum pane pane);

/* actions.c: the handlers */
unsigned act_up(struct ui *ui, int key);
unsigned act_down(struct ui *ui, int key);
unsigned act_page_up(struct ui *ui, int key);
unsigned act_page_down(struct ui *ui, int key);
unsigned act_home(struct ui *ui, int key);
unsigned act_end(struct ui *ui, int key);
unsigned act_left(struct ui *ui, int key);
unsigned act_right(struct ui *ui, int key);
unsigned act_enter(struct ui *ui, int key);
unsigned act_other_end(struct ui *ui, int key);
unsigned act_back(struct ui *ui, int key);
unsigned act_tab(struct ui *ui, int key);
unsigned act_sort_menu(struct ui *ui, int key);
unsigned act_sort_reverse(struct ui *ui, int key);
unsigned act_sort_previous(struct ui *ui, int key);
unsigned act_sort_next(struct ui *ui, int key);
unsigned act_pause(struct ui *ui, int key);
unsigned act_follow(struct ui *ui, int key);
unsigned act_names(struct ui *ui, int key);
unsigned act_slower(struct ui *ui, int key);
unsigned act_faster(struct ui *ui, int key);
unsigned act_redraw(struct ui *ui, int key);
unsigned act_group(struct ui *ui, int key);
unsigned act_search(struct ui *ui, int key);
unsigned act_search_next(struct ui *ui, int key);
unsigned act_search_previous(struct ui *ui, int key);
unsigned act_filter(struct ui *ui, int key);
unsigned act_state(struct ui *ui, int key);
unsigned act_all(struct ui *ui, int key);
unsigned act_listeners(struct ui *ui, int key);
unsigned act_diagram(struct ui *ui, int key);
unsigned act_findings(struct ui *ui, int key);
unsigned act_explain(struct ui *ui, int key);
unsigned act_ladder_next(struct ui *ui, int key);
unsigned act_ladder_previous(struct ui *ui, int key);
/* setup.c */
unsigned act_setup(struct ui *ui, int key);
unsigned act_setup_part(struct ui *ui, int key);
unsigned act_setup_choose(struct ui *ui, int key);
unsigned act_setup_more(struct ui *ui, int key);
unsigned act_setup_less(struct ui *ui, int key);
unsigned act_setup_up(struct ui *ui, int key);
unsigned act_setup_down(struct ui *ui, int key);
unsigned act_setup_usual(struct ui *ui, int key);
unsigned act_setup_reset(struct ui *ui, int key);
unsigned act_setup_save(struct ui *ui, int key);
unsigned act_help(struct ui *ui, int key);
unsigned act_close(struct ui *ui, int key);
unsigned act_save(struct ui *ui, int key);
unsigned act_copy(struct ui *ui, int key);
unsigned act_copy_command(struct ui *ui, int key);
unsigned act_kill(struct ui *ui, int key);
unsigned act_quit(struct ui *ui, int key);

/* for the mouse */
/* sort.c: enum column_id, or of groups enum pivot_column_id */
void act_sort_by(struct ui *ui, int column);
void act_toggle_state(struct ui *ui, unsigned state);

#endif
