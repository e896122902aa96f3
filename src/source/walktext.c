/*
 * walktext.c - the texts a walk over processes reads, taken apart
 */
#include "source/walktext.h"

#include <stdio.h>
#include <string.h>

#include "source/walk.h"

/* include/linux/sched.h */
#define PF_KTHREAD	0x00200000u

/* The number at *p, moved behind it; false if there is none. */
static bool take_number(const char **p, const char *end, uint64_t *value)
{
	const char *start = *p;

	*value = 0;
	while (*p < end && **p >= '0' && **p <= '9') {
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, **p - '0', value))
			return false;
		(*p)++;
	}
	return *p > start;
}

/*
 * proc(5) counts from 1: the pid is 1, comm 2, the state 3.  The n-th field
 * from 3 on; NULL if there are not so many.  comm may hold anything, spaces
 * and brackets as well, but no number behind it does: the last ')' ends it.
 */
static const char *stat_field(const char *text, size_t len, int n)
{
	const char *end = text + len, *p = memrchr(text, ')', len);

	if (!p)
		return NULL;
	p++;
	for (;;) {
		while (p < end && *p == ' ')
			p++;
		if (p == end)
			return NULL;
		if (n-- == 3)
			return p;
		while (p < end && *p != ' ')
			p++;
	}
}

int walk_parse_stat(const char *text, size_t len, const char **comm,
		    size_t *comm_len, uint64_t *start)
{
	const char *from = memchr(text, '(', len);
	const char *to = memrchr(text, ')', len);
	const char *field = stat_field(text, len, 22), *p = field;

	if (!from || !to || to < from || !field ||
	    !take_number(&p, text + len, start))
		return -1;
	/* a number that the end of the text cuts may have had more digits */
	if (p == text + len || (*p != ' ' && *p != '\n'))
		return -1;
	*comm = from + 1;
	*comm_len = to - from - 1;
	return 0;
}

bool walktext_may_hold(const char *stat, size_t len)
{
	const char *state = stat_field(stat, len, 3);
	const char *flags = stat_field(stat, len, 9);
	uint64_t value;

	if (!state || !flags || !take_number(&flags, stat + len, &value))
		return true;
	return *state != 'Z' && *state != 'X' && !(value & PF_KTHREAD);
}

static bool hides(const char *options)
{
	const char *p = strstr(options, "hidepid=");

	if (!p)
		return false;
	p += strlen("hidepid=");
	return *p == '2' || *p == '4' || !strncmp(p, "invisible", 9) ||
	       !strncmp(p, "ptraceable", 10);
}

/* "36 35 98:0 / /proc rw,noatime shared:1 - proc proc rw,hidepid=2" */
static bool line_hides(char *line, unsigned major_nr, unsigned minor_nr)
{
	unsigned a, b;
	char *fs = strstr(line, " - ");

	if (!fs || sscanf(line, "%*u %*u %u:%u", &a, &b) != 2)
		return false;
	return a == major_nr && b == minor_nr &&
	       !strncmp(fs + 3, "proc ", 5) && hides(fs + 3);
}

bool walktext_hidepid(const char *mountinfo, size_t len, unsigned major_nr,
		      unsigned minor_nr)
{
	const char *end = mountinfo + len;

	while (mountinfo < end) {
		const char *nl = memchr(mountinfo, '\n', end - mountinfo);
		size_t n = (nl ? nl : end) - mountinfo;
		char line[4096];

		if (n < sizeof(line)) {
			memcpy(line, mountinfo, n);
			line[n] = '\0';
			if (line_hides(line, major_nr, minor_nr))
				return true;
		}
		mountinfo += n + 1;
	}
	return false;
}

uint64_t walktext_socket(const char *link, size_t len)
{
	static const char prefix[] = "socket:[";
	const char *p = link + sizeof(prefix) - 1, *end = link + len;
	uint64_t inode;

	if (len < sizeof(prefix) || memcmp(link, prefix, sizeof(prefix) - 1) ||
	    !take_number(&p, end, &inode) || p + 1 != end || *p != ']')
		return 0;
	return inode;
}

int32_t walktext_pid(const char *name)
{
	const char *p = name, *end = name + strlen(name);
	uint64_t pid;

	if (!take_number(&p, end, &pid) || p != end || pid > INT32_MAX)
		return 0;
	return pid;
}
