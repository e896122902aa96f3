/*
 * nlsock.h - a NETLINK_SOCK_DIAG socket and what recvmsg(2) can say of it
 *
 * Non-blocking.  Checks what every reader has to check: that the sender is
 * the kernel and that nothing was cut.  The system calls are members, so
 * that a test can answer in the kernel's place.
 */
#ifndef SOURCE_NLSOCK_H
#define SOURCE_NLSOCK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* One message of a dump never exceeds it; a larger buffer brings nothing. */
enum { NLSOCK_BUFFER = 32768 };

struct nlsock {
	int fd;
	uint32_t portid;
	ssize_t (*sendto)(int fd, const void *buf, size_t len, int flags,
			  const struct sockaddr *to, socklen_t to_len);
	ssize_t (*recvmsg)(int fd, struct msghdr *msg, int flags);
	int (*reopen)(struct nlsock *n);	/* NULL: as nlsock_reopen() says */
};

enum nlsock_got {
	NLSOCK_DATA,		/* *len bytes */
	NLSOCK_EMPTY,		/* nothing there yet */
	NLSOCK_FOREIGN,		/* not from the kernel: drop it */
	NLSOCK_TRUNCATED,	/* did not fit: *len bytes would have */
	NLSOCK_ERROR,		/* errno; ENOBUFS: something was lost */
};

/* 0, or -1 with errno. */
int nlsock_open(struct nlsock *n);
/*
 * Forgets everything under way: a dump that was given up would answer EBUSY
 * to the next one.  The descriptor's number stays the same, the port id does
 * not.  0, or -1 with errno and the old socket kept.
 */
int nlsock_reopen(struct nlsock *n);
void nlsock_close(struct nlsock *n);
/* 0, or -1 with errno. */
int nlsock_send(const struct nlsock *n, const void *buf, size_t len);
enum nlsock_got nlsock_receive(const struct nlsock *n, void *buf, size_t size,
			       size_t *len);
/*
 * The kernel's next datagram, for which it waits a moment: 0, or -1 with errno;
 * ETIMEDOUT: none came.  The kernel answers before send() is over; this is for
 * one that does not, and a person who presses keys should not notice.
 */
int nlsock_await(const struct nlsock *n, void *buf, size_t size, size_t *len);

#endif
