/* term_copy.c - text to the clipboard of whoever looks at the terminal */
#include "ui/term.h"

#include <string.h>

#include "base/buf.h"
#include "ui/term_curses.h"

static void add_base64(struct buf *out, const char *text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *s = (const uint8_t *)text;
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)s[i] << 16;

		v |= i + 1 < n ? (uint32_t)s[i + 1] << 8 : 0;
		v |= i + 2 < n ? s[i + 2] : 0;
		buf_char(out, digit[v >> 18]);
		buf_char(out, digit[v >> 12 & 63]);
		buf_char(out, i + 1 < n ? digit[v >> 6 & 63] : '=');
		buf_char(out, i + 2 < n ? digit[v & 63] : '=');
	}
}

bool term_copy(const char *text)
{
	struct buf b = { 0 };

	/* One that never heard of OSC would print it.  Few entries of terminfo
	 * have Ms; who has xterm's mouse swallows at least what it does not
	 * know. */
	if (!term.screen || term.cooked ||
	    !(term_has("Ms") || term_has("kmous")))
		return false;
	buf_puts(&b, "\033]52;c;");
	add_base64(&b, text);
	buf_puts(&b, "\a");
	fputs(buf_str(&b), term.out);
	fflush(term.out);
	buf_free(&b);
	return true;
}
