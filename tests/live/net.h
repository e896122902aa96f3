/*
 * net.h - sockets on loopback, for the live tests
 *
 * Whatever fails ends the program with one line on stderr: a test that could
 * not make what it wanted to look at has nothing to say.
 */
#ifndef LIVE_NET_H
#define LIVE_NET_H

#include <stdint.h>
#include <sys/socket.h>

/* Prints "PROGRAM: what: errno's text" and exits with 99, automake's hard
 * error. */
void die(const char *what) __attribute__((noreturn));

/* A TCP socket, not yet bound. */
int net_socket(int family);
void net_option(int fd, int level, int name, int value);
void net_bind(int fd, const char *addr, uint16_t port);
/* Bound with SO_REUSEADDR, and listening. */
int net_listen(int family, const char *addr, uint16_t port, int backlog);
/* Connected. */
int net_connect(int family, const char *addr, uint16_t port);
/* Still connecting, or already connected. */
int net_connect_start(int family, const char *addr, uint16_t port);
/* The same from an address of ours. */
int net_connect_from(int family, const char *from, const char *addr,
		     uint16_t port);
int net_accept(int listener);

/* Waits up to 10 s for the socket to be in a state (TCP_…). */
void net_wait_state(int fd, int state);
/* "ADDRESS PORT" of either end, "* 0" if there is none; dst[64]. */
const char *net_end_text(char *dst, const struct sockaddr_storage *ss);

#endif
