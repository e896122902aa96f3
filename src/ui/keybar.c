/* keybar.c - the keys that work here, or the answer to the last one */
#include "ui/keys.h"

#include <string.h>

#include "base/text.h"

static int entry_width(const struct action *a)
{
	return strlen(a->bar_key) + 1 + strlen(a->bar_label) + 1;
}

/* Help and the way out before the other F-keys, these before the letters. */
static int rank(int i)
{
	if (actions[i].run == act_help || actions[i].run == act_quit)
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
			    rank(i) != round ||
			    used + entry_width(a) > width)
				continue;
			take[i] = true;
			used += entry_width(a) + 1;
		}
}

void keybar_draw(struct ui *ui, struct canvas *c, int y)
{
	const struct action *a;
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
		x += canvas_put(c, x, y, -1, STYLE_KEY_LABEL, a->bar_label);
		ui_hit(ui, (struct rect){ start, y, x - start, 1 },
		       HIT_ACTION, i);
		x++;
	}
}
