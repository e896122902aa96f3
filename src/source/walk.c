/*
 * walk.c - who holds which socket: one walk over /proc/PID/fd, in steps
 *
 * For each process: its fd directory is read link by link, wanted inodes are
 * put aside, then its stat is read and the pairs are reported.  All of it
 * goes through one descriptor of /proc/PID, which the kernel ties to the
 * process and not to its number: once the process is gone every access fails,
 * even when the pid was given to another.  Threads share their process's
 * descriptors and are not visited.
 */
#include "source/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "source/walktext.h"

/* entries between two looks at the clock: some 60 us */
enum { BATCH = 16 };
/*
 * Of a fd directory that is read at once: some 160 entries.  The first time
 * each costs the kernel 1.5 us, so with glibc's 32 KiB that alone is more than
 * a step; and the names it has just made are looked up while they are still
 * in its cache (a walk over 200,000 descriptors takes 0.75 s instead of 0.9).
 */
enum { ENTRIES_SIZE = 4096 };

struct walk {
	const struct clock *clock;
	char *procfs;
	struct walk_report report;
	DIR *processes;		/* NULL: no walk under way */
	const int32_t *pids;	/* those to visit; NULL all */
	size_t pids_left;
	/* the process being visited; pid 0: none */
	int32_t pid;
	int dir;		/* its /proc/PID */
	int fds;		/* its fd directory; -1: all is read, pairs
				   are told */
	size_t entries, entry;	/* bytes: of those read, the next one */
	uint64_t *inode;	/* wanted ones it holds */
	size_t count, capacity, told;
	uint64_t start;
	char stat[1024];
	const char *comm;
	size_t comm_len;
	_Alignas(struct dirent64) char buffer[ENTRIES_SIZE];
};

struct walk *walk_new(const struct clock *clock, const char *procfs)
{
	struct walk *w = mem_zalloc(sizeof(*w));

	w->clock = clock;
	w->procfs = mem_strdup(procfs);
	w->dir = w->fds = -1;
	return w;
}

static void close_fds(struct walk *w)
{
	if (w->fds >= 0)
		close(w->fds);
	w->fds = -1;
	w->entries = w->entry = 0;
}

static void leave_process(struct walk *w)
{
	close_fds(w);
	if (w->dir >= 0)
		close(w->dir);
	w->dir = -1;
	w->pid = 0;
	w->count = w->told = 0;
}

static void end_walk(struct walk *w)
{
	leave_process(w);
	if (w->processes)
		closedir(w->processes);
	w->processes = NULL;
}

void walk_free(struct walk *w)
{
	if (!w)
		return;
	end_walk(w);
	free(w->inode);
	free(w->procfs);
	free(w);
}

/* Reads a whole file, of at most limit bytes, from dir. */
static bool read_file(int dir, const char *name, struct buf *b, size_t limit)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = -1;

	if (fd < 0)
		return false;
	do {
		got = read(fd, buf_reserve(b, 4096), 4096);
		if (got > 0)
			b->len += got;
	} while ((got > 0 && b->len < limit) || (got < 0 && errno == EINTR));
	close(fd);
	return got >= 0;
}

/*
 * hidepid is an option of the mount, and root and a group of its choice see
 * everything all the same: init's absence tells.  Somebody who is init's own
 * user cannot tell and has to expect the worst.
 */
static bool processes_hidden(int procfs)
{
	struct statfs fs;
	struct stat st;
	struct buf b = { 0 };
	bool hidden;

	if (fstatfs(procfs, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC ||
	    fstat(procfs, &st) < 0)
		return false;
	hidden = read_file(procfs, "self/mountinfo", &b, 4 << 20) &&
		 walktext_hidepid(b.data, b.len, major(st.st_dev),
				  minor(st.st_dev));
	buf_free(&b);
	if (!hidden)
		return false;
	if (fstatat(procfs, "1", &st, 0) < 0)
		return true;
	return geteuid() != 0 && st.st_uid == geteuid();
}

void walk_begin(struct walk *w, const int32_t *pids, size_t n)
{
	end_walk(w);
	w->pids = pids;
	w->pids_left = n;
	memset(&w->report, 0, sizeof(w->report));
	w->processes = opendir(w->procfs);
	if (!w->processes)
		w->report.error = errno;
	else
		w->report.hidepid = processes_hidden(dirfd(w->processes));
}

/* What an errno of the current process means for the report. */
static void refused(struct walk *w, int error)
{
	ssize_t n;
	int fd;

	switch (error) {
	case ENOENT:
	case ESRCH:
		return;		/* it died */
	case EACCES:
	case EPERM:
		break;
	default:
		w->report.error = error;
		return;
	}
	/* no loss where there is nothing: kernel threads, zombies */
	fd = w->dir < 0 ? -1 : openat(w->dir, "stat", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, w->stat, sizeof(w->stat));
		close(fd);
		if (n > 0 && !walktext_may_hold(w->stat, n))
			return;
	}
	w->report.hidden++;
}

static int open_directory(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void visit(struct walk *w, const char *name, int32_t pid)
{
	w->dir = open_directory(dirfd(w->processes), name);
	if (w->dir < 0) {
		refused(w, errno);
		return;
	}
	w->fds = open_directory(w->dir, "fd");
	if (w->fds < 0) {
		refused(w, errno);
		leave_process(w);
		return;
	}
	w->report.processes++;
	w->pid = pid;
}

/* One process; false after the last. */
static bool next_process(struct walk *w)
{
	struct dirent *e;
	char name[16];
	int32_t pid;

	if (w->pids) {
		if (!w->pids_left)
			return false;
		w->pids_left--;
		pid = *w->pids++;
		snprintf(name, sizeof(name), "%d", pid);
		visit(w, name, pid);
		return true;
	}
	errno = 0;
	e = readdir(w->processes);
	if (!e) {
		if (errno)
			w->report.error = errno;
		return false;
	}
	pid = walktext_pid(e->d_name);
	if (pid)
		visit(w, e->d_name, pid);
	return true;
}

/* A socket dup'ed next to itself is told once. */
static void put_aside(struct walk *w, uint64_t inode)
{
	if (w->count && w->inode[w->count - 1] == inode)
		return;
	if (w->count == w->capacity) {
		w->capacity = w->capacity ? 2 * w->capacity : 64;
		w->inode = mem_array(w->inode, w->capacity, sizeof(*w->inode));
	}
	w->inode[w->count++] = inode;
}

/* Name and start time, after all descriptors; false if it died meanwhile. */
static bool read_stat(struct walk *w)
{
	int fd = openat(w->dir, "stat", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0) {
		refused(w, errno);
		return false;
	}
	do {
		n = read(fd, w->stat, sizeof(w->stat));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		refused(w, errno);
	close(fd);
	return n > 0 && !walk_parse_stat(w->stat, n, &w->comm, &w->comm_len,
					 &w->start);
}

/* The next one of its descriptors; NULL after the last. */
static const char *next_name(struct walk *w)
{
	const struct dirent64 *e;
	ssize_t n;

	if (w->entry == w->entries) {
		n = getdents64(w->fds, w->buffer, sizeof(w->buffer));
		if (n < 0)
			refused(w, errno);
		if (n <= 0)
			return NULL;
		w->entries = n;
		w->entry = 0;
	}
	e = (const void *)(w->buffer + w->entry);
	w->entry += e->d_reclen;
	return e->d_name;
}

/* One descriptor of the process. */
static void next_fd(struct walk *w, const struct walk_sink *sink)
{
	const char *name = next_name(w);
	uint64_t inode;
	char link[64];
	ssize_t n;

	if (!name) {
		close_fds(w);
		if (!w->count || !read_stat(w))
			leave_process(w);
		return;
	}
	if (name[0] == '.')
		return;
	n = readlinkat(w->fds, name, link, sizeof(link));
	if (n >= 0) {
		inode = walktext_socket(link, n);
		if (inode && sink->wanted(sink->arg, inode))
			put_aside(w, inode);
		return;
	}
	/* closed meanwhile is quiet; a refusal holds for all the others too */
	if (errno == EACCES || errno == EPERM) {
		refused(w, errno);
		leave_process(w);
	} else if (errno != ENOENT && errno != EINVAL) {
		refused(w, errno);
	}
}

static void next_pair(struct walk *w, const struct walk_sink *sink)
{
	if (w->told < w->count)
		sink->found(sink->arg, w->inode[w->told++], w->pid, w->start,
			    w->comm, w->comm_len);
	else
		leave_process(w);
}

bool walk_step(struct walk *w, const struct walk_sink *sink,
	       int64_t budget_ns)
{
	int64_t end = clock_mono(w->clock) + budget_ns;
	int i;

	if (!w->processes)
		return false;
	do {
		for (i = 0; i < BATCH; i++) {
			if (w->fds >= 0)
				next_fd(w, sink);
			else if (w->pid)
				next_pair(w, sink);
			else
				break;
		}
		if (!w->pid && !next_process(w)) {
			end_walk(w);
			return false;
		}
	} while (clock_mono(w->clock) < end);
	return true;
}

const struct walk_report *walk_report(const struct walk *w)
{
	return &w->report;
}
