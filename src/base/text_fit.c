#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* s is cut into runs of bytes, each with the columns it takes */
struct run {
	const char *s;
	size_t len;
	int width;
};

/* The longest beginning of s that fits into `room` columns, marks included. */
static struct run head(const char *s, const char *end, int room)
{
	struct run r = { .s = s };
	const char *p = s, *next;

	while (p < end) {
		int width = utf8_char_width(utf8_next(p, end, &next));

		if (r.width + width > room)
			break;
		r.width += width;
		p = next;
	}
	r.len = p - s;
	return r;
}

/* The longest end of s, `width` columns in all, that fits into `room`. */
static struct run tail(const char *s, const char *end, int width, int room)
{
	const char *next;

	while (s < end) {
		int w = utf8_char_width(utf8_next(s, end, &next));

		/* marks go with the character they stand on */
		if (width <= room && w)
			break;
		width -= w;
		s = next;
	}
	return (struct run){ .s = s, .len = end - s, .width = width };
}

static void put_dots(struct buf *out, bool ascii)
{
	buf_puts(out, ascii ? "~" : "…");
}

/* Pads s; false when it is too wide for that. */
static bool fits(struct buf *out, const char *s, size_t len, int columns,
		 int width, enum text_align align)
{
	if (columns > width)
		return false;
	if (align == ALIGN_RIGHT)
		buf_fill(out, ' ', width - columns);
	buf_add(out, s, len);
	if (align == ALIGN_LEFT)
		buf_fill(out, ' ', width - columns);
	return true;
}

void text_fit(struct buf *out, const char *s, int width,
	      enum text_align align, int ascii)
{
	size_t len = strlen(s);
	struct run left;
	int gap;

	if (width <= 0 ||
	    fits(out, s, len, utf8_width(s), width, align))
		return;
	left = head(s, s + len, width - 1);
	/* a wide character that did not fit leaves a column */
	gap = width - 1 - left.width;
	if (align == ALIGN_RIGHT)
		buf_fill(out, ' ', gap);
	buf_add(out, left.s, left.len);
	put_dots(out, ascii);
	if (align == ALIGN_LEFT)
		buf_fill(out, ' ', gap);
}

void text_fit_middle(struct buf *out, const char *s, int width, int ascii)
{
	size_t len = strlen(s);
	int columns = utf8_width(s);
	struct run left, right;

	if (width <= 0 || fits(out, s, len, columns, width, ALIGN_LEFT))
		return;
	/* the end of an address tells more than its beginning: the port */
	right = tail(s, s + len, columns, width / 2);
	left = head(s, s + len, width - 1 - right.width);
	buf_add(out, left.s, left.len);
	put_dots(out, ascii);
	buf_add(out, right.s, right.len);
	buf_fill(out, ' ', width - 1 - left.width - right.width);
}

size_t text_chunk(const char *s, int width)
{
	const char *p = s, *end = s + strlen(s), *next, *blank = NULL;
	int used = 0;

	while (p < end) {
		used += utf8_char_width(utf8_next(p, end, &next));
		if (used > width && p > s)
			return blank ? (size_t)(blank - s) : (size_t)(p - s);
		if (*p == ' ')
			blank = p;
		p = next;
	}
	return end - s;
}
