/*
 * json_change.c - a change as one JSON object on one line
 */
#include "out/json_value.h"
#include "view/changeline.h"

/* null: there was, or is, no socket */
static void put_state(struct json_object *o, const char *key, unsigned state)
{
	char text[STATE_TEXT_MAX];

	if (state == STATE_NONE)
		json_put_null(o, key);
	else
		json_put_text(o, key, state_text(text, state));
}

/* The columns that make out which socket it is; they ask a socket. */
static void put_socket(struct json_object *o, struct column_context *c,
		       const struct change *ch)
{
	static const uint8_t ids[] = {
		COL_PROTO, COL_LOCAL, COL_LOCAL_PORT, COL_REMOTE,
		COL_REMOTE_PORT, COL_DIRECTION, COL_COOKIE,
	};
	const struct sock s = {
		.row = { .id = ch->id, .cookie = ch->cookie },
		.direction = ch->direction,
	};

	for (size_t i = 0; i < sizeof(ids); i++)
		json_put_column(o, c, ids[i], &s);
}

static void put_dwell(struct json_object *o, const struct change *ch)
{
	if (ch->dwell == TIME_UNKNOWN)
		return;
	json_put_uint(o, "dwell_ms", ch->dwell < 0 ? 0 :
		      (uint64_t)(ch->dwell / NS_PER_MS));
	if (ch->dwell_certainty == CERTAIN_AT_LEAST)
		json_put_true(o, "dwell_at_least");
	if (ch->dwell_certainty == CERTAIN_AT_MOST)
		json_put_true(o, "dwell_at_most");
}

static void put_traffic(struct json_object *o, const struct change *ch)
{
	if (ch->bytes_sent != U64_UNKNOWN)
		json_put_uint(o, "bytes_sent", ch->bytes_sent);
	if (ch->bytes_received != U64_UNKNOWN)
		json_put_uint(o, "bytes_received", ch->bytes_received);
	if (ch->rtt_us && ch->rtt_us != U32_UNKNOWN)
		json_put_uint(o, "rtt_us", ch->rtt_us);
}

void json_change(struct buf *out, const struct out_options *opt,
		 struct column_context *c, const struct change *ch)
{
	struct json_object *o = json_new();
	uint32_t set;
	bool last;

	(void)opt;
	json_put_time(o, "time", ch->wall);
	/* it happened after this and not later than time */
	if (ch->after != TIME_UNKNOWN && ch->after < ch->at)
		json_put_time(o, "after", ch->wall - (ch->at - ch->after));
	json_put_text(o, "change", change_kind_name[ch->kind]);
	put_state(o, "from", ch->from);
	put_state(o, "to", ch->to);
	put_socket(o, c, ch);
	json_put_text(o, "certainty", certainty_name[ch->certainty]);
	json_put_text(o, "origin", origin_name[ch->origin]);
	put_dwell(o, ch);
	put_traffic(o, ch);
	set = change_owner(c->monitor, ch, &last);
	json_put_owner(o, c->monitor->owners, set, last);
	json_flush(out, o);
	buf_char(out, '\n');
}
