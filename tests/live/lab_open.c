/*
 * lab_open.c - trouble where connections open
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

/* ---- a full accept queue ---- */

enum { STUCK_PORT = 8083, STUCK_BACKLOG = 8 };

static void play_stuck(int port)
{
	net_listen(AF_INET, "0.0.0.0", (uint16_t)port, STUCK_BACKLOG);
	actor_ready();
}

/* More than there is room for, from addresses to know them by. */
static void play_patient(int port)
{
	char from[] = "198.51.100.20";

	for (int i = 0; i < STUCK_BACKLOG + 4; i++) {
		from[11] = (char)('2' + i / 10);
		from[12] = (char)('0' + i % 10);
		net_connect_from(AF_INET, from, HOST, (uint16_t)port);
	}
	actor_ready();
}

void lab_accept_queue(void)
{
	actor("stuck", ON_HOST, play_stuck, STUCK_PORT);
	actor("fine", ON_HOST, play_keep, 8082);
	actor("patient", IN_WORLD, play_patient, STUCK_PORT);
	lab_wait(1, &(struct lab_rows){
		.state = TCP_LISTEN, .local_port = STUCK_PORT,
		.recv_q = STUCK_BACKLOG + 1,
	});
}

/* ---- an upstream that is dead ---- */

/* What is sent to 203.0.113.77 is lost without a word (lab_stage.c). */
static void play_gateway(int port)
{
	for (int i = 0; i < 20; i++)
		net_connect_start(AF_INET, "203.0.113.77", (uint16_t)port);
	actor_ready();
}

static void play_visitors(int port)
{
	for (int i = 0; i < 30; i++)
		lab_connect("198.51.100.4", HOST, (uint16_t)port);
	actor_ready();
}

void lab_dead_upstream(void)
{
	actor("fine", ON_HOST, play_keep, 8082);
	actor("visitors", IN_WORLD, play_visitors, 8082);
	actor("gateway", ON_HOST, play_gateway, 5432);
	lab_wait(20, &(struct lab_rows){
		.state = TCP_SYN_SENT, .remote_port = 5432,
	});
}

/* ---- a SYN flood ---- */

enum { FLOOD_PORT = 8084, FLOOD_SECOND = 100, FLOOD_MOST = 6000 };

struct segment {
	struct iphdr ip;
	struct tcphdr tcp;
};

static uint32_t sum_of(const void *data, size_t len)
{
	const uint8_t *b = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)b[i] << 8 | b[i + 1];
	return sum;
}

/* The checksum goes over a header of its own, too (RFC 9293, 3.1). */
static uint16_t checksum(const struct segment *s)
{
	uint32_t sum = sum_of(&s->ip.saddr, 8) + IPPROTO_TCP + sizeof(s->tcp) +
		       sum_of(&s->tcp, sizeof(s->tcp));

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* A SYN from the n-th of 198.18.0.0/15, none of which is there. */
static void send_syn(int fd, uint16_t port, unsigned n)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct segment s = {
		.ip = {
			.version = 4, .ihl = 5, .ttl = 64,
			.protocol = IPPROTO_TCP, .tot_len = htons(sizeof(s)),
			.saddr = htonl(0xc6120000 | (n * 7919 & 0x1ffff)),
			.daddr = htonl(0x0a000005),
		},
		.tcp = {
			.source = htons((uint16_t)(1024 + n * 31 % 60000)),
			.dest = htons(port), .seq = htonl(n), .doff = 5,
			.syn = 1, .window = htons(64240),
		},
	};

	to.sin_addr.s_addr = s.ip.daddr;
	s.tcp.check = checksum(&s);
	if (sendto(fd, &s, sizeof(s), 0, (struct sockaddr *)&to,
		   sizeof(to)) < 0)
		die("sendto");
}

/* 400 at once and 100 a second, in all not more than 6,000. */
static void play_flood(int port)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	unsigned n = 0;

	if (fd < 0)
		die("SOCK_RAW");
	while (n < 400)
		send_syn(fd, (uint16_t)port, n++);
	actor_ready();
	while (n < FLOOD_MOST) {
		send_syn(fd, (uint16_t)port, n++);
		lab_sleep_ms(1000 / FLOOD_SECOND);
	}
}

static void play_shop(int port)
{
	int listener = net_listen(AF_INET, "0.0.0.0", (uint16_t)port, 512);

	actor_ready();
	for (;;)
		net_accept(listener);
}

void lab_syn_flood(void)
{
	actor("shop", ON_HOST, play_shop, FLOOD_PORT);
	actor("visitors", IN_WORLD, play_visitors, FLOOD_PORT);
	actor("flood", IN_WORLD, play_flood, FLOOD_PORT);
	lab_wait(200, &(struct lab_rows){
		.state = TCP_SYN_RECV, .local_port = FLOOD_PORT,
	});
}

/* ---- ephemeral ports run out ---- */

enum { FULL_PORT = 8086, PORTS = 200, PORTS_USED = 190 };

static void play_crowded(int port)
{
	for (int i = 0; i < PORTS_USED; i++)
		lab_connect(NULL, "203.0.113.10", (uint16_t)port);
	actor_ready();
}

void lab_ports(void)
{
	lab_sysctl("ip_local_port_range", "40000 40199");
	actor("upstream", IN_WORLD, play_keep, FULL_PORT);
	actor("crowded", ON_HOST, play_crowded, FULL_PORT);
	lab_wait(PORTS_USED, &(struct lab_rows){
		.state = TCP_ESTABLISHED, .remote_port = FULL_PORT,
	});
}
