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

static bool in_list(const char *list, const char *name, size_t len)
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

		if (in_list(col->name, name, len) ||
		    in_list(col->alias, name, len) ||
		    in_list(col->json, name, len))
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

/* As compare functions want it, but for any two numbers. */
#define ORDER(a, b)	(((a) > (b)) - ((a) < (b)))

/* IPv4 before IPv6, then by address, then by port */
static int compare_ends(const struct value *a, const struct value *b)
{
	int order = ORDER(a->family, b->family);

	if (!order)
		order = addr_compare(a->addr, b->addr);
	return order ? order : ORDER(a->port, b->port);
}

/* By the first process, its name before its number; none at the end. */
static int compare_owners(const struct owners *o, uint32_t a, uint32_t b)
{
	const struct process *p = owners_get(o, a, 0), *q = owners_get(o, b, 0);
	int order;

	if (a == b)
		return 0;
	if (!p || !q)
		return (p == NULL) - (q == NULL);
	order = strcmp(safe_str(p->name), safe_str(q->name));
	if (!order)
		order = ORDER(p->pid, q->pid);
	return order ? order : ORDER(owners_count(o, a), owners_count(o, b));
}

static int compare_values(const struct column_context *c,
			  const struct value *a, const struct value *b)
{
	switch ((enum value_kind)a->kind) {
	case VALUE_UINT:
		return ORDER(a->uint, b->uint);
	case VALUE_DURATION:
		return ORDER(a->ns, b->ns);
	case VALUE_TEXT:
		return strcmp(a->text, b->text);
	case VALUE_ADDR:
		return compare_ends(a, b);
	case VALUE_OWNERS:
		return compare_owners(c->monitor->owners, a->owner, b->owner);
	case VALUE_NONE:
		break;
	}
	return 0;
}

static int compare_ranks(uint64_t a, uint64_t b, bool reverse)
{
	int order = ORDER(a, b);

	if (a == KEY_UNKNOWN || b == KEY_UNKNOWN)
		return order;
	return reverse ? -order : order;
}

int column_compare(struct column_context *c, enum column_id id, bool reverse,
		   const struct sock *a, const struct sock *b)
{
	const struct column *col = &columns[id];
	char text[sizeof(c->scratch)];
	struct value va, vb;
	int order;

	if (col->rank)
		return compare_ranks(col->rank(a), col->rank(b), reverse);
	va = col->get(c, a);
	if (va.kind == VALUE_TEXT && va.text == c->scratch)
		va.text = strcpy(text, va.text);
	vb = col->get(c, b);
	if (va.kind == VALUE_NONE || vb.kind == VALUE_NONE)
		return (va.kind == VALUE_NONE) - (vb.kind == VALUE_NONE);
	order = compare_values(c, &va, &vb);
	return reverse ? -order : order;
}

static uint64_t bytes_key(const uint8_t *b, int n)
{
	uint64_t key = 0;

	for (int i = 0; i < n; i++)
		key = key << 8 | b[i];
	return key;
}

/* the first eight bytes, so that they compare as strcmp(3) does */
static uint64_t text_key(const char *text, uint32_t *same)
{
	uint8_t first[8] = { 0 };
	size_t len = strlen(text);

	*same = len < sizeof(first);
	memcpy(first, text, *same ? len : sizeof(first));
	return bytes_key(first, sizeof(first));
}

/* an IPv4 end whole; of IPv6 the first 63 bits */
static uint64_t end_key(const struct value *v, uint32_t *same)
{
	*same = v->family == AF_INET;
	if (v->family == AF_INET)
		return bytes_key(v->addr->b, 4) << 16 | v->port;
	return bytes_key(v->addr->b, 8) >> 1 | UINT64_C(1) << 63;
}

static uint64_t owners_key(const struct owners *o, uint32_t set,
			   uint32_t *same)
{
	const struct process *p = owners_get(o, set, 0);
	uint64_t key = p ? text_key(safe_str(p->name), same) : KEY_UNKNOWN;

	*same = set;		/* the name is not all of it */
	return key;
}

static uint64_t value_key(const struct column_context *c,
			  const struct value *v, uint32_t *same)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_UINT:
		*same = v->uint < KEY_UNKNOWN - 1;
		return v->uint;
	case VALUE_DURATION:
		return (uint64_t)v->ns ^ UINT64_C(1) << 63;
	case VALUE_TEXT:
		return text_key(v->text, same);
	case VALUE_ADDR:
		return end_key(v, same);
	case VALUE_OWNERS:
		return owners_key(c->monitor->owners, v->owner, same);
	case VALUE_NONE:
		break;
	}
	return KEY_UNKNOWN;
}

uint64_t column_key(struct column_context *c, enum column_id id, bool reverse,
		    const struct sock *s, uint32_t *same)
{
	const struct column *col = &columns[id];
	struct value v;
	uint64_t key;

	*same = 1;
	if (col->rank) {
		key = col->rank(s);
		if (key == KEY_UNKNOWN)
			return key;
	} else {
		v = col->get(c, s);
		if (v.kind == VALUE_NONE)
			return KEY_UNKNOWN;
		key = value_key(c, &v, same);
	}
	if (key == KEY_UNKNOWN)		/* known, and as far back as can be */
		key--;
	return reverse ? KEY_UNKNOWN - 1 - key : key;
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

int column_list_parse(const char *list, const uint8_t *defaults,
		      int default_count, uint8_t *ids,
		      const char **bad, size_t *bad_len)
{
	struct id_list l = { .ids = ids };
	const char *p = list;

	if (*p == '+')
		for (int i = 0; i < default_count; i++)
			list_add(&l, defaults[i]);
	for (;;) {
		const char *name = p + (*p == '+');
		size_t n = strcspn(name, ",");
		int id = column_find(name, n);

		if (id < 0) {
			*bad = name;
			*bad_len = n;
			return -1;
		}
		list_add(&l, id);
		if (!name[n])
			return l.count;
		p = name + n + 1;
	}
}
