#include "view/names.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"

enum { PORTS = 65536, NAME_LIMIT = 64 };

/* of all that is kept here: rows are printed by two threads */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* every name of services(5), aliases too: for the way back to the port */
struct service {
	char *name;
	uint16_t port;
};

static const char **service_names;	/* [PORTS]; NULL: not read yet */
static struct service *services;
static size_t service_count, service_capacity;

static char *safe_name(const char *name)
{
	struct safe t = safe_text(name, strlen(name), NAME_LIMIT);

	return t.s ? t.s : mem_strdup("");
}

static const char *add_service(const char *name, uint16_t port)
{
	struct service *s;

	if (service_count == service_capacity) {
		service_capacity += service_capacity ? service_capacity : 512;
		services = mem_array(services, service_capacity,
				     sizeof(*services));
	}
	s = &services[service_count++];
	s->name = safe_name(name);
	s->port = port;
	return s->name;
}

/* The first line for a port names it, as getservbyport(3) has it. */
static void read_services(void)
{
	struct servent *e;

	if (service_names)
		return;
	service_names = mem_zalloc(PORTS * sizeof(*service_names));
	setservent(0);
	while ((e = getservent())) {
		uint16_t port = ntohs((uint16_t)e->s_port);
		const char *name;

		if (strcmp(e->s_proto, "tcp") != 0)
			continue;
		name = add_service(e->s_name, port);
		if (!service_names[port])
			service_names[port] = name;
		for (char **alias = e->s_aliases; *alias; alias++)
			add_service(*alias, port);
	}
	endservent();
}

const char *service_name(uint16_t port)
{
	const char *name;

	pthread_mutex_lock(&lock);
	read_services();
	name = service_names[port];
	pthread_mutex_unlock(&lock);
	return name;
}

static int find_port(const char *name, size_t len)
{
	for (size_t i = 0; i < service_count; i++)
		if (strncasecmp(services[i].name, name, len) == 0 &&
		    services[i].name[len] == '\0')
			return services[i].port;
	return -1;
}

int service_port(const char *name, size_t len)
{
	int port;

	pthread_mutex_lock(&lock);
	read_services();
	port = find_port(name, len);
	pthread_mutex_unlock(&lock);
	return port;
}

/*
 * Users and devices: few of them, asked for again and again.  A hash table
 * with open addressing, never more than half full.
 */
struct numbered {
	uint32_t number;
	char *name;		/* NULL: free */
};

struct name_cache {
	struct numbered *slots;
	uint32_t size, used;	/* size: 0 or a power of two */
	char *(*find)(uint32_t number);
};

static struct numbered *cache_place(const struct numbered *slots, uint32_t size,
				    uint32_t number)
{
	uint32_t i = number * UINT32_C(2654435761) & (size - 1);

	while (slots[i].name && slots[i].number != number)
		i = (i + 1) & (size - 1);
	return (struct numbered *)&slots[i];
}

static void cache_grow(struct name_cache *c)
{
	uint32_t size = c->size ? 2 * c->size : 64;
	struct numbered *slots = mem_zalloc(size * sizeof(*slots));

	for (uint32_t i = 0; i < c->size; i++)
		if (c->slots[i].name)
			*cache_place(slots, size, c->slots[i].number) =
				c->slots[i];
	free(c->slots);
	c->slots = slots;
	c->size = size;
}

static const char *cache_name(struct name_cache *c, uint32_t number)
{
	struct numbered *n;
	const char *name;

	pthread_mutex_lock(&lock);
	if (2 * c->used >= c->size)
		cache_grow(c);
	n = cache_place(c->slots, c->size, number);
	if (!n->name) {
		n->number = number;
		n->name = c->find(number);
		c->used++;
	}
	name = n->name;
	pthread_mutex_unlock(&lock);
	return name;
}

static char *find_user(uint32_t uid)
{
	const struct passwd *p = getpwuid(uid);
	char digits[16];

	if (p && p->pw_name && *p->pw_name)
		return safe_name(p->pw_name);
	snprintf(digits, sizeof(digits), "%u", uid);
	return mem_strdup(digits);
}

static char *find_device(uint32_t ifindex)
{
	char name[IF_NAMESIZE + 16];

	if (if_indextoname(ifindex, name))
		return safe_name(name);
	snprintf(name, sizeof(name), "if%u", ifindex);
	return mem_strdup(name);
}

const char *user_name(uint32_t uid)
{
	static struct name_cache cache = { .find = find_user };

	return cache_name(&cache, uid);
}

const char *device_name(uint32_t ifindex)
{
	static struct name_cache cache = { .find = find_device };

	return cache_name(&cache, ifindex);
}
