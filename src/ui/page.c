#include "ui/page.h"

#include <string.h>

#include "base/text.h"

void page_begin(struct page *p, struct canvas *c, struct rect r,
		struct scroll *s)
{
	*p = (struct page){ .c = c, .r = r, .scroll = s };
	s->text = true;
	s->page = r.h;
	if (s->top < 0)
		s->top = 0;
}

static int row_of(const struct page *p)
{
	long y = p->line - p->scroll->top;

	return y >= 0 && y < p->r.h ? p->r.y + (int)y : -1;
}

/* Between the columns indent and end (exclusive). */
static void put(struct page *p, enum style style, const char *text,
		int indent, int end)
{
	char part[512];
	size_t n;
	int width = end - indent > 0 ? end - indent : 1;

	do {
		n = text_chunk(text, width);
		if (n >= sizeof(part))
			n = sizeof(part) - 1;
		memcpy(part, text, n);
		part[n] = '\0';
		if (row_of(p) >= 0)
			canvas_put(p->c, p->r.x + indent, row_of(p), width,
				   style, part);
		p->line++;
		text += n;
		while (*text == ' ')
			text++;
	} while (*text);
}

void page_line(struct page *p, enum style style, const char *text)
{
	put(p, style, text, 0, p->r.w);
}

void page_title(struct page *p, const char *text)
{
	int y = page_next(p), used;

	if (y < 0)
		return;
	used = canvas_put(p->c, p->r.x, y, p->r.w, STYLE_BOLD, text) + 1;
	if (used < p->r.w)
		canvas_fill(p->c, p->r.x + used, y, p->r.w - used, STYLE_RULE,
			    GLYPH_RULE);
}

int page_next(struct page *p)
{
	int y = row_of(p);

	p->line++;
	return y;
}

void page_pair(struct page *p, enum style style, const char *name,
	       enum style text_style, const char *text, int indent)
{
	/* a name too long for its column gets a line of its own */
	if (utf8_width(name) >= indent || p->r.w - indent < 12) {
		put(p, style, name, 0, p->r.w);
		indent = 2;
	} else if (row_of(p) >= 0) {
		canvas_put(p->c, p->r.x, row_of(p), indent, style, name);
	}
	put(p, text_style, text, indent, p->r.w);
}

void page_fact(struct page *p, const char *name, const char *text, int indent,
	       const char *more, int third, bool matters)
{
	int at = indent + utf8_width(text) + 2, y;

	if (at < third)
		at = third;
	if (at + utf8_width(more) > p->r.w) {
		page_pair(p, STYLE_KEY, name, STYLE_NORMAL, text, indent);
		if (matters)
			page_pair(p, STYLE_KEY, "", STYLE_DIM, more, indent);
		return;
	}
	y = page_next(p);
	if (y < 0)
		return;
	canvas_put(p->c, p->r.x, y, indent, STYLE_KEY, name);
	canvas_put(p->c, p->r.x + indent, y, p->r.w - indent, STYLE_NORMAL,
		   text);
	canvas_put(p->c, p->r.x + at, y, p->r.w - at, STYLE_DIM, more);
}

long page_end(struct page *p)
{
	p->scroll->count = p->line;
	scroll_clamp(p->scroll);
	return p->line;
}
