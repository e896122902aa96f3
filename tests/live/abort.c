/*
 * abort.c - what the kernel does when it is asked to close a socket
 *
 *	abort ends		closes connections and a listener of its own, and
 *				says what both ends see
 *	abort SCENE		closes one socket in each state of what scene.c
 *				printed into that file
 *
 * Prints one line a case: what was asked and what came of it; exit status 0
 * whatever that is.  The script that calls it knows what to expect, and the
 * dialog of the screen says the same.
 */
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/abort.h"
#include "source/lookup.h"

static struct lookup *lookup;
static struct aborter *aborter;

static const char *name_of(int error)
{
	static char text[16];

	snprintf(text, sizeof(text), "%s",
		 error ? strerrorname_np(error) : "done");
	return text;
}

static void take_addr(struct addr *a, const struct sockaddr_in *sin)
{
	memcpy(a->b, &sin->sin_addr, 4);
}

static struct sock_id id_of(int fd)
{
	struct sockaddr_in local = { 0 }, remote = { 0 };
	socklen_t len = sizeof(local);
	struct sock_id id = { .family = AF_INET, .protocol = IPPROTO_TCP };

	getsockname(fd, (struct sockaddr *)&local, &len);
	len = sizeof(remote);
	if (getpeername(fd, (struct sockaddr *)&remote, &len))
		memset(&remote, 0, sizeof(remote));
	take_addr(&id.local, &local);
	take_addr(&id.remote, &remote);
	id.local_port = ntohs(local.sin_port);
	id.remote_port = ntohs(remote.sin_port);
	return id;
}

/* The socket by its name, with its cookie; state 0 there is none. */
static struct row find(const struct sock_id *id, uint64_t cookie)
{
	struct lookup_item item = { .id = *id, .cookie = cookie };

	lookup_ask(lookup, &item, 1, 0);
	return item.answer == LOOKUP_FOUND ? item.row : (struct row){ 0 };
}

static int close_it(const struct sock_id *id, uint64_t cookie)
{
	struct abort_item item = { .id = *id, .cookie = cookie };

	abort_ask(aborter, &item, 1);
	return item.error;
}

static int close_fd(int fd)
{
	struct sock_id id = id_of(fd);
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		die("SO_COOKIE");
	return close_it(&id, cookie);
}

/* What a read says: bytes, the end, or an error. */
static const char *read_of(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte;
	ssize_t n;

	if (poll(&p, 1, 200) == 0)
		return "nothing";
	n = recv(fd, &byte, 1, MSG_DONTWAIT);
	return n > 0 ? "data" : n == 0 ? "end" : strerrorname_np(errno);
}

static void connection(const char *what)
{
	int listener = net_listen(AF_INET, "127.0.0.1", 9000, 5);
	int fd = net_connect(AF_INET, "127.0.0.1", 9000);
	int other = net_accept(listener);
	int error;

	if (!strcmp(what, "CLOSE_WAIT"))
		shutdown(other, SHUT_WR);
	if (!strcmp(what, "FIN_WAIT2"))
		shutdown(fd, SHUT_WR);
	usleep(20000);
	error = close_fd(fd);
	printf("%s %s owner", what, name_of(error));
	printf(" %s", read_of(fd));
	printf(" peer %s\n", read_of(other));
	close(fd);
	close(other);
	close(listener);
}

static void listener(void)
{
	int fd = net_listen(AF_INET, "127.0.0.1", 9001, 5);
	int waiting = net_connect(AF_INET, "127.0.0.1", 9001);
	int accepted, later, error, r;
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(9001),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	accepted = net_accept(fd);
	later = net_connect(AF_INET, "127.0.0.1", 9001);
	error = close_fd(fd);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	r = accept(fd, NULL, NULL);
	printf("LISTEN %s owner %s", name_of(error),
	       r < 0 ? strerrorname_np(errno) : "accepted");
	r = accept(fd, NULL, NULL);
	printf(" then %s", r < 0 ? strerrorname_np(errno) : "accepted");
	printf(" queued %s", read_of(later));
	printf(" accepted %s", read_of(waiting));
	close(later);
	later = net_socket(AF_INET);
	r = connect(later, (struct sockaddr *)&to, sizeof(to));
	printf(" new %s", r ? strerrorname_np(errno) : "connected");
	r = listen(fd, 5);
	printf(" again %s\n", r ? strerrorname_np(errno) : "listens");
	close(later);
	close(waiting);
	close(accepted);
	close(fd);
}

/* Two that share a port: the kernel's look-up finds one of them. */
static void shared(void)
{
	int fd[2], error[2];

	for (int i = 0; i < 2; i++) {
		struct sockaddr_in at = {
			.sin_family = AF_INET, .sin_port = htons(9002),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		};

		fd[i] = net_socket(AF_INET);
		net_option(fd[i], SOL_SOCKET, SO_REUSEPORT, 1);
		if (bind(fd[i], (struct sockaddr *)&at, sizeof(at)) ||
		    listen(fd[i], 5))
			die("SO_REUSEPORT");
	}
	for (int i = 0; i < 2; i++)
		error[i] = close_fd(fd[i]);
	printf("SO_REUSEPORT %s", name_of(error[0]));
	printf(" %s\n", name_of(error[1]));
	close(fd[0]);
	close(fd[1]);
}

static void bound(void)
{
	int fd = net_socket(AF_INET);

	net_bind(fd, "127.0.0.1", 9003);
	printf("BOUND %s\n", name_of(close_fd(fd)));
	close(fd);
}

static void ends(void)
{
	connection("ESTABLISHED");
	connection("CLOSE_WAIT");
	connection("FIN_WAIT2");
	listener();
	shared();
	bound();
}

/* "STATE 127.0.0.1 4101 127.0.0.1 39000 INODE PID", each state once */
static void scene(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256], done[1024] = "";

	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		char state[32], local[64], remote[64], token[40];
		struct sock_id id = {
			.family = AF_INET, .protocol = IPPROTO_TCP,
		};
		unsigned lport, rport;
		struct row row, after;
		int error;

		if (sscanf(line, "%31s %63s %u %63s %u", state, local, &lport,
			   remote, &rport) != 5 ||
		    inet_pton(AF_INET, local, id.local.b) != 1)
			continue;
		snprintf(token, sizeof(token), " %s ", state);
		if (strstr(done, token) || !strcmp(state, "BOUND"))
			continue;
		if (inet_pton(AF_INET, remote, id.remote.b) != 1)
			memset(&id.remote, 0, sizeof(id.remote));
		id.local_port = lport;
		id.remote_port = rport;
		row = find(&id, 0);
		if (!row.state)
			continue;
		strcat(done, token);
		error = close_it(&row.id, row.cookie);
		after = find(&row.id, row.cookie);
		printf("%s %s", state, name_of(error));
		printf(" then %s\n", after.state ?
		       state_info(after.state)->name : "gone");
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	lookup = lookup_new();
	aborter = abort_new();
	if (!lookup || !aborter)
		die("sock_diag");
	if (!strcmp(argv[1], "ends"))
		ends();
	else
		scene(argv[1]);
	lookup_free(lookup);
	abort_free(aborter);
	return 0;
}
