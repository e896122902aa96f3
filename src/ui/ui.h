/*
 * ui.h - the interactive screen, without a terminal
 *
 * The ui turns keys into what is shown and draws the monitor into a canvas.
 * It reads no clock but the monitor's and does no input or output; the caller
 * (src/screen.c, or a test) feeds it keys and passes and paints its canvas.
 *
 *	ui = ui_new(monitor, &options);
 *	ui_resize(ui, width, height);
 *	ui_pass(ui);				after each settled pass
 *	effects = ui_key(ui, key);		after each key
 *	while (ui_find(ui, NS_PER_MS, &effects))	after each pass,
 *		look_at_the_keyboard();		when there is nothing else to do
 *	while (ui_busy(ui))
 *		effects = ui_work(ui, NS_PER_MS);	between keys
 *	ui_draw(ui, &canvas);			when something changed
 *	ui_free(ui);
 */
#ifndef UI_UI_H
#define UI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "model/monitor.h"
#include "ui/canvas.h"
#include "ui/setting.h"
#include "ui/theme.h"
#include "view/view.h"

/* Keys beyond ASCII; below 0x110000 a key is a Unicode character. */
enum ui_key {
	KEY_BASE_ = 0x110000,
	UIKEY_UP, UIKEY_DOWN, UIKEY_LEFT, UIKEY_RIGHT, UIKEY_PAGE_UP,
	UIKEY_PAGE_DOWN, UIKEY_HOME, UIKEY_END, UIKEY_ENTER, UIKEY_ESC,
	UIKEY_TAB, UIKEY_BACKTAB, UIKEY_BACKSPACE, UIKEY_DELETE,
	UIKEY_F1, UIKEY_F2, UIKEY_F3, UIKEY_F4, UIKEY_F5, UIKEY_F6, UIKEY_F7,
	UIKEY_F8, UIKEY_F9, UIKEY_F10,
	UIKEY_CTRL_L, UIKEY_CTRL_C,
	/* what comes between them was pasted, not typed */
	UIKEY_PASTE_BEGIN, UIKEY_PASTE_END,
};

enum ui_button { BUTTON_LEFT, WHEEL_UP, WHEEL_DOWN };

/* what the caller has to do after a key */
enum ui_effect {
	UI_DRAW		= 1 << 0,	/* the frame changed */
	UI_REPAINT	= 1 << 1,	/* Ctrl-L: clear and paint all of it */
	UI_QUIT		= 1 << 2,
	UI_NEEDS	= 1 << 3,	/* ui_needs(), ui_shown_needs() changed */
	UI_INTERVAL	= 1 << 4,	/* ui_interval() changed */
	UI_SYSCTLS	= 1 << 5,	/* monitor->sysctls is to be read now */
	UI_DEED		= 1 << 6,	/* there is something to do: ui_deed() */
	UI_SAVE		= 1 << 7,	/* ui_save() says what, and where to */
	UI_COPY		= 1 << 8,	/* ui_copied() is for the clipboard */
	UI_LOOKS	= 1 << 9,	/* ui_theme(), ui_wants_mouse() changed */
	UI_KEEP		= 1 << 10,	/* ui_kept_settings() are to be saved */
};

/* what can be written to a file */
struct ui_format {
	const char *name, *help;
	const char *ending;	/* of the file's name: "csv" */
};

struct ui_options {
	struct view view;	/* as the command line set it; taken over */
	char *filter_text;	/* that filter as typed; "" none; copied */
	const uint8_t *columns;	/* copied */
	int column_count;
	int64_t interval;	/* ns */
	bool names, ascii;
	const struct ui_format *formats;	/* the caller's */
	int format_count;
	const struct settings *kept;	/* the config file's; copied; NULL the
					   defaults */
	const uint8_t *width;	/* by column id, as in struct settings; copied;
				   NULL none */
	enum theme_id theme;
	bool no_color;		/* the theme is mono, whatever is chosen */
	bool mouse;
	const char *config_name;	/* of the file, for people; kept */
	const char *config_said;	/* lines: what is wrong in it; NULL;
					   kept */
	const char *no_deeds;	/* why nothing can be closed or signalled, as a
				   sentence; NULL it can; kept */
};

/* work that a key or a pass began and that is not over; what can be drawn
 * meanwhile is what there was before */
enum ui_busy {
	UI_IDLE,
	UI_BUSY,
	UI_SEEKING,		/* a search, whose answer is waited for */
	UI_HURRY,		/* a key is answered by its end */
};

struct ui;

struct ui *ui_new(struct monitor *m, const struct ui_options *o);
void ui_free(struct ui *ui);
void ui_resize(struct ui *ui, int width, int height);
void ui_pass(struct ui *ui);
unsigned ui_key(struct ui *ui, int key);
unsigned ui_mouse(struct ui *ui, int x, int y, enum ui_button b);
enum ui_busy ui_busy(const struct ui *ui);
/* Goes on with it for about that many ns. */
unsigned ui_work(struct ui *ui, int64_t budget);
/* Looks for findings for about that many ns, if that is due; true: there is
 * more to do. */
bool ui_find(struct ui *ui, int64_t budget, unsigned *effects);
void ui_draw(struct ui *ui, struct canvas *c);
/* enum need bits: of all sockets, and of those on the screen */
unsigned ui_needs(const struct ui *ui);
unsigned ui_shown_needs(const struct ui *ui);
/* The sockets on the screen, up to max; none while it is frozen. */
size_t ui_shown(struct ui *ui, struct sock_ref *rows, size_t max);
int64_t ui_interval(const struct ui *ui);
/* What is to be done to sockets or a process, after UI_DEED: by steps, after
 * each of which ui_deed_step() is told. */
struct deed *ui_deed(struct ui *ui);
unsigned ui_deed_step(struct ui *ui);
/* setup.c: the colours and the mouse as they are wanted now */
enum theme_id ui_theme(const struct ui *ui);
bool ui_wants_mouse(const struct ui *ui);
/* What is to be saved after UI_KEEP, and what came of that: NULL it is, or the
 * reason why not. */
const struct settings *ui_kept_settings(const struct ui *ui);
void ui_keep_done(struct ui *ui, const char *error);

/* After UI_SAVE: what is to be written. */
struct ui_save {
	const char *path;
	int format;		/* of ui_options.formats */
	bool replace;		/* if something is there */
	bool changes;		/* those that are shown, not the rows */
};
void ui_save(const struct ui *ui, struct ui_save *s);
/* What became of it: it is being written, or something is there (a sentence
 * says what, and a static verb what would be done to it), or it is over. */
void ui_saving(struct ui *ui);
void ui_save_exists(struct ui *ui, const char *what, const char *verb);
void ui_saved(struct ui *ui, bool bad, const char *text);
/* What is shown: which rows, of what, which columns (ids[COLUMN_COUNT], returns
 * how many), and "-l :443" what keeps others out. */
struct view *ui_view(struct ui *ui);
struct column_context *ui_context(struct ui *ui);
int ui_columns(const struct ui *ui, uint8_t *ids);
void ui_restrictions(struct ui *ui, struct buf *out);
/* The changes shown, i = 0 the newest; NULL past the end. */
const struct change *ui_change(const struct ui *ui, size_t i);

/* After UI_COPY. */
const char *ui_copied(const struct ui *ui);
void ui_copy_refused(struct ui *ui);

#endif
