/*
 * faulty.c - tulpen whose kernel fails when told to
 *
 * The same program, linked with --wrap: its calls of open(2), read(2),
 * sendto(2), recvmsg(2) and clock_gettime(2) come here first.  A fault is on
 * for as long as a file of its name is in the directory $FAULTS:
 *
 *	proc-missing	there is no /proc/net/tcp
 *	proc-cut	the second read of /proc/net/tcp and tcp6 says EIO
 *	diag-missing	sock_diag is asked for a protocol it has no module for,
 *			so that the kernel itself refuses
 *	diag-unfiltered	the kernel does not know the first instruction of a
 *			program that is to filter
 *	diag-silent	what is asked of sock_diag gets lost
 *	diag-nobufs	all answers of sock_diag get lost, and it says so
 *	received	no fault: is told how many bytes came from sock_diag
 *	wall		holds seconds by which the wall clock is wrong
 *	boot		holds seconds the machine slept, so far
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int __real_open(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *buf, size_t n);
ssize_t __real_sendto(int fd, const void *buf, size_t len, int flags,
		      const struct sockaddr *to, socklen_t to_len);
ssize_t __real_recvmsg(int fd, struct msghdr *msg, int flags);
int __real_clock_gettime(clockid_t id, struct timespec *ts);

int __wrap_open(const char *path, int flags, ...);
ssize_t __wrap_read(int fd, void *buf, size_t n);
ssize_t __wrap_sendto(int fd, const void *buf, size_t len, int flags,
		      const struct sockaddr *to, socklen_t to_len);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);
int __wrap_clock_gettime(clockid_t id, struct timespec *ts);

/* how often a descriptor of /proc/net/tcp* was read; 0: no such one */
static int reads[64];

static const char *fault_path(char *path, size_t n, const char *name)
{
	const char *dir = getenv("FAULTS");

	snprintf(path, n, "%s/%s", dir ? dir : "/nonexistent", name);
	return path;
}

static bool on(const char *name)
{
	int e = errno;
	char path[4096];
	bool is = !access(fault_path(path, sizeof(path), name), F_OK);

	errno = e;
	return is;
}

static time_t seconds(const char *name)
{
	char path[4096], text[32] = "";
	int e = errno, fd = __real_open(fault_path(path, sizeof(path), name),
					O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (__real_read(fd, text, sizeof(text) - 1) < 0)
			text[0] = '\0';
		close(fd);
	}
	errno = e;
	return atol(text);
}

static bool is_table(const char *path)
{
	return !strcmp(path, "/proc/net/tcp") ||
	       !strcmp(path, "/proc/net/tcp6");
}

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;
	int fd;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (is_table(path) && on("proc-missing")) {
		errno = ENOENT;
		return -1;
	}
	fd = __real_open(path, flags, mode);
	if (fd >= 0 && fd < 64)
		reads[fd] = is_table(path);
	return fd;
}

ssize_t __wrap_read(int fd, void *buf, size_t n)
{
	if (fd >= 0 && fd < 64 && reads[fd] && reads[fd]++ > 1 &&
	    on("proc-cut")) {
		errno = EIO;
		return -1;
	}
	return __real_read(fd, buf, n);
}

/* No kernel has as many instructions. */
static void break_program(char *request, size_t len)
{
	size_t at = NLMSG_LENGTH(sizeof(struct inet_diag_req));
	struct nlmsghdr h;
	struct nlattr a;

	memcpy(&h, request, sizeof(h));
	if (h.nlmsg_type == SOCK_DIAG_BY_FAMILY)
		at = NLMSG_LENGTH(sizeof(struct inet_diag_req_v2));
	if (!(h.nlmsg_flags & NLM_F_DUMP) || at + sizeof(a) >= len)
		return;
	memcpy(&a, request + at, sizeof(a));
	if (a.nla_type == INET_DIAG_REQ_BYTECODE)
		request[at + sizeof(a)] = (char)0xff;
}

ssize_t __wrap_sendto(int fd, const void *buf, size_t len, int flags,
		      const struct sockaddr *to, socklen_t to_len)
{
	struct {
		struct nlmsghdr h;
		struct inet_diag_req_v2 r;
	} one;
	char copy[65536];
	size_t at;

	if (on("diag-silent"))
		return len;
	if ((!on("diag-missing") && !on("diag-unfiltered")) ||
	    len > sizeof(copy))
		return __real_sendto(fd, buf, len, flags, to, to_len);
	memcpy(copy, buf, len);
	if (!on("diag-missing")) {
		break_program(copy, len);
		return __real_sendto(fd, copy, len, flags, to, to_len);
	}
	for (at = 0; at + sizeof(one) <= len;
	     at += NLMSG_ALIGN(one.h.nlmsg_len)) {
		memcpy(&one, copy + at, sizeof(one));
		if (one.h.nlmsg_type == TCPDIAG_GETSOCK)
			one.h.nlmsg_type = DCCPDIAG_GETSOCK;
		else
			one.r.sdiag_protocol = IPPROTO_RSVP;
		memcpy(copy + at, &one, sizeof(one));
	}
	return __real_sendto(fd, copy, len, flags, to, to_len);
}

static void tell_received(ssize_t got)
{
	static long all;
	char path[4096], text[32];
	int e = errno, n, fd;

	if (got <= 0 || !on("received"))
		return;
	all += got;
	fd = __real_open(fault_path(path, sizeof(path), "received"),
			 O_WRONLY | O_CLOEXEC);
	n = snprintf(text, sizeof(text), "%ld\n", all);
	if (fd >= 0 && write(fd, text, (size_t)n) != n)
		abort();
	close(fd);
	errno = e;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	ssize_t got = __real_recvmsg(fd, msg, flags);

	if (got >= 0 && on("diag-nobufs")) {
		errno = ENOBUFS;
		return -1;
	}
	tell_received(flags & MSG_PEEK ? 0 : got);
	return got;
}

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	int r = __real_clock_gettime(id, ts);

	if (id == CLOCK_REALTIME)
		ts->tv_sec += seconds("wall");
	if (id == CLOCK_BOOTTIME)
		ts->tv_sec += seconds("boot");
	return r;
}
