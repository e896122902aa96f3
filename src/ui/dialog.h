/*
 * dialog.h - a question: some text, and answers of which the first is safe
 *
 * Unlike a menu (menu.h) it says what it is about above the answers, and below
 * them what will happen with the one under the cursor.  The cursor begins at
 * the first answer, which does nothing; Esc is that answer too.
 *
 *	static const struct dialog_kind fire = {
 *		.title = "Fire", .text = fire_text, .count = fire_count,
 *		.answer = fire_answer, .what = fire_what, .pick = fire_pick,
 *	};
 *	dialog_open(ui, &fire);
 */
#ifndef UI_DIALOG_H
#define UI_DIALOG_H

#include "ui/page.h"
#include "ui/state.h"

struct dialog_kind {
	const char *title;
	/* above the answers */
	void (*text)(struct ui *ui, struct page *p);
	/* how many answers; none: it is closed by Esc only */
	long (*count)(struct ui *ui);
	void (*answer)(struct ui *ui, long i, struct buf *out);
	/* what it does, below; NULL nothing to say */
	void (*what)(struct ui *ui, long i, struct page *p);
	/* The dialog is closed before. Returns enum ui_effect. */
	unsigned (*pick)(struct ui *ui, long i);
	/* Esc, and whatever else closes it without a pick; NULL nothing */
	void (*left)(struct ui *ui);
	const char *foot;	/* NULL: "Enter does it; Esc: nothing" */
};

void dialog_open(struct ui *ui, const struct dialog_kind *kind);
/* Esc: no answer. */
void dialog_leave(struct ui *ui);
/* Returns enum ui_effect. */
unsigned dialog_pick(struct ui *ui, long i);
/* Its answers change, or it shows something new. */
void dialog_move(struct ui *ui, enum move m);
void dialog_draw(struct ui *ui, struct canvas *c);

#endif
