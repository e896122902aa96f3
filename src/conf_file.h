/*
 * conf_file.h - where the config file is, and how it is read and written
 *
 * Reading never waits and never takes much: a directory, a device, a pipe or a
 * file of more than CONF_MAX bytes is refused.  Writing leaves the old file
 * or the new one, whatever happens: into a new file beside it, which is synced
 * and renamed.  A link is followed to what it names.
 */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include <stddef.h>

#include "base/buf.h"

enum { CONF_MAX = 64 * 1024 };

/* The file --config names, or $XDG_CONFIG_HOME/tulpen/config, or
 * ~/.config/tulpen/config; free() it.  NULL, and *why for people: there is no
 * place for it, as when HOME is not set, or relative: nothing is read from the
 * current directory.  With privileges that its caller has not, the program
 * reads none. */
char *conf_file_path(const char *file, const char **why);
/* The path as it may be shown, ~ for the home directory; free() it. */
char *conf_file_name(const char *path);
/* 0; 1 there is none; -1 with the reason in why. */
int conf_file_read(const char *path, struct buf *out, struct buf *why);
/* 0; -1 with the reason in why, and the file is as it was. Makes the
 * directories it is in. */
int conf_file_write(const char *path, const char *text, size_t n,
		      struct buf *why);

#endif
