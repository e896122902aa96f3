/*
 * test_sampler.c - whole passes over a procfs made by the test
 *
 * What the parts do is tested with the parts; here is what they make of it
 * together: the table, the status, the owners, and what of it is printed.
 * The clock stands still until the test moves it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "out/out.h"
#include "rows.h"
#include "sampler.h"
#include "ui/canvas.h"
#include "ui/ui.h"

#define HEADER	"  sl  local_address rem_address   st tx_queue rx_queue\n"
#define YEAR_NS	(365 * 24 * 3600 * NS_PER_SEC)
#define SETTLED	" S 1 10 10 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 "

static char dir[4096];
static struct clock_fake now;
static struct monitor *monitor;
static struct sampler *sampler;
static size_t closed, opened;

/* net/tcp breaks off at this read; 0 never */
static int fail_read;

ssize_t __real_read(int fd, void *buf, size_t n);
ssize_t __wrap_read(int fd, void *buf, size_t n);

static bool is_tcp(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path));
	return n > 8 && !memcmp(path + n - 8, "/net/tcp", 8);
}

/* 4 KiB a read, as the kernel has it */
ssize_t __wrap_read(int fd, void *buf, size_t n)
{
	if (is_tcp(fd)) {
		if (fail_read && !--fail_read) {
			errno = EIO;
			return -1;
		}
		n = n < 4096 ? n : 4096;
	}
	return __real_read(fd, buf, n);
}

static void on_change(void *arg, const struct change *c)
{
	(void)arg;
	closed += c->kind == CHANGE_CLOSED;
	opened += c->kind == CHANGE_OPENED;
}

static int setup(void **state)
{
	const struct sampler_options o = {
		.procfs = dir, .interval = NS_PER_SEC,
		.ipv4 = true, .ipv6 = true,
	};

	(void)state;
	temp_make(dir);
	temp_write(dir, "net/tcp", HEADER, strlen(HEADER));
	temp_write(dir, "net/tcp6", HEADER, strlen(HEADER));
	clock_fake_init(&now, 1000 * NS_PER_SEC,
			INT64_C(1760000000) * NS_PER_SEC);
	monitor = monitor_new(&now.clock, 1000);
	monitor_on_change(monitor, on_change, NULL);
	sampler = sampler_new(monitor, &o);
	fail_read = 0;
	closed = opened = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sampler_free(sampler);
	monitor_free(monitor);
	temp_remove(dir);
	return 0;
}

/* net/tcp with n connections from port 1 on; the i-th has inode + i * step */
static void write_rows(int n, int inode, int step)
{
	struct buf b = { 0 };

	buf_puts(&b, HEADER);
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%4d: 0100007F:%04X 0200000A:01BB 01 "
			   "00000000:00000000 00:00000000 00000000  1000 0 %d "
			   "1 00000000831acea6 20 4 30 10 -1\n", i, 1 + i,
			   inode + i * step);
	temp_write(dir, "net/tcp", b.data, b.len);
	buf_free(&b);
}

static void write_tcp(int n, int inode)
{
	write_rows(n, inode, 1);
}

static void write_opens(unsigned long active)
{
	char text[256];

	snprintf(text, sizeof(text), "Tcp: ActiveOpens PassiveOpens\n"
		 "Tcp: %lu 0\n", active);
	temp_write(dir, "net/snmp", text, strlen(text));
}

/* A process that holds one socket; start time in clock ticks. */
static void write_process(int pid, const char *comm, unsigned start,
			  uint64_t inode)
{
	char name[64], text[256], path[8192], target[64];

	snprintf(name, sizeof(name), "%d/fd/x", pid);
	temp_write(dir, name, "", 0);
	snprintf(name, sizeof(name), "%d/stat", pid);
	snprintf(text, sizeof(text), "%d (%s)" SETTLED "%u 0 0\n", pid, comm,
		 start);
	temp_write(dir, name, text, strlen(text));
	snprintf(path, sizeof(path), "%s/%d/fd/3", dir, pid);
	snprintf(target, sizeof(target), "socket:[%llu]",
		 (unsigned long long)inode);
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

static int pass(int64_t after)
{
	clock_fake_advance(&now, after);
	return sampler_pass(sampler);
}

static bool near(double a, double b)
{
	return a > b - 1e-6 && a < b + 1e-6;
}

/* The frame as text; free(3)d by the caller. */
static char *frame(void)
{
	static const uint8_t shown[] = { COL_STATE, COL_AGE, COL_LOCAL,
					 COL_REMOTE, COL_OWNER };
	struct ui_options o = {
		.columns = shown, .column_count = sizeof(shown),
		.interval = NS_PER_SEC, .ascii = true,
	};
	struct canvas c = { 0 };
	struct buf text = { 0 };
	struct ui *ui;

	view_init(&o.view);
	ui = ui_new(monitor, &o);
	ui_resize(ui, 160, 40);
	ui_pass(ui);
	ui_draw(ui, &c);
	canvas_text(&c, &text);
	canvas_styles(&c, &text);
	ui_free(ui);
	canvas_free(&c);
	return text.data;
}

static void assert_shown(const char *what)
{
	char *text = frame();

	if (!strstr(text, what))
		fail_msg("\"%s\" is not on the screen:\n%s", what, text);
	free(text);
}

static char *json(void)
{
	struct options o;
	char *argv[] = { "tulpen", "--once", "--format", "json", NULL };
	struct out_options out = { 0 };
	struct column_context c = { .monitor = monitor,
				    .now = now.mono_ns };
	struct buf text = { 0 };
	struct view v;

	optind = 0;
	assert_int_equal(options_parse(&o, 4, argv), 0);
	memcpy(out.columns, o.columns, sizeof(out.columns));
	out.column_count = o.column_count;
	assert_int_equal(app_view(&o, &v), 0);
	view_update(&v, &c);
	o.format->sample(&text, &out, &v, &c, true);
	view_free(&v);
	options_free(&o);
	return text.data;
}

static unsigned count(const char *text, const char *word)
{
	unsigned n = 0;

	while ((text = strstr(text, word))) {
		text++;
		n++;
	}
	return n;
}

/* ---- a source that fails in the middle of a run ---- */

static void cut_pass_keeps_and_marks(void **state)
{
	const struct status *st = &monitor->status;
	unsigned old = 0;
	char *text;

	(void)state;
	write_tcp(200, 1000);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_false(sampler_partial(sampler));
	assert_false(st->stale);
	fail_read = 3;
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_true(sampler_partial(sampler));
	assert_non_null(strstr(st->partial, "net/tcp: Input/output error"));
	assert_true(st->stale);
	assert_true(st->old_rows > 50 && st->old_rows < 180);
	assert_int_equal(table_counts(monitor->table)->total, 200);
	assert_int_equal(closed, 0);
	for (uint32_t i = 0; i < table_slots(monitor->table); i++)
		old += monitor_row_is_old(monitor,
					  table_slot(monitor->table, i));
	assert_int_equal(old, st->old_rows);
	assert_shown("STALE: ");
	assert_shown("last whole pass 08:53:21");
	assert_shown("Input/output error");
	text = json();
	assert_non_null(strstr(text, "\"partial\":\"proc: "));
	assert_int_equal(count(text, "\"stale\":true"), old);
	assert_int_equal(count(text, "\"local_port\""), 200);
	free(text);
	/* and well again */
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_false(sampler_partial(sampler));
	assert_false(st->stale);
	assert_int_equal(closed + opened, 0);
	text = json();
	assert_int_equal(count(text, "\"stale\""), 0);
	free(text);
}

/* In the very first pass nothing is old yet. */
static void cut_first_pass_is_not_stale(void **state)
{
	(void)state;
	write_tcp(200, 1000);
	fail_read = 3;
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_true(sampler_partial(sampler));
	assert_false(monitor->status.stale);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_int_equal(table_counts(monitor->table)->total, 200);
	assert_int_equal(opened, 0);
}

static void lost_source_keeps_all(void **state)
{
	char path[8192], *text;

	(void)state;
	write_tcp(20, 1000);
	assert_int_equal(pass(NS_PER_SEC), 0);
	snprintf(path, sizeof(path), "%s/net/tcp", dir);
	assert_int_equal(unlink(path), 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(pass(NS_PER_SEC), -1);
	assert_true(sampler_partial(sampler));
	assert_int_equal(table_counts(monitor->table)->total, 20);
	assert_int_equal(closed, 0);
	assert_shown("STALE: rows of 08:53:21");
	assert_shown("No such file");
	text = json();
	assert_int_equal(count(text, "\"stale\":true"), 20);
	free(text);
	write_tcp(20, 1000);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_false(sampler_partial(sampler));
	assert_int_equal(closed + opened, 0);
}

/* ---- time ---- */

static void rates_are_per_second_slept_or_not(void **state)
{
	const struct rates *r = &monitor->rates;

	(void)state;
	write_tcp(3, 1000);
	write_opens(1000);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_true(r->opened < 0);
	write_opens(1010);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_true(near(r->opened, 10));
	/* stopped, or the machine slept, for an hour */
	write_opens(1010 + 36000);
	assert_int_equal(pass(3600 * NS_PER_SEC), 0);
	assert_true(near(r->opened, 10));
	assert_true(near(r->closed, 10));
	assert_shown("opened 10/s");
	/* no time at all went by: nobody knows */
	write_opens(99999);
	assert_int_equal(pass(0), 0);
	assert_true(r->opened < 0 && r->closed < 0 && r->retrans < 0);
	assert_shown("opened -");
	/* the counters began anew */
	write_opens(5);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_true(r->opened < 0);
}

static void wall_clock_is_only_shown(void **state)
{
	static const int64_t jumps[] = { YEAR_NS, -2 * YEAR_NS, YEAR_NS };
	const struct change *c;
	char *text;

	(void)state;
	write_opens(0);
	write_tcp(1, 1000);
	assert_int_equal(pass(NS_PER_SEC), 0);
	for (size_t i = 0; i < 3; i++) {
		now.wall_ns += jumps[i];
		write_opens(10 + 10 * i);
		write_tcp(2 + i, 1000);
		assert_int_equal(pass(NS_PER_SEC), 0);
		assert_true(near(monitor->rates.opened, 10));
		c = change_log_get(monitor->log, 0);
		assert_int_equal(c->kind, CHANGE_OPENED);
		assert_int_equal(c->at - c->after, NS_PER_SEC);
		assert_int_equal(c->wall, now.wall_ns);
	}
	/* ages have nothing to do with it */
	text = json();
	assert_non_null(strstr(text, "\"age_ms\":3000"));
	assert_null(strstr(text, "\"age_ms\":3153"));
	free(text);
	free(frame());
}

static void time_zone_is_only_shown(void **state)
{
	(void)state;
	write_tcp(1, 1000);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_shown("08:53:21");
	setenv("TZ", "IST-5:30", 1);
	tzset();
	assert_shown("14:23:21");
	setenv("TZ", "<\033[31m>-5:30", 1);
	tzset();
	assert_shown("08:53:21");
	setenv("TZ", "UTC", 1);
	tzset();
}

/* Passes that were slept through are not made up for. */
static void count_pass(void *arg, enum sampler_news news)
{
	*(int *)arg += news == NEWS_PASS;
}

static void sleep_costs_one_pass(void **state)
{
	struct loop *loop = loop_new(&now.clock);
	int passes = 0;

	(void)state;
	write_tcp(3, 1000);
	sampler_start(sampler, loop, count_pass, &passes);
	for (int i = 0; i < 20; i++)
		loop_round(loop, false);
	assert_int_equal(passes, 1);	/* the first ones are one to others */
	clock_fake_advance(&now, 3600 * NS_PER_SEC);
	for (int i = 0; i < 20; i++)
		loop_round(loop, false);
	assert_int_equal(passes, 2);
	for (int i = 0; i < 3; i++) {
		clock_fake_advance(&now, NS_PER_SEC);
		for (int k = 0; k < 20; k++)
			loop_round(loop, false);
		assert_int_equal(passes, 3 + i);
	}
	loop_free(loop);
}

/* ---- owners ---- */

static const struct process *owner_of(int port)
{
	for (uint32_t i = 0; i < table_slots(monitor->table); i++) {
		const struct sock *s = table_slot(monitor->table, i);

		if (s && s->live && s->row.id.local_port == port)
			return owners_get(monitor->owners, s->owner, 0);
	}
	fail_msg("no socket with port %d", port);
	return NULL;
}

static void owner_is(int port, int pid, const char *name)
{
	const struct process *p = owner_of(port);

	assert_non_null(p);
	assert_int_equal(p->pid, pid);
	assert_string_equal(safe_str(p->name), name);
}

/* The same pid, another process: its sockets are its own. */
static void reused_pid_has_its_own_name(void **state)
{
	(void)state;
	sampler_want(sampler, NEED_OWNER, 0);
	write_tcp(1, 500);
	write_process(10, "old", 111, 500);
	assert_int_equal(pass(NS_PER_SEC), 0);
	owner_is(1, 10, "old");
	/* the old one's socket lives on somewhere */
	write_process(10, "new", 222, 501);
	write_tcp(2, 500);
	assert_int_equal(pass(NS_PER_SEC), 0);
	owner_is(2, 10, "new");
	owner_is(1, 10, "old");
	/* and the next look at all says that nobody holds that one */
	assert_int_equal(pass(60 * NS_PER_SEC), 0);
	owner_is(2, 10, "new");
	assert_null(owner_of(1));
}

/* On its way from one process to another nobody holds it. */
static void passed_descriptor_is_found_later(void **state)
{
	(void)state;
	sampler_want(sampler, NEED_OWNER, 0);
	write_tcp(1, 500);
	write_process(10, "sender", 111, 7);
	write_process(11, "receiver", 112, 8);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_null(owner_of(1));
	write_process(11, "receiver", 112, 500);
	assert_int_equal(pass(60 * NS_PER_SEC), 0);
	owner_is(1, 11, "receiver");
}

/* MPTCP: several connections, one inode. */
static void sockets_that_share_an_inode(void **state)
{
	(void)state;
	sampler_want(sampler, NEED_OWNER, 0);
	write_rows(3, 500, 0);
	write_process(10, "mptcp", 111, 500);
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_int_equal(table_counts(monitor->table)->total, 3);
	for (int port = 1; port <= 3; port++)
		owner_is(port, 10, "mptcp");
	assert_int_equal(pass(NS_PER_SEC), 0);
	assert_int_equal(closed + opened, 0);
}

static void a_thousand_owners_are_first_and_count(void **state)
{
	(void)state;
	sampler_want(sampler, NEED_OWNER, 0);
	write_tcp(1, 500);
	for (int i = 0; i < 1000; i++)
		write_process(20000 + i, "forked", 100 + i, 500);
	assert_int_equal(pass(NS_PER_SEC), 0);
	owner_is(1, 20000, "forked");
	assert_shown("forked[20000] +999");
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(cut_pass_keeps_and_marks),
		TEST(cut_first_pass_is_not_stale),
		TEST(lost_source_keeps_all),
		TEST(rates_are_per_second_slept_or_not),
		TEST(wall_clock_is_only_shown),
		TEST(time_zone_is_only_shown),
		TEST(sleep_costs_one_pass),
		TEST(reused_pid_has_its_own_name),
		TEST(passed_descriptor_is_found_later),
		TEST(sockets_that_share_an_inode),
		TEST(a_thousand_owners_are_first_and_count),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
