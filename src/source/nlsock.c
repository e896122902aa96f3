/*
 * nlsock.c - a NETLINK_SOCK_DIAG socket and what recvmsg(2) can say of it
 */
#include "source/nlsock.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* A bound socket; its port id goes to *portid. */
static struct mnl_socket *open_bound(uint32_t *portid)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_SOCK_DIAG,
						 SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (!nl)
		return NULL;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		int e = errno;

		mnl_socket_close(nl);
		errno = e;
		return NULL;
	}
	*portid = mnl_socket_get_portid(nl);
	return nl;
}

/* Moves the descriptor out of libmnl's struct, to the number `to` (-1 any). */
static int take_fd(struct mnl_socket *nl, int to)
{
	int fd = mnl_socket_get_fd(nl), e;

	if (to >= 0)
		to = dup3(fd, to, O_CLOEXEC);
	else
		to = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	e = errno;
	mnl_socket_close(nl);
	errno = e;
	return to;
}

int nlsock_open(struct nlsock *n)
{
	struct mnl_socket *nl;

	n->sendto = sendto;
	n->recvmsg = recvmsg;
	n->reopen = NULL;
	nl = open_bound(&n->portid);
	n->fd = nl ? take_fd(nl, -1) : -1;
	return n->fd < 0 ? -1 : 0;
}

int nlsock_reopen(struct nlsock *n)
{
	struct mnl_socket *nl;
	uint32_t portid;

	if (n->reopen)
		return n->reopen(n);
	/* a test's: there is no socket */
	if (n->fd < 0)
		return 0;
	nl = open_bound(&portid);
	if (!nl || take_fd(nl, n->fd) < 0)
		return -1;
	n->portid = portid;
	return 0;
}

void nlsock_close(struct nlsock *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}

int nlsock_send(const struct nlsock *n, const void *buf, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t sent;

	do {
		sent = n->sendto(n->fd, buf, len, 0,
				 (struct sockaddr *)&kernel, sizeof(kernel));
	} while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return -1;
	if ((size_t)sent != len) {
		errno = EMSGSIZE;
		return -1;
	}
	return 0;
}

enum nlsock_got nlsock_receive(const struct nlsock *n, void *buf, size_t size,
			       size_t *len)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
	};
	ssize_t got;

	/* MSG_TRUNC: tell the true length of what did not fit */
	do {
		got = n->recvmsg(n->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == EAGAIN ? NLSOCK_EMPTY : NLSOCK_ERROR;
	*len = got;
	/* any process may send to our port id; the kernel's is 0 */
	if (msg.msg_namelen != sizeof(from) ||
	    from.nl_family != AF_NETLINK || from.nl_pid != 0)
		return NLSOCK_FOREIGN;
	if ((msg.msg_flags & MSG_TRUNC) || *len > size)
		return NLSOCK_TRUNCATED;
	return NLSOCK_DATA;
}

enum { PATIENCE_MS = 100 };

/* Waits for an answer; false when none comes. */
static bool wait_readable(const struct nlsock *n)
{
	struct pollfd p = { .fd = n->fd, .events = POLLIN };
	int r;

	do {
		r = poll(&p, 1, PATIENCE_MS);
	} while (r < 0 && errno == EINTR);
	if (!r)
		errno = ETIMEDOUT;
	return r > 0;
}

int nlsock_await(const struct nlsock *n, void *buf, size_t size, size_t *len)
{
	for (;;) {
		switch (nlsock_receive(n, buf, size, len)) {
		case NLSOCK_DATA:
			return 0;
		case NLSOCK_FOREIGN:
			break;
		case NLSOCK_EMPTY:
			if (!wait_readable(n))
				return -1;
			break;
		case NLSOCK_TRUNCATED:
			errno = EMSGSIZE;
			return -1;
		default:
			return -1;
		}
	}
}
