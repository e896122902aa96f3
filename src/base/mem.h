/*
 * mem.h - memory that is there or the program ends
 *
 * Running out of memory is fatal, once and in one place: these functions
 * never return NULL.  On exhaustion they call the hook (the screen sets it
 * to give the terminal back), print one line to stderr and exit with
 * status 3.  The caller owns what it gets and frees it with free(3).
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
/* n * size with the product checked; an overflow is exhaustion */
void *mem_array(void *old, size_t n, size_t size);
/* The same of new memory that begins with a line of the processor's cache (64
 * bytes) and will be filled from there on.  A lot of it is huge pages, if the
 * kernel has some: else each 4 KiB is asked for. */
void *mem_lines(size_t n, size_t size);
/* The same for what is wanted often, and for a moment. */
void *mem_large(size_t n, size_t size);
/* Gives that back: to the next mem_large(), as one of the three largest given.
 * free(3) does as well, where nobody is going to want as much soon.  For one
 * thread. */
void mem_large_free(void *p);
/* The next mem_large() of that size, or little less, finds it kept. */
void mem_large_ready(size_t n, size_t size);
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t n);

/* What they do: for allocations that others made and that failed. */
_Noreturn void mem_exhausted(void);

/* hook is called at most once, before the message; NULL for none */
void mem_on_exhaustion(void (*hook)(void));

#endif
