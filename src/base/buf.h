/*
 * buf.h - a growing byte string
 *
 * Zero-initialised is empty and valid.  The text is always followed by a
 * NUL once anything was added, so data can be used as a C string.  The owner
 * of the struct owns data and ends it with buf_free().
 *
 *	struct buf b = { 0 };
 *	buf_printf(&b, "%s:%u", host, port);
 *	write(fd, b.data, b.len);
 *	buf_free(&b);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data;
	size_t len, cap;
};

void buf_grow(struct buf *b, size_t n);	/* buf_reserve()'s, not inline */
/* Room for n more bytes and the NUL; returns where they go (not yet counted
 * in len). */
static inline char *buf_reserve(struct buf *b, size_t n)
{
	/* never underflows: len < cap unless both are 0 */
	if (n >= b->cap - b->len)
		buf_grow(b, n);
	return b->data + b->len;
}
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *s);
static inline void buf_char(struct buf *b, char c)
{
	char *p = buf_reserve(b, 1);

	p[0] = c;
	p[1] = '\0';
	b->len++;
}
void buf_fill(struct buf *b, char c, size_t n);
void buf_uint(struct buf *b, uint64_t v);
/* how many digits buf_uint() adds */
static inline unsigned buf_uint_digits(uint64_t v)
{
	unsigned n = 1;

	for (; v >= 1000; v /= 1000)
		n += 3;
	return n + (v >= 10) + (v >= 100);
}
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_drop(struct buf *b, size_t n);	/* the first n bytes */
void buf_reset(struct buf *b);		/* empty, keeps the memory */
void buf_free(struct buf *b);		/* empty, gives it back */
/* The text as a C string, "" when nothing was ever added. */
const char *buf_str(const struct buf *b);

#endif
