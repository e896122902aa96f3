/*
 * cgroup.h - control groups by their path
 *
 * The kernel knows a group of the second version by the number of its
 * directory's inode (kernfs).
 */
#ifndef VIEW_CGROUP_H
#define VIEW_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* "/system.slice/nginx.service", below the mount of cgroup2 or with it; 0:
 * there is none. */
uint64_t cgroup_id(const char *path);
/*
 * The other way, "/system.slice/nginx.service", safe to print: appends to out.
 * The last answer is kept.  false: it is no more, or CAP_DAC_READ_SEARCH lacks.
 */
bool cgroup_path(uint64_t id, struct buf *out);

#endif
