/*
 * menu.h - a popup of things to choose from
 *
 * A kind of menu is one const table entry of whoever opens it: what its entries
 * say, and what is done with the one that was picked.  Entries are asked for
 * each time they are drawn, so they may tell what is so now.
 *
 *	static const struct menu_kind weekday_menu = {
 *		.title = "Which day", .foot = "Enter goes there",
 *		.count = weekday_count, .entry = weekday_entry,
 *		.pick = weekday_pick,
 *	};
 *	menu_open(ui, &weekday_menu, today);
 *
 * The menu is closed when pick() is called, so that may open the next one.
 * Esc closes it without a pick.  A letter picks its entry at once; it is none
 * of those that move in a menu (j k g G h ? q): a test of each menu asks
 * menu_letters_free().
 */
#ifndef UI_MENU_H
#define UI_MENU_H

#include "ui/state.h"

struct menu_entry {
	const char *text;	/* static, or in made */
	const char *help;	/* one sentence; "" or NULL none */
	char letter;		/* picks it; 0 none */
	bool current;		/* what is so now: bold, with a sign */
	enum glyph sign;	/* that sign; 0 is GLYPH_DOT */
	char made[200];		/* room for texts made on the spot */
};

struct menu_kind {
	const char *title;	/* "Sort by" */
	const char *foot;	/* "Enter sorts, again reverses" */
	long (*count)(struct ui *ui);
	/* e is zeroed before */
	void (*entry)(struct ui *ui, long i, struct menu_entry *e);
	unsigned (*pick)(struct ui *ui, long i);	/* enum ui_effect */
};

/* groups.c */
extern const struct menu_kind group_menu;

void menu_open(struct ui *ui, const struct menu_kind *kind, long cursor);
void menu_close(struct ui *ui);
void menu_draw(struct ui *ui, struct canvas *c, struct rect r);
/* Both return enum ui_effect. */
unsigned menu_pick(struct ui *ui, long row);
/* The entry with that letter, if there is one: *effects is set then. */
bool menu_letter(struct ui *ui, int key, unsigned *effects);
/* Has each letter one entry, and does it mean nothing else in a menu? */
bool menu_letters_free(struct ui *ui, const struct menu_kind *kind);

/* The frame of any popup: cleared inside, its title in the upper edge. */
void popup_frame(struct canvas *c, struct rect r, const char *title);

#endif
