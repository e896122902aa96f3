#include "conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "conf_file.h"
#include "conf_line.h"

/* more would only hide the first ones */
enum { SAID_MAX = 20 };

static void complain(struct conf *c, int line, const char *what)
{
	if (++c->said_count > SAID_MAX)
		return;
	buf_puts(&c->said, c->name);
	if (line)
		buf_printf(&c->said, ":%d", line);
	buf_printf(&c->said, ": %s\n", what);
}

static const char *setting_word(const void *arg, int i)
{
	(void)arg;
	return i < settings_count ? settings_table[i].name : NULL;
}

static void unknown_key(struct conf *c, int number, const struct line *l)
{
	const char *near = setting_nearest(l->key, l->key_len, setting_word,
					   NULL);
	struct safe key = safe_text(l->key, l->key_len, 40);
	struct buf b = { 0 };

	buf_printf(&b, "unknown key '%s'", safe_str(key));
	if (near)
		buf_printf(&b, ", did you mean '%s'?", near);
	complain(c, number, buf_str(&b));
	buf_free(&b);
	safe_free(&key);
}

/* seen[]: the line each setting was given in; 0 not yet */
static void take_setting(struct conf *c, int number, const struct line *l,
			 int *seen)
{
	int *first = &seen[l->setting - settings_table];
	struct buf b = { 0 }, why = { 0 };

	if (*first) {
		buf_printf(&b, "'%s' again: that of line %d holds",
			   l->setting->name, *first);
	} else if (setting_parse(l->setting, &c->kept, l->value, l->value_len,
				 &why)) {
		buf_printf(&b, "%s: %s", l->setting->name, buf_str(&why));
		if (memchr(l->value, '#', l->value_len))
			buf_puts(&b, " (a comment is a line of its own)");
		/* the next one is not its double */
	} else {
		*first = number;
	}
	if (b.len)
		complain(c, number, buf_str(&b));
	buf_free(&b);
	buf_free(&why);
}

static void take_line(struct conf *c, int number, const struct line *l,
		      int *seen)
{
	switch (l->kind) {
	case LINE_NOTE:
		return;
	case LINE_SETTING:
		take_setting(c, number, l, seen);
		return;
	case LINE_UNKNOWN:
		unknown_key(c, number, l);
		return;
	case LINE_NUL:
		complain(c, number, "holds a NUL byte: no text");
		return;
	case LINE_LONG:
		complain(c, number, "is longer than any setting");
		return;
	case LINE_OTHER:
		complain(c, number, "is no 'key = value'");
		return;
	}
}

void conf_parse(struct conf *c, const char *text, size_t n)
{
	const char *end = text + n;
	int number = 0, seen[64] = { 0 };
	bool crlf = false;
	struct line l;

	if (conf_mark(text, n)) {
		complain(c, 1, "begins with a byte order mark: ignored");
		text += conf_mark(text, n);
	}
	while (text < end) {
		text = line_read(&l, text, end);
		number++;
		if (l.crlf && !crlf)
			complain(c, number, "lines end in CR LF: taken as LF");
		crlf |= l.crlf;
		take_line(c, number, &l, seen);
	}
}

static void start(struct conf *c)
{
	memset(c, 0, sizeof(*c));
	settings_default(&c->kept);
}

void conf_without(struct conf *c, const char *why)
{
	start(c);
	c->nowhere = why;
}

void conf_open(struct conf *c, const char *file)
{
	struct buf text = { 0 }, why = { 0 };
	int got;

	start(c);
	c->path = conf_file_path(file, &c->nowhere);
	if (!c->path) {
		if (file)
			buf_printf(&c->said, "--config: %s\n", c->nowhere);
		return;
	}
	c->name = conf_file_name(c->path);
	got = conf_file_read(c->path, &text, &why);
	if (!got)
		conf_parse(c, buf_str(&text), text.len);
	else if (got < 0)
		complain(c, 0, buf_str(&why));
	else if (got && file)
		complain(c, 0, "there is no such file");
	if (got < 0)
		snprintf(c->unread, sizeof(c->unread), "%s", buf_str(&why));
	if (c->said_count > SAID_MAX)
		buf_printf(&c->said, "%s: and %d more\n", c->name,
			   c->said_count - SAID_MAX);
	buf_free(&text);
	buf_free(&why);
}

void conf_close(struct conf *c)
{
	free(c->path);
	free(c->name);
	buf_free(&c->said);
}

/* What is there is read again: a person may have edited it meanwhile.  What
 * could not be read at the start has values that are not known here. */
int conf_save(const struct conf *c, const struct settings *s, char *err,
		size_t n)
{
	struct buf old = { 0 }, text = { 0 }, why = { 0 };
	int status = -1;

	if (!c->path) {
		snprintf(err, n, "%s", c->nowhere);
		return -1;
	}
	if (c->unread[0]) {
		snprintf(err, n, "%s: %s", c->name, c->unread);
		return -1;
	}
	if (conf_file_read(c->path, &old, &why) >= 0) {
		conf_text(s, buf_str(&old), old.len, &text);
		status = conf_file_write(c->path, buf_str(&text), text.len,
					   &why);
	}
	if (status)
		snprintf(err, n, "%s: %s", c->name, buf_str(&why));
	buf_free(&old);
	buf_free(&text);
	buf_free(&why);
	return status;
}
