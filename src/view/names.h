/*
 * names.h - what the system's files call a port, a user and a device
 *
 * Each name is asked for once and kept to the end of the program; the text is
 * safe to print and belongs to the cache.  Any thread may ask.
 */
#ifndef VIEW_NAMES_H
#define VIEW_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* "443" as "https" for -r; NULL if it has no name. Reads services(5) once. */
const char *service_name(uint16_t port);
/* The port of a service by any of its names, in any case; -1 unknown. */
int service_port(const char *name, size_t len);
/* The name of a user, "1234" if it has none. Cached; read through
 * getpwuid(3) once for each uid. */
const char *user_name(uint32_t uid);
/* "eth0"; "if7" if it is gone. Cached. */
const char *device_name(uint32_t ifindex);

#endif
