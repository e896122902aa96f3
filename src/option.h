/*
 * option.h - the command line, declared once
 *
 * options[] in option.c is the one list of options: getopt_long(3), --help and
 * the check of the manual page come from it.
 *
 * The arguments are gone through twice: once to learn which config file there
 * is and whether we print, and then, on top of what the file says, again, so
 * that the command line wins.  What is printed depends on the file only where
 * that changes how it is read, so that a script gets the same from everybody.
 */
#ifndef OPTION_H
#define OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "out/out.h"
#include "sampler.h"
#include "ui/theme.h"
#include "view/column.h"
#include "view/group.h"

/* exit status, DESIGN.md */
enum {
	EXIT_ALL	= 0,	/* all shown */
	EXIT_PARTIAL	= 1,	/* shown, but not all could be read */
	EXIT_USAGE	= 2,
	EXIT_NOTHING	= 3,	/* nothing could be read, or not be written */
};

struct options {
	int64_t delay;			/* ns between passes */
	double budget;			/* of one core, for passes: 0 to 1 */
	bool batch, changes, summary, findings;
	bool once, endless;		/* how often, if not `samples` */
	uint64_t samples;		/* 0: until stopped */
	const struct out_format *format;	/* NULL: text */
	uint8_t columns[COLUMN_COUNT];
	int column_count;
	const char *column_list;	/* --columns as given; NULL */
	uint8_t width[COLUMN_COUNT];	/* by column id; 0 what it needs */
	enum group_id group;
	const char *sort_name;		/* --sort as given; NULL */
	int sort;			/* enum column_id, of groups enum
					   pivot_column_id; -1 the default */
	bool reverse;			/* biggest first */
	enum source_choice source;
	enum events_choice events;
	const char *procfs;
	const char *read;		/* a file of ss -D's; NULL this host */
	bool tcp, udp, listening, all, processes, extended, timers, names;
	bool ipv4, ipv6;
	enum theme_id theme;
	bool theme_asked;		/* by --theme: over NO_COLOR */
	unsigned states;		/* STATE_BIT()s shown */
	bool ascii, mouse;
	struct conf config;		/* the file */
	const char *config_file;	/* --config; NULL the usual one */
	bool no_config;
	const char *log;		/* --log: file for changes; NULL */
	char *filter;			/* operands joined by blanks; "" none */
	bool read_only;			/* K does nothing */
	bool help, version;		/* asked for and printed: exit 0 */
};

/* Fills o. 0; or -1 after one line on stderr that names the option. */
int options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

#endif
