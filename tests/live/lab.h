/*
 * lab.h - trouble with TCP, made to be found
 *
 * A lab plays on a stage of its own: a network namespace that is the host,
 * HOST its address, and a second one that is the world, where all other
 * addresses of ours are.  Between them lies one link.  What is looked at is
 * the host.
 *
 *	static void serve(int port)		runs in a process of its own
 *	{
 *		int listener = net_listen(AF_INET, HOST, port, 8);
 *
 *		actor_ready();			from here on others rely on it
 *		for (;;)
 *			net_accept(listener);
 *	}
 *
 *	void lab_thing(void)
 *	{
 *		actor("stuck", ON_HOST, serve, 8083);
 *		lab_wait(1, &(struct lab_rows){ .state = TCP_LISTEN,
 *						.local_port = 8083 });
 *	}
 */
#ifndef LIVE_LAB_H
#define LIVE_LAB_H

#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>

#include "net.h"

#define HOST	"10.0.0.5"

enum side { ON_HOST, IN_WORLD };

/*
 * Runs play(arg) in a process of that name (at most 15 bytes) on that side and
 * waits until it calls actor_ready().  When play returns, the process stays,
 * with all it holds.  It ends with the lab.  Says "NAME PID" on stdout.
 */
void actor(const char *name, enum side side, void (*play)(int arg), int arg);
/* The same on the host in a control group of its own, "NAME.service", where
 * there is a place to make one. */
void actor_service(const char *name, void (*play)(int arg), int arg);
void actor_ready(void);

/* Sockets of the host as /proc/net/tcp has them. */
struct lab_rows {
	int state;			/* TCP_…; 0 any */
	int local_port, remote_port;	/* 0 any */
	unsigned recv_q, send_q;	/* bytes at least */
};

/* Until there are n of them; 10 s are too long. */
void lab_wait(int n, const struct lab_rows *rows);

/* "PATH VALUE" below /proc/sys/net/ipv4 of the host. */
void lab_sysctl(const char *name, const char *value);
/* Rules for nft(8), on one side. */
void lab_rules(enum side side, const char *text);

/* ---- what many of them do ---- */

/* Connected from an address of the world, or from the host's (NULL). */
int lab_connect(const char *from, const char *to, uint16_t port);
void lab_sleep_ms(int ms);

/* Plays: listens on 0.0.0.0, and keeps what it accepts. */
void play_keep(int port);
/* The same, but closes each when the other end did. */
void play_close(int port);

/* ---- the labs ---- */

void lab_accept_queue(void);
void lab_close_wait(void);
void lab_dead_upstream(void);
void lab_fin_wait2(void);
void lab_manual(void);
void lab_not_reading(void);
void lab_peer_not_reading(void);
void lab_port_holder(void);
void lab_ports(void);
void lab_retransmitting(void);
void lab_service(void);
void lab_syn_flood(void);
void lab_talker(void);
void lab_time_wait(void);

#endif
