#include "ui/keys.h"

#include <stddef.h>

const char *const key_group_name[KEY_GROUP_COUNT] = {
	[KEYS_MOVE]	= "Moving",
	[KEYS_SHOW]	= "What is shown",
	[KEYS_FIND]	= "Finding",
	[KEYS_RUN]	= "The program",
	[KEYS_SETUP]	= "In the setup screen",
};

#define EVERYWHERE	(PANES_MAIN | PANES_POPUP)
#define LISTS		(PANE_BIT(PANE_LIST) | PANE_BIT(PANE_CHANGES))

/* The order is that of the key bar and of the help page. */
const struct action actions[] = {
	{
		.name = "help", .keys_text = "F1 ? h",
		.keys = { UIKEY_F1, '?', 'h' },
		.bar_key = "F1", .bar_label = "Help",
		.help = "this page; again closes it",
		.group = KEYS_RUN, .panes = EVERYWHERE, .run = act_help,
	}, {
		.name = "setup", .keys_text = "F2 C", .keys = { UIKEY_F2, 'C' },
		.bar_key = "F2", .bar_label = "Setup",
		.help = "columns, colours and all else that can be kept, tried "
			"out and saved",
		.group = KEYS_RUN, .panes = PANES_MAIN, .run = act_setup,
	}, {
		.name = "setup-save", .keys_text = "F2 w Enter",
		.keys = { UIKEY_F2, 'w', UIKEY_ENTER },
		.bar_key = "F2", .bar_label = "Save",
		.help = "saves all that is listed, and says where; Esc leaves "
			"it as it was before",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_save,
	}, {
		.name = "setup-part", .keys_text = "Tab",
		.keys = { UIKEY_TAB, UIKEY_BACKTAB },
		.bar_key = "Tab", .bar_label = "Part",
		.help = "to the other part: columns or settings",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_part,
	}, {
		.name = "setup-choose", .keys_text = "Space", .keys = { ' ' },
		.bar_key = "Space", .bar_label = "Choose",
		.help = "takes a column in or out; the next value of a setting",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_choose,
	}, {
		.name = "setup-up", .keys_text = "< K", .keys = { '<', 'K' },
		.bar_key = "<", .bar_label = "Left",
		.help = "moves a column to the left",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_up,
	}, {
		.name = "setup-down", .keys_text = "> J", .keys = { '>', 'J' },
		.bar_key = ">", .bar_label = "Right",
		.help = "moves it to the right",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_down,
	}, {
		.name = "setup-less", .keys_text = "Left -",
		.keys = { UIKEY_LEFT, '-' },
		.bar_key = "-", .bar_label = "Less",
		.help = "a narrower column; the value before",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_less,
	}, {
		.name = "setup-more", .keys_text = "Right +",
		.keys = { UIKEY_RIGHT, '+' },
		.bar_key = "+", .bar_label = "More",
		.help = "a wider column; the next value",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_more,
	}, {
		.name = "setup-usual", .keys_text = "d Del",
		.keys = { 'd', UIKEY_DELETE },
		.bar_key = "d", .bar_label = "Default",
		.help = "as wide as its content asks; the default value",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_usual,
	}, {
		.name = "setup-reset", .keys_text = "R", .keys = { 'R' },
		.bar_key = "R", .bar_label = "All defaults",
		.help = "everything as it is without a file",
		.group = KEYS_SETUP, .panes = PANE_BIT(PANE_SETUP),
		.run = act_setup_reset,
	}, {
		.name = "up", .keys_text = "Up k", .keys = { UIKEY_UP, 'k' },
		.help = "one row up",
		.group = KEYS_MOVE, .panes = EVERYWHERE, .run = act_up,
	}, {
		.name = "down", .keys_text = "Down j",
		.keys = { UIKEY_DOWN, 'j' },
		.help = "one row down; the order is held while you are inside",
		.group = KEYS_MOVE, .panes = EVERYWHERE, .run = act_down,
	}, {
		.name = "left", .keys_text = "Left", .keys = { UIKEY_LEFT },
		.help = "in the diagram: to the state on the left",
		.group = KEYS_MOVE, .panes = PANE_BIT(PANE_DIAGRAM),
		.run = act_left,
	}, {
		.name = "right", .keys_text = "Right",
		.keys = { UIKEY_RIGHT },
		.help = "in the diagram: to the state on the right",
		.group = KEYS_MOVE, .panes = PANE_BIT(PANE_DIAGRAM),
		.run = act_right,
	}, {
		.name = "page-up", .keys_text = "PgUp",
		.keys = { UIKEY_PAGE_UP },
		.help = "one page up",
		.group = KEYS_MOVE, .panes = EVERYWHERE, .run = act_page_up,
	}, {
		.name = "page-down", .keys_text = "PgDn",
		.keys = { UIKEY_PAGE_DOWN },
		.help = "one page down",
		.group = KEYS_MOVE, .panes = EVERYWHERE, .run = act_page_down,
	}, {
		.name = "home", .keys_text = "g Home",
		.keys = { UIKEY_HOME, 'g' },
		.help = "to the top; lets the order go",
		.group = KEYS_MOVE, .panes = EVERYWHERE, .run = act_home,
	}, {
		.name = "end", .keys_text = "G End",
		.keys = { UIKEY_END, 'G' },
		.help = "to the end",
		.group = KEYS_MOVE, .panes = EVERYWHERE, .run = act_end,
	}, {
		.name = "in", .keys_text = "Enter",
		.keys = { UIKEY_ENTER },
		.help = "one level in: its port, then the socket; of a group "
			"its sockets; in the changes: to that socket; in the "
			"diagram and the findings: to the sockets there",
		.group = KEYS_MOVE,
		.panes = LISTS | PANE_BIT(PANE_MENU) | PANE_BIT(PANE_DIAGRAM) |
			 PANE_BIT(PANE_DETAIL) | PANE_BIT(PANE_DIALOG) |
			 PANE_BIT(PANE_FINDINGS),
		.run = act_enter,
	}, {
		.name = "out", .keys_text = "Esc Backspace",
		.keys = { UIKEY_ESC, UIKEY_BACKSPACE },
		.help = "lets the order go, then one level out",
		.group = KEYS_MOVE, .panes = EVERYWHERE, .run = act_back,
	}, {
		.name = "other-end", .keys_text = "x", .keys = { 'x' },
		.help = "to the socket at the other end, if that is one of "
			"this host",
		.group = KEYS_MOVE, .panes = PANE_BIT(PANE_LIST),
		.run = act_other_end,
	}, {
		.name = "other-end-back", .keys_text = "x", .keys = { 'x' },
		.bar_key = "x", .bar_label = "Other end",
		.help = "on the page of a socket: to the other end, and back; "
			"so does Enter",
		.group = KEYS_MOVE, .panes = PANE_BIT(PANE_DETAIL),
		.run = act_other_end,
	}, {
		.name = "tab", .keys_text = "Tab",
		.keys = { UIKEY_TAB, UIKEY_BACKTAB },
		.bar_key = "Tab", .bar_label = "Pane",
		.help = "to the other pane: list or changes",
		.group = KEYS_MOVE, .panes = PANES_MAIN, .run = act_tab,
	}, {
		.name = "search", .keys_text = "F3 /",
		.keys = { UIKEY_F3, '/' },
		.bar_key = "F3", .bar_label = "Search",
		.help = "looks for a text in the rows, as you type",
		.group = KEYS_FIND, .panes = LISTS, .run = act_search,
	}, {
		.name = "search-next", .keys_text = "n", .keys = { 'n' },
		.help = "the next row that has it",
		.group = KEYS_FIND, .panes = LISTS, .run = act_search_next,
	}, {
		.name = "search-previous", .keys_text = "N", .keys = { 'N' },
		.help = "the previous row that has it",
		.group = KEYS_FIND, .panes = LISTS,
		.run = act_search_previous,
	}, {
		.name = "filter", .keys_text = "F4 \\",
		.keys = { UIKEY_F4, '\\' },
		.bar_key = "F4", .bar_label = "Filter",
		.help = "shows only what matches, as you type: "
			":443, :https, or any text",
		.group = KEYS_FIND, .panes = LISTS, .run = act_filter,
	}, {
		.name = "group", .keys_text = "F5 o",
		.keys = { UIKEY_F5, 'o' },
		.bar_key = "F5", .bar_label = "Group",
		.help = "groups what is shown by port, process, remote address "
			"and so on: a letter picks",
		.group = KEYS_SHOW, .panes = LISTS | PANE_BIT(PANE_DETAIL),
		.run = act_group,
	}, {
		.name = "sort", .keys_text = "F6 s",
		.keys = { UIKEY_F6, 's' },
		.bar_key = "F6", .bar_label = "Sort",
		.help = "chooses the column to sort by",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_sort_menu,
	}, {
		.name = "sort-reverse", .keys_text = "S", .keys = { 'S' },
		.help = "turns the order round",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_sort_reverse,
	}, {
		.name = "sort-previous", .keys_text = "<", .keys = { '<' },
		.help = "sorts by the column to the left",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_sort_previous,
	}, {
		.name = "sort-next", .keys_text = ">", .keys = { '>' },
		.help = "sorts by the column to the right",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_sort_next,
	}, {
		.name = "state", .keys_text = "1-9 0 b",
		.keys = { '1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
			  'b' },
		.help = "shows or hides one state, see below",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_state,
	}, {
		.name = "all", .keys_text = "a", .keys = { 'a' },
		.help = "shows all states again",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_all,
	}, {
		.name = "diagram", .keys_text = "F7 d",
		.keys = { UIKEY_F7, 'd' },
		.bar_key = "F7", .bar_label = "Diagram",
		.help = "the state machine with counts, steps per second and "
			"how long each state lasts; again closes it",
		.group = KEYS_SHOW, .panes = PANES_MAIN, .run = act_diagram,
	}, {
		.name = "findings", .keys_text = "F8 f",
		.keys = { UIKEY_F8, 'f' },
		.bar_key = "F8", .bar_label = "Findings",
		.help = "what is wrong on this host, the evidence, and what to "
			"do; again closes it",
		.group = KEYS_SHOW, .panes = PANES_MAIN, .run = act_findings,
	}, {
		.name = "explain", .keys_text = "e", .keys = { 'e' },
		.bar_key = "e", .bar_label = "Explain",
		.help = "explains the state under the cursor: what it waits "
			"for, and what to do",
		.group = KEYS_SHOW,
		.panes = (PANES_MAIN & ~PANE_BIT(PANE_FINDINGS)) |
			 PANE_BIT(PANE_EXPLAIN),
		.run = act_explain,
	}, {
		.name = "sequence-next", .keys_text = "Right n",
		.keys = { UIKEY_RIGHT, 'n' },
		.bar_key = "n", .bar_label = "Next",
		.help = "where a state is explained: the next way to open or "
			"close, packet by packet",
		.group = KEYS_SHOW, .panes = PANE_BIT(PANE_EXPLAIN),
		.run = act_ladder_next,
	}, {
		.name = "sequence-previous", .keys_text = "Left p",
		.keys = { UIKEY_LEFT, 'p' },
		.bar_key = "p", .bar_label = "Previous",
		.help = "the previous one",
		.group = KEYS_SHOW, .panes = PANE_BIT(PANE_EXPLAIN),
		.run = act_ladder_previous,
	}, {
		.name = "pause", .keys_text = "Space p", .keys = { ' ', 'p' },
		.bar_key = "p", .bar_label = "Pause",
		.help = "freezes the screen; reading goes on",
		.group = KEYS_RUN, .panes = PANES_MAIN, .run = act_pause,
	}, {
		.name = "listeners", .keys_text = "l", .keys = { 'l' },
		.bar_key = "l", .bar_label = "Listeners",
		.help = "shows listeners only, or all",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_listeners,
	}, {
		.name = "names", .keys_text = "r", .keys = { 'r' },
		.bar_key = "r", .bar_label = "Names",
		.help = "services by name or by number; on the page of a "
			"socket addresses by hosts(5), too",
		.group = KEYS_SHOW, .panes = PANES_MAIN, .run = act_names,
	}, {
		.name = "follow", .keys_text = "t", .keys = { 't' },
		.bar_key = "t", .bar_label = "Follow",
		.help = "keeps the cursor on this socket or group, wherever it "
			"goes",
		.group = KEYS_SHOW, .panes = LISTS, .run = act_follow,
	}, {
		.name = "kill", .keys_text = "F9 K",
		.keys = { UIKEY_F9, 'K' },
		.bar_key = "F9", .bar_label = "Kill",
		.help = "closes the socket, or signals the process that holds "
			"it, or closes all that a filter or a group shows: asks "
			"first, and says what will happen",
		.group = KEYS_RUN, .panes = LISTS | PANE_BIT(PANE_DETAIL),
		.run = act_kill,
	}, {
		.name = "write", .keys_text = "w", .keys = { 'w' },
		.bar_key = "w", .bar_label = "Write",
		.help = "writes all rows that are shown, or all changes, to a "
			"file, as text, CSV or JSON",
		.group = KEYS_RUN, .panes = LISTS, .run = act_save,
	}, {
		.name = "copy", .keys_text = "y", .keys = { 'y' },
		.help = "copies the line under the cursor to the clipboard, if "
			"the terminal lets it",
		.group = KEYS_RUN, .panes = LISTS | PANE_BIT(PANE_DETAIL),
		.run = act_copy,
	}, {
		.name = "copy-command", .keys_text = "Y", .keys = { 'Y' },
		.help = "copies and shows the command of ss that shows the same "
			"sockets",
		.group = KEYS_RUN, .panes = LISTS, .run = act_copy_command,
	}, {
		.name = "slower", .keys_text = "+", .keys = { '+' },
		.help = "a longer interval, up to 60 s",
		.group = KEYS_RUN, .panes = PANES_MAIN, .run = act_slower,
	}, {
		.name = "faster", .keys_text = "-", .keys = { '-' },
		.help = "a shorter interval, down to 0.1 s",
		.group = KEYS_RUN, .panes = PANES_MAIN, .run = act_faster,
	}, {
		.name = "redraw", .keys_text = "Ctrl-L",
		.keys = { UIKEY_CTRL_L },
		.help = "paints the whole screen again",
		.group = KEYS_RUN, .panes = EVERYWHERE, .run = act_redraw,
	}, {
		/* in a popup q closes just that: who reads help with less(1)
		 * expects it */
		.name = "close", .keys_text = "q", .keys = { 'q' },
		.bar_key = "q", .bar_label = "Close",
		.help = "closes this page or menu",
		.group = KEYS_RUN, .panes = PANES_POPUP, .run = act_close,
	}, {
		.name = "quit", .keys_text = "q", .keys = { 'q' },
		.help = "quits",
		.group = KEYS_RUN, .panes = PANES_MAIN, .run = act_quit,
	}, {
		.name = "quit-now", .keys_text = "F10 Ctrl-C",
		.keys = { UIKEY_F10, UIKEY_CTRL_C },
		.bar_key = "F10", .bar_label = "Quit",
		.help = "quits, from everywhere",
		.group = KEYS_RUN, .panes = EVERYWHERE, .run = act_quit,
	},
};
const int action_count = sizeof(actions) / sizeof(actions[0]);

const struct action *action_of_key(int key, enum pane pane)
{
	int i, k;

	for (i = 0; i < action_count; i++) {
		if (!(actions[i].panes & PANE_BIT(pane)))
			continue;
		for (k = 0; k < ACTION_KEYS_MAX && actions[i].keys[k]; k++)
			if (actions[i].keys[k] == key)
				return &actions[i];
	}
	return NULL;
}
