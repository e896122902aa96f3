/*
 * conf.h - the file with what a person wants to have each time
 *
 * Lines "key = value", keys and their values those of ui/setting.h.  Nothing in
 * it is fatal: what is wrong is said with its line, the default is used and all
 * the rest holds.  Saving changes the values of known keys and nothing else:
 * comments, unknown keys and the order of lines stay as a person wrote them; a
 * value that was wrong stays as a comment; keys that are not there are added,
 * each with what it means.
 *
 *	conf_open(&c, NULL);			finds and reads it
 *	fputs(buf_str(&c.said), stderr);
 *	o.delay = c.kept.delay;
 *	if (conf_save(&c, &settings, err, sizeof(err)))
 *		complain(err);
 *	conf_close(&c);
 */
#ifndef CONF_H
#define CONF_H

#include <stddef.h>

#include "base/buf.h"
#include "ui/setting.h"

struct conf {
	struct settings kept;	/* as the file has them, or the defaults */
	char *path;		/* NULL: there is no place for one */
	char *name;		/* path as it may be shown: "~/.config/…" */
	const char *nowhere;	/* why there is none */
	char unread[120];	/* why the file that is there was not; "" */
	struct buf said;	/* what is wrong: lines, each "path:7: …" */
	int said_count;
};

/* file: as --config has it; NULL: the usual place. */
void conf_open(struct conf *c, const char *file);
/* As if there were none, and nothing can be saved; why: for people, static. */
void conf_without(struct conf *c, const char *why);
void conf_close(struct conf *c);
/* 0; -1 with a line in err[n], and the file is as it was. */
int conf_save(const struct conf *c, const struct settings *s, char *err,
		size_t n);

/* Text of a file into c->kept, on top of what is there; c->name says where it
 * is from. */
void conf_parse(struct conf *c, const char *text, size_t n);
/* The text that has these values; old[n]: the text there is, to be kept, "" for
 * a new file. Appends. */
void conf_text(const struct settings *s, const char *old, size_t n,
		 struct buf *out);

#endif
