/*
 * status.c - how a command ended, which a shell cannot say
 *
 *	status FILE COMMAND [ARGUMENT]...
 *
 * Runs the command in the foreground; writes "pid N" to FILE at once and
 * "exit N" or "signal N" when it is over.  For a shell, exit status 143 and
 * death by SIGTERM are the same.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	int status;
	FILE *out;
	pid_t pid;

	if (argc < 3)
		return 99;
	out = fopen(argv[1], "we");
	if (!out)
		return 99;
	setrlimit(RLIMIT_CORE, &no_core);
	fflush(out);
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	/* what the terminal sends is for the command */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	fprintf(out, "pid %d\n", (int)pid);
	fflush(out);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		fprintf(out, "signal %d\n", WTERMSIG(status));
	else
		fprintf(out, "exit %d\n", WEXITSTATUS(status));
	fclose(out);
	return 0;
}
