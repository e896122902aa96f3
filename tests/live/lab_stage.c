#include "lab_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

enum { ACTORS_MAX = 64, GROUPS_MAX = 4 };

static const char host_links[] =
	"link set lo up\n"
	"addr add " HOST "/32 dev host0\n"
	"link set host0 up\n"
	"route add default via 10.0.0.1 dev host0 onlink src " HOST "\n";

/* Every address of these is the world's; the last one is nobody's. */
static const char world_links[] =
	"link set lo up\n"
	"addr add 10.0.0.1/32 dev world0\n"
	"link set world0 up\n"
	"route add " HOST " dev world0\n"
	"route add local 193.233.7.0/24 dev lo\n"
	"route add local 198.51.100.0/24 dev lo\n"
	"route add local 203.0.113.0/24 dev lo\n"
	"route add blackhole 203.0.113.77 table local\n";

static int namespaces[2] = { -1, -1 };
static pid_t builder;
static pid_t actors[ACTORS_MAX];
static int actor_count;
static int ready_pipe = -1;
static char groups[GROUPS_MAX + 1][PATH_MAX];	/* made, in this order */
static int group_count;

/* ---- commands ---- */

/* Text to a command's stdin, on one side; 77 if it does not like it. */
static void feed(enum side side, const char *command, const char *text)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		FILE *to;

		if (setns(namespaces[side], CLONE_NEWNET))
			die("setns");
		to = popen(command, "w");
		if (!to || fputs(text, to) == EOF)
			_exit(99);
		_exit(pclose(to) ? 77 : 0);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	if (status) {
		fprintf(stderr, "lab: %s: refused\n", command);
		exit(77);
	}
}

void lab_rules(enum side side, const char *text)
{
	feed(side, "nft -f -", text);
}

void lab_sysctl(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die(path);
	close(fd);
}

/* ---- the stage ---- */

static int new_namespace(void)
{
	int fd;

	if (unshare(CLONE_NEWNET)) {
		perror("lab: unshare");
		exit(77);
	}
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("/proc/self/ns/net");
	return fd;
}

void stage_build(void)
{
	char link[128];

	builder = getpid();
	namespaces[IN_WORLD] = new_namespace();
	namespaces[ON_HOST] = new_namespace();
	snprintf(link, sizeof(link), "link add host0 type veth peer name world0 "
		 "netns /proc/%d/fd/%d\n", (int)builder, namespaces[IN_WORLD]);
	feed(ON_HOST, "ip -batch -", link);
	feed(ON_HOST, "ip -batch -", host_links);
	feed(IN_WORLD, "ip -batch -", world_links);
	lab_sysctl("conf/all/rp_filter", "0");
	lab_sysctl("conf/host0/rp_filter", "0");
}

void stage_clear(void)
{
	if (getpid() != builder)
		return;
	for (int i = 0; i < actor_count; i++)
		kill(actors[i], SIGKILL);
	for (int i = 0; i < actor_count; i++)
		waitpid(actors[i], NULL, 0);
	while (group_count)
		rmdir(groups[--group_count]);
}

/* ---- control groups ---- */

static bool make_group(const char *parent, const char *name)
{
	char *path = groups[group_count];

	if (group_count > GROUPS_MAX ||
	    snprintf(path, PATH_MAX, "%s/%s", parent, name) >= PATH_MAX ||
	    mkdir(path, 0755))
		return false;
	group_count++;
	return true;
}

/* Our directory among the control groups: of the second version, where it is
 * mounted and we may. */
static bool first_group(void)
{
	FILE *mounts = setmntent("/proc/mounts", "re");
	struct mntent *m;
	char name[32];

	if (!mounts)
		return false;
	snprintf(name, sizeof(name), "tulpen-lab-%d", (int)builder);
	while (!group_count && (m = getmntent(mounts)))
		if (!strcmp(m->mnt_type, "cgroup2"))
			make_group(m->mnt_dir, name);
	endmntent(mounts);
	return group_count;
}

/* ---- actors ---- */

void actor_ready(void)
{
	if (ready_pipe >= 0 && write(ready_pipe, "", 1) != 1)
		_exit(99);
	close(ready_pipe);
	ready_pipe = -1;
}

/* In the process of its own. */
static void act(const char *name, enum side side, const char *group,
		void (*play)(int arg), int arg)
{
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != builder)
		_exit(0);
	prctl(PR_SET_NAME, name);
	if (setns(namespaces[side], CLONE_NEWNET))
		die("setns");
	if (group) {
		int fd = open(group, O_WRONLY | O_CLOEXEC);

		if (fd < 0 || write(fd, "0", 1) != 1)
			die(group);
		close(fd);
	}
	play(arg);
	for (;;)
		pause();
}

static void start_actor(const char *name, enum side side, const char *group,
			void (*play)(int arg), int arg)
{
	int fds[2];
	pid_t pid;
	char c;

	if (actor_count == ACTORS_MAX || pipe2(fds, O_CLOEXEC))
		die("an actor");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		close(fds[0]);
		ready_pipe = fds[1];
		/* whoever reads what we say is not kept waiting by them */
		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		act(name, side, group, play, arg);
	}
	close(fds[1]);
	actors[actor_count++] = pid;
	if (read(fds[0], &c, 1) != 1) {
		fprintf(stderr, "lab: %s: not ready\n", name);
		exit(99);
	}
	close(fds[0]);
	printf("%s %d\n", name, (int)pid);
}

void actor(const char *name, enum side side, void (*play)(int arg), int arg)
{
	start_actor(name, side, NULL, play, arg);
}

void actor_service(const char *name, void (*play)(int arg), int arg)
{
	char unit[32], procs[PATH_MAX + 16];

	snprintf(unit, sizeof(unit), "%s.service", name);
	if ((!group_count && !first_group()) || !make_group(groups[0], unit)) {
		actor(name, ON_HOST, play, arg);
		return;
	}
	snprintf(procs, sizeof(procs), "%s/cgroup.procs",
		 groups[group_count - 1]);
	start_actor(name, ON_HOST, procs, play, arg);
}
