#include "view/cgroup.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/text.h"

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
				  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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

/* Of a file handle of kernfs: the number is all there is in it. */
enum { HANDLE_KERNFS = 0xfe };

/* The path that /proc names the group by, from the mount's own on. */
static bool read_path(int mount, uint64_t id, struct safe *path)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(id)];
	} h = { .handle.handle_bytes = sizeof(id) };
	char link[64], whole[PATH_MAX], root[PATH_MAX];
	ssize_t n, m;
	int fd;

	h.handle.handle_type = HANDLE_KERNFS;
	memcpy(h.handle.f_handle, &id, sizeof(id));
	fd = open_by_handle_at(mount, &h.handle, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, whole, sizeof(whole));
	close(fd);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", mount);
	m = readlink(link, root, sizeof(root));
	if (n < 0 || m < 0 || m > n || memcmp(whole, root, (size_t)m) != 0)
		return false;
	*path = safe_text(n > m ? whole + m : "/", n > m ? (size_t)(n - m) : 1,
			  0);
	return true;
}

bool cgroup_path(uint64_t id, struct buf *out)
{
	static struct {
		uint64_t id;
		struct safe path;
	} last;
	struct safe path;
	int mount;

	if (last.id != id) {
		mount = open_mount();
		if (mount < 0)
			return false;
		if (read_path(mount, id, &path)) {
			safe_free(&last.path);
			last.path = path;
			last.id = id;
		}
		close(mount);
	}
	if (last.id != id)
		return false;
	buf_puts(out, safe_str(last.path));
	return true;
}
