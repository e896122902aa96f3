#include "view/changeline.h"

#include <string.h>
#include <time.h>

#include "view/format.h"

static const char *arrow(bool ascii)
{
	return ascii ? " -> " : " → ";
}

static void add_state(struct buf *out, unsigned state)
{
	char text[STATE_TEXT_MAX];

	buf_puts(out, state_text(text, state));
}

void changeline_what(struct buf *out, const struct change *ch, bool ascii)
{
	switch (ch->kind) {
	case CHANGE_OPENED:
		buf_puts(out, "+ opened");
		if (ch->to != STATE_ESTABLISHED) {
			buf_char(out, ' ');
			add_state(out, ch->to);
		}
		break;
	case CHANGE_CLOSED:
		buf_puts(out, ascii ? "- " : "− ");
		add_state(out, ch->from);
		buf_puts(out, arrow(ascii));
		buf_puts(out, "closed");
		break;
	default:
		buf_puts(out, "~ ");
		add_state(out, ch->from);
		buf_puts(out, arrow(ascii));
		add_state(out, ch->to);
	}
}

static const char *direction_arrow(unsigned direction, bool ascii)
{
	if (direction == DIR_IN)
		return ascii ? " <- " : " ← ";
	if (direction == DIR_OUT)
		return arrow(ascii);
	return ascii ? " - " : " – ";
}

void changeline_ends_aligned(struct buf *out, const struct column_context *c,
			     const struct change *ch, int local_width,
			     bool ascii)
{
	/* what prints an end only reads it, but getters may scribble */
	struct column_context own = { .names = c->names, .ascii = ascii };
	size_t from = out->len;
	int width;

	column_end_text(&own, &ch->id, true, out);
	if (!ch->id.remote_port && addr_is_any(&ch->id.remote))
		return;
	width = utf8_width(out->data + from);
	if (width < local_width)
		buf_fill(out, ' ', (size_t)(local_width - width));
	buf_puts(out, direction_arrow(ch->direction, ascii));
	column_end_text(&own, &ch->id, false, out);
}

void changeline_ends(struct buf *out, const struct column_context *c,
		     const struct change *ch, bool ascii)
{
	changeline_ends_aligned(out, c, ch, 0, ascii);
}

/*
 * The end of a span of time that begins in another second: as much of it as
 * differs.  A minute or more apart, seconds do not matter any more.
 */
static void add_span(struct buf *out, int64_t after, int64_t at, bool ascii)
{
	size_t from = out->len;
	struct buf end = { 0 };
	bool minutes = at - after >= 60 * NS_PER_SEC;

	format_clock(out, after, false);
	format_clock(&end, at, false);
	if (minutes && out->len - from == 8)
		out->len -= 3;
	buf_puts(out, ascii ? "-" : "–");
	if (end.len != 8)
		buf_puts(out, buf_str(&end));
	else if (minutes)
		buf_add(out, end.data, 5);
	else
		buf_puts(out, end.data + 6);
	buf_free(&end);
}

static void add_tenth(struct buf *out, int64_t wall)
{
	buf_char(out, (char)('0' + wall % NS_PER_SEC / (NS_PER_SEC / 10)));
}

void changeline_time(struct buf *out, const struct monitor *m,
		     const struct change *ch, bool ascii)
{
	int64_t after = ch->wall;

	(void)m;
	if (ch->certainty == CERTAIN_EXACT) {
		format_clock(out, ch->wall, true);
		return;
	}
	/* the wall clock may have been set in between; the span was not */
	if (ch->after != TIME_UNKNOWN && ch->after < ch->at)
		after -= ch->at - ch->after;
	if (after / NS_PER_SEC != ch->wall / NS_PER_SEC) {
		add_span(out, after, ch->wall, ascii);
	} else {
		format_clock(out, ch->wall, false);
		buf_char(out, '.');
		add_tenth(out, after);
		if (after / (NS_PER_SEC / 10) != ch->wall / (NS_PER_SEC / 10)) {
			buf_puts(out, ascii ? "-" : "–");
			add_tenth(out, ch->wall);
		}
	}
	if (ch->certainty == CERTAIN_INFERRED)
		buf_char(out, '?');
}

/* The kernel's own times are good for more than tenths of a second. */
static void add_dwell(struct buf *out, const struct change *ch)
{
	double ms = (double)ch->dwell / NS_PER_MS;

	if (ch->dwell_certainty == CERTAIN_EXACT && ms < 100)
		buf_printf(out, "%.*fms", ms < 10 ? 1 : 0, ms);
	else
		format_duration(out, ch->dwell);
}

/* What its last tcp_info says of the whole connection. */
static void add_traffic(struct buf *out, const struct change *ch)
{
	if (ch->bytes_sent == U64_UNKNOWN || ch->bytes_received == U64_UNKNOWN)
		return;
	buf_puts(out, ", sent ");
	format_short(out, ch->bytes_sent);
	buf_puts(out, " got ");
	format_short(out, ch->bytes_received);
	if (ch->rtt_us && ch->rtt_us != U32_UNKNOWN)
		buf_printf(out, " rtt %.2fms", ch->rtt_us / 1e3);
}

void changeline_dwell(struct buf *out, const struct change *ch, bool ascii)
{
	if (ch->dwell == TIME_UNKNOWN)
		return;
	buf_puts(out, "after ");
	if (ch->dwell_certainty == CERTAIN_AT_LEAST)
		buf_puts(out, ascii ? ">=" : "≥");
	if (ch->dwell_certainty == CERTAIN_AT_MOST)
		buf_puts(out, ascii ? "<=" : "≤");
	add_dwell(out, ch);
	add_traffic(out, ch);
}

uint32_t change_owner(const struct monitor *m, const struct change *ch,
		      bool *last)
{
	const struct sock *s = NULL;

	if (ch->slot < table_slots(m->table))
		s = table_slot(m->table, ch->slot);
	/* what was not known when it happened may be known by now */
	if (s && s->serial == ch->serial && s->owner != OWNER_PENDING) {
		*last = s->owner_last;
		return s->owner;
	}
	*last = ch->owner_last;
	return ch->owner;
}

void changeline_owner(struct buf *out, const struct monitor *m,
		      const struct change *ch, bool ascii)
{
	bool last;
	uint32_t set = change_owner(m, ch, &last);

	owner_text(out, m->owners, set, last, ascii);
}

void owner_text(struct buf *out, const struct owners *o, uint32_t set,
		bool last_known, bool ascii)
{
	const struct process *p = owners_get(o, set, 0);
	size_t from = out->len, count = owners_count(o, set);

	if (!p) {
		if (set == OWNER_PENDING)
			buf_puts(out, ascii ? "..." : "…");
		else
			buf_char(out, set == OWNER_HIDDEN ? '?' : '-');
		return;
	}
	if (last_known)
		buf_char(out, '(');
	buf_puts(out, safe_str(p->name));
	if (ascii)
		format_ascii(out, from);
	buf_char(out, '[');
	buf_uint(out, (uint64_t)p->pid);
	buf_char(out, ']');
	if (count > 1) {
		buf_puts(out, " +");
		buf_uint(out, count - 1);
	}
	if (last_known)
		buf_char(out, ')');
}

void sock_owner_text(struct buf *out, const struct owners *o,
		     const struct sock *s, bool ascii)
{
	/* without an inode there is nobody to be found */
	if (s->owner < OWNER_FIRST && sock_in_accept_queue(s))
		buf_puts(out, "(in accept queue)");
	else
		owner_text(out, o, s->owner, s->owner_last, ascii);
}
