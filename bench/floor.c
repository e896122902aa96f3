#include "floor.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 32768 };

struct request {
	struct nlmsghdr head;
	struct inet_diag_req body;
};

static void die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* Messages of a dump have all the same type; the last one another. */
static bool is_last(const char *bytes, ssize_t len)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)bytes;

	if (len < (ssize_t)sizeof(*h))
		die("a short message");
	if (h->nlmsg_type == NLMSG_ERROR)
		die("sock_diag refused");
	return h->nlmsg_type == NLMSG_DONE;
}

static void dump(struct floor *f, int fd, const struct request *r)
{
	static char bytes[BUFFER] __attribute__((aligned(4)));
	ssize_t len;

	if (send(fd, r, sizeof(*r), 0) != sizeof(*r))
		die("send");
	do {
		len = recv(fd, bytes, sizeof(bytes), 0);
		if (len < 0)
			die("recv");
		f->reads++;
		f->bytes += len;
	} while (!is_last(bytes, len));
}

void floor_dump(struct floor *f, uint32_t states, uint8_t extensions)
{
	const struct request r = {
		.head = {
			.nlmsg_len = sizeof(r),
			.nlmsg_type = TCPDIAG_GETSOCK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = 1,
		},
		.body = {
			.idiag_ext = extensions,
			.idiag_states = states,
		},
	};
	const int64_t wall = clock_ns(CLOCK_MONOTONIC);
	const int64_t cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			      NETLINK_SOCK_DIAG);

	if (fd < 0)
		die("socket");
	*f = (struct floor){ 0 };
	dump(f, fd, &r);
	close(fd);
	f->wall = clock_ns(CLOCK_MONOTONIC) - wall;
	f->cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
}
