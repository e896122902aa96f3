/*
 * pidfd.c - a signal to one process, and to no other that has its pid by now
 */
#include "source/pidfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "source/walk.h"

/* A small file of a procfs as text: its length, or -1 with errno. */
static ssize_t read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), e;
	ssize_t n;

	if (fd < 0)
		return -1;
	do {
		n = read(fd, text, size - 1);
	} while (n < 0 && errno == EINTR);
	e = errno;
	close(fd);
	errno = e;
	if (n >= 0)
		text[n] = '\0';
	return n;
}

/*
 * Whom the pidfd is, in the numbers of that procfs.  Where /proc is that of
 * another pid namespace (unshare -p without --mount-proc) the same number is
 * somebody else, or nobody: 0.
 */
static int check_number(const char *procfs, int fd, int32_t pid)
{
	char path[4096], text[1024];
	const char *line;
	long number;

	snprintf(path, sizeof(path), "%s/self/fdinfo/%d", procfs, fd);
	if (read_text(path, text, sizeof(text)) < 0)
		return -1;
	line = strstr(text, "\nPid:");
	number = line ? strtol(line + strlen("\nPid:"), NULL, 10) : 0;
	if (number == pid)
		return 0;
	errno = number < 0 ? ESRCH : EXDEV;
	return -1;
}

static int check_start(const char *procfs, int32_t pid, uint64_t start)
{
	char path[4096], text[4096];
	const char *comm;
	size_t comm_len;
	uint64_t now;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%d/stat", procfs, (int)pid);
	n = read_text(path, text, sizeof(text));
	if (n < 0) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	if (walk_parse_stat(text, n, &comm, &comm_len, &now) < 0) {
		errno = EBADMSG;
		return -1;
	}
	errno = ESTALE;
	return now == start ? 0 : -1;
}

int pidfd_signal(const char *procfs, int32_t pid, uint64_t start, int sig)
{
	int fd, e, r;

	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0)
		return -1;
	r = check_number(procfs, fd, pid);
	if (!r)
		r = check_start(procfs, pid, start);
	if (!r)
		r = (int)syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0);
	e = errno;
	close(fd);
	errno = e;
	return r;
}
