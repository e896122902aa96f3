/*
 * test_hostfile.c - the host's counters, from a real host's files and odd ones
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "source/hostfile.h"
#include "source/hosttext.h"
#include "source/sysctlfile.h"

static uint64_t paired(const char *text, const char *group, const char *field)
{
	return hosttext_paired(text, strlen(text), group, field);
}

static uint64_t named(const char *text, const char *group, const char *field)
{
	return hosttext_named(text, strlen(text), group, field);
}

static void test_paired(void **state)
{
	static const char text[] =
		"Ip: A B\nIp: 1 2\n"
		"Tcp: RtoAlgorithm A MaxConn Last\n"
		"Tcp: 1 22 -1 18446744073709551614\n";

	(void)state;
	assert_int_equal(paired(text, "Tcp", "A"), 22);
	assert_int_equal(paired(text, "Ip", "A"), 1);
	assert_true(paired(text, "Tcp", "Last") == UINT64_MAX - 1);
	/* unknown is never zero */
	assert_true(paired(text, "Tcp", "MaxConn") == U64_UNKNOWN);
	assert_true(paired(text, "Tcp", "None") == U64_UNKNOWN);
	assert_true(paired(text, "Tcp", "") == U64_UNKNOWN);
	assert_true(paired(text, "TcpExt", "A") == U64_UNKNOWN);
	/* values that are not there */
	assert_true(paired("Tcp: A B\nTcp: 1\n", "Tcp", "B") == U64_UNKNOWN);
	assert_true(paired("Tcp: A B\n", "Tcp", "A") == U64_UNKNOWN);
	assert_true(paired("Tcp: A B\nUdp: 1 2\n", "Tcp", "A") == U64_UNKNOWN);
	assert_true(paired("", "Tcp", "A") == U64_UNKNOWN);
	assert_true(paired("Tcp: A\nTcp: 1x\n", "Tcp", "A") == U64_UNKNOWN);
	assert_int_equal(paired("Tcp: A\nTcp: 1", "Tcp", "A"), 1);
	assert_true(paired("Tcpx A\nTcpx 1", "Tcp", "A") == U64_UNKNOWN);
}

static void test_named(void **state)
{
	static const char text[] =
		"sockets: used 289\n"
		"TCP: inuse 40 orphan 5 tw 6 alloc 7 mem 8\n";

	(void)state;
	assert_int_equal(named(text, "TCP", "inuse"), 40);
	assert_int_equal(named(text, "TCP", "mem"), 8);
	assert_int_equal(named(text, "sockets", "used"), 289);
	assert_true(named(text, "TCP", "40") == U64_UNKNOWN);
	assert_true(named(text, "TCP6", "inuse") == U64_UNKNOWN);
	assert_true(named("TCP: inuse", "TCP", "inuse") == U64_UNKNOWN);
	assert_true(named("TCP: inuse 99999999999999999999999", "TCP",
			  "inuse") == U64_UNKNOWN);
}

static void test_word(void **state)
{
	(void)state;
	assert_int_equal(hosttext_word("32768\t60999\n", 12, 0), 32768);
	assert_int_equal(hosttext_word("32768\t60999\n", 12, 1), 60999);
	assert_true(hosttext_word("32768\t60999\n", 12, 2) == U64_UNKNOWN);
	assert_true(hosttext_word("\n", 1, 0) == U64_UNKNOWN);
	assert_true(hosttext_word("", 0, 0) == U64_UNKNOWN);
}

static struct clock_fake now;

static void test_fixture(void **state)
{
	struct host_sample s;
	char path[4096];

	(void)state;
	clock_fake_init(&now, 5 * NS_PER_SEC, 0);
	hostfile_read(fixture_path(path, "proc-le"), &now.clock, &s);
	assert_int_equal(s.at, 5 * NS_PER_SEC);
	assert_int_equal(s.value[HOST_TCP_INUSE], 37);
	assert_int_equal(s.value[HOST_TCP_ORPHAN], 66);
	assert_int_equal(s.value[HOST_TCP_TW], 6);
	assert_true(s.value[HOST_TCP6_INUSE] != U64_UNKNOWN);
	assert_true(s.value[HOST_ACTIVE_OPENS] > 40);
	assert_true(s.value[HOST_PASSIVE_OPENS] != U64_UNKNOWN);
	assert_true(s.value[HOST_LISTEN_OVERFLOWS] != U64_UNKNOWN);
	assert_true(s.value[HOST_SYNCOOKIES_SENT] != U64_UNKNOWN);
	/* the fixture has no sys/ */
	assert_true(s.value[HOST_SOMAXCONN] == U64_UNKNOWN);
}

static void test_sysctls(void **state)
{
	struct host_sample s;
	char dir[4096];

	(void)state;
	temp_make(dir);
	temp_write(dir, "sys/net/ipv4/ip_local_port_range", "32768\t60999\n",
		   12);
	temp_write(dir, "sys/net/core/somaxconn", "4096\n", 5);
	temp_write(dir, "net/sockstat", "TCP: inuse 0\n", 13);
	hostfile_read(dir, &clock_system, &s);
	assert_int_equal(s.value[HOST_PORT_FIRST], 32768);
	assert_int_equal(s.value[HOST_PORT_LAST], 60999);
	assert_int_equal(s.value[HOST_SOMAXCONN], 4096);
	assert_int_equal(s.value[HOST_TCP_INUSE], 0);
	assert_true(s.value[HOST_TCP_TW] == U64_UNKNOWN);
	assert_true(s.value[HOST_MAX_ORPHANS] == U64_UNKNOWN);
	assert_true(s.value[HOST_IN_SEGS] == U64_UNKNOWN);
	temp_remove(dir);
}

static void test_settings(void **state)
{
	char dir[] = "/tmp/tulpen-sysctls-XXXXXX", path[256];
	struct sysctls s;
	char want[64];
	FILE *f;

	(void)state;
	/* this kernel's, as cat(1) shows them */
	sysctlfile_read("/proc", &s);
	f = fopen("/proc/sys/net/ipv4/tcp_fin_timeout", "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%63s", want), 1);
	fclose(f);
	assert_string_equal(s.value[SYSCTL_FIN_TIMEOUT], want);
	/* two words, and a tab between them there */
	assert_non_null(strchr(s.value[SYSCTL_PORT_RANGE], ' '));
	assert_null(strchr(s.value[SYSCTL_PORT_RANGE], '\t'));
	assert_string_equal(s.value[SYSCTL_NONE], "");

	/* what is not there or no plain text is unknown */
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "cd %s && mkdir -p sys/net/ipv4 && cd sys/net/ipv4 && "
		 "printf '7\\033[31m\\n' >tcp_tw_reuse && "
		 "printf ' 5 \\n' >tcp_retries2 && "
		 "printf '%%040d' 0 >tcp_syn_retries", dir);
	assert_int_equal(system(path), 0);
	sysctlfile_read(dir, &s);
	assert_string_equal(s.value[SYSCTL_FIN_TIMEOUT], "");
	assert_string_equal(s.value[SYSCTL_TW_REUSE], "");
	assert_string_equal(s.value[SYSCTL_SYN_RETRIES], "");
	assert_string_equal(s.value[SYSCTL_RETRIES2], "5");
	snprintf(path, sizeof(path), "rm -r %s", dir);
	assert_int_equal(system(path), 0);
}

static uint64_t ports(const char *text)
{
	return hosttext_ports(text, strlen(text), 1000, 1999);
}

static void test_ports(void **state)
{
	(void)state;
	assert_int_equal(ports("\n"), 0);
	assert_int_equal(ports("1000\n"), 1);
	assert_int_equal(ports("22,1000,1999,2000\n"), 2);
	assert_int_equal(ports("900-1009,1500-1509,1990-65535\n"), 30);
	assert_int_equal(ports("1-65535"), 1000);
	assert_true(ports("1000-\n") == U64_UNKNOWN);
	assert_true(ports("1000;1001\n") == U64_UNKNOWN);
	assert_true(ports("x") == U64_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paired),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_fixture),
		cmocka_unit_test(test_sysctls),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
