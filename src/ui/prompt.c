/* prompt.c - typing a text: to search or to filter by, or an answer */
#include "ui/dialog.h"
#include "ui/kill.h"
#include "ui/save.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "view/filter.h"

enum { PROMPT_LIMIT = 4096 };

static const struct {
	const char *label, *hint;
} prompts[] = {
	[PROMPT_SEARCH] = { "Search: ", "Enter stays, Esc goes back" },
	[PROMPT_FILTER] = { "Filter: ", "Enter keeps it, Esc the old one" },
	[PROMPT_NUMBER] = { "How many? ", "that number closes them; Esc: "
			    "nothing" },
	[PROMPT_FILE]	= { "Write to: ", "Enter writes, Esc: nothing" },
};

static void set_text(struct buf *b, const char *s)
{
	/* s may be part of what b holds */
	char *copy = mem_strdup(s);

	buf_reset(b);
	buf_puts(b, copy);
	free(copy);
}

void prompt_open(struct ui *ui, enum prompt_kind kind)
{
	struct prompt *p = &ui->prompt;

	p->kind = kind;
	free(p->before);
	p->before = mem_strdup(kind == PROMPT_FILTER ?
			       buf_str(&ui->filter_text) :
			       buf_str(&ui->search));
	set_text(&p->text, kind == PROMPT_FILTER ? p->before : "");
	p->at = p->text.len;
	p->from = *ui_level(ui);
	p->from_change = changes_total(ui) - ui->changes.cursor;
	p->found = 0;
	p->error[0] = '\0';
}

void prompt_close(struct ui *ui)
{
	ui->prompt.kind = PROMPT_NONE;
	ui->prompt.error[0] = '\0';
}

void prompt_wrong(struct ui *ui, const char *fmt, ...)
{
	struct prompt *p = &ui->prompt;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->error, sizeof(p->error), fmt, ap);
	va_end(ap);
	p->error_at = p->text.len;
}

/* The last good filter stays as long as the text is wrong. */
static void try_filter(struct ui *ui, const char *text)
{
	struct prompt *p = &ui->prompt;
	struct filter_error err = { 0 };
	struct filter *f = filter_parse(text, &err);

	p->error[0] = '\0';
	if (!f) {
		snprintf(p->error, sizeof(p->error), "%s", err.message);
		p->error_at = err.offset;
		return;
	}
	/* an empty one matches everything, as does none */
	if (!text[strspn(text, " ")]) {
		filter_free(f);
		f = NULL;
	}
	filter_free(ui->view.filter);
	ui->view.filter = f;
	set_text(&ui->filter_text, text);
	rows_update(ui);
}

/* To where the search began, so that a longer text does not run away. */
static void go_back(struct ui *ui)
{
	const struct prompt *p = &ui->prompt;

	*ui_level(ui) = p->from;
	ui->view.held = p->from.anchored;
	level_follow_cursor(ui);
	if (ui->focus == PANE_CHANGES) {
		ui->changes.cursor = changes_total(ui) - p->from_change;
		scroll_clamp(&ui->changes);
		changes_moved(ui);
	}
}

void prompt_not_found(struct ui *ui)
{
	struct prompt *p = &ui->prompt;

	if (p->kind != PROMPT_SEARCH) {
		search_said(ui, false, 0, 0, 1);
		return;
	}
	snprintf(p->error, sizeof(p->error), "not found");
	p->error_at = p->text.len;
	go_back(ui);
}

void prompt_found(struct ui *ui)
{
	ui->prompt.found = ui->search.len;
}

/* Only more was typed: no row before the one that was found has that either. */
static bool goes_on(const struct ui *ui)
{
	const struct prompt *p = &ui->prompt;

	return p->found && p->found == ui->search.len &&
	       !strncmp(buf_str(&p->text), buf_str(&ui->search), p->found);
}

static void try_search(struct ui *ui)
{
	struct prompt *p = &ui->prompt;
	bool on = goes_on(ui);

	p->error[0] = '\0';
	p->found = 0;
	ui->seek.on = false;
	set_text(&ui->search, buf_str(&p->text));
	if (!on)
		go_back(ui);
	if (!ui->search.len)
		return;
	if (ui->focus != PANE_CHANGES)
		search_go(ui, 1, true);
	else if (!search_change(ui, ui->changes.cursor, 1))
		prompt_not_found(ui);
}

static void changed(struct ui *ui)
{
	switch (ui->prompt.kind) {
	case PROMPT_FILTER:
		try_filter(ui, buf_str(&ui->prompt.text));
		break;
	case PROMPT_SEARCH:
		try_search(ui);
		break;
	default:
		ui->prompt.error[0] = '\0';
	}
}

static void cancel(struct ui *ui)
{
	struct prompt *p = &ui->prompt;

	if (p->kind == PROMPT_FILTER) {
		try_filter(ui, p->before);
	} else if (p->kind == PROMPT_NUMBER) {
		dialog_leave(ui);
	} else if (p->kind == PROMPT_SEARCH) {
		set_text(&p->text, "");
		try_search(ui);
		rows_update(ui);	/* the order was held meanwhile */
		set_text(&ui->search, p->before);
	}
	prompt_close(ui);
}

static unsigned take_text(struct ui *ui)
{
	struct prompt *p = &ui->prompt;

	if (p->kind == PROMPT_FILE)
		return save_named(ui, buf_str(&p->text));
	if (p->kind == PROMPT_NUMBER)
		return kill_number(ui, buf_str(&p->text));
	/* a wrong filter must be put right or given up */
	if (p->kind == PROMPT_FILTER && p->error[0])
		return UI_DRAW;
	if (p->kind == PROMPT_SEARCH && p->error[0])
		ui_say(ui, true, "not found: %s", buf_str(&p->text));
	prompt_close(ui);
	return UI_DRAW;
}

static size_t before(const struct prompt *p)
{
	size_t at = p->at;

	while (at > 0 && (p->text.data[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t after(const struct prompt *p)
{
	size_t at = p->at;

	if (at < p->text.len)
		at++;
	while (at < p->text.len && (p->text.data[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* Removes the bytes from … to; the cursor stands where they were. */
static void cut(struct ui *ui, size_t from, size_t to)
{
	struct prompt *p = &ui->prompt;

	if (from == to)
		return;
	memmove(p->text.data + from, p->text.data + to, p->text.len - to + 1);
	p->text.len -= to - from;
	p->at = from;
	changed(ui);
}

static size_t encode(char *dst, int key)
{
	if (key < 0x80) {
		dst[0] = key;
		return 1;
	}
	if (key < 0x800) {
		dst[0] = 0xc0 | key >> 6;
		dst[1] = 0x80 | (key & 0x3f);
		return 2;
	}
	if (key < 0x10000) {
		dst[0] = 0xe0 | key >> 12;
		dst[1] = 0x80 | (key >> 6 & 0x3f);
		dst[2] = 0x80 | (key & 0x3f);
		return 3;
	}
	dst[0] = 0xf0 | key >> 18;
	dst[1] = 0x80 | (key >> 12 & 0x3f);
	dst[2] = 0x80 | (key >> 6 & 0x3f);
	dst[3] = 0x80 | (key & 0x3f);
	return 4;
}

/* Pasted bytes are text from outside: what safe_text() would change does not
 * get in. */
static void insert(struct ui *ui, int key)
{
	struct prompt *p = &ui->prompt;
	char bytes[4];
	size_t n = encode(bytes, key), tail = p->text.len - p->at;
	struct safe safe = safe_text(bytes, n, 0);
	bool good = strlen(safe_str(safe)) == n;

	safe_free(&safe);
	if (!good || p->text.len + n > PROMPT_LIMIT)
		return;
	buf_reserve(&p->text, n);
	memmove(p->text.data + p->at + n, p->text.data + p->at, tail);
	memcpy(p->text.data + p->at, bytes, n);
	p->text.len += n;
	p->text.data[p->text.len] = '\0';
	p->at += n;
	/* a paste is looked at once it is whole */
	if (!ui->pasting)
		changed(ui);
}

void prompt_pasted(struct ui *ui)
{
	changed(ui);
}

static size_t word_start(const struct prompt *p)
{
	size_t at = p->at;

	while (at > 0 && p->text.data[at - 1] == ' ')
		at--;
	while (at > 0 && p->text.data[at - 1] != ' ')
		at--;
	return at;
}

unsigned prompt_key(struct ui *ui, int key)
{
	enum { CTRL_U = 0x15, CTRL_W = 0x17 };
	struct prompt *p = &ui->prompt;

	switch (key) {
	case UIKEY_F10:
	case UIKEY_CTRL_C:
		return UI_QUIT;
	case UIKEY_CTRL_L:
		return UI_DRAW | UI_REPAINT;
	case UIKEY_ENTER:
		return UI_DRAW | take_text(ui);
	case UIKEY_ESC:
		cancel(ui);
		break;
	case UIKEY_BACKSPACE:
		/* out of an empty line, as in less(1) */
		if (!p->text.len && p->kind == PROMPT_SEARCH)
			cancel(ui);
		else
			cut(ui, before(p), p->at);
		break;
	case UIKEY_DELETE:
		cut(ui, p->at, after(p));
		break;
	case CTRL_U:
		cut(ui, 0, p->at);
		break;
	case CTRL_W:
		cut(ui, word_start(p), p->at);
		break;
	case UIKEY_LEFT:
		p->at = before(p);
		break;
	case UIKEY_RIGHT:
		p->at = after(p);
		break;
	case UIKEY_HOME:
		p->at = 0;
		break;
	case UIKEY_END:
		p->at = p->text.len;
		break;
	default:
		if (key >= 0x20 && key < KEY_BASE_)
			insert(ui, key);
	}
	return UI_DRAW;
}

/* columns of the first n bytes */
static int columns_of(const char *s, size_t n)
{
	const char *p = s, *end = s + (n < strlen(s) ? n : strlen(s));
	int width = 0;

	while (p < end)
		width += utf8_char_width(utf8_next(p, end, &p));
	return width;
}

/* The message stands right of its caret, or left of it; where it has no room
 * at either side, above it. */
static void draw_error(struct canvas *c, int y, int caret, const char *message)
{
	int width = utf8_width(message), x = caret + 2;

	canvas_blank(c, 0, y, c->width, STYLE_NORMAL);
	if (caret >= c->width)
		caret = c->width - 1;
	canvas_glyph(c, caret, y, STYLE_WARN, GLYPH_CARET);
	if (x + width >= c->width)
		x = caret - 2 - width;
	if (x < 0) {
		x = width < c->width ? c->width - 1 - width : 0;
		canvas_blank(c, 0, --y, c->width, STYLE_NORMAL);
	}
	canvas_put(c, x, y, c->width - x, STYLE_WARN, message);
}

/* What is typed, its end in sight, and above it what is wrong with it. */
void prompt_draw(struct ui *ui, struct canvas *c, int y)
{
	struct prompt *p = &ui->prompt;
	const char *text = buf_str(&p->text), *end = text + p->text.len;
	const char *hint = prompts[p->kind].hint;
	int x, room, caret, cut_width = 0, hint_width = strlen(hint);

	canvas_blank(c, 0, y, c->width, STYLE_NORMAL);
	x = 1 + canvas_put(c, 1, y, -1, STYLE_PROMPT, prompts[p->kind].label);
	room = c->width - x - 2;
	/* a long text slides to the left */
	while (columns_of(text, buf_str(&p->text) + p->at - text) > room) {
		cut_width += utf8_char_width(utf8_next(text, end, &text));
		if (text >= end)
			break;
	}
	canvas_put(c, x, y, room + 1, STYLE_NORMAL, text);
	if (cut_width)
		canvas_glyph(c, x - 1, y, STYLE_WARN, GLYPH_MORE);
	c->cursor_x = x + columns_of(text, buf_str(&p->text) + p->at - text);
	c->cursor_y = y;
	if (x + columns_of(text, end - text) + hint_width + 4 < c->width)
		canvas_put(c, c->width - hint_width - 1, y, -1, STYLE_DIM,
			   hint);
	if (!p->error[0])
		return;
	caret = x + columns_of(buf_str(&p->text), p->error_at) - cut_width;
	if (caret < x)
		caret = x;
	draw_error(c, y - 1, caret, p->error);
}
