#include "model/change.h"

#include <stdlib.h>

#include "base/mem.h"

const char *const change_kind_name[CHANGE_KIND_COUNT] = {
	[CHANGE_OPENED]	= "opened",
	[CHANGE_STATE]	= "state",
	[CHANGE_CLOSED]	= "closed",
};

const char *const certainty_name[CERTAINTY_COUNT] = {
	[CERTAIN_EXACT]	   = "exact",
	[CERTAIN_BETWEEN]  = "between",
	[CERTAIN_INFERRED] = "inferred",
	[CERTAIN_AT_LEAST] = "at-least",
	[CERTAIN_AT_MOST]  = "at-most",
};

const char *const origin_name[ORIGIN_COUNT] = {
	[ORIGIN_PROC]	 = "proc",
	[ORIGIN_NETLINK] = "netlink",
	[ORIGIN_DESTROY] = "destroy",
	[ORIGIN_TRACE]	 = "trace",
};

/*
 * A ring of `cap` places.  It grows only while it has never been full, that
 * is before it reaches its limit, so what is in it always starts at 0 then
 * and realloc(3) keeps it in order.
 */
struct change_log {
	struct owners *owners;
	struct change *ring;
	size_t cap, limit;
	size_t next;		/* place of the next one */
	size_t count;
	uint64_t total;
};

enum { FIRST_CAP = 256 };

struct change_log *change_log_new(struct owners *owners, size_t limit)
{
	struct change_log *log = mem_zalloc(sizeof(*log));

	log->owners = owners;
	log->limit = limit;
	return log;
}

void change_log_free(struct change_log *log)
{
	const struct change *c;

	if (!log)
		return;
	for (size_t i = 0; (c = change_log_get(log, i)); i++)
		owners_unref(log->owners, c->owner);
	free(log->ring);
	free(log);
}

static void grow(struct change_log *log)
{
	size_t cap = log->cap ? log->cap * 2 : FIRST_CAP;

	if (cap > log->limit)
		cap = log->limit;
	log->ring = mem_array(log->ring, cap, sizeof(*log->ring));
	log->next = log->cap;
	log->cap = cap;
}

void change_log_add(struct change_log *log, const struct change *c)
{
	struct change *place;

	log->total++;
	if (!log->limit)
		return;
	if (log->count == log->cap && log->cap < log->limit)
		grow(log);
	place = &log->ring[log->next];
	/* c may hold the last place's owner set: take before giving back */
	owners_ref(log->owners, c->owner);
	if (log->count == log->cap)
		owners_unref(log->owners, place->owner);
	else
		log->count++;
	*place = *c;
	log->next = (log->next + 1) % log->cap;
}

size_t change_log_count(const struct change_log *log)
{
	return log->count;
}

uint64_t change_log_total(const struct change_log *log)
{
	return log->total;
}

const struct change *change_log_get(const struct change_log *log, size_t i)
{
	if (i >= log->count)
		return NULL;
	return &log->ring[(log->next + log->cap - 1 - i) % log->cap];
}
