/*
 * cgroup.h - control groups by their path
 *
 * The kernel knows a group of the second version by the number of its
 * directory's inode (kernfs).
 */
#ifndef VIEW_CGROUP_H
#define VIEW_CGROUP_H

#include <stdint.h>

/* "/system.slice/nginx.service", below the mount of cgroup2 or with it; 0:
 * there is none. */
uint64_t cgroup_id(const char *path);

#endif
