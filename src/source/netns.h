/*
 * netns.h - which network namespace this process is in
 */
#ifndef SOURCE_NETNS_H
#define SOURCE_NETNS_H

#include <stdint.h>

/* The inode of /proc/self/ns/net, which names it everywhere; 0 unknown. */
uint32_t own_netns(void);

#endif
