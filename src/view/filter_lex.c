/*
 * filter_lex.c - bytes to words and signs
 *
 * ss(8) knows blanks only; here signs may also touch what they belong to.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "view/filter_parse.h"

static bool is_blank(char ch)
{
	return ch && strchr(" \t\n\v\f\r", ch);
}

/* The end of the text, or of the quoted part of it that is being read. */
static bool at_end(const struct parser *p)
{
	return !p->text[p->at] || (p->quote_end && p->at == p->quote_end);
}

static void skip_blanks(struct parser *p)
{
	while (!at_end(p) && is_blank(p->text[p->at]))
		p->at++;
}

/* A sign of comparison; its length in *n. */
static enum compare sign_at(const char *s, size_t *n)
{
	static const struct {
		const char *text;
		enum compare cmp;
	} signs[] = {
		{ "==", CMP_EQ }, { "=", CMP_EQ }, { "!=", CMP_NE },
		{ "<=", CMP_LE }, { "<", CMP_LT }, { ">=", CMP_GE },
		{ ">", CMP_GT }, { "!~", CMP_UNLIKE }, { "~", CMP_LIKE },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		*n = strlen(signs[i].text);
		if (!strncmp(s, signs[i].text, *n))
			return signs[i].cmp;
	}
	*n = 0;
	return CMP_NONE;
}

static enum compare name_of(const char *s, size_t n)
{
	static const struct {
		const char *text;
		enum compare cmp;
	} names[] = {
		{ "eq", CMP_EQ }, { "ne", CMP_NE }, { "neq", CMP_NE },
		{ "lt", CMP_LT }, { "gt", CMP_GT }, { "le", CMP_LE },
		{ "leq", CMP_LE }, { "ge", CMP_GE }, { "geq", CMP_GE },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i].text) == n &&
		    !strncasecmp(s, names[i].text, n))
			return names[i].cmp;
	return CMP_NONE;
}

enum compare lex_compare(struct parser *p, bool names)
{
	enum compare cmp;
	size_t n;

	skip_blanks(p);
	if (at_end(p))
		return CMP_NONE;
	cmp = sign_at(p->text + p->at, &n);
	if (cmp == CMP_NONE && names) {
		for (n = 0; isalpha((unsigned char)p->text[p->at + n]);)
			n++;
		if (!p->text[p->at + n] || is_blank(p->text[p->at + n]))
			cmp = name_of(p->text + p->at, n);
	}
	if (cmp == CMP_NONE)
		return cmp;
	p->from = p->at;
	p->at += n;
	return cmp;
}

static enum token connective(const char *s, size_t n)
{
	if (n == 2 && !strncasecmp(s, "or", n))
		return TOKEN_OR;
	if (n == 3 && !strncasecmp(s, "and", n))
		return TOKEN_AND;
	if (n == 3 && !strncasecmp(s, "not", n))
		return TOKEN_NOT;
	return TOKEN_WORD;
}

/* A word in quotes, p->at on the first of them. */
static bool take_quoted(struct parser *p)
{
	const char *begin = p->text + p->at, *end = strchr(begin + 1, *begin);

	if (!end)
		return parse_fail(p, p->at, "this quote is never closed");
	p->quoted = true;
	buf_add(&p->word, begin + 1, (size_t)(end - begin) - 1);
	p->at += (size_t)(end - begin) + 1;
	return true;
}

/* '\' before what would mean something; "\x2d" of a unit's name stays. */
static bool escapes(const char *s)
{
	return s[0] == '\\' && (is_blank(s[1]) ||
				(s[1] && strchr("\\'\"()!&|=<>~", s[1])));
}

/*
 * Does the unquoted word end here?  A parenthesis right behind a letter
 * belongs to it, as in "unknown(14)", but behind "not".
 */
static bool word_ends(const struct parser *p, size_t from, int depth)
{
	const char *s = p->text + p->at;
	size_t n;

	if (at_end(p) || is_blank(*s) || strchr("&|", *s))
		return true;
	if (*s == '(')
		return p->at == from ||
		       connective(p->text + from, p->at - from) != TOKEN_WORD;
	if (*s == ')')
		return depth == 0;
	return sign_at(s, &n) != CMP_NONE;
}

static void take_plain(struct parser *p)
{
	size_t from = p->at;
	int depth = 0;

	while (!word_ends(p, from, depth)) {
		depth += p->text[p->at] == '(';
		depth -= p->text[p->at] == ')';
		if (escapes(p->text + p->at)) {
			p->plain = false;
			p->at++;
		}
		buf_char(&p->word, p->text[p->at++]);
	}
}

static void begin_word(struct parser *p)
{
	buf_reset(&p->word);
	p->from = p->at;
	p->quoted = false;
	p->plain = true;
}

static bool is_quote(char ch)
{
	return ch == '\'' || ch == '"';
}

bool lex_value(struct parser *p)
{
	skip_blanks(p);
	begin_word(p);
	if (at_end(p))
		return false;
	if (is_quote(p->text[p->at]))
		return take_quoted(p);
	take_plain(p);
	return p->at > p->from;
}

/* Its parentheses are in pairs; one that is not closes the condition. */
bool lex_pattern(struct parser *p)
{
	int depth = 0;

	skip_blanks(p);
	begin_word(p);
	if (at_end(p))
		return false;
	if (is_quote(p->text[p->at]))
		return take_quoted(p);
	for (; !at_end(p) && !is_blank(p->text[p->at]); p->at++) {
		char ch = p->text[p->at];

		if (ch == ')' && depth-- == 0)
			break;
		depth += ch == '(';
		buf_char(&p->word, ch);
		/* an escaped character is not looked at */
		if (ch == '\\' && p->text[p->at + 1] &&
		    p->at + 1 != p->quote_end)
			buf_char(&p->word, p->text[++p->at]);
	}
	return p->at > p->from;
}

/* Is this, between quotes, an expression a shell was to keep together? */
static bool is_expression(const char *s, size_t len)
{
	static const char *const first[] = {
		"state", "exclude", "excl", "src", "dst", "sport", "dport",
		"dev", "fwmark", "cgroup", "autobound", "not",
	};
	size_t n = 0;

	while (len && is_blank(*s))
		s++, len--;
	if (!len || strchr("(!", *s))
		return len > 0;
	while (n < len && isalpha((unsigned char)s[n]))
		n++;
	if (n == len || is_blank(s[n]))
		for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
			if (strlen(first[i]) == n &&
			    !strncasecmp(s, first[i], n))
				return true;
	for (size_t i = 0; i < len; i++)
		if (strchr("=<>~", s[i]))
			return true;
	return false;
}

/* A command line for ss(8) has quotes around expressions: there they are
 * parentheses. */
static enum token quote_token(struct parser *p)
{
	const char *s = p->text + p->at, *end = strchr(s + 1, *s);

	if (end && !p->quote_end &&
	    is_expression(s + 1, (size_t)(end - s) - 1)) {
		p->quote_end = (size_t)(end - p->text);
		p->at++;
		return TOKEN_OPEN;
	}
	begin_word(p);
	return take_quoted(p) ? TOKEN_WORD : TOKEN_ERROR;
}

static enum token sign_token(struct parser *p, enum token token, size_t n)
{
	p->at += n;
	return token;
}

enum token lex_next(struct parser *p)
{
	const char *s;
	size_t n;

	skip_blanks(p);
	p->from = p->at;
	s = p->text + p->at;
	if (!*s)
		return TOKEN_END;
	if (at_end(p)) {
		p->quote_end = 0;
		return sign_token(p, TOKEN_CLOSE, 1);
	}
	/* as a shell wants to have them */
	if (*s == '\\' && s[1] && strchr("()!&|<>", s[1]))
		s = p->text + ++p->at;
	if (*s == '(' || *s == ')')
		return sign_token(p, *s == '(' ? TOKEN_OPEN : TOKEN_CLOSE, 1);
	if (*s == '&' || *s == '|')
		return sign_token(p, *s == '&' ? TOKEN_AND : TOKEN_OR,
				  s[1] == *s ? 2 : 1);
	if (sign_at(s, &n) != CMP_NONE)
		return TOKEN_COMPARE;
	if (*s == '!')
		return sign_token(p, TOKEN_NOT, 1);
	if (is_quote(*s))
		return quote_token(p);
	begin_word(p);
	take_plain(p);
	return p->plain ? connective(buf_str(&p->word), p->word.len) :
			  TOKEN_WORD;
}
