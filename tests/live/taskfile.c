/*
 * taskfile.c - who holds which socket, told by the kernel and by a walk
 *
 *	in-netns.sh taskfile		everything, as TAP
 *	in-netns.sh taskfile why	"works", or what taskfile_new() says
 *	in-netns.sh taskfile hold N	holds N connections over loopback, both
 *					ends, in two processes; prints "ready",
 *					until its stdin ends
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net.h"
#include "source/netns.h"
#include "source/taskfile.h"

enum { PAIRS_MAX = 100000, MANY = 15000 };

struct pair {
	uint64_t inode, start;
	int32_t pid;
	char comm[32];
};

struct pairs {
	struct pair *pair;
	size_t count;
	unsigned steps;
};

static unsigned tests;
static bool failed;
static uint64_t only;		/* the inode of this socket; 0 all */

static void ok(bool holds, const char *what)
{
	printf("%sok %u - %s\n", holds ? "" : "not ", ++tests, what);
	failed |= !holds;
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		die("fstat");
	return st.st_ino;
}

/* ---- what each of the two says ------------------------------------------ */

static bool wanted(void *arg, uint64_t inode)
{
	(void)arg;
	return !only || inode == only;
}

static void found(void *arg, uint64_t inode, int32_t pid, uint64_t start,
		  const char *comm, size_t len)
{
	struct pairs *p = arg;

	if (!wanted(NULL, inode) || p->count == PAIRS_MAX)
		return;
	p->pair[p->count] = (struct pair){
		.inode = inode, .pid = pid, .start = start,
	};
	memcpy(p->pair[p->count++].comm, comm, len < 31 ? len : 31);
}

static int by_all(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct pair));
}

static void sort_once_each(struct pairs *p)
{
	size_t n = 0;

	qsort(p->pair, p->count, sizeof(*p->pair), by_all);
	for (size_t i = 0; i < p->count; i++)
		if (!n || by_all(&p->pair[n - 1], &p->pair[i]))
			p->pair[n++] = p->pair[i];
	p->count = n;
}

static struct pairs new_pairs(void)
{
	struct pairs p = { .pair = calloc(PAIRS_MAX, sizeof(*p.pair)) };

	if (!p.pair)
		die("calloc");
	return p;
}

static struct pairs told(struct taskfile *t, const int32_t *pids, size_t n)
{
	struct pairs p = new_pairs();
	const struct walk_sink sink = { wanted, found, &p };

	if (taskfile_begin(t, pids, n))
		die("taskfile_begin");
	while (taskfile_step(t, &sink, NS_PER_MS / 10))
		p.steps++;
	if (taskfile_report(t)->error)
		p.count = 0;
	sort_once_each(&p);
	return p;
}

static struct pairs walked(void)
{
	struct walk *w = walk_new(&clock_system, "/proc");
	struct pairs p = new_pairs();
	const struct walk_sink sink = { wanted, found, &p };

	walk_begin(w, NULL, 0);
	while (walk_step(w, &sink, NS_PER_MS))
		;
	walk_free(w);
	sort_once_each(&p);
	return p;
}

static bool equal(struct pairs a, struct pairs b, size_t count)
{
	bool same = a.count == b.count && a.count == count &&
		    !memcmp(a.pair, b.pair, a.count * sizeof(*a.pair));

	if (!same)
		printf("# %zu told, %zu walked, %zu expected\n", a.count,
		       b.count, count);
	for (size_t i = 0; !same && i < a.count && i < 5; i++)
		printf("# told %llu %d %s\n",
		       (unsigned long long)a.pair[i].inode, a.pair[i].pid,
		       a.pair[i].comm);
	free(a.pair);
	free(b.pair);
	return same;
}

/* Do both say the same of this socket, that so many hold? */
static bool both_say(struct taskfile *t, uint64_t inode, size_t holders)
{
	only = inode;
	return equal(told(t, NULL, 0), walked(), holders);
}

/* ---- who holds ---------------------------------------------------------- */

/* A process that does this, says so, and stays until it is ended. */
static pid_t fork_to(void (*prepare)(void *arg), void *arg)
{
	int ready[2];
	pid_t child;
	char c;

	if (pipe2(ready, O_CLOEXEC))
		die("pipe");
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prepare(arg);
		if (write(ready[1], "", 1) != 1)
			_exit(99);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		child = -1;		/* it could not */
	close(ready[0]);
	return child;
}

static void end_all(const pid_t *pid, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pid[i] > 0)
			kill(pid[i], SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void nothing(void *arg)
{
	(void)arg;
}

static void odd_name(void *arg)
{
	(void)arg;
	prctl(PR_SET_NAME, "a) R \033[1m\n");
}

static void closes(void *arg)
{
	close(*(int *)arg);
}

static void many(void *arg)
{
	for (int i = 0; i < MANY; i++)
		if (dup(*(int *)arg) < 0)
			die("dup");
}

static void other_net(void *arg)
{
	int *told_inode = arg, fd;

	if (unshare(CLONE_NEWNET))
		_exit(99);
	fd = net_socket(AF_INET);
	if (write(told_inode[1], &(uint64_t){ inode_of(fd) }, 8) != 8)
		_exit(99);
}

static int thread_pipe[2];

static void *hold_alone(void *arg)
{
	uint64_t inode;

	(void)arg;
	if (unshare(CLONE_FILES))
		_exit(99);
	inode = inode_of(net_socket(AF_INET));
	if (write(thread_pipe[1], &inode, sizeof(inode)) != sizeof(inode))
		_exit(99);
	for (;;)
		pause();
	return NULL;
}

static void *hold_together(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void threads(void *arg)
{
	pthread_t id;

	(void)arg;
	for (int i = 0; i < 4; i++)
		if (pthread_create(&id, NULL, hold_together, NULL))
			die("pthread_create");
}

static void thread_alone(void *arg)
{
	pthread_t id;

	(void)arg;
	if (pthread_create(&id, NULL, hold_alone, NULL))
		die("pthread_create");
}

/* ---- the tests ---------------------------------------------------------- */

static void test_forked(struct taskfile *t, int fd)
{
	pid_t a = fork_to(odd_name, NULL), b = fork_to(threads, NULL);
	pid_t c = fork_to(closes, &fd), d = fork_to(nothing, NULL);
	struct pairs p;
	int32_t pids[2] = { b, d }, gone[2];

	ok(both_say(t, inode_of(fd), 4),
	   "forked: the same four processes, names and start times");
	only = inode_of(fd);
	p = told(t, pids, 2);
	ok(p.count == 2 && (p.pair[0].pid == b || p.pair[1].pid == b),
	   "two processes asked for: those two");
	free(p.pair);
	kill(d, SIGKILL);
	waitpid(d, NULL, 0);
	gone[0] = d;
	gone[1] = a;
	p = told(t, gone, 2);
	ok(p.count == 1 && p.pair[0].pid == a,
	   "one of them gone: the other one");
	free(p.pair);
	end_all((pid_t[]){ a, b, c }, 3);
}

static void test_thread(struct taskfile *t)
{
	struct pairs p;
	pid_t child;

	if (pipe(thread_pipe))
		die("pipe");
	child = fork_to(thread_alone, NULL);
	if (read(thread_pipe[0], &only, sizeof(only)) != sizeof(only))
		die("read");
	p = told(t, NULL, 0);
	ok(p.count == 1 && p.pair[0].pid == child,
	   "a thread with descriptors of its own: its process");
	free(p.pair);
	end_all(&child, 1);
}

static void test_elsewhere(struct taskfile *t)
{
	uint64_t inode;
	struct pairs p;
	int fd[2];
	pid_t child;

	if (pipe(fd))
		die("pipe");
	child = fork_to(other_net, fd);
	if (child < 0) {
		ok(true, "another namespace's # SKIP not permitted");
		return;
	}
	if (read(fd[0], &inode, sizeof(inode)) != sizeof(inode))
		die("read");
	only = inode;
	p = told(t, NULL, 0);
	ok(!p.count, "another namespace's socket: not told");
	free(p.pair);
	end_all(&child, 1);
}

static void test_steps(struct taskfile *t, int fd)
{
	pid_t child = fork_to(many, &fd);
	struct pairs p;

	only = inode_of(fd);
	p = told(t, NULL, 0);
	ok(p.count == 2, "15,000 descriptors of it: two processes");
	ok(p.steps >= 3, "in steps");
	printf("# %u steps\n", p.steps);
	free(p.pair);
	end_all(&child, 1);
}

static void test_kinds(struct taskfile *t)
{
	static const struct {
		const char *name;
		int family, type, protocol;
		size_t holders;
	} kinds[] = {
		{ "TCP on IPv6", AF_INET6, SOCK_STREAM, 0, 1 },
		{ "UDP", AF_INET, SOCK_DGRAM, 0, 1 },
		{ "MPTCP", AF_INET, SOCK_STREAM, 262, 1 },
		{ "a unix socket", AF_UNIX, SOCK_STREAM, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		int fd = socket(kinds[i].family, kinds[i].type | SOCK_CLOEXEC,
				kinds[i].protocol);
		struct pairs p;
		char what[64];

		snprintf(what, sizeof(what), "%s: %s", kinds[i].name,
			 fd < 0 ? "# SKIP none here" :
			 kinds[i].holders ? "told" : "not told");
		only = fd < 0 ? 1 : inode_of(fd);
		p = told(t, NULL, 0);
		ok(fd < 0 || p.count == kinds[i].holders, what);
		free(p.pair);
		if (fd >= 0)
			close(fd);
	}
}

/* Pids as that namespace's /proc has them; in a child, whose number is 1. */
static int in_pid_namespace(void)
{
	char why[160];
	struct taskfile *t;
	int fd = net_socket(AF_INET);
	bool refused;
	pid_t child;

	t = taskfile_new(&clock_system, own_netns(), why, sizeof(why));
	refused = !t;		/* /proc still is the other one's */
	taskfile_free(t);
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("proc", "/proc", "proc", 0, NULL))
		return 77;
	t = taskfile_new(&clock_system, own_netns(), why, sizeof(why));
	if (!t) {
		printf("# %s\n", why);
		return 1;
	}
	child = fork_to(nothing, NULL);
	return refused && both_say(t, inode_of(fd), 2) && child == 2 ? 0 : 1;
}

static void test_pid_namespace(void)
{
	pid_t helper = fork();
	int status = -1;

	fflush(stdout);
	if (!helper) {
		pid_t init;

		if (unshare(CLONE_NEWPID))
			_exit(77);
		init = fork();
		if (!init) {
			int code = in_pid_namespace();

			fflush(stdout);
			_exit(code);
		}
		waitpid(init, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
	}
	waitpid(helper, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		ok(true, "pid namespace # SKIP not permitted");
	else
		ok(status == 0, "in a pid namespace: the numbers of its /proc, "
		   "and of no other");
}

static int check(void)
{
	char why[160];
	struct taskfile *t = taskfile_new(&clock_system, own_netns(), why,
					  sizeof(why));
	int fd = net_listen(AF_INET, "127.0.0.1", 6500, 8);

	if (!t) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	test_forked(t, fd);
	test_thread(t);
	test_elsewhere(t);
	test_steps(t, fd);
	test_kinds(t);
	taskfile_free(t);
	test_pid_namespace();
	printf("1..%u\n", tests);
	return failed;
}

static int say_why(void)
{
	char why[160];
	struct taskfile *t = taskfile_new(&clock_system, own_netns(), why,
					  sizeof(why));

	puts(t ? "works" : why);
	taskfile_free(t);
	return 0;
}

static int hold(int count)
{
	int listener = net_listen(AF_INET, "127.0.0.1", 6501, 8);
	char c;

	while (count--) {
		net_connect(AF_INET, "127.0.0.1", 6501);
		net_accept(listener);
	}
	if (fork_to(nothing, NULL) < 0)
		die("fork");
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && !strcmp(argv[1], "hold"))
		return hold(atoi(argv[2]));
	if (argc > 1)
		return strcmp(argv[1], "why") ? 99 : say_why();
	return check();
}
