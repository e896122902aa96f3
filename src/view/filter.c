#include "view/filter.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

enum {
	FILTER_MAX = 4096,	/* bytes; nobody types more */
	PORT_MAX = 65535,
};

struct term {
	char *text;		/* in lower case; NULL: none is looked for */
	uint16_t port;		/* 0: any */
	uint8_t state;		/* STATE_NONE: any */
};

struct filter {
	struct term *terms;
	size_t count;
	bool has_text;
	struct buf *printed;	/* of the socket being looked at */
};

/* what words are looked for in */
static const uint8_t searched[] = {
	COL_STATE, COL_LOCAL, COL_REMOTE, COL_OWNER, COL_USER,
};

__attribute__((format(printf, 3, 4)))
static bool fail(struct filter_error *err, size_t offset, const char *fmt, ...)
{
	va_list ap;

	err->offset = offset;
	va_start(ap, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	return false;
}

/* all digits, of any length */
static bool is_number(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return len > 0;
}

static bool parse_number(struct term *t, const char *s, size_t len, size_t at,
			 struct filter_error *err)
{
	unsigned long port = 0;

	for (size_t i = 0; i < len && port <= PORT_MAX; i++)
		port = port * 10 + (unsigned)(s[i] - '0');
	if (port > PORT_MAX)
		return fail(err, at, "port numbers end at %d", PORT_MAX);
	if (!port)
		return fail(err, at, "port numbers begin at 1");
	t->port = (uint16_t)port;
	return true;
}

static bool parse_service(struct term *t, const char *s, size_t len, size_t at,
			  struct filter_error *err)
{
	int port = service_port(s, len);
	struct safe name;

	if (port > 0) {
		t->port = (uint16_t)port;
		return true;
	}
	name = safe_text(s, len, 24);
	fail(err, at, "no service is called \"%s\"", safe_str(name));
	safe_free(&name);
	return false;
}

/*
 * Words of ss(8)'s language: looked for as text they would match nothing, and
 * look as if there were no such socket.
 */
static bool check_language(const char *s, size_t len, size_t at,
			   struct filter_error *err)
{
	static const char *const words[] = {
		"and", "or", "not", "state", "exclude", "sport", "dport",
		"src", "dst",
	};

	if (strchr("!=<>()&|", s[0]))
		return fail(err, at, "'%c' is not understood yet", s[0]);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len && !strncasecmp(words[i], s, len))
			return fail(err, at, "\"%s\" is not understood yet",
				    words[i]);
	return true;
}

/*
 * A colon begins a port; two of them an IPv6 address: "::1", "::ffff:10.".
 */
static bool parse_word(struct term *t, const char *s, size_t len, size_t at,
		       struct filter_error *err)
{
	size_t star = len > 1 && s[0] == '*' && s[1] == ':';
	bool colon = star || (s[0] == ':' && !(len > 1 && s[1] == ':'));
	int state = state_parse(s, len);

	if (state >= 0) {
		t->state = (uint8_t)state;
		return true;
	}
	if (!check_language(s, len, at, err))
		return false;
	s += star + colon;
	len -= star + colon;
	at += star + colon;
	if (colon && !len)
		return fail(err, at, "a port or a service belongs behind ':'");
	if (is_number(s, len))
		return parse_number(t, s, len, at, err);
	if (colon)
		return parse_service(t, s, len, at, err);
	t->text = mem_strndup(s, len);
	for (char *p = t->text; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return true;
}

static bool parse(struct filter *f, const char *text, struct filter_error *err)
{
	static const char blank[] = " \t\n\v\f\r";
	const char *p = text;
	size_t n;

	if (strnlen(text, FILTER_MAX + 1) > FILTER_MAX)
		return fail(err, FILTER_MAX, "a filter ends after %d bytes",
			    FILTER_MAX);
	for (p += strspn(p, blank); *p; p += n, p += strspn(p, blank)) {
		struct term *t = &f->terms[f->count];

		n = strcspn(p, blank);
		if (!parse_word(t, p, n, (size_t)(p - text), err))
			return false;
		f->has_text |= t->text != NULL;
		f->count++;
	}
	return true;
}

struct filter *filter_parse(const char *text, struct filter_error *err)
{
	struct filter *f = mem_zalloc(sizeof(*f));
	/* every second byte begins a word at most */
	size_t most = strnlen(text, FILTER_MAX) / 2 + 1;

	f->terms = mem_zalloc(most * sizeof(*f->terms));
	f->printed = mem_zalloc(sizeof(*f->printed));
	if (parse(f, text, err))
		return f;
	filter_free(f);
	return NULL;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->count; i++)
		free(f->terms[i].text);
	free(f->terms);
	buf_free(f->printed);
	free(f->printed);
	free(f);
}

/* Every process that holds it, not just the first one that is shown. */
static void print_others(const struct owners *o, uint32_t set, struct buf *out)
{
	const struct process *p;

	for (size_t i = 1; (p = owners_get(o, set, i)); i++) {
		buf_puts(out, safe_str(p->name));
		buf_char(out, '[');
		buf_uint(out, (uint64_t)p->pid);
		buf_puts(out, "]\n");
	}
}

/* The lines a word can be part of; no word has a line's end in it. */
static void print_all(struct column_context *c, const struct sock *s,
		      struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < sizeof(searched); i++) {
		column_text(c, searched[i], s, out);
		buf_char(out, '\n');
	}
	print_others(c->monitor->owners, s->owner, out);
	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] >= 'A' && out->data[i] <= 'Z')
			out->data[i] |= 0x20;
}

bool filter_match(const struct filter *f, struct column_context *c,
		  const struct sock *s)
{
	const struct sock_id *id = &s->row.id;

	/* numbers first: they are quick, and printing is not */
	for (size_t i = 0; i < f->count; i++) {
		const struct term *t = &f->terms[i];

		if (t->state && s->row.state != t->state)
			return false;
		if (t->port && id->local_port != t->port &&
		    id->remote_port != t->port)
			return false;
	}
	if (!f->has_text)
		return true;
	print_all(c, s, f->printed);
	for (size_t i = 0; i < f->count; i++)
		if (f->terms[i].text &&
		    !strstr(f->printed->data, f->terms[i].text))
			return false;
	return true;
}

unsigned filter_needs(const struct filter *f)
{
	unsigned needs = 0;

	for (size_t i = 0; f && f->has_text && i < sizeof(searched); i++)
		needs |= columns[searched[i]].needs;
	return needs;
}
