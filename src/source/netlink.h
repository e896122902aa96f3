/*
 * netlink.h - inside of the dump source, for its tests only
 */
#ifndef SOURCE_NETLINK_H
#define SOURCE_NETLINK_H

#include "source/nlsock.h"
#include "source/source.h"

/* how long a dump may say nothing before it is given up */
#define NETLINK_DEADLINE	(5 * NS_PER_SEC)
/* how often a dump is begun again before it is taken as it is */
enum { NETLINK_AGAIN = 3 };

/* A source on a socket made by the caller, which it takes over. */
struct source *netlink_on(const struct clock *clock, const struct nlsock *nl);

#endif
