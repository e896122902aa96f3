#include "app.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>

#include "option_sense.h"

static void print_filter_error(const char *text, const struct filter_error *e)
{
	enum { AROUND = 60 };
	size_t from = e->offset > AROUND ? e->offset - AROUND : 0;
	struct safe before = safe_text(text + from, e->offset - from, 0);
	struct safe after = safe_text(text + e->offset,
				      strlen(text + e->offset), AROUND);

	fprintf(stderr, "tulpen: filter: %s\n  %s%s\n  %*s^\n", e->message,
		safe_str(before), safe_str(after),
		utf8_width(safe_str(before)), "");
	safe_free(&before);
	safe_free(&after);
}

int app_view(const struct options *o, struct view *v)
{
	struct filter_error err;

	view_init(v);
	v->ipv4 = o->ipv4;
	v->ipv6 = o->ipv6;
	v->states = o->states;
	v->listeners_only = o->listening && !o->all;
	v->group = o->group;
	if (!options_print(o)) {
		v->sort = o->config.kept.sort;
		v->reverse = o->config.kept.reverse;
	}
	if (o->sort >= 0 && o->group != GROUP_NONE) {
		v->group_sort = o->sort;
		v->group_reverse = o->reverse;
	} else if (o->sort >= 0) {
		v->sort = o->sort;
		v->reverse = o->reverse;
	}
	if (!o->filter[0])
		return 0;
	v->filter = filter_parse_names(o->filter, &err);
	if (v->filter)
		return 0;
	print_filter_error(o->filter, &err);
	view_free(v);
	return -1;
}

unsigned app_column_needs(const uint8_t *ids, int n)
{
	unsigned needs = 0;

	for (int i = 0; i < n; i++)
		needs |= columns[ids[i]].needs;
	return needs;
}

bool app_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}
