/*
 * Memory that is there or the program ends; buffers that grow.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

/* Under the address sanitizer malloc is to fail as it does without. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Runs use() in a child: its exit status, and what it wrote to stderr. */
static int child(void (*use)(void), char *said, size_t n)
{
	int ends[2], status;
	ssize_t got;
	size_t len = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		use();
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + len, n - 1 - len)) > 0)
		len += got;
	said[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void hook(void)
{
	static const char line[] = "terminal back\n";

	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(99);
	/* a hook that runs out of memory itself is not called again */
	mem_exhausted();
}

static void use_overflow(void)
{
	mem_on_exhaustion(hook);
	mem_array(NULL, SIZE_MAX / 2, 3);
}

static void use_too_much(void)
{
	mem_alloc(SIZE_MAX / 4);
}

static void use_long_buf(void)
{
	struct buf b = { 0 };

	buf_puts(&b, "x");
	buf_reserve(&b, SIZE_MAX - 1);
}

static void exhaustion_ends_the_program(void **state)
{
	char said[256];

	(void)state;
	assert_int_equal(child(use_overflow, said, sizeof(said)), 3);
	assert_string_equal(said, "terminal back\ntulpen: out of memory\n");
	assert_int_equal(child(use_too_much, said, sizeof(said)), 3);
	assert_non_null(strstr(said, "tulpen: out of memory\n"));
	assert_int_equal(child(use_long_buf, said, sizeof(said)), 3);
}

static void memory_is_there(void **state)
{
	char *p = mem_zalloc(3), *q;

	(void)state;
	assert_memory_equal(p, "\0\0\0", 3);
	p = mem_array(p, 2, 0);		/* not NULL, and not freed twice */
	assert_non_null(p);
	free(p);
	p = mem_strdup("abc");
	q = mem_strndup("abcdef", 3);
	assert_string_equal(p, q);
	free(p);
	free(q);
	p = mem_strndup("ab", 100);
	assert_string_equal(p, "ab");
	free(p);
}

/* Does the kernel have each of its pages? */
static bool is_resident(void *p, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = size / page;
	unsigned char *there = mem_zalloc(pages);
	bool all = true;

	assert_int_equal(mincore((void *)((uintptr_t)p & ~(page - 1)), size,
				 there), 0);
	for (size_t i = 0; i < pages; i++)
		all &= there[i] & 1;
	free(there);
	return all;
}

/* A huge page is in memory whole, so there is none for a small rest. */
static void what_is_not_touched_is_not_there(void **state)
{
	enum { TWO_MIB = 2 << 20, REST = TWO_MIB / 4 };
	char *p = mem_lines(2 * TWO_MIB + REST, 1);
	char *q = mem_lines(0, 1);

	(void)state;
	assert_int_equal((uintptr_t)p % TWO_MIB, 0);
	assert_int_equal((uintptr_t)q % 64, 0);
	p[2 * TWO_MIB] = 1;
	assert_false(is_resident(p + 2 * TWO_MIB + REST / 2, REST / 2));
	free(p);
	free(q);
}

/* The address sanitizer would see no use of it. */
#ifdef __SANITIZE_ADDRESS__
enum { MEM_KEPT = 0 };
#else
enum { MEM_KEPT = 1 };
#endif

enum { LARGE = 6 << 20 };

static void what_is_large_is_kept(void **state)
{
	char *p, *q, *r;

	(void)state;
	if (!MEM_KEPT)
		return;
	mem_large_ready(LARGE, 1);
	p = mem_large(LARGE - LARGE / 8, 1);
	assert_true(is_resident(p, LARGE - LARGE / 8));
	memset(p, 'x', LARGE - LARGE / 8);
	mem_large_free(p);
	mem_large_ready(LARGE, 1);	/* it is */
	q = mem_large(LARGE, 1);
	assert_ptr_equal(p, q);
	/* one that is larger than what is kept */
	mem_large_free(q);
	p = mem_large(LARGE, 2);
	memset(p, 'y', 2 * LARGE);
	q = mem_large(LARGE, 1);
	r = mem_large(LARGE / 3, 1);
	strcpy(r, "it is kept");
	mem_large_free(r);
	mem_large_free(p);
	mem_large_free(q);
	/* one that is smaller than all three is not */
	mem_large_free(mem_large(LARGE / 10, 1));
	assert_ptr_equal(mem_large(2 * LARGE, 1), p);
	assert_ptr_equal(mem_large(LARGE, 1), q);
	assert_ptr_equal(mem_large(LARGE / 3, 1), r);
	assert_string_equal(r, "it is kept");
	free(r);
	/* nobody gets twice as much as he asks for */
	mem_large_free(p);
	assert_ptr_not_equal(r = mem_large(LARGE / 2, 1), p);
	free(r);
	assert_ptr_equal(mem_large(2 * LARGE, 1), p);
	/* one more than can be kept, and larger, is instead of the least */
	mem_large_free(q);
	mem_large_free(p);
	q = mem_large(LARGE / 2, 1);
	memset(q, 'w', LARGE / 2);
	mem_large_free(q);
	r = mem_large(3 * LARGE, 1);
	memset(r, 'z', 3 * LARGE);
	mem_large_free(r);
	assert_ptr_equal(mem_large(3 * LARGE, 1), r);
	assert_ptr_equal(mem_large(2 * LARGE, 1), p);
	free(p);
	free(r);
}

static void buf_is_a_string(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_reset(&b);
	buf_free(&b);
	buf_add(&b, NULL, 0);
	assert_string_equal(b.data, "");
	buf_puts(&b, "state ");
	buf_char(&b, '=');
	buf_fill(&b, ' ', 2);
	buf_fill(&b, 'x', 0);
	buf_uint(&b, 0);
	buf_char(&b, ' ');
	buf_uint(&b, UINT64_MAX);
	buf_printf(&b, " %s %d", "of", -7);
	assert_string_equal(b.data,
			    "state =  0 18446744073709551615 of -7");
	assert_int_equal(b.len, strlen(b.data));
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	assert_int_equal(b.len, 0);
	buf_free(&b);
	assert_null(b.data);
}

/* every length around the places where it grows */
static void buf_grows(void **state)
{
	char line[300];

	(void)state;
	memset(line, 'a', sizeof(line));
	for (size_t n = 0; n < sizeof(line); n++) {
		struct buf b = { 0 }, c = { 0 };

		line[n] = '\0';
		buf_printf(&b, "%s", line);
		assert_string_equal(b.data, line);
		assert_int_equal(b.len, n);
		for (size_t i = 0; i < n; i++) {
			*buf_reserve(&c, 1) = 'a';
			c.len++;
		}
		buf_add(&c, "", 0);
		assert_string_equal(c.data, line);
		assert_true(c.cap <= 2 * n + 64);
		line[n] = 'a';
		buf_free(&b);
		buf_free(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exhaustion_ends_the_program),
		cmocka_unit_test(memory_is_there),
		cmocka_unit_test(what_is_not_touched_is_not_there),
		cmocka_unit_test(what_is_large_is_kept),
		cmocka_unit_test(buf_is_a_string),
		cmocka_unit_test(buf_grows),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
