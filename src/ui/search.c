#include "ui/state.h"

#include <string.h>

#include "base/text.h"

bool search_match_row(struct ui *ui, size_t row)
{
	const struct sock *s = rows_get(ui, row);
	int i;

	if (!s)
		return false;
	buf_reset(&ui->text);
	for (i = 0; i < ui->column_count; i++) {
		column_text(&ui->ctx, ui->columns[i], s, &ui->text);
		buf_char(&ui->text, ' ');
	}
	return strcasestr(buf_str(&ui->text), buf_str(&ui->search));
}

bool search_go(struct ui *ui, long from, int step)
{
	long n = rows_count(ui), i, row;
	const struct sock *s;

	if (!ui->search.len)
		return false;
	for (i = 0; i < n; i++) {
		row = ((from + i * step) % n + n) % n;
		if (!search_match_row(ui, row))
			continue;
		s = rows_get(ui, row);
		return s && level_select(ui, s->serial);
	}
	return false;
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
