/*
 * test_procinfo.c - what /proc tells of a process: in a made-up tree, and of
 * this one
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/need.h"
#include "rows.h"
#include "source/procinfo.h"

static char dir[4096];
static int procfs;
static struct procinfo info;

static int setup(void **state)
{
	static const char stat[] = "42 (nginx) S 1 10 10 0 -1 4194304 1 2 3 4 "
				   "5 6 7 8 20 0 1 0 777 0 0\n";

	(void)state;
	temp_make(dir);
	temp_write(dir, "42/stat", stat, strlen(stat));
	procfs = open(dir, O_RDONLY | O_DIRECTORY);
	return procfs < 0;
}

static int teardown(void **state)
{
	(void)state;
	close(procfs);
	buf_free(&info.service);
	buf_free(&info.command);
	temp_remove(dir);
	return 0;
}

static void cgroup(const char *text)
{
	temp_write(dir, "42/cgroup", text, strlen(text));
}

static void test_service(void **state)
{
	(void)state;
	cgroup("0::/system.slice/nginx.service\n");
	assert_int_equal(procinfo_read(&info, procfs, 42, 777, NEED_SERVICE),
			 0);
	assert_string_equal(buf_str(&info.service), "nginx.service");
	assert_int_equal(info.command.len, 0);
	/* the answer of another process is not kept */
	cgroup("0::/\n");
	assert_int_equal(procinfo_read(&info, procfs, 42, 777, NEED_SERVICE),
			 0);
	assert_int_equal(info.service.len, 0);
}

static void check_command(const char *bytes, size_t len, const char *want)
{
	temp_write(dir, "42/cmdline", bytes, len);
	assert_int_equal(procinfo_read(&info, procfs, 42, 777, NEED_COMMAND),
			 0);
	assert_int_equal(info.command.len, strlen(want));
	assert_memory_equal(buf_str(&info.command), want, strlen(want));
}

static void test_command(void **state)
{
	char *big = calloc(1, 10000);

	(void)state;
	check_command("java\0-jar\0a b.jar\0", 18, "java -jar a b.jar");
	check_command("a\0\0b\0", 5, "a  b");
	check_command("sshd: root@pts/0\0\0\0  \0", 22, "sshd: root@pts/0");
	/* a kernel thread's, and one that wiped it out */
	check_command("", 0, "");
	check_command("\0\0\0", 3, "");
	memset(big, 'x', 9999);
	temp_write(dir, "42/cmdline", big, 10000);
	assert_int_equal(procinfo_read(&info, procfs, 42, 777, NEED_COMMAND),
			 0);
	assert_int_equal(info.command.len, COMMAND_MAX);
	free(big);
}

/* Nothing is told of another process that got the number. */
static void test_another(void **state)
{
	(void)state;
	cgroup("0::/system.slice/nginx.service\n");
	assert_int_equal(procinfo_read(&info, procfs, 42, 778, NEED_SERVICE),
			 -1);
	assert_int_equal(info.service.len, 0);
	assert_int_equal(procinfo_read(&info, procfs, 43, 777, NEED_SERVICE),
			 -1);
}

/* One that lacks is no reason to leave out the other. */
static void test_no_cgroup(void **state)
{
	(void)state;
	temp_write(dir, "42/cmdline", "a\0b\0", 4);
	assert_int_equal(procinfo_read(&info, procfs, 42, 777,
				       NEED_SERVICE | NEED_COMMAND), 0);
	assert_int_equal(info.service.len, 0);
	assert_string_equal(buf_str(&info.command), "a b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_service, setup, teardown),
		cmocka_unit_test_setup_teardown(test_command, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_cgroup, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
