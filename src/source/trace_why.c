#include "source/trace_why.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* PROC_USER_INIT_INO of linux/proc_ns.h: the root user namespace's inode */
#define USER_ROOT_INODE	0xEFFFFFFDu

static bool has_capability(const struct __user_cap_data_struct *set,
			   unsigned cap)
{
	return set[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap);
}

/* CAP_SYS_ADMIN holds what CAP_BPF and CAP_PERFMON were split off from. */
static bool is_capable(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct set[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &head, set))
		return true;		/* not the one to blame then */
	return has_capability(set, CAP_SYS_ADMIN) ||
	       (has_capability(set, CAP_BPF) &&
		has_capability(set, CAP_PERFMON));
}

static bool in_user_namespace(void)
{
	struct stat st;

	return !stat("/proc/self/ns/user", &st) &&
	       st.st_ino != USER_ROOT_INODE;
}

static bool is_locked_down(void)
{
	char text[64] = "";
	int fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = 0;
	close(fd);
	return strstr(text, "[confidentiality]");
}

void trace_why(int error, char *why, size_t n)
{
	if (!is_capable())
		snprintf(why, n, "needs root or CAP_BPF and CAP_PERFMON");
	else if (error == EPERM && in_user_namespace())
		snprintf(why, n, "needs root outside of this user namespace");
	else if (access("/sys/kernel/btf/vmlinux", R_OK))
		snprintf(why, n, "kernel has no BTF (/sys/kernel/btf/vmlinux)");
	else if (is_locked_down())
		snprintf(why, n, "forbidden by kernel lockdown");
	else
		snprintf(why, n, "the kernel refuses the BPF program: %s",
			 strerror(error));
}
