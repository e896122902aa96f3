/*
 * A text in "1.2.3.4:567", without printing that.
 *
 * The end has five fields, with '.', '.', '.' and ':' between them.  A text
 * with some of these signs fits where the same signs follow one another: its
 * first part has to be the end of a field, its last one the beginning of one,
 * and those between are whole fields.  Which numbers fit is found out once, for
 * all ways to fit: one is told by the field that it begins in.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/needle_ends.h"

enum { FIELDS = 5, PORT = 4, DIGITS_MAX = 5 };

static const char signs[] = "...:";

enum where { ANYWHERE, AT_END, AT_BEGINNING, WHOLE };

struct part {
	const char *text;
	size_t len;
	enum where where;
};

static bool has(unsigned number, const struct part *p)
{
	char text[DIGITS_MAX], *end = text + sizeof(text), *at = end;
	size_t len;

	do {
		*--at = (char)('0' + number % 10);
	} while (number /= 10);
	len = (size_t)(end - at);
	if (p->len > len || (p->where == WHOLE && p->len != len))
		return false;
	switch (p->where) {
	case AT_END:
		return !memcmp(end - p->len, p->text, p->len);
	case AT_BEGINNING:
	case WHOLE:
		return !memcmp(at, p->text, p->len);
	case ANYWHERE:
		break;
	}
	return memmem(at, len, p->text, p->len);
}

static void add_ports(struct needle_ends *e, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to && i <= UINT16_MAX; i++)
		e->port[i / 64] |= UINT64_C(1) << i % 64;
}

/* Those whose digits begin so. */
static void add_ports_from(struct needle_ends *e, const struct part *p)
{
	unsigned first = 0, last;

	if (p->len > DIGITS_MAX || (p->len > 1 && *p->text == '0'))
		return;
	for (size_t i = 0; i < p->len; i++)
		first = 10 * first + (unsigned)(p->text[i] - '0');
	add_ports(e, first, first);
	for (last = first; first && first <= UINT16_MAX; ) {
		first *= 10;
		last = 10 * last + 9;
		add_ports(e, first, last);
	}
}

static void add_part(struct needle_ends *e, uint8_t way, int field,
		     const struct part *p)
{
	if (field < PORT) {
		for (unsigned i = 0; i < 256; i++)
			if (!has(i, p))
				e->octet[field][i] &= (uint8_t)~way;
		return;
	}
	/* only one way is about the port */
	if (p->len && p->where == AT_BEGINNING) {
		add_ports_from(e, p);
		return;
	}
	/* a millisecond */
	for (unsigned i = 0; i <= UINT16_MAX; i++)
		if (has(i, p))
			add_ports(e, i, i);
}

/* With its first part in that field; n signs in the text. */
static void add_way(struct needle_ends *e, const char *text, int field, int n)
{
	uint8_t way = (uint8_t)(1 << field);

	for (int i = 0; i < PORT; i++)
		for (unsigned k = 0; k < 256; k++)
			e->octet[i][k] |= way;
	if (field + n < PORT)
		e->any_port |= way;
	for (int i = 0; i <= n; i++) {
		struct part p = { text, strcspn(text, ".:"), WHOLE };

		if (!n)
			p.where = ANYWHERE;
		else if (!i)
			p.where = AT_END;
		else if (i == n)
			p.where = AT_BEGINNING;
		add_part(e, way, field + i, &p);
		text += p.len + 1;
	}
}

struct needle_ends *needle_ends_new(const char *text)
{
	struct needle_ends *e;
	char own[FIELDS] = "";
	bool any = false;
	size_t n = 0;

	if (text[strspn(text, "0123456789.:")])
		return NULL;
	for (const char *p = text; *p; p++) {
		if (*p != '.' && *p != ':')
			continue;
		if (n == FIELDS - 1)
			return NULL;
		own[n++] = *p;
	}
	e = mem_zalloc(sizeof(*e));
	for (size_t field = 0; field + n < FIELDS; field++)
		if (!strncmp(signs + field, own, n)) {
			add_way(e, text, (int)field, (int)n);
			any = true;
		}
	if (any)
		return e;
	free(e);
	return NULL;
}
