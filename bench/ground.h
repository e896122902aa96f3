/*
 * ground.h - what load and lives stand on
 *
 * A network namespace whose only addresses are loopback's, with its limits
 * raised and its packets dropped or held where a script asks for that.
 * Whatever fails ends the program with one line on stderr (net.h).
 */
#ifndef BENCH_GROUND_H
#define BENCH_GROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * Refuses to go on, with exit status 2, where any interface has an address
 * other than 127/8 and ::1: what is made here stays on this machine, and the
 * kernel's counters count nothing else.  Raises the limit of descriptors;
 * returns it.
 */
unsigned ground_enter(void);

/* 127/8, ::1 or the former mapped? */
bool ground_is_loopback(const struct sockaddr_storage *ss);

enum ground_family { FAMILY_4, FAMILY_6, FAMILY_MAPPED, FAMILY_COUNT };
/* An address of loopback: host is 127/8 as a number; any other than loopback
 * ends the program.  Returns its length. */
socklen_t ground_address(struct sockaddr_storage *ss, enum ground_family family,
			 uint32_t host, uint16_t port);

/* Writes a value under /proc/sys/net; false where that is not permitted. */
bool ground_set(const char *path, long value);

/* From here on no SYN reaches this port. */
void ground_drop_syns(uint16_t port);

/*
 * Sockets marked slow can be held: what they send waits, in order, for about
 * HOLD_MS, so that two ends can each send before either receives.
 * ground_can_hold() says whether this kernel can (it needs HTB and tc).
 */
enum { HOLD_MS = 10 };
bool ground_can_hold(void);
void ground_slow(int fd, bool on);
void ground_hold(void);

/* CLOCK_BOOTTIME, in ns: the clock of tulpen's events */
int64_t ground_now(void);
void ground_sleep_until(int64_t when);

/* The value of NAME in the line of FILE that starts with TAG; -1 none.  Lines
 * are "TAG: NAME VALUE NAME VALUE ...", or one of names above one of values. */
long ground_counter(const char *file, const char *tag, const char *name);

#endif
