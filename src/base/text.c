#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"

/*
 * Characters that show nothing, or reorder what others show, however they are
 * meant: two names that look the same must be the same.  Sorted.
 */
static const struct { int32_t first, last; } invisible[] = {
	{ 0x0000, 0x001f },	/* C0 */
	{ 0x007f, 0x009f },	/* DEL, C1 */
	{ 0x00ad, 0x00ad },	/* soft hyphen */
	{ 0x034f, 0x034f },	/* combining grapheme joiner */
	{ 0x0600, 0x0605 },	/* Arabic signs that stand before numbers */
	{ 0x061c, 0x061c },	/* Arabic letter mark */
	{ 0x06dd, 0x06dd },	/* … and round a number */
	{ 0x070f, 0x070f },	/* Syriac abbreviation */
	{ 0x0890, 0x0891 },	/* Arabic money */
	{ 0x08e2, 0x08e2 },	/* … */
	{ 0x115f, 0x1160 },	/* Hangul fillers */
	{ 0x17b4, 0x17b5 },	/* Khmer inherent vowels */
	{ 0x180b, 0x180f },	/* Mongolian selectors, vowel separator */
	{ 0x200b, 0x200f },	/* zero width, joiners, bidi marks */
	{ 0x2028, 0x202e },	/* line, paragraph, bidi embeddings */
	{ 0x2060, 0x206f },	/* word joiner, bidi isolates, deprecated */
	{ 0x3164, 0x3164 },	/* Hangul filler */
	{ 0xfdd0, 0xfdef },	/* noncharacters */
	{ 0xfe00, 0xfe0f },	/* variation selectors */
	{ 0xfeff, 0xfeff },	/* byte order mark */
	{ 0xffa0, 0xffa0 },	/* halfwidth Hangul filler */
	{ 0xfff0, 0xfffb },	/* interlinear annotation */
	{ 0x110bd, 0x110bd },	/* Kaithi number signs */
	{ 0x110cd, 0x110cd },
	{ 0x13430, 0x1343f },	/* hieroglyph joiners */
	{ 0x1bca0, 0x1bca3 },	/* shorthand format controls */
	{ 0x1d173, 0x1d17a },	/* musical format controls */
	{ 0xe0000, 0xe0fff },	/* tags, variation selectors */
};

static bool is_invisible(int32_t cp)
{
	size_t i, n = sizeof(invisible) / sizeof(*invisible);

	for (i = 0; i < n && cp > invisible[i].last; i++)
		;
	/* the last two of each plane are no characters */
	return (i < n && cp >= invisible[i].first) || (cp & 0xfffe) == 0xfffe;
}

/*
 * Does it stand on the character before it?  The blocks that are used to
 * scribble over other lines are known in every locale.
 */
static bool is_mark(int32_t cp)
{
	return (cp >= 0x0300 && cp <= 0x036f) ||
	       (cp >= 0x0483 && cp <= 0x0489) ||
	       (cp >= 0x1ab0 && cp <= 0x1aff) ||
	       (cp >= 0x1dc0 && cp <= 0x1dff) ||
	       (cp >= 0x20d0 && cp <= 0x20ff) ||
	       (cp >= 0xfe20 && cp <= 0xfe2f) ||
	       (cp >= 0x80 && wcwidth(cp) == 0);
}

static void escape(struct buf *out, const char *p, const char *end, int32_t cp)
{
	if (cp > 0xffff)
		buf_printf(out, "\\U%08x", (unsigned)cp);
	else if (cp >= 0x80)
		buf_printf(out, "\\u%04x", (unsigned)cp);
	else
		for (; p < end; p++)
			buf_printf(out, "\\x%02x", (unsigned char)*p);
}

enum { MARKS_MAX = 2 };

static void make_safe(struct buf *out, const char *p, const char *end)
{
	/* marks that the last character may still take; bytes it has */
	int room = 0;
	size_t bytes = 0;

	while (p < end) {
		const char *next;
		int32_t cp = utf8_next(p, end, &next);
		bool mark = cp >= 0 && is_mark(cp);

		bytes = mark ? bytes + (next - p) : (size_t)(next - p);
		if (cp < 0 || is_invisible(cp) ||
		    (mark && (!room || bytes > TEXT_CLUSTER_MAX))) {
			escape(out, p, next, cp);
			room = 0;
		} else {
			buf_add(out, p, next - p);
			room = mark ? room - 1 : MARKS_MAX;
		}
		p = next;
	}
}

/* Where to cut: n bytes in, or before the character that would be halved. */
static const char *cut_at(const char *s, size_t n, const char *end)
{
	const char *p = s + n, *next;

	for (size_t back = 1; back <= 3 && back <= n; back++)
		if (utf8_next(p - back, end, &next) >= 0 && next > p)
			return p - back;
	return p;
}

struct safe safe_text(const void *bytes, size_t n, size_t limit)
{
	const char *s = bytes, *end = s + n, *cut = end;
	struct buf out = { 0 };

	if (limit && n > limit)
		cut = cut_at(s, limit, end);
	buf_reserve(&out, cut - s);
	buf_add(&out, s, utf8_plain(s, cut));
	if (out.len < (size_t)(cut - s)) {
		/* a mark may follow the last plain character: begin with it */
		if (out.len)
			out.len--;
		make_safe(&out, s + out.len, cut);
	}
	if (cut < end)
		buf_puts(&out, "...");
	return (struct safe){ mem_array(out.data, out.len + 1, 1) };
}

void safe_free(struct safe *t)
{
	free(t->s);
	t->s = NULL;
}
