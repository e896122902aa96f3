#include "source/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"

/* no message of a dump, nor a request, is larger */
enum { MESSAGE_MAX = 2 * NLSOCK_BUFFER };

struct relay {
	struct nlsock kernel;
	int fd;				/* our end of the pair */
	char buf[MESSAGE_MAX];
};

/* ---- the thread ---- */

/* False: it is over. */
static bool pass_question(struct relay *r)
{
	ssize_t len = recv(r->fd, r->buf, sizeof(r->buf), 0);

	return len > 0 && !nlsock_send(&r->kernel, r->buf, (size_t)len);
}

static bool pass_answer(struct relay *r)
{
	size_t len;

	switch (nlsock_receive(&r->kernel, r->buf, sizeof(r->buf), &len)) {
	case NLSOCK_DATA:
		/* waits while nobody reads */
		return send(r->fd, r->buf, len, MSG_NOSIGNAL) == (ssize_t)len;
	case NLSOCK_EMPTY:
	case NLSOCK_FOREIGN:
		return true;
	default:
		return false;
	}
}

static void *run(void *arg)
{
	struct relay *r = arg;
	struct pollfd fd[] = {
		{ .fd = r->fd, .events = POLLIN },
		{ .fd = r->kernel.fd, .events = POLLIN },
	};
	bool on = true;

	while (on) {
		if (poll(fd, 2, -1) < 0 && errno != EINTR)
			break;
		if (fd[0].revents)
			on = pass_question(r);
		else if (fd[1].revents)
			on = pass_answer(r);
	}
	nlsock_close(&r->kernel);
	close(r->fd);
	free(r);
	return NULL;
}

static int start(struct relay *r)
{
	pthread_t thread;
	int error = thread_start(&thread, run, r);

	if (!error)
		pthread_detach(thread);
	return error;
}

/* ---- this side ---- */

/* A new thread; the other end of its pair, or -1 with errno. */
static int new_relay(uint32_t *portid)
{
	struct relay *r = mem_zalloc(sizeof(*r));
	int pair[2], error;

	if (nlsock_open(&r->kernel)) {
		error = errno;
		free(r);
		errno = error;
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		error = errno;
		pair[0] = pair[1] = -1;
	} else {
		r->fd = pair[1];
		*portid = r->kernel.portid;
		error = start(r);
	}
	if (!error)
		return pair[0];
	nlsock_close(&r->kernel);
	if (pair[0] >= 0) {
		close(pair[0]);
		close(pair[1]);
	}
	free(r);
	errno = error;
	return -1;
}

static ssize_t ask(int fd, const void *buf, size_t len, int flags,
		   const struct sockaddr *to, socklen_t to_len)
{
	(void)to;
	(void)to_len;
	return send(fd, buf, len, flags | MSG_NOSIGNAL);
}

/* The thread has looked at who sent it. */
static ssize_t hear(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;
	ssize_t len;

	msg->msg_name = NULL;
	len = recvmsg(fd, msg, flags);
	msg->msg_name = from;
	msg->msg_namelen = sizeof(*from);
	*from = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	if (len)
		return len;
	errno = ECONNRESET;	/* what the kernel said ended the thread */
	return -1;
}

static int reopen(struct nlsock *n)
{
	uint32_t portid;
	int fd = new_relay(&portid);

	if (fd < 0)
		return -1;
	dup3(fd, n->fd, O_CLOEXEC);
	close(fd);
	n->portid = portid;
	return 0;
}

int relay_open(struct nlsock *n)
{
	n->fd = new_relay(&n->portid);
	n->sendto = ask;
	n->recvmsg = hear;
	n->reopen = reopen;
	return n->fd < 0 ? -1 : 0;
}
