/*
 * proc.c - passes from the text of net/tcp and net/tcp6
 *
 * The kernel gives at most 4 KiB a read and whole lines; a saved copy or a
 * test gives anything.  So lines are put together in a buffer, and one that
 * does not fit there is skipped up to its newline.
 */
#include "source/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "source/proctext.h"

enum { FILES = 2 };

static const struct {
	const char *path;
	uint8_t family;
} files[FILES] = {
	{ "net/tcp", AF_INET },
	{ "net/tcp6", AF_INET6 },
};

struct proc {
	struct source source;
	char *procfs;
	struct safe shown;	/* the same, for messages */
	ssize_t (*read)(int fd, void *buf, size_t n);
	unsigned states;	/* wanted */
	struct proctext text;	/* of the file being read */
	int fd[FILES];		/* -1: not wanted, missing, or read */
	int at;			/* which file is being read */
	int failed, wanted;	/* files: without one byte read, in all */
	bool heard;		/* this file gave something */
	bool first;		/* line: the header */
	bool skipping;		/* inside a line that did not fit */
	size_t len;		/* bytes in buf: a line not yet whole */
	char buf[PROC_BUFFER];
};

static struct proc *proc_of(struct source *s)
{
	return (struct proc *)s;
}

/* The first reason is told, later ones follow from it. */
static void partial(struct proc *p, const char *path, int error)
{
	struct source_report *r = &p->source.report;

	r->partial = true;
	r->error = error;
	if (!r->reason[0])
		snprintf(r->reason, sizeof(r->reason), "%s/%s: %s",
			 safe_str(p->shown), path, strerror(error));
}

static void bad_line(struct proc *p)
{
	p->source.report.bad++;
	p->source.report.partial = true;
}

static void close_files(struct proc *p)
{
	int i;

	for (i = 0; i < FILES; i++) {
		if (p->fd[i] >= 0)
			close(p->fd[i]);
		p->fd[i] = -1;
	}
}

/* 0, or -1 with errno. A host without IPv6 has no tcp6: that is no fault, as
 * every host has a tcp. */
static int open_file(struct proc *p, int i)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", p->procfs,
			     files[i].path) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	p->fd[i] = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (p->fd[i] >= 0)
		return 0;
	if (errno != ENOENT || files[i].family != AF_INET6)
		return -1;
	snprintf(p->source.report.note, sizeof(p->source.report.note),
		 "no IPv6");
	return 0;
}

static void start_file(struct proc *p)
{
	p->text.family = files[p->at].family;
	p->first = true;
	p->heard = false;
	p->skipping = false;
	p->len = 0;
}

static int proc_begin(struct source *s, const struct source_want *w)
{
	struct proc *p = proc_of(s);
	const bool want[FILES] = { w->ipv4, w->ipv6 };
	int i;

	close_files(p);
	p->states = w->states;
	p->at = p->failed = p->wanted = 0;
	for (i = 0; i < FILES; i++) {
		if (!want[i])
			continue;
		p->wanted++;
		if (!open_file(p, i))
			continue;
		partial(p, files[i].path, errno);
		p->failed++;
	}
	start_file(p);
	if (!p->failed || (p->fd[0] >= 0 && want[0]))
		return 0;
	close_files(p);
	errno = s->report.error;
	return -1;
}

static void read_line(struct proc *p, const struct source_sink *sink,
		      const char *line, size_t len)
{
	struct row row;
	bool first = p->first;

	p->first = false;
	if (proctext_row(&p->text, line, len, &row) < 0) {
		/* the header, however it is named; an empty line is nothing */
		if (!first && len)
			bad_line(p);
		return;
	}
	if (!(p->states & STATE_BIT(state_slot(row.state))))
		return;
	p->source.report.rows++;
	sink->row(sink->arg, &row);
}

/* Takes all whole lines out of the buffer. */
static void read_lines(struct proc *p, const struct source_sink *sink,
		       size_t fresh)
{
	const char *line = p->buf, *end = p->buf + p->len + fresh;
	const char *from = p->buf + p->len, *nl;

	while ((nl = memchr(from, '\n', end - from))) {
		if (!p->skipping)
			read_line(p, sink, line, nl - line);
		p->skipping = false;
		line = from = nl + 1;
	}
	p->len = end - line;
	if (p->skipping)
		p->len = 0;
	else if (line != p->buf)
		memmove(p->buf, line, p->len);
	if (p->len == sizeof(p->buf)) {
		bad_line(p);
		p->first = false;
		p->skipping = true;
		p->len = 0;
	}
}

static void end_file(struct proc *p, const struct source_sink *sink)
{
	/* no newline at the end */
	if (p->len && !p->skipping)
		read_line(p, sink, p->buf, p->len);
	close(p->fd[p->at]);
	p->fd[p->at++] = -1;
	if (p->at < FILES)
		start_file(p);
}

/* One read; true while there is more. */
static bool read_chunk(struct proc *p, const struct source_sink *sink)
{
	int64_t begun = clock_mono(p->source.clock);
	ssize_t got;

	while (p->at < FILES && p->fd[p->at] < 0) {
		p->at++;
		if (p->at < FILES)
			start_file(p);
	}
	if (p->at == FILES)
		return false;
	do {
		got = p->read(p->fd[p->at], p->buf + p->len,
			      sizeof(p->buf) - p->len);
	} while (got < 0 && errno == EINTR);
	if (got > 0) {
		p->heard = true;
		read_lines(p, sink, got);
		p->source.asked = begun;	/* of the line that is left */
		return true;
	}
	if (got < 0) {
		partial(p, files[p->at].path, errno);
		p->failed += !p->heard;
		/* what was cut off is no row and is not counted as one */
		p->len = 0;
	}
	end_file(p, sink);
	return true;
}

static enum source_result proc_step(struct source *s,
				    const struct source_sink *sink,
				    int64_t budget_ns)
{
	struct proc *p = proc_of(s);
	int64_t end = clock_mono(s->clock) + budget_ns;

	do {
		if (!read_chunk(p, sink)) {
			if (p->wanted && p->failed == p->wanted)
				return SOURCE_FAILED;
			return SOURCE_DONE;
		}
	} while (clock_mono(s->clock) < end);
	return SOURCE_MORE;
}

static void proc_free(struct source *s)
{
	struct proc *p = proc_of(s);

	close_files(p);
	free(p->procfs);
	safe_free(&p->shown);
	free(p);
}

static const struct source_ops proc_ops = {
	.name = "proc",
	.origin = ORIGIN_PROC,
	.begin = proc_begin,
	.step = proc_step,
	.free = proc_free,
};

struct source *source_proc(const struct clock *clock, const char *procfs)
{
	struct proc *p = mem_zalloc(sizeof(*p));
	long hz = sysconf(_SC_CLK_TCK);
	int i;

	p->source.ops = &proc_ops;
	p->source.clock = clock;
	p->procfs = mem_strdup(procfs);
	p->shown = safe_text(procfs, strlen(procfs), 80);
	p->read = read;
	p->text.big_endian = proctext_host_is_big_endian();
	p->text.hz = hz > 0 ? hz : 100;
	for (i = 0; i < FILES; i++)
		p->fd[i] = -1;
	return &p->source;
}

void proc_set_read(struct source *s, ssize_t (*read_fn)(int, void *, size_t))
{
	proc_of(s)->read = read_fn;
}
