/*
 * filter_text.c - tests that look at text
 *
 * A substring is looked for in what is printed, and printing is slow: see
 * needle.h.
 */
#include <string.h>
#include <strings.h>

#include "view/filter_code.h"
#include "view/needle.h"

/* The cell alone; no word has a line's end in it. */
static const char *print_cell(const struct filter *f, enum column_id id,
			      struct column_context *c, const struct sock *s)
{
	buf_reset(f->printed);
	column_text(c, id, s, f->printed);
	return buf_str(f->printed);
}

static bool search(const struct test *t, struct column_context *c,
		   const struct sock *s)
{
	needle_fresh(t->needle, c);
	return needle_match(t->needle, c, s);
}

static bool process_is(const struct test *t, const struct process *p)
{
	if (t->op == TEST_PROCESS)
		return !strcmp(safe_str(p->name), t->text);
	return !regexec(t->regex, safe_str(p->name), 0, NULL, 0);
}

/* Of any of its processes, also the last known; "nobody" is an answer. */
static bool process_holds(const struct test *t, const struct owners *o,
			  const struct sock *s)
{
	bool not = t->compare == CMP_NE || t->compare == CMP_UNLIKE;
	const struct process *p;

	if (s->owner == OWNER_PENDING || s->owner == OWNER_HIDDEN)
		return false;
	for (size_t i = 0; (p = owners_get(o, s->owner, i)); i++)
		if (process_is(t, p))
			return !not;
	return not;
}

static bool equal_holds(const struct test *t, struct column_context *c,
			const struct sock *s)
{
	const struct value v = columns[t->column].get(c, s);

	return v.kind == VALUE_TEXT &&
	       (strcasecmp(v.text, t->text) == 0) == (t->compare == CMP_EQ);
}

static bool like_holds(const struct filter *f, const struct test *t,
		       struct column_context *c, const struct sock *s)
{
	const struct value v = columns[t->column].get(c, s);
	const char *text;

	if (v.kind == VALUE_NONE)
		return false;
	text = v.kind == VALUE_TEXT ? v.text :
	       print_cell(f, (enum column_id)t->column, c, s);
	return !regexec(t->regex, text, 0, NULL, 0) ==
	       (t->compare == CMP_LIKE);
}

bool test_text(const struct filter *f, const struct test *t,
	       struct column_context *c, const struct sock *s)
{
	if (t->op == TEST_SEARCH)
		return search(t, c, s);
	if (t->op == TEST_PROCESS || t->column == COL_OWNER)
		return process_holds(t, c->monitor->owners, s);
	if (t->op == TEST_EQUAL)
		return equal_holds(t, c, s);
	return like_holds(f, t, c, s);
}
