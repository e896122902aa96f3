/*
 * journal.h - every change into a file while the screen is looked at (--log)
 *
 *	j = journal_open(path, monitor, error, sizeof(error));
 *	journal_write(j);			after changes, soon
 *	journal_close(j);
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "model/monitor.h"

struct journal;

/* Appends to the file, made with mode 0600 if need be; a name that ends in
 * .json, .jsonl or .csv says how, others are written as text.  NULL with a line
 * for people in error[n]. */
struct journal *journal_open(const char *path, struct monitor *m,
			     char *error, size_t n);
/* Writes what is left first.  NULL is fine, here and below. */
void journal_close(struct journal *j);
/* Changes that were not taken yet: the log keeps only so many. */
uint64_t journal_fresh(const struct journal *j);
/* Writes what is new.  What the file does not take (a full disk) is told in the
 * monitor's status, kept and tried again. */
void journal_write(struct journal *j);

#endif
