/*
 * filter.h - which sockets to show, from what a person typed
 *
 * The language is that of ss(8) and more:
 *
 *	state listening  exclude time-wait	sets of states; one after the
 *						other they add up, as in ss
 *	src 10.0.0.0/8	dst [::1]:443		ends
 *	sport >= :1024	dport = :https		ports, also 8000-8099
 *	dev eth0  fwmark = 1/3  cgroup = /user.slice  autobound
 *	rtt > 50ms  user = www-data  process ~ ^java	every column
 *	:443  443  10.0.0.0/8			at either end
 *	close-wait				that state, by its whole name
 *	other text				a substring of what is printed
 *						for state, ends, process, user
 *	and or not && || & | ! ( )		"and" may be left out
 *
 * An empty filter matches everything.  What is unknown passes no comparison,
 * neither = nor !=.
 *
 *	lex	filter_lex.c	 bytes to words and signs
 *	parse	filter_parse.c	 signs to a tree of tests
 *		filter_term.c	 words to tests: states, ends, devices, …
 *		filter_host.c	 addresses, prefixes, ports
 *		filter_field.c	 columns, with their units
 *	code	filter_code.c	 the tree to a flat program
 *	match	filter_match.c	 what a test says of a socket
 *		filter_text.c	 those that have to look at text
 *	kernel	filter_kernel.c	 the program for the kernel to run
 */
#ifndef VIEW_FILTER_H
#define VIEW_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "view/column.h"

struct filter;

struct filter_error {
	size_t offset;		/* byte in the text where it went wrong */
	char message[128];	/* what was expected, safe to print */
};

/*
 * NULL with *err filled.  Text of any length and content.  Names of hosts are
 * known when filter_parse_names() found them before; asking takes seconds if
 * it goes wrong, which no key press may.
 */
struct filter *filter_parse(const char *text, struct filter_error *err);
/* The same, and asks the resolver for names of hosts: it may block. */
struct filter *filter_parse_names(const char *text, struct filter_error *err);
/* None that was parsed in this run has the same. */
unsigned filter_number(const struct filter *f);
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, struct column_context *c,
		  const struct sock *s);
/* enum need bits of what it compares; NULL: 0 */
unsigned filter_needs(const struct filter *f);
/* May time alone change what matches? */
bool filter_moves(const struct filter *f);

/*
 * What the kernel can sort out by itself, for a sock_diag request: a set of
 * states, and a program for INET_DIAG_REQ_BYTECODE.  It lets everything through
 * that matches, and often more, so filter_match() has the last word.  Only
 * Linux 4.9 and later know devices and marks, 5.9 groups; a kernel that
 * answers EINVAL, or EPERM for marks, must be asked again without.
 */
struct filter_kernel {
	uint32_t states;	/* STATE_BIT()s; STATE_OTHER's for all others */
	void *bytecode;		/* the caller's to free(3); NULL: none */
	size_t len;		/* bytes */
};

/* f may be NULL: everything. */
void filter_kernel(const struct filter *f, struct filter_kernel *k);

#endif
