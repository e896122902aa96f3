/*
 * filter_code.h - the inside of a filter, for its own files
 *
 * A test asks one thing of a socket, and says which test is next if the answer
 * is yes and which if it is no: there is no stack and no recursion, and what
 * settles it first ends it.  A filter's tests lie in the order they are asked.
 *
 * Until that is made (code_make()), tests hang in a tree of nodes.  Nodes and
 * tests are known by their numbers.
 */
#ifndef VIEW_FILTER_CODE_H
#define VIEW_FILTER_CODE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/column.h"
#include "view/filter.h"

enum compare {
	CMP_EQ, CMP_NE, CMP_LT, CMP_GT, CMP_LE, CMP_GE,
	CMP_LIKE, CMP_UNLIKE,		/* ~ !~ */
	CMP_NONE,
};

enum test_op {
	TEST_STATE,		/* states */
	TEST_FAMILY,		/* net.family */
	TEST_LOCAL_PORT,	/* port */
	TEST_REMOTE_PORT,
	TEST_LOCAL_NET,		/* net */
	TEST_REMOTE_NET,
	TEST_DEVICE,		/* device */
	TEST_MARK,		/* mark */
	TEST_CGROUP,		/* number */
	TEST_AUTOBOUND,
	TEST_NUMBER,		/* column, compare, number, scale */
	TEST_PID,		/* compare, number: of any of its processes */
	/* from here on text is looked at, which takes ten times as long */
	TEST_PROCESS,		/* compare, text: the name of any of them */
	TEST_EQUAL,		/* column, compare, text */
	TEST_LIKE,		/* column, compare, regex */
	TEST_SEARCH,		/* needle */
};

/* where a test leads to when it is the last one */
enum { CODE_REJECT = UINT32_MAX - 1, CODE_ACCEPT = UINT32_MAX };

struct test {
	uint8_t op;
	uint8_t column;
	uint8_t compare;
	bool negated;		/* its yes leads away from a match */
	uint32_t scale;		/* of a VALUE_UINT, to number's unit */
	uint32_t yes, no;
	union {
		uint32_t states;
		uint32_t device;
		uint64_t number;	/* times in ns */
		struct {
			uint16_t low, high;
		} port;
		struct {
			struct addr addr;
			uint8_t family, bits;
		} net;
		struct {
			uint32_t value, mask;
		} mark;
		char *text;
		regex_t *regex;
		struct needle *needle;
	};
};

enum node_kind { NODE_TEST, NODE_TRUE, NODE_NOT, NODE_AND, NODE_OR };

struct node {
	uint8_t kind;
	bool slow;		/* a test of text is in it */
	uint32_t left, right;	/* of a test: left is its number */
};

struct filter {
	unsigned number;
	struct test *tests;
	uint32_t count, capacity;
	uint32_t entry;		/* the first to be asked, or where none is */
	unsigned needs;
	struct buf *printed;	/* of the socket being looked at */
	/* while it is parsed */
	struct node *nodes;
	uint32_t node_count, node_capacity;
};

/* filter_code.c: the tree, and what is made of it.  code_test() owns what the
 * test points to. */
uint32_t code_test(struct filter *f, const struct test *t);
uint32_t code_true(struct filter *f);
uint32_t code_not(struct filter *f, uint32_t node);
uint32_t code_join(struct filter *f, enum node_kind kind, uint32_t left,
		   uint32_t right);
void code_make(struct filter *f, uint32_t root);

/* filter_text.c */
bool test_text(const struct filter *f, const struct test *t,
	       struct column_context *c, const struct sock *s);

#endif
