/*
 * ss-command.c - the command of ss for a filter
 *
 *	ss-command FILTER
 *
 * Prints it; exit status 1 if it shows more, 2 if there is none.
 */
#include <stdio.h>

#include "view/ss_command.h"

int main(int argc, char **argv)
{
	struct column_context c = { 0 };
	struct filter_error e;
	struct buf out = { 0 };
	struct view v;
	int status;

	view_init(&v);
	v.filter = argc == 2 ? filter_parse(argv[1], &e) : NULL;
	if (!v.filter) {
		fprintf(stderr, "ss-command: %s\n", argc == 2 ? e.message :
			"one filter");
		return 99;
	}
	status = ss_command(&out, &v, &c, 0) ? 0 : out.len ? 1 : 2;
	puts(buf_str(&out));
	view_free(&v);
	buf_free(&out);
	return status;
}
