#include "source/procinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "model/need.h"
#include "model/service.h"
#include "source/walk.h"

/* a line for each of a dozen hierarchies, the path of any is PATH_MAX long */
enum { CGROUP_MAX = 16384 };

/* Up to limit bytes of a file; -1 with errno. */
static int read_file(int dir, const char *name, struct buf *b, size_t limit)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	buf_reset(b);
	if (fd < 0)
		return -1;
	do {
		n = read(fd, buf_reserve(b, limit - b->len), limit - b->len);
		if (n > 0)
			b->len += (size_t)n;
	} while ((n > 0 && b->len < limit) || (n < 0 && errno == EINTR));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int is_the_one(int dir, struct buf *text, uint64_t start)
{
	const char *comm;
	size_t comm_len;
	uint64_t its;

	return !read_file(dir, "stat", text, 1024) && text->len &&
	       !walk_parse_stat(text->data, text->len, &comm, &comm_len,
				&its) && its == start;
}

/* Arguments end with a NUL each; who wrote over them (setproctitle(3)) left
 * more of them, or blanks. */
static void join_arguments(struct buf *b)
{
	while (b->len && (!b->data[b->len - 1] || b->data[b->len - 1] == ' '))
		b->len--;
	for (size_t i = 0; i < b->len; i++)
		if (!b->data[i])
			b->data[i] = ' ';
}

int procinfo_read(struct procinfo *i, int procfs, int32_t pid, uint64_t start,
		  unsigned needs)
{
	struct buf text = { 0 };
	char name[16];
	int dir, result = -1;

	buf_reset(&i->service);
	buf_reset(&i->command);
	snprintf(name, sizeof(name), "%d", pid);
	dir = openat(procfs, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	if (is_the_one(dir, &text, start)) {
		result = 0;
		if (needs & NEED_SERVICE &&
		    !read_file(dir, "cgroup", &text, CGROUP_MAX))
			service_of_file(&i->service, buf_str(&text), text.len);
		if (needs & NEED_COMMAND &&
		    !read_file(dir, "cmdline", &i->command, COMMAND_MAX))
			join_arguments(&i->command);
	}
	buf_free(&text);
	close(dir);
	return result;
}
