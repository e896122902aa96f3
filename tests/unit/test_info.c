/*
 * test_info.c - facts of tcp_info: units, and what the kernel did not give
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/sock_diag.h>
#include <string.h>

#include "view/info.h"

static struct sock_detail d;

static int setup(void **state)
{
	(void)state;
	memset(&d, 0, sizeof(d));
	d.info_len = sizeof(d.info_bytes);
	return 0;
}

/* The text of a fact; "" it is left out. */
static const char *text_of(int group, const char *name)
{
	static struct buf text;
	const struct info_group *g = &info_groups[group];

	buf_reset(&text);
	for (int i = 0; i < g->count; i++) {
		if (strcmp(g->facts[i].name, name) != 0)
			continue;
		if (info_text(&d, &g->facts[i], &text))
			assert_true(text.len > 0);
		else
			assert_int_equal(text.len, 0);
		return buf_str(&text);
	}
	fail_msg("there is no \"%s\"", name);
	return NULL;
}

static void check_number(enum info_unit unit, uint64_t n, const char *want)
{
	struct buf text = { 0 };

	info_number(&text, unit, n);
	assert_string_equal(buf_str(&text), want);
	buf_free(&text);
}

static void units(void **state)
{
	(void)state;
	check_number(INFO_US, 34, "0.034ms");
	check_number(INFO_US, 12345, "12.35ms");
	check_number(INFO_US, 250000, "250ms");
	check_number(INFO_US, 150000000, "2m30s");
	check_number(INFO_MS, 204, "204ms");
	check_number(INFO_MS, 9999, "9999ms");
	check_number(INFO_MS, 31000, "31s");
	check_number(INFO_BYTES, 1234567, "1,234,567 B");
	check_number(INFO_RATE, 125, "1.00 kbit/s");
	check_number(INFO_RATE, 2184533333, "17.5 Gbit/s");
	check_number(INFO_RATE, 1, "8.00 bit/s");
	check_number(INFO_SEGMENTS, 1234, "1,234");
}

/* What is not there is never 0. */
static void unknown(void **state)
{
	(void)state;
	assert_string_equal(text_of(INFO_PATH, "round trip"), "");
	assert_string_equal(text_of(INFO_CONGESTION, "window"), "0");
	d.info.tcpi_min_rtt = UINT32_MAX;
	d.info.tcpi_pacing_rate = UINT64_MAX;
	assert_string_equal(text_of(INFO_PATH, "shortest"), "");
	assert_string_equal(text_of(INFO_CONGESTION, "pacing"), "");
	/* an old kernel's tcp_info ends before that */
	d.info.tcpi_snd_wnd = 100;
	assert_string_equal(text_of(INFO_CONGESTION, "their window"), "100 B");
	d.info_len = offsetof(struct tcp_info, tcpi_snd_wnd) + 3;
	assert_string_equal(text_of(INFO_CONGESTION, "their window"), "");
	assert_string_equal(text_of(INFO_CONGESTION, "our window"), "");
	d.info_len = 0;
	for (int g = 0; g < INFO_GROUPS; g++)
		for (int i = 0; i < info_groups[g].count; i++)
			assert_string_equal(text_of(g,
					    info_groups[g].facts[i].name), "");
}

/* Nothing is read past what is there, at any length. */
static void any_length(void **state)
{
	struct buf text = { 0 };

	(void)state;
	memset(d.info_bytes, 0xff, sizeof(d.info_bytes));
	for (d.info_len = 0; d.info_len <= sizeof(d.info_bytes); d.info_len++)
		for (int g = 0; g < INFO_GROUPS; g++)
			for (int i = 0; i < info_groups[g].count; i++)
				info_text(&d, &info_groups[g].facts[i], &text);
	assert_false(info_text(NULL, &info_groups[0].facts[0], &text));
	buf_free(&text);
}

/* Those newer than the headers are where the kernel puts them. */
static void newer_fields(void **state)
{
	const uint32_t window = 65483, lasted = 1500;
	const uint16_t timeouts = 3;

	(void)state;
	assert_int_equal(INFO_RCV_WND,
			 offsetof(struct tcp_info, tcpi_snd_wnd) + 4);
	memcpy(d.info_bytes + 232, &window, 4);
	memcpy(d.info_bytes + 240, &timeouts, 2);
	memcpy(d.info_bytes + 244, &lasted, 4);
	assert_string_equal(text_of(INFO_CONGESTION, "our window"),
			    "65,483 B");
	assert_string_equal(text_of(INFO_LOSS, "timeouts"), "3");
	assert_string_equal(text_of(INFO_LOSS, "  lasted"), "1500ms");
}

static void words(void **state)
{
	(void)state;
	d.info.tcpi_snd_ssthresh = INT32_MAX;
	assert_string_equal(text_of(INFO_CONGESTION, "slow start"),
			    "not set yet");
	d.info.tcpi_ca_state = TCP_CA_Loss;
	assert_string_equal(text_of(INFO_CONGESTION, "state"),
			    "loss: after a timeout");
	d.info.tcpi_ca_state = 200;
	assert_string_equal(text_of(INFO_CONGESTION, "state"), "");
	assert_string_equal(text_of(INFO_PATH, "options"), "none");
	d.info.tcpi_options = TCPI_OPT_SACK | TCPI_OPT_WSCALE | TCPI_OPT_ECN;
	d.info.tcpi_snd_wscale = 7;
	d.info.tcpi_rcv_wscale = 10;
	strcpy(d.ulp, "tls");
	assert_string_equal(text_of(INFO_PATH, "options"),
			    "sack ecn window-scale 7/10 tls");
	d.info.tcpi_total_retrans = 7;
	d.info.tcpi_data_segs_out = 70;
	d.info.tcpi_bytes_retrans = 1448;
	assert_string_equal(text_of(INFO_LOSS, "sent again"),
			    "7, 10%, 1,448 B");
	d.info.tcpi_busy_time = 2000;
	d.info.tcpi_rwnd_limited = 1000;
	assert_string_equal(text_of(INFO_PROGRAM, "  their window"),
			    "1.000ms, 50% of that");
	assert_string_equal(text_of(INFO_PROGRAM, "  our buffer"), "");
	assert_string_equal(text_of(INFO_PROGRAM, "sent data"), "");
	d.info.tcpi_bytes_sent = 1;
	assert_string_equal(text_of(INFO_PROGRAM, "sent data"), "0ms ago");
}

static void memory(void **state)
{
	(void)state;
	assert_string_equal(text_of(INFO_MEMORY, "receive buffer"), "");
	assert_string_equal(text_of(INFO_MEMORY, "drops"), "");
	d.has_mem = true;
	d.mem_count = SK_MEMINFO_RCVBUF + 1;
	d.mem[SK_MEMINFO_RMEM_ALLOC] = 1280;
	d.mem[SK_MEMINFO_RCVBUF] = 131072;
	assert_string_equal(text_of(INFO_MEMORY, "receive buffer"),
			    "1,280 of 131,072 B, 1%");
	assert_string_equal(text_of(INFO_MEMORY, "drops"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(units, setup),
		cmocka_unit_test_setup(unknown, setup),
		cmocka_unit_test_setup(any_length, setup),
		cmocka_unit_test_setup(newer_fields, setup),
		cmocka_unit_test_setup(words, setup),
		cmocka_unit_test_setup(memory, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
