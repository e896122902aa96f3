/*
 * A text in "1.2.3.4:567", without printing that.
 *
 * The end has five fields, with '.', '.', '.' and ':' between them.  A text
 * with some of these signs fits where the same signs follow one another: its
 * first part has to be the end of a field, its last one the beginning of one,
 * and those between are whole fields.  Which numbers fit is found out once.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/needle.h"

enum { FIELDS = 5, PORT = 4, FITS_MAX = 5, DIGITS_MAX = 5 };

static const char signs[] = "...:";

struct fit {				/* one way to fit */
	bool any_port;
	bool octet[PORT][256];		/* of a field it is not about, all */
};

struct needle_ends {
	int count;
	struct fit fit[FITS_MAX];
	uint64_t port[1024];		/* a bit each; the same in each fit */
};

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

static void add_part(struct needle_ends *e, struct fit *f, int field,
		     const struct part *p)
{
	if (field < PORT) {
		for (unsigned i = 0; i < 256; i++)
			f->octet[field][i] = has(i, p);
		return;
	}
	for (unsigned i = 0; i <= UINT16_MAX; i++)
		if (has(i, p))
			e->port[i / 64] |= UINT64_C(1) << i % 64;
}

/* With its first part in that field; n signs in the text. */
static void add_fit(struct needle_ends *e, const char *text, int field, int n)
{
	struct fit *f = &e->fit[e->count++];

	f->any_port = field + n < PORT;
	memset(f->octet, true, sizeof(f->octet));
	for (int i = 0; i <= n; i++) {
		struct part p = { text, strcspn(text, ".:"), WHOLE };

		if (!n)
			p.where = ANYWHERE;
		else if (!i)
			p.where = AT_END;
		else if (i == n)
			p.where = AT_BEGINNING;
		add_part(e, f, field + i, &p);
		text += p.len + 1;
	}
}

struct needle_ends *needle_ends_new(const char *text)
{
	struct needle_ends *e;
	char own[FIELDS] = "";
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
		if (!strncmp(signs + field, own, n))
			add_fit(e, text, (int)field, (int)n);
	if (e->count)
		return e;
	free(e);
	return NULL;
}

/* All is asked, without a branch: of a million ends half fit in one field and
 * not in the next, and no processor guesses which. */
static bool fits(const struct needle_ends *e, const struct fit *f,
		 const uint8_t *addr, uint16_t port)
{
	unsigned port_fits = e->port[port / 64] >> port % 64 & 1;

	return (port_fits | f->any_port) & f->octet[0][addr[0]] &
	       f->octet[1][addr[1]] & f->octet[2][addr[2]] &
	       f->octet[3][addr[3]];
}

bool needle_ends_match(const struct needle_ends *e, const uint8_t *addr,
		       uint16_t port)
{
	for (int i = 0; i < e->count; i++)
		if (fits(e, &e->fit[i], addr, port))
			return true;
	return false;
}
