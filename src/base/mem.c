#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* AddressSanitizer sees no use of memory that is kept. */
#ifdef __SANITIZE_ADDRESS__
enum { MEM_CHECKED = 1 };
#else
enum { MEM_CHECKED = 0 };
#endif

static void (*exhaustion_hook)(void);

void mem_on_exhaustion(void (*hook)(void))
{
	exhaustion_hook = hook;
}

/*
 * Nothing here may allocate; stdio might.  The hook is forgotten before it
 * runs, so that one which runs out of memory itself does not come back.
 */
void mem_exhausted(void)
{
	static const char line[] = "tulpen: out of memory\n";
	void (*hook)(void) = exhaustion_hook;

	exhaustion_hook = NULL;
	if (hook)
		hook();
	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(3);
	exit(3);
}

void *mem_alloc(size_t size)
{
	return mem_array(NULL, 1, size);
}

void *mem_zalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *mem_array(void *old, size_t n, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(n, size, &total))
		mem_exhausted();
	/* realloc(p, 0) would free */
	p = realloc(old, total ? total : 1);
	if (!p)
		mem_exhausted();
	return p;
}

enum { LINE = 64, HUGE = 2 << 20 };	/* of most machines */

/* How much of it is in huge pages: half of one is better than 256 small ones,
 * but less is left to these, as a huge page is in memory whole. */
static size_t in_huge_pages(size_t total)
{
	return (total + HUGE / 2) / HUGE * HUGE;
}

void *mem_lines(size_t n, size_t size)
{
	size_t total, huge;
	void *p;

	if (__builtin_mul_overflow(n, size, &total) ||
	    total > SIZE_MAX - HUGE)
		mem_exhausted();
	huge = in_huge_pages(total);
	if (total < huge)
		total = huge;
	if (posix_memalign(&p, huge ? HUGE : LINE, total ? total : LINE))
		mem_exhausted();
	if (huge)
		madvise(p, huge, MADV_HUGEPAGE);
	return p;
}

/*
 * What a key takes for a moment is 4 bytes a row, and it is the same each time.
 * From the kernel it would come cleared, and to a virtual machine page by page
 * from its host: up to 20 ms were seen of 4 MB.  There are two at a time, rows
 * and those of a filter or of a level in, which are fewer: when one of these was
 * kept in the place of all, each next key took 489 faults.  A search takes a
 * byte a row besides.
 */
enum { KEPT = 3, LARGE = HUGE / 4 };

static struct {
	void *memory;			/* NULL: none */
	size_t size;
} kept[KEPT];

/* The smallest one that will do, but none of twice as much; -1 there is none. */
static int find_kept(size_t total)
{
	int best = -1;

	for (int i = 0; i < KEPT; i++)
		if (kept[i].size >= total && kept[i].size / 2 <= total &&
		    (best < 0 || kept[i].size < kept[best].size))
			best = i;
	return best;
}

void *mem_large(size_t n, size_t size)
{
	size_t total;
	void *p;
	int i;

	if (__builtin_mul_overflow(n, size, &total) || total < LARGE)
		return mem_array(NULL, n, size);
	i = find_kept(total);
	if (i < 0)
		return mem_lines(n, size);
	p = kept[i].memory;
	kept[i].memory = NULL;
	kept[i].size = 0;
	return p;
}

void mem_large_free(void *p)
{
	size_t size = malloc_usable_size(p);
	int least = 0;

	for (int i = 1; i < KEPT; i++)
		if (kept[i].size < kept[least].size)
			least = i;
	if (size < LARGE || size <= kept[least].size || MEM_CHECKED) {
		free(p);
		return;
	}
	free(kept[least].memory);
	kept[least].memory = p;
	kept[least].size = size;
}

void mem_large_ready(size_t n, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(n, size, &total) || total < LARGE ||
	    MEM_CHECKED)
		return;
	for (int i = 0; i < KEPT; i++)
		if (kept[i].size >= total)
			return;
	p = mem_lines(n, size);
	memset(p, 0, total);
	mem_large_free(p);
}

char *mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

char *mem_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = mem_alloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}
