/*
 * filter_code.c - the tree of conditions, and the flat program made of it
 */
#include "view/filter_code.h"

#include <stdlib.h>

#include "base/mem.h"
#include "view/needle.h"

static bool has_text(uint8_t op)
{
	return op == TEST_PROCESS || op == TEST_EQUAL;
}

static void free_tests(struct test *tests, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (has_text(tests[i].op))
			free(tests[i].text);
		if (tests[i].op == TEST_SEARCH)
			needle_free(tests[i].needle);
		if (tests[i].op != TEST_LIKE)
			continue;
		regfree(tests[i].regex);
		free(tests[i].regex);
	}
	free(tests);
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	free_tests(f->tests, f->count);
	free(f->nodes);
	buf_free(f->printed);
	free(f->printed);
	free(f);
}

unsigned filter_needs(const struct filter *f)
{
	return f ? f->needs : 0;
}

bool filter_moves(const struct filter *f)
{
	for (uint32_t i = 0; i < f->count; i++) {
		uint8_t op = f->tests[i].op;

		if ((op == TEST_NUMBER || op == TEST_EQUAL ||
		     op == TEST_LIKE) && columns[f->tests[i].column].moves)
			return true;
	}
	return false;
}

static uint32_t add_node(struct filter *f, const struct node *n)
{
	if (f->node_count == f->node_capacity) {
		f->node_capacity += f->node_capacity + 16;
		f->nodes = mem_array(f->nodes, f->node_capacity,
				     sizeof(*f->nodes));
	}
	f->nodes[f->node_count] = *n;
	return f->node_count++;
}

uint32_t code_test(struct filter *f, const struct test *t)
{
	const struct node n = {
		.kind = NODE_TEST, .slow = t->op >= TEST_PROCESS,
		.left = f->count,
	};

	if (f->count == f->capacity) {
		f->capacity += f->capacity + 16;
		f->tests = mem_array(f->tests, f->capacity, sizeof(*f->tests));
	}
	f->tests[f->count++] = *t;
	return add_node(f, &n);
}

uint32_t code_true(struct filter *f)
{
	const struct node n = { .kind = NODE_TRUE };

	return add_node(f, &n);
}

uint32_t code_not(struct filter *f, uint32_t node)
{
	const struct node n = {
		.kind = NODE_NOT, .slow = f->nodes[node].slow, .left = node,
	};

	return add_node(f, &n);
}

/* Which side is asked first makes no difference but for the time it takes. */
uint32_t code_join(struct filter *f, enum node_kind kind, uint32_t left,
		   uint32_t right)
{
	bool turn = f->nodes[left].slow && !f->nodes[right].slow;
	const struct node n = {
		.kind = (uint8_t)kind,
		.slow = f->nodes[left].slow || f->nodes[right].slow,
		.left = turn ? right : left, .right = turn ? left : right,
	};

	return add_node(f, &n);
}

/*
 * A node is asked with two places to go on.  The right side of a join goes to
 * those of the join; the left one then goes to them or to the right side.  So
 * the right side comes first, and tests come out last one first.
 */
struct job {
	uint32_t node;
	uint32_t yes, no;
	uint8_t kind;		/* NODE_AND: yes leads to what came out last;
				   NODE_OR: no does; else neither */
	bool negated;
};

struct jobs {
	struct job *job;
	size_t count, capacity;
};

static void push(struct jobs *j, struct job job)
{
	if (j->count == j->capacity) {
		j->capacity += j->capacity + 16;
		j->job = mem_array(j->job, j->capacity, sizeof(*j->job));
	}
	j->job[j->count++] = job;
}

static void push_join(struct jobs *j, const struct node *n,
		      const struct job *job)
{
	/* by De Morgan's laws: what is not (a and b) is not a or not b */
	bool and = (n->kind == NODE_AND) != job->negated;
	struct job right = *job, left = *job;

	right.node = n->right;
	right.kind = NODE_TEST;
	left.node = n->left;
	left.kind = and ? NODE_AND : NODE_OR;
	push(j, left);		/* done after the right one and all in it */
	push(j, right);
}

/* Tests end up in the order they are asked: forwards in memory. */
static void turn_round(struct test *tests, uint32_t n)
{
	for (uint32_t i = 0; i < n / 2; i++) {
		struct test t = tests[i];

		tests[i] = tests[n - 1 - i];
		tests[n - 1 - i] = t;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (tests[i].yes < n)
			tests[i].yes = n - 1 - tests[i].yes;
		if (tests[i].no < n)
			tests[i].no = n - 1 - tests[i].no;
	}
}

void code_make(struct filter *f, uint32_t root)
{
	struct test *made = mem_array(NULL, f->count + 1, sizeof(*made));
	struct jobs jobs = { 0 };
	uint32_t n = 0, last = CODE_ACCEPT;

	push(&jobs, (struct job){ root, CODE_ACCEPT, CODE_REJECT, NODE_TEST,
				  false });
	while (jobs.count) {
		struct job job = jobs.job[--jobs.count];
		const struct node *node = &f->nodes[job.node];

		if (job.kind == NODE_AND)
			job.yes = last;
		else if (job.kind == NODE_OR)
			job.no = last;
		job.kind = NODE_TEST;
		switch ((enum node_kind)node->kind) {
		case NODE_TEST:
			made[n] = f->tests[node->left];
			made[n].negated = job.negated;
			made[n].yes = job.negated ? job.no : job.yes;
			made[n].no = job.negated ? job.yes : job.no;
			last = n++;
			break;
		case NODE_TRUE:
			last = job.negated ? job.no : job.yes;
			break;
		case NODE_NOT:
			job.node = node->left;
			job.negated = !job.negated;
			push(&jobs, job);
			break;
		case NODE_AND:
		case NODE_OR:
			push_join(&jobs, node, &job);
			break;
		}
	}
	turn_round(made, n);
	free(jobs.job);
	free(f->tests);
	f->tests = made;
	f->entry = last < n ? n - 1 - last : last;
}
