/* conf_text.c - the config file as text, new or with what was there */
#include "conf.h"

#include <string.h>

#include "conf_line.h"

static const char head[] =
	"# What tulpen(1) starts with.  Lines are \"key = value\"; '#' begins a"
	" line of\n"
	"# comment.  An option on the command line wins over what is here.  F2 "
	"in tulpen\n"
	"# changes the values; comments, and keys it does not know, it leaves "
	"alone.\n"
	"# What is marked [screen] does not change what is printed.\n";

/* Words as comment lines of up to 79 columns. */
static void comment(struct buf *out, const char *text)
{
	size_t used = 80, n;

	while (*text) {
		n = strcspn(text, " ");
		if (used + 1 + n > 79) {
			buf_puts(out, used == 80 ? "#" : "\n#");
			used = 1;
		}
		buf_char(out, ' ');
		buf_add(out, text, n);
		used += 1 + n;
		text += n;
		text += strspn(text, " ");
	}
	buf_char(out, '\n');
}

static void explain(struct buf *out, const struct setting *s)
{
	struct settings usual;
	struct buf b = { 0 };

	settings_default(&usual);
	buf_printf(&b, "%s: %s.", s->name, s->help);
	if (!s->printing)
		buf_puts(&b, " [screen]");
	buf_char(out, '\n');
	comment(out, buf_str(&b));
	buf_reset(&b);
	buf_puts(&b, "Takes ");
	s->kind->wants(s, &b);
	buf_puts(&b, "; default: ");
	setting_print(s, &usual, &b);
	if (b.data[b.len - 1] == ' ')
		buf_puts(&b, "empty");
	if (s->option)
		buf_printf(&b, "; option: %s", s->option);
	buf_char(&b, '.');
	comment(out, buf_str(&b));
	buf_free(&b);
}

static void put_setting(struct buf *out, const struct setting *s,
			const struct settings *values)
{
	buf_printf(out, "%s = ", s->name);
	setting_print(s, values, out);
	while (out->data[out->len - 1] == ' ')
		out->len--;
	out->data[out->len] = '\0';
}

/* One line that is there: as it is, if it says the same. */
static void keep_line(struct buf *out, const struct line *l,
		      const struct settings *values, bool *done)
{
	bool *this = l->kind == LINE_SETTING ?
		     &done[l->setting - settings_table] : NULL;
	struct settings now = *values;
	struct buf why = { 0 };
	int bad = 0;

	if (this && !*this) {
		bad = setting_parse(l->setting, &now, l->value, l->value_len,
				    &why);
		buf_free(&why);
		*this = true;
		if (bad)
			buf_puts(out, "# ");
	}
	if (this && !bad && !setting_same(l->setting, &now, values)) {
		put_setting(out, l->setting, values);
	} else {
		buf_add(out, l->start, l->len);
		if (bad) {
			buf_puts(out, l->crlf ? "\r\n" : "\n");
			put_setting(out, l->setting, values);
		}
	}
	buf_puts(out, l->crlf ? "\r\n" : "\n");
}

void conf_text(const struct settings *s, const char *old, size_t n,
		 struct buf *out)
{
	const char *end = old + n;
	bool done[64] = { false };
	struct line l;

	if (!n)
		buf_puts(out, head);
	buf_add(out, old, conf_mark(old, n));
	old += conf_mark(old, n);
	while (old < end) {
		old = line_read(&l, old, end);
		keep_line(out, &l, s, done);
	}
	for (int i = 0; i < settings_count; i++) {
		if (done[i])
			continue;
		explain(out, &settings_table[i]);
		put_setting(out, &settings_table[i], s);
		buf_char(out, '\n');
	}
}
