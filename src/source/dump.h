/*
 * dump.h - rows from a file that "ss -D FILE" wrote
 *
 * The file holds the kernel's answers as they came: sock_diag messages, one
 * dump for each family, each with an NLMSG_DONE behind it.  It may come from any
 * machine and from anybody, so nothing in it is believed: what is cut off or
 * makes no sense makes the pass partial, and a file without a single message is
 * an error.  What is told of times is as of the moment it was written.
 */
#ifndef SOURCE_DUMP_H
#define SOURCE_DUMP_H

#include "source/source.h"

/* path "-": the standard input.  Opened when a pass is begun. */
struct source *source_dump(const struct clock *clock, const char *path);

#endif
