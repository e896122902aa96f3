/*
 * trace_why.h - why the kernel does not let us trace, in one line for people
 */
#ifndef SOURCE_TRACE_WHY_H
#define SOURCE_TRACE_WHY_H

#include <stddef.h>

/* error: the errno that loading the BPF program ended with. */
void trace_why(int error, char *why, size_t n);

#endif
