/*
 * proc.h - inside of the text source, for its tests only
 */
#ifndef SOURCE_PROC_H
#define SOURCE_PROC_H

#include <stdbool.h>
#include <sys/types.h>

#include "source/source.h"

/* A longer line is no row: skipped and counted. */
enum { PROC_BUFFER = 65536 };

/* Replaces read(2). */
void proc_set_read(struct source *s, ssize_t (*read)(int, void *, size_t));

#endif
