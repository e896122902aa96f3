/*
 * search.c - looking for a text in what the list shows, and in the changes
 *
 * In a long list that goes on in steps.  The rows come piece by piece as the
 * view has them: one in order row by row; of one without order all rows are
 * looked at, and the first that matches is picked.  While the seek is on the
 * rows stay as they are.
 */
#include "ui/state.h"

#include <string.h>

#include "base/text.h"

static bool matches(void *arg, size_t row, const struct sock *s)
{
	struct ui *ui = arg;

	if (view_grouped(&ui->view) != GROUP_NONE) {
		buf_reset(&ui->text);
		groups_text(ui, (long)row, &ui->text);
		return strcasestr(buf_str(&ui->text), buf_str(&ui->search));
	}
	return s && needle_match(ui->seek.needle, &ui->ctx, s);
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

enum { LOOKS = 16 };		/* at some rows each, for one at the clock */

static void told(struct ui *ui, bool found)
{
	struct seek *h = &ui->seek;

	h->on = false;
	if (!h->typing)
		search_said(ui, found, h->here, ui_level(ui)->scroll.cursor,
			    h->step);
	else if (found)
		prompt_found(ui);
	else
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

static void found(struct ui *ui, long row)
{
	level_go(ui, row);
	told(ui, true);
}

/* The rows without order were all looked at.  True: it is over. */
static bool picked(struct ui *ui, struct seek *h, long rows)
{
	long row = pick_end(&h->pick, &ui->view, &ui->ctx);

	h->picking = false;
	if (row >= 0) {
		found(ui, row);
		return true;
	}
	h->left -= (long)(h->pick.to - h->pick.from);
	h->at = h->step > 0 ? (long)h->pick.to : (long)h->pick.from - 1;
	if (h->at < 0)
		h->at = rows - 1;
	else if (h->at >= rows)
		h->at = 0;
	return false;
}

/* True: it is over. */
static bool look_at_some(struct ui *ui, struct seek *h, long rows)
{
	/* a larger window may have had some of them put in order */
	if (h->picking && !pick_stands(&h->pick, &ui->view)) {
		pick_free(&h->pick);
		h->picking = false;
	}
	if (!h->picking)
		h->picking = pick_begin(&h->pick, &ui->view, &ui->ctx,
					(size_t)h->at, h->step < 0);
	if (h->picking)
		return !pick_step(&h->pick, &ui->view, &ui->ctx, matches, ui) &&
		       picked(ui, h, rows);
	if (matches(ui, (size_t)h->at,
		    view_sock(&ui->view, ui->shown, (size_t)h->at))) {
		found(ui, h->at);
		return true;
	}
	next_row(h, rows);
	return false;
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
	needle_fresh(h->needle, &ui->ctx);
	if (!needle_anywhere(h->needle) &&
	    view_grouped(&ui->view) == GROUP_NONE)
		h->left = 0;
	while (h->left > 0) {
		if (look_at_some(ui, h, rows))
			return false;
		if (++looks % LOOKS == 0 &&
		    clock_mono(ui->live->clock) >= until)
			return true;
	}
	told(ui, false);
	return false;
}

void search_free(struct ui *ui)
{
	pick_free(&ui->seek.pick);
	needle_free(ui->seek.needle);
}

void search_go(struct ui *ui, int step, bool typing)
{
	search_free(ui);
	ui->seek = (struct seek){
		.on = true, .typing = typing, .step = step,
		.needle = needle_new(buf_str(&ui->search), ui->columns,
				     ui->column_count, NEEDLE_ACROSS),
	};
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
