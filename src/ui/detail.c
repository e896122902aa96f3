/*
 * detail.c - one socket in full: its changes, its owners, every column
 *
 * It is drawn from a copy, so that it still tells what was known when the
 * socket is gone.
 */
#include "ui/page.h"
#include "ui/state.h"

#include <stdio.h>
#include <string.h>

#include "model/timeline.h"
#include "view/changeline.h"
#include "view/format.h"

enum { INDENT = 16, HELP = 46 };

void detail_open(struct ui *ui, const struct sock *s, uint32_t slot)
{
	struct detail *d = &ui->detail;

	memset(d, 0, sizeof(*d));
	d->open = true;
	d->gone = !s->live;
	d->slot = slot;
	sock_keep(ui->live->owners, &d->sock, s);
}

void detail_close(struct ui *ui)
{
	sock_unkeep(ui->live->owners, &ui->detail.sock);
	ui->detail.open = false;
}

void detail_update(struct ui *ui)
{
	struct detail *d = &ui->detail;
	const struct sock *s;
	struct sock old = d->sock;

	if (!d->open)
		return;
	s = rows_lookup(ui, d->sock.serial, d->slot);
	d->gone = !s || !s->live;
	if (!s)
		return;
	sock_keep(ui->live->owners, &d->sock, s);
	sock_unkeep(ui->live->owners, &old);
}

static void add_state(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct state_info *info = state_info(s->row.state);
	char name[STATE_TEXT_MAX];

	page_pair(p, style_of_state(s->row.state),
		  state_text(name, s->row.state), STYLE_NORMAL,
		  info ? info->meaning : "A state this program does not know.",
		  INDENT);
	if (ui->detail.gone)
		page_line(p, STYLE_ALERT, "This socket is gone; this is what "
			  "was known last.");
	page_line(p, STYLE_NORMAL, "");
}

/* Value and help side by side where there is room for both. */
static void add_columns(struct ui *ui, struct page *p, const struct sock *s)
{
	struct buf value = { 0 };
	int i;

	for (i = 0; i < COLUMN_COUNT; i++) {
		buf_reset(&value);
		column_text(&ui->ctx, i, s, &value);
		if (p->r.w < HELP + 30)
			page_pair(p, STYLE_KEY, columns[i].title, STYLE_NORMAL,
				  buf_str(&value), INDENT);
		else
			page_triple(p, STYLE_KEY, columns[i].title,
				    buf_str(&value), INDENT, columns[i].help,
				    HELP);
	}
	buf_free(&value);
}

static void add_owners(struct ui *ui, struct page *p, const struct sock *s)
{
	size_t i, n = owners_count(ui->live->owners, s->owner);
	const struct process *proc;
	char line[128];

	if (n < 2)
		return;
	snprintf(line, sizeof(line), "Held by %zu processes%s", n,
		 s->owner_last ? ", as last known" : "");
	page_line(p, STYLE_BOLD, line);
	for (i = 0; i < n; i++) {
		proc = owners_get(ui->live->owners, s->owner, i);
		snprintf(line, sizeof(line), "%d", proc->pid);
		page_pair(p, STYLE_NORMAL, line, STYLE_NORMAL,
			  safe_str(proc->name), INDENT);
	}
	page_line(p, STYLE_NORMAL, "");
}

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
		  buf_str(&line), INDENT);
	buf_free(&time);
	buf_free(&line);
}

static void add_changes(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct timeline *t = s->timeline;
	struct change ch;
	char line[64];
	int i;

	page_line(p, STYLE_BOLD, "Its changes, newest first");
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
	page_line(p, STYLE_NORMAL, "");
}

void detail_draw(struct ui *ui, struct canvas *c, struct rect r)
{
	const struct sock *s = &ui->detail.sock;
	struct scroll *scroll = &ui->detail.scroll;
	struct rect inner = { r.x + 1, r.y, r.w - 2, r.h };
	struct page p;

	ui_hit(ui, r, HIT_TEXT, -1);
	page_begin(&p, c, inner, scroll);
	add_state(ui, &p, s);
	add_changes(ui, &p, s);
	add_owners(ui, &p, s);
	add_columns(ui, &p, s);
	page_end(&p);
}
