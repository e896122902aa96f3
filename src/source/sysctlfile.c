/* sysctlfile.c - net.ipv4.tcp_fin_timeout is sys/net/ipv4/tcp_fin_timeout */
#include "source/sysctlfile.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool path_of(char *dst, size_t n, const char *procfs, const char *name)
{
	size_t i = (size_t)snprintf(dst, n, "%s/sys/", procfs), start = i;

	if (i >= n || (size_t)snprintf(dst + i, n - i, "%s", name) >= n - i)
		return false;
	for (i = start; dst[i]; i++)
		if (dst[i] == '.')
			dst[i] = '/';
	return true;
}

/* Words with one blank between; false if it is anything but printable. */
static bool tidy(char *dst, const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		char c = text[i] == '\t' || text[i] == '\n' ? ' ' : text[i];

		if (c < ' ' || c > '~')
			return false;
		if (c == ' ' && (!n || dst[n - 1] == ' '))
			continue;
		dst[n++] = c;
	}
	if (n && dst[n - 1] == ' ')
		n--;
	dst[n] = '\0';
	return true;
}

static void read_one(const char *procfs, const char *name, char *dst)
{
	char path[4096], text[SYSCTL_TEXT_MAX];
	ssize_t got;
	int fd;

	if (!path_of(path, sizeof(path), procfs, name))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return;
	got = read(fd, text, sizeof(text));
	close(fd);
	/* one that fills it may go on: half a value is none */
	if (got > 0 && got < (ssize_t)sizeof(text) && !tidy(dst, text, got))
		*dst = '\0';
}

void sysctlfile_read(const char *procfs, struct sysctls *out)
{
	int i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < SYSCTL_COUNT; i++)
		if (sysctl_name[i])
			read_one(procfs, sysctl_name[i], out->value[i]);
}
