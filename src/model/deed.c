#include "model/deed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void deed_begin(struct deed *d, enum deed_kind kind)
{
	deed_free(d);
	d->kind = kind;
	d->phase = DEED_ASKED;
}

void deed_free(struct deed *d)
{
	free(d->target);
	memset(d, 0, sizeof(*d));
}

void deed_add(struct deed *d, const struct sock *s, uint32_t slot)
{
	if (d->count == d->capacity) {
		d->capacity = 2 * d->capacity + 16;
		d->target = mem_array(d->target, d->capacity,
				      sizeof(*d->target));
	}
	d->target[d->count++] = (struct deed_target){
		.who = { .slot = slot, .serial = s->serial },
		.id = s->row.id, .cookie = s->row.cookie,
		.inode = s->row.inode, .owner = s->owner,
		.state = s->row.state,
	};
	d->of[FATE_OPEN]++;
}

void deed_to(struct deed *d, int32_t pid, uint64_t start, int sig)
{
	d->pid = pid;
	d->start = start;
	d->sig = sig;
	d->phase = DEED_READY;
}

void deed_go(struct deed *d)
{
	d->phase = DEED_GOING;
	d->next = 0;
}

void deed_stop(struct deed *d)
{
	if (d->phase != DEED_GOING)
		return;
	d->stopped = true;
	d->phase = DEED_DONE;
}

void deed_fate(struct deed *d, struct deed_target *t, enum deed_fate fate,
	       int error)
{
	d->of[t->fate]--;
	d->of[fate]++;
	t->fate = fate;
	t->error = error;
	if (fate == FATE_REFUSED && !d->error)
		d->error = error;
}

bool deed_same(const struct deed_target *t, const struct row *row)
{
	if (t->cookie && row->cookie && t->cookie != row->cookie)
		return false;
	if (t->inode && row->inode && t->inode != row->inode)
		return false;
	return t->state == row->state || state_reachable(t->state, row->state);
}

static int by_owner(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Keeps the most in front. */
static void take_owner(struct deed_sum *sum, uint32_t set, uint32_t count)
{
	int i = DEED_OWNERS;

	while (i > 0 && sum->owner[i - 1].count < count)
		i--;
	if (i == DEED_OWNERS) {
		sum->others += count;
		return;
	}
	sum->others += sum->owner[DEED_OWNERS - 1].count;
	memmove(&sum->owner[i + 1], &sum->owner[i],
		(DEED_OWNERS - 1 - i) * sizeof(sum->owner[0]));
	sum->owner[i].set = set;
	sum->owner[i].count = count;
}

void deed_sum(const struct deed *d, struct deed_sum *sum)
{
	uint32_t *sets = mem_array(NULL, d->count + 1, sizeof(*sets));
	size_t i, from;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < d->count; i++) {
		sum->state[state_slot(d->target[i].state)]++;
		sets[i] = d->target[i].owner;
	}
	qsort(sets, d->count, sizeof(*sets), by_owner);
	for (i = from = 0; i < d->count; i++) {
		if (i + 1 < d->count && sets[i + 1] == sets[i])
			continue;
		take_owner(sum, sets[i], i + 1 - from);
		from = i + 1;
	}
	free(sets);
}
