/*
 * saver.h - writes what the screen shows to a file, while the screen goes on
 *
 * A child process writes: it has the very picture of that moment, and a disk
 * that is slow holds up nobody.  It writes to a new file beside the one that
 * was asked for, and renames it when all is there: a file is never half
 * written.  Mode as umask(2) says.
 *
 *	s = saver_new(loop, done, arg);
 *	switch (saver_begin(s, &job))		then done() is called, unless
 *						something is there already
 *	saver_free(s);				what is under way goes on
 */
#ifndef SAVER_H
#define SAVER_H

#include <stdbool.h>

#include "base/loop.h"
#include "out/out.h"

struct saver_job {
	const char *path;
	bool replace;		/* if something is there */
	const struct out_format *format;
	struct out_options out;
	struct view *view;
	struct column_context *context;
	/* The changes to be written, i = 0 the newest; NULL: the view is. */
	const struct change *(*change)(const void *arg, size_t i);
	const void *change_arg;
};

enum saver_begun {
	SAVER_BEGUN,
	SAVER_EXISTS,		/* what says what is there, verb what writing
				   it anyway would do to it */
	SAVER_FAILED,		/* what says why */
};

struct saver;

/* done: one line that says what came of it. */
struct saver *saver_new(struct loop *loop,
			void (*done)(void *arg, bool bad, const char *text),
			void *arg);
void saver_free(struct saver *s);
/* One at a time. what[n], *verb: as above. */
enum saver_begun saver_begin(struct saver *s, const struct saver_job *job,
			     char *what, size_t n, const char **verb);

#endif
