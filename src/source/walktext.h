/*
 * walktext.h - the texts a walk over processes reads, taken apart
 *
 * Pure functions over (text, length); walk_parse_stat() of walk.h belongs to
 * them.
 */
#ifndef SOURCE_WALKTEXT_H
#define SOURCE_WALKTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Text of /proc/PID/stat: can this process hold descriptors at all?  Kernel
 * threads and zombies cannot.  true when in doubt.
 */
bool walktext_may_hold(const char *stat, size_t len);

/*
 * Text of /proc/self/mountinfo: is the file system of device major:minor a
 * procfs that hides other users' processes, as if they were not there
 * (hidepid=2 or 4; "invisible", "ptraceable")?
 */
bool walktext_hidepid(const char *mountinfo, size_t len, unsigned major_nr,
		      unsigned minor_nr);

/* "socket:[123]" to 123; 0 if it is anything else. */
uint64_t walktext_socket(const char *link, size_t len);
/* "123" to 123; 0 if it is no pid. */
int32_t walktext_pid(const char *name);

#endif
