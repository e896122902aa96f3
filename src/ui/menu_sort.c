/* menu_sort.c - which column to sort by */
#include "ui/keys.h"
#include "ui/menu.h"

static long count(struct ui *ui)
{
	(void)ui;
	return COLUMN_COUNT;
}

static void entry(struct ui *ui, long i, struct menu_entry *e)
{
	e->text = columns[i].title;
	e->help = columns[i].help;
	e->current = ui->view.sort == i;
	e->sign = ui->view.reverse ? GLYPH_DESCENDING : GLYPH_ASCENDING;
}

static unsigned pick(struct ui *ui, long i)
{
	act_sort_by(ui, (enum column_id)i);
	return 0;
}

static const struct menu_kind sort_menu = {
	.title = "Sort by", .foot = "Enter sorts, again reverses",
	.count = count, .entry = entry, .pick = pick,
};

void sort_menu_open(struct ui *ui)
{
	menu_open(ui, &sort_menu, ui->view.sort);
}
