/*
 * hosttext.h - numbers out of the kernel's counter files
 *
 * Pure functions over (text, length), any bytes.  All of them return
 * U64_UNKNOWN where there is no such number, or a negative one.
 */
#ifndef SOURCE_HOSTTEXT_H
#define SOURCE_HOSTTEXT_H

#include <stddef.h>
#include <stdint.h>

/* net/snmp, net/netstat: a line of names, then one of values, both "group:" */
uint64_t hosttext_paired(const char *text, size_t len, const char *group,
			 const char *field);
/* net/sockstat: "group: field value field value …" */
uint64_t hosttext_named(const char *text, size_t len, const char *group,
			const char *field);
/* sys/…: the n-th word, from 0 */
uint64_t hosttext_word(const char *text, size_t len, int n);

/* How many ports of first … last a list as "22,8000-8080" has. */
uint64_t hosttext_ports(const char *text, size_t len, uint64_t first,
			uint64_t last);

#endif
