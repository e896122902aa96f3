#include "ui/setting.h"

#include <string.h>

#include "base/clock.h"
#include "model/state.h"
#include "ui/theme.h"
#include "view/group.h"

static const char *theme_word(int i)
{
	return i < THEME_COUNT ? themes[i].name : NULL;
}

static const char *group_word(int i)
{
	return i < GROUP_COUNT ? groups[i].name : NULL;
}

/* words for a choice; ends with NULL */
static const char *const sources[] = { "auto", "proc", "netlink", NULL };
static const char *const events[] = { "auto", "trace", "destroy", "off", NULL };

#define AT(field)	offsetof(struct settings, field)

/* The order is that of the file and of the setup screen. */
const struct setting settings_table[] = {
	{
		.name = "theme", .option = "--theme", .kind = &kind_choice,
		.offset = AT(theme), .word = theme_word,
		.help = "colours; NO_COLOR set wins over it",
	}, {
		.name = "columns", .option = "--columns",
		.kind = &kind_columns, .offset = AT(columns),
		.help = "columns of the list in their order; name:30 makes one "
			"30 wide",
	}, {
		.name = "sort", .option = "--sort", .kind = &kind_sort,
		.offset = AT(sort),
		.help = "order of the rows: - biggest first, + smallest first",
	}, {
		.name = "group", .option = "--group", .kind = &kind_choice,
		.offset = AT(group), .word = group_word, .restart = true,
		.help = "counts the sockets in groups",
	}, {
		.name = "delay", .option = "--delay", .kind = &kind_seconds,
		.offset = AT(delay), .least = 0.1, .most = 3600,
		.printing = true,
		.help = "seconds between readings",
	}, {
		.name = "names", .option = "-n or -r", .kind = &kind_bool,
		.offset = AT(names),
		.help = "ports by the name of their service",
	}, {
		.name = "listeners", .option = "-l or -a", .kind = &kind_bool,
		.offset = AT(listeners),
		.help = "listening sockets only",
	}, {
		.name = "states", .kind = &kind_states, .offset = AT(states),
		.help = "states that are shown",
	}, {
		.name = "filter", .option = "a FILTER", .kind = &kind_filter,
		.offset = AT(filter),
		.help = "what is shown only, as on the command line; empty: "
			"all",
	}, {
		.name = "source", .option = "--source", .kind = &kind_choice,
		.offset = AT(source), .words = sources,
		.printing = true, .restart = true,
		.help = "where sockets are read",
	}, {
		.name = "events", .option = "--events", .kind = &kind_choice,
		.offset = AT(events), .words = events,
		.printing = true, .restart = true,
		.help = "what is watched between readings",
	}, {
		.name = "budget", .option = "--budget", .kind = &kind_percent,
		.offset = AT(budget), .least = 0.01, .most = 100,
		.printing = true, .restart = true,
		.help = "percent of one core that readings may take",
	}, {
		.name = "mouse", .kind = &kind_bool, .offset = AT(mouse),
		.help = "the mouse is ours; no: the terminal selects text",
	}, {
		.name = "ascii", .kind = &kind_bool, .offset = AT(ascii),
		.restart = true,
		.help = "only ASCII, even where the locale has more",
	}, {
		.name = "read-only", .option = "--read-only",
		.kind = &kind_bool, .offset = AT(read_only), .restart = true,
		.help = "the screen closes no socket and signals no process",
	},
};
const int settings_count = sizeof(settings_table) / sizeof(*settings_table);

void settings_default(struct settings *s)
{
	static const uint8_t usual[] = {
		COL_STATE, COL_AGE, COL_RECV_Q, COL_SEND_Q, COL_LOCAL,
		COL_REMOTE, COL_OWNER,
	};

	memset(s, 0, sizeof(*s));
	s->delay = NS_PER_SEC;
	s->budget = 10 * 100;
	memcpy(s->columns, usual, sizeof(usual));
	s->column_count = sizeof(usual);
	s->sort = COL_STATE;
	s->mouse = true;
	s->states = STATES_ALL;
	s->theme = THEME_DEFAULT;
}

static bool same_name(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] != (b[i] == '_' ? '-' : b[i]))
			return false;
	return !a[n];
}

const struct setting *setting_find(const char *name, size_t n)
{
	for (int i = 0; i < settings_count; i++)
		if (same_name(settings_table[i].name, name, n))
			return &settings_table[i];
	return NULL;
}

void setting_print(const struct setting *s, const struct settings *values,
		   struct buf *out)
{
	s->kind->print(s, (const char *)values + s->offset, out);
}

int setting_parse(const struct setting *s, struct settings *values,
		  const char *text, size_t n, struct buf *why)
{
	return s->kind->parse(s, (char *)values + s->offset, text, n, why);
}

void setting_step(const struct setting *s, struct settings *values, int by)
{
	if (s->kind->step)
		s->kind->step(s, (char *)values + s->offset, by);
}

/* What is written alike is the same. */
bool setting_same(const struct setting *s, const struct settings *a,
		  const struct settings *b)
{
	struct buf x = { 0 }, y = { 0 };
	bool same;

	setting_print(s, a, &x);
	setting_print(s, b, &y);
	same = !strcmp(buf_str(&x), buf_str(&y));
	buf_free(&x);
	buf_free(&y);
	return same;
}

void setting_copy(const struct setting *s, struct settings *to,
		  const struct settings *from)
{
	struct buf text = { 0 }, why = { 0 };

	setting_print(s, from, &text);
	setting_parse(s, to, buf_str(&text), text.len, &why);
	buf_free(&text);
	buf_free(&why);
}
