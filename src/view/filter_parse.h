/*
 * filter_parse.h - from text to tests, for the filter's own files
 *
 * Whoever finds something wrong calls parse_fail(), which keeps the first
 * error, and returns false (or NODE_NONE); all others just pass that on.
 */
#ifndef VIEW_FILTER_PARSE_H
#define VIEW_FILTER_PARSE_H

#include "view/filter_code.h"

#define NODE_NONE	UINT32_MAX

enum token {
	TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE,
	TOKEN_NOT, TOKEN_AND, TOKEN_OR,
	TOKEN_COMPARE,		/* where none belongs */
	TOKEN_ERROR,
};

struct parser {
	struct filter *filter;
	struct filter_error *err;
	const char *text;
	bool failed;
	bool resolve;		/* names of hosts may be asked for */
	uint8_t family;		/* inet: or inet6: were said; 0 neither */
	/* the lexer's */
	size_t at;		/* next byte */
	size_t from;		/* where the last token began */
	struct buf word;	/* the last word, without its quotes */
	bool quoted;		/* was it in quotes? */
	bool plain;		/* it is just the text from `from` on */
	size_t quote_end;	/* the quote that closes a part; 0 none */
};

__attribute__((format(printf, 3, 4)))
bool parse_fail(struct parser *p, size_t offset, const char *fmt, ...);
/* offset bytes into the last word */
size_t parse_word_at(const struct parser *p, size_t offset);

/* filter_lex.c */
enum token lex_next(struct parser *p);
/* Takes a sign of comparison, or its name if `names`; CMP_NONE: none. */
enum compare lex_compare(struct parser *p, bool names);
/* Takes whatever stands there as a word; false: nothing does. */
bool lex_value(struct parser *p);
/* The same for a regular expression: signs and parentheses are its own. */
bool lex_pattern(struct parser *p);

/* filter_term.c: the condition that p->word begins. A node. */
uint32_t term_parse(struct parser *p);

/* filter_field.c: p->word is the value to compare a column with. */
uint32_t field_parse(struct parser *p, enum column_id id, enum compare cmp);
/* A regular expression on what is printed for it. */
uint32_t field_like(struct parser *p, enum column_id id, enum compare cmp);

/* filter_host.c */
enum host_side { SIDE_LOCAL, SIDE_REMOTE, SIDE_EITHER };

/* "10.0.0.0/8:443" and all else that may follow src and dst. */
uint32_t host_parse(struct parser *p, enum host_side side);
/* ":443", "443", "https", "8000-8099", "*" */
uint32_t host_port(struct parser *p, enum host_side side, enum compare cmp);
/* A whole address or prefix, with or without a port, as bare word; NODE_NONE
 * without an error if it is something else. */
uint32_t host_bare(struct parser *p);

#endif
