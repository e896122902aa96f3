/*
 * tulpen - top for TCP connection states
 */
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "app.h"

/* Standard descriptors that were closed are taken, so that no socket of ours
 * gets their numbers; read-only, so that writing still fails. */
static void fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/*
 * Arrays with an entry for each socket come and go.  As it is, glibc maps
 * larger and larger ones into its heap, once it has seen such a one freed, and
 * the holes they leave are never given back: 30 MB at a million sockets.
 *
 * But it gives the end of the heap back after each key, for which the next one
 * has to ask again, in pages of 4 KiB: 800 of them to show groups, which took
 * 6 of 30 ms on a virtual machine.  So some MB stay.
 */
static void set_memory_limits(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
#endif
}

/*
 * Who runs us with more privileges than he has (setuid, file capabilities)
 * must not tell us which files to read.
 */
static void distrust_environment(void)
{
	static const char *const names[] = {
		"HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME",
		"XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
		"TERMINFO", "TERMINFO_DIRS", "TERMCAP", "TERMPATH",
	};

	if (!getauxval(AT_SECURE))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
}

int main(int argc, char **argv)
{
	struct options o;
	int status = EXIT_ALL;

	distrust_environment();
	fill_standard_descriptors();
	set_memory_limits();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	if (options_parse(&o, argc, argv))
		status = EXIT_USAGE;
	else if (!o.help && !o.version)
		status = o.batch ? batch_run(&o) : screen_run(&o);
	options_free(&o);
	if (fflush(stdout) == EOF && status == EXIT_ALL) {
		perror("tulpen: standard output");
		status = EXIT_NOTHING;
	}
	return status;
}
