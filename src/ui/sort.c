/* sort.c - the order of the list: of sockets, or of groups */
#include "ui/keys.h"
#include "ui/menu.h"

/* What the level shows, which while the rows are being found may be others. */
static bool of_groups(struct ui *ui)
{
	return ui_level(ui)->group != GROUP_NONE;
}

/* A new order is asked for, so the old one is let go; what is followed stays
 * under the cursor. */
static void sorted(struct ui *ui)
{
	struct level *l = ui_level(ui);

	l->anchored = false;
	ui->view.held = false;
	ui->focus = PANE_LIST;
	rows_update(ui);
}

static void choose(struct ui *ui, int column)
{
	struct view *v = &ui->view;

	if (of_groups(ui)) {
		v->group_sort = (uint8_t)column;
		v->group_reverse = pivot_columns[column].descending;
	} else {
		v->sort = (uint8_t)column;
		v->reverse = columns[column].descending;
	}
}

static int chosen(struct ui *ui)
{
	return of_groups(ui) ? ui->view.group_sort : ui->view.sort;
}

static void turn_round(struct ui *ui)
{
	if (of_groups(ui))
		ui->view.group_reverse = !ui->view.group_reverse;
	else
		ui->view.reverse = !ui->view.reverse;
}

void act_sort_by(struct ui *ui, int column)
{
	/* it is what has no room, another thing on each screen */
	if (of_groups(ui) && column == PCOL_REST)
		return;
	if (chosen(ui) == column)
		turn_round(ui);
	else
		choose(ui, column);
	sorted(ui);
}

unsigned act_sort_reverse(struct ui *ui, int key)
{
	(void)key;
	turn_round(ui);
	sorted(ui);
	return UI_DRAW;
}

static void sort_beside(struct ui *ui, int by)
{
	bool of = of_groups(ui);
	int n = of ? ui->group_fit.count : ui->column_count, i;
	const uint8_t *shown = of ? ui->group_fit.id : ui->columns;

	for (i = 0; i < n; i++)
		if (shown[i] == chosen(ui))
			break;
	if (!n)
		return;
	/* sorted by a column that is not shown: begin at the first */
	i = i == n ? 0 : (i + by + n) % n;
	if (of && shown[i] == PCOL_REST)
		i = (i + by + n) % n;
	choose(ui, shown[i]);
	sorted(ui);
}

unsigned act_sort_previous(struct ui *ui, int key)
{
	(void)key;
	sort_beside(ui, -1);
	return UI_DRAW;
}

unsigned act_sort_next(struct ui *ui, int key)
{
	(void)key;
	sort_beside(ui, 1);
	return UI_DRAW;
}

/* ---- the menus ---- */

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
	act_sort_by(ui, (int)i);
	return 0;
}

static const struct menu_kind sort_menu = {
	.title = "Sort by", .foot = "Enter sorts, again reverses",
	.count = count, .entry = entry, .pick = pick,
};

/* The i-th column that says something of these groups; -1 past the end. */
static int group_column(struct ui *ui, long i)
{
	for (int id = 0; id < PIVOT_COLUMN_COUNT; id++)
		if (id != PCOL_REST &&
		    pivot_column_useful(id, ui_level(ui)->group) && !i--)
			return id;
	return -1;
}

static long group_count(struct ui *ui)
{
	long n = 0;

	while (group_column(ui, n) >= 0)
		n++;
	return n;
}

static void group_entry(struct ui *ui, long i, struct menu_entry *e)
{
	int id = group_column(ui, i);
	const struct pivot_column *col = &pivot_columns[id];

	e->text = col->title ? col->title : groups[ui_level(ui)->group].title;
	e->help = col->help;
	e->current = ui->view.group_sort == id;
	e->sign = ui->view.group_reverse ? GLYPH_DESCENDING : GLYPH_ASCENDING;
}

static unsigned group_pick(struct ui *ui, long i)
{
	act_sort_by(ui, group_column(ui, i));
	return 0;
}

static const struct menu_kind group_sort_menu = {
	.title = "Sort groups by", .foot = "Enter sorts, again reverses",
	.count = group_count, .entry = group_entry, .pick = group_pick,
};

unsigned act_sort_menu(struct ui *ui, int key)
{
	long i = 0;

	(void)key;
	if (!of_groups(ui)) {
		menu_open(ui, &sort_menu, ui->view.sort);
		return UI_DRAW;
	}
	while (group_column(ui, i) >= 0 &&
	       group_column(ui, i) != ui->view.group_sort)
		i++;
	menu_open(ui, &group_sort_menu, i);
	return UI_DRAW;
}
