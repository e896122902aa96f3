#include "view/hosts.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"

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

/* ---- hosts(5) ---------------------------------------------------------------- */

enum { FILE_MAX = 8192 };	/* entries of a file that blocks advertisers */

struct entry {
	struct host_addr at;
	struct safe name;
};

static struct entry *entries;
static size_t entry_count;

static void add_line(char *line)
{
	static const char blank[] = " \t\r\n";
	char *save, *word;
	struct entry e = { 0 };

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, blank, &save);
	if (!word)
		return;
	e.at.family = (uint8_t)addr_parse(word, &e.at.addr);
	word = strtok_r(NULL, blank, &save);
	if (!e.at.family || !word || entry_count == FILE_MAX)
		return;
	e.name = safe_text(word, strlen(word), NAME_MAX_LEN);
	entries = mem_array(entries, entry_count + 1, sizeof(*entries));
	entries[entry_count++] = e;
}

static void read_file(void)
{
	FILE *f = fopen("/etc/hosts", "re");
	char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) >= 0)
		add_line(line);
	free(line);
	if (f)
		fclose(f);
}

const char *hosts_name(uint8_t family, const struct addr *a)
{
	static bool read;
	struct addr inner = { { 0 } };

	if (!read)
		read_file();
	read = true;
	if (addr_is_mapped(family, a)) {
		memcpy(inner.b, a->b + 12, 4);
		return hosts_name(AF_INET, &inner);
	}
	for (size_t i = 0; i < entry_count; i++)
		if (entries[i].at.family == family &&
		    addr_equal(&entries[i].at.addr, a))
			return safe_str(entries[i].name);
	return NULL;
}
