/*
 * lab_data.c - trouble while data should flow
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab.h"

static const char block[16384];

static void send_some(int fd, size_t len)
{
	if (send(fd, block, len, MSG_DONTWAIT) < 0 && errno != EAGAIN)
		die("send");
}

static void play_idle(int port)
{
	for (int i = 0; i < 20; i++)
		lab_connect("198.51.100.4", HOST, (uint16_t)port);
	actor_ready();
}

/* ---- a client that does not read ---- */

enum { STREAM_PORT = 8087, DEAF = 5 };

/* Sends on and on, until the buffers of both ends are full. */
static void play_streamer(int port)
{
	int listener = net_listen(AF_INET, "0.0.0.0", (uint16_t)port, 16);
	int to[DEAF];

	actor_ready();
	for (int i = 0; i < DEAF; i++) {
		to[i] = net_accept(listener);
		net_option(to[i], SOL_SOCKET, SO_SNDBUF, 4 << 20);
	}
	for (int n = 0;; n++) {
		for (int i = 0; i < DEAF; i++)
			send_some(to[i], sizeof(block));
		/* first what fits, then 80 kB a second */
		lab_sleep_ms(n < 100 ? 1 : 200);
	}
}

static void play_deaf(int port)
{
	int small;

	for (int i = 0; i < DEAF; i++) {
		small = lab_connect("198.51.100.30", HOST, (uint16_t)port);
		net_option(small, SOL_SOCKET, SO_RCVBUF, 65536);
	}
	actor_ready();
}

void lab_peer_not_reading(void)
{
	actor("streamer", ON_HOST, play_streamer, STREAM_PORT);
	actor("fine", ON_HOST, play_keep, 8082);
	actor("idle", IN_WORLD, play_idle, 8082);
	actor("deaf", IN_WORLD, play_deaf, STREAM_PORT);
	lab_wait(DEAF, &(struct lab_rows){
		.state = TCP_ESTABLISHED, .local_port = STREAM_PORT,
		.send_q = 200000,
	});
}

/* ---- a server that does not read ---- */

enum { BUSY_PORT = 8091, TALKERS = 4 };

static void play_talker(int port)
{
	int to[TALKERS];

	for (int i = 0; i < TALKERS; i++) {
		to[i] = lab_connect("198.51.100.40", HOST, (uint16_t)port);
		send_some(to[i], sizeof(block));
		send_some(to[i], sizeof(block));
	}
	actor_ready();
	for (;;) {
		lab_sleep_ms(200);
		for (int i = 0; i < TALKERS; i++)
			send_some(to[i], 100);
	}
}

void lab_not_reading(void)
{
	actor("busy", ON_HOST, play_keep, BUSY_PORT);
	actor("fine", ON_HOST, play_keep, 8082);
	actor("idle", IN_WORLD, play_idle, 8082);
	actor("talker", IN_WORLD, play_talker, BUSY_PORT);
	lab_wait(TALKERS, &(struct lab_rows){
		.state = TCP_ESTABLISHED, .local_port = BUSY_PORT,
		.recv_q = 2 * sizeof(block),
	});
}

/* ---- a connection that sends again and again ---- */

enum { LOST_PORT = 8089, LOST = 3, TRIES = 4 };

static void wait_retransmits(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	for (int n = 0; n < 500 && info.tcpi_retransmits < TRIES; n++) {
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
			die("TCP_INFO");
		lab_sleep_ms(20);
	}
	if (info.tcpi_retransmits < TRIES)
		die("nothing is sent again");
}

/* The way breaks between the two calls of it. */
static int uploads[LOST];

static void play_uploader(int port)
{
	for (int i = 0; i < LOST; i++)
		uploads[i] = lab_connect(NULL, "203.0.113.20", (uint16_t)port);
	lab_rules(IN_WORLD, "table ip lab {\n chain in {\n"
			    "type filter hook input priority 0\n"
			    "ip daddr 203.0.113.20 drop\n }\n"
			    "}\n");
	for (int i = 0; i < LOST; i++)
		send_some(uploads[i], 8000);
	for (int i = 0; i < LOST; i++)
		wait_retransmits(uploads[i]);
	actor_ready();
}

void lab_retransmitting(void)
{
	actor("fine", ON_HOST, play_keep, 8082);
	actor("idle", IN_WORLD, play_idle, 8082);
	actor("storage", IN_WORLD, play_keep, LOST_PORT);
	actor("uploader", ON_HOST, play_uploader, LOST_PORT);
	lab_wait(LOST, &(struct lab_rows){
		.state = TCP_ESTABLISHED, .remote_port = LOST_PORT,
		.send_q = 8000,
	});
}
