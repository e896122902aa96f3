#include "ground.h"
#include "../tests/live/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { FILES_WANTED = 200000 };

static bool is_loopback4(uint32_t host)
{
	return host >> 24 == 127;
}

bool ground_is_loopback(const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	uint32_t host;

	if (ss->ss_family == AF_INET)
		return is_loopback4(ntohl(v4->sin_addr.s_addr));
	if (ss->ss_family != AF_INET6)
		return false;
	if (!IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	memcpy(&host, &v6->sin6_addr.s6_addr[12], sizeof(host));
	return is_loopback4(ntohl(host));
}

socklen_t ground_address(struct sockaddr_storage *ss, enum ground_family family,
			 uint32_t host, uint16_t port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ss;
	socklen_t len = sizeof(*v6);

	memset(ss, 0, sizeof(*ss));
	if (family == FAMILY_4) {
		v4->sin_family = AF_INET;
		v4->sin_addr.s_addr = htonl(host);
		v4->sin_port = htons(port);
		len = sizeof(*v4);
	} else {
		v6->sin6_family = AF_INET6;
		v6->sin6_addr = in6addr_loopback;
		v6->sin6_port = htons(port);
	}
	if (family == FAMILY_MAPPED) {
		host = htonl(host);
		memset(&v6->sin6_addr, 0, 10);
		memset(&v6->sin6_addr.s6_addr[10], 0xff, 2);
		memcpy(&v6->sin6_addr.s6_addr[12], &host, sizeof(host));
	}
	if (!ground_is_loopback(ss)) {
		errno = EADDRNOTAVAIL;
		die("not an address of loopback");
	}
	return len;
}

unsigned ground_enter(void)
{
	struct rlimit files = { FILES_WANTED, FILES_WANTED };
	struct ifaddrs *all;

	if (getifaddrs(&all))
		die("getifaddrs");
	for (struct ifaddrs *i = all; i; i = i->ifa_next) {
		struct sockaddr_storage ss = { 0 };

		if (!i->ifa_addr || (i->ifa_addr->sa_family != AF_INET &&
				     i->ifa_addr->sa_family != AF_INET6))
			continue;
		memcpy(&ss, i->ifa_addr, i->ifa_addr->sa_family == AF_INET ?
		       sizeof(struct sockaddr_in) :
		       sizeof(struct sockaddr_in6));
		if (ground_is_loopback(&ss))
			continue;
		fprintf(stderr, "%s: %s has an address: run me in a network "
			"namespace of my own (tests/live/in-netns.sh)\n",
			program_invocation_short_name, i->ifa_name);
		exit(2);
	}
	freeifaddrs(all);

	if (setrlimit(RLIMIT_NOFILE, &files)) {
		if (getrlimit(RLIMIT_NOFILE, &files))
			die("RLIMIT_NOFILE");
		files.rlim_cur = files.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &files))
			die("RLIMIT_NOFILE");
	}
	return files.rlim_cur;
}

bool ground_set(const char *path, long value)
{
	char name[128];
	FILE *f;

	snprintf(name, sizeof(name), "/proc/sys/net/%s", path);
	f = fopen(name, "w");
	if (!f)
		return false;
	fprintf(f, "%ld\n", value);
	return !fclose(f);
}

/* In input, not output: there the sender would be told. */
void ground_drop_syns(uint16_t port)
{
	FILE *nft = popen("nft -f -", "w");

	if (!nft)
		die("nft");
	fprintf(nft, "add table inet made\n"
		"add chain inet made in"
		" { type filter hook input priority 0; }\n"
		"add rule inet made in tcp dport %u"
		" tcp flags & (syn|ack) == syn drop\n", port);
	if (pclose(nft))
		die("nft");
}

int64_t ground_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

void ground_sleep_until(int64_t when)
{
	const struct timespec ts = {
		.tv_sec = when / 1000000000,
		.tv_nsec = when % 1000000000,
	};

	while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

/*
 * A class of HTB that everything marked with its number passes through, and
 * nothing else: what has no class goes straight on.  Its rate is low enough
 * that one big datagram keeps it busy for HOLD_MS.
 */
enum { SLOW_CLASS = 0x10001, SLOW_BYTES = 2000 };

bool ground_can_hold(void)
{
	static int can = -1;

	if (can < 0)
		can = !system("{ tc qdisc add dev lo root handle 1: htb &&"
			      "  tc class add dev lo parent 1: classid 1:1 htb"
			      "  rate 200kbps burst 1 cburst 1 quantum 1500"
			      "; } >/dev/null 2>&1");
	return can;
}

void ground_slow(int fd, bool on)
{
	net_option(fd, SOL_SOCKET, SO_PRIORITY, on ? SLOW_CLASS : 0);
}

/* To port 9, discard, where nobody listens. */
void ground_hold(void)
{
	static const char bytes[SLOW_BYTES];
	struct sockaddr_storage ss;
	socklen_t len = ground_address(&ss, FAMILY_4, INADDR_LOOPBACK, 9);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	ground_slow(fd, true);
	if (sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&ss,
		   len) < 0)
		die("sendto");
	close(fd);
}

/* The number after the word NAME in a line of "NAME VALUE" pairs. */
static long value_of(const char *line, const char *name)
{
	const size_t n = strlen(name);

	for (const char *s = strstr(line, name); s; s = strstr(s + 1, name)) {
		char *end = NULL;
		long value = strtol(s + n, &end, 10);

		if (s[-1] == ' ' && s[n] == ' ' && end != s + n)
			return value;
	}
	return -1;
}

/* The same where the values stand in a line of their own below. */
static long value_below(char *names, char *values, const char *name)
{
	char *n, *v, *at_name, *at_value;

	n = strtok_r(names, " \n", &at_name);
	v = strtok_r(values, " \n", &at_value);
	while (n && v) {
		if (!strcmp(n, name))
			return strtol(v, NULL, 10);
		n = strtok_r(NULL, " \n", &at_name);
		v = strtok_r(NULL, " \n", &at_value);
	}
	return -1;
}

long ground_counter(const char *file, const char *tag, const char *name)
{
	const size_t n = strlen(tag);
	char line[8192], below[8192];
	FILE *f = fopen(file, "r");
	long value = -1;

	if (!f)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), f)) {
		if (strncmp(line, tag, n) || line[n] != ':')
			continue;
		value = value_of(line, name);
		if (value < 0 && fgets(below, sizeof(below), f))
			value = value_below(line, below, name);
		break;
	}
	fclose(f);
	return value;
}
