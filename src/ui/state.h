/*
 * state.h - what the screen remembers, shared by its panes
 *
 * struct ui is the state; each pane is one file with a draw function and, if
 * one can move in it, an entry of enum pane with its handlers.  Keys go
 * through the table of keys.c, which names what they do; actions.c does it.
 * Only src/ui includes this.
 *
 * What is drawn comes from ui->shown: the live monitor, or while paused the
 * copy that freeze.c made of it.  Sockets are asked for through rows.c, so
 * that no pane needs to know which of both it draws.
 */
#ifndef UI_STATE_H
#define UI_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/deed.h"
#include "model/monitor.h"
#include "ui/canvas.h"
#include "ui/scroll.h"
#include "ui/ui.h"
#include "view/column.h"
#include "view/finding.h"
#include "view/fit.h"
#include "view/needle.h"
#include "view/pick.h"
#include "view/pivot_column.h"

struct rect {
	int x, y, w, h;
};

/* what the mouse can hit, recorded while drawing; later ones lie on top */
enum hit_kind {
	HIT_LIST, HIT_CHANGES, HIT_TEXT, HIT_MENU,	/* arg: row, or -1 */
	HIT_TITLE,					/* arg: column */
	HIT_STATE, HIT_NODE,				/* arg: state */
	HIT_FINDING,					/* arg: number */
	HIT_ACTION,					/* arg: action */
	HIT_DIALOG,					/* arg: answer, or -1 */
	HIT_SETUP,					/* row, or -1 */
};

struct hit {
	struct rect at;
	enum hit_kind kind;
	long arg;
};

/* where keys go */
enum pane {
	PANE_LIST, PANE_CHANGES, PANE_DETAIL, PANE_DIAGRAM, PANE_FINDINGS,
	PANE_HELP, PANE_EXPLAIN, PANE_MENU, PANE_DIALOG, PANE_SETUP, PANE_PROMPT,
	PANE_COUNT,
};
#define PANE_BIT(p)	(1u << (p))
#define PANES_MAIN	(PANE_BIT(PANE_LIST) | PANE_BIT(PANE_CHANGES) | \
			 PANE_BIT(PANE_DETAIL) | PANE_BIT(PANE_DIAGRAM) | \
			 PANE_BIT(PANE_FINDINGS))
#define PANES_POPUP	(PANE_BIT(PANE_HELP) | PANE_BIT(PANE_EXPLAIN) | \
			 PANE_BIT(PANE_MENU) | PANE_BIT(PANE_DIALOG) | \
			 PANE_BIT(PANE_SETUP))

enum {
	LEVEL_NAME_WIDTH = 40,	/* a longer one says no more */
	LEVEL_NAME_MAX = (LEVEL_NAME_WIDTH + 1) * TEXT_CLUSTER_MAX,
};

/*
 * One level of drilling down: the sockets of one group (of all, at the top), or
 * the groups that the sockets of the level above make.
 */
struct level {
	bool into;		/* the sockets of one group of … */
	struct restriction by;	/* … that kind, with that key */
	char name[LEVEL_NAME_MAX];	/* of that group: "port 443 https" */
	uint8_t group;		/* enum group_id: what it shows, GROUP_NONE
				   sockets */
	uint8_t sort;		/* enum column_id, or of groups enum
				   pivot_column_id */
	bool reverse;
	struct scroll scroll;
	uint64_t serial;	/* of the socket under the cursor; 0 none */
	uint32_t slot;		/* its slot */
	struct group_key key;	/* of the group under the cursor */
	bool anchored;		/* the cursor is inside the list: follows its
				   socket or group, and the order is held */
};
enum { LEVELS_MAX = 2 * RESTRICTIONS_MAX + 1 };

/* ui.follow when it is the group under the cursor: no socket's serial */
#define FOLLOW_GROUP	UINT64_MAX

/* numbers of a pass that have to be kept with it */
struct facts {
	size_t unconfirmed;
	int64_t interval;	/* ns between the last two; TIME_UNKNOWN */
	double change_rate;	/* per second; negative unknown */
	uint64_t change_total;	/* changes ever, at `at` */
	int64_t at;		/* mono ns; TIME_UNKNOWN before the first */
};

/* the frozen screen, freeze.c */
struct freeze {
	struct monitor monitor;	/* a copy with a table of its own; the log goes
				   on living */
	struct facts facts;
	int64_t now;
	struct change *changes;	/* newest first */
	size_t change_count;
	uint64_t change_total;
};

/* who waits for the listener of that page, detail_listener.c */
enum { WAITING_SHOWN = 8 };
struct waiting {
	bool counted;		/* else there are too many sockets to look */
	uint32_t ready;		/* to be accepted */
	uint32_t requests;	/* half open: SYN_RECV */
	struct sock_ref oldest[WAITING_SHOWN];	/* of those ready */
	int count;
};

/* one socket in full, detail.c */
struct detail {
	bool open;
	struct sock sock;	/* a copy: it outlives the socket */
	uint32_t slot;		/* of the original, to look for news of it */
	bool gone;
	struct waiting waiting;
	struct scroll scroll;
};

/* the state machine, diagram.c */
struct diagram {
	bool open;
	uint8_t node;		/* the state under the cursor */
	bool as_list;		/* drawn so last: no room for the drawing */
	struct scroll scroll;	/* then */
	/* Enter filtered the list to one state: what was shown before */
	bool inside;
	unsigned states_before;
	bool listeners_before;
	/* as of the newest pass */
	bool exact;		/* every step is told; else rates are at least */
	int seconds;		/* that rates are an average of; 0 unknown */
	double rate[STATE_COUNT][STATE_COUNT];	/* per second; <0 unknown */
	struct {
		int64_t half, most;	/* ns that 50, 99 % stayed at most */
		uint64_t count;		/* of how many */
	} dwell[STATE_COUNT];
};

/* the page of findings, findings.c */
struct finding_page {
	bool open;
	long cursor;		/* number of the finding under it */
	uint64_t id;		/* that finding; 0 none */
	bool anchored;		/* somebody moved it there; else it stays with
				   the worst */
	bool moved;		/* the cursor is to be in sight */
	struct scroll scroll;	/* of the text */
	long line, end;		/* of the cursor's finding, as laid out last */
	/* Enter filtered the list: what was shown before */
	bool inside;
	struct filter *filter;
	char *filter_text;
	unsigned states;
	bool listeners;
	char subject[64];
};

/* one state in words, explain.c */
struct explain_panel {
	bool open;
	uint8_t state;
	int ladder;		/* enum ladder_id */
	struct scroll scroll;
	long ladder_line, ladder_lines;	/* where it was drawn last */
};

/* a popup of things to choose from, menu.h */
struct menu {
	const struct menu_kind *kind;	/* NULL: none is open */
	struct scroll scroll;
};

/* a question, dialog.h */
struct dialog {
	const struct dialog_kind *kind;	/* NULL: none is open */
	long cursor;			/* answer under it */
	struct scroll scroll;		/* over all its lines */
	bool paged;			/* moved by hand: the cursor may be out
					   of sight */
};

/* what K is about, kill.c */
struct kill {
	struct deed deed;
	bool several;		/* all that are shown; else the one below */
	struct sock sock;	/* a copy; serial 0: none */
	bool could_close;	/* that answer is there */
	struct deed_sum sum;	/* of several */
	long picked;		/* the owner to be signalled */
	char name[100];		/* its name and pid; of several: the group,
				   or "" */
};

/* what w is about, save.c */
struct save {
	int format;			/* of ui->formats */
	bool changes;			/* those; else the rows */
	struct buf path;
	bool replace;			/* was said to */
	bool busy;			/* being written */
	char what[300];			/* what is there already */
	const char *verb;		/* what writing does to it */
};

/* kernel counters that must not grow, status.c */
enum { OVERFLOWS = 5 };

enum prompt_kind { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER,
		   PROMPT_NUMBER, PROMPT_FILE };

struct prompt {
	enum prompt_kind kind;
	struct buf text;
	size_t at;		/* byte the cursor stands on */
	char *before;		/* what was there, for Esc */
	struct level from;	/* where a search started, in the list … */
	uint64_t from_change;	/* … and in the changes: how many ever up to
				   the one under the cursor */
	size_t found;		/* the cursor is at the first row that has so
				   many bytes of the text; 0 at none */
	char error[160];	/* what is wrong with the text; "" nothing */
	size_t error_at;	/* byte of text */
};

/* a search of the list under way, search.c */
struct seek {
	bool on;
	bool typing;	/* from the prompt; else by n or N */
	bool begun;	/* what follows is known */
	int step;	/* 1 down, -1 up */
	long here;	/* the row it began at */
	long at, left;	/* the next row to look at; how many there are */
	bool picking;	/* these rows have no order yet */
	struct pick pick;
	struct needle *needle;	/* NULL before the first search */
};

/* the setup screen, setup.c */
struct setup {
	bool open;
	bool in_settings;	/* the cursor; else among the columns */
	struct settings now;	/* what is listed, and would be saved */
	struct settings before;	/* for Esc */
	bool listeners_before;
	uint8_t order[COLUMN_COUNT];	/* all columns, as the rows go */
	struct scroll columns, settings;
};
/* HIT_SETUP's arg: rows of the settings begin here */
enum { SETUP_SETTINGS = 1000 };

struct ui {
	struct monitor *live;
	const struct monitor *shown;	/* live, or freeze.monitor */
	struct column_context ctx;	/* monitor = shown */
	int width, height;
	bool ascii;

	struct view view;
	struct buf filter_text;		/* of view.filter */
	uint8_t columns[COLUMN_COUNT];
	int column_count;
	uint16_t content[COLUMN_COUNT];	/* widest text seen, by column id */
	uint8_t width_of[COLUMN_COUNT];	/* a person's, by column id; 0 none */
	/* the same of groups, and STATE_BIT()s that some of them had */
	uint16_t group_content[PIVOT_COLUMN_COUNT];
	unsigned group_states;
	struct fit group_fit;		/* columns of groups drawn last */
	struct view_log log;		/* changes_get() as the view asks */
	int64_t interval;

	struct level level[LEVELS_MAX];
	int depth;			/* the level shown */
	uint64_t follow;		/* serial of the followed socket; 0 */
	uint32_t follow_slot;

	enum pane focus;		/* PANE_LIST or PANE_CHANGES */
	struct scroll changes;
	bool changes_anchored;
	uint64_t change_under;		/* number of the change at its cursor */
	struct detail detail;
	struct diagram diagram;
	struct findings *findings;
	struct finding_page finding_page;
	struct explain_panel explain;
	struct scroll help;
	bool help_open;
	struct menu menu;
	struct dialog dialog;
	struct kill kill;
	const char *no_deeds;		/* why K does nothing; NULL it does */
	struct save save;
	const struct ui_format *formats;	/* for save */
	int format_count;
	struct buf copy;		/* what y or Y copied */
	bool copy_exact;		/* ss shows no more than we do */
	bool copy_refused;		/* the terminal does not take it */
	struct prompt prompt;
	struct setup setup;
	struct settings kept;		/* as the config file has them */
	uint8_t theme;			/* enum theme_id, as chosen */
	bool no_color, mouse;
	const char *config_name;
	const char *config_said;	/* lines; NULL all is well */
	bool pasting;			/* keys are a paste: only text */
	struct buf search;		/* last text looked for; "" none */
	struct seek seek;
	bool rows_due;		/* a pass came while busy */
	bool hurry;		/* a key asked for the rows under way */

	bool paused;
	struct freeze freeze;
	struct facts facts;
	char message[512];		/* answer to the last key; "" none */
	bool message_bad;
	unsigned message_passes;	/* since it was said */

	struct rect list_rect, changes_rect;	/* as drawn last; h 0: not */
	struct hit *hits;
	size_t hit_count, hit_capacity;
	int status_height;		/* lines; kept for a while when fewer
					   would do */
	unsigned status_shorter;	/* passes since fewer would do */
	int64_t overflow_sample;	/* of the counters looked at last */
	int64_t overflow_at[OVERFLOWS];	/* mono ns seen last; 0 never */
	double overflow_rate[OVERFLOWS];	/* per second, then */
	unsigned needs_told;		/* by the last ui_needs() effect */
	int64_t interval_told;
	struct buf text;		/* scratch of whoever draws */
};

/* What a key asks for is done at once as far as it goes in this time; the rest
 * by ui_work(). */
#define AT_ONCE_NS	(12 * NS_PER_MS)

/* ui.c */
enum pane ui_pane(const struct ui *ui);
struct level *ui_level(struct ui *ui);
void ui_say(struct ui *ui, bool bad, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* true: there was something said */
bool ui_unsay(struct ui *ui);
/* Adds to the effects what the caller has to know of. */
unsigned ui_effects(struct ui *ui, unsigned e);
void ui_hit(struct ui *ui, struct rect at, enum hit_kind kind, long arg);
struct scroll *ui_scroll(struct ui *ui, enum pane p);

static inline const struct facts *facts_shown(const struct ui *ui)
{
	return ui->paused ? &ui->freeze.facts : &ui->facts;
}

/* rows.c: the sockets shown, live or frozen */
/* Looks for them anew: at once, or the rest by rows_step(). */
void rows_update(struct ui *ui);
/* The same, though nobody waits for them; mostly less will do. */
void rows_refresh(struct ui *ui);
/* The order is held no longer. */
void rows_release(struct ui *ui);
/* They are those of before view_put_aside() again. */
void rows_back(struct ui *ui);
/* Goes on with that until then (mono ns); true: there is more. */
bool rows_step(struct ui *ui, int64_t until);
size_t rows_count(const struct ui *ui);
/* NULL where the rows are groups */
const struct sock *rows_get(struct ui *ui, size_t i);
/* NULL where they are sockets */
const struct group *rows_group(struct ui *ui, size_t i);
uint32_t rows_slot(const struct ui *ui, size_t i);
long rows_find(struct ui *ui, uint32_t slot, uint64_t serial);
/* those that are not just gone */
size_t rows_live(const struct ui *ui);
size_t rows_hidden_by_state(const struct ui *ui);
/* any socket that is known; NULL if it is gone */
const struct sock *rows_lookup(const struct ui *ui, uint64_t serial,
			       uint32_t slot);
size_t changes_count(const struct ui *ui);
/* i = 0 the newest */
const struct change *changes_get(const struct ui *ui, size_t i);
/* the number of the newest one plus one; they count from 0 */
uint64_t changes_total(const struct ui *ui);

/* freeze.c */
/* A copy that owns what it points to and survives the table's own. */
void sock_keep(struct owners *o, struct sock *dst, const struct sock *src);
void sock_unkeep(struct owners *o, struct sock *s);
void freeze_take(struct ui *ui);
void freeze_drop(struct ui *ui);

/* levels.c: in and out, and where the cursor is */
void level_follow_cursor(struct ui *ui);	/* after rows_update() */
void level_anchor(struct ui *ui);		/* after a move of the cursor */
void level_release(struct ui *ui);
void level_go(struct ui *ui, long row);
bool level_select(struct ui *ui, uint32_t slot, uint64_t serial);
void level_in(struct ui *ui);
bool level_out(struct ui *ui);
/* Shows the groups that the sockets shown make; GROUP_NONE: sockets again. */
void level_group(struct ui *ui, enum group_id id);
/* Is it of the row under the cursor: that socket, or one of that group's? It
 * is one of those the view shows, too. */
bool level_row_has(struct ui *ui, const struct sock *s);
/* crumbs.c: "all › port 443 › by process"; with fewer crumbs from the left, if
 * it would be wider than that. */
void level_text(const struct ui *ui, struct buf *out, int width);

/* search.c */
/* Goes to the next match in the list, at once or by search_step(): from the
 * cursor on when typing, from behind it otherwise. */
void search_go(struct ui *ui, int step, bool typing);
void search_free(struct ui *ui);
/* Goes on until then (mono ns); true: there is more. */
bool search_step(struct ui *ui, int64_t until);
double search_progress(const struct ui *ui);	/* 0 … 1 */
/* Tells what came of it, if a person has to be told. */
void search_said(struct ui *ui, bool found, long here, long now, int step);
/* In the changes, newest first; false: there is none. */
bool search_change(struct ui *ui, long from, int step);
/* Marks what matches in cells already drawn. */
void search_mark(struct ui *ui, struct canvas *c, int x, int y, int w,
		 const char *drawn, const char *whole);

/* the panes */
int header_draw(struct ui *ui, struct canvas *c);	/* lines used */
int counters_draw(struct ui *ui, struct canvas *c, int y);
/* The last samples of its count as a line of w columns at most. */
void counters_spark(struct ui *ui, struct canvas *c, int x, int y, int w,
		    unsigned state);
void list_draw(struct ui *ui, struct canvas *c, struct rect r);
/* groups.c */
void groups_draw(struct ui *ui, struct canvas *c, struct rect r);
void groups_text(struct ui *ui, long row, struct buf *out);
void group_menu_open(struct ui *ui);
/* what the lists of sockets and of groups have in common */
struct list_title {
	int x, y, w;
	const char *text;
	enum text_align align;
	bool sorted, reverse;
	long column;		/* for the mouse */
};
void list_title(struct ui *ui, struct canvas *c, const struct list_title *t);
int list_margin(const struct canvas *c);
int list_gap(const struct canvas *c);
void list_restyle(struct canvas *c, int x, int y, const char *s,
		  enum style style);
void list_empty(struct ui *ui, struct canvas *c, struct rect r);
void list_rule_draw(struct ui *ui, struct canvas *c, int y);
void changes_draw(struct ui *ui, struct canvas *c, struct rect r);
void changes_rule_draw(struct ui *ui, struct canvas *c, int y);
void changes_rate_text(const struct ui *ui, struct buf *out);
void changes_enter(struct ui *ui);
/* One line as text, in ASCII: what, ends, owner. */
void changes_text(struct ui *ui, const struct change *ch, struct buf *out);
void changes_moved(struct ui *ui);
void detail_draw(struct ui *ui, struct canvas *c, struct rect r);
void detail_open(struct ui *ui, const struct sock *s, uint32_t slot);
void detail_close(struct ui *ui);
void detail_update(struct ui *ui);
/* Opens the other end of that socket, which may be NULL; false: it is not
 * known. */
bool detail_flip(struct ui *ui, const struct sock *s);
void explain_open(struct ui *ui, unsigned state);
void explain_pick(struct ui *ui, int by);	/* another ladder */
void explain_draw(struct ui *ui, struct canvas *c);
void keybar_draw(struct ui *ui, struct canvas *c, int y);
void help_draw(struct ui *ui, struct canvas *c);
void prompt_open(struct ui *ui, enum prompt_kind kind);
void prompt_close(struct ui *ui);
/* What is typed cannot be taken: it stays open. */
void prompt_wrong(struct ui *ui, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
unsigned prompt_key(struct ui *ui, int key);
void prompt_pasted(struct ui *ui);	/* the paste is over */
void prompt_not_found(struct ui *ui);
void prompt_found(struct ui *ui);
void prompt_draw(struct ui *ui, struct canvas *c, int y);

/* status.c: all that the header has to be honest about, most urgent first */
enum status_weight { STATUS_ALERT, STATUS_WARN, STATUS_PLAIN };
struct status_line {
	enum status_weight weight;
	bool nicety;		/* may be left out */
	char text[200];
	char brief[80];		/* for narrow screens; "" the same */
};
enum { STATUS_MAX = 24 };
/* After a pass: looks whether what must not grow did. */
void status_note_overflows(struct ui *ui);
int status_lines(struct ui *ui, struct status_line *lines);

#endif
