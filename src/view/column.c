/*
 * column.c - what can be done with any column: find, print, compare
 */
#include "view/column.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "view/changeline.h"
#include "view/column_get.h"
#include "view/format.h"

static char fold(char ch)
{
	return ch == '-' ? '_' : (char)tolower((unsigned char)ch);
}

static bool same_name(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++)
		if (fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

bool name_in_list(const char *list, const char *name, size_t len)
{
	while (list && *list) {
		size_t n = strcspn(list, ",");

		if (same_name(list, n, name, len))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

int column_find(const char *name, size_t len)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		const struct column *col = &columns[i];

		if (name_in_list(col->name, name, len) ||
		    name_in_list(col->alias, name, len) ||
		    name_in_list(col->json, name, len))
			return i;
	}
	return -1;
}

void value_print(struct column_context *c, const struct value *v,
		 struct buf *out)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_UINT:
		buf_uint(out, v->uint);
		return;
	case VALUE_DURATION:
		if (v->certainty == CERTAIN_AT_LEAST)
			buf_puts(out, c->ascii ? ">=" : "≥");
		format_duration(out, v->ns);
		return;
	case VALUE_TEXT:
		buf_puts(out, v->text);
		return;
	case VALUE_ADDR:
		out->len += addr_print(buf_reserve(out, ADDR_TEXT_MAX),
				       v->family, v->addr);
		return;
	case VALUE_OWNERS:
		owner_text(out, c->monitor->owners, v->owner, false, c->ascii);
		return;
	case VALUE_NONE:
		break;
	}
	buf_char(out, '-');
}

void column_text(struct column_context *c, enum column_id id,
		 const struct sock *s, struct buf *out)
{
	const struct column *col = &columns[id];
	size_t from = out->len;

	if (col->print) {
		col->print(c, s, out);
	} else {
		struct value v = col->get(c, s);

		value_print(c, &v, out);
	}
	if (c->ascii)
		format_ascii(out, from);
}

int value_width(const struct value *v)
{
	size_t n;

	switch ((enum value_kind)v->kind) {
	case VALUE_UINT:
		return (int)buf_uint_digits(v->uint);
	case VALUE_TEXT:
		n = strlen(v->text);
		return utf8_plain(v->text, v->text + n) == n ? (int)n : -1;
	case VALUE_ADDR:
		return (int)addr_width(v->family, v->addr);
	case VALUE_NONE:
		return 1;
	case VALUE_DURATION:
	case VALUE_OWNERS:
		break;
	}
	return -1;
}

int column_width(struct column_context *c, enum column_id id,
		 const struct sock *s)
{
	const struct column *col = &columns[id];
	struct value v;

	if (col->width)
		return col->width(c, s);
	if (col->print)
		return -1;
	v = col->get(c, s);
	return value_width(&v);
}

/* so that keys compare as strcmp(3) does */
static void text_key(const char *text, uint64_t *key, int words)
{
	uint8_t bytes[8 * COLUMN_KEY_WORDS] = { 0 };

	memcpy(bytes, text, strnlen(text, 8 * (size_t)words));
	for (int i = 0; i < words; i++)
		key[i] = key_of_bytes(bytes + 8 * i, 8);
}

/* IPv4 before IPv6, then by address, then by port */
static void end_key(uint8_t family, const struct addr *addr, uint16_t port,
		    uint64_t *key)
{
	const uint8_t *b = addr->b;

	if (family == AF_INET) {
		key[0] = key_of_bytes(b, 4) << 16 | port;
		return;
	}
	key[0] = UINT64_C(1) << 63 | key_of_bytes(b, 8) >> 1;
	key[1] = key_of_bytes(b, 8) << 63 | key_of_bytes(b + 8, 8) >> 1;
	key[2] = (uint64_t)(b[15] & 1) << 16 | port;
}

/* By the first process, its name before its number; none at the end. */
static void owners_key(const struct owners *o, uint32_t set, uint64_t *key)
{
	const struct process *p = owners_get(o, set, 0);

	if (!p) {
		key[0] = UINT64_MAX;
		return;
	}
	text_key(safe_str(p->name), key, 2);
	key[2] = (uint64_t)(uint32_t)p->pid << 32 |
		 (uint32_t)owners_count(o, set);
}

static void value_key(const struct column_context *c, const struct value *v,
		      uint64_t *key)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_UINT:
		key[0] = v->uint;
		break;
	case VALUE_DURATION:
		key[0] = (uint64_t)v->ns ^ UINT64_C(1) << 63;
		break;
	case VALUE_TEXT:
		text_key(v->text, key, COLUMN_KEY_WORDS);
		break;
	case VALUE_ADDR:
		end_key(v->family, v->addr, v->port, key);
		break;
	case VALUE_OWNERS:
		owners_key(c->monitor->owners, v->owner, key);
		break;
	case VALUE_NONE:
		break;
	}
}

void column_key(struct column_context *c, enum column_id id, bool reverse,
		const struct sock *s, uint64_t *key)
{
	const struct column *col = &columns[id];
	const struct sock_id *end = &s->row.id;
	struct value v;
	bool known = true;

	for (int i = 0; i < COLUMN_KEY_WORDS; i++)
		key[i] = 0;
	if (col->rank) {
		key[0] = col->rank(s);
		known = key[0] != KEY_UNKNOWN;
	} else if (id == COL_LOCAL) {	/* asked most, and never unknown */
		end_key(end->family, &end->local, end->local_port, key);
	} else if (id == COL_REMOTE) {
		end_key(end->family, &end->remote, end->remote_port, key);
	} else {
		v = col->get(c, s);
		known = v.kind != VALUE_NONE;
		value_key(c, &v, key);
	}
	if (!known) {
		key[0] = KEY_UNKNOWN;
		return;
	}
	key_known(key, reverse);
}


struct id_list {
	uint8_t *ids;
	int count;
	bool has[COLUMN_COUNT];
};

static void list_add(struct id_list *l, int id)
{
	if (!l->has[id])
		l->ids[l->count++] = (uint8_t)id;
	l->has[id] = true;
}

/* The number behind a colon in entry[n]; 0 it is none. */
static uint8_t width_of(const char *entry, size_t n)
{
	unsigned width = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)entry[i]))
			return 0;
		width = 10 * width + (entry[i] - '0');
		if (width > UINT8_MAX)
			return 0;
	}
	return (uint8_t)width;
}

/* One entry: "name" or "name:width"; false: it is wrong. */
static bool take_entry(struct id_list *l, uint8_t *widths, const char *entry,
		       size_t n)
{
	const char *colon = memchr(entry, ':', n);
	int id = column_find(entry, colon ? (size_t)(colon - entry) : n);
	uint8_t width = 0;

	if (id < 0)
		return false;
	if (colon) {
		width = width_of(colon + 1, entry + n - colon - 1);
		if (!width)
			return false;
	}
	list_add(l, id);
	if (widths)
		widths[id] = width;
	return true;
}

int column_list_parse(const char *list, const uint8_t *defaults,
		      int default_count, uint8_t *ids, uint8_t *widths,
		      const char **bad, size_t *bad_len)
{
	struct id_list l = { .ids = ids };
	const char *p = list;

	if (widths && *p != '+')
		memset(widths, 0, COLUMN_COUNT);
	if (*p == '+')
		for (int i = 0; i < default_count; i++)
			list_add(&l, defaults[i]);
	for (;;) {
		size_t whole = strcspn(p, ","), n = whole;
		const char *entry = p;

		while (n && isspace((unsigned char)*entry))
			entry++, n--;
		if (n && *entry == '+')
			entry++, n--;
		while (n && isspace((unsigned char)entry[n - 1]))
			n--;
		if (!take_entry(&l, widths, entry, n)) {
			*bad = entry;
			*bad_len = n;
			return -1;
		}
		if (!p[whole])
			return l.count;
		p += whole + 1;
	}
}

const char *column_list_wrong(const char *bad, size_t bad_len)
{
	const char *colon = memchr(bad, ':', bad_len);

	return colon && column_find(bad, colon - bad) >= 0 ?
	       "a width is a number from 1 to 255" :
	       "no such column (see --columns help)";
}
