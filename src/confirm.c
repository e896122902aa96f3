#include "confirm.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/lookup.h"

enum { DEVICES_MAX = 16 };

struct confirm {
	struct lookup *lookup;
	struct lookup_item item[LOOKUP_BATCH];
	/* the second question, for what has no cookie */
	struct lookup_item again[DEVICES_MAX];
	unsigned device[DEVICES_MAX];
	size_t devices;
	bool many_devices;
};

struct confirm *confirm_new(void)
{
	struct lookup *lookup = lookup_new();
	struct confirm *c;

	if (!lookup)
		return NULL;
	c = mem_zalloc(sizeof(*c));
	c->lookup = lookup;
	return c;
}

void confirm_free(struct confirm *c)
{
	if (!c)
		return;
	lookup_free(c->lookup);
	free(c);
}

/* Devices come and go: they are listed anew for each pass that asks. */
static void list_devices(struct confirm *c)
{
	struct if_nameindex *all = if_nameindex();

	c->devices = 0;
	c->many_devices = !all;
	for (struct if_nameindex *i = all; i && i->if_index; i++) {
		if (c->devices == DEVICES_MAX) {
			c->many_devices = true;
			break;
		}
		c->device[c->devices++] = i->if_index;
	}
	if (all)
		if_freenameindex(all);
}

static enum lookup_answer ask_each_device(struct confirm *c,
					  const struct lookup_item *item,
					  struct row *row)
{
	memset(c->again, 0, sizeof(c->again));
	for (size_t i = 0; i < c->devices; i++) {
		c->again[i].id = item->id;
		c->again[i].id.ifindex = c->device[i];
	}
	lookup_ask(c->lookup, c->again, c->devices, 0);
	for (size_t i = 0; i < c->devices; i++) {
		if (c->again[i].answer == LOOKUP_FOUND) {
			*row = c->again[i].row;
			return LOOKUP_FOUND;
		}
		if (c->again[i].answer != LOOKUP_NONE_BY_NAME)
			return LOOKUP_ERROR;
	}
	return LOOKUP_NONE;
}

static void judge(struct confirm *c, struct table *t, size_t i,
		  struct lookup_item *item)
{
	enum lookup_answer answer = item->answer;

	if (answer == LOOKUP_NONE_BY_NAME && item->id.ifindex)
		answer = LOOKUP_NONE;
	if (answer == LOOKUP_NONE_BY_NAME && !c->many_devices)
		answer = ask_each_device(c, item, &item->row);
	switch (answer) {
	case LOOKUP_FOUND:
		table_found(t, i, &item->row);
		break;
	case LOOKUP_NONE:
		table_verdict(t, i, VERDICT_GONE);
		break;
	case LOOKUP_NONE_BY_NAME:
		table_verdict(t, i, VERDICT_MAYBE_GONE);
		break;
	case LOOKUP_ERROR:
		table_verdict(t, i, VERDICT_UNKNOWN);
		break;
	}
}

bool confirm_step(struct confirm *c, struct table *t, size_t *next,
		  unsigned needs)
{
	const struct sock *absent;
	size_t n = 0;

	if (*next == 0)
		list_devices(c);
	memset(c->item, 0, sizeof(c->item));
	while (n < LOOKUP_BATCH && (absent = table_absent(t, *next + n))) {
		c->item[n].id = absent->row.id;
		c->item[n].cookie = absent->row.cookie;
		n++;
	}
	lookup_ask(c->lookup, c->item, n, needs);
	for (size_t i = 0; i < n; i++)
		judge(c, t, *next + i, &c->item[i]);
	*next += n;
	return table_absent(t, *next) != NULL;
}
