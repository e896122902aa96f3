/*
 * copy.c - y and Y: a line, or the command of ss(8) for what is shown
 *
 * Many terminals do not let a program copy, and none says so: what is copied is
 * always shown, too.
 */
#include "ui/dialog.h"
#include "ui/keys.h"

#include "view/ss_command.h"

/* more than that some terminals take for an attack */
enum { COPY_MAX = 8192 };

static void add_socket(struct ui *ui, const struct sock *s)
{
	struct buf b = { 0 };

	for (int i = 0; s && i < ui->column_count; i++) {
		buf_reset(&b);
		column_text(&ui->ctx, ui->columns[i], s, &b);
		buf_puts(&ui->copy, i ? "  " : "");
		buf_puts(&ui->copy, buf_str(&b));
	}
	buf_free(&b);
}

static void add_line(struct ui *ui)
{
	long row = ui_level(ui)->scroll.cursor;
	const struct change *ch;

	switch (ui_pane(ui)) {
	case PANE_CHANGES:
		ch = changes_get(ui, ui->changes.cursor);
		if (ch)
			changes_text(ui, ch, &ui->copy);
		break;
	case PANE_DETAIL:
		add_socket(ui, &ui->detail.sock);
		break;
	default:
		if (view_grouped(&ui->view) != GROUP_NONE)
			groups_text(ui, row, &ui->copy);
		else
			add_socket(ui, rows_get(ui, row));
	}
	while (ui->copy.len && ui->copy.data[ui->copy.len - 1] == ' ')
		ui->copy.data[--ui->copy.len] = '\0';
}

unsigned act_copy(struct ui *ui, int key)
{
	(void)key;
	buf_reset(&ui->copy);
	add_line(ui);
	if (!ui->copy.len || ui->copy.len > COPY_MAX) {
		ui_say(ui, true, ui->copy.len ? "this line is too long to be "
		       "copied" : "there is no line under the cursor");
		return UI_DRAW;
	}
	ui_say(ui, false, "copied: %s", buf_str(&ui->copy));
	return UI_DRAW | UI_COPY;
}

/* ---- the command ---------------------------------------------------------------- */

static void command_text(struct ui *ui, struct page *p)
{
	page_line(p, STYLE_BOLD, buf_str(&ui->copy));
	page_line(p, STYLE_NORMAL, "");
	if (!ui->copy_exact)
		page_line(p, STYLE_WARN, "It shows more than is shown here: ss "
			  "has no words for some of the filter or the group.");
	if (ui->view.states & STATE_BIT(STATE_BOUND))
		page_line(p, STYLE_DIM, "Sockets that are only bound (BOUND) "
			  "ss shows with -B, since 6.8.");
	page_line(p, STYLE_DIM, ui->copy_refused ?
		  "This terminal cannot be told to copy it." :
		  "It was sent to the clipboard; not every terminal takes it.");
}

static long no_answers(struct ui *ui)
{
	(void)ui;
	return 0;
}

static const struct dialog_kind command_dialog = {
	.title = "The same with ss", .text = command_text,
	.count = no_answers, .foot = "Enter or Esc closes",
};

static unsigned needs_of_columns(const struct ui *ui)
{
	unsigned needs = 0;

	for (int i = 0; i < ui->column_count; i++)
		needs |= columns[ui->columns[i]].needs;
	return needs;
}

unsigned act_copy_command(struct ui *ui, int key)
{
	(void)key;
	buf_reset(&ui->copy);
	ui->copy_refused = false;
	ui->copy_exact = ss_command(&ui->copy, &ui->view, &ui->ctx,
				    needs_of_columns(ui));
	if (!ui->copy.len || ui->copy.len > COPY_MAX) {
		ui_say(ui, true, "that cannot be said in a command of ss");
		return UI_DRAW;
	}
	dialog_open(ui, &command_dialog);
	return UI_DRAW | UI_COPY;
}

const char *ui_copied(const struct ui *ui)
{
	return buf_str(&ui->copy);
}

void ui_copy_refused(struct ui *ui)
{
	ui->copy_refused = true;
	if (!ui->dialog.kind)
		ui_say(ui, true, "this terminal cannot be told to copy: %s",
		       buf_str(&ui->copy));
}
