#include "life.h"
#include "../tests/live/net.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

/* A mapped address is asked for as what it is, an IPv4 one. */
static void fill_address(__be32 *dst, __be16 *port,
			 const struct sockaddr_storage *ss)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;

	*port = v4->sin_port;	/* at the same place in both */
	if (ss->ss_family == AF_INET)
		dst[0] = v4->sin_addr.s_addr;
	else
		memcpy(dst, &v6->sin6_addr, sizeof(v6->sin6_addr));
}

uint8_t ask_unheld(const struct end *e)
{
	struct {
		struct nlmsghdr nlh;
		struct inet_diag_req_v2 req;
	} ask = {
		.nlh = {
			.nlmsg_len = sizeof(ask),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.req = {
			.sdiag_family = e->local.ss_family,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = ~0U,
			.id.idiag_cookie = { INET_DIAG_NOCOOKIE,
					     INET_DIAG_NOCOOKIE },
		},
	};
	union {
		struct nlmsghdr nlh;
		char bytes[4096];
	} answer;
	const struct inet_diag_msg *msg = NLMSG_DATA(&answer.nlh);
	static int fd = -1;
	ssize_t n;

	if (fd < 0)
		fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			    NETLINK_SOCK_DIAG);
	fill_address(ask.req.id.idiag_src, &ask.req.id.idiag_sport, &e->local);
	fill_address(ask.req.id.idiag_dst, &ask.req.id.idiag_dport, &e->remote);
	if (send(fd, &ask, sizeof(ask), 0) != sizeof(ask))
		die("sock_diag");
	n = recv(fd, &answer, sizeof(answer), 0);
	if (n < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		die("sock_diag");
	/* where there is no connection, its listener answers */
	if (answer.nlh.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    msg->idiag_state == TCP_LISTEN)
		return TCP_CLOSE;
	return msg->idiag_state;
}

uint8_t ask_held(const struct end *e)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(e->fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		die("TCP_INFO");
	return info.tcpi_state;
}
