/* findings.c - the page of findings, and the way to their sockets */
#include "ui/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/page.h"
#include "view/filter.h"
#include "view/format.h"

enum {
	LABEL		= 13,	/* columns of "     evidence" */
	TEXT_MAX	= 110,	/* longer lines are hard to read */
	KIND		= 35,	/* columns of the kinds' titles */
};

static const struct finding *at_cursor(const struct ui *ui)
{
	return findings_get(ui->findings, (size_t)ui->finding_page.cursor);
}

static long count(const struct ui *ui)
{
	long n = 0;

	while (findings_get(ui->findings, (size_t)n))
		n++;
	return n;
}

/* The cursor stays with its finding, wherever that is now. */
static void follow(struct ui *ui)
{
	struct finding_page *p = &ui->finding_page;
	const struct finding *one;
	long n = count(ui);

	for (long i = 0; p->anchored && (one = findings_get(ui->findings,
						      (size_t)i)); i++)
		if (one->id == p->id)
			p->cursor = i;
	if (!p->anchored)
		p->cursor = 0;
	else if (p->cursor >= n)
		p->cursor = n ? n - 1 : 0;
	one = at_cursor(ui);
	p->id = one ? one->id : 0;
}

static void select_one(struct ui *ui, long i)
{
	struct finding_page *p = &ui->finding_page;
	long n = count(ui);

	p->cursor = i >= n ? n - 1 : i;
	if (p->cursor < 0)
		p->cursor = 0;
	p->id = at_cursor(ui) ? at_cursor(ui)->id : 0;
	p->moved = p->anchored = true;
}

void findings_page_open(struct ui *ui)
{
	ui->focus = PANE_LIST;
	ui->diagram.open = false;
	ui->finding_page.open = true;
	ui->finding_page.scroll.top = 0;
	select_one(ui, 0);
	ui->finding_page.anchored = false;
}

/* Line by line among the findings; what does not fit is paged through. */
void findings_page_move(struct ui *ui, enum move m)
{
	struct finding_page *p = &ui->finding_page;
	long n = count(ui);

	follow(ui);
	switch (m) {
	case MOVE_UP:
	case MOVE_DOWN:
		if (n > 1) {
			select_one(ui, p->cursor + (m == MOVE_UP ? -1 : 1));
			return;
		}
		break;
	case MOVE_HOME:
		select_one(ui, 0);
		p->anchored = false;
		break;
	case MOVE_END:
		select_one(ui, n - 1);
		break;
	default:
		break;
	}
	p->moved = false;
	scroll_move(&p->scroll, m);
}

/* ---- to the sockets, and back ---- */

void findings_page_enter(struct ui *ui)
{
	struct finding_page *p = &ui->finding_page;
	const struct finding *one;
	struct filter_error err;
	struct filter *filter;

	follow(ui);
	one = at_cursor(ui);
	if (!one || !one->filter[0]) {
		ui_say(ui, true, one ? "this one is not about single sockets" :
				       "there is no finding");
		return;
	}
	filter = filter_parse(one->filter, &err);
	if (!filter) {
		ui_say(ui, true, "%s", err.message);
		return;
	}
	/* it is of all sockets, whatever level one came from */
	while (level_out(ui))
		;
	p->filter = ui->view.filter;
	p->filter_text = mem_strdup(buf_str(&ui->filter_text));
	p->states = ui->view.states;
	p->listeners = ui->view.listeners_only;
	snprintf(p->subject, sizeof(p->subject), "%s", one->subject);
	ui->view.filter = filter;
	ui->view.states = STATES_ALL;
	ui->view.listeners_only = false;
	buf_reset(&ui->filter_text);
	buf_puts(&ui->filter_text, one->filter);
	p->inside = true;
	p->open = false;
	level_release(ui);
}

bool findings_page_back(struct ui *ui)
{
	struct finding_page *p = &ui->finding_page;

	if (!p->inside)
		return false;
	filter_free(ui->view.filter);
	ui->view.filter = p->filter;
	ui->view.states = p->states;
	ui->view.listeners_only = p->listeners;
	buf_reset(&ui->filter_text);
	buf_puts(&ui->filter_text, p->filter_text);
	free(p->filter_text);
	p->filter_text = NULL;
	p->filter = NULL;
	p->inside = false;
	p->open = true;
	level_release(ui);
	return true;
}

void findings_page_free(struct ui *ui)
{
	struct finding_page *p = &ui->finding_page;

	if (p->inside)
		filter_free(p->filter);
	free(p->filter_text);
}

unsigned findings_page_click(struct ui *ui, long i)
{
	const struct finding *one = findings_get(ui->findings, (size_t)i);

	ui->focus = PANE_LIST;
	if (one && one->id == ui->finding_page.id)
		findings_page_enter(ui);
	else
		select_one(ui, i);
	return UI_DRAW;
}

void findings_page_crumb(const struct ui *ui, struct buf *out)
{
	buf_printf(out, "findings %s %s", glyph(GLYPH_CRUMB, ui->ascii),
		   ui->finding_page.subject);
}

/* ---- the page ---- */

static enum style style_of(enum severity s)
{
	return s == SEVERITY_ALERT ? STYLE_ALERT :
	       s == SEVERITY_WARN ? STYLE_WARN : STYLE_BOLD;
}

/* "  evidence  101 are waiting"; the label of further lines is blank. */
static void add_text(struct page *p, const char *label, const char *text)
{
	char name[LABEL + 8];

	snprintf(name, sizeof(name), "%*s", LABEL - 2, label);
	page_pair(p, STYLE_DIM, name, STYLE_NORMAL, text, LABEL);
}

static void add_threshold(struct page *p, const struct finding *one)
{
	struct buf b = { 0 };

	finding_threshold(&b, one->kind);
	add_text(p, "told at", buf_str(&b));
	buf_free(&b);
}

static void add_body(struct page *p, const struct finding *one)
{
	const struct finding_kind *k = &finding_kinds[one->kind];

	for (int i = 0; i < one->evidence_count; i++)
		add_text(p, i ? "" : "seen", one->evidence[i]);
	add_text(p, "why", k->why);
	add_text(p, "do", k->remedy);
	add_threshold(p, one);
	if (one->filter[0])
		add_text(p, "Enter", "shows its sockets");
}

static void add_title(struct ui *ui, struct page *p, long i,
		      const struct finding *one)
{
	bool here = i == ui->finding_page.cursor;
	int x = p->r.x, y = page_next(p), w = ui->width - 2 * x;
	struct buf b = { 0 };

	if (y < 0)
		return;
	canvas_put(p->c, x, y, -1, style_of(one->severity),
		   severity_name[one->severity]);
	text_fit(&b, one->title, w - 6, ALIGN_LEFT, ui->ascii);
	canvas_put(p->c, x + 6, y, -1, here ? STYLE_BOLD : STYLE_NORMAL,
		   buf_str(&b));
	if (here)
		canvas_select(p->c, 0, y, ui->width);
	ui_hit(ui, (struct rect){ 0, y, ui->width, 1 }, HIT_FINDING, i);
	buf_free(&b);
}

/* A title that was cut is told in full. */
static void add_whole_title(struct ui *ui, struct page *p,
			    const struct finding *one)
{
	if (utf8_width(one->title) > ui->width - 2 * p->r.x - 6)
		add_text(p, "", one->title);
}

/* Titles of all, and what is to be said of them: of all, or of the one under
 * the cursor. */
static void add_findings(struct ui *ui, struct page *p, bool all)
{
	struct finding_page *fp = &ui->finding_page;
	const struct finding *one;

	for (long i = 0; (one = findings_get(ui->findings, (size_t)i)); i++) {
		bool here = i == fp->cursor;

		if (here)
			fp->line = p->line;
		add_title(ui, p, i, one);
		if (here || all) {
			add_whole_title(ui, p, one);
			add_body(p, one);
		}
		if (here)
			fp->end = p->line;
		if (here || all || !findings_get(ui->findings, (size_t)i + 1))
			page_line(p, STYLE_NORMAL, "");
	}
}

static bool kind_found(const struct ui *ui, int kind)
{
	const struct finding *one;

	for (size_t i = 0; (one = findings_get(ui->findings, i)); i++)
		if ((int)one->kind == kind)
			return true;
	return false;
}

/* What there are more of than can be told one by one. */
static void add_more(struct ui *ui, struct page *p)
{
	const struct findings_scope *s = findings_scope(ui->findings);
	char line[160];

	for (int k = 0; k < FINDING_COUNT; k++) {
		if (!s->more[k])
			continue;
		snprintf(line, sizeof(line), "and %u more: %s", s->more[k],
			 finding_kinds[k].title);
		page_line(p, STYLE_BOLD, line);
	}
	if (s->unwatched) {
		snprintf(line, sizeof(line), "%llu sockets were too many to "
			 "follow one by one",
			 (unsigned long long)s->unwatched);
		page_line(p, STYLE_WARN, line);
	}
}

/* All that is looked for, and from what on it is told. */
static void add_kinds(struct ui *ui, struct page *p)
{
	struct buf b = { 0 };

	page_line(p, STYLE_BOLD, count(ui) ? "Also looked for, and not found" :
					     "What is looked for");
	for (int k = 0; k < FINDING_COUNT; k++) {
		if (kind_found(ui, k))
			continue;
		buf_reset(&b);
		finding_threshold(&b, (enum finding_id)k);
		page_pair(p, STYLE_NORMAL, finding_kinds[k].title, STYLE_DIM,
			  buf_str(&b), KIND);
	}
	buf_free(&b);
}

static void add_none(struct ui *ui, struct page *p)
{
	const struct findings_scope *s = findings_scope(ui->findings);

	if (s->scans > 1)
		page_line(p, STYLE_BOLD, "No findings.");
	else
		page_line(p, STYLE_BOLD, "Not known yet: what is told was "
			  "seen at least twice.");
	page_line(p, STYLE_NORMAL, "");
}

static void add_all(struct ui *ui, struct page *p, bool whole)
{
	if (count(ui))
		add_findings(ui, p, whole);
	else
		add_none(ui, p);
	add_more(ui, p);
	add_kinds(ui, p);
}

/* Is there room to say all of all? */
static bool fits(struct ui *ui, struct canvas *c, struct rect r)
{
	struct scroll none = { .text = true };
	struct finding_page keep = ui->finding_page;
	size_t hits = ui->hit_count;
	struct rect unseen = { r.x, r.y, r.w, 0 };
	struct page p;

	page_begin(&p, c, unseen, &none);
	add_findings(ui, &p, true);
	ui->finding_page = keep;
	ui->hit_count = hits;
	return p.line <= r.h;
}

/* The cursor's finding is seen whole, or from its title on. */
static void bring_into_sight(struct ui *ui, int height)
{
	struct finding_page *p = &ui->finding_page;
	struct scroll *s = &p->scroll;

	if (!p->moved)
		return;
	if (p->end > s->top + height)
		s->top = p->end - height;
	if (p->line < s->top)
		s->top = p->line;
}

/* "2 findings · 3 notes" */
static void title_text(const struct ui *ui, struct buf *b)
{
	size_t raised = findings_raised(ui->findings);
	size_t notes = (size_t)count(ui) - raised;

	buf_puts(b, " findings");
	if (raised)
		buf_printf(b, " %s %zu", glyph(GLYPH_CRUMB, ui->ascii),
			   raised);
	if (notes)
		buf_printf(b, " %s %zu note%s",
			   glyph(raised ? GLYPH_DOT : GLYPH_CRUMB, ui->ascii),
			   notes, notes == 1 ? "" : "s");
	buf_char(b, ' ');
}

/* What it is of, and how far to trust it. */
static void scope_text(const struct ui *ui, bool brief, struct buf *b)
{
	const struct findings_scope *s = findings_scope(ui->findings);
	const char *dot = glyph(GLYPH_DOT, ui->ascii);

	buf_reset(b);
	if (s->at == TIME_UNKNOWN) {
		buf_puts(b, "not looked yet");
		return;
	}
	if (!brief) {
		format_count(b, s->sockets);
		buf_printf(b, " socket%s looked at %s ",
			   s->sockets == 1 ? "" : "s", dot);
	}
	buf_printf(b, "every %.0f s %s for ", s->every / 1e9 < 1 ? 1 :
		   s->every / 1e9, dot);
	format_duration(b, s->at - s->begun);
}

static void draw_rule(struct ui *ui, struct canvas *c, int y)
{
	struct buf b = { 0 };
	int x, w;

	canvas_fill(c, 0, y, c->width, STYLE_RULE, GLYPH_RULE);
	title_text(ui, &b);
	x = 2 + canvas_put(c, 2, y, c->width - 4, STYLE_BOLD, buf_str(&b));
	scope_text(ui, false, &b);
	if (utf8_width(buf_str(&b)) + x + 4 > c->width)
		scope_text(ui, true, &b);
	w = utf8_width(buf_str(&b));
	if (w + x + 4 <= c->width) {
		canvas_blank(c, c->width - w - 3, y, w + 2, STYLE_NORMAL);
		canvas_put(c, c->width - w - 2, y, w, STYLE_NORMAL,
			   buf_str(&b));
	}
	buf_free(&b);
}

int findings_page_spare(int rows)
{
	enum { ENOUGH = 40 };

	return rows > ENOUGH ? rows / 4 : 0;
}

void findings_page_draw(struct ui *ui, struct canvas *c, int rule,
			struct rect r)
{
	struct scroll *s = &ui->finding_page.scroll, still;
	struct rect inner = { r.x + 1, r.y, r.w - 2, r.h };
	size_t hits;
	struct page p;
	bool whole;

	follow(ui);
	if (inner.w > TEXT_MAX)
		inner.w = TEXT_MAX;
	whole = fits(ui, c, inner);
	/* where things are is known once they were laid out */
	hits = ui->hit_count;
	still = *s;
	page_begin(&p, c, (struct rect){ inner.x, inner.y, inner.w, 0 },
		   &still);
	add_all(ui, &p, whole);
	ui->hit_count = hits;
	bring_into_sight(ui, inner.h);
	ui_hit(ui, r, HIT_TEXT, -1);
	s->count = p.line;
	s->page = inner.h;
	s->text = true;
	scroll_clamp(s);
	page_begin(&p, c, inner, s);
	add_all(ui, &p, whole);
	page_end(&p);
	draw_rule(ui, c, rule);
}
