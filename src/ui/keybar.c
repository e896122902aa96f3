/* keybar.c - the keys that work here, or the answer to the last one */
#include "ui/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool raised(const struct ui *ui, const struct action *a)
{
	return a->run == act_findings && findings_raised(ui->findings);
}

enum { LABEL_MAX = 40 };

/* "Sort", "Findings(2)" */
static const char *label_of(const struct ui *ui, const struct action *a,
			    char *dst)
{
	if (raised(ui, a))
		snprintf(dst, LABEL_MAX, "%s(%zu)", a->bar_label,
			 findings_raised(ui->findings));
	else
		snprintf(dst, LABEL_MAX, "%s", a->bar_label);
	return dst;
}

static int entry_width(const struct ui *ui, const struct action *a)
{
	char label[LABEL_MAX];

	return (int)(strlen(a->bar_key) + 1 +
		     strlen(label_of(ui, a, label)) + 1);
}

/* Help, the way out, and what is wrong before the other F-keys, these before
 * the letters. */
static int rank(const struct ui *ui, int i)
{
	if (actions[i].run == act_help || actions[i].run == act_quit ||
	    raised(ui, &actions[i]))
		return 0;
	return actions[i].bar_key[0] == 'F' ? 1 : 2;
}

static void choose(const struct ui *ui, int width, bool *take)
{
	enum pane pane = ui_pane(ui);
	const struct action *a;
	int round, i, used = 1;

	for (round = 0; round < 3; round++)
		for (i = 0; i < action_count; i++) {
			a = &actions[i];
			if (round == 0)
				take[i] = false;
			if (!a->bar_key || !(a->panes & PANE_BIT(pane)) ||
			    rank(ui, i) != round ||
			    used + entry_width(ui, a) > width)
				continue;
			take[i] = true;
			used += entry_width(ui, a) + 1;
		}
}

void keybar_draw(struct ui *ui, struct canvas *c, int y)
{
	const struct action *a;
	char label[LABEL_MAX];
	bool take[64];
	int i, x = 1, start;

	if (ui->message[0]) {
		struct buf b = { 0 };

		text_fit(&b, ui->message, c->width - 2, ALIGN_LEFT,
			 ui->ascii);
		canvas_put(c, 1, y, -1, ui->message_bad ? STYLE_WARN :
			   STYLE_BOLD, buf_str(&b));
		buf_free(&b);
		return;
	}
	choose(ui, c->width, take);
	for (i = 0; i < action_count; i++) {
		a = &actions[i];
		if (!take[i])
			continue;
		start = x;
		x += canvas_put(c, x, y, -1, STYLE_KEY, a->bar_key);
		canvas_blank(c, x++, y, 1, STYLE_KEY_LABEL);
		x += canvas_put(c, x, y, -1, raised(ui, a) ? STYLE_ALERT :
				STYLE_KEY_LABEL, label_of(ui, a, label));
		ui_hit(ui, (struct rect){ start, y, x - start, 1 },
		       HIT_ACTION, i);
		x++;
	}
}
