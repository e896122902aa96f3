/*
 * filter_parse.c - conditions joined by and, or, not and parentheses
 *
 * "or" binds least and "not" most, as the manual of ss(8) has it.  (Its parser
 * takes "and" and "or" from left to right.)  The operators that wait for their
 * right side are kept on a stack of our own: no depth of parentheses is too
 * deep.
 */
#include "view/filter_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool parse_fail(struct parser *p, size_t offset, const char *fmt, ...)
{
	va_list ap;

	if (p->failed)
		return false;
	p->failed = true;
	p->err->offset = offset;
	va_start(ap, fmt);
	vsnprintf(p->err->message, sizeof(p->err->message), fmt, ap);
	va_end(ap);
	return false;
}

size_t parse_word_at(const struct parser *p, size_t offset)
{
	return p->from + (p->plain && !p->quoted ? offset : 0);
}

/* operators and operands that wait; both are as deep as the text nests */
struct waiting {
	struct operator {
		enum token token;
		size_t from;
	} *operators;
	uint32_t *operands;
	size_t operator_count, operator_capacity;
	size_t operand_count, operand_capacity;
};

static void push_operator(struct waiting *w, enum token token, size_t from)
{
	if (w->operator_count == w->operator_capacity) {
		w->operator_capacity += w->operator_capacity + 16;
		w->operators = mem_array(w->operators, w->operator_capacity,
					 sizeof(*w->operators));
	}
	w->operators[w->operator_count++] = (struct operator){ token, from };
}

static void push_operand(struct waiting *w, uint32_t node)
{
	if (w->operand_count == w->operand_capacity) {
		w->operand_capacity += w->operand_capacity + 16;
		w->operands = mem_array(w->operands, w->operand_capacity,
					sizeof(*w->operands));
	}
	w->operands[w->operand_count++] = node;
}

static int binds(enum token token)
{
	switch (token) {
	case TOKEN_NOT:
		return 3;
	case TOKEN_AND:
		return 2;
	case TOKEN_OR:
		return 1;
	default:
		return 0;	/* a parenthesis: until it is closed */
	}
}

/* Joins what binds at least so much. */
static void reduce(struct filter *f, struct waiting *w, int least)
{
	while (w->operator_count) {
		enum token token = w->operators[w->operator_count - 1].token;
		uint32_t *top;

		if (binds(token) < least)
			return;
		w->operator_count--;
		top = &w->operands[w->operand_count - 1];
		if (token == TOKEN_NOT) {
			*top = code_not(f, *top);
			continue;
		}
		top[-1] = code_join(f, token == TOKEN_AND ? NODE_AND : NODE_OR,
				    top[-1], *top);
		w->operand_count--;
	}
}

/* Where a condition belongs. Returns whether one was read. */
static bool read_operand(struct parser *p, struct waiting *w,
			 enum token token)
{
	uint32_t node;

	switch (token) {
	case TOKEN_NOT:
	case TOKEN_OPEN:
		push_operator(w, token, p->from);
		return false;
	case TOKEN_WORD:
		node = term_parse(p);
		if (node != NODE_NONE)
			push_operand(w, node);
		return true;
	case TOKEN_COMPARE:
		return parse_fail(p, p->from, "what is to be compared belongs "
				  "before this");
	case TOKEN_ERROR:
		return false;
	default:
		return parse_fail(p, p->from, "a condition is missing here");
	}
}

static bool close_part(struct parser *p, struct waiting *w)
{
	reduce(p->filter, w, 1);
	if (!w->operator_count)
		return parse_fail(p, p->from, "nothing is open that this "
				  "could close");
	w->operator_count--;
	return true;
}

/* Where a condition is complete. Returns whether it still is. */
static bool read_operator(struct parser *p, struct waiting *w,
			  enum token token)
{
	switch (token) {
	case TOKEN_CLOSE:
		return close_part(p, w);
	case TOKEN_AND:
	case TOKEN_OR:
		reduce(p->filter, w, binds(token));
		push_operator(w, token, p->from);
		return false;
	case TOKEN_COMPARE:
		return parse_fail(p, p->from, "only a field can be compared, "
				  "as in rtt > 50ms");
	default:		/* "and" was left out */
		reduce(p->filter, w, binds(TOKEN_AND));
		push_operator(w, TOKEN_AND, p->from);
		return read_operand(p, w, token);
	}
}

/* A tree of all the text; NODE_NONE if something is wrong. */
static uint32_t read_all(struct parser *p, struct waiting *w)
{
	bool complete = false;
	enum token token = lex_next(p);

	if (token == TOKEN_END)
		return code_true(p->filter);
	for (; token != TOKEN_END || !complete; token = lex_next(p)) {
		complete = complete ? read_operator(p, w, token) :
				      read_operand(p, w, token);
		if (p->failed)
			return NODE_NONE;
	}
	reduce(p->filter, w, 1);
	if (w->operator_count) {
		parse_fail(p, w->operators[w->operator_count - 1].from,
			   "this is never closed");
		return NODE_NONE;
	}
	return w->operands[0];
}

/* ss(8) shows only the family that was named last. */
static uint32_t of_family(struct filter *f, uint8_t family, uint32_t root)
{
	struct test t = { .op = TEST_FAMILY, .net.family = family };

	if (!family)
		return root;
	return code_join(f, NODE_AND, code_test(f, &t), root);
}

static struct filter *parse(const char *text, bool resolve,
			    struct filter_error *err)
{
	static unsigned parsed;
	struct filter *f = mem_zalloc(sizeof(*f));
	struct parser p = {
		.filter = f, .err = err, .text = text, .resolve = resolve,
	};
	struct waiting w = {
		.operands = mem_array(NULL, 16, sizeof(*w.operands)),
		.operand_capacity = 16,
	};
	uint32_t root;

	f->number = ++parsed;
	f->printed = mem_zalloc(sizeof(*f->printed));
	root = read_all(&p, &w);
	if (root != NODE_NONE)
		code_make(f, of_family(f, p.family, root));
	free(w.operators);
	free(w.operands);
	buf_free(&p.word);
	free(f->nodes);
	f->nodes = NULL;
	if (!p.failed)
		return f;
	filter_free(f);
	return NULL;
}

struct filter *filter_parse(const char *text, struct filter_error *err)
{
	return parse(text, false, err);
}

struct filter *filter_parse_names(const char *text, struct filter_error *err)
{
	return parse(text, true, err);
}

unsigned filter_number(const struct filter *f)
{
	return f->number;
}
