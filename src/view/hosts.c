#include "view/hosts.h"

#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

enum { ADDRS_MAX = 64, NAME_MAX_LEN = 255 };

struct known {
	struct known *next;
	char *name;
	struct host_addr addrs[ADDRS_MAX];
	size_t count;
};

static struct known *known;

static void add(struct known *k, const struct addrinfo *a)
{
	struct host_addr *h = &k->addrs[k->count];
	const struct sockaddr_in *v4 = (const void *)a->ai_addr;
	const struct sockaddr_in6 *v6 = (const void *)a->ai_addr;

	if (k->count == ADDRS_MAX ||
	    (a->ai_family != AF_INET && a->ai_family != AF_INET6))
		return;
	h->family = (uint8_t)a->ai_family;
	if (a->ai_family == AF_INET)
		memcpy(h->addr.b, &v4->sin_addr, sizeof(v4->sin_addr));
	else
		memcpy(h->addr.b, &v6->sin6_addr, sizeof(v6->sin6_addr));
	k->count++;
}

static struct known *ask_for(const char *name)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	struct known *k;

	if (strnlen(name, NAME_MAX_LEN + 1) > NAME_MAX_LEN ||
	    getaddrinfo(name, NULL, &hints, &list))
		return NULL;
	k = mem_zalloc(sizeof(*k));
	k->name = mem_strdup(name);
	for (const struct addrinfo *a = list; a; a = a->ai_next)
		add(k, a);
	freeaddrinfo(list);
	k->next = known;
	return known = k;
}

size_t hosts_find(const char *name, bool ask, const struct host_addr **list)
{
	struct known *k = known;

	while (k && strcasecmp(k->name, name) != 0)
		k = k->next;
	if (!k && ask)
		k = ask_for(name);
	*list = k ? k->addrs : NULL;
	return k ? k->count : 0;
}
