/*
 * text.h - text from outside, made safe for a terminal once, on entry
 *
 * Process names, host names and recordings hold whatever bytes somebody
 * chose.  safe_text() turns them into a struct safe: valid UTF-8 in which
 * C0, DEL, C1 (raw bytes and as UTF-8), bidirectional controls, zero-width
 * and other invisible format characters, line and paragraph separators and
 * invalid bytes are replaced by a visible escape: \x1b for a byte, \u202e
 * for a character (\U000e0001 beyond 16 bits).  A character keeps at most two
 * combining marks, further ones are escaped, so that none scribbles over the
 * lines around it.  The backslash itself stays as it is: the result is to be
 * read by a person, not parsed.  Only a struct safe is ever printed.
 *
 * Widths are terminal columns as the C library's wcwidth(3) sees them; a
 * character it does not know counts one.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct safe {
	char *s;		/* NUL terminated UTF-8; NULL reads as "" */
};

/* Bytes a character of a struct safe and its marks have at most. */
enum { TEXT_CLUSTER_MAX = 11 };

/* n bytes of anything; the caller ends it with safe_free(). At most limit
 * input bytes are taken (0: all), the cut is shown as "...". */
struct safe safe_text(const void *bytes, size_t n, size_t limit);
void safe_free(struct safe *t);

static inline const char *safe_str(struct safe t)
{
	return t.s ? t.s : "";
}

/*
 * The next character of valid or invalid UTF-8 between p and end: returns
 * its code point and sets *next; for an invalid byte returns -1 and steps
 * over that one byte.  p < end is the caller's promise.
 */
int32_t utf8_next(const char *p, const char *end, const char **next);
/* How many bytes from p on are printable ASCII: one column each, and nothing
 * to decide. */
size_t utf8_plain(const char *p, const char *end);
/* Columns of one code point: 0, 1 or 2. */
int utf8_char_width(int32_t cp);
/* Columns of a whole string. */
int utf8_width(const char *s);
/*
 * Appends s fitted to exactly width columns: padded left or right, or cut at
 * the end with "…" ('~' if ascii).  No half wide character is ever left.
 */
enum text_align { ALIGN_LEFT, ALIGN_RIGHT };
void text_fit(struct buf *out, const char *s, int width,
	      enum text_align align, int ascii);
/* The same, but cut in the middle: "2001:db8::…:443". */
void text_fit_middle(struct buf *out, const char *s, int width, int ascii);

/* How many bytes of s fit into width columns, cut at a blank if there is one;
 * at least one character, so that the end is reached. */
size_t text_chunk(const char *s, int width);

#endif
