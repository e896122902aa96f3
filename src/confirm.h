/*
 * confirm.h - is a socket that a pass did not have really gone?
 *
 * Asks sock_diag for each absent socket of the table, between
 * table_pass_end() and table_pass_settle(), a batch at a time.
 *
 * The kernel's look-up finds a socket that is bound to a device only when it
 * is told which one, and /proc/net/tcp does not tell.  So what is not found by
 * its endpoints is asked for once more on each device the host has, as long as
 * these are few; on a host with many the table waits for the next pass.
 */
#ifndef CONFIRM_H
#define CONFIRM_H

#include <stdbool.h>
#include <stddef.h>

#include "model/table.h"

struct confirm;

/* NULL with errno when there is no sock_diag. */
struct confirm *confirm_new(void);
void confirm_free(struct confirm *c);
/* Judges some absent sockets from the *next-th on, and moves *next; true
 * while there are more. needs: enum need, for the rows that are found. */
bool confirm_step(struct confirm *c, struct table *t, size_t *next,
		  unsigned needs);

#endif
