/* changes.c - what just happened, newest at the top */
#include "ui/state.h"

#include <inttypes.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/changeline.h"
#include "view/format.h"

enum part { PART_TIME, PART_WHAT, PART_ENDS, PART_OWNER, PART_DWELL, PARTS };

static void part_text(struct ui *ui, const struct change *ch, enum part p,
		      struct buf *out)
{
	buf_reset(out);
	switch (p) {
	case PART_TIME:
		changeline_time(out, ui->shown, ch, ui->ascii);
		break;
	case PART_WHAT:
		changeline_what(out, ch, ui->ascii);
		break;
	case PART_ENDS:
		changeline_ends(out, &ui->ctx, ch, ui->ascii);
		break;
	case PART_OWNER:
		changeline_owner(out, ui->shown, ch, ui->ascii);
		break;
	default:
		changeline_dwell(out, ch, ui->ascii);
	}
}

static enum style part_style(const struct change *ch, enum part p)
{
	if (p == PART_TIME || p == PART_DWELL)
		return STYLE_DIM;
	if (p != PART_WHAT)
		return STYLE_NORMAL;
	switch (ch->kind) {
	case CHANGE_OPENED:
		return STYLE_NEW;
	case CHANGE_CLOSED:
		return STYLE_GONE;
	default:
		return style_of_state(ch->to);
	}
}

/*
 * Each part as wide as its widest text in the window; what does not fit
 * leaves in this order: dwell, owner, time.  The ends get shorter before
 * that, down to two short IPv4 ones.
 */
static void fit_parts(struct ui *ui, struct rect r, int *width)
{
	static const enum part leaves[] = { PART_DWELL, PART_OWNER, PART_TIME };
	enum { ENDS_MIN = 36, GAP = 2 };
	const struct change *ch;
	int p, i, w, total = 1;

	for (p = 0; p < PARTS; p++) {
		width[p] = 0;
		for (i = 0; i < r.h; i++) {
			ch = changes_get(ui, ui->changes.top + i);
			if (!ch)
				break;
			part_text(ui, ch, p, &ui->text);
			w = utf8_width(buf_str(&ui->text));
			width[p] = w > width[p] ? w : width[p];
		}
		total += width[p] ? width[p] + GAP : 0;
	}
	for (i = 0; i < 3 && total > r.w; i++) {
		w = width[PART_ENDS] < ENDS_MIN ? width[PART_ENDS] : ENDS_MIN;
		if (total - (width[PART_ENDS] - w) <= r.w)
			break;
		p = leaves[i];
		total -= width[p] ? width[p] + GAP : 0;
		width[p] = 0;
	}
	if (total > r.w) {
		width[PART_ENDS] -= total - r.w;
		if (width[PART_ENDS] < 8)
			width[PART_ENDS] = 0;
	}
}

static void draw_change(struct ui *ui, struct canvas *c, struct rect r, int y,
			const struct change *ch, const int *width)
{
	struct buf b = { 0 };
	int p, x = 1;

	for (p = 0; p < PARTS; p++) {
		if (!width[p])
			continue;
		part_text(ui, ch, p, &ui->text);
		buf_reset(&b);
		if (p == PART_ENDS && utf8_width(buf_str(&ui->text)) > width[p])
			text_fit_middle(&b, buf_str(&ui->text), width[p],
					ui->ascii);
		else
			text_fit(&b, buf_str(&ui->text), width[p], ALIGN_LEFT,
				 ui->ascii);
		canvas_put(c, x, y, r.w - x, part_style(ch, p), buf_str(&b));
		if (p == PART_WHAT || p == PART_ENDS || p == PART_OWNER)
			search_mark(ui, c, x, y, width[p], buf_str(&b),
				    buf_str(&ui->text));
		x += width[p] + 2;
	}
	buf_free(&b);
}

void changes_text(struct ui *ui, const struct change *ch, struct buf *out)
{
	buf_reset(out);
	changeline_what(out, ch, true);
	buf_char(out, ' ');
	changeline_ends(out, &ui->ctx, ch, true);
	buf_char(out, ' ');
	changeline_owner(out, ui->shown, ch, true);
}

/* The cursor stays on its change while new ones come in above. */
static void settle(struct ui *ui, struct rect r)
{
	struct scroll *s = &ui->changes;
	uint64_t total = changes_total(ui);
	long i;

	s->count = changes_count(ui);
	s->page = r.h;
	if (ui->changes_anchored && ui->change_under < total) {
		i = total - 1 - ui->change_under;
		s->top += i - s->cursor;
		s->cursor = i;
	} else if (!ui->changes_anchored) {
		s->top = s->cursor = 0;
	}
	scroll_clamp(s);
}

void changes_moved(struct ui *ui)
{
	struct scroll *s = &ui->changes;

	ui->changes_anchored = s->top > 0 || s->cursor > 0;
	ui->change_under = changes_total(ui) - 1 - s->cursor;
}

void changes_draw(struct ui *ui, struct canvas *c, struct rect r)
{
	struct scroll *s = &ui->changes;
	const struct change *ch;
	int width[PARTS];
	int i;

	settle(ui, r);
	fit_parts(ui, r, width);
	ui_hit(ui, r, HIT_CHANGES, -1);
	if (!s->count)
		canvas_put(c, 1, r.y, r.w - 1, STYLE_DIM,
			   table_passes(ui->live->table) > 1 ?
			   "none so far" : "none yet: it takes two passes");
	for (i = 0; i < r.h; i++) {
		ch = changes_get(ui, s->top + i);
		if (!ch)
			break;
		draw_change(ui, c, r, r.y + i, ch, width);
		if (s->top + i == s->cursor && ui->focus == PANE_CHANGES)
			canvas_select(c, 0, r.y + i, r.w);
		ui_hit(ui, (struct rect){ 0, r.y + i, r.w, 1 }, HIT_CHANGES,
		       s->top + i);
	}
}

void changes_rate_text(const struct ui *ui, struct buf *out)
{
	if (facts_shown(ui)->change_rate >= 0) {
		format_rate(out, facts_shown(ui)->change_rate);
		buf_puts(out, " changes");
	} else {
		buf_puts(out, "no rate yet");
	}
}

/* Whether all that happened is here, and how sure its times are. */
static void events_text(const struct ui *ui, struct buf *b, bool brief)
{
	const struct status *s = &ui->shown->status;
	const char *dot = glyph(GLYPH_DOT, ui->ascii);

	buf_printf(b, " %s %s", dot, s->events_exact ? "exact" :
		   brief ? "destroy" : "states seen between passes");
	if (s->events_lost)
		buf_printf(b, " %s %" PRIu64 " LOST", dot, s->events_lost);
	else if (!brief)
		buf_printf(b, " %s none reported lost", dot);
}

static void rule_text(struct ui *ui, struct buf *b, bool brief)
{
	const char *dot = glyph(GLYPH_DOT, ui->ascii);

	buf_reset(b);
	if (ui->changes_anchored)
		buf_printf(b, "%ld of %zu %s ", ui->changes.cursor + 1,
			   changes_count(ui), dot);
	if (facts_shown(ui)->change_rate >= 0)
		format_rate(b, facts_shown(ui)->change_rate);
	else
		buf_puts(b, "no rate yet");
	if (ui->shown->status.events[0])
		events_text(ui, b, brief);
	else if (brief)
		buf_printf(b, " %s between passes", dot);
	else
		buf_printf(b, " %s seen between passes, shorter lives are "
			   "missed", dot);
}

void changes_rule_draw(struct ui *ui, struct canvas *c, int y)
{
	const char *title = view_restricted(&ui->view) || ui->view.filter ?
			    " recent changes of all sockets " :
			    " recent changes ";
	bool here = ui->focus == PANE_CHANGES;
	struct buf b = { 0 };
	int w;

	rule_text(ui, &b, false);
	if (utf8_width(buf_str(&b)) + (int)strlen(title) + 10 > c->width)
		rule_text(ui, &b, true);
	canvas_fill(c, 0, y, c->width, STYLE_RULE, GLYPH_RULE);
	canvas_put(c, 2, y, -1, here ? STYLE_BOLD : STYLE_NORMAL, title);
	w = utf8_width(buf_str(&b));
	if (w + (int)strlen(title) + 8 <= c->width) {
		canvas_put(c, c->width - w - 3, y, -1, STYLE_NORMAL, " ");
		canvas_put(c, c->width - w - 2, y, w, STYLE_NORMAL,
			   buf_str(&b));
		canvas_put(c, c->width - 2, y, 1, STYLE_NORMAL, " ");
	}
	buf_free(&b);
}

/* Among groups there is no row to go to. */
static void open_beside_groups(struct ui *ui, const struct change *ch)
{
	detail_open(ui, rows_lookup(ui, ch->serial, ch->slot), ch->slot);
	ui->focus = PANE_LIST;
}

void changes_enter(struct ui *ui)
{
	const struct change *ch = changes_get(ui, ui->changes.cursor);

	if (!ch)
		return;
	if (ui->detail.open)
		detail_close(ui);
	if (level_select(ui, ch->slot, ch->serial))
		ui->focus = PANE_LIST;
	else if (ui_level(ui)->group != GROUP_NONE &&
		 rows_lookup(ui, ch->serial, ch->slot))
		open_beside_groups(ui, ch);
	else if (rows_lookup(ui, ch->serial, ch->slot))
		ui_say(ui, true, "that socket is not shown here: filter, "
		       "states or level keep it out");
	else
		ui_say(ui, true, "that socket is closed");
}
