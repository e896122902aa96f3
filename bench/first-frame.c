/*
 * first-frame.c - how long until a person sees something
 *
 *	tests/live/in-netns.sh first-frame TULPEN	(./dev bench start)
 *
 * On a host with 20 sockets: from the start of the program on a terminal to
 * the first frame that has rows, and the whole of "tulpen --once".  Medians
 * of 20 runs; the first run warms up and does not count.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 20, PORT = 59990, MARKER_MS = 5000 };
/* a listener whose row is on the first page */
static const char marker[] = ":59990";

static void die(const char *what)
{
	fprintf(stderr, "first-frame: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

/* Two listeners and nine connections of two sockets each. */
static void make_sockets(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int listener = -1;

	for (int i = 1; i >= 0; i--) {
		listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		addr.sin_port = htons(PORT + i);
		if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) ||
		    listen(listener, 16))
			die("listen");
	}
	for (int i = 0; i < 9; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
		    accept4(listener, NULL, NULL, SOCK_CLOEXEC) < 0)
			die("connect");
	}
}

/* Reads what it draws until the marker is there. */
static double await_marker(int pty, double start)
{
	static char text[1 << 20];
	size_t len = 0;

	while (len < sizeof(text) && now_ms() < start + MARKER_MS) {
		ssize_t n = read(pty, text + len, sizeof(text) - len);

		if (n <= 0)
			break;
		len += n;
		if (memmem(text, len, marker, strlen(marker)))
			return now_ms() - start;
	}
	fprintf(stderr, "first-frame: no row with %s on the screen\n", marker);
	exit(1);
}

static double run_screen(const char *program)
{
	const struct winsize size = { .ws_row = 36, .ws_col = 120 };
	double start = now_ms(), took;
	char drop[4096];
	int pty;
	pid_t pid = forkpty(&pty, NULL, NULL, &size);

	if (pid < 0)
		die("forkpty");
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	took = await_marker(pty, start);
	if (write(pty, "q", 1) != 1)
		die("write");
	while (read(pty, drop, sizeof(drop)) > 0)
		;
	close(pty);
	waitpid(pid, NULL, 0);
	return took;
}

static double run_once(const char *program)
{
	double start = now_ms();
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		execl(program, program, "--once", (char *)NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0 || status) {
		fprintf(stderr, "first-frame: --once failed\n");
		exit(1);
	}
	return now_ms() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(const char *what, double (*run)(const char *),
		    const char *program)
{
	double ms[RUNS];

	run(program);
	for (int i = 0; i < RUNS; i++)
		ms[i] = run(program);
	qsort(ms, RUNS, sizeof(ms[0]), by_size);
	printf("%-24s median %6.1f ms   min %6.1f   max %6.1f   (%d runs)\n",
	       what, (ms[RUNS / 2 - 1] + ms[RUNS / 2]) / 2, ms[0],
	       ms[RUNS - 1], RUNS);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: first-frame TULPEN\n");
		return 2;
	}
	make_sockets();
	measure("first frame with rows", run_screen, argv[1]);
	measure("tulpen --once", run_once, argv[1]);
	return 0;
}
