/*
 * lab_who.c - no trouble at all, but questions: who is it?
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab.h"

/* ---- who holds port 8080 ---- */

/* A listener and its worker, as servers are. */
static void play_webapp(int port)
{
	pid_t parent = getpid();

	net_listen(AF_INET, "0.0.0.0", (uint16_t)port, 64);
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	actor_ready();
}

/* The port of the other end is no port of ours. */
static void play_proxy(int port)
{
	for (int i = 0; i < 25; i++)
		lab_connect(NULL, "203.0.113.8", (uint16_t)port);
	actor_ready();
}

void lab_port_holder(void)
{
	static const int others[] = { 22, 25, 5432, 6379, 9090, 9100 };
	char name[16];

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		snprintf(name, sizeof(name), "other%d", others[i]);
		actor(name, ON_HOST, play_keep, others[i]);
	}
	actor("elsewhere", IN_WORLD, play_keep, 8080);
	actor("proxy", ON_HOST, play_proxy, 8080);
	actor("webapp", ON_HOST, play_webapp, 8080);
	lab_wait(1, &(struct lab_rows){
		.state = TCP_LISTEN, .local_port = 8080,
	});
}

/* ---- who talks to 203.0.113.9 ---- */

static void play_exporter(int port)
{
	for (int i = 0; i < 7; i++)
		lab_connect(NULL, "203.0.113.9", (uint16_t)port);
	actor_ready();
}

static void play_crawler(int port)
{
	char to[] = "198.51.100.10";

	for (int i = 0; i < 30; i++) {
		to[11] = (char)('1' + i % 9);
		lab_connect(NULL, to, (uint16_t)port);
	}
	actor_ready();
}

void lab_talker(void)
{
	actor("elsewhere", IN_WORLD, play_keep, 443);
	actor("crawler", ON_HOST, play_crawler, 443);
	actor("exporter", ON_HOST, play_exporter, 443);
	lab_wait(37, &(struct lab_rows){
		.state = TCP_ESTABLISHED, .remote_port = 443,
	});
}

/* ---- which service opens most connections ---- */

enum { RING = 40 };

/* 20 a second, each of two seconds. */
static void play_opening(int port)
{
	int held[RING];

	for (int i = 0;; i++) {
		if (i >= RING)
			close(held[i % RING]);
		if (i == RING)
			actor_ready();
		held[i % RING] = lab_connect(NULL, "203.0.113.30",
					     (uint16_t)port);
		if (i >= RING)
			lab_sleep_ms(50);
	}
}

/* Many that are open, few that are opened: one a second. */
static void play_mailer(int port)
{
	for (int i = 0; i < 100; i++)
		lab_connect(NULL, "203.0.113.31", (uint16_t)port);
	actor_ready();
	for (;;) {
		lab_sleep_ms(1000);
		lab_connect(NULL, "203.0.113.31", (uint16_t)port);
	}
}

void lab_service(void)
{
	actor("web", IN_WORLD, play_close, 8092);
	actor("mail", IN_WORLD, play_keep, 25);
	actor_service("mailer", play_mailer, 25);
	actor_service("shop", play_opening, 8092);
	lab_wait(RING - 1, &(struct lab_rows){
		.state = TCP_ESTABLISHED, .remote_port = 8092,
	});
	lab_wait(100, &(struct lab_rows){
		.state = TCP_ESTABLISHED, .remote_port = 25,
	});
}

/* ---- what the examples in the manual of ss(8) look for ---- */

/* Three come, and that we go does not reach them. */
static void play_apache(int port)
{
	int listener = net_listen(AF_INET, "0.0.0.0", (uint16_t)port, 16);

	actor_ready();
	for (int i = 0; i < 3; i++)
		shutdown(net_accept(listener), SHUT_WR);
}

static void play_browser(int port)
{
	lab_connect("193.233.7.9", HOST, (uint16_t)port);
	lab_connect("193.233.7.10", HOST, (uint16_t)port);
	lab_connect("198.51.100.9", HOST, (uint16_t)port);
	actor_ready();
}

static void play_admin(int port)
{
	lab_connect(NULL, "203.0.113.5", (uint16_t)port);
	actor_ready();
}

void lab_manual(void)
{
	static const int servers[] = { 80, 443, 8080 };

	lab_rules(IN_WORLD, "table ip lab {\n chain in {\n"
			    "type filter hook input priority 0\n"
			    "tcp flags & fin == fin drop\n }\n"
			    "}\n");
	actor("sshd", ON_HOST, play_keep, 22);
	actor("elsewhere", IN_WORLD, play_keep, 22);
	actor("admin", ON_HOST, play_admin, 22);
	for (size_t i = 0; i < sizeof(servers) / sizeof(*servers); i++) {
		actor("apache", ON_HOST, play_apache, servers[i]);
		actor("browser", IN_WORLD, play_browser, servers[i]);
		actor("browser", IN_WORLD, play_browser, 22);
		lab_wait(3, &(struct lab_rows){
			.state = TCP_FIN_WAIT1, .local_port = servers[i],
		});
	}
}
