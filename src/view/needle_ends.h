/*
 * needle_ends.h - is a text of digits, '.' and ':' in "1.2.3.4:567"?
 */
#ifndef VIEW_NEEDLE_ENDS_H
#define VIEW_NEEDLE_ENDS_H

#include <stdbool.h>
#include <stdint.h>

struct needle_ends {
	/* in which ways that number may stand in that field, a bit each; in all
	 * those that are not about the field */
	uint8_t octet[4][256];
	uint8_t any_port;		/* ways that are not about the port */
	uint64_t port[1024];		/* those that the others want, a bit
					   each */
};

/* NULL: no such end can have it.  The caller's, free(3). */
struct needle_ends *needle_ends_new(const char *text);

/* All is asked, without a branch: of a million ends half fit in one field and
 * not in the next, and no processor guesses which. */
static inline bool needle_ends_match(const struct needle_ends *e,
				     const uint8_t *addr, uint16_t port)
{
	unsigned port_fits = e->port[port / 64] >> port % 64 & 1;

	return e->octet[0][addr[0]] & e->octet[1][addr[1]] &
	       e->octet[2][addr[2]] & e->octet[3][addr[3]] &
	       (e->any_port | -port_fits);
}

#endif
