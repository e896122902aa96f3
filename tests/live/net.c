#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
		strerror(errno));
	exit(99);
}

static socklen_t make_address(struct sockaddr_storage *ss, int family,
			      const char *addr, uint16_t port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	ss->ss_family = family;
	if (family == AF_INET) {
		v4->sin_port = htons(port);
		inet_pton(AF_INET, addr, &v4->sin_addr);
		return sizeof(*v4);
	}
	v6->sin6_port = htons(port);
	inet_pton(AF_INET6, addr, &v6->sin6_addr);
	return sizeof(*v6);
}

int net_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

void net_option(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		die("setsockopt");
}

static int family_of(int fd)
{
	int family;
	socklen_t len = sizeof(family);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len))
		die("SO_DOMAIN");
	return family;
}

void net_bind(int fd, const char *addr, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = make_address(&ss, family_of(fd), addr, port);

	if (bind(fd, (struct sockaddr *)&ss, len))
		die("bind");
}

int net_listen(int family, const char *addr, uint16_t port, int backlog)
{
	int fd = net_socket(family);

	net_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	net_bind(fd, addr, port);
	if (listen(fd, backlog))
		die("listen");
	return fd;
}

int net_connect(int family, const char *addr, uint16_t port)
{
	int fd = net_socket(family);
	struct sockaddr_storage ss;
	socklen_t len = make_address(&ss, family, addr, port);

	if (connect(fd, (struct sockaddr *)&ss, len))
		die("connect");
	return fd;
}

int net_connect_from(int family, const char *from, const char *addr,
		     uint16_t port)
{
	int fd = net_socket(family);
	struct sockaddr_storage ss;
	socklen_t len = make_address(&ss, family, addr, port);

	if (from)
		net_bind(fd, from, 0);
	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		die("O_NONBLOCK");
	if (connect(fd, (struct sockaddr *)&ss, len) && errno != EINPROGRESS)
		die("connect");
	return fd;
}

int net_connect_start(int family, const char *addr, uint16_t port)
{
	return net_connect_from(family, NULL, addr, port);
}

int net_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		die("accept");
	return fd;
}

void net_wait_state(int fd, int state)
{
	for (int tries = 0; tries < 1000; tries++) {
		struct tcp_info info;
		socklen_t len = sizeof(info);

		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
			die("TCP_INFO");
		if (info.tcpi_state == state)
			return;
		usleep(10000);
	}
	errno = ETIMEDOUT;
	die("waiting for a state");
}

const char *net_end_text(char *dst, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	char text[INET6_ADDRSTRLEN];

	if (ss->ss_family == AF_INET) {
		inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
		snprintf(dst, 64, "%s %u", text, ntohs(v4->sin_port));
	} else if (ss->ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
		snprintf(dst, 64, "%s %u", text, ntohs(v6->sin6_port));
	} else {
		snprintf(dst, 64, "* 0");
	}
	return dst;
}
