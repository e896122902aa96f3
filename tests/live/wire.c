/*
 * wire.c - is there anything in these bytes that is not tulpen's own?
 *
 *	wire text|screen <BYTES
 *
 * text: lines of printable UTF-8 and nothing else.  screen: besides, the
 * control sequences that ncurses writes for xterm and screen.  Prints where
 * the first other thing is; exit status 1.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

static bool is_mark(int32_t c)
{
	return utf8_char_width(c) == 0;
}

/* what may not come near a terminal, though it is a character */
static bool is_hostile(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	       c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xe0000 && c <= 0xe0fff);
}

/* Behind ESC: "[" parameters end, "(" set, or one of a few letters.  How many
 * bytes; 0 if it is none that ncurses writes here. */
static size_t sequence(const char *p, const char *end)
{
	const char *start = p;
	int number = 0;

	if (p < end && strchr("=>78M", *p) && *p)
		return 1;
	if (end - p >= 2 && (*p == '(' || *p == ')') && strchr("B0", p[1]))
		return 2;
	if (p == end || *p++ != '[')
		return 0;
	if (p < end && (*p == '?' || *p == '>'))
		p++;
	for (; p < end && ((*p >= '0' && *p <= '9') || *p == ';'); p++) {
		number = *p == ';' ? 0 : number * 10 + *p - '0';
		/* modes of the mouse are the largest real ones */
		if (number > 2004)
			return 0;
	}
	if (p == end || !*p || !strchr("ABCDGHJKLMPSTXZ@bdfghlmrtn", *p))
		return 0;
	return p + 1 - start;
}

static int complain(const struct buf *b, const char *at, const char *what)
{
	size_t here = at - b->data, from = here > 40 ? here - 40 : 0;
	size_t to = here + 40 < b->len ? here + 40 : b->len;
	struct safe shown = safe_text(b->data + from, to - from, 0);

	printf("%s at byte %zu: %s\n", what, here, safe_str(shown));
	safe_free(&shown);
	return 1;
}

static int check(const struct buf *b, bool screen)
{
	const char *p = b->data, *end = p + b->len, *next;
	int marks = 0;
	size_t n;

	for (; p < end; p = next) {
		int32_t c = utf8_next(p, end, &next);

		if (c == '\n')
			continue;
		/* SI is a part of sgr0 for screen */
		if (screen && (c == '\r' || c == '\b' || c == 0x0f))
			continue;
		if (screen && c == 0x1b) {
			n = sequence(next, end);
			if (!n)
				return complain(b, p, "a strange sequence");
			next += n;
			continue;
		}
		if (c < 0)
			return complain(b, p, "no UTF-8");
		if (is_hostile(c))
			return complain(b, p, "a hostile character");
		marks = is_mark(c) ? marks + 1 : 0;
		if (marks > 2)
			return complain(b, p, "too many marks");
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct buf b = { 0 };
	int bad = 1;
	ssize_t n;

	if (argc != 2 || !setlocale(LC_CTYPE, "C.UTF-8"))
		return 99;
	while ((n = read(STDIN_FILENO, buf_reserve(&b, 65536), 65536)) > 0)
		b.len += n;
	if (b.len)
		bad = check(&b, !strcmp(argv[1], "screen"));
	else
		puts("nothing at all");
	buf_free(&b);
	return bad;
}
