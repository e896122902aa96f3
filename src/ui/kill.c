/*
 * kill.c - K: what is to be done with the socket under the cursor, or with all
 * that are shown; and what came of it
 */
#include "ui/kill.h"

#include <stdio.h>
#include <string.h>

#include "ui/dialog.h"
#include "ui/keys.h"
#include "view/changeline.h"
#include "view/format.h"

enum { OWNERS_MAX = 8 };

enum answer { ANSWER_NOTHING, ANSWER_CLOSE, ANSWER_SIGNAL, ANSWER_ALL };

static const struct dialog_kind one_dialog, signal_dialog, all_dialog,
				going_dialog, report_dialog;

void kill_drop(struct ui *ui)
{
	struct kill *k = &ui->kill;

	deed_free(&k->deed);
	if (k->sock.serial)
		sock_unkeep(ui->live->owners, &k->sock);
	k->sock.serial = 0;
}

static void add_ends(struct ui *ui, struct page *p, enum style style,
		     const char *before)
{
	struct buf b = { 0 };

	buf_puts(&b, before);
	kill_ends(&b, &ui->kill.sock.row.id, ui->kill.sock.direction);
	page_line(p, style, buf_str(&b));
	buf_free(&b);
}

/* ---- one socket ------------------------------------------------------------- */

/* Processes that hold it now; not those of which it is only remembered. */
static long owner_count(const struct ui *ui)
{
	const struct sock *s = &ui->kill.sock;
	size_t n = s->owner_last ? 0 : owners_count(ui->live->owners, s->owner);

	return n < OWNERS_MAX ? (long)n : OWNERS_MAX;
}

static bool closable(const struct ui *ui)
{
	const struct deed *d = &ui->kill.deed;

	return kill_can_close(ui->kill.sock.row.state) &&
	       d->target[0].fate == FATE_OPEN;
}

/* All sockets of the host are never asked for at once. */
static bool may_ask_all(const struct ui *ui)
{
	return !ui->detail.open && ui->focus == PANE_LIST &&
	       view_grouped(&ui->view) == GROUP_NONE &&
	       (ui->view.filter || view_restricted(&ui->view)) &&
	       rows_live(ui) > 1;
}

static enum answer answer_at(const struct ui *ui, long i, long *owner)
{
	if (i == 0)
		return ANSWER_NOTHING;
	i--;
	if (closable(ui) && i-- == 0)
		return ANSWER_CLOSE;
	*owner = i;
	return i < owner_count(ui) ? ANSWER_SIGNAL : ANSWER_ALL;
}

static long one_count(struct ui *ui)
{
	return 1 + closable(ui) + owner_count(ui) + may_ask_all(ui);
}

static void add_holder(struct ui *ui, struct page *p, const struct sock *s)
{
	struct buf b = { 0 };

	if (sock_in_accept_queue(s))
		buf_puts(&b, "waits to be accepted: no program holds it yet");
	else if (s->owner == OWNER_NONE)
		buf_puts(&b, "no program holds it");
	else if (s->owner == OWNER_PENDING)
		buf_puts(&b, "who holds it is not known yet");
	else if (s->owner == OWNER_HIDDEN)
		buf_puts(&b, "who holds it may not be seen");
	else {
		buf_puts(&b, s->owner_last ? "was held by " : "held by ");
		owner_text(&b, ui->live->owners, s->owner, false, ui->ascii);
		buf_puts(&b, s->owner_last ? ", no program holds it now" : "");
	}
	page_line(p, STYLE_NORMAL, buf_str(&b));
	buf_free(&b);
}

/* Its owners may be found while the question is on the screen. */
void kill_update(struct ui *ui)
{
	struct kill *k = &ui->kill;
	struct sock old = k->sock;
	const struct sock *s;
	long owner = 0;
	bool all;

	if (ui->dialog.kind != &one_dialog || old.owner >= OWNER_FIRST)
		return;
	all = answer_at(ui, ui->dialog.cursor, &owner) == ANSWER_ALL;
	s = rows_lookup(ui, old.serial, k->deed.target[0].who.slot);
	if (!s || s->owner == old.owner)
		return;
	sock_keep(ui->live->owners, &k->sock, s);
	sock_unkeep(ui->live->owners, &old);
	/* the cursor stays on its answer: theirs come before that */
	if (all)
		ui->dialog.cursor = one_count(ui) - 1;
}

/* A look-up found that it cannot be closed: that answer is no more, and the
 * cursor stays on its own. */
static void drop_close(struct ui *ui)
{
	struct kill *k = &ui->kill;
	bool could = k->could_close;

	k->could_close = closable(ui);
	if (could && !k->could_close && ui->dialog.cursor > 0)
		ui->dialog.cursor--;
}

static void one_text(struct ui *ui, struct page *p)
{
	const struct sock *s = &ui->kill.sock;
	const struct deed_target *t = &ui->kill.deed.target[0];
	char state[STATE_TEXT_MAX];
	struct buf b = { 0 };

	buf_printf(&b, "%s ", state_text(state, s->row.state));
	kill_ends(&b, &s->row.id, s->direction);
	page_line(p, STYLE_BOLD, buf_str(&b));
	buf_free(&b);
	add_holder(ui, p, s);
	if (!kill_can_close(s->row.state))
		page_line(p, STYLE_WARN, kill_what(s->row.state));
	else if (t->fate != FATE_OPEN)
		page_line(p, STYLE_WARN, kill_fate(t));
}

static void one_answer(struct ui *ui, long i, struct buf *out)
{
	const struct process *p;
	long owner = 0;

	switch (answer_at(ui, i, &owner)) {
	case ANSWER_NOTHING:
		buf_puts(out, "Do nothing");
		break;
	case ANSWER_CLOSE:
		buf_puts(out, "Close this socket");
		break;
	case ANSWER_SIGNAL:
		p = owners_get(ui->live->owners, ui->kill.sock.owner, owner);
		buf_printf(out, "Signal %s[%d]...", safe_str(p->name), p->pid);
		break;
	case ANSWER_ALL:
		buf_puts(out, "Close all ");
		format_count(out, rows_live(ui));
		buf_puts(out, " that are shown...");
		break;
	}
}

static void one_what(struct ui *ui, long i, struct page *p)
{
	long owner = 0;

	switch (answer_at(ui, i, &owner)) {
	case ANSWER_NOTHING:
		page_line(p, STYLE_NORMAL, "All stays as it is.");
		break;
	case ANSWER_CLOSE:
		page_line(p, STYLE_NORMAL,
			  kill_what(ui->kill.sock.row.state));
		break;
	case ANSWER_SIGNAL:
		page_line(p, STYLE_NORMAL, "Which signal is asked next. It is "
			  "for the whole process: if it ends, all its sockets "
			  "end with it.");
		break;
	case ANSWER_ALL:
		page_line(p, STYLE_NORMAL, "Says first how many, in which "
			  "states and whose, and asks again.");
		break;
	}
}

static unsigned go(struct ui *ui)
{
	deed_go(&ui->kill.deed);
	dialog_open(ui, &going_dialog);
	return UI_DRAW | UI_DEED;
}

static unsigned close_one(struct ui *ui)
{
	/* a moment only: the kernel answers at once */
	if (ui->kill.deed.phase == DEED_READY)
		return go(ui);
	dialog_open(ui, &one_dialog);
	ui_say(ui, true, "its cookie is still looked up: try again");
	return UI_DRAW;
}

static unsigned ask_all(struct ui *ui);

static unsigned one_pick(struct ui *ui, long i)
{
	long owner = 0;

	switch (answer_at(ui, i, &owner)) {
	case ANSWER_CLOSE:
		return close_one(ui);
	case ANSWER_SIGNAL:
		ui->kill.picked = owner;
		dialog_open(ui, &signal_dialog);
		return UI_DRAW;
	case ANSWER_ALL:
		return ask_all(ui);
	default:
		kill_drop(ui);
		return UI_DRAW;
	}
}

static const struct dialog_kind one_dialog = {
	.title = "Close or signal", .text = one_text, .count = one_count,
	.answer = one_answer, .what = one_what, .pick = one_pick,
	.left = kill_drop,
};

/* ---- a process ---------------------------------------------------------------- */

static const struct process *picked(const struct ui *ui)
{
	return owners_get(ui->live->owners, ui->kill.sock.owner,
			  ui->kill.picked);
}

static void signal_text(struct ui *ui, struct page *p)
{
	const struct process *proc = picked(ui);
	struct buf b = { 0 };

	buf_printf(&b, "%s[%d]", safe_str(proc->name), proc->pid);
	page_line(p, STYLE_BOLD, buf_str(&b));
	buf_free(&b);
	add_ends(ui, p, STYLE_NORMAL, "holds ");
}

static long signal_count(struct ui *ui)
{
	(void)ui;
	return 1 + kill_signal_count;
}

static void signal_answer(struct ui *ui, long i, struct buf *out)
{
	(void)ui;
	if (i == 0)
		buf_puts(out, "Do nothing");
	else
		buf_printf(out, "Send SIG%s", kill_signals[i - 1].name);
}

static void signal_what(struct ui *ui, long i, struct page *p)
{
	(void)ui;
	page_line(p, STYLE_NORMAL, i ? kill_signals[i - 1].what :
		  "All stays as it is.");
}

static unsigned signal_pick(struct ui *ui, long i)
{
	const struct process *proc = picked(ui);
	struct kill *k = &ui->kill;

	if (i == 0) {
		kill_drop(ui);
		return UI_DRAW;
	}
	snprintf(k->name, sizeof(k->name), "%s[%d]", safe_str(proc->name),
		 proc->pid);
	deed_begin(&k->deed, DEED_SIGNAL);
	deed_to(&k->deed, proc->pid, proc->start, kill_signals[i - 1].number);
	return go(ui);
}

static const struct dialog_kind signal_dialog = {
	.title = "Signal a process", .text = signal_text,
	.count = signal_count, .answer = signal_answer, .what = signal_what,
	.pick = signal_pick, .left = kill_drop,
};

/* ---- all that are shown ---------------------------------------------------------- */

static long no_answers(struct ui *ui)
{
	(void)ui;
	return 0;
}

static const struct dialog_kind all_dialog = {
	.title = "Close all that are shown", .text = kill_add_sum,
	.count = no_answers, .left = kill_drop,
};

static void add_target(struct ui *ui, const struct sock *s, uint32_t slot)
{
	struct deed *d = &ui->kill.deed;

	/* one more tells that they are too many */
	if (s && s->live && kill_can_close(s->row.state) &&
	    d->count <= DEED_MAX)
		deed_add(d, s, slot);
}

static void add_rows(struct ui *ui)
{
	for (size_t i = 0; i < ui->view.count; i++)
		add_target(ui, view_sock(&ui->view, ui->shown, i),
			   rows_slot(ui, i));
}

/* The sockets that the group under the cursor counts. */
static void add_group(struct ui *ui, const struct group *g)
{
	const struct restriction r = {
		.group = (uint8_t)view_grouped(&ui->view), .key = g->key,
	};
	const struct group_owner owner = group_owner(g);
	const struct table *t = ui->shown->table;

	buf_reset(&ui->text);
	group_text(&ui->ctx, view_grouped(&ui->view), &g->key, &owner,
		   &ui->text);
	snprintf(ui->kill.name, sizeof(ui->kill.name), "%s",
		 buf_str(&ui->text));
	for (uint32_t i = 0; i < table_slots(t); i++) {
		const struct sock *s = table_slot(t, i);

		if (s && s->live && view_match(&ui->view, &ui->ctx, s) &&
		    restriction_match(&ui->ctx, &r, s))
			add_target(ui, s, i);
	}
}

/* group NULL: all rows */
static unsigned ask_several(struct ui *ui, const struct group *group)
{
	struct kill *k = &ui->kill;

	kill_drop(ui);
	k->several = true;
	deed_begin(&k->deed, DEED_CLOSE);
	k->name[0] = '\0';
	if (group)
		add_group(ui, group);
	else
		add_rows(ui);
	if (k->deed.count > DEED_MAX) {
		kill_drop(ui);
		ui_say(ui, true, "more than %d are shown: filter further",
		       DEED_MAX);
		return UI_DRAW;
	}
	if (!k->deed.count) {
		kill_drop(ui);
		ui_say(ui, true, "none of these can be closed");
		return UI_DRAW;
	}
	deed_sum(&k->deed, &k->sum);
	dialog_open(ui, &all_dialog);
	prompt_open(ui, PROMPT_NUMBER);
	return UI_DRAW | UI_DEED;
}

static unsigned ask_all(struct ui *ui)
{
	return ask_several(ui, NULL);
}

/* What is typed must be the number; an empty line is no. */
unsigned kill_number(struct ui *ui, const char *text)
{
	struct deed *d = &ui->kill.deed;
	char number[24];

	if (!*text) {
		prompt_close(ui);
		dialog_leave(ui);
		return UI_DRAW;
	}
	snprintf(number, sizeof(number), "%zu", d->count);
	if (strcmp(text, number)) {
		prompt_wrong(ui, "that is not %s: nothing was closed", number);
		return UI_DRAW;
	}
	if (d->phase != DEED_READY) {
		prompt_wrong(ui, "their cookies are still looked up");
		return UI_DRAW;
	}
	prompt_close(ui);
	return go(ui);
}

/* ---- how it goes, and what came of it ---------------------------------------------- */

static void going_text(struct ui *ui, struct page *p)
{
	const struct deed *d = &ui->kill.deed;
	struct buf b = { 0 };

	format_count(&b, d->next);
	buf_puts(&b, " of ");
	format_count(&b, d->count);
	page_line(p, STYLE_BOLD, buf_str(&b));
	buf_free(&b);
	kill_add_fates(ui, p);
}

static long one_answer_only(struct ui *ui)
{
	(void)ui;
	return 1;
}

static void stop_answer(struct ui *ui, long i, struct buf *out)
{
	(void)ui, (void)i;
	buf_puts(out, "Stop here");
}

static void stop(struct ui *ui)
{
	deed_stop(&ui->kill.deed);
	dialog_open(ui, &report_dialog);
}

static unsigned stop_pick(struct ui *ui, long i)
{
	(void)i;
	stop(ui);
	return UI_DRAW;
}

static const struct dialog_kind going_dialog = {
	.title = "Closing", .text = going_text, .count = one_answer_only,
	.answer = stop_answer, .pick = stop_pick, .left = stop,
	.foot = "Enter or Esc stops",
};

static void report_text(struct ui *ui, struct page *p)
{
	const struct kill *k = &ui->kill;
	const struct deed *d = &k->deed;

	if (d->kind == DEED_SIGNAL) {
		page_line(p, STYLE_BOLD, k->name);
		page_line(p, STYLE_WARN, kill_no_signal(d->error));
	} else if (!k->several) {
		add_ends(ui, p, STYLE_BOLD, "");
		page_line(p, STYLE_WARN, kill_fate(&d->target[0]));
	} else {
		page_line(p, STYLE_BOLD, d->stopped ? "Stopped." : "Done.");
		kill_add_fates(ui, p);
	}
}

static void close_answer(struct ui *ui, long i, struct buf *out)
{
	(void)ui, (void)i;
	buf_puts(out, "Close this report");
}

static unsigned close_pick(struct ui *ui, long i)
{
	(void)i;
	kill_drop(ui);
	return UI_DRAW;
}

static const struct dialog_kind report_dialog = {
	.title = "What came of it", .text = report_text,
	.count = one_answer_only, .answer = close_answer, .pick = close_pick,
	.left = kill_drop, .foot = "Enter or Esc closes",
};

/* One that went well needs no window. */
static void report(struct ui *ui)
{
	struct kill *k = &ui->kill;
	struct buf b = { 0 };

	if (k->several || k->deed.error ||
	    (k->deed.kind == DEED_CLOSE && !k->deed.of[FATE_DONE])) {
		dialog_open(ui, &report_dialog);
		return;
	}
	if (k->deed.kind == DEED_CLOSE)
		kill_ends(&b, &k->sock.row.id, k->sock.direction);
	for (int i = 0; i < kill_signal_count && !b.len; i++)
		if (kill_signals[i].number == k->deed.sig)
			ui_say(ui, false, "SIG%s was sent to %s",
			       kill_signals[i].name, k->name);
	if (b.len)
		ui_say(ui, false, "the kernel closed %s", buf_str(&b));
	buf_free(&b);
	ui->dialog.kind = NULL;
	kill_drop(ui);
}

struct deed *ui_deed(struct ui *ui)
{
	return &ui->kill.deed;
}

unsigned ui_deed_step(struct ui *ui)
{
	if (ui->dialog.kind == &one_dialog)
		drop_close(ui);
	if (ui->kill.deed.phase == DEED_DONE &&
	    ui->dialog.kind == &going_dialog)
		report(ui);
	return UI_DRAW;
}

/* ---- the key ------------------------------------------------------------------ */

static const struct sock *sock_here(struct ui *ui, uint32_t *slot)
{
	const struct level *l = ui_level(ui);
	const struct change *ch;

	switch (ui_pane(ui)) {
	case PANE_DETAIL:
		*slot = ui->detail.slot;
		return rows_lookup(ui, ui->detail.sock.serial, *slot);
	case PANE_CHANGES:
		ch = changes_get(ui, ui->changes.cursor);
		if (!ch)
			return NULL;
		*slot = ch->slot;
		return rows_lookup(ui, ch->serial, ch->slot);
	default:
		*slot = rows_slot(ui, l->scroll.cursor);
		return rows_get(ui, l->scroll.cursor);
	}
}

unsigned kill_here(struct ui *ui)
{
	struct kill *k = &ui->kill;
	const struct sock *s;
	uint32_t slot;

	if (ui->no_deeds) {
		ui_say(ui, true, "%s", ui->no_deeds);
		return UI_DRAW;
	}
	if (ui_pane(ui) == PANE_LIST &&
	    view_grouped(&ui->view) != GROUP_NONE) {
		const struct group *g =
			rows_group(ui, ui_level(ui)->scroll.cursor);

		if (g)
			return ask_several(ui, g);
	}
	s = sock_here(ui, &slot);
	if (!s || !s->live) {
		ui_say(ui, true, s || ui_pane(ui) != PANE_LIST ?
		       "that socket is gone" :
		       "there is no socket under the cursor");
		return UI_DRAW;
	}
	kill_drop(ui);
	k->several = false;
	sock_keep(ui->live->owners, &k->sock, s);
	deed_begin(&k->deed, DEED_CLOSE);
	deed_add(&k->deed, s, slot);
	k->could_close = closable(ui);
	dialog_open(ui, &one_dialog);
	return UI_DRAW | UI_DEED;
}
