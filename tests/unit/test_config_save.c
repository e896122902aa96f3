/*
 * Reading and saving the config file: what is no file of ours is refused at
 * once, and whatever happens while saving, there is the old file or the new.
 *
 * Errors are made by leading the system calls of conf_file.c through here; for
 * kills a child is traced and killed before and after each of its system calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "conf.h"
#include "conf_file.h"
#include "ui/theme.h"

static char dir[] = "/tmp/tulpen-config-XXXXXX";

/* ---- system calls that fail ---- */

static struct {
	long at;		/* the call that fails, counted from 1; 0 none */
	int error;
	long calls;		/* since it was set */
	bool one_byte;		/* read and write take that at most */
} fault;

static bool fails(void)
{
	if (++fault.calls != fault.at)
		return false;
	errno = fault.error;
	return true;
}

int __real_open(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *bytes, size_t n);
ssize_t __real_write(int fd, const void *bytes, size_t n);
int __real_fsync(int fd);
int __real_close(int fd);
int __real_rename(const char *from, const char *to);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode);
ssize_t __wrap_read(int fd, void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_mkdir(const char *path, mode_t mode);

int __wrap_open(const char *path, int flags, mode_t mode)
{
	return fails() ? -1 : __real_open(path, flags, mode);
}

ssize_t __wrap_read(int fd, void *bytes, size_t n)
{
	return fails() ? -1 : __real_read(fd, bytes, fault.one_byte ? 1 : n);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
	return fails() ? -1 : __real_write(fd, bytes, fault.one_byte ? 1 : n);
}

int __wrap_fsync(int fd)
{
	return fails() ? -1 : __real_fsync(fd);
}

/* closed it is in any case */
int __wrap_close(int fd)
{
	bool bad = fails();
	int error = errno;

	__real_close(fd);
	errno = error;
	return bad ? -1 : 0;
}

int __wrap_rename(const char *from, const char *to)
{
	return fails() ? -1 : __real_rename(from, to);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	return fails() ? -1 : __real_mkdir(path, mode);
}

/* ---- a directory to play in ---- */

static char *in_dir(const char *name)
{
	static char path[4][256];
	static int i;

	i = (i + 1) % 4;
	snprintf(path[i], sizeof(path[i]), "%s/%s", dir, name);
	return path[i];
}

static int drop(const char *path, const struct stat *st, int flag,
		struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	umask(022);
	fault.at = 0;
	fault.one_byte = false;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return nftw(dir, drop, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void get(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "r");
	size_t n;

	buf_reset(out);
	if (!f)
		return;
	while ((n = fread(buf_reserve(out, 4096), 1, 4096, f)) > 0)
		out->len += n;
	buf_reserve(out, 1)[0] = '\0';
	fclose(f);
}

static int count_files(void)
{
	struct buf b = { 0 };
	FILE *f;
	char line[256];
	int n = 0;

	buf_printf(&b, "ls -A %s", dir);
	f = popen(b.data, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		n++;
	pclose(f);
	buf_free(&b);
	return n;
}

/* Opens the file of that name there, saves the theme mono. */
static int save(const char *path, char *err, size_t n)
{
	struct settings s;
	struct conf c;
	int status;

	conf_open(&c, path);
	s = c.kept;
	s.theme = THEME_MONO;
	status = conf_save(&c, &s, err, n);
	conf_close(&c);
	return status;
}

static void refused(const char *path, const char *why)
{
	struct buf text = { 0 }, said = { 0 };
	char err[300];

	assert_int_equal(conf_file_read(path, &text, &said), -1);
	assert_non_null(strstr(buf_str(&said), why));
	assert_int_equal(save(path, err, sizeof(err)), -1);
	assert_non_null(strstr(err, why));
	buf_free(&text);
	buf_free(&said);
}

static void test_no_file_of_ours(void **state)
{
	int fd;

	(void)state;
	alarm(20);
	refused(dir, "is a directory");
	refused("/dev/zero", "no regular file");
	assert_int_equal(mkfifo(in_dir("fifo"), 0600), 0);
	refused(in_dir("fifo"), "no regular file");
	assert_int_equal(symlink("loop", in_dir("loop")), 0);
	refused(in_dir("loop"), strerror(ELOOP));
	fd = open(in_dir("huge"), O_WRONLY | O_CREAT, 0600);
	assert_int_equal(ftruncate(fd, 1 << 30), 0);
	close(fd);
	refused(in_dir("huge"), "larger than 64 KiB");
	alarm(0);
}

static void test_places(void **state)
{
	const char *why = NULL;
	char *path, *name;

	(void)state;
	setenv("HOME", "/home/me/", 1);
	unsetenv("XDG_CONFIG_HOME");
	path = conf_file_path(NULL, &why);
	assert_string_equal(path, "/home/me//.config/tulpen/config");
	name = conf_file_name(path);
	assert_string_equal(name, "~//.config/tulpen/config");
	free(path);
	free(name);
	setenv("XDG_CONFIG_HOME", "/etc/me", 1);
	path = conf_file_path(NULL, &why);
	assert_string_equal(path, "/etc/me/tulpen/config");
	free(path);
	/* the specification: what is relative is to be ignored */
	setenv("XDG_CONFIG_HOME", "conf", 1);
	path = conf_file_path(NULL, &why);
	assert_string_equal(path, "/home/me//.config/tulpen/config");
	free(path);
	assert_null(why);
	setenv("HOME", "", 1);
	assert_null(conf_file_path(NULL, &why));
	assert_non_null(why);
	setenv("HOME", ".", 1);
	assert_null(conf_file_path(NULL, &why));
	unsetenv("HOME");
	assert_null(conf_file_path(NULL, &why));
	path = conf_file_path("here", &why);
	assert_string_equal(path, "here");
	free(path);
}

/* Without a place for it there are the defaults, and a reason. */
static void test_nowhere(void **state)
{
	struct settings usual;
	struct conf c;
	char err[300] = "";

	(void)state;
	unsetenv("HOME");
	unsetenv("XDG_CONFIG_HOME");
	settings_default(&usual);
	conf_open(&c, NULL);
	assert_int_equal(c.said_count, 0);
	assert_int_equal(c.kept.delay, usual.delay);
	assert_int_equal(conf_save(&c, &usual, err, sizeof(err)), -1);
	assert_non_null(strstr(err, "HOME"));
	conf_close(&c);
	conf_without(&c, "--no-config");
	assert_int_equal(conf_save(&c, &usual, err, sizeof(err)), -1);
	assert_string_equal(err, "--no-config");
	conf_close(&c);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? 0 : st.st_mode & 07777;
}

static void test_first_save(void **state)
{
	struct conf c;
	char err[300] = "", *path;

	(void)state;
	setenv("XDG_CONFIG_HOME", in_dir("a/b"), 1);
	conf_open(&c, NULL);
	assert_int_equal(c.said_count, 0);
	c.kept.theme = THEME_LIGHT;
	assert_int_equal(conf_save(&c, &c.kept, err, sizeof(err)), 0);
	conf_close(&c);
	path = in_dir("a/b/tulpen/config");
	assert_int_equal(mode_of(path), 0644);
	assert_int_equal(mode_of(in_dir("a/b/tulpen")), 0700);
	conf_open(&c, NULL);
	assert_int_equal(c.said_count, 0);
	assert_int_equal(c.kept.theme, THEME_LIGHT);
	conf_close(&c);
	/* as it was made */
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(save(path, err, sizeof(err)), 0);
	assert_int_equal(mode_of(path), 0640);
	unlink(path);
	umask(077);
	assert_int_equal(save(path, err, sizeof(err)), 0);
	assert_int_equal(mode_of(path), 0600);
	unsetenv("XDG_CONFIG_HOME");
}

/* Dotfiles are links into a repository with some: these stay links. */
static void test_links(void **state)
{
	struct buf text = { 0 };
	struct stat st;
	char err[300] = "";

	(void)state;
	assert_int_equal(mkdir(in_dir("repo"), 0700), 0);
	put(in_dir("repo/real"), "# mine\ndelay = 3\n");
	assert_int_equal(symlink("repo/link", in_dir("config")), 0);
	assert_int_equal(symlink("real", in_dir("repo/link")), 0);
	assert_int_equal(save(in_dir("config"), err, sizeof(err)), 0);
	assert_int_equal(lstat(in_dir("config"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(in_dir("repo/link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	get(in_dir("repo/real"), &text);
	assert_int_equal(strncmp(buf_str(&text), "# mine\ndelay = 3\n", 17), 0);
	assert_non_null(strstr(buf_str(&text), "\ntheme = mono\n"));
	/* to what is not there yet */
	unlink(in_dir("repo/real"));
	assert_int_equal(save(in_dir("config"), err, sizeof(err)), 0);
	assert_int_equal(lstat(in_dir("config"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	get(in_dir("repo/real"), &text);
	assert_non_null(strstr(buf_str(&text), "\ntheme = mono\n"));
	buf_free(&text);
}

/* Whatever a person did to it meanwhile is in it. */
static void test_edited_meanwhile(void **state)
{
	struct buf text = { 0 };
	struct conf c;
	char err[300];

	(void)state;
	put(in_dir("config"), "theme = light\n");
	conf_open(&c, in_dir("config"));
	put(in_dir("config"), "theme = light\nfrom = elsewhere\n");
	assert_int_equal(conf_save(&c, &c.kept, err, sizeof(err)), 0);
	conf_close(&c);
	get(in_dir("config"), &text);
	assert_non_null(strstr(buf_str(&text), "from = elsewhere\n"));
	buf_free(&text);
}

static const char before[] = "# mine\ntheme = light\nodd = 1\n";

/* ENOSPC, EROFS, EIO, EINTR at each call: told, and the old file there; or
 * done. Nothing is left beside it. */
static void test_errors(void **state)
{
	static const int errors[] = { ENOSPC, EROFS, EIO, EINTR, EDQUOT };
	struct buf text = { 0 }, after = { 0 };
	long calls;
	char err[300];

	(void)state;
	put(in_dir("config"), before);
	fault.calls = 0;
	assert_int_equal(save(in_dir("config"), err, sizeof(err)), 0);
	calls = fault.calls;
	assert_true(calls > 8);
	get(in_dir("config"), &after);
	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++)
		for (long at = 1; at <= calls; at++) {
			int status;

			put(in_dir("config"), before);
			fault.at = at;
			fault.error = errors[e];
			fault.calls = 0;
			err[0] = '\0';
			status = save(in_dir("config"), err, sizeof(err));
			fault.at = 0;
			get(in_dir("config"), &text);
			if (status)
				assert_non_null(strstr(err,
						       strerror(errors[e])));
			if (status)
				assert_string_equal(text.data, before);
			else
				assert_int_equal(strncmp(text.data, "# mine\n"
					"theme = mono\nodd = 1\n", 27), 0);
			assert_int_equal(count_files(), 1);
		}
	buf_free(&text);
	buf_free(&after);
}

static void test_a_byte_at_a_time(void **state)
{
	struct buf all = { 0 }, text = { 0 };
	char err[300];

	(void)state;
	put(in_dir("config"), before);
	assert_int_equal(save(in_dir("config"), err, sizeof(err)), 0);
	get(in_dir("config"), &all);
	put(in_dir("config"), before);
	fault.one_byte = true;
	assert_int_equal(save(in_dir("config"), err, sizeof(err)), 0);
	fault.one_byte = false;
	get(in_dir("config"), &text);
	assert_string_equal(text.data, all.data);
	buf_free(&all);
	buf_free(&text);
}

/* Runs save() in a child and kills it at its n-th stop, which are before and
 * after each system call. false: it came to its end before. */
static bool kill_at(long n)
{
	int status;
	char err[300];
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(save(in_dir("config"), err, sizeof(err)) ? 9 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	for (long i = 0; ; i++) {
		if (i == n)
			kill(pid, SIGKILL);
		else
			ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFSIGNALED(status))
			return true;
		if (WIFEXITED(status)) {
			assert_int_equal(WEXITSTATUS(status), 0);
			return false;
		}
	}
}

static void test_killed_anywhere(void **state)
{
	struct buf new = { 0 }, text = { 0 };
	long n, olds = 0, news = 0;
	char err[300];

	(void)state;
	put(in_dir("config"), before);
	assert_int_equal(save(in_dir("config"), err, sizeof(err)), 0);
	get(in_dir("config"), &new);
	for (n = 0; ; n++) {
		put(in_dir("config"), before);
		if (!kill_at(n))
			break;
		get(in_dir("config"), &text);
		if (!strcmp(text.data, before))
			olds++;
		else if (!strcmp(text.data, new.data))
			news++;
		else
			fail_msg("killed at %ld: %s", n, text.data);
	}
	/* killed often enough, on both sides of the rename */
	assert_true(olds > 20);
	assert_true(news > 2);
	print_message("# killed at %ld places: %ld old files, %ld new\n", n,
		      olds, news);
	buf_free(&new);
	buf_free(&text);
}

static bool can_trace(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) ? 1 : 0);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	struct CMUnitTest tests[] = {
		TEST(test_no_file_of_ours),
		TEST(test_places),
		TEST(test_nowhere),
		TEST(test_first_save),
		TEST(test_links),
		TEST(test_edited_meanwhile),
		TEST(test_errors),
		TEST(test_a_byte_at_a_time),
		TEST(test_killed_anywhere),
	};
	size_t n = sizeof(tests) / sizeof(*tests);

	/* the last one needs it; a group of its own would need a plan */
	if (!can_trace()) {
		printf("# no ptrace here: not killed\n");
		n--;
	}
	return _cmocka_run_group_tests("config_save", tests, n, NULL, NULL);
}
