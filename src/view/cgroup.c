#include "view/cgroup.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Where cgroup2 is mounted, opened; -1: nowhere. */
static int open_mount(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent entry;
	char line[4096];
	int fd = -1;

	while (mounts && fd < 0 &&
	       getmntent_r(mounts, &entry, line, sizeof(line)))
		if (!strcmp(entry.mnt_type, "cgroup2"))
			fd = open(entry.mnt_dir,
				  O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (mounts)
		endmntent(mounts);
	return fd;
}

static uint64_t id_at(int dir, const char *path)
{
	int fd = openat(dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;
	struct stat st;
	uint64_t id = 0;

	if (fd < 0)
		return 0;
	if (!fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC &&
	    !fstat(fd, &st))
		id = st.st_ino;
	close(fd);
	return id;
}

uint64_t cgroup_id(const char *path)
{
	int mount = open_mount();
	const char *below = path + strspn(path, "/");
	uint64_t id = 0;

	if (mount >= 0) {
		id = id_at(mount, *below ? below : ".");
		close(mount);
	}
	return id ? id : id_at(AT_FDCWD, path);
}
