#include "option_sense.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "view/pivot_column.h"

int option_fail(const char *option, const char *what, const char *arg)
{
	struct safe name = safe_text(option, strlen(option), 60);
	struct safe shown = safe_text(arg ? arg : "", arg ? strlen(arg) : 0,
				      60);

	fprintf(stderr, "tulpen: %s: %s", safe_str(name), what);
	if (arg)
		fprintf(stderr, ": '%s'", safe_str(shown));
	fputc('\n', stderr);
	safe_free(&name);
	safe_free(&shown);
	return -1;
}

/* columns nobody asked for by name, where the config file has no say */
static const uint8_t batch_columns[] = {
	COL_STATE, COL_RECV_Q, COL_SEND_Q, COL_LOCAL, COL_REMOTE,
};
static const uint8_t json_columns[] = {
	COL_PROTO, COL_STATE, COL_LOCAL, COL_LOCAL_PORT, COL_REMOTE,
	COL_REMOTE_PORT, COL_RECV_Q, COL_SEND_Q, COL_LIMIT, COL_UID, COL_USER,
	COL_INODE, COL_COOKIE, COL_AGE, COL_OWNER,
};
static const uint8_t csv_columns[] = {
	COL_PROTO, COL_STATE, COL_LOCAL, COL_LOCAL_PORT, COL_REMOTE,
	COL_REMOTE_PORT, COL_RECV_Q, COL_SEND_Q, COL_UID, COL_INODE,
};
static const uint8_t extended_columns[] = {
	COL_UID, COL_INODE, COL_COOKIE,
};
static const uint8_t timer_columns[] = {
	COL_TIMER, COL_EXPIRES, COL_RETRANS,
};

static void add_columns(struct options *o, const uint8_t *ids, int n)
{
	for (int i = 0; i < n; i++) {
		if (memchr(o->columns, ids[i], o->column_count))
			continue;
		o->columns[o->column_count++] = ids[i];
	}
}

#define ADD_COLUMNS(o, list)	add_columns(o, list, sizeof(list))

static void default_columns(struct options *o)
{
	const char *format = o->format ? o->format->name : "";
	static const uint8_t owner[] = { COL_OWNER };

	if (!o->batch)
		add_columns(o, o->config.kept.columns,
			    o->config.kept.column_count);
	else if (!strcmp(format, "json"))
		ADD_COLUMNS(o, json_columns);
	else if (!strcmp(format, "csv"))
		ADD_COLUMNS(o, csv_columns);
	else
		ADD_COLUMNS(o, batch_columns);
	if (o->extended)
		ADD_COLUMNS(o, extended_columns);
	if (o->timers)
		ADD_COLUMNS(o, timer_columns);
	if (o->processes)
		ADD_COLUMNS(o, owner);
}

static int choose_columns(struct options *o)
{
	uint8_t defaults[COLUMN_COUNT];
	const char *bad;
	size_t bad_len;
	int n;

	default_columns(o);
	if (!o->column_list)
		return 0;
	n = o->column_count;
	memcpy(defaults, o->columns, n);
	o->column_count = column_list_parse(o->column_list, defaults, n,
					    o->columns, o->width, &bad,
					    &bad_len);
	if (o->column_count < 0) {
		char *name = mem_strndup(bad, bad_len);

		option_fail("--columns", column_list_wrong(bad, bad_len), name);
		free(name);
		return -1;
	}
	return 0;
}

/* as ps(1) has it, but that without a sign a column has its usual direction */
static int choose_sort(struct options *o)
{
	const char *arg = o->sort_name, *name = arg;
	bool usual;

	if (!arg)
		return 0;
	if (*name == '-' || *name == '+')
		name++;
	o->sort = o->group == GROUP_NONE ?
		  column_find(name, strlen(name)) :
		  pivot_column_find(name, strlen(name));
	if (o->sort < 0)
		return option_fail("--sort", o->group == GROUP_NONE ?
				   "no such column (see --sort help)" :
				   "groups have no such column (see --sort "
				   "help)", arg);
	usual = o->group == GROUP_NONE ? columns[o->sort].descending :
					 pivot_columns[o->sort].descending;
	o->reverse = name == arg ? usual : *arg == '-';
	return 0;
}

static int check_udp(const struct options *o)
{
	if (!o->udp)
		return 0;
	if (!o->tcp)
		return option_fail("-u", "UDP sockets are not read yet; try -t",
			    NULL);
	fputs("tulpen: -u: UDP sockets are not read yet: TCP only\n", stderr);
	return 0;
}

/* What cannot be meant together. */
static int check_together(const struct options *o)
{
	if (o->read && (o->changes || o->log))
		return option_fail("--read", "in a file nothing changes: not "
				   "with --changes or --log", NULL);
	if (o->group != GROUP_NONE && (o->changes || o->summary))
		return option_fail("--group", "counts the sockets of a sample: "
				   "not with --changes or -s", NULL);
	if (o->findings && (o->changes || o->summary || o->endless))
		return option_fail("--findings", "is a report: not with -b, -s "
				   "or --changes", NULL);
	if (o->findings && o->filter[0])
		return option_fail("--findings", "is of all sockets: not with a "
				   "filter", o->filter);
	if (o->findings && o->format && !o->format->findings)
		return option_fail("--findings", "wants text or json",
				   o->format->name);
	if (!o->changes)
		return 0;
	if (o->summary)
		return option_fail("--changes", "prints no counters: not with -s",
			    NULL);
	if (o->once)
		return option_fail("--changes", "one sample has no changes: not with "
			    "--once", NULL);
	return 0;
}

static bool person_looks_on(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

bool options_print(const struct options *o)
{
	return o->batch || !person_looks_on();
}

void options_keep(struct options *o, bool screen)
{
	const struct settings *kept = &o->config.kept;

	o->delay = kept->delay;
	o->budget = kept->budget / 10000.0;
	o->source = kept->source;
	o->events = kept->events;
	o->sort = -1;
	o->states = STATES_ALL;
	if (!screen)
		return;
	o->group = kept->group;
	o->states = kept->states;
	o->theme = kept->theme;
	o->names = kept->names;
	o->listening = kept->listeners;
	o->mouse = kept->mouse;
	o->ascii = kept->ascii;
	o->read_only = kept->read_only;
	memcpy(o->width, kept->width, sizeof(o->width));
}

/* What has to last for 20 s is seen by then. */
#define FINDINGS_NS	(30 * NS_PER_SEC)

/* Endless where a person looks on or asked for it, else one sample, as ss(8)
 * and a pipe expect. */
static void how_often(struct options *o)
{
	bool person = person_looks_on();

	if (!o->batch && !person)
		o->batch = true;
	if (o->batch && !o->endless && (!person || o->summary))
		o->once = true;
	if (o->read && o->batch) {
		o->once = true;
		o->samples = 1;
	}
	if (o->findings && !o->read && !o->samples)
		o->samples = (uint64_t)(FINDINGS_NS / o->delay) + 2;
	if (o->once && !o->samples)
		o->samples = 1;
}

int options_make_sense(struct options *o)
{
	if (!o->ipv4 && !o->ipv6)
		o->ipv4 = o->ipv6 = true;
	if (check_together(o))
		return -1;
	how_often(o);
	if (o->log && o->batch)
		return option_fail("--log", "is the screen's; -b and --changes "
				   "print", NULL);
	if (o->group != GROUP_NONE && o->column_list && o->batch)
		return option_fail("--columns", "groups have columns of their "
				   "own: not with --group", NULL);
	if (check_udp(o))
		return -1;
	if (choose_sort(o))
		return -1;
	return choose_columns(o);
}
