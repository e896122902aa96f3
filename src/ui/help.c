/* help.c - what everything on the screen means, made from the tables */
#include "ui/keys.h"
#include "ui/page.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 15 };

static void add_status(struct ui *ui, struct page *p)
{
	struct status_line lines[STATUS_MAX];
	int i, n = status_lines(ui, lines);

	page_line(p, STYLE_BOLD, "Right now");
	for (i = 0; i < n; i++)
		page_line(p, lines[i].weight == STATUS_PLAIN ? STYLE_NORMAL :
			  STYLE_WARN, lines[i].text);
	page_line(p, STYLE_NORMAL, "");
}

static void add_keys(struct page *p)
{
	int group, i;

	for (group = 0; group < KEY_GROUP_COUNT; group++) {
		page_line(p, STYLE_BOLD, key_group_name[group]);
		for (i = 0; i < action_count; i++)
			if (actions[i].group == (enum key_group)group)
				page_pair(p, STYLE_KEY, actions[i].keys_text,
					  STYLE_NORMAL, actions[i].help,
					  INDENT);
		page_line(p, STYLE_NORMAL, "");
	}
	page_line(p, STYLE_NORMAL, "The mouse: click selects, on a column "
		  "title sorts, on a state hides or shows it, on a key below "
		  "presses it; the wheel scrolls.");
	page_line(p, STYLE_NORMAL, "");
}

static void add_marks(struct ui *ui, struct page *p)
{
	static const struct {
		enum glyph glyph;
		enum style style;
		const char *help;
	} marks[] = {
		{ GLYPH_NEW, STYLE_NEW, "opened since the last passes" },
		{ GLYPH_CHANGED, STYLE_CHANGED, "its state changed" },
		{ GLYPH_GONE, STYLE_GONE, "gone; shown for a few passes" },
		{ GLYPH_FOLLOW, STYLE_BOLD, "the followed socket" },
		{ GLYPH_RISING, STYLE_WARN, "this state grows steadily" },
		{ GLYPH_FALLING, STYLE_DIM, "it falls steadily" },
		{ GLYPH_IN, STYLE_NORMAL, "the other end connected to us" },
		{ GLYPH_OUT, STYLE_NORMAL, "we connected to it" },
	};
	size_t i;

	page_line(p, STYLE_BOLD, "Signs");
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		page_pair(p, marks[i].style, glyph(marks[i].glyph, ui->ascii),
			  STYLE_NORMAL, marks[i].help, INDENT);
	page_pair(p, STYLE_NORMAL, "-", STYLE_NORMAL,
		  "not known: the kernel or the source does not tell",
		  INDENT);
	page_pair(p, STYLE_NORMAL, "(name[1])", STYLE_NORMAL,
		  "the last owner known; the kernel has forgotten it",
		  INDENT);
	page_pair(p, STYLE_NORMAL, "?", STYLE_NORMAL,
		  "the owner is not visible to you; run tulpen as root",
		  INDENT);
	page_line(p, STYLE_NORMAL, "");
}

static void add_rates(struct page *p)
{
	page_line(p, STYLE_BOLD, "The numbers at the top, from the kernel's "
		  "counters");
	page_pair(p, STYLE_KEY, "opened", STYLE_NORMAL,
		  "connections begun and taken in (ActiveOpens + "
		  "PassiveOpens)", INDENT);
	page_pair(p, STYLE_KEY, "closed", STYLE_NORMAL,
		  "what was opened, less what the table grew by", INDENT);
	page_pair(p, STYLE_KEY, "reset", STYLE_NORMAL,
		  "open connections cut by a reset (EstabResets)", INDENT);
	page_pair(p, STYLE_KEY, "retrans", STYLE_NORMAL,
		  "share of the segments sent that were sent again "
		  "(RetransSegs)", INDENT);
	page_line(p, STYLE_NORMAL, "");
}

static void add_states(struct page *p)
{
	const struct state_info *info;
	char name[32];
	size_t i;

	page_line(p, STYLE_BOLD, "States, and the keys that show or hide "
		  "them");
	for (i = 0; i < state_order_count; i++) {
		info = state_info(state_order[i]);
		snprintf(name, sizeof(name), "%c %s",
			 info->key ? info->key : ' ', info->name);
		page_pair(p, style_of_state(state_order[i]), name,
			  STYLE_NORMAL, info->meaning, INDENT);
	}
	page_line(p, STYLE_NORMAL, "");
}

static void add_columns(struct page *p)
{
	int i;

	page_line(p, STYLE_BOLD, "Columns (choose with --columns)");
	for (i = 0; i < COLUMN_COUNT; i++)
		page_pair(p, STYLE_KEY, columns[i].title, STYLE_NORMAL,
			  columns[i].help, INDENT);
}

void help_draw(struct ui *ui, struct canvas *c)
{
	struct rect r = { 2, 1, c->width - 4, c->height - 2 };
	struct page p;
	int y, last;

	for (y = 0; y < c->height - 1; y++)
		canvas_blank(c, 0, y, c->width, STYLE_NORMAL);
	canvas_blank(c, 0, 0, c->width, STYLE_TITLE);
	canvas_put(c, 1, 0, -1, STYLE_TITLE, "tulpen: help");
	page_begin(&p, c, r, &ui->help);
	add_status(ui, &p);
	add_keys(&p);
	add_marks(ui, &p);
	add_rates(&p);
	add_states(&p);
	add_columns(&p);
	last = page_end(&p);
	buf_reset(&ui->text);
	buf_printf(&ui->text, "%s%ld-%ld of %d, Esc%s",
		   c->width < 60 ? "" : "lines ",
		   ui->help.top + 1, ui->help.top + r.h < last ?
		   ui->help.top + r.h : last, last,
		   c->width < 60 ? "" : " closes");
	canvas_put(c, c->width - 1 - (int)ui->text.len, 0, -1, STYLE_TITLE,
		   buf_str(&ui->text));
	ui_hit(ui, (struct rect){ 0, 0, c->width, c->height - 1 }, HIT_TEXT,
	       -1);
}
