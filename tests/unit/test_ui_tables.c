/* What is declared once has to be whole: keys, looks, signs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "ui/glyph.h"
#include "ui/keys.h"
#include "ui/menu.h"
#include "ui/style.h"

static void test_actions_are_whole(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < action_count; i++) {
		const struct action *a = &actions[i];

		assert_true(a->name && *a->name);
		assert_true(a->help && *a->help);
		assert_true(a->keys_text && *a->keys_text);
		assert_non_null(a->run);
		assert_true(a->panes);
		assert_int_equal(!a->bar_key, !a->bar_label);
		/* reachable: it has a key */
		assert_true(a->keys[0]);
		/* shown as they are, in every locale */
		assert_int_equal(utf8_width(a->keys_text),
				 strlen(a->keys_text));
		assert_true((unsigned)a->group < KEY_GROUP_COUNT);
	}
}

static void test_no_name_twice(void **state)
{
	int i, k;

	(void)state;
	for (i = 0; i < action_count; i++)
		for (k = 0; k < i; k++)
			assert_string_not_equal(actions[i].name,
						actions[k].name);
}

static void test_no_key_twice(void **state)
{
	const struct action *found;
	int i, k, pane;

	(void)state;
	for (pane = 0; pane < PANE_COUNT; pane++)
		for (i = 0; i < action_count; i++)
			for (k = 0; k < ACTION_KEYS_MAX; k++) {
				if (!actions[i].keys[k] ||
				    !(actions[i].panes & PANE_BIT(pane)))
					continue;
				found = action_of_key(actions[i].keys[k],
						      pane);
				assert_ptr_equal(found, &actions[i]);
			}
}

/* Every pane can be left, and help be had, but where one types. */
static void test_ways_out(void **state)
{
	static const int needed[] = { UIKEY_ESC, UIKEY_F1, UIKEY_F10,
				      UIKEY_CTRL_C, UIKEY_CTRL_L };
	size_t i;
	int pane;

	(void)state;
	for (pane = 0; pane < PANE_PROMPT; pane++)
		for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
			assert_non_null(action_of_key(needed[i], pane));
}

static void test_states_have_their_keys(void **state)
{
	const struct state_info *info;
	const struct action *a;
	size_t i;

	(void)state;
	for (i = 0; i < state_order_count; i++) {
		info = state_info(state_order[i]);
		if (!info->key)
			continue;
		a = action_of_key(info->key, PANE_LIST);
		assert_non_null(a);
		assert_string_equal(a->name, "state");
	}
}

static void test_styles(void **state)
{
	int i, k;

	(void)state;
	for (i = 0; i < STYLE_COUNT; i++) {
		assert_non_null(style_info[i].name);
		assert_true(style_info[i].letter);
		assert_int_not_equal(style_info[i].letter, '#');
		for (k = 0; k < i; k++) {
			assert_int_not_equal(style_info[i].letter,
					     style_info[k].letter);
			assert_string_not_equal(style_info[i].name,
						style_info[k].name);
		}
	}
}

/* No layout may depend on which form is used. */
static void test_glyphs(void **state)
{
	const char *ascii;
	int i;

	(void)state;
	for (i = 0; i < GLYPH_COUNT; i++) {
		assert_int_equal(utf8_width(glyph(i, false)), 1);
		ascii = glyph(i, true);
		assert_int_equal(strlen(ascii), 1);
		assert_true(*ascii > 0x20 && *ascii < 0x7f);
	}
}

/* ---- menus ---- */

static void test_group_menu(void **state)
{
	static struct ui ui;

	(void)state;
	assert_int_equal(group_menu.count(&ui), GROUP_COUNT);
	assert_true(menu_letters_free(&ui, &group_menu));
}

static const char *menu_letters;
static long menu_picked;

static long test_menu_count(struct ui *ui)
{
	(void)ui;
	return (long)strlen(menu_letters);
}

static void test_menu_entry(struct ui *ui, long i, struct menu_entry *e)
{
	(void)ui;
	e->text = "an entry";
	e->letter = menu_letters[i] == '.' ? 0 : menu_letters[i];
}

static unsigned test_menu_pick(struct ui *ui, long i)
{
	/* it is closed by now, and another may be opened */
	assert_null(ui->menu.kind);
	menu_picked = i;
	return UI_SYSCTLS;
}

static const struct menu_kind test_menu = {
	.title = "Test", .foot = "Enter", .count = test_menu_count,
	.entry = test_menu_entry, .pick = test_menu_pick,
};

static void test_menu_letters(void **state)
{
	static struct ui ui;	/* a menu needs no more of it */
	unsigned effects = 0;

	(void)state;
	menu_letters = "a.b.";
	assert_true(menu_letters_free(&ui, &test_menu));
	menu_letters = "aba";
	assert_false(menu_letters_free(&ui, &test_menu));
	menu_letters = "aj";	/* j goes down */
	assert_false(menu_letters_free(&ui, &test_menu));

	menu_letters = "a.b.";
	menu_open(&ui, &test_menu, 0);
	assert_false(menu_letter(&ui, 'x', &effects));
	assert_ptr_equal(ui.menu.kind, &test_menu);
	assert_true(menu_letter(&ui, 'b', &effects));
	assert_int_equal(menu_picked, 2);
	assert_int_equal(effects, UI_DRAW | UI_SYSCTLS);
	assert_null(ui.menu.kind);
	/* outside of what there is nothing is picked */
	menu_open(&ui, &test_menu, 0);
	menu_picked = -1;
	assert_int_equal(menu_pick(&ui, 4), UI_DRAW);
	assert_int_equal(menu_picked, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions_are_whole),
		cmocka_unit_test(test_no_name_twice),
		cmocka_unit_test(test_no_key_twice),
		cmocka_unit_test(test_ways_out),
		cmocka_unit_test(test_states_have_their_keys),
		cmocka_unit_test(test_styles),
		cmocka_unit_test(test_glyphs),
		cmocka_unit_test(test_menu_letters),
		cmocka_unit_test(test_group_menu),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("ui tables", tests, NULL, NULL);
}
