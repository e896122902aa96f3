/*
 * kill_report.c - how it goes, and what came of it
 */
#include "ui/kill.h"

#include "ui/dialog.h"
#include "view/format.h"

static const struct dialog_kind report_dialog;

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
		kill_add_ends(ui, p, STYLE_BOLD, "");
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

unsigned kill_go(struct ui *ui)
{
	deed_go(&ui->kill.deed);
	dialog_open(ui, &going_dialog);
	return UI_DRAW | UI_DEED;
}

struct deed *ui_deed(struct ui *ui)
{
	return &ui->kill.deed;
}

unsigned ui_deed_step(struct ui *ui)
{
	kill_looked_up(ui);
	if (ui->kill.deed.phase == DEED_DONE &&
	    ui->dialog.kind == &going_dialog)
		report(ui);
	return UI_DRAW;
}
