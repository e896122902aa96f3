/*
 * test_walk.c - who holds which socket, in made-up trees and in this process
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"
#include "source/walk.h"
#include "source/walktext.h"

/* from the state on: fields 3 to 24 */
#define STAT_REST	" S 1 10 10 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 "

struct pair {
	uint64_t inode, start;
	int32_t pid;
	char comm[64];
	size_t comm_len;
};

static char dir[4096];
static struct pair pairs[64];
static size_t pair_count;
static uint64_t only;		/* inode wanted; 0 all */
static size_t asked;

static bool wanted(void *arg, uint64_t inode)
{
	(void)arg;
	asked++;
	return !only || inode == only;
}

static void found(void *arg, uint64_t inode, int32_t pid, uint64_t start,
		  const char *comm, size_t comm_len)
{
	struct pair *p = &pairs[pair_count++ % 64];

	(void)arg;
	*p = (struct pair){
		.inode = inode, .pid = pid, .start = start,
		.comm_len = comm_len,
	};
	memcpy(p->comm, comm, comm_len < 63 ? comm_len : 63);
}

static const struct walk_sink sink = { .wanted = wanted, .found = found };

static int setup(void **state)
{
	temp_make(dir);
	pair_count = asked = 0;
	only = 0;
	*state = walk_new(&clock_system, dir);
	return 0;
}

static int teardown(void **state)
{
	walk_free(*state);
	temp_remove(dir);
	return 0;
}

static void add_fd(int pid, int fd, const char *target)
{
	char path[8192];

	snprintf(path, sizeof(path), "%s/%d/fd/%d", dir, pid, fd);
	if (symlink(target, path))
		fail_msg("%s: %s", path, strerror(errno));
}

/* A process with one descriptor. */
static void add_process(int pid, const char *comm, unsigned start,
			const char *link)
{
	char name[64], text[256];

	snprintf(name, sizeof(name), "%d/fd/x", pid);
	temp_write(dir, name, "", 0);
	snprintf(name, sizeof(name), "%d/stat", pid);
	snprintf(text, sizeof(text), "%d (%s)" STAT_REST "%u 0 0\n", pid, comm,
		 start);
	temp_write(dir, name, text, strlen(text));
	if (link)
		add_fd(pid, 0, link);
}

static const struct walk_report *walk_all(struct walk *w)
{
	walk_begin(w, NULL, 0);
	while (walk_step(w, &sink, 0))
		;
	return walk_report(w);
}

static const struct pair *pair_of(int32_t pid, uint64_t inode)
{
	size_t i;

	for (i = 0; i < pair_count; i++)
		if (pairs[i].pid == pid && pairs[i].inode == inode)
			return &pairs[i];
	fail_msg("%d does not hold %llu", pid, (unsigned long long)inode);
	return NULL;
}

/* ---- the parsers ---- */

static void check_stat(const char *comm)
{
	char text[256];
	const char *got;
	size_t len;
	uint64_t start;

	snprintf(text, sizeof(text), "42 (%s)" STAT_REST "987654321 0\n", comm);
	assert_int_equal(walk_parse_stat(text, strlen(text), &got, &len,
					 &start), 0);
	assert_int_equal(len, strlen(comm));
	assert_memory_equal(got, comm, len);
	assert_int_equal(start, 987654321);
}

static void test_stat(void **state)
{
	const char *got;
	uint64_t start;
	size_t len, n;
	char text[] = "42 (a) b)" STAT_REST "18446744073709551615 0\n";

	(void)state;
	check_stat("nginx");
	check_stat("a) b");
	check_stat(")(");
	check_stat("a) S 1 2 3");
	check_stat("\033[31m\n\xff\xc3");
	check_stat("");
	check_stat("((((((");
	assert_int_equal(walk_parse_stat(text, strlen(text), &got, &len,
					 &start), 0);
	assert_true(start == UINT64_MAX);
	assert_int_equal(walk_parse_stat("1 (a)" STAT_REST "12x 0", strlen(
			 "1 (a)" STAT_REST "12x 0"), &got, &len, &start), -1);
	/* cut anywhere before the end of the start time */
	for (n = 0; n < sizeof(text) - 4; n++) {
		char *copy = malloc(n ? n : 1);

		memcpy(copy, text, n);
		assert_int_equal(walk_parse_stat(copy, n, &got, &len, &start),
				 -1);
		walktext_may_hold(copy, n);
		free(copy);
	}
}

static void test_may_hold(void **state)
{
	static const char kthread[] = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0";
	static const char zombie[] = "9 (x) Z 1 9 9 0 -1 4227148 0";
	static const char daemon[] = "9 (x) S 1 9 9 0 -1 4194560 0";

	(void)state;
	assert_false(walktext_may_hold(kthread, strlen(kthread)));
	assert_false(walktext_may_hold(zombie, strlen(zombie)));
	assert_true(walktext_may_hold(daemon, strlen(daemon)));
	assert_true(walktext_may_hold("what?", 5));
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(walktext_socket("socket:[123]", 12), 123);
	assert_true(walktext_socket("socket:[4294967299]", 19) ==
		    UINT64_C(4294967299));
	assert_int_equal(walktext_socket("socket:[123", 11), 0);
	assert_int_equal(walktext_socket("socket:[]", 9), 0);
	assert_int_equal(walktext_socket("socket:[12]x", 12), 0);
	assert_int_equal(walktext_socket("socket:[", 8), 0);
	assert_int_equal(walktext_socket("pipe:[123]", 10), 0);
	assert_int_equal(walktext_socket("", 0), 0);
	assert_int_equal(walktext_pid("1"), 1);
	assert_int_equal(walktext_pid("2147483647"), 2147483647);
	assert_int_equal(walktext_pid("2147483648"), 0);
	assert_int_equal(walktext_pid("self"), 0);
	assert_int_equal(walktext_pid("12a"), 0);
	assert_int_equal(walktext_pid(""), 0);
}

static bool hides(const char *text)
{
	return walktext_hidepid(text, strlen(text), 0, 21);
}

static void test_hidepid(void **state)
{
	(void)state;
#define MOUNT(nr, type, options) \
	"22 28 " nr " / /proc rw,nosuid shared:12 - " type " proc " options "\n"
	assert_false(hides(MOUNT("0:21", "proc", "rw")));
	assert_true(hides(MOUNT("0:21", "proc", "rw,hidepid=2")));
	assert_true(hides(MOUNT("0:21", "proc", "rw,hidepid=invisible,gid=4")));
	assert_true(hides(MOUNT("0:21", "proc", "rw,hidepid=4")));
	assert_true(hides(MOUNT("0:21", "proc", "rw,hidepid=ptraceable")));
	/* those show what they refuse */
	assert_false(hides(MOUNT("0:21", "proc", "rw,hidepid=1")));
	assert_false(hides(MOUNT("0:21", "proc", "rw,hidepid=noaccess")));
	/* somebody else's */
	assert_false(hides(MOUNT("0:22", "proc", "rw,hidepid=2")));
	assert_false(hides(MOUNT("0:21", "tmpfs", "rw,hidepid=2")));
	assert_true(hides(MOUNT("0:5", "devtmpfs", "rw")
			  MOUNT("0:21", "proc", "rw,hidepid=2")));
	assert_false(hides(""));
	assert_false(hides("\n\n - \n22 28 0:21"));
}

/* ---- made-up trees ---- */

static void test_tree(void **state)
{
	const struct walk_report *r;

	add_process(10, "nginx", 111, "socket:[500]");
	add_fd(10, 1, "/dev/null");
	add_fd(10, 2, "socket:[501]");
	add_fd(10, 3, "pipe:[500]");
	add_process(11, "a) b", 222, "socket:[500]");
	add_process(12, "none", 333, "/dev/null");
	temp_write(dir, "self/stat", "", 0);
	temp_write(dir, "13x/stat", "", 0);
	r = walk_all(*state);
	assert_int_equal(r->processes, 3);
	assert_int_equal(r->hidden, 0);
	assert_int_equal(r->error, 0);
	assert_false(r->hidepid);
	assert_int_equal(pair_count, 3);
	assert_string_equal(pair_of(10, 500)->comm, "nginx");
	assert_int_equal(pair_of(10, 501)->start, 111);
	assert_string_equal(pair_of(11, 500)->comm, "a) b");
	assert_int_equal(pair_of(11, 500)->start, 222);
}

static void test_only_wanted(void **state)
{
	add_process(10, "nginx", 111, "socket:[500]");
	add_fd(10, 2, "socket:[501]");
	only = 501;
	walk_all(*state);
	assert_int_equal(asked, 2);
	assert_int_equal(pair_count, 1);
	assert_int_equal(pairs[0].inode, 501);
	/* and again from the start, given up half way */
	walk_begin(*state, NULL, 0);
	walk_step(*state, &sink, 0);
	pair_count = 0;
	walk_all(*state);
	assert_int_equal(pair_count, 1);
}

/* Some processes, one of them gone: no other is looked at. */
static void test_some_processes(void **state)
{
	static const int32_t pids[] = { 12, 99, 10 };

	add_process(10, "ten", 1, "socket:[500]");
	add_process(11, "eleven", 1, "socket:[501]");
	add_process(12, "twelve", 1, "socket:[502]");
	walk_begin(*state, pids, 3);
	while (walk_step(*state, &sink, 0))
		;
	assert_int_equal(asked, 2);
	assert_int_equal(pair_count, 2);
	assert_int_equal(pairs[0].pid, 12);
	assert_int_equal(pairs[1].pid, 10);
	assert_int_equal(walk_report(*state)->hidden, 0);
	/* none is not all */
	walk_begin(*state, pids, 0);
	assert_false(walk_step(*state, &sink, 0));
}

/* Dead between readdir and stat, or odd: quiet. */
static void test_dying(void **state)
{
	const struct walk_report *r;
	char path[8192];

	add_process(10, "gone", 1, "socket:[500]");
	snprintf(path, sizeof(path), "%s/10/stat", dir);
	unlink(path);
	add_process(11, "odd", 1, "socket:[501]");
	temp_write(dir, "11/stat", "11 (cut", 7);
	add_process(12, "empty", 1, "socket:[502]");
	temp_write(dir, "12/stat", "", 0);
	temp_write(dir, "13/stat", "13 (no fd) S", 12);
	add_process(14, "well", 9, "socket:[503]");
	r = walk_all(*state);
	assert_int_equal(r->hidden, 0);
	assert_int_equal(r->error, 0);
	assert_int_equal(pair_count, 1);
	assert_int_equal(pairs[0].pid, 14);
}

/* A pid used again while its descriptors are read: /proc/PID as it was when
 * it was opened is what counts. */
static void test_reused_pid(void **state)
{
	char from[8192], to[8192];
	int i;

	add_process(10, "old", 111, NULL);
	for (i = 0; i < 100; i++)
		add_fd(10, i, "socket:[500]");
	walk_begin(*state, NULL, 0);
	while (!asked)
		assert_true(walk_step(*state, &sink, 0));
	snprintf(from, sizeof(from), "%s/10", dir);
	snprintf(to, sizeof(to), "%s/old", dir);
	assert_int_equal(rename(from, to), 0);
	add_process(10, "new", 222, "socket:[999]");
	while (walk_step(*state, &sink, 0))
		;
	assert_true(pair_count >= 1);
	for (i = 0; i < (int)pair_count; i++)
		if (pairs[i].inode == 500) {
			assert_string_equal(pairs[i].comm, "old");
			assert_int_equal(pairs[i].start, 111);
		}
}

static void test_many_fds(void **state)
{
	enum { MANY = 100000 };
	const struct walk_report *r;
	char target[64];
	int i, steps = 0;

	add_process(10, "many", 1, NULL);
	for (i = 0; i < MANY; i++) {
		snprintf(target, sizeof(target), "socket:[%d]", 1000 + i);
		add_fd(10, i, target);
	}
	walk_begin(*state, NULL, 0);
	while (walk_step(*state, &sink, 0))
		steps++;
	r = walk_report(*state);
	assert_int_equal(r->processes, 1);
	assert_int_equal(asked, MANY);
	assert_int_equal(pair_count, MANY);
	/* each step with no time is a small one, reading and telling */
	assert_true(steps >= 2 * MANY / 16);
}

static void test_no_procfs(void **state)
{
	struct walk *w = walk_new(&clock_system, "/nonexistent");

	(void)state;
	assert_int_equal(walk_all(w)->error, ENOENT);
	walk_free(w);
}

/* ---- the real thing ---- */

static uint64_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

/* One socket, held by this process and by its child. */
static void test_fork(void **state)
{
	int fd[2], end[2];
	struct walk *w = walk_new(&clock_system, "/proc");
	pid_t child;
	char c;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(pipe(end), 0);
	child = fork();
	if (!child) {
		close(end[1]);
		_exit(read(end[0], &c, 1) != 0);
	}
	only = inode_of(fd[0]);
	walk_all(w);
	assert_int_equal(pair_of(getpid(), only)->start > 0, 1);
	assert_true(pair_of(child, only)->start >=
		    pair_of(getpid(), only)->start);
	assert_int_equal(pair_count, 2);
	close(end[1]);
	close(end[0]);
	waitpid(child, NULL, 0);
	close(fd[0]);
	close(fd[1]);
	walk_free(w);
}

/* As an ordinary user: others' processes are counted, kernel threads not. */
static void hidden_as_nobody(void)
{
	struct walk *w = walk_new(&clock_system, "/proc");
	const struct walk_report *r;

	if (setgid(65534) || setuid(65534))
		_exit(0);
	r = walk_all(w);
	_exit(r->hidden > 0 && r->hidden < 10000 && r->error == 0 ? 0 : 1);
}

static void test_hidden(void **state)
{
	int status;
	pid_t child;

	(void)state;
	if (getuid() != 0)
		return;		/* nobody whose processes are hidden is sure */
	child = fork();
	if (!child)
		hidden_as_nobody();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_no_descriptors(void **state)
{
	struct walk *w = walk_new(&clock_system, "/proc");
	struct rlimit old, low;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	walk_begin(w, NULL, 0);
	low = old;
	low.rlim_cur = 4;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	while (walk_step(w, &sink, 0))
		;
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(walk_report(w)->error, EMFILE);
	assert_int_equal(walk_report(w)->hidden, 0);
	walk_free(w);
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_may_hold),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hidepid),
		TEST(test_tree),
		TEST(test_only_wanted),
		TEST(test_some_processes),
		TEST(test_dying),
		TEST(test_reused_pid),
		TEST(test_many_fds),
		TEST(test_no_procfs),
		TEST(test_fork),
		TEST(test_hidden),
		TEST(test_no_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
