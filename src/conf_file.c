#include "conf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

#define PLACE	"tulpen/config"

/* An environment variable that names a directory from the root on. */
static const char *directory(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] == '/' ? value : NULL;
}

char *conf_file_path(const char *file, const char **why)
{
	const char *xdg = directory("XDG_CONFIG_HOME");
	const char *home = directory("HOME");
	struct buf b = { 0 };

	if (getauxval(AT_SECURE)) {
		*why = "no config file for a program with raised privileges";
		return NULL;
	}
	if (file)
		buf_puts(&b, file);
	else if (xdg)
		buf_printf(&b, "%s/" PLACE, xdg);
	else if (home)
		buf_printf(&b, "%s/.config/" PLACE, home);
	else
		*why = "no place for a config file: HOME is not set";
	return b.data;
}

char *conf_file_name(const char *path)
{
	const char *home = directory("HOME");
	size_t n = home ? strlen(home) : 0;
	struct buf b = { 0 };
	struct safe s;

	while (n && home[n - 1] == '/')
		n--;
	if (n && !strncmp(path, home, n) && path[n] == '/') {
		buf_char(&b, '~');
		path += n;
	}
	s = safe_text(path, strlen(path), 0);
	buf_puts(&b, safe_str(s));
	safe_free(&s);
	return b.data;
}

static int refuse(struct buf *why, int error)
{
	buf_puts(why, strerror(error));
	return -1;
}

static int check(const struct stat *st, struct buf *why)
{
	if (S_ISREG(st->st_mode) && st->st_size <= CONF_MAX)
		return 0;
	if (S_ISREG(st->st_mode))
		buf_printf(why, "is larger than %d KiB: not read",
			   CONF_MAX / 1024);
	else
		buf_printf(why, "is %s: not read",
			   S_ISDIR(st->st_mode) ? "a directory" :
						  "no regular file");
	return -1;
}

/* A file may grow while it is read. */
static int read_all(int fd, struct buf *out, struct buf *why)
{
	ssize_t n;

	for (;;) {
		n = read(fd, buf_reserve(out, 4096), 4096);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse(why, errno);
		if (!n)
			return 0;
		out->len += n;
		out->data[out->len] = '\0';
		if (out->len > CONF_MAX) {
			buf_printf(why, "is larger than %d KiB: not read",
				   CONF_MAX / 1024);
			return -1;
		}
	}
}

int conf_file_read(const char *path, struct buf *out, struct buf *why)
{
	/* O_NONBLOCK: a pipe or a terminal line without anybody at its other
	 * end would hold us up */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int status;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	if (fd < 0)
		return refuse(why, errno);
	status = fstat(fd, &st) ? refuse(why, errno) : check(&st, why);
	if (!status)
		status = read_all(fd, out, why);
	close(fd);
	return status;
}

/* Every directory that path is in; only those of a person are made. */
static int make_directories(const char *path)
{
	char *copy = mem_strdup(path);
	int status = 0;

	for (char *p = copy + 1; *p && !status; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0700) && errno != EEXIST)
			status = -1;
		*p = '/';
	}
	free(copy);
	return status;
}

/* Where a link leads to, at last, even if nothing is there yet; free() it. */
static char *follow(const char *path)
{
	enum { LINKS_MAX = 40 };
	char target[PATH_MAX], *at = mem_strdup(path);
	struct buf b = { 0 };
	ssize_t n;

	for (int i = 0; i < LINKS_MAX; i++) {
		char *copy;

		n = readlink(at, target, sizeof(target) - 1);
		if (n < 0) {
			buf_free(&b);
			return at;
		}
		target[n] = '\0';
		copy = mem_strdup(at);
		buf_reset(&b);
		if (target[0] != '/')
			buf_printf(&b, "%s/", dirname(copy));
		buf_puts(&b, target);
		free(copy);
		free(at);
		at = mem_strdup(buf_str(&b));
	}
	free(at);
	buf_free(&b);
	errno = ELOOP;
	return NULL;
}

static int write_all(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			text += done;
			n -= done;
		}
	}
	return fsync(fd);
}

/* As the old file was, if there is one; else what umask leaves of 0666. */
static void take_modes(int fd, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return;
	if (fchown(fd, st.st_uid, st.st_gid))
		return;		/* ours then, and only as open as umask says */
	fchmod(fd, st.st_mode & 0777);
}

/* So that the new name outlives a loss of power; not every file system can. */
static void sync_directory(const char *path)
{
	char *copy = mem_strdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* Into a file of its own beside target, which then takes its name. */
static int replace(const char *target, const char *text, size_t n)
{
	struct buf b = { 0 };
	int fd, error = 0;

	buf_printf(&b, "%s.new-%d", target, (int)getpid());
	/* what is left of one that was killed and had our number */
	unlink(b.data);
	fd = open(b.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		error = errno;
		buf_free(&b);
		errno = error;
		return -1;
	}
	take_modes(fd, target);
	if (write_all(fd, text, n))
		error = errno;
	if (close(fd) && !error)
		error = errno;
	if (!error && rename(b.data, target))
		error = errno;
	if (error)
		unlink(b.data);
	else
		sync_directory(target);
	buf_free(&b);
	errno = error;
	return error ? -1 : 0;
}

int conf_file_write(const char *path, const char *text, size_t n,
		      struct buf *why)
{
	char *target = follow(path);
	int status = 0;

	if (!target || make_directories(target) || replace(target, text, n))
		status = refuse(why, errno);
	free(target);
	return status;
}
