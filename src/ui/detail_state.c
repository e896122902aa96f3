/*
 * detail_state.c - one socket's state, what waits in its queues and for what the
 * kernel waits, and how it came there
 */
#include "ui/detail.h"

#include <stdio.h>

#include "model/detail.h"
#include "model/timeline.h"
#include "view/changeline.h"
#include "view/explain.h"
#include "view/format.h"
#include "view/info.h"

/* ---- the state -------------------------------------------------------------- */

static const char *how_sure(const struct sock *s)
{
	switch (s->since_certainty) {
	case CERTAIN_EXACT:
		return "the kernel told when it began";
	case CERTAIN_BETWEEN:
		return "it began between two passes";
	case CERTAIN_AT_LEAST:
		return "it was in it already when first seen";
	}
	return "concluded: nobody saw it begin";
}

/* "since 12:03:05, ", for what began in the last day and not before we looked */
static void put_since(const struct ui *ui, const struct sock *s,
		      struct buf *line)
{
	const struct status *st = &ui->shown->status;

	if (s->since_certainty == CERTAIN_AT_LEAST ||
	    s->since == TIME_UNKNOWN || st->pass_at == TIME_UNKNOWN ||
	    ui->ctx.now - s->since > 86400 * NS_PER_SEC)
		return;
	buf_puts(line, "since ");
	format_clock(line, st->pass_wall - (st->pass_at - s->since), false);
	buf_puts(line, ", ");
}

static void add_since(struct ui *ui, struct page *p, const struct sock *s)
{
	struct buf line = { 0 };
	struct value age = columns[COL_AGE].get(&ui->ctx, s);

	if (ui->detail.gone || age.kind == VALUE_NONE) {
		page_pair(p, STYLE_NORMAL, "", STYLE_NORMAL,
			  ui->detail.gone ? "" : "seen for the first time",
			  DETAIL_INDENT);
		return;
	}
	put_since(ui, s, &line);
	buf_puts(&line, "for ");
	column_text(&ui->ctx, COL_AGE, s, &line);
	buf_printf(&line, ": %s", how_sure(s));
	page_pair(p, STYLE_NORMAL, "", STYLE_DIM, buf_str(&line),
		  DETAIL_INDENT);
	buf_free(&line);
}

/* Of an open connection it tells nothing, and a listener has a block of its
 * own. */
static void add_turn(struct page *p, const struct sock *s)
{
	const struct explain *e = explain_state(s->row.state);

	if (e && s->row.state != STATE_ESTABLISHED &&
	    s->row.state != STATE_LISTEN)
		page_pair(p, STYLE_KEY, "Whose turn", STYLE_NORMAL,
			  e->part[EXPLAIN_TURN], DETAIL_INDENT);
}

static void add_opened(struct ui *ui, struct page *p, const struct sock *s)
{
	static const char *const text[] = {
		[DIR_IN] = "They connected to us", [DIR_OUT] = "We connected",
	};
	struct buf line = { 0 };

	if (s->row.state == STATE_LISTEN || s->direction == DIR_UNKNOWN)
		return;
	buf_puts(&line, text[s->direction]);
	if (!ui->detail.gone &&
	    columns[COL_CONN_AGE].get(&ui->ctx, s).kind != VALUE_NONE) {
		buf_puts(&line, ", ");
		column_text(&ui->ctx, COL_CONN_AGE, s, &line);
		buf_puts(&line, " ago");
	}
	page_pair(p, STYLE_NORMAL, "", STYLE_DIM, buf_str(&line),
		  DETAIL_INDENT);
	buf_free(&line);
}

void detail_add_state(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct state_info *info = state_info(s->row.state);
	char name[STATE_TEXT_MAX];

	if (ui->detail.gone)
		page_line(p, STYLE_ALERT, "This socket is gone; this is what "
			  "was known last.");
	page_pair(p, style_of_state(s->row.state),
		  state_text(name, s->row.state), STYLE_NORMAL,
		  info ? info->meaning : "A state this program does not know.",
		  DETAIL_INDENT);
	if (!ui->detail.gone)
		add_turn(p, s);
	add_since(ui, p, s);
	add_opened(ui, p, s);
	page_line(p, STYLE_NORMAL, "");
}

/* ---- queues -------------------------------------------------------------------- */

static void fact(struct page *p, const char *name, const char *value,
		 const char *note)
{
	page_fact(p, name, value, DETAIL_INDENT, note, DETAIL_THIRD, true);
}

static void bytes(struct page *p, const char *name, uint64_t n,
		  const char *note)
{
	struct buf text = { 0 };

	info_number(&text, INFO_BYTES, n);
	fact(p, name, buf_str(&text), note);
	buf_free(&text);
}

/* SYN and FIN are counted like bytes. */
static bool fin_is_out(unsigned state)
{
	return STATE_BIT(state) &
	       (STATE_BIT(STATE_FIN_WAIT1) | STATE_BIT(STATE_CLOSING) |
		STATE_BIT(STATE_LAST_ACK));
}

static const char *receive_note(const struct sock_row *r)
{
	if (!r->recv_q)
		return "the program has read all";
	if (r->state == STATE_CLOSE_WAIT && r->recv_q == 1)
		return "their FIN: the program has not noticed it";
	return "came, and the program has not read it";
}

static const char *send_note(const struct sock_row *r)
{
	if (!r->send_q)
		return "they have confirmed all";
	if (r->state == STATE_SYN_SENT)
		return "our SYN: nobody has answered it";
	if (r->send_q == 1 && fin_is_out(r->state))
		return "our FIN: not confirmed yet";
	return "written, and they have not confirmed it";
}

/* What of the send queue has not left yet, and why. */
static void add_unsent(struct page *p, const struct sock *s)
{
	const struct sock_detail *d = sock_detail(s);
	uint32_t unsent;

	if (!s->row.send_q || s->row.send_q == U32_UNKNOWN ||
	    !detail_info_has(d, tcpi_notsent_bytes))
		return;
	unsent = d->info.tcpi_notsent_bytes;
	if (unsent > s->row.send_q)
		return;
	bytes(p, "  on the way", s->row.send_q - unsent,
	      "sent, and no ACK has come");
	bytes(p, "  not yet sent", unsent, unsent ?
	      "their window or congestion holds it back" : "");
}

/* A closed window: they do not read. */
static void add_closed_window(struct page *p, const struct sock *s)
{
	const struct sock_detail *d = sock_detail(s);
	struct buf line = { 0 };

	if (s->row.state == STATE_SYN_SENT || s->row.state == STATE_SYN_RECV ||
	    !detail_info_has(d, tcpi_snd_wnd) || d->info.tcpi_snd_wnd)
		return;
	buf_puts(&line, "They take nothing more: their program does not read.");
	if (d->info.tcpi_bytes_sent) {
		buf_puts(&line, " Nothing was sent for ");
		info_number(&line, INFO_MS, d->info.tcpi_last_data_sent);
		buf_char(&line, '.');
	}
	page_pair(p, STYLE_ALERT, "window closed", STYLE_NORMAL,
		  buf_str(&line), DETAIL_INDENT);
	buf_free(&line);
}

static const char *timer_note(const struct sock_row *r)
{
	switch (r->timer) {
	case TIMER_NONE:
		return "the kernel waits for nothing";
	case TIMER_RETRANS:
		return r->state == STATE_SYN_RECV ?
		       "then SYN+ACK is sent again" : "then it sends again";
	case TIMER_KEEPALIVE:
		return "then it asks whether they are there";
	case TIMER_TIME_WAIT:
		return r->state == STATE_FIN_WAIT2 ?
		       "then it is dropped (tcp_fin_timeout)" :
		       "then it is gone";
	case TIMER_PERSIST:
		return "then it asks for their window";
	}
	return "";
}

static void add_timer(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct sock_row *r = &s->row;
	struct buf line = { 0 };

	if (r->timer == TIMER_UNKNOWN || r->state == STATE_LISTEN)
		return;
	column_text(&ui->ctx, COL_TIMER, s, &line);
	if (r->timer != TIMER_NONE && r->expires_ms != U32_UNKNOWN) {
		buf_puts(&line, " in ");
		info_number(&line, INFO_MS, r->expires_ms);
	}
	fact(p, "timer", buf_str(&line), timer_note(r));
	buf_reset(&line);
	if (r->retrans) {
		buf_printf(&line, "%u", r->retrans);
		fact(p, "  so far", buf_str(&line), r->timer == TIMER_RETRANS ?
		     "times sent again without an answer" :
		     "probes without an answer");
	}
	buf_free(&line);
}

void detail_add_queues(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct sock_row *r = &s->row;

	if (r->state == STATE_LISTEN)
		return;			/* it has a block of its own */
	page_title(p, "Queues and timer");
	if (r->state == STATE_TIME_WAIT || r->state == STATE_SYN_RECV) {
		page_line(p, STYLE_DIM, "A mini-socket: without queues, "
			  "process and tcp_info.");
	} else if (!r->id.remote_port) {
		page_line(p, STYLE_DIM, "Nothing can wait: it is not "
			  "connected.");
		return;
	} else {
		if (r->recv_q != U32_UNKNOWN)
			bytes(p, "receive queue", r->recv_q, receive_note(r));
		if (r->send_q != U32_UNKNOWN)
			bytes(p, "send queue", r->send_q, send_note(r));
		add_unsent(p, s);
		add_closed_window(p, s);
	}
	add_timer(ui, p, s);
}

/* ---- the changes ------------------------------------------------------------ */

/* How long it was in the state that step i left. */
static void step_dwell(struct change *ch, const struct sock *s,
		       const struct timeline *t, int i)
{
	const struct timeline_step *before = i > 0 ? &t->step[i - 1] : NULL;

	if (before && before->after < ch->at && ch->after < before->at) {
		/* both within one span: who knows when */
		ch->dwell = ch->at - before->after;
		ch->dwell_certainty = CERTAIN_AT_MOST;
	} else if (before) {
		ch->dwell = ch->at - before->at;
		ch->dwell_certainty = ch->certainty > before->certainty ?
				      ch->certainty : before->certainty;
	} else if (ch->kind != CHANGE_OPENED && t->total == t->count) {
		ch->dwell = ch->at - s->first_seen;
		ch->dwell_certainty = CERTAIN_AT_LEAST;
	}
	/* a span without a beginning says nothing */
	if (ch->dwell < 0 || (before && before->after == TIME_UNKNOWN &&
			      ch->dwell_certainty == CERTAIN_AT_MOST))
		ch->dwell = TIME_UNKNOWN;
}

/* One step as the change it was told as. */
static struct change step_change(const struct ui *ui, const struct sock *s,
				 const struct timeline *t, int i)
{
	const struct timeline_step *step = &t->step[i];
	struct change ch = {
		.id = s->row.id, .serial = s->serial,
		.after = step->after, .at = step->at, .dwell = TIME_UNKNOWN,
		.from = step->from, .to = step->to,
		.certainty = step->certainty, .origin = step->origin,
		.kind = step->to == STATE_NONE ? CHANGE_CLOSED :
			step->from == STATE_NONE ? CHANGE_OPENED : CHANGE_STATE,
		.bytes_sent = U64_UNKNOWN, .bytes_received = U64_UNKNOWN,
		.rtt_us = U32_UNKNOWN,
	};

	ch.wall = ui->shown->status.pass_wall -
		  (ui->shown->status.pass_at - step->at);
	step_dwell(&ch, s, t, i);
	return ch;
}

static void add_step(struct ui *ui, struct page *p, const struct change *ch)
{
	struct buf time = { 0 }, line = { 0 };

	changeline_time(&time, ui->shown, ch, ui->ascii);
	changeline_what(&line, ch, ui->ascii);
	if (ch->dwell != TIME_UNKNOWN)
		buf_puts(&line, "  ");
	changeline_dwell(&line, ch, ui->ascii);
	buf_printf(&line, "  (%s, %s)", certainty_name[ch->certainty],
		   origin_name[ch->origin]);
	page_pair(p, STYLE_DIM, buf_str(&time), STYLE_NORMAL,
		  buf_str(&line), DETAIL_INDENT);
	buf_free(&time);
	buf_free(&line);
}

void detail_add_changes(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct timeline *t = s->timeline;
	struct change ch;
	char line[64];
	int i;

	page_title(p, "Its changes, newest first");
	for (i = t ? t->count - 1 : -1; i >= 0; i--) {
		ch = step_change(ui, s, t, i);
		add_step(ui, p, &ch);
	}
	if (!t || !t->count)
		page_line(p, STYLE_DIM, "none seen");
	else if (t->total > t->count) {
		snprintf(line, sizeof(line), "and %u older, not kept",
			 t->total - t->count);
		page_line(p, STYLE_DIM, line);
	}
}

