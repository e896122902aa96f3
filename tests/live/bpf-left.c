/*
 * bpf-left.c - which of these programs, maps and links are still loaded?
 *
 *	bpf-left [prog|map|link ID]...
 *
 * Prints those that are; exit status 1 if there is one.  Needs CAP_SYS_ADMIN:
 * exit status 2 where the kernel does not say.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A new descriptor; -1 with errno ENOENT: there is none. */
static int open_by_id(const char *kind, unsigned id)
{
	union bpf_attr attr = { .prog_id = id };	/* all three at 0 */
	int command = !strcmp(kind, "prog") ? BPF_PROG_GET_FD_BY_ID :
		      !strcmp(kind, "map") ? BPF_MAP_GET_FD_BY_ID :
					     BPF_LINK_GET_FD_BY_ID;

	return syscall(SYS_bpf, command, &attr, sizeof(attr));
}

int main(int argc, char **argv)
{
	int left = 0;

	for (int i = 1; i + 1 < argc; i += 2) {
		int fd = open_by_id(argv[i], strtoul(argv[i + 1], NULL, 10));

		if (fd < 0 && errno != ENOENT) {
			perror("bpf-left");
			return 2;
		}
		if (fd < 0)
			continue;
		close(fd);
		printf("%s %s\n", argv[i], argv[i + 1]);
		left = 1;
	}
	return left;
}
