/* setting_list.c - columns, the order, states, a filter */
#include "ui/setting_kind.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/state.h"
#include "view/filter.h"

/* ---- columns ---- */

static const char *column_word(const void *arg, int i)
{
	(void)arg;
	return i < COLUMN_COUNT ? columns[i].name : NULL;
}

static int no_column(const char *text, size_t n, struct buf *why)
{
	const char *colon = memchr(text, ':', n), *near;

	if (colon && column_find(text, colon - text) >= 0) {
		setting_quote(why, text, n);
		buf_printf(why, ": %s", column_list_wrong(text, n));
		return -1;
	}
	n = colon ? (size_t)(colon - text) : n;
	near = setting_nearest(text, n, column_word, NULL);
	buf_puts(why, "no column ");
	setting_quote(why, text, n);
	if (near)
		buf_printf(why, ", did you mean '%s'?", near);
	else
		buf_puts(why, " (see --columns help)");
	return -1;
}

static void columns_wants(const struct setting *s, struct buf *out)
{
	(void)s;
	buf_puts(out, "names with commas between (see --columns help)");
}

static void columns_print(const struct setting *s, const void *value,
			  struct buf *out)
{
	const struct settings *v = (const struct settings *)
		((const char *)value - s->offset);

	for (int i = 0; i < v->column_count; i++) {
		uint8_t id = v->columns[i];

		buf_printf(out, "%s%s", i ? ", " : "", columns[id].name);
		if (v->width[id])
			buf_printf(out, ":%u", v->width[id]);
	}
}

static int columns_parse(const struct setting *s, void *value,
			 const char *text, size_t n, struct buf *why)
{
	struct settings *v = (struct settings *)((char *)value - s->offset);
	char *list = mem_strndup(text, n);
	uint8_t ids[COLUMN_COUNT], width[COLUMN_COUNT];
	const char *bad;
	size_t bad_len;
	int count = -1;

	memcpy(width, v->width, sizeof(width));
	if (!n) {
		setting_refuse(s, text, n, why);
	} else {
		count = column_list_parse(list, v->columns, v->column_count,
					  ids, width, &bad, &bad_len);
		if (count < 0)
			no_column(bad, bad_len, why);
	}
	if (count > 0) {
		memcpy(v->columns, ids, count);
		v->column_count = (uint8_t)count;
		memcpy(v->width, width, sizeof(width));
	}
	free(list);
	return count > 0 ? 0 : -1;
}

const struct setting_kind kind_columns = {
	columns_wants, columns_print, columns_parse, NULL,
};

/* ---- the order ---- */

static void sort_wants(const struct setting *s, struct buf *out)
{
	(void)s;
	buf_puts(out, "a column (see --columns help), with - or + before it or "
		 "not");
}

static struct settings *sort_of(const struct setting *s, void *value)
{
	return (struct settings *)((char *)value - s->offset);
}

static void sort_print(const struct setting *s, const void *value,
		       struct buf *out)
{
	const struct settings *v = (const struct settings *)
		((const char *)value - s->offset);

	buf_printf(out, "%c%s", v->reverse ? '-' : '+', columns[v->sort].name);
}

static int sort_parse(const struct setting *s, void *value, const char *text,
		      size_t n, struct buf *why)
{
	bool sign = n && (*text == '-' || *text == '+');
	int id = column_find(text + sign, n - sign);

	if (!n)
		return setting_refuse(s, text, n, why);
	if (id < 0)
		return no_column(text + sign, n - sign, why);
	sort_of(s, value)->sort = (uint8_t)id;
	sort_of(s, value)->reverse = sign ? *text == '-'
					  : columns[id].descending;
	return 0;
}

/* Each column in its usual direction. */
static void sort_step(const struct setting *s, void *value, int by)
{
	struct settings *v = sort_of(s, value);

	v->sort = (uint8_t)((v->sort + by + COLUMN_COUNT) % COLUMN_COUNT);
	v->reverse = columns[v->sort].descending;
}

const struct setting_kind kind_sort = {
	sort_wants, sort_print, sort_parse, sort_step,
};

/* ---- states ---- */

static const char *state_word(const void *arg, int i)
{
	(void)arg;
	return (size_t)i < state_order_count ?
		state_info(state_order[i])->name : NULL;
}

static void states_wants(const struct setting *s, struct buf *out)
{
	(void)s;
	buf_puts(out, "all, or names of states with commas between");
}

/* Those without a name are shown as long as any is. */
static void states_print(const struct setting *s, const void *value,
			 struct buf *out)
{
	unsigned states = *(const unsigned *)value;
	const char *between = "";

	(void)s;
	if ((states & STATES_ALL) == STATES_ALL) {
		buf_puts(out, "all");
		return;
	}
	for (size_t i = 0; i < state_order_count; i++) {
		if (!(states & STATE_BIT(state_order[i])))
			continue;
		buf_printf(out, "%s%s", between,
			   state_info(state_order[i])->name);
		between = ", ";
	}
	if (!*between)
		buf_puts(out, "none");
}

static int states_parse(const struct setting *s, void *value,
			const char *text, size_t n, struct buf *why)
{
	unsigned states = 0;
	const char *p = text, *end = text + n, *word, *near;
	size_t len;
	int state;

	if (setting_is_word("all", text, n) || setting_is_word("none", text, n)) {
		*(unsigned *)value = setting_is_word("all", text, n) ? STATES_ALL : 0;
		return 0;
	}
	while (p < end) {
		while (p < end && (*p == ',' || isspace((unsigned char)*p)))
			p++;
		for (word = p; p < end && *p != ',' &&
			       !isspace((unsigned char)*p); )
			p++;
		len = p - word;
		if (!len)
			break;
		state = state_parse(word, len);
		if (state < 0) {
			buf_puts(why, "no state ");
			setting_quote(why, word, len);
			near = setting_nearest(word, len, state_word, NULL);
			if (near)
				buf_printf(why, ", did you mean '%s'?", near);
			return -1;
		}
		states |= STATE_BIT(state);
	}
	if (!states)
		return setting_refuse(s, text, n, why);
	*(unsigned *)value = states | STATE_BIT(STATE_OTHER);
	return 0;
}

const struct setting_kind kind_states = {
	states_wants, states_print, states_parse, NULL,
};

/* ---- the filter ---- */

static void filter_wants(const struct setting *s, struct buf *out)
{
	(void)s;
	buf_puts(out, "a filter, as in tulpen(1)");
}

static void filter_print(const struct setting *s, const void *value,
			 struct buf *out)
{
	(void)s;
	buf_puts(out, value);
}

static int filter_read(const struct setting *s, void *value,
			const char *text, size_t n, struct buf *why)
{
	struct filter_error err;
	struct filter *f;
	char *copy;

	(void)s;
	if (n >= FILTER_TEXT_MAX) {
		buf_printf(why, "a filter of %zu bytes; %d is the most", n,
			   FILTER_TEXT_MAX - 1);
		return -1;
	}
	copy = mem_strndup(text, n);
	f = n ? filter_parse_names(copy, &err) : NULL;
	if (n && !f) {
		buf_printf(why, "%s at character %zu", err.message,
			   err.offset + 1);
		free(copy);
		return -1;
	}
	filter_free(f);
	memset(value, 0, FILTER_TEXT_MAX);
	memcpy(value, copy, n);
	free(copy);
	return 0;
}

const struct setting_kind kind_filter = {
	filter_wants, filter_print, filter_read, NULL,
};
