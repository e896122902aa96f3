#include "feed.h"

#include "model/change.h"

uint64_t feed_fresh(const struct feed *f)
{
	return change_log_total(f->log) - f->taken;
}

/* A filter asks a socket: the one that changed, as it is after that. */
static bool shown(const struct feed *f, const struct change *c)
{
	const struct sock s = {
		.row = {
			.id = c->id, .cookie = c->cookie,
			.uid = U32_UNKNOWN, .recv_q = U32_UNKNOWN,
			.send_q = U32_UNKNOWN, .expires_ms = U32_UNKNOWN,
			.timer = TIMER_UNKNOWN,
			.state = c->to == STATE_NONE ? c->from : c->to,
		},
		.owner = c->owner, .owner_last = c->owner_last,
		.direction = c->direction, .live = true,
	};

	return !f->view || view_match(f->view, f->context, &s);
}

void feed_take(struct feed *f, struct buf *text)
{
	uint64_t fresh = feed_fresh(f);
	size_t kept = change_log_count(f->log);

	if (fresh > kept) {
		f->missed += fresh - kept;
		fresh = kept;
	}
	f->taken = change_log_total(f->log);
	while (fresh--) {
		const struct change *c = change_log_get(f->log, fresh);

		if (shown(f, c))
			f->format->change(text, f->out, f->context, c);
	}
}
