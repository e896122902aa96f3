/*
 * kill.c - K: what is to be done with the socket under the cursor
 */
#include "ui/kill.h"

#include "ui/dialog.h"
#include "ui/keys.h"
#include "view/changeline.h"
#include "view/format.h"

enum { OWNERS_MAX = 8 };

enum answer { ANSWER_NOTHING, ANSWER_CLOSE, ANSWER_SIGNAL, ANSWER_ALL };

static const struct dialog_kind one_dialog;

void kill_drop(struct ui *ui)
{
	struct kill *k = &ui->kill;

	deed_free(&k->deed);
	if (k->sock.serial)
		sock_unkeep(ui->live->owners, &k->sock);
	k->sock.serial = 0;
}

void kill_add_ends(struct ui *ui, struct page *p, enum style style,
		     const char *before)
{
	struct buf b = { 0 };

	buf_puts(&b, before);
	kill_ends(&b, &ui->kill.sock.row.id, ui->kill.sock.direction);
	page_line(p, style, buf_str(&b));
	buf_free(&b);
}

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
void kill_looked_up(struct ui *ui)
{
	struct kill *k = &ui->kill;
	bool could = k->could_close;

	if (ui->dialog.kind != &one_dialog)
		return;
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

static unsigned close_one(struct ui *ui)
{
	/* a moment only: the kernel answers at once */
	if (ui->kill.deed.phase == DEED_READY)
		return kill_go(ui);
	dialog_open(ui, &one_dialog);
	ui_say(ui, true, "its cookie is still looked up: try again");
	return UI_DRAW;
}

static unsigned one_pick(struct ui *ui, long i)
{
	long owner = 0;

	switch (answer_at(ui, i, &owner)) {
	case ANSWER_CLOSE:
		return close_one(ui);
	case ANSWER_SIGNAL:
		return kill_ask_signal(ui, owner);
	case ANSWER_ALL:
		return kill_ask_several(ui, NULL);
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
			return kill_ask_several(ui, g);
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
