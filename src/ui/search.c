/*
 * search.c - looking for a text in what the list shows, and in the changes
 *
 * Rows have to be printed to be searched, a microsecond each: in a long list
 * that goes on in steps.  The rows come piece by piece as the view has them; a
 * piece is put in order once something in it matches.  While the seek is on the
 * rows stay as they are.
 */
#include "ui/state.h"

#include <string.h>

#include "base/text.h"

static bool match(struct ui *ui, long row)
{
	const struct sock *s = view_sock(&ui->view, ui->shown, row);
	int i;

	buf_reset(&ui->text);
	if (view_grouped(&ui->view) != GROUP_NONE)
		groups_text(ui, row, &ui->text);
	else if (!s)
		return false;
	for (i = 0; s && i < ui->column_count; i++) {
		column_text(&ui->ctx, ui->columns[i], s, &ui->text);
		buf_char(&ui->text, ' ');
	}
	return strcasestr(buf_str(&ui->text), buf_str(&ui->search));
}

static void next_row(struct seek *h, long rows)
{
	h->at += h->step;
	if (h->at < 0)
		h->at = rows - 1;
	else if (h->at >= rows)
		h->at = 0;
	h->left--;
}

/* The first match of a piece is known when it is in order: from its beginning
 * again.  The rows between there and here are looked at twice. */
static bool put_in_order(struct ui *ui, struct seek *h)
{
	size_t from, to;
	long back;

	if (view_piece(&ui->view, h->at, &from, &to))
		return false;
	view_ready(&ui->view, &ui->ctx, h->at, h->at + 1);
	back = h->step > 0 ? h->at - (long)from : (long)to - 1 - h->at;
	h->at -= back * h->step;
	h->left += back;
	return true;
}

enum { ROWS_A_LOOK = 64 };	/* between two looks at the clock */

static void told(struct ui *ui, bool found)
{
	struct seek *h = &ui->seek;

	h->on = false;
	if (!h->typing)
		search_said(ui, found, h->here, ui_level(ui)->scroll.cursor,
			    h->step);
	else if (!found)
		prompt_not_found(ui);
}

static void begin(struct ui *ui)
{
	struct seek *h = &ui->seek;

	h->begun = true;
	h->here = ui_level(ui)->scroll.cursor;
	h->at = h->here;
	h->left = rows_count(ui);
	if (h->left && !h->typing) {
		next_row(h, h->left);
		h->left++;
	}
	view_ready(&ui->view, &ui->ctx, h->at, h->at + 1);
}

bool search_step(struct ui *ui, int64_t until)
{
	struct seek *h = &ui->seek;
	long rows = rows_count(ui);
	int looks = 0;

	if (!h->on)
		return false;
	if (!h->begun)
		begin(ui);
	while (h->left > 0) {
		if (!match(ui, h->at)) {
			next_row(h, rows);
		} else if (!put_in_order(ui, h)) {
			level_go(ui, h->at);
			told(ui, true);
			return false;
		}
		if (++looks % ROWS_A_LOOK == 0 &&
		    clock_mono(ui->live->clock) >= until)
			return true;
	}
	told(ui, false);
	return false;
}

void search_go(struct ui *ui, int step, bool typing)
{
	ui->seek = (struct seek){ .on = true, .typing = typing, .step = step };
	ui_work(ui, AT_ONCE_NS);
}

double search_progress(const struct ui *ui)
{
	return 1 - (double)ui->seek.left / (rows_count(ui) + 1);
}

void search_said(struct ui *ui, bool found, long here, long now, int step)
{
	if (!found)
		ui_say(ui, true, "not found: %s", buf_str(&ui->search));
	else if ((now - here) * step <= 0)
		ui_say(ui, false, now == here ? "the only one" :
						"wrapped round");
}

bool search_change(struct ui *ui, long from, int step)
{
	long n = changes_count(ui), i, at;

	if (!ui->search.len)
		return false;
	for (i = 0; i < n; i++) {
		at = ((from + i * step) % n + n) % n;
		changes_text(ui, changes_get(ui, at), &ui->text);
		if (!strcasestr(buf_str(&ui->text), buf_str(&ui->search)))
			continue;
		ui->changes.count = n;
		ui->changes.cursor = at;
		scroll_clamp(&ui->changes);
		changes_moved(ui);
		return true;
	}
	return false;
}

/* columns of the first n bytes */
static int width_of(const char *s, size_t n)
{
	const char *p = s, *end = s + n;
	int width = 0;

	while (p < end)
		width += utf8_char_width(utf8_next(p, end, &p));
	return width;
}

void search_mark(struct ui *ui, struct canvas *c, int x, int y, int w,
		 const char *drawn, const char *whole)
{
	const char *needle = buf_str(&ui->search), *p = drawn;
	bool any = false;

	if (!*needle)
		return;
	while ((p = strcasestr(p, needle))) {
		canvas_restyle(c, x + width_of(drawn, p - drawn), y,
			       width_of(p, ui->search.len), STYLE_MATCH);
		p += ui->search.len;
		any = true;
	}
	/* it matched in what did not fit */
	if (!any && strcasestr(whole, needle))
		canvas_restyle(c, x, y, w, STYLE_MATCH);
}
