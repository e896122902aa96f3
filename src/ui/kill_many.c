/*
 * kill_many.c - all that are shown, or a group: counted, and the number typed
 */
#include "ui/kill.h"

#include <stdio.h>
#include <string.h>

#include "ui/dialog.h"

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

unsigned kill_ask_several(struct ui *ui, const struct group *group)
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
	return kill_go(ui);
}
