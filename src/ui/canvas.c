#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const struct cell blank = { .text = " " };

static void clear(struct canvas *c)
{
	size_t i, n = (size_t)c->width * c->height;

	for (i = 0; i < n; i++)
		c->cells[i] = blank;
	c->cursor_x = c->cursor_y = -1;
}

void canvas_resize(struct canvas *c, int width, int height)
{
	if (width < 0)
		width = 0;
	if (height < 0)
		height = 0;
	if (!c->cells || width != c->width || height != c->height) {
		free(c->cells);
		c->cells = mem_array(NULL, (size_t)width * height + 1,
				     sizeof(*c->cells));
		c->width = width;
		c->height = height;
	}
	clear(c);
}

void canvas_free(struct canvas *c)
{
	free(c->cells);
	*c = (struct canvas){ .cursor_x = -1, .cursor_y = -1 };
}

/* NULL outside */
static struct cell *cell_at(const struct canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->width || y >= c->height)
		return NULL;
	return &c->cells[(size_t)y * c->width + x];
}

/* What is left of a wide character when one half is overwritten. */
static void mend(struct canvas *c, int x, int y)
{
	struct cell *cell = cell_at(c, x, y), *left, *right;

	if (!cell)
		return;
	left = cell_at(c, x - 1, y);
	right = cell_at(c, x + 1, y);
	if (!cell->text[0] && left)
		strcpy(left->text, " ");
	if (cell->text[0] && right && !right->text[0])
		strcpy(right->text, " ");
}

static void set(struct canvas *c, int x, int y, enum style style,
		const char *s, size_t n, int width)
{
	struct cell *cell = cell_at(c, x, y);

	if (!cell)
		return;
	mend(c, x, y);
	if (width == 2)
		mend(c, x + 1, y);
	/* a wide one that would stick out on either side */
	if (width == 2 && x + 1 >= c->width) {
		s = " ";
		n = width = 1;
	}
	memcpy(cell->text, s, n);
	cell->text[n] = '\0';
	cell->style = style;
	/* what is drawn over the cursor bar hides it */
	cell->selected = false;
	if (width == 2) {
		cell[1].text[0] = '\0';
		cell[1].style = style;
		cell[1].selected = false;
	}
}

/* A combining mark joins the character before it, as long as there is room. */
static void combine(struct canvas *c, int x, int y, const char *s, size_t n)
{
	struct cell *cell = cell_at(c, x, y);
	size_t len;

	if (cell && !cell->text[0])
		cell = cell_at(c, x - 1, y);
	if (!cell)
		return;
	len = strlen(cell->text);
	if (len + n < CELL_TEXT_MAX) {
		memcpy(cell->text + len, s, n);
		cell->text[len + n] = '\0';
	}
}

int canvas_put(struct canvas *c, int x, int y, int max, enum style style,
	       const char *s)
{
	const char *end = s + strlen(s), *next;
	int used = 0, width;
	int32_t cp;

	if (max < 0 || max > c->width - x)
		max = c->width - x;
	for (; s < end; s = next) {
		cp = utf8_next(s, end, &next);
		if (cp < 0x20 || cp == 0x7f || (c->ascii && cp > 0x7e)) {
			width = cp > 0x7e ? utf8_char_width(cp) : 1;
			if (width > 0 && used + width <= max) {
				set(c, x + used, y, style, "?", 1, 1);
				if (width == 2)
					set(c, x + used + 1, y, style, " ",
					    1, 1);
			}
		} else {
			width = utf8_char_width(cp);
			if (width == 0) {
				if (used > 0)
					combine(c, x + used - 1, y, s,
						next - s);
				continue;
			}
			if (used + width <= max)
				set(c, x + used, y, style, s, next - s, width);
		}
		if (used + width > max)
			break;
		used += width;
	}
	return used;
}

int canvas_glyph(struct canvas *c, int x, int y, enum style style,
		 enum glyph g)
{
	const char *s = glyph(g, c->ascii);

	set(c, x, y, style, s, strlen(s), 1);
	return 1;
}

void canvas_fill(struct canvas *c, int x, int y, int n, enum style style,
		 enum glyph g)
{
	for (; n > 0 && x < c->width; n--, x++)
		canvas_glyph(c, x, y, style, g);
}

void canvas_blank(struct canvas *c, int x, int y, int n, enum style style)
{
	for (; n > 0 && x < c->width; n--, x++)
		set(c, x, y, style, " ", 1, 1);
}

void canvas_restyle(struct canvas *c, int x, int y, int n, enum style style)
{
	struct cell *cell;

	for (; n > 0; n--, x++) {
		cell = cell_at(c, x, y);
		if (cell)
			cell->style = style;
	}
}

void canvas_select(struct canvas *c, int x, int y, int n)
{
	struct cell *cell;

	for (; n > 0; n--, x++) {
		cell = cell_at(c, x, y);
		if (cell)
			cell->selected = true;
	}
}

void canvas_text(const struct canvas *c, struct buf *out)
{
	const struct cell *row;
	int x, y, last;

	for (y = 0; y < c->height; y++) {
		row = &c->cells[(size_t)y * c->width];
		for (last = c->width; last > 0; last--)
			if (strcmp(row[last - 1].text, " ") != 0)
				break;
		for (x = 0; x < last; x++)
			buf_puts(out, row[x].text);
		buf_char(out, '\n');
	}
}

void canvas_styles(const struct canvas *c, struct buf *out)
{
	const struct cell *row;
	int x, y;

	for (y = 0; y < c->height; y++) {
		row = &c->cells[(size_t)y * c->width];
		for (x = 0; x < c->width; x++)
			buf_char(out, row[x].selected ? '#' :
				 style_info[row[x].style].letter);
		buf_char(out, '\n');
	}
}
