/*
 * finding_queue.c - queues that did not get shorter from scan to scan
 *
 * Only those that have something in them are remembered, and only from one
 * scan to the next.  Slots come by in order, so that the old list is walked
 * along with them and nothing is looked for.
 */
#include "view/finding_part.h"

#include <stdlib.h>

#include "base/mem.h"

void suspects_begin(struct suspects *s)
{
	struct suspect *spare = s->old;
	size_t capacity = s->old_capacity;

	s->old = s->new;
	s->old_count = s->new_count;
	s->old_capacity = s->new_capacity;
	s->new = spare;
	s->new_capacity = capacity;
	s->new_count = s->at = 0;
	s->refused = 0;
}

void suspects_free(struct suspects *s)
{
	free(s->old);
	free(s->new);
}

static struct suspect *append(struct suspects *s)
{
	if (s->new_count == SUSPECTS_MAX) {
		s->refused++;
		return NULL;
	}
	if (s->new_count == s->new_capacity) {
		s->new_capacity = 2 * s->new_capacity + 64;
		s->new = mem_array(s->new, s->new_capacity, sizeof(*s->new));
	}
	return &s->new[s->new_count++];
}

static const struct suspect *known(struct suspects *s, uint32_t slot,
				   const struct sock *sock)
{
	while (s->at < s->old_count && s->old[s->at].slot < slot)
		s->at++;
	if (s->at == s->old_count || s->old[s->at].slot != slot ||
	    s->old[s->at].serial != sock->serial)
		return NULL;
	return &s->old[s->at];
}

const struct suspect *suspects_add(struct suspects *s, uint32_t slot,
				   const struct sock *sock, uint32_t queue,
				   int64_t now)
{
	const struct suspect *old = known(s, slot, sock);
	struct suspect *new = append(s);

	if (!new)
		return NULL;
	if (!old || queue < old->queue) {
		*new = (struct suspect){
			.serial = sock->serial, .slot = slot,
			.queue = queue, .first = queue, .samples = 1,
			.seen_pass = sock->seen_pass, .since = now,
		};
		return new;
	}
	*new = *old;
	/* a row that nobody read again proves nothing */
	if (sock->seen_pass != old->seen_pass)
		new->samples++;
	new->seen_pass = sock->seen_pass;
	new->queue = queue;
	return new;
}
