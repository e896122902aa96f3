#include "saver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

enum { PATH_LEN = 4096 };

/* what the child tells at its end */
struct report {
	int error;		/* errno; 0 all went well */
	uint64_t rows, bytes;
	bool changes;
};

struct saver {
	struct loop *loop;
	void (*done)(void *arg, bool bad, const char *text);
	void *arg;
	int pipe;		/* -1: nothing is written */
	pid_t child;
	char path[PATH_LEN];
};

struct saver *saver_new(struct loop *loop,
			void (*done)(void *arg, bool bad, const char *text),
			void *arg)
{
	struct saver *s = mem_zalloc(sizeof(*s));

	s->loop = loop;
	s->done = done;
	s->arg = arg;
	s->pipe = -1;
	return s;
}

void saver_free(struct saver *s)
{
	if (!s)
		return;
	if (s->pipe >= 0)
		close(s->pipe);
	free(s);
}

/* ---- the child ---------------------------------------------------------------- */

struct writing {
	int fd;
	struct report report;
};

static void write_out(void *arg, struct buf *text)
{
	struct writing *w = arg;
	size_t done = 0;

	while (!w->report.error && done < text->len) {
		ssize_t n = write(w->fd, text->data + done, text->len - done);

		if (n < 0 && errno != EINTR)
			w->report.error = errno;
		done += n > 0 ? (size_t)n : 0;
	}
	w->report.bytes += done;
	buf_reset(text);
}

static void write_view(const struct saver_job *job, struct writing *w)
{
	struct out_options out = job->out;
	struct view *v = job->view;
	struct buf text = { 0 };

	out.drain = write_out;
	out.drain_arg = w;
	while (view_step(v, job->context, 100000))
		;
	view_ready(v, job->context, 0, v->count);
	if (job->format->begin)
		job->format->begin(&text, &out, OUT_SAMPLES);
	job->format->sample(&text, &out, v, job->context, true);
	write_out(w, &text);
	w->report.rows = v->rows.live;
}

/* The oldest first, as they happened. */
static void write_changes(const struct saver_job *job, struct writing *w)
{
	enum { PIECE = 64 << 10 };
	struct buf text = { 0 };
	size_t n = 0;

	w->report.changes = true;
	while (job->change(job->change_arg, n))
		n++;
	if (job->format->begin)
		job->format->begin(&text, &job->out, OUT_CHANGES);
	for (size_t i = n; i-- > 0; ) {
		job->format->change(&text, &job->out, job->context,
				    job->change(job->change_arg, i));
		if (text.len > PIECE)
			write_out(w, &text);
	}
	write_out(w, &text);
	w->report.rows = n;
}

static void write_all(const struct saver_job *job, struct writing *w)
{
	if (job->change)
		write_changes(job, w);
	else
		write_view(job, w);
}

static int note(struct writing *w, int r)
{
	if (r < 0 && !w->report.error)
		w->report.error = errno;
	return r;
}

/* A new name, or in place of what is there if that was said. */
static void put_in_place(struct writing *w, const char *from, const char *to,
			 bool replace)
{
	if (!replace) {
		/* unlike rename(2) it does not replace what came meanwhile */
		if (link(from, to) == 0) {
			unlink(from);
			return;
		}
		/* file systems without hard links */
		if (errno == EEXIST || access(to, F_OK) == 0) {
			w->report.error = EEXIST;
			return;
		}
	}
	note(w, rename(from, to));
}

static void write_file(const struct saver_job *job, const char *path,
		       struct writing *w)
{
	char temp[PATH_LEN + 8];
	mode_t mask = umask(0);

	umask(mask);
	snprintf(temp, sizeof(temp), "%s.XXXXXX", path);
	w->fd = note(w, mkostemp(temp, O_CLOEXEC));
	if (w->fd < 0)
		return;
	note(w, fchmod(w->fd, 0666 & ~mask));
	write_all(job, w);
	/* some file systems only say here that they are full */
	if (!w->report.error && fsync(w->fd) && errno != EINVAL)
		w->report.error = errno;
	note(w, close(w->fd));
	if (!w->report.error)
		put_in_place(w, temp, path, job->replace);
	if (w->report.error)
		unlink(temp);
}

/* A device or a pipe is written to as it is. */
static void write_device(const struct saver_job *job, const char *path,
			 struct writing *w)
{
	w->fd = note(w, open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY |
			     O_NONBLOCK | O_CLOEXEC));
	if (w->fd < 0)
		return;
	fcntl(w->fd, F_SETFL, 0);
	write_all(job, w);
	note(w, close(w->fd));
}

/* The terminal is none of its business, not even when it dies. */
static void be_quiet(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	mem_on_exhaustion(NULL);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], SIG_DFL);
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
}

static _Noreturn void be_child(const struct saver_job *job, const char *path,
			       bool device, int fd)
{
	struct writing w = { .fd = -1 };
	ssize_t n;

	be_quiet();
	if (device)
		write_device(job, path, &w);
	else
		write_file(job, path, &w);
	n = write(fd, &w.report, sizeof(w.report));
	_exit(n == sizeof(w.report) ? 0 : 1);
}

/* ---- the parent ---------------------------------------------------------------- */

static void tell(struct saver *s, const struct report *r)
{
	char text[PATH_LEN + 100];

	if (r->error == EEXIST)
		snprintf(text, sizeof(text), "%s came to be meanwhile: "
			 "not written", s->path);
	else if (r->error)
		snprintf(text, sizeof(text), "%s: %s: not written", s->path,
			 strerror(r->error));
	else
		snprintf(text, sizeof(text), "%s was written: %llu %s%s, "
			 "%llu bytes", s->path, (unsigned long long)r->rows,
			 r->changes ? "change" : "socket",
			 r->rows == 1 ? "" : "s",
			 (unsigned long long)r->bytes);
	s->done(s->arg, r->error != 0, text);
}

static void on_report(void *arg, int fd, short revents)
{
	struct saver *s = arg;
	struct report r = { .error = EIO };
	ssize_t n = read(fd, &r, sizeof(r));

	(void)revents;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n != sizeof(r))
		r = (struct report){ .error = EIO };
	loop_fd(s->loop, fd, 0, NULL, NULL);
	close(fd);
	s->pipe = -1;
	while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
		;
	tell(s, &r);
}

static enum saver_begun start(struct saver *s, const struct saver_job *job,
			      bool device, char *what, size_t n)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC)) {
		snprintf(what, n, "%s", strerror(errno));
		return SAVER_FAILED;
	}
	s->child = fork();
	if (s->child == 0)
		be_child(job, s->path, device, fd[1]);
	close(fd[1]);
	if (s->child < 0) {
		snprintf(what, n, "no process to write it: %s",
			 strerror(errno));
		close(fd[0]);
		return SAVER_FAILED;
	}
	s->pipe = fd[0];
	loop_fd(s->loop, fd[0], POLLIN, on_report, s);
	return SAVER_BEGUN;
}

/* "~/x" as a shell has it */
static void take_path(struct saver *s, const char *path)
{
	const char *home = getenv("HOME");
	bool tilde = !strncmp(path, "~/", 2) && home;

	snprintf(s->path, sizeof(s->path), "%s%s", tilde ? home : "",
		 tilde ? path + 1 : path);
}

static void say_link(const char *path, char *what, size_t n)
{
	char to[200];
	ssize_t len = readlink(path, to, sizeof(to));
	struct safe safe = safe_text(to, len > 0 ? (size_t)len : 0, 100);

	snprintf(what, n, "It is a link to %s. The link itself would be "
		 "replaced; what it leads to stays as it is.", safe_str(safe));
	safe_free(&safe);
}

enum saver_begun saver_begin(struct saver *s, const struct saver_job *job,
			     char *what, size_t n, const char **verb)
{
	struct stat st;
	bool device;

	if (s->pipe >= 0) {
		snprintf(what, n, "another file is still written");
		return SAVER_FAILED;
	}
	if (strlen(job->path) >= PATH_LEN / 2) {
		snprintf(what, n, "%s", strerror(ENAMETOOLONG));
		return SAVER_FAILED;
	}
	take_path(s, job->path);
	if (lstat(s->path, &st))
		return start(s, job, false, what, n);
	if (S_ISDIR(st.st_mode)) {
		snprintf(what, n, "%s is a directory", s->path);
		return SAVER_FAILED;
	}
	device = !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode);
	if (job->replace)
		return start(s, job, device, what, n);
	*verb = device ? "Write to it" : "Replace it";
	if (device)
		snprintf(what, n, "It is a device or a pipe.");
	else if (S_ISLNK(st.st_mode))
		say_link(s->path, what, n);
	else
		snprintf(what, n, "It has %lld bytes.", (long long)st.st_size);
	return SAVER_EXISTS;
}
