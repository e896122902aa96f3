#include "option.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "option_sense.h"
#include "view/pivot_column.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

#define DELAY_MIN	0.1
#define DELAY_MAX	3600.0
#define BUDGET_MIN	0.01
#define BUDGET_MAX	100.0

struct option_info {
	char letter;			/* 0 none */
	const char *name;		/* NULL none */
	const char *arg;		/* what --help calls it; NULL none */
	const char *help;
	/* 0; -1 after option_fail() */
	int (*set)(struct options *o, const char *arg);
};

static int set_delay(struct options *o, const char *arg)
{
	char *end;
	double seconds = strtod(arg, &end);

	if (end == arg || *end || !isfinite(seconds) ||
	    seconds < DELAY_MIN || seconds > DELAY_MAX)
		return option_fail("--delay", "wants 0.1 to 3600 seconds", arg);
	o->delay = (int64_t)(seconds * NS_PER_SEC);
	return 0;
}

static int set_budget(struct options *o, const char *arg)
{
	char *end;
	double percent = strtod(arg, &end);

	if (end == arg || *end || !isfinite(percent) ||
	    percent < BUDGET_MIN || percent > BUDGET_MAX)
		return option_fail("--budget", "wants 0.01 to 100 percent", arg);
	o->budget = percent / 100;
	return 0;
}

static int set_batch(struct options *o, const char *arg)
{
	(void)arg;
	o->batch = o->endless = true;
	return 0;
}

static int set_samples(struct options *o, const char *arg)
{
	char *end;

	errno = 0;
	o->samples = strtoull(arg, &end, 10);
	if (end == arg || *end || errno || *arg == '-' || !o->samples)
		return option_fail("--samples", "wants a number from 1 up", arg);
	o->batch = true;
	return 0;
}

static int set_once(struct options *o, const char *arg)
{
	(void)arg;
	o->batch = true;
	o->once = true;
	return 0;
}

static int set_format(struct options *o, const char *arg)
{
	o->format = out_format_find(arg);
	o->batch = true;
	if (o->format && o->format->sample)
		return 0;
	if (o->format)
		return option_fail("--format", o->format->help, arg);
	fprintf(stderr, "tulpen: --format: wants one of");
	for (int i = 0; i < out_format_count; i++)
		fprintf(stderr, "%s %s", i ? "," : "", out_formats[i].name);
	fputc('\n', stderr);
	return -1;
}

static int set_changes(struct options *o, const char *arg)
{
	(void)arg;
	o->batch = o->endless = true;
	o->changes = true;
	return 0;
}

static int set_summary(struct options *o, const char *arg)
{
	(void)arg;
	o->summary = true;
	o->batch = true;
	return 0;
}

static int set_findings(struct options *o, const char *arg)
{
	(void)arg;
	o->batch = o->findings = true;
	return 0;
}

static int help_columns(struct options *o)
{
	printf("%-14s  %-16s  %-8s  %-8s  %s\n", "NAME", "IN JSON", "TITLE",
	       "FIRST", "WHAT");
	for (int i = 0; i < COLUMN_COUNT; i++)
		printf("%-14s  %-16s  %-8s  %-8s  %s%s%s%s\n",
		       columns[i].name, columns[i].json, columns[i].title,
		       columns[i].descending ? "biggest" : "smallest",
		       columns[i].help,
		       *columns[i].unit ? " (" : "", columns[i].unit,
		       *columns[i].unit ? ")" : "");
	o->help = true;
	return 0;
}

static int set_columns(struct options *o, const char *arg)
{
	if (!strcmp(arg, "help"))
		return help_columns(o);
	o->column_list = arg;
	return 0;
}

static int help_sort(struct options *o)
{
	help_columns(o);
	puts("\nwith --group:");
	for (int i = 0; i < PIVOT_COLUMN_COUNT; i++)
		if (i != PCOL_REST)
			printf("%-14s  %-16s  %-8s  %-8s  %s\n",
			       pivot_columns[i].name, "",
			       pivot_columns[i].title ?
			       pivot_columns[i].title : "",
			       pivot_columns[i].descending ? "biggest" :
							     "smallest",
			       pivot_columns[i].help);
	return 0;
}

/* What it is the name of depends on --group, which may come later. */
static int set_sort(struct options *o, const char *arg)
{
	if (!strcmp(arg, "help"))
		return help_sort(o);
	o->sort_name = arg;
	return 0;
}

static int help_groups(struct options *o)
{
	printf("%-14s  %s\n", "NAME", "WHAT");
	for (int i = 0; i < GROUP_COUNT; i++)
		printf("%-14s  %s\n", groups[i].name, groups[i].help);
	o->help = true;
	return 0;
}

static int set_group(struct options *o, const char *arg)
{
	int id = group_find(arg, strlen(arg));

	if (!strcmp(arg, "help"))
		return help_groups(o);
	if (id < 0)
		return option_fail("--group", "no such group (see --group "
				   "help)", arg);
	o->group = id;
	return 0;
}

static int set_source(struct options *o, const char *arg)
{
	static const char *const names[] = {
		[CHOOSE_AUTO] = "auto", [CHOOSE_PROC] = "proc",
		[CHOOSE_NETLINK] = "netlink",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(arg, names[i]))
			continue;
		o->source = i;
		return 0;
	}
	return option_fail("--source", "wants auto, proc or netlink", arg);
}

static int set_log(struct options *o, const char *arg)
{
	o->log = arg;
	return 0;
}

static int set_events(struct options *o, const char *arg)
{
	static const char *const names[] = {
		[EVENTS_AUTO] = "auto", [EVENTS_TRACE] = "trace",
		[EVENTS_DESTROY] = "destroy", [EVENTS_OFF] = "off",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(arg, names[i]))
			continue;
		o->events = i;
		return 0;
	}
	return option_fail("--events", "wants auto, trace, destroy or off", arg);
}

static int set_theme(struct options *o, const char *arg)
{
	int theme = theme_find(arg);

	if (!strcmp(arg, "help")) {
		for (int i = 0; i < THEME_COUNT; i++)
			printf("%-14s  %s\n", themes[i].name, themes[i].help);
		o->help = true;
		return 0;
	}
	if (theme < 0)
		return option_fail("--theme", "no such theme (see --theme help)",
				   arg);
	o->theme = theme;
	o->theme_asked = true;
	return 0;
}

static int set_config(struct options *o, const char *arg)
{
	struct settings usual;
	struct buf text = { 0 };

	o->config_file = arg;
	if (strcmp(arg, "help"))
		return 0;
	settings_default(&usual);
	conf_text(&usual, "", 0, &text);
	fputs(buf_str(&text), stdout);
	buf_free(&text);
	o->help = true;
	return 0;
}

static int set_read(struct options *o, const char *arg)
{
	o->read = arg;
	return 0;
}

static int set_procfs(struct options *o, const char *arg)
{
	o->procfs = arg;
	return 0;
}

#define FLAG(field)							\
static int set_##field(struct options *o, const char *arg)		\
{									\
	(void)arg;							\
	o->field = true;						\
	return 0;							\
}
FLAG(tcp)
FLAG(udp)
FLAG(listening)
FLAG(all)
FLAG(processes)
FLAG(extended)
FLAG(timers)
FLAG(names)
FLAG(ipv4)
FLAG(ipv6)
FLAG(read_only)
FLAG(no_config)
#undef FLAG

static int set_numeric(struct options *o, const char *arg)
{
	(void)arg;
	o->names = false;
	return 0;
}

static int print_version(struct options *o, const char *arg)
{
	(void)arg;
	puts("tulpen " PACKAGE_VERSION);
	o->version = true;
	return 0;
}

static int print_help(struct options *o, const char *arg);

static const struct option_info options[] = {
	{ 'd', "delay", "SECS", "seconds between passes (default 1)",
	  set_delay },
	{ 0, "budget", "PERCENT", "of one core that readings may take, by "
	  "coming less often (default 10)", set_budget },
	{ 'b', "batch", NULL, "print instead of drawing, until stopped",
	  set_batch },
	{ 0, "samples", "N", "print N samples and stop", set_samples },
	{ 0, "once", NULL, "print one sample (the default when standard "
	  "output is no terminal)", set_once },
	{ 0, "format", "F", "print as text, json or csv", set_format },
	{ 0, "changes", NULL, "print changes as they happen, not the table",
	  set_changes },
	{ 's', "summary", NULL, "print the per-state counters only",
	  set_summary },
	{ 0, "findings", NULL, "watch for 30 s, or --samples, and print what "
	  "is wrong, why, and what to do", set_findings },
	{ 0, "columns", "LIST", "columns to show, with commas between; +NAME "
	  "adds one; help lists them", set_columns },
	{ 0, "sort", "[+-]COLUMN", "order of the rows: - biggest first, + "
	  "smallest first; help lists the columns", set_sort },
	{ 0, "group", "KEY", "count the sockets in groups: by port, process, "
	  "remote, ...; help lists them", set_group },
	{ 0, "source", "S", "where to read: auto, proc, netlink", set_source },
	{ 0, "log", "FILE", "the screen also writes each change to FILE: "
	  ".csv, .json or text", set_log },
	{ 0, "events", "E", "what to watch between passes: auto, trace, "
	  "destroy, off", set_events },
	{ 0, "theme", "NAME", "colours of the screen; help lists them",
	  set_theme },
	{ 0, "read", "FILE", "show what ss -D FILE wrote; - reads the "
	  "standard input", set_read },
	{ 0, "read-only", NULL, "the screen closes no socket and signals no "
	  "process", set_read_only },
	{ 0, "procfs", "DIR", "read DIR instead of /proc", set_procfs },
	{ 't', "tcp", NULL, "TCP sockets (the default)", set_tcp },
	{ 'u', "udp", NULL, "UDP sockets: not read yet, and said so",
	  set_udp },
	{ 'l', "listening", NULL, "listening sockets only", set_listening },
	{ 'a', "all", NULL, "all sockets (the default)", set_all },
	{ 'p', "processes", NULL, "show the process (the screen always does)",
	  set_processes },
	{ 'e', "extended", NULL, "show uid, inode and cookie", set_extended },
	{ 'o', "options", NULL, "show the timer and the retransmissions",
	  set_timers },
	{ 'n', "numeric", NULL, "do not resolve names (the default)",
	  set_numeric },
	{ 'r', "resolve", NULL, "ports by their service's name", set_names },
	{ '4', "ipv4", NULL, "IPv4 sockets only", set_ipv4 },
	{ '6', "ipv6", NULL, "IPv6 sockets only", set_ipv6 },
	{ 0, "config", "FILE", "settings, in place of ~/.config/tulpen/config; "
	  "help prints one", set_config },
	{ 0, "no-config", NULL, "without settings from a file",
	  set_no_config },
	{ 'V', "version", NULL, "print the version", print_version },
	{ 'h', "help", NULL, "print this", print_help },
};
enum { OPTION_COUNT = sizeof(options) / sizeof(*options) };

static int print_help(struct options *o, const char *arg)
{
	(void)arg;
	puts("Usage: tulpen [OPTION]... [FILTER]\n"
	     "Top for TCP connection states: counts, sockets, owners and what "
	     "just changed.\n\n"
	     "FILTER: as in ss(8): state established dport = :443; also 443 or "
	     ":443 at either\nend, close-wait, rtt > 50ms, process ~ ^java; "
	     "other text is searched in state,\naddresses, process and user.\n");
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_info *info = &options[i];
		char left[40];

		snprintf(left, sizeof(left), "%c%c%c --%s%s%s",
			 info->letter ? '-' : ' ',
			 info->letter ? info->letter : ' ',
			 info->letter ? ',' : ' ', info->name,
			 info->arg ? " " : "", info->arg ? info->arg : "");
		printf("  %-24s  %s\n", left, info->help);
	}
	puts("\nExit status: 0 all shown; 1 shown, but not all could be read; "
	     "2 wrong usage;\n3 nothing could be read, or the output not be "
	     "written.\nKeys of the screen: press h in it, or see tulpen(1).");
	o->help = true;
	return 0;
}

/* getopt_long(3)'s two forms of the table; val is the index + 1000 */
static void build_getopt(char *letters, struct option *longs)
{
	char *p = letters;

	*p++ = ':';		/* missing arguments are told apart */
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_info *info = &options[i];

		longs[i] = (struct option){
			.name = info->name,
			.has_arg = info->arg ? required_argument : no_argument,
			.val = 1000 + i,
		};
		if (!info->letter)
			continue;
		*p++ = info->letter;
		if (info->arg)
			*p++ = ':';
	}
	*p = '\0';
	longs[OPTION_COUNT] = (struct option){ 0 };
}

static const struct option_info *option_of(int c)
{
	if (c >= 1000)
		return &options[c - 1000];
	for (int i = 0; i < OPTION_COUNT; i++)
		if (options[i].letter == c)
			return &options[i];
	return NULL;
}

static int complain(int c, char **argv)
{
	const struct option_info *info = optopt ? option_of(optopt) : NULL;
	char letter[3] = { '-', (char)optopt, '\0' };

	if (c == ':')
		return option_fail(optopt >= 1000 ? argv[optind - 1] : letter,
			    "wants an argument", info ? info->arg : NULL);
	if (optopt >= 1000)
		return option_fail(argv[optind - 1], "takes no argument", NULL);
	return option_fail(optopt ? letter : argv[optind - 1],
		    "unknown option (see --help)", NULL);
}

/* The operands, joined by blanks; without any, the file's. */
static void join_filter(struct options *o, int argc, char **argv)
{
	struct buf b = { 0 };

	for (int i = optind; i < argc; i++) {
		if (b.len)
			buf_char(&b, ' ');
		buf_puts(&b, argv[i]);
	}
	if (optind == argc && !options_print(o))
		buf_puts(&b, o->config.kept.filter);
	o->filter = b.data ? b.data : mem_strdup("");
}

/* 0; or -1 after one line on stderr. */
static int take_arguments(struct options *o, int argc, char **argv)
{
	char letters[2 * OPTION_COUNT + 2];
	struct option longs[OPTION_COUNT + 1];
	int c;

	build_getopt(letters, longs);
	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_info *info = option_of(c);

		if (c == '?' || c == ':' || !info)
			return complain(c, argv);
		if (info->set(o, optarg))
			return -1;
		if (o->help || o->version)
			return 0;
	}
	return 0;
}

static void begin(struct options *o)
{
	memset(o, 0, sizeof(*o));
	o->procfs = "/proc";
}

/* The file itself is what the first round found it to be. */
static int find_config(struct options *o, int argc, char **argv)
{
	struct options first;

	begin(&first);
	if (take_arguments(&first, argc, argv))
		return -1;
	o->help = first.help;
	o->version = first.version;
	if (first.no_config)
		conf_without(&o->config, "--no-config");
	else if (!o->help && !o->version)
		conf_open(&o->config, first.config_file);
	options_keep(o, !options_print(&first));
	return 0;
}

int options_parse(struct options *o, int argc, char **argv)
{
	begin(o);
	if (find_config(o, argc, argv))
		return -1;
	if (o->help || o->version)
		return 0;
	if (take_arguments(o, argc, argv))
		return -1;
	join_filter(o, argc, argv);
	return options_make_sense(o);
}

void options_free(struct options *o)
{
	free(o->filter);
	conf_close(&o->config);
}
