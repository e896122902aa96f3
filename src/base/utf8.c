#include <string.h>
#include <wchar.h>

#include "base/text.h"

/*
 * The first byte says how many follow and which bits of it count; overlong
 * forms, surrogates and what is beyond U+10FFFF are invalid (RFC 3629).
 */
int32_t utf8_next(const char *p, const char *end, const char **next)
{
	const unsigned char *s = (const unsigned char *)p;
	int32_t cp = s[0], least;
	int more;

	*next = p + 1;
	if (cp < 0x80)
		return cp;
	if (cp >= 0xc2 && cp <= 0xdf) {
		more = 1, least = 0x80, cp &= 0x1f;
	} else if (cp >= 0xe0 && cp <= 0xef) {
		more = 2, least = 0x800, cp &= 0x0f;
	} else if (cp >= 0xf0 && cp <= 0xf4) {
		more = 3, least = 0x10000, cp &= 0x07;
	} else {
		return -1;
	}
	if (end - p <= more)
		return -1;
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		cp = cp << 6 | (s[i] & 0x3f);
	}
	if (cp < least || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return -1;
	*next = p + 1 + more;
	return cp;
}

int utf8_char_width(int32_t cp)
{
	int width;

	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	if (cp <= 0)
		return cp ? 1 : 0;
	width = wcwidth(cp);
	/* it has no opinion: unassigned, or the C locale */
	return width < 0 ? 1 : width;
}

size_t utf8_plain(const char *p, const char *end)
{
	const char *s = p;

	while (s < end && *s >= 0x20 && *s < 0x7f)
		s++;
	return s - p;
}

int utf8_width(const char *s)
{
	const char *end = s + strlen(s);
	int width = utf8_plain(s, end);

	for (s += width; s < end;)
		width += utf8_char_width(utf8_next(s, end, &s));
	return width;
}
