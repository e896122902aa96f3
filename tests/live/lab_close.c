/*
 * lab_close.c - trouble where connections close, or should
 */
#include <netinet/in.h>
#include <unistd.h>

#include "lab.h"

/* ---- CLOSE_WAIT that is never closed ---- */

enum { LEAK_PORT = 8081, LEAK_FIRST = 250 };

/* They come and go: 250 at once, then 20 a second. */
static void play_hasty(int port)
{
	for (int i = 0;; i++) {
		close(lab_connect("198.51.100.7", HOST, (uint16_t)port));
		if (i == LEAK_FIRST)
			actor_ready();
		if (i >= LEAK_FIRST)
			lab_sleep_ms(50);
	}
}

static void play_steady(int port)
{
	for (int i = 0; i < 40; i++)
		lab_connect("198.51.100.8", HOST, (uint16_t)port);
	actor_ready();
}

/* Who closes, but had no time yet: three at any moment. */
static void play_leaving(int port)
{
	int held[3];

	for (int i = 0; i < 3; i++)
		held[i] = lab_connect("198.51.100.9", HOST, (uint16_t)port);
	for (int i = 0; i < 3; i++)
		shutdown(held[i], SHUT_WR);
	actor_ready();
}

void lab_close_wait(void)
{
	actor("leaky", ON_HOST, play_keep, LEAK_PORT);
	actor("tidy", ON_HOST, play_close, 8082);
	actor("slow", ON_HOST, play_keep, 8090);
	actor("steady", IN_WORLD, play_steady, 8082);
	actor("leaving", IN_WORLD, play_leaving, 8090);
	actor("hasty", IN_WORLD, play_hasty, LEAK_PORT);
	lab_wait(LEAK_FIRST, &(struct lab_rows){
		.state = TCP_CLOSE_WAIT, .local_port = LEAK_PORT,
	});
	lab_wait(3, &(struct lab_rows){
		.state = TCP_CLOSE_WAIT, .local_port = 8090,
	});
}

/* ---- TIME_WAIT by the thousand ---- */

enum { SHORT_PORT = 8085, SHORT_FIRST = 3000 };

/* A connection for each question, and always the first to close. */
static void play_chatty(int port)
{
	for (int i = 0;; i++) {
		close(lab_connect(NULL, "203.0.113.10", (uint16_t)port));
		if (i == SHORT_FIRST)
			actor_ready();
		if (i >= SHORT_FIRST)
			lab_sleep_ms(20);
	}
}

void lab_time_wait(void)
{
	lab_sysctl("tcp_tw_reuse", "0");
	actor("database", IN_WORLD, play_close, SHORT_PORT);
	actor("pooled", ON_HOST, play_keep, 8082);
	actor("steady", IN_WORLD, play_steady, 8082);
	actor("chatty", ON_HOST, play_chatty, SHORT_PORT);
	lab_wait(SHORT_FIRST, &(struct lab_rows){
		.state = TCP_TIME_WAIT, .remote_port = SHORT_PORT,
	});
}

/* ---- FIN_WAIT2: the other end is here, and does not close ---- */

enum { HALF_PORT = 8088, HALF = 40 };

static void play_halfway(int port)
{
	int held[HALF];

	for (int i = 0; i < HALF; i++)
		held[i] = lab_connect(NULL, HOST, (uint16_t)port);
	for (int i = 0; i < HALF; i++)
		shutdown(held[i], SHUT_WR);
	actor_ready();
}

void lab_fin_wait2(void)
{
	actor("neverclose", ON_HOST, play_keep, HALF_PORT);
	actor("halfway", ON_HOST, play_halfway, HALF_PORT);
	lab_wait(HALF, &(struct lab_rows){
		.state = TCP_FIN_WAIT2, .remote_port = HALF_PORT,
	});
}
