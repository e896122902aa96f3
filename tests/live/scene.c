/*
 * scene.c - every TCP state on one host
 *
 *	in-netns.sh ./scene
 *
 * Makes sockets in every state there is, for IPv4, IPv6 and IPv4 mapped on
 * IPv6, in the network namespace it is started in (a fresh one: it loads
 * packet filter rules and sets sysctls).  Then it prints one line for each
 *
 *	STATE LOCAL PORT REMOTE PORT INODE PID[,PID]
 *
 * (INODE and PID 0: nobody holds it), then "ready", and holds all until its
 * stdin ends or a signal ends it.  Two kinds last a minute only: TIME_WAIT
 * and the FIN_WAIT2 that nobody holds.
 */
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* One flavour of addresses, on ports of its own. */
struct flavour {
	int family;
	const char *addr;
	uint16_t base;
};

static const struct flavour flavours[] = {
	{ AF_INET,  "127.0.0.1",	4100 },
	{ AF_INET6, "::1",		6100 },
	{ AF_INET6, "::ffff:127.0.0.1",	5100 },
};

/* What stands on which port: base + this. */
enum {
	P_LISTEN, P_ESTABLISHED, P_QUEUE, P_SYN_SENT, P_SYN_RECV, P_FIN_WAIT1,
	P_FIN_WAIT2, P_FIN_WAIT2_ORPHAN, P_LAST_ACK, P_LAST_ACK_ORPHAN,
	P_CLOSING, P_TIME_WAIT, P_UNREAD, P_UNSENT, P_BOUND,
	P_PER_FLAVOUR,
};

enum {
	PORT_SHARED = 7000, PORT_REUSE, PORT_V6ONLY, PORT_DUAL, PORT_DEVICE,
	PORT_ANY, PORT_NOBODY,
};

/* Which FIN, SYN and SYN+ACK never arrive.  In input, not output: there the
 * sender would be told, and try again at once. */
static const char rules[] =
	"table inet scene {\n"
	" chain in {\n"
	"  type filter hook input priority 0;\n"
	"  tcp dport { 4103, 5103, 6103 } tcp flags & (syn|ack) == syn drop\n"
	"  tcp sport { 4104, 5104, 6104 } tcp flags & (syn|ack) == (syn|ack) drop\n"
	"  tcp dport { 4105, 5105, 6105, 4110, 5110, 6110 }"
	" tcp flags & fin == fin drop\n"
	"  tcp sport { 4108, 5108, 6108, 4109, 5109, 6109 }"
	" tcp flags & fin == fin drop\n"
	" }\n"
	"}\n";

static pid_t child;

static void load_rules(void)
{
	FILE *nft = popen("nft -f -", "w");

	if (!nft)
		die("nft");
	fputs(rules, nft);
	if (pclose(nft)) {
		fprintf(stderr, "scene: nft: refused\n");
		exit(77);
	}
}

/* Longer lives for what the kernel would give up soon; what cannot be set is
 * left as it is. */
static void sysctl(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, value, strlen(value)) < 0)
		fprintf(stderr, "scene: %s: %s\n", path, strerror(errno));
	close(fd);
}

enum holder { NOBODY, US, BOTH };

/* Both ends of a connection as "ADDRESS PORT". */
struct ends {
	char local[64], remote[64];
};

static struct ends ends_of(int fd)
{
	struct sockaddr_storage local = { 0 }, remote = { 0 };
	socklen_t len = sizeof(local);
	struct ends ends = { 0 };

	if (getsockname(fd, (struct sockaddr *)&local, &len))
		die("getsockname");
	len = sizeof(remote);
	/* refused while connecting, and without a connection */
	if (getpeername(fd, (struct sockaddr *)&remote, &len))
		remote.ss_family = AF_UNSPEC;
	net_end_text(ends.local, &local);
	net_end_text(ends.remote, &remote);
	return ends;
}

static void tell_ends(const char *state, const char *local, const char *remote,
		      unsigned long inode, enum holder holder)
{
	printf("%s %s %s %lu %d", state, local, remote, inode,
	       holder == NOBODY ? 0 : (int)getpid());
	if (holder == BOTH)
		printf(",%d", (int)child);
	putchar('\n');
}

static unsigned long inode_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		die("fstat");
	return st.st_ino;
}

static void tell_held(const char *state, int fd, enum holder holder)
{
	struct ends ends = ends_of(fd);

	tell_ends(state, ends.local, ends.remote, inode_of(fd), holder);
}

static void tell(const char *state, int fd)
{
	tell_held(state, fd, US);
}

/* What is left when this descriptor is closed. */
static void tell_orphan(const char *state, int fd)
{
	struct ends ends = ends_of(fd);

	tell_ends(state, ends.local, ends.remote, 0, NOBODY);
}

/* The other end of this descriptor, not yet accepted. */
static void tell_other_end(const char *state, int fd)
{
	struct ends ends = ends_of(fd);

	tell_ends(state, ends.remote, ends.local, 0, NOBODY);
}

/* A socket that still connects has no peer yet: we know whom we called. */
static int calling(const struct flavour *f, uint16_t port, bool answered)
{
	int fd = net_connect_start(f->family, f->addr, port);
	struct ends ends = ends_of(fd);

	snprintf(ends.remote, sizeof(ends.remote), "%s %u", f->addr, port);
	tell_ends("SYN_SENT", ends.local, ends.remote, inode_of(fd), US);
	if (answered)
		tell_ends("SYN_RECV", ends.remote, ends.local, 0, NOBODY);
	return fd;
}

struct pair {
	int client, server;
};

static struct pair connect_pair(const struct flavour *f, int what)
{
	int listener = net_listen(f->family, f->addr, f->base + what, 1);
	struct pair p;

	p.client = net_connect(f->family, f->addr, f->base + what);
	p.server = net_accept(listener);
	close(listener);
	return p;
}

static void make_opening(const struct flavour *f)
{
	struct pair p;
	int fd;

	tell("LISTEN", net_listen(f->family, f->addr, f->base + P_LISTEN, 128));

	p = connect_pair(f, P_ESTABLISHED);
	net_option(p.client, SOL_SOCKET, SO_KEEPALIVE, 1);
	tell("ESTABLISHED", p.client);
	tell("ESTABLISHED", p.server);

	/* listen(2) lets three in, and none is accepted */
	tell("LISTEN", net_listen(f->family, f->addr, f->base + P_QUEUE, 2));
	for (int i = 0; i < 3; i++) {
		fd = net_connect(f->family, f->addr, f->base + P_QUEUE);
		tell("ESTABLISHED", fd);
		tell_other_end("ESTABLISHED", fd);
	}

	calling(f, f->base + P_SYN_SENT, false);
	tell("LISTEN", net_listen(f->family, f->addr, f->base + P_SYN_RECV, 8));
	calling(f, f->base + P_SYN_RECV, true);

	fd = net_socket(f->family);
	net_bind(fd, f->addr, f->base + P_BOUND);
	tell("BOUND", fd);
}

/* One end has closed, the other not. */
static void make_half_closed(const struct flavour *f)
{
	struct pair p = connect_pair(f, P_FIN_WAIT1);

	shutdown(p.client, SHUT_WR);
	tell("FIN_WAIT1", p.client);
	tell("ESTABLISHED", p.server);

	p = connect_pair(f, P_FIN_WAIT2);
	shutdown(p.client, SHUT_WR);
	net_wait_state(p.client, TCP_FIN_WAIT2);
	tell("FIN_WAIT2", p.client);
	tell("CLOSE_WAIT", p.server);

	p = connect_pair(f, P_FIN_WAIT2_ORPHAN);
	tell_orphan("FIN_WAIT2", p.client);
	close(p.client);
	net_wait_state(p.server, TCP_CLOSE_WAIT);
	tell("CLOSE_WAIT", p.server);
}

/* Both ends have closed. */
static void make_closed(const struct flavour *f)
{
	struct pair p = connect_pair(f, P_LAST_ACK);

	/* its FIN must be acknowledged first, or the lost one would do it */
	shutdown(p.client, SHUT_WR);
	net_wait_state(p.client, TCP_FIN_WAIT2);
	shutdown(p.server, SHUT_WR);
	tell("FIN_WAIT2", p.client);
	tell("LAST_ACK", p.server);

	p = connect_pair(f, P_LAST_ACK_ORPHAN);
	shutdown(p.client, SHUT_WR);
	net_wait_state(p.client, TCP_FIN_WAIT2);
	tell("FIN_WAIT2", p.client);
	tell_orphan("LAST_ACK", p.server);
	close(p.server);

	p = connect_pair(f, P_CLOSING);
	shutdown(p.client, SHUT_WR);
	shutdown(p.server, SHUT_WR);
	net_wait_state(p.client, TCP_CLOSING);
	net_wait_state(p.server, TCP_FIN_WAIT2);
	tell("CLOSING", p.client);
	tell("FIN_WAIT2", p.server);
}

static void make_queues(const struct flavour *f)
{
	static const char block[65536];
	struct pair p = connect_pair(f, P_UNREAD);

	if (send(p.client, block, 1000, 0) != 1000)
		die("send");
	tell("ESTABLISHED", p.client);
	tell("ESTABLISHED", p.server);

	p = connect_pair(f, P_UNSENT);
	while (send(p.client, block, sizeof(block), MSG_DONTWAIT) > 0)
		;
	tell("ESTABLISHED", p.client);
	tell("ESTABLISHED", p.server);
}

/* Last of all, because it lasts 60 s only. */
static void make_time_wait(const struct flavour *f)
{
	struct pair p = connect_pair(f, P_TIME_WAIT);

	tell_orphan("TIME_WAIT", p.client);
	close(p.client);
	net_wait_state(p.server, TCP_CLOSE_WAIT);
	close(p.server);
}

/* Before all others: the child must hold nothing but these. */
static void make_shared(void)
{
	int listener = net_listen(AF_INET, "127.0.0.1", PORT_SHARED, 8);
	int client = net_connect(AF_INET, "127.0.0.1", PORT_SHARED);
	int server = net_accept(listener);
	pid_t parent = getpid();

	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* a name that a careless reader of /proc/PID/stat trips over */
		prctl(PR_SET_NAME, "odd) R (name");
		close(STDOUT_FILENO);
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	tell_held("LISTEN", listener, BOTH);
	tell_held("ESTABLISHED", client, BOTH);
	tell_held("ESTABLISHED", server, BOTH);
}

static void make_listeners(void)
{
	int fd;

	for (int i = 0; i < 2; i++) {
		fd = net_socket(AF_INET);
		net_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
		net_bind(fd, "127.0.0.1", PORT_REUSE);
		listen(fd, 16);
		tell("LISTEN", fd);
	}

	fd = net_socket(AF_INET6);
	net_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	net_bind(fd, "::", PORT_V6ONLY);
	listen(fd, 16);
	tell("LISTEN", fd);

	/* an IPv4 client of a dual-stack listener: plain here, mapped there */
	fd = net_listen(AF_INET6, "::", PORT_DUAL, 16);
	tell("LISTEN", fd);
	tell("ESTABLISHED", net_connect(AF_INET, "127.0.0.1", PORT_DUAL));
	tell("ESTABLISHED", net_accept(fd));

	fd = net_socket(AF_INET);
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3))
		die("SO_BINDTODEVICE");
	net_bind(fd, "127.0.0.1", PORT_DEVICE);
	listen(fd, 16);
	tell("LISTEN", fd);

	tell("LISTEN", net_listen(AF_INET, "0.0.0.0", PORT_ANY, 16));

	/* another user's, where there is another user */
	if (seteuid(65534) == 0) {
		tell("LISTEN", net_listen(AF_INET, "127.0.0.1", PORT_NOBODY, 1));
		if (seteuid(0))
			die("seteuid");
	}
}

static void stop(int sig)
{
	(void)sig;
	_exit(0);
}

int main(void)
{
	const size_t n = sizeof(flavours) / sizeof(flavours[0]);
	char c;

	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	signal(SIGPIPE, SIG_IGN);
	load_rules();
	sysctl("tcp_syn_retries", "10");
	sysctl("tcp_synack_retries", "10");
	sysctl("tcp_orphan_retries", "12");

	make_shared();
	make_listeners();
	for (size_t i = 0; i < n; i++)
		make_opening(&flavours[i]);
	for (size_t i = 0; i < n; i++)
		make_queues(&flavours[i]);
	for (size_t i = 0; i < n; i++)
		make_half_closed(&flavours[i]);
	for (size_t i = 0; i < n; i++)
		make_closed(&flavours[i]);
	for (size_t i = 0; i < n; i++)
		make_time_wait(&flavours[i]);
	puts("ready");
	fflush(stdout);

	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
