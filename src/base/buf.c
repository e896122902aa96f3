#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAP = 64 };

/* cap counts the NUL; at least doubles, so that adding stays linear */
void buf_grow(struct buf *b, size_t n)
{
	size_t need, cap = b->cap ? b->cap : FIRST_CAP;

	if (__builtin_add_overflow(b->len, n, &need) ||
	    __builtin_add_overflow(need, 1, &need))
		mem_exhausted();
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	b->data = mem_array(b->data, cap, 1);
	b->cap = cap;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	char *p = buf_reserve(b, n);

	if (n)
		memcpy(p, bytes, n);
	p[n] = '\0';
	b->len += n;
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_fill(struct buf *b, char c, size_t n)
{
	char *p = buf_reserve(b, n);

	memset(p, c, n);
	p[n] = '\0';
	b->len += n;
}

void buf_uint(struct buf *b, uint64_t v)
{
	unsigned n;
	char *p;

	if (v < 10) {
		buf_char(b, (char)('0' + v));
		return;
	}
	n = buf_uint_digits(v);
	p = buf_reserve(b, n) + n;
	b->len += n;
	*p = '\0';
	for (; v > UINT32_MAX; v /= 10)
		*--p = '0' + v % 10;
	/* dividing these takes a third of the time */
	for (uint32_t low = (uint32_t)v; p > b->data + b->len - n; low /= 10)
		*--p = '0' + low % 10;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	size_t room;
	int n;

	buf_reserve(b, 0);
	room = b->cap - b->len;
	va_start(ap, fmt);
	n = vsnprintf(b->data + b->len, room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n >= room) {
		buf_reserve(b, n);
		va_start(ap, fmt);
		n = vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	if (n < 0)	/* EILSEQ or ENOMEM: nothing was added */
		b->data[b->len] = '\0';
	else
		b->len += n;
}

void buf_drop(struct buf *b, size_t n)
{
	if (!n)
		return;
	b->len -= n;
	memmove(b->data, b->data + n, b->len + 1);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

const char *buf_str(const struct buf *b)
{
	return b->data ? b->data : "";
}
