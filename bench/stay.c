/*
 * stay.c - what tulpen costs that stays on a screen and is left alone
 *
 *	stay SETTLE SECONDS TULPEN [OPTION]...
 *
 * Starts it on a pseudo terminal of 120x36, lets it settle, and watches for so
 * many seconds.  Prints, on one line: CPU in percent of one core; bytes
 * written to the terminal a second; KiB of resident memory at the end.  On
 * stderr, for a person: the first lines of the screen, which tell the rhythm.
 */
#include "vt.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SEC	INT64_C(1000000000)

static struct vt vt;

static void read_until(int64_t when)
{
	for (int64_t now; (now = vt_now()) < when; )
		vt_read(&vt, (int)((when - now) / 1000000) + 1);
}

/* of all its threads */
static double cpu_s(clockid_t clock)
{
	struct timespec ts = { 0 };

	clock_gettime(clock, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static long rss_kb(void)
{
	char path[64], line[128];
	long kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)vt.pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "VmRSS: %ld", &kb);
	if (f)
		fclose(f);
	return kb;
}

int main(int argc, char **argv)
{
	const int settle = argc > 3 ? atoi(argv[1]) : 0;
	const int seconds = argc > 3 ? atoi(argv[2]) : 0;
	clockid_t clock;
	int64_t begun;
	uint64_t bytes;
	double cpu;

	if (settle < 1 || seconds < 1) {
		fprintf(stderr, "usage: stay SETTLE SECONDS TULPEN "
			"[OPTION]...\n");
		return 2;
	}
	vt_start(&vt, argv + 3);
	begun = vt_now();
	read_until(begun + settle * SEC);
	if (clock_getcpuclockid(vt.pid, &clock)) {
		fprintf(stderr, "stay: it has no clock\n");
		return 1;
	}
	bytes = vt.bytes;
	cpu = cpu_s(clock);
	read_until(begun + (settle + seconds) * SEC);
	printf("%.3f %.0f %ld\n", 100 * (cpu_s(clock) - cpu) / seconds,
	       (double)(vt.bytes - bytes) / seconds, rss_kb());
	fprintf(stderr, "%s\n%s\n", vt_line(&vt, 0), vt_line(&vt, 1));
	vt_stop(&vt);
	return 0;
}
