/*
 * kill_signal.c - a process that holds the socket: which signal
 */
#include "ui/kill.h"

#include <stdio.h>

#include "ui/dialog.h"

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
	kill_add_ends(ui, p, STYLE_NORMAL, "holds ");
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
	return kill_go(ui);
}

static const struct dialog_kind signal_dialog = {
	.title = "Signal a process", .text = signal_text,
	.count = signal_count, .answer = signal_answer, .what = signal_what,
	.pick = signal_pick, .left = kill_drop,
};

unsigned kill_ask_signal(struct ui *ui, long owner)
{
	ui->kill.picked = owner;
	dialog_open(ui, &signal_dialog);
	return UI_DRAW;
}
