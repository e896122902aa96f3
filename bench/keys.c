/*
 * keys.c - how long from a key to its effect on the screen
 *
 *	tests/live/in-netns.sh ... keys ROUNDS TULPEN [OPTION]...
 *
 * Starts tulpen on a pseudo terminal of 120x36 and, while it samples, goes
 * through rounds of some eighty keys: up and down, pages, both ends, sort
 * orders, searches, filters, groups, in and out.  The pauses between them vary,
 * so that they come at any moment of a pass.
 *
 * The effect is what the key is for, read from the screen: another position
 * in "3 of 200,000", other rows under another title, the text in the prompt,
 * another level.  A refresh alone can have none of these.  The time is that of
 * the last byte of the frame that shows it: until nothing more comes for
 * QUIET_MS.
 *
 * Prints, for each kind of key and for all but Esc (which has to wait for what
 * may follow it): name, presses, p50, p99 and max in ms.
 */
#include "vt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	QUIET_MS = 2, LIMIT_MS = 10000, SETTLE_MS = 1500,
	PAUSE_MIN = 10, PAUSE_MAX = 70,
	PRESSES_MAX = 20000,
};
#define MS	1e6

/* what of the screen the effects are about */
struct look {
	long position;		/* of the cursor; 0: the order is not held */
	long total;		/* -1: it is not there while rows are found */
	char title[VT_WIDTH * 3 + 1];
	char ends[128];		/* of the first row: "LOCAL REMOTE" */
	bool inside;		/* a level in */
	char prompt[VT_WIDTH * 3 + 1];	/* the last line */
};

static struct vt vt;
static char needle[64];		/* what is typed */

/* ---- the screen ---- */

static int rule_line(void)
{
	return vt_find(&vt, "── all ");
}

/* "1,234" before that text */
static long number_before(const char *line, const char *text)
{
	const char *end = strstr(line, text), *p = end;
	long n = 0;

	while (p && p > line && (strchr("0123456789,", p[-1])))
		p--;
	for (; p && p < end; p++)
		if (*p != ',')
			n = n * 10 + *p - '0';
	return n;
}

static long number_after(const char *line, const char *text)
{
	const char *p = strstr(line, text);
	long n = 0;

	if (!p)
		return 0;
	for (p += strlen(text); strchr("0123456789,", *p) && *p; p++)
		if (*p != ',')
			n = n * 10 + *p - '0';
	return n;
}

/* Both ends of the connection in that line, its age and owner left out. */
static void ends_of(int y, char *ends)
{
	const char *p = strstr(vt_line(&vt, y), "127.");
	char local[48] = "", remote[48] = "";

	if (p)
		sscanf(p, "%47s %47s", local, remote);
	snprintf(ends, 128, "%s %s", local, remote);
}

static struct look look(void)
{
	struct look l = { .total = -1 };
	int y = rule_line();
	const char *rule;

	snprintf(l.prompt, sizeof(l.prompt), "%s", vt_line(&vt, VT_HEIGHT - 1));
	if (y < 0 || y + 2 >= VT_HEIGHT)
		return l;
	rule = vt_line(&vt, y);
	l.position = number_before(rule, " of ");
	/* "0 of 0" where there are none and the order is held */
	if (strstr(rule, " of "))
		l.total = number_after(rule, " of ");
	else if (strstr(rule, " sockets"))
		l.total = number_before(rule, " sockets");
	l.inside = strstr(rule, "›");
	snprintf(l.title, sizeof(l.title), "%s", vt_line(&vt, y + 1));
	ends_of(y + 2, l.ends);
	return l;
}

/* ---- effects: is it there, compared with before? ---- */

static long row_of(const struct look *l)
{
	return l->position ? l->position : 1;
}

static bool is_down(const struct look *was, const struct look *is)
{
	return is->position == row_of(was) + 1;
}

static bool is_up(const struct look *was, const struct look *is)
{
	return is->position == row_of(was) - 1;
}

static bool is_page_down(const struct look *was, const struct look *is)
{
	return is->position > row_of(was) + 1;
}

static bool is_page_up(const struct look *was, const struct look *is)
{
	return is->position && is->position < row_of(was) - 1;
}

static bool is_end(const struct look *was, const struct look *is)
{
	(void)was;
	return is->position == is->total;
}

static bool is_home(const struct look *was, const struct look *is)
{
	return was->position && !is->position && is->total == was->total;
}

static bool is_sorted(const struct look *was, const struct look *is)
{
	return strcmp(was->title, is->title) && strcmp(was->ends, is->ends);
}

static bool is_prompt(const struct look *was, const struct look *is)
{
	(void)was;
	return strstr(is->prompt, "Search:");
}

static bool is_no_prompt(const struct look *was, const struct look *is)
{
	(void)was;
	return strstr(is->prompt, "F1 ") || strstr(is->prompt, "not found: ");
}

static bool is_typed(const struct look *was, const struct look *is)
{
	const char *label = strstr(is->prompt, ": ");

	(void)was;
	return label && !strncmp(label + 2, needle, strlen(needle));
}

/* typed, and the list shows a row that has it */
static bool is_found(const struct look *was, const struct look *is)
{
	if (!is_typed(was, is) || !is->position)
		return false;
	for (int y = rule_line() + 2; y < VT_HEIGHT - 1; y++)
		if (strstr(vt_line(&vt, y), needle))
			return true;
	return false;
}

static bool is_filter(const struct look *was, const struct look *is)
{
	(void)was;
	return strstr(is->prompt, "Filter:");
}

/* typed, and that leaves other sockets */
static bool is_filtered(const struct look *was, const struct look *is)
{
	return is_typed(was, is) && is->total >= 0 && is->total != was->total;
}

static bool is_menu(const struct look *was, const struct look *is)
{
	(void)was;
	return strstr(is->prompt, "q Close");
}

static bool is_in(const struct look *was, const struct look *is)
{
	return !was->inside && is->inside && is->total > 0;
}

static bool is_out(const struct look *was, const struct look *is)
{
	return was->inside && !is->inside && is->total > 0;
}

/* ---- keys ---- */

enum kind {
	DOWN, UP, PAGE_DOWN, PAGE_UP, END, HOME, NEXT_COLUMN, PREVIOUS_COLUMN,
	REVERSE, SEARCH, FIND, FIND_NOTHING, STAY, FILTER, TYPE, NARROW, WIDEN,
	LEAVE, MENU, FEW_GROUPS, MANY_GROUPS, ENTER, BACK, ESCAPE, KINDS,
};

static const struct {
	const char *name, *keys;
	bool (*effect)(const struct look *was, const struct look *is);
} kinds[KINDS] = {
	[DOWN]		= { "Down", "\033OB", is_down },
	[UP]		= { "Up", "\033OA", is_up },
	[PAGE_DOWN]	= { "PgDn", "\033[6~", is_page_down },
	[PAGE_UP]	= { "PgUp", "\033[5~", is_page_up },
	[END]		= { "End", "\033OF", is_end },
	[HOME]		= { "Home", "\033OH", is_home },
	[NEXT_COLUMN]	= { ">", ">", is_sorted },
	[PREVIOUS_COLUMN] = { "<", "<", is_sorted },
	[REVERSE]	= { "S", "S", is_sorted },
	[SEARCH]	= { "/", "/", is_prompt },
	/* a character of what is searched for */
	[FIND]		= { "found", NULL, is_found },
	[FIND_NOTHING]	= { "not-found", NULL, is_typed },
	[STAY]		= { "Enter-found", "\r", is_no_prompt },
	[FILTER]	= { "\\", "\\", is_filter },
	/* a character after which the filter is wrong, or as it was, … */
	[TYPE]		= { "typed", NULL, is_typed },
	[NARROW]	= { "filtered", NULL, is_filtered },	/* or not */
	[WIDEN]		= { "Ctrl-U", "\025", is_filtered },
	[LEAVE]		= { "Enter-filter", "\r", is_no_prompt },
	[MENU]		= { "o", "o", is_menu },
	[FEW_GROUPS]	= { "by-process", "o", is_in },
	[MANY_GROUPS]	= { "by-rport", "r", is_in },
	[ENTER]		= { "Enter", "\r", is_in },
	[BACK]		= { "Backspace", "\177", is_out },
	[ESCAPE]	= { "Esc", "\033", is_out },
};

static struct {
	unsigned char kind;
	double ms;
} pressed[PRESSES_MAX];
static unsigned presses;

static void read_for(int ms)
{
	const int64_t end = vt_now() + ms * (int64_t)MS;

	for (int64_t now; (now = vt_now()) < end; )
		vt_read(&vt, (int)((end - now) / MS) + 1);
}

/* Waits for an effect; returns the ms from begun to the last byte of it. */
static double await(const char *name, int64_t begun, const struct look *was,
		    bool (*effect)(const struct look *, const struct look *))
{
	struct look is = look();

	while (!effect(was, &is)) {
		if (vt_now() - begun > LIMIT_MS * MS) {
			vt_show(&vt);
			fprintf(stderr, "keys: %s has no effect\n", name);
			exit(1);
		}
		if (vt_read(&vt, 100))
			is = look();
	}
	while (vt_read(&vt, QUIET_MS))
		;
	return (vt.at - begun) / MS;
}

/* Pressed where its effect is not there already. */
static void press_keys(enum kind kind, const char *keys)
{
	struct look was;
	int64_t begun;
	double ms;

	read_for(PAUSE_MIN + random() % (PAUSE_MAX - PAUSE_MIN));
	was = look();
	if (kinds[kind].effect(&was, &was)) {
		vt_show(&vt);
		fprintf(stderr, "keys: before %s: its effect is there\n",
			kinds[kind].name);
		exit(1);
	}
	begun = vt_now();
	vt_press(&vt, keys);
	ms = await(kinds[kind].name, begun, &was, kinds[kind].effect);
	if (presses < PRESSES_MAX) {
		pressed[presses].kind = kind;
		pressed[presses++].ms = ms;
	}
}

static void press(enum kind kind)
{
	press_keys(kind, kinds[kind].keys);
}

/* Types the n-th character of the text, of which the needle has those before. */
static void type(enum kind kind, const char *text, size_t n)
{
	const char key[] = { text[n], '\0' };

	snprintf(needle, sizeof(needle), "%.*s", (int)n + 1, text);
	press_keys(kind, key);
}

static void search(enum kind kind, const char *text)
{
	press(SEARCH);
	for (size_t n = 0; n < strlen(text); n++)
		type(kind, text, n);
	press(STAY);
}

/* The port of the scene's servers, which are half of all sockets.  No row has the
 * text that the first two letters are, and from the fifth on it is no filter. */
static void filter(void)
{
	static const char text[] = "sport=:7000";
	const size_t none = 1, some = sizeof(text) - 2;

	press(FILTER);
	for (size_t n = 0; text[n]; n++)
		type(n == none || n == some ? NARROW : TYPE, text, n);
	needle[0] = '\0';
	press(WIDEN);
	press(LEAVE);
}

static void groups(enum kind kind)
{
	press(MENU);
	press(kind);
	press(ESCAPE);
}

/* The other end of the last row: its first match is in the midst of all. */
static void note_last_row(char *text, size_t n)
{
	int y = VT_HEIGHT - 1;
	char ends[128] = " ";

	while (--y > rule_line() + 1 && ends[0] == ' ')
		ends_of(y, ends);
	snprintf(text, n, "%s", strchr(ends, ' ') + 1);
}

/* Where it is not there yet. */
static void go_home(void)
{
	read_for(PAUSE_MIN);
	if (look().position)
		press(HOME);
}

static void one_round(void)
{
	static const uint8_t moves[] = {
		DOWN, DOWN, UP, PAGE_DOWN, DOWN, PAGE_DOWN, DOWN, UP, PAGE_UP,
		END, PAGE_UP, HOME, NEXT_COLUMN, PREVIOUS_COLUMN, REVERSE,
		REVERSE, DOWN, DOWN, END,
	};
	char text[64];

	for (unsigned i = 0; i < sizeof(moves); i++)
		press(moves[i]);
	note_last_row(text, sizeof(text));
	go_home();
	search(FIND, text);
	search(FIND_NOTHING, "~");
	go_home();
	filter();
	groups(FEW_GROUPS);
	groups(MANY_GROUPS);
	go_home();
	press(ENTER);
	press(BACK);
	go_home();
	press(ENTER);
	press(ESCAPE);
	go_home();
}

/* Until the first passes are over and the order is that of addresses. */
static void settle(void)
{
	long total = -1;
	int64_t since = vt_now(), begun = since;
	struct look is;

	while (total <= 0 || vt_now() - since < SETTLE_MS * MS) {
		vt_read(&vt, 20);
		is = look();
		if (is.total != total)
			since = vt_now();
		total = is.total;
		if (vt_now() - begun > 6 * LIMIT_MS * MS) {
			vt_show(&vt);
			fprintf(stderr, "keys: no rows\n");
			exit(1);
		}
	}
	for (int i = 0; i < 8 && !strstr(look().title, "LOCAL▴"); i++) {
		vt_press(&vt, ">");
		read_for(SETTLE_MS / 3);
	}
}

/* ---- what came of it ---- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* kind KINDS: all but Esc */
static void report(const char *name, unsigned kind)
{
	static double ms[PRESSES_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < presses; i++)
		if (kind == pressed[i].kind ||
		    (kind == KINDS && pressed[i].kind != ESCAPE))
			ms[n++] = pressed[i].ms;
	if (!n)
		return;
	qsort(ms, n, sizeof(ms[0]), by_size);
	printf("%-12s %5u %8.1f %8.1f %8.1f\n", name, n, ms[n / 2],
	       ms[(n * 99 + 99) / 100 - 1], ms[n - 1]);
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0;

	if (rounds < 1) {
		fprintf(stderr, "usage: keys ROUNDS TULPEN [OPTION]...\n");
		return 2;
	}
	vt_start(&vt, argv + 2);
	settle();
	while (rounds--)
		one_round();
	for (unsigned kind = 0; kind < KINDS; kind++)
		report(kinds[kind].name, kind);
	report("all-but-Esc", KINDS);
	vt_stop(&vt);
	return 0;
}
