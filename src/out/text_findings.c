/* text_findings.c - findings for people: what, the evidence, why, what to do */
#include <string.h>

#include "base/text.h"
#include "out/formats.h"
#include "view/format.h"

enum { INDENT = 10, WIDTH = 80, WIDTH_MIN = 40 };

static void add_text(struct buf *out, const struct out_options *o,
		     const char *label, const char *text)
{
	int width = o->width ? o->width : WIDTH;

	if (width < WIDTH_MIN)
		width = WIDTH_MIN;
	buf_printf(out, "  %-*s", INDENT - 2, label);
	for (;;) {
		size_t n = text_chunk(text, width - INDENT);

		buf_add(out, text, n);
		buf_char(out, '\n');
		text += n;
		while (*text == ' ')
			text++;
		if (!*text)
			return;
		buf_fill(out, ' ', INDENT);
	}
}

static void add_finding(struct buf *out, const struct out_options *o,
			const struct finding *one)
{
	const struct finding_kind *k = &finding_kinds[one->kind];
	struct buf b = { 0 };

	buf_printf(out, "\n%-5s %s\n", severity_name[one->severity],
		   one->title);
	for (int i = 0; i < one->evidence_count; i++)
		add_text(out, o, i ? "" : "seen", one->evidence[i]);
	add_text(out, o, "why", k->why);
	add_text(out, o, "do", k->remedy);
	finding_threshold(&b, one->kind);
	buf_printf(&b, " (%s)", k->name);
	add_text(out, o, "told at", buf_str(&b));
	if (one->filter[0])
		buf_printf(out, "  %-*stulpen -p '%s'\n", INDENT - 2, "show",
			   one->filter);
	buf_free(&b);
}

static void add_kinds(struct buf *out, const struct out_options *o)
{
	struct buf b = { 0 };

	buf_puts(out, "\nWhat is looked for, and from what on it is told:\n");
	for (int k = 0; k < FINDING_COUNT; k++) {
		buf_reset(&b);
		buf_printf(&b, "%s: ", finding_kinds[k].title);
		finding_threshold(&b, (enum finding_id)k);
		add_text(out, o, "", buf_str(&b));
	}
	buf_free(&b);
}

void text_findings(struct buf *out, const struct out_options *o,
		   const struct findings *f, const struct monitor *m)
{
	const struct findings_scope *s = findings_scope(f);
	const struct finding *one;

	if (o->header) {
		buf_printf(out, "%s, ", m->host);
		format_rfc3339(out, out_time(m));
		buf_puts(out, ": ");
		format_count(out, s->sockets);
		buf_printf(out, " socket%s looked at %u time%s in ",
			   s->sockets == 1 ? "" : "s", s->scans,
			   s->scans == 1 ? "" : "s");
		format_duration(out, s->at - s->begun);
		buf_char(out, '\n');
	}
	for (size_t i = 0; (one = findings_get(f, i)); i++)
		add_finding(out, o, one);
	for (int k = 0; k < FINDING_COUNT; k++)
		if (s->more[k])
			buf_printf(out, "\nand %u more: %s\n", s->more[k],
				   finding_kinds[k].title);
	if (s->unwatched)
		buf_printf(out, "\n%llu sockets were too many to follow one by "
			   "one\n", (unsigned long long)s->unwatched);
	if (findings_get(f, 0))
		return;
	buf_puts(out, "\nNo findings.\n");
	add_kinds(out, o);
}
