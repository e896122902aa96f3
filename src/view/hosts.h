/*
 * hosts.h - the addresses that a name of a host stands for
 *
 * Asked of the system's resolver, which may take seconds, only when the caller
 * says that this may be; what was found once is known from then on.  The lists
 * are kept to the end of the program.
 */
#ifndef VIEW_HOSTS_H
#define VIEW_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct host_addr {
	struct addr addr;
	uint8_t family;		/* AF_INET, AF_INET6 */
};

/* How many it has; 0: none are known. */
size_t hosts_find(const char *name, bool ask, const struct host_addr **list);

/*
 * The name that hosts(5) gives an address, safe to print; NULL: none.  The file
 * is read once, and nobody is asked over the network.
 */
const char *hosts_name(uint8_t family, const struct addr *a);

#endif
