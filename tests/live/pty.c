/*
 * pty.c - tulpen on a pseudo terminal that behaves badly
 *
 * Odd sizes, a terminal that stops reading or goes away, stops and storms of
 * signals.  What the screen says is not looked at here (smoke.sh does that):
 * it must stay alive, idle, answer keys, and end the way it is told to.
 *
 * In the environment: TULPEN, the program; RESIZES and STORM_SECONDS for
 * longer runs.  An argument: a pattern of the tests to run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define TAKES_LONG	15000		/* ms; far above what is expected */
#define ESC		"\033"
#define CTRL_L		"\014"

static int master = -1;
static pid_t pid;
/* the newest output */
static char seen[1 << 16];
static size_t seen_len;

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static long number_from(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? atol(text) : otherwise;
}

/* ---- the terminal ---- */

static void resize(int width, int height)
{
	const struct winsize w = { .ws_col = width, .ws_row = height };

	assert_int_equal(ioctl(master, TIOCSWINSZ, &w), 0);
}

static _Noreturn void be_tulpen(char *const *argv, const char *tty)
{
	const struct rlimit no_core = { 0, 0 };
	int fd;

	setsid();
	fd = open(tty, O_RDWR);
	if (fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
		_exit(99);
	if (fd > 2)
		close(fd);
	setrlimit(RLIMIT_CORE, &no_core);
	setenv("TERM", "xterm-256color", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	execv(argv[0], argv);
	_exit(127);
}

static void start(int width, int height, const char *delay)
{
	const char *program = getenv("TULPEN");
	char *argv[] = { (char *)(program ? program : "./tulpen"), "-d",
			 (char *)delay, NULL };
	char tty[64];

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(master >= 0);
	assert_int_equal(grantpt(master) || unlockpt(master), 0);
	assert_int_equal(ptsname_r(master, tty, sizeof(tty)), 0);
	resize(width, height);
	seen_len = 0;
	pid = fork();
	if (!pid)
		be_tulpen(argv, tty);
	assert_true(pid > 0);
}

/* Reads for at most ms, until there is nothing new for `quiet` ms. */
static void drain(int ms, int quiet)
{
	int64_t end = now_ms() + ms;

	for (;;) {
		struct pollfd p = { .fd = master, .events = POLLIN };
		int64_t left = end - now_ms();
		ssize_t n;

		if (left <= 0 || poll(&p, 1, left < quiet ? left : quiet) <= 0)
			return;
		/* keep the newer half */
		if (seen_len > sizeof(seen) / 2) {
			memmove(seen, seen + seen_len / 2,
				seen_len - seen_len / 2);
			seen_len -= seen_len / 2;
		}
		n = read(master, seen + seen_len, sizeof(seen) - seen_len);
		if (n <= 0)
			return;
		seen_len += n;
	}
}

static void press(const char *keys)
{
	assert_int_equal(write(master, keys, strlen(keys)), strlen(keys));
}

/* Waits until the text is in what came since seen_len was 0. */
static void await(const char *text)
{
	int64_t end = now_ms() + TAKES_LONG;

	while (!memmem(seen, seen_len, text, strlen(text))) {
		if (now_ms() > end)
			fail_msg("\"%s\" does not come", text);
		drain(100, 10);
	}
}

/* It is there: a whole frame on demand, then a page that a key opens. */
static void answers(void)
{
	drain(1000, 50);
	seen_len = 0;
	press(CTRL_L);
	await("tulpen");
	press("?");
	await("Esc");
	press(ESC);
	drain(1000, 100);
}

/* ---- the process ---- */

static bool ended(int *status, int ms)
{
	int64_t end = now_ms() + ms;
	pid_t got;

	while (!(got = waitpid(pid, status, WNOHANG))) {
		if (now_ms() > end)
			return false;
		usleep(5000);
	}
	assert_int_equal(got, pid);
	pid = 0;
	return true;
}

static void ends_by(int sig)
{
	int status;

	if (!ended(&status, TAKES_LONG))
		fail_msg("it does not end");
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), sig);
}

static void quits(void)
{
	int status;

	press("q");
	/* the last bytes have to go somewhere */
	for (int i = 0; i < 50 && !ended(&status, 20); i++)
		drain(100, 10);
	if (pid)
		fail_msg("it does not quit");
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static long cpu_ms_of(pid_t of)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;
	FILE *f;
	char *p;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)of);
	f = fopen(path, "r");
	if (!f)
		return 0;
	p = fgets(text, sizeof(text), f) ? strrchr(text, ')') : NULL;
	fclose(f);
	if (p)
		sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		       "%lu %lu", &user, &system);
	return (user + system) * 1000 / sysconf(_SC_CLK_TCK);
}

/* It works less than a third of the time: no loop without a wait. */
static void is_idle_for(int ms, bool reading)
{
	long before = cpu_ms_of(pid);
	int64_t end = now_ms() + ms;

	while (now_ms() < end) {
		if (reading)
			drain(50, 50);
		else
			usleep(50000);
	}
	assert_true(cpu_ms_of(pid) - before < ms / 3);
}

static bool has_children(void)
{
	char path[64], text[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	f = fopen(path, "r");
	if (f && !fgets(text, sizeof(text), f))
		text[0] = '\0';
	if (f)
		fclose(f);
	return text[0];
}

static int teardown(void **state)
{
	(void)state;
	if (pid) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		pid = 0;
	}
	if (master >= 0)
		close(master);
	master = -1;
	return 0;
}

/* ---- sizes ---- */

static const struct {
	int width, height;
} sizes[] = {
	{ 1, 1 }, { 1, 500 }, { 500, 1 }, { 0, 0 }, { 1000, 1000 }, { 2, 3 },
	{ 39, 7 }, { 40, 8 }, { 0, 24 }, { 80, 0 },
};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static void starts_in_any_size(void **state)
{
	for (int i = 0; i < SIZES; i++) {
		start(sizes[i].width, sizes[i].height, "1");
		drain(2000, 50);
		assert_int_equal(kill(pid, 0), 0);
		resize(80, 24);
		answers();
		quits();
		teardown(state);
	}
}

static void becomes_any_size(void **state)
{
	(void)state;
	start(80, 24, "0.1");
	answers();
	for (int i = 0; i < 2 * SIZES; i++) {
		resize(sizes[i % SIZES].width, sizes[i % SIZES].height);
		drain(1000, 30);
		press("?j\t");
		drain(1000, 30);
		press(ESC);
		drain(1000, 60);
	}
	resize(80, 24);
	answers();
	quits();
}

static void random_sizes(void **state)
{
	long n = number_from("RESIZES", 1000);

	(void)state;
	srandom(7);
	start(80, 24, "0.1");
	answers();
	while (n--) {
		bool large = random() % 50 == 0;

		resize(1 + random() % (large ? 1000 : 160),
		       1 + random() % (large ? 300 : 50));
		if (random() % 8 == 0)
			press("\tjs");
		drain(20, 1);
	}
	resize(80, 24);
	answers();
	quits();
}

/* ---- terminals that do not read, or are no more ---- */

static void is_idle_when_nothing_happens(void **state)
{
	(void)state;
	start(120, 40, "0.5");
	answers();
	is_idle_for(2000, true);
	quits();
}

static void closed_terminal_ends_it(void **state)
{
	(void)state;
	start(120, 40, "0.1");
	answers();
	close(master);
	master = -1;
	ends_by(SIGHUP);
}

/* Fills what the terminal takes in: from then on it is not read. */
static void stop_reading(void)
{
	for (int i = 0; i < 40; i++) {
		resize(100 + i, 40 + i);
		usleep(10000);
	}
}

static void slow_reader_costs_nothing(void **state)
{
	(void)state;
	start(120, 40, "0.1");
	answers();
	stop_reading();
	is_idle_for(1000, false);
	/* and it goes on as if nothing had been */
	answers();
	is_idle_for(500, true);
	quits();
}

static void ends_though_nobody_reads(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };

	for (size_t i = 0; i < 4; i++) {
		start(120, 40, "0.1");
		answers();
		stop_reading();
		kill(pid, signals[i]);
		ends_by(signals[i]);
		teardown(state);
	}
	/* and when the terminal goes away */
	start(120, 40, "0.1");
	answers();
	stop_reading();
	close(master);
	master = -1;
	ends_by(SIGHUP);
}

/* ---- work ---- */

/* Whatever has to be read meanwhile. */
static void keys_are_answered(void **state)
{
	int64_t end, pressed, took, worst = 0;

	(void)state;
	start(80, 24, "0.1");
	await("tulpen");
	for (end = now_ms() + 1500; now_ms() < end;) {
		drain(30, 5);
		seen_len = 0;
		pressed = now_ms();
		press("?");
		await("Esc");
		took = now_ms() - pressed;
		if (took > worst)
			worst = took;
		/* not Esc, which with the next key may be one of Alt */
		press("q");
		drain(100, 40);
	}
	print_message("# at worst after %d ms\n", (int)worst);
	assert_true(worst < 250);
	quits();
}

/* ---- signals ---- */

static bool has_plain_modes(void)
{
	struct termios t;

	assert_int_equal(tcgetattr(master, &t), 0);
	return (t.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO);
}

static void stops_and_goes_on(void **state)
{
	int status;

	(void)state;
	start(80, 24, "0.1");
	answers();
	assert_false(has_plain_modes());
	for (int i = 0; i < 100; i++) {
		kill(pid, SIGTSTP);
		/* what it writes before it stops must not hold it up */
		while (waitpid(pid, &status, WUNTRACED | WNOHANG) != pid)
			drain(20, 1);
		assert_true(WIFSTOPPED(status));
		assert_true(has_plain_modes());
		resize(40 + i * 7 % 120, 10 + i * 3 % 40);
		kill(pid, SIGCONT);
		drain(20, 2);
	}
	answers();
	assert_false(has_plain_modes());
	quits();
	assert_true(has_plain_modes());
}

/* Stopped by what nobody can answer. */
static void goes_on_after_sigstop(void **state)
{
	int status;

	(void)state;
	start(80, 24, "0.1");
	answers();
	for (int i = 0; i < 20; i++) {
		kill(pid, SIGSTOP);
		assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
		resize(40 + i * 7, 10 + i);
		kill(pid, SIGCONT);
		drain(20, 2);
	}
	answers();
	quits();
}

static void bears_a_storm(void **state)
{
	static const int signals[] = { SIGWINCH, SIGUSR1, SIGALRM, SIGUSR2,
				       SIGPIPE, SIGCHLD, SIGCONT, SIGURG };
	int64_t end = now_ms() + 1000 * number_from("STORM_SECONDS", 2);
	unsigned n = 0;

	(void)state;
	start(80, 24, "0.1");
	answers();
	while (now_ms() < end) {
		assert_int_equal(kill(pid, signals[n++ % 8]), 0);
		if (n % 16 == 0)
			drain(20, 0);
	}
	print_message("# %u signals\n", n);
	answers();
	assert_false(has_children());
	is_idle_for(1000, true);
	quits();
}

/* ---- printing ---- */

/* Its stdout is a pipe that nobody waits at; how to read from it. */
static int start_batch(char *const *argv, bool has_stdin)
{
	const char *program = getenv("TULPEN");
	int fd[2];

	assert_int_equal(pipe2(fd, O_CLOEXEC | O_NONBLOCK), 0);
	fcntl(fd[1], F_SETPIPE_SZ, 4096);
	pid = fork();
	if (!pid) {
		if (dup2(fd[1], 1) < 0)
			_exit(99);
		if (!has_stdin)
			close(0);
		execv(program ? program : "./tulpen", argv);
		_exit(127);
	}
	assert_true(pid > 0);
	close(fd[1]);
	return fd[0];
}

/* Each sample once, and none in between. */
static void batch_bears_a_storm(void **state)
{
	char *argv[] = { "tulpen", "-b", "--samples", "10", "-d", "0.1",
			 "--format", "json", "-s", NULL };
	int fd = start_batch(argv, true), lines = 0, status;
	char c;

	(void)state;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		kill(pid, SIGWINCH);
		kill(pid, SIGSTOP);
		kill(pid, SIGCONT);
		usleep(500);
		while (read(fd, &c, 1) == 1)
			lines += c == '\n';
	}
	pid = 0;
	while (read(fd, &c, 1) == 1)
		lines += c == '\n';
	close(fd);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) <= 1);
	assert_int_equal(lines, 10);
}

/* A pipe that is full is waited for, not given up. */
static void batch_waits_for_a_slow_reader(void **state)
{
	char procfs[4096];
	char *argv[] = { "tulpen", "--once", "--format", "json", "--procfs",
			 procfs, NULL };
	const char *srcdir = getenv("srcdir");
	int fd, status;
	char part[512], last = 0;
	size_t all = 0;
	ssize_t n;

	(void)state;
	snprintf(procfs, sizeof(procfs), "%s/tests/fixture/proc-le",
		 srcdir ? srcdir : ".");
	fd = start_batch(argv, true);
	while ((n = read(fd, part, sizeof(part)))) {
		if (n < 0) {
			assert_int_equal(errno, EAGAIN);
			usleep(1000);
			continue;
		}
		all += n;
		last = part[n - 1];
		usleep(1000);
	}
	close(fd);
	assert_true(ended(&status, TAKES_LONG));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
	assert_true(all > 8192);
	assert_int_equal(last, '\n');
}

static void batch_is_idle_without_stdin(void **state)
{
	char *argv[] = { "tulpen", "-b", "-s", "-d", "0.5", NULL };
	int fd = start_batch(argv, false);

	(void)state;
	is_idle_for(1000, false);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	kill(pid, SIGTERM);
	ends_by(SIGTERM);
	close(fd);
}

/* ---- the clipboard ---- */

/* What an OSC 52 on the wire copies, decoded; nothing else may be in it. */
static const char *copied(void)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char begin[] = ESC "]52;c;";
	static char text[8192];
	size_t n = 0;
	unsigned bits = 0, have = 0;
	const char *p;

	await(begin);
	await("\a");
	p = memmem(seen, seen_len, begin, strlen(begin));
	for (p += strlen(begin); p < seen + seen_len && *p != '\a'; p++) {
		const char *d = strchr(digit, *p);

		if (*p == '=')
			continue;
		assert_true(d && *d && n + 1 < sizeof(text));
		bits = bits << 6 | (unsigned)(d - digit);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		text[n++] = (char)(bits >> have & 0xff);
	}
	assert_true(p < seen + seen_len);
	text[n] = '\0';
	return text;
}

static void copies_to_the_clipboard(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *text;

	(void)state;
	/* so that there is a line */
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	start(100, 30, "0.5");
	await("LISTEN");
	drain(1000, 100);
	seen_len = 0;
	press("Y");
	text = copied();
	assert_string_equal(text, "ss -tanp");
	press(ESC);
	drain(1000, 100);
	press("l");
	drain(1000, 100);
	seen_len = 0;
	press("y");
	text = copied();
	assert_int_equal(strncmp(text, "LISTEN ", 7), 0);
	assert_null(strpbrk(text, "\033\a\n"));
	/* it is shown, too */
	await("copied: LISTEN");
	quits();
	close(fd);
}

int main(int argc, char **argv)
{
#define TEST(t)	cmocka_unit_test_teardown(t, teardown)
	const struct CMUnitTest tests[] = {
		TEST(starts_in_any_size),
		TEST(becomes_any_size),
		TEST(random_sizes),
		TEST(is_idle_when_nothing_happens),
		TEST(closed_terminal_ends_it),
		TEST(slow_reader_costs_nothing),
		TEST(ends_though_nobody_reads),
		TEST(keys_are_answered),
		TEST(copies_to_the_clipboard),
		TEST(stops_and_goes_on),
		TEST(goes_on_after_sigstop),
		TEST(bears_a_storm),
		TEST(batch_bears_a_storm),
		TEST(batch_waits_for_a_slow_reader),
		TEST(batch_is_idle_without_stdin),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests_name("pty", tests, NULL, NULL);
}
